/*
 * Rewrites: what rules find in the user's own instructions, and the edits that mend it. One pass,
 * over plain instructions only. Here is what a rewrite sees of one; edit.h changes it, the Lua side
 * is lua_rewrite.c.
 */
#ifndef DFC_REWRITE_H
#define DFC_REWRITE_H

#include "rule.h"
#include "shell_split.h"
#include "stage.h"

struct regex;

/* A rewrite as a rule file declares it. */
struct rewrite {
    struct view name, summary, match, needs_family;
    enum keyword on;
    int check; /* the function, in the Lua registry */
    struct origin origin;
    struct regex *regex; /* of `match`; NULL: it has none */
};

/* What the text of an instruction is. */
enum run_kind {
    RUN_OTHER,  /* a script for an interpreter that is no POSIX shell: there are no commands */
    RUN_LINE,   /* a RUN in shell form: its logical line */
    RUN_SCRIPT, /* "RUN <<EOF": the body, a shell script */
    RUN_EXEC,   /* JSON: one command, each string a word */
    RUN_WORDS,  /* another instruction: one "command", its words as written, split at blanks */
};

/* A plain instruction as rewrites see it. */
struct run_view {
    struct arena *arena;
    const struct file *file;
    const struct unit *unit;
    const struct stage *stage; /* as it was before the instruction; a FROM's own */
    enum run_kind kind;
    struct view
        text;    /* that the commands are in: its arguments without flags, or a heredoc's body */
    size_t base; /* where it begins: RUN_SCRIPT in the source, else in the joined line */
    struct shell_commands commands;
    struct view *lines;  /* of each command its words, one blank between them */
    size_t errexit_from; /* index of the command behind "set -e"; SIZE_MAX: there is none */
    bool errexit_known;  /* false: "set +e" or a SHELL may say otherwise */
};

/* Look at an instruction. `stage` NULL: nothing is known of it. */
void run_view_make(struct arena *arena, const struct file *file, const struct unit *unit,
                   const struct stage *stage, struct run_view *run);

/* The place in the source of bytes [begin, end) of the text. */
struct span run_view_span(const struct run_view *run, size_t begin, size_t end);

/*
 * Whether the RUN has a mount of its own on `target`, however it is written: as target, dst or
 * destination, relative to WORKDIR, with variables of the stage; or a cache on a directory above
 * it, since what is below that is kept too.
 */
bool run_view_has_mount(const struct run_view *run, struct view target);

/* Whether "# dfc ignore=NAME,NAME;reason=…" in the comment block above the unit silences the rule.
 */
bool rewrite_is_silenced(const struct file *file, size_t unit, struct view rule);

/* The rules that "# dfc global ignore=NAME,NAME" anywhere in the file silences. */
void rewrite_find_global_ignores(struct arena *arena, const struct file *file,
                                 struct name_list *rules);

#endif
