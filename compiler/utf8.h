/* UTF-8 as Go's unicode/utf8 reads it, and what dfc needs of Unicode's tables (utf8proc). */
#ifndef DFC_UTF8_H
#define DFC_UTF8_H

#include "str.h"

#define UTF8_BOM "\xef\xbb\xbf"
enum { UTF8_BOM_LENGTH = 3, UTF8_INVALID = 0xfffd };

/*
 * Decode the character at `at` (< v.len) and store its length in bytes. A byte that starts no
 * valid character is one character of length 1 with the code UTF8_INVALID.
 */
uint32_t utf8_decode(struct view v, size_t at, size_t *length);

/* Number of characters in `v`, invalid bytes counted one each. */
size_t utf8_count(struct view v);

/* Columns a terminal needs for the character: 0, 1 or 2. */
int utf8_width(uint32_t code);

/* Unicode White_Space, as Go's unicode.IsSpace. */
bool utf8_is_space(uint32_t code);

/* Go's unicode.IsLetter (category L) and unicode.IsDigit (category Nd). */
bool utf8_is_letter(uint32_t code);
bool utf8_is_digit(uint32_t code);

/* `v` without Unicode white space at its start, at its end, at both. */
struct view utf8_trim_start(struct view v);
struct view utf8_trim_end(struct view v);
struct view utf8_trim(struct view v);

#endif
