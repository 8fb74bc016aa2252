/*
 * What rule files declare: directives with their arguments, mirror presets, images, caches.
 * The Lua API fills these in (lua_declare.c) and nothing changes them afterwards.
 */
#ifndef DFC_RULE_H
#define DFC_RULE_H

#include "map.h"
#include "source.h"

struct regex;

enum arg_type {
    ARG_WORD,   /* a word that may hold live variables */
    ARG_TEXT,   /* a constant text */
    ARG_SWITCH, /* present or not */
    ARG_INT,    /* a whole number */
    ARG_ENUM,   /* one of `values` */
    ARG_PATH,   /* a path; relative: in the build context */
    ARG_URL,
    ARG_DURATION,    /* 30s, 5m, 1h30m */
    ARG_MIRROR,      /* a preset's name, a URL, or off */
    ARG_PASSTHROUGH, /* one of the tool's own options `values`, handed on as written */
};

struct name_list {
    struct view *items;
    size_t count, capacity;
};

struct rule_arg {
    struct view name;       /* "package", or "--target-release" */
    struct view key;        /* the field of `a`: "package", "target_release" */
    struct view short_name; /* "-t", or "" */
    enum arg_type type;
    bool many, is_option;
    long long min;
    struct name_list values; /* ARG_ENUM; ARG_PASSTHROUGH: "--pre", "--index-url=" takes a value */
    struct view doc, kind, default_value;
    bool has_default;
    bool has_range; /* ARG_INT: from low to high */
    long long low, high;
};

/*
 * Whose rules they are, in order of precedence. A team's definition wins over the standard
 * library's of that name; of two of a team the later layer's wins, if it says "override = true".
 */
enum rule_layer {
    LAYER_STDLIB,
    LAYER_USER,        /* the user's config.lua and what it names */
    LAYER_PROJECT,     /* the project's dfc.lua and what it names */
    LAYER_ENVIRONMENT, /* DFC_RULES */
    LAYER_OPTION,      /* --rules */
    LAYER_INPUT,       /* @use */
};

/* Where something is declared, and whether it may take the place of another of its name. */
struct origin {
    struct span at;
    enum rule_layer layer;
    bool is_override;
};

enum rule_body { BODY_NONE, BODY_WORDS, BODY_LINES, BODY_SCRIPT };

struct rule {
    struct view name;
    bool is_command; /* family = "command": the arguments are a shell command */
    bool bare;       /* of a command: the program alone is one, as make is */
    bool assigns;    /* of a command: NAME=value words are its arguments, as make's, not its
                      * environment */
    struct view summary;
    struct name_list examples, verbs, implied, tools, noop_verbs, cleans;
    struct view examples_from; /* the image for its examples and tests, or "" */
    struct name_list caches;   /* names of those that it uses, as far as it says so */
    struct regex *reads;       /* commands of `tools` that need caches in place; NULL: all do */
    struct map refused;        /* verb → struct view: what to do instead */
    struct view default_verb;
    VEC(struct rule_arg) args;
    enum rule_body body;
    struct view needs_family;
    bool needs_root, needs_posix_shell;
    struct origin origin;
    int expand; /* the function, in the Lua registry */
};

struct cachedef {
    struct view name;
    int target; /* the function or string, in the Lua registry */
    struct view id, sharing, variable;
    struct view
        below; /* the target is this directory below what the variable names; "": it is it */
    struct view option; /* the variable holds options of the tool; "-Dx=" moves the cache; "" */
    bool has_project;   /* it belongs to one project … */
    int project;        /* … whose name this function may know, in the Lua registry */
    bool distro, libc, arch;
    bool beside;       /* the tool writes beside the target, too: its parent must be the user's */
    struct view clean; /* what takes its content away; "": "rm -rf" of the target */
    bool copies_out;   /* what was cached is also in the image; false: in-place caches */
    struct origin origin;
};

/* All that is declared; values by name. */
struct rules {
    struct map directives; /* struct rule */
    struct map mirrors;    /* registry reference of the table: struct lua_ref */
    struct map images;     /* struct lua_ref */
    struct map caches;     /* struct cachedef */
    struct map rewrites;   /* struct rewrite */
};

/* A Lua table kept in the registry. */
struct lua_ref {
    int ref;
    struct origin origin;
};

/* The option of that name ("--x" or "-x"), or NULL. */
const struct rule_arg *rule_find_option(const struct rule *rule, struct view name);

/* Whether `list` has `word`. */
bool name_list_has(const struct name_list *list, struct view word);

#endif
