/*
 * Shell text to simple commands with their places: enough of the POSIX grammar (and of what bash
 * adds to it) to know where a command begins and which words it has, so that a rule can look at
 * `pip install` and never at `echo "pip install"`. Nothing is expanded. Text that is no correct
 * shell gives fewer or odd commands, never an error: only findings and checked edits are built on
 * it.
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
    SHELL_START,      /* nothing: the command is the first or last of its list */
    SHELL_AND,        /* && */
    SHELL_OR,         /* || */
    SHELL_SEQUENCE,   /* ; or a newline */
    SHELL_PIPE,       /* | or |& */
    SHELL_BACKGROUND, /* & */
};

/*
 * A simple command. A list is what operators join: simple commands, and groups, loops, conditions
 * that count as one element each; what stands inside of these is nested.
 */
struct shell_command {
    size_t begin, end;        /* from its first word (a prefix too) to the end of its last */
    struct shell_word *words; /* prefixes and redirections left out: words[0] is the program */
    size_t word_count;        /* 0: assignments or redirections only */
    size_t element;           /* number of the element in its list, from 1 */
    enum shell_joiner before; /* the operator before it, and where that begins; of "; newline" */
    size_t before_begin;      /* the newline */
    enum shell_joiner after;  /* the operator behind it, and where that ends; SHELL_START when */
    size_t after_end;         /* nothing but a ';' or newlines follow */
    bool nested;              /* in a group, loop, condition, function, substitution, behind '!' */
    bool has_sudo, has_heredoc;
};

struct shell_commands {
    struct shell_command *items;
    size_t count, capacity;
};

/*
 * Split `text` and append its commands, in the order in which they begin. Substitutions nest to a
 * depth of 32, what is deeper is not looked into. Where the text is no correct shell, all of its
 * commands count as nested.
 */
void shell_split(struct arena *arena, struct view text, struct shell_commands *commands);

/* The command's words joined by one blank each, for patterns: "pip install -r x.txt". */
struct view shell_command_text(struct arena *arena, const struct shell_command *command);

#endif
