/*
 * The rules described: what `dfc rules`, `dfc explain` and docs/directives.md say. All of it
 * comes from what the rules declare; the examples are compiled.
 */
#ifndef DFC_DESCRIBE_H
#define DFC_DESCRIBE_H

#include "dfc.h"
#include "lua_describe.h"
#include "rewrite.h"

struct describing {
    struct arena *arena;
    const struct dfc_config *config;
    struct diag_list *diags;
    /* What has to be freed when describe() never returns, since memory has run out. */
    struct api **api;
    struct dfc **example;
};

/* The description, or an empty view when an error was reported. `name` as of
 * dfc_describe. */
struct view describe(struct describing *d, enum dfc_description what, const char *name);

/* ---- what is known, collected: describe_catalog.c */

enum entry_kind {
    ENTRY_DIRECTIVE,
    ENTRY_REWRITE,
    ENTRY_MIRROR,
    ENTRY_CACHE,
    ENTRY_IMAGE,
    ENTRY_KINDS
};

struct entry {
    enum entry_kind kind;
    struct view name; /* without '@' */
    struct view summary;
    struct source *source; /* the file that declares it, as messages name it */
    size_t line;           /* 0: not known */
    bool is_stdlib;
    struct view replaces; /* the file of the standard library that declares it too, or "" */
    const struct rule *rule;
    const struct rewrite *rewrite;
    const struct cachedef *cache;
    struct name_list caches;     /* of a directive; of a cache: the directives that use it */
    const struct entry *same_as; /* a directive by another name: the first of its kind, or NULL */
    struct view target;          /* of a cache, "~" for the home; "" when it depends on the stage */
    struct view base;            /* of a mirror */
    bool plain_http;             /* of a mirror */
    struct api_pairs trees;      /* of a mirror: kind and URL */
};

struct catalog {
    VEC(struct entry *) entries;   /* by kind, then by name */
    struct map names[ENTRY_KINDS]; /* struct entry */
};

/* Load all rules. False: an error was reported. */
bool catalog_read(struct describing *d, struct catalog *catalog);

/* The entry that NAME or @NAME means, the first or the one behind `last`, or NULL. */
const struct entry *catalog_find(const struct catalog *catalog, struct view name,
                                 const struct entry *last);

/* "word", "enum" …: the type as rules write it. */
const char *rule_arg_type_name(enum arg_type type);

/* "WORD", "shared|locked|private", "N": what stands for a value of the argument. */
struct view rule_arg_placeholder(struct arena *arena, const struct rule_arg *arg);

/* "[VERB] [OPTION]... [PACKAGE]...": what may follow the directive's name. */
struct view rule_usage(struct arena *arena, const struct rule *rule);

/* "apt-cache-DISTRO-RELEASE-ARCH": the parts of a cache's id. */
struct view cache_id_parts(struct arena *arena, const struct cachedef *cache);

/* Options that every directive has; the last row has no name. */
struct own_option {
    const char *name, *argument, *doc; /* argument NULL: none */
};
extern const struct own_option own_option_table[];

/* ---- describe_example.c */

struct example {
    struct view text; /* the Dockerfile from FROM on; when `failed`, the diagnostics */
    bool failed;
};

/* Compile an example of a rule below FROM, as if every file that it names were in the build
 * context. */
struct example example_compile(struct describing *d, const struct rule *rule, struct view text);

/* ---- the forms: describe_text.c, describe_json.c, describe_markdown.c */

/* Add a text, and blanks up to `column` and at least two. */
void describe_cell(struct str *out, struct view text, size_t column);

/* Add words with blanks between them; lines that follow begin at `indent`, where the first is. */
void describe_words(struct str *out, const struct name_list *words, size_t indent);

void describe_table(struct str *out, const struct catalog *catalog);
void describe_entry(struct str *out, struct describing *d, const struct entry *entry);
void describe_json(struct str *out, const struct catalog *catalog);
void describe_mirrors_json(struct str *out, const struct catalog *catalog);
void describe_markdown(struct str *out, struct describing *d, const struct catalog *catalog);

/* ---- describe_mirrors.c */

void describe_mirrors(struct str *out, const struct catalog *catalog);

/* The configuration of Docker or BuildKit for mirrors of Docker Hub; `names` as of dfc_describe.
 * What is wrong with those is reported. */
void describe_hubs(struct str *out, struct describing *d, const struct catalog *catalog,
                   enum dfc_description what, const char *names);

#endif
