#include "str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct view view_of(const char *text)
{
    return (struct view){text, strlen(text)};
}

bool view_equal(struct view a, struct view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool view_is(struct view v, const char *text)
{
    return view_equal(v, view_of(text));
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool view_is_nocase(struct view v, const char *text)
{
    if (v.len != strlen(text))
        return false;
    for (size_t i = 0; i < v.len; i++)
        if (lower(v.ptr[i]) != lower(text[i]))
            return false;
    return true;
}

bool view_starts(struct view v, const char *prefix)
{
    size_t len = strlen(prefix);
    return v.len >= len && memcmp(v.ptr, prefix, len) == 0;
}

bool view_ends(struct view v, const char *suffix)
{
    size_t len = strlen(suffix);
    return v.len >= len && memcmp(v.ptr + (v.len - len), suffix, len) == 0;
}

int view_compare(struct view a, struct view b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

struct view view_slice(struct view v, size_t begin, size_t end)
{
    /* NULL + 0 is no valid pointer arithmetic in C. */
    return (struct view){begin == 0 ? v.ptr : v.ptr + begin, end - begin};
}

size_t view_find(struct view v, char c, size_t from)
{
    if (from >= v.len)
        return v.len;
    const char *hit = memchr(v.ptr + from, c, v.len - from);
    return hit == NULL ? v.len : (size_t)(hit - v.ptr);
}

size_t view_search(struct view v, struct view needle)
{
    if (needle.len == 0)
        return 0;
    for (size_t at = 0; v.len - at >= needle.len; at++) {
        at = view_find(v, needle.ptr[0], at);
        if (v.len - at < needle.len)
            break;
        if (memcmp(v.ptr + at, needle.ptr, needle.len) == 0)
            return at;
    }
    return v.len;
}

struct view view_copy(struct arena *arena, struct view v)
{
    return (struct view){arena_strndup(arena, v.ptr, v.len), v.len};
}

void str_init(struct str *s, struct arena *arena)
{
    *s = (struct str){.arena = arena};
}

/* Room for `more` bytes and a NUL. */
static void str_reserve(struct str *s, size_t more)
{
    if (s->capacity - s->len > more)
        return;
    size_t wanted = s->capacity < 64 ? 64 : s->capacity * 2;
    if (more >= SIZE_MAX / 2 - s->len)
        wanted = SIZE_MAX; /* refused by the arena */
    else if (wanted <= s->len + more)
        wanted = s->len + more + 1;
    char *grown = arena_alloc(s->arena, wanted);
    if (s->len != 0)
        memcpy(grown, s->ptr, s->len);
    s->ptr = grown;
    s->capacity = wanted;
}

void str_add(struct str *s, struct view v)
{
    str_reserve(s, v.len);
    if (v.len != 0)
        memcpy(s->ptr + s->len, v.ptr, v.len);
    s->len += v.len;
    s->ptr[s->len] = '\0';
}

void str_addz(struct str *s, const char *text)
{
    str_add(s, view_of(text));
}

void str_addc(struct str *s, char c)
{
    str_add(s, (struct view){&c, 1});
}

void str_fill(struct str *s, char c, size_t count)
{
    str_reserve(s, count);
    memset(s->ptr + s->len, c, count);
    s->len += count;
    s->ptr[s->len] = '\0';
}

/* Most texts are short, and then formatted once. */
static void str_vaddf(struct str *s, const char *format, va_list args)
{
    char few[256];
    va_list again;
    va_copy(again, args);
    int need = vsnprintf(few, sizeof(few), format, again);
    va_end(again);
    if (need <= 0)
        return;
    str_reserve(s, (size_t)need);
    if ((size_t)need < sizeof(few))
        memcpy(s->ptr + s->len, few, (size_t)need + 1);
    else
        vsnprintf(s->ptr + s->len, (size_t)need + 1, format, args);
    s->len += (size_t)need;
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_vaddf(s, format, args);
    va_end(args);
}

struct view str_view(const struct str *s)
{
    return (struct view){s->len == 0 ? "" : s->ptr, s->len};
}

struct view view_format(struct arena *arena, const char *format, ...)
{
    struct str s;
    str_init(&s, arena);
    va_list args;
    va_start(args, format);
    str_vaddf(&s, format, args);
    va_end(args);
    return str_view(&s);
}

enum { DISTANCE_MAX = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t view_distance(struct view a, struct view b, size_t limit)
{
    if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
        return limit + 1;
    size_t rows[3][DISTANCE_MAX + 1] = {{0}};
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    size_t *before = rows[2], *last = rows[0], *now = rows[1];
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
            now[j] = smaller(smaller(last[j] + 1, now[j - 1] + 1), last[j - 1] + change);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.len] > limit ? limit + 1 : last[b.len];
}
