/*
 * What rules return: instructions to be, as data. The Lua API makes them (lua_node.c), emit.c
 * writes them. They are complete and checked when they exist; nothing changes them later but the
 * additions that `run:bind` and the passed-through options of a directive make.
 */
#ifndef DFC_NODE_H
#define DFC_NODE_H

#include "parse.h"
#include "rule.h"

enum mount_type { MOUNT_CACHE, MOUNT_BIND, MOUNT_SECRET, MOUNT_SSH, MOUNT_TMPFS };

/* Empty views are left out. Values may hold variable references of the build. */
struct mount {
    enum mount_type type;
    struct view id, target, source, from, sharing, uid, gid, mode, size;
    struct view env; /* secrets: the variable that gets the value */
    bool required, writable;
    /* The tool's variable that must have this value, when the target is not the tool's default; or
     * to which the value is added, an option of the tool. */
    struct view variable, value;
    bool is_option;
    bool in_place; /* caches: what the tool needs of it is not in the image as well */
    /* Caches, for builders without mounts: a shell command that takes away what would stay in the
     * layer; "": it is to stay, or nothing comes there. */
    struct view clean;
};

/* NAME=VALUE for the commands of a RUN; the value is a word (quote.h). */
struct env_pair {
    struct view name, value;
    struct view unless_empty; /* a variable of the build: while that is empty, it is not set; "" */
};

struct env_list {
    struct env_pair *items;
    size_t count, capacity;
};

enum command_kind {
    COMMAND_SHELL,  /* shell text; a line break in it becomes a continuation */
    COMMAND_ARGV,   /* words, quoted on output */
    COMMAND_SOURCE, /* the user's own text, copied with its line breaks */
};

struct command {
    enum command_kind kind;
    struct view text;             /* COMMAND_SHELL; COMMAND_SOURCE: the joined text */
    struct view bytes;            /* COMMAND_SOURCE: as it stands in the file */
    struct view exe;              /* COMMAND_SOURCE: the program, written before the text */
    struct name_list assignments; /* COMMAND_SOURCE: "NAME=value" before it, as written */
    bool compound; /* more than one simple command: an environment must be exported */
    struct env_list env;
    VEC(struct view) words; /* COMMAND_ARGV */
    size_t list_at; /* first of the words that go on lines of their own when all don't fit */
};

struct script {
    struct view tag;      /* the word that opens it: "<<-'EOF'" */
    struct view name;     /* its terminator */
    struct view body;     /* its lines, as they stand in the file */
    bool own_interpreter; /* the body begins with "#!" */
};

struct run {
    VEC(struct mount *) mounts;
    struct env_list env;
    struct name_list unset; /* variables of the build that its commands must not see */
    VEC(struct command *) commands;
    VEC(struct view) flags;    /* "--network=none", "--mount=…" of the user, as written */
    struct script *script;     /* instead of commands */
    struct name_list hadolint; /* what hadolint is not to report for it: "DL3040" */
};

/* COPY and ADD. Their words are BuildKit's: variables are live, nothing needs or has quotes. */
struct copy {
    struct name_list flags;   /* "--chown=app", in the order in which they are written */
    struct name_list sources; /* at least one */
    struct view dest;
};

enum node_kind {
    NODE_RUN,
    NODE_ARG,
    NODE_ENV,
    NODE_COPY,
    NODE_ADD,
    NODE_WORKDIR,
    NODE_USER,
    NODE_RAW,
};

struct node {
    enum node_kind kind;
    struct run run;
    struct view name;       /* NODE_ARG */
    struct view value;      /* NODE_ARG: ptr NULL: no default; NODE_WORKDIR, NODE_USER */
    struct env_list env;    /* NODE_ENV */
    struct copy copy;       /* NODE_COPY, NODE_ADD */
    const struct file *raw; /* NODE_RAW: what the text means, see chunk_parse */
};

struct node_list {
    struct node **items;
    size_t count, capacity;
};

/* What BuildKit says of the platforms; a stage has such a variable only after "ARG NAME". */
enum { PLATFORM_VARIABLES = 8 };
extern const char *const platform_variables[PLATFORM_VARIABLES];

/* Which of them a node uses and which it declares itself: bit I for platform_variables[I]. The
 * user's own text in a RUN counts as none. */
unsigned node_variables(const struct node *node);
unsigned node_declared_variables(const struct node *node);

/* Take the bytes of the node's text, and some for each of its parts, from `*left`; false: there
 * are not so many. */
bool node_take_bytes(const struct node *node, size_t *left);

/* "type=cache,id=…": keys in fixed order, the type first (hadolint before 2.14 wants it so). */
void mount_format(struct str *out, const struct mount *mount);

#endif
