/*
 * Words of a directive to words of a shell command.
 *
 * A word is text in which '$' is live (it belongs to the build's shell) unless a backslash stands
 * before it; a run of backslashes before a '$' is written doubled. Backslashes elsewhere are
 * themselves. A word that is one variable in double quotes keeps them in its text: `"$X"`.
 */
#ifndef DFC_QUOTE_H
#define DFC_QUOTE_H

#include "str.h"

/* Append `word` so that a POSIX shell reads it as one word with live variables; a word that is
 * nothing but one variable reference stays bare, the shell splits it. */
void quote_word(struct str *out, struct view word);

/* As quote_word, but a lone variable is put in quotes too: for values of assignments. */
void quote_value(struct str *out, struct view word);

/* Append `word` as the value of an ENV or ARG, which BuildKit reads and no shell: one word with
 * live variables. `escape` is the file's. */
void quote_dockerfile(struct str *out, struct view word, char escape);

/* Append literal text as a word in which every '$' is literal. */
void quote_escape(struct str *out, struct view text);

/* Length of the variable reference that begins at `at` ("$NAME", "${…}", "$1"), or 0. */
size_t quote_variable_length(struct view text, size_t at);

/* The word's text without markers when nothing in it is live; false otherwise. */
bool quote_literal(struct arena *arena, struct view word, struct view *literal);

#endif
