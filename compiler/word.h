/*
 * The word lexer of BuildKit (frontend/dockerfile/shell/lex.go): expansion of variables in
 * instructions, splitting into words, and the search for heredocs.
 */
#ifndef DFC_WORD_H
#define DFC_WORD_H

#include "str.h"

/*
 * Where variables come from. `lookup` gives true and the value when the variable is set; `name`
 * lives only during the call.
 */
struct word_env {
    bool (*lookup)(void *context, struct view name, struct view *value);
    void *context;
};

struct word_list {
    struct view *items;
    size_t count, capacity;
};

/* What the lexer leaves as it is instead of interpreting it. */
enum word_keep {
    WORD_KEEP_QUOTES = 1,  /* quote characters stay in the result */
    WORD_KEEP_ESCAPES = 2, /* escape characters stay in the result */
    WORD_KEEP_UNSET = 4,   /* an unset variable stays as it was written */
};

struct word_result {
    struct view text;       /* the expanded text */
    struct word_list words; /* the same, split at blanks outside quotes, empty words dropped */
    const char *error;      /* NULL, or what is wrong, in BuildKit's words */
};

/*
 * Expand `text` with `escape` ('\\' or '`') as escape character. `keep` is a set of word_keep.
 * Results live in the arena.
 */
struct word_result word_expand(struct arena *arena, struct view text, char escape, unsigned keep,
                               const struct word_env *env);

/* One heredoc of a line: "3<<-'EOF'" has the name EOF, fd 3, chomp, and is not expanded. */
struct heredoc_word {
    struct view name;
    uint64_t fd;
    bool expand; /* the word has no quotes: variables of a COPY's body are expanded */
    bool chomp;  /* "<<-": leading tabs of the body are cut */
};

/*
 * Whether the word `word` (a destination or source of COPY) is a heredoc; gives it to `heredoc`.
 * Quotes and escapes must still be in the word.
 */
bool word_read_heredoc(struct arena *arena, struct view word, struct heredoc_word *heredoc);

/*
 * The heredocs that the joined line `line` opens, in order, appended to `found` (a VEC). A line
 * that the lexer can't read (an unbalanced quote) opens none, as in BuildKit.
 */
struct heredoc_words {
    struct heredoc_word *items;
    size_t count, capacity;
};
void word_find_heredocs(struct arena *arena, struct view line, struct heredoc_words *found);

#endif
