/*
 * The words of a directive (language "Install directives"): not shell, but written like it. Quotes
 * group, '$' stays live, `\` is the escape whatever "# escape=" says. An operator, a command
 * substitution or a redirection is reported, since it can't mean here what it means in a shell.
 */
#ifndef DFC_WORDS_H
#define DFC_WORDS_H

#include "parse.h"

enum directive_word_kind {
    DIRECTIVE_WORD,
    DIRECTIVE_OPERATOR, /* "&&", "||", ";", "|", "&", a redirection */
};

struct directive_word {
    enum directive_word_kind kind;
    struct view text; /* see quote.h */
    struct span at;
    bool quoted; /* something in it was quoted: it is no option and no verb */
};

struct directive_words {
    struct directive_word *items;
    size_t count, capacity;
};

/* A text to split, and where it stands. */
struct words_text {
    const struct file *file;
    const struct instruction *inst; /* the text is a part of its joined line … */
    size_t joined_at;               /* … that begins here; or, with inst NULL, … */
    size_t source_at;               /* … it stands in the source as it is, from here */
    struct view text;
    bool literal;       /* '$' means nothing: the body of <<'TAG' */
    bool is_body;       /* newlines are blanks, '#' begins a comment, no operators */
    bool skip_heredocs; /* a word that opens a heredoc is left out */
};

/* Split; false when something was reported. */
bool words_split(struct arena *arena, const struct words_text *text, struct diag_list *diags,
                 struct directive_words *words);

/* The span of bytes [begin, end) of the text. */
struct span words_span(const struct words_text *text, size_t begin, size_t end);

#endif
