/*
 * Patterns of "${name#pattern}" and "${name/pattern/text}": '*', '?' and backslashes, no brackets.
 * BuildKit turns them into regular expressions of Go (frontend/dockerfile/shell/lex.go), whose
 * results these functions give: '*' and '?' match no newline, a match is the leftmost one.
 */
#ifndef DFC_WORD_PATTERN_H
#define DFC_WORD_PATTERN_H

#include "str.h"

/* How much work patterns did so far in one text; start with zeros. */
struct pattern_budget {
    size_t used;
};

struct pattern_result {
    struct view text;  /* empty at an error */
    const char *error; /* NULL, or what is wrong, in BuildKit's words */
};

/* `value` without its shortest or longest beginning (or end) that matches. */
struct pattern_result pattern_trim(struct arena *arena, struct pattern_budget *budget,
                                   struct view pattern, struct view value, bool suffix,
                                   bool longest);

/* `value` with the first match replaced by `text`, or all matches, where `text` is a template:
 * "$0" is the match, "$$" a dollar sign, any other name empty. */
struct pattern_result pattern_replace(struct arena *arena, struct pattern_budget *budget,
                                      struct view pattern, struct view text, struct view value,
                                      bool all);

/* Append a character in UTF-8; what is none becomes U+FFFD. */
void word_add_code(struct str *s, uint32_t code);

#endif
