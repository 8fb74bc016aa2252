/*
 * Shell text to simple commands with their places: enough of the POSIX grammar to know where a
 * command begins and which words it has, so that a rule can look at `pip install` and never at
 * `echo "pip install"`. Nothing is expanded. Text that is no correct shell gives fewer or odd
 * commands, never an error: only suggestions and checked edits are built on it.
 */
#ifndef DFC_SHELL_SPLIT_H
#define DFC_SHELL_SPLIT_H

#include "str.h"

/* A word, at bytes [begin, end) of the text. */
struct shell_word {
    size_t begin, end;
    struct view text; /* without quotes and escapes; expansions as written */
    bool live;        /* holds an expansion: `text` is not what the program sees */
};

enum shell_joiner {
    SHELL_START,      /* the first command of the text or of a group */
    SHELL_AND,        /* && */
    SHELL_OR,         /* || */
    SHELL_SEQUENCE,   /* ; or a newline */
    SHELL_PIPE,       /* | or |& */
    SHELL_BACKGROUND, /* & */
};

/* A simple command. */
struct shell_command {
    size_t begin, end;        /* from its first word (a prefix too) to the end of its last */
    struct shell_word *words; /* prefixes and redirections left out: words[0] is the program */
    size_t word_count;
    enum shell_joiner before; /* what stands between it and the command before */
    size_t before_begin;      /* where that operator begins */
    enum shell_joiner after;  /* what follows it; SHELL_START: nothing */
    size_t after_end;         /* where that operator ends */
    bool nested;              /* in a group, a loop, a condition or a substitution */
    bool has_sudo;
};

struct shell_commands {
    struct shell_command *items;
    size_t count, capacity;
};

/* Split `text`; commands come in the order in which they begin. Substitutions nest to a depth of
 * 32, what is deeper is not looked into. */
void shell_split(struct arena *arena, struct view text, struct shell_commands *commands);

/* The command's words joined by one blank each, for patterns: "pip install -r x.txt". */
struct view shell_command_text(struct arena *arena, const struct shell_command *command);

#endif
