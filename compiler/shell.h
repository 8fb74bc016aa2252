/* What can be told about shell text without running it. */
#ifndef DFC_SHELL_H
#define DFC_SHELL_H

#include "str.h"

/* Whether the text is more than one simple command: an operator, a group, a reserved word or a
 * substitution outside single quotes. Errs on the side of true. */
bool shell_is_compound(struct view text);

/* Length of the word that begins at `at` (quotes, escapes and substitutions belong to it). */
size_t shell_word_length(struct view text, size_t at);

/* Whether the word is "NAME=…": an assignment before a command. */
bool shell_is_assignment(struct view word);

#endif
