/*
 * Where rule files come from: the standard library (embedded, or a directory in its place) and the
 * files and directories that a team names. Rules of the standard library are loaded when a file
 * first needs them: an index says what each file declares.
 */
#ifndef DFC_RULE_FILES_H
#define DFC_RULE_FILES_H

#include "dfc.h"
#include "map.h"
#include "rule.h"
#include "source.h"
#include "stdlib_embed.h"

/* A place to read rules from: a file, or a directory with files. */
struct rule_place {
    const char *beneath; /* a directory that must not be left, the project's; NULL: there is none */
    struct view path;    /* relative to `beneath` if there is one, and cleaned then */
    struct view shown;   /* how messages call it */
};

/* Why a place could not be read. */
enum rule_problem_kind {
    RULES_UNREADABLE, /* `error` says why */
    RULES_MISSING,
    RULES_OUTSIDE, /* it leads out of the project */
    RULES_NO_LUA,  /* its name does not end in .lua */
    RULES_TEST,    /* it is a test of rules */
    RULES_EMPTY,   /* a directory without a rule file */
    RULES_TOO_LARGE,
    RULES_TOO_MANY,
};

struct rule_problem {
    enum rule_problem_kind kind;
    int error;         /* an errno value */
    struct view shown; /* the file or directory */
};

struct configuration;

struct rule_file {
    struct source *source; /* its name is "stdlib/apt.lua", or that of its place */
    struct view module;    /* "apt": what `require` calls it */
    struct rule_place place;
    struct view directory; /* of the place's path; "" for the standard library */
    enum rule_layer layer;
    bool is_stdlib;
    bool is_test; /* it may call dfc.test, and declare nothing */
    bool loaded, loading;
    int result; /* registry reference of what the file returned, for require */
    struct configuration *configuration; /* what config.lua or dfc.lua, being loaded, fills in */
};

struct rule_file_list {
    struct rule_file **items;
    size_t count, capacity;
};

struct rule_files {
    struct arena *arena;
    const struct dfc_config *config;
    struct rule_file_list stdlib; /* sorted by name; see rule_files_stdlib */
    struct rule_file_list team;   /* all others that were read, in order */
    struct stdlib_index declared[STDLIB_KINDS];
    bool incomplete; /* something that was named could not be had, as was reported */
};

void rule_files_init(struct rule_files *files, struct arena *arena,
                     const struct dfc_config *config);

/* Find the standard library: the embedded one, or that in `directory`. */
bool rule_files_open_stdlib(struct rule_files *files, const char *directory,
                            struct rule_problem *problem);

/* A file of the standard library by its number; NULL when that is no rule file. The embedded ones
 * are made when they are asked for. */
struct rule_file *rule_files_stdlib(struct rule_files *files, size_t number);

/* Index the files of the standard library by their texts. */
void rule_files_make_index(struct rule_files *files);

/* The file of the standard library that declares a name, or NULL. An image's may be "prefix*". */
struct rule_file *rule_files_find(struct rule_files *files, enum stdlib_kind kind,
                                  struct view name);

/* A name in the index by its number, in the order of bytes. */
struct view rule_files_name(const struct rule_files *files, enum stdlib_kind kind, size_t number);

/* Append all of them to a list. */
void rule_files_add_names(const struct rule_files *files, enum stdlib_kind kind,
                          struct name_list *names);

/* Whether a file, by its number, declares something of that kind. */
bool rule_files_declares(const struct rule_files *files, enum stdlib_kind kind, size_t file);

/* Whether a directory's file of that name holds rules: "x.lua". Not one of tests, a project's
 * configuration "dfc.lua", definitions for editors "x.d.lua" (dfc rules --meta writes such), and
 * what begins with a dot: editors' locks and copies. */
bool rule_files_is_name(struct view name);

/*
 * Read the rule file at a place, or all of a directory that is there, and append them to `added`,
 * if it is not NULL. When a directory has none, but a dfc.lua, its directory "rules" is meant. A
 * file that was read before is not read again; when it has not been loaded, it rises to the layer.
 * False with a problem.
 */
bool rule_files_add(struct rule_files *files, const struct rule_place *place, enum rule_layer layer,
                    struct rule_file_list *added, struct rule_problem *problem);

/* The same for a single file that need not be called a rule file. NULL with a problem. */
struct rule_file *rule_files_add_file(struct rule_files *files, const struct rule_place *place,
                                      enum rule_layer layer, struct rule_problem *problem);

/* The name beside a missing place that may be meant, or "". */
struct view rule_files_closest(struct rule_files *files, const struct rule_place *place);

/* "there is no rule file 'x.lua'": what a problem is. */
struct view rule_problem_text(struct arena *arena, const struct rule_problem *problem);

/* The file of the standard library that is called `module`, or NULL. */
struct rule_file *rule_files_find_module(struct rule_files *files, struct view module);

/* The file beside `from` that is called `module`; NULL with a problem. */
struct rule_file *rule_files_find_sibling(struct rule_files *files, const struct rule_file *from,
                                          struct view module, struct rule_problem *problem);

/* The file of a source, or NULL. */
struct rule_file *rule_files_file_of(const struct rule_files *files, const struct source *source);

#endif
