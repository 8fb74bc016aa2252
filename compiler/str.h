/*
 * Text: views into somebody's bytes, and strings that grow in an arena.
 *
 * A view never owns and is not NUL-terminated; it lives as long as what it points into. Text is
 * UTF-8 by convention only: BuildKit never checks, so neither may anything here rely on it.
 */
#ifndef DFC_STR_H
#define DFC_STR_H

#include "mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct view {
    const char *ptr;
    size_t len;
};

/* A view of a string literal, usable in constant initialisers; and of a C string. */
#define VIEW(literal) ((struct view){"" literal, sizeof(literal) - 1})
struct view view_of(const char *text);

/* printf arguments for "%.*s"; views longer than INT_MAX are cut. */
#define VIEW_ARG(v) ((v).len > 0x7fffffff ? 0x7fffffff : (int)(v).len), (v).ptr

bool view_equal(struct view a, struct view b);
bool view_is(struct view v, const char *text);
bool view_is_nocase(struct view v, const char *text); /* ASCII case only */
bool view_starts(struct view v, const char *prefix);
bool view_ends(struct view v, const char *suffix);
int view_compare(struct view a, struct view b); /* by bytes, as memcmp */

/* The part of `v` from byte `begin` up to, not including, `end`; both must lie within `v`. */
struct view view_slice(struct view v, size_t begin, size_t end);

/* Position of the first `c` at or after `from`, or v.len. */
size_t view_find(struct view v, char c, size_t from);

/* Position of the first occurrence of `needle`, or v.len. */
size_t view_search(struct view v, struct view needle);

/* A copy in the arena; the copy is NUL-terminated (view.ptr[view.len] == 0). */
struct view view_copy(struct arena *arena, struct view v);

/* A growing string. Its bytes live in the arena and are always NUL-terminated once not empty. */
struct str {
    struct arena *arena;
    char *ptr;
    size_t len, capacity;
};

void str_init(struct str *s, struct arena *arena);
void str_add(struct str *s, struct view v);
void str_addz(struct str *s, const char *text);
void str_addc(struct str *s, char c);
void str_fill(struct str *s, char c, size_t count);
void str_addf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct view str_view(const struct str *s);

/* A formatted text in the arena. */
struct view view_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Edit distance of two short words with swaps of neighbours counted as one, for "did you mean";
 * any value above `limit` is returned as limit + 1. Words over 64 bytes are never close.
 */
size_t view_distance(struct view a, struct view b, size_t limit);

/* White space sets of BuildKit's parser: blanks are [\t\v\f\r ], see utf8.h for Unicode's. */
static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool is_alpha(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

#endif
