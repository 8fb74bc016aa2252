/*
 * Diagnostics: collected while compiling, rendered to text at the end, never printed here.
 *
 * A message is lower case without a full stop, says what was expected and what was found, and puts
 * what it quotes from the user in single quotes. `help` says what to write instead.
 */
#ifndef DFC_DIAG_H
#define DFC_DIAG_H

#include "source.h"

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

/* A line below the message: "note: …" or "help: …". */
struct diag_hint {
    bool help;
    struct view text;
};

struct diag {
    enum diag_level level;
    const char *code; /* stable name of the finding, shown in brackets; NULL: none */
    struct span at;   /* at.source NULL: no position is shown */
    bool fixable;     /* an edit that keeps the meaning is known */
    bool is_secret;   /* what stands at `at` is shown as asterisks */
    struct view message;
    VEC(struct diag_hint) hints;
    struct arena *arena;
};

struct diag_list {
    struct arena *arena;
    VEC(struct diag *) all;
    size_t errors, warnings;
    size_t finding_errors; /* of the errors those that a rewrite has found: they do not keep the
                              text from being mended */
    size_t mended;         /* findings of rewrites that a fix has taken care of */
    bool limit_reached;    /* an error was a limit or an internal one: exit status 70 */
    bool io_failed;        /* a file could not be read: exit status 3 */
};

void diag_list_init(struct diag_list *list, struct arena *arena);

/* Add a finding; its message is formatted now. Returns it, so that hints can be added. */
struct diag *diag_add(struct diag_list *list, enum diag_level level, const char *code,
                      struct span at, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

void diag_note(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_help(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Append "FILE:LINE:COLUMN: level: message [code]", the source line, the carets below it, and the
 * hints. Tabs in the source line become blanks up to the next multiple of 8, so that the caret
 * stands right in any terminal; control characters become '?'.
 */
void diag_render(struct str *out, const struct diag *diag, bool color);

/* Append a text as diag_render shows one: control characters as '?', the user and password of a URL
 * as asterisks, later lines indented below the first. */
void diag_render_text(struct str *out, struct view text);

/* The findings as diag_render_all orders them, without those that it leaves out. Gives an array in
 * the list's arena. */
const struct diag **diag_sorted(const struct diag_list *list, size_t *count);

/* Append all of the list in source order of the files, line by line; errors found twice at one
 * place with one message are written once. */
void diag_render_all(struct str *out, const struct diag_list *list, bool color);

/* The closest of `names` to `word`, or an empty view: at most a third of the word may differ. */
struct view diag_closest(struct view word, const struct view *names, size_t count);

#endif
