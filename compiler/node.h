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
    /* The tool's variable that must name the target, when it is not the tool's default. */
    struct view variable;
};

/* NAME=VALUE for the commands of a RUN; the value is a word (quote.h). */
struct env_pair {
    struct view name, value;
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
    VEC(struct command *) commands;
    VEC(struct view) flags; /* "--network=none", "--mount=…" of the user, as written */
    struct script *script;  /* instead of commands */
};

enum node_kind { NODE_RUN, NODE_ARG, NODE_ENV };

struct node {
    enum node_kind kind;
    struct run run;
    struct view name, value; /* NODE_ARG; value.ptr NULL: no default */
    struct env_list env;     /* NODE_ENV */
};

struct node_list {
    struct node **items;
    size_t count, capacity;
};

/* "type=cache,id=…": keys in fixed order, the type first (hadolint before 2.14 wants it so). */
void mount_format(struct str *out, const struct mount *mount);

#endif
