#include "utf8.h"

#include <utf8proc.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

uint32_t utf8_decode(struct view v, size_t at, size_t *length)
{
    const unsigned char *p = (const unsigned char *)v.ptr + at;
    size_t left = v.len - at;
    *length = 1;
    if (p[0] < 0x80)
        return p[0];
    size_t need = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < need)
        return UTF8_INVALID;
    uint32_t code = p[0] & (0xffU >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if (!is_continuation(p[i]))
            return UTF8_INVALID;
        code = code << 6 | (p[i] & 0x3fU);
    }
    bool overlong = (need == 3 && code < 0x800) || (need == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return UTF8_INVALID;
    *length = need;
    return code;
}

size_t utf8_count(struct view v)
{
    size_t count = 0, length;
    for (size_t at = 0; at < v.len; at += length) {
        utf8_decode(v, at, &length);
        count++;
    }
    return count;
}

int utf8_width(uint32_t code)
{
    return utf8proc_charwidth((utf8proc_int32_t)code);
}

bool utf8_is_space(uint32_t code)
{
    if (code < 0x80)
        return (code >= '\t' && code <= '\r') || code == ' ';
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

bool utf8_is_letter(uint32_t code)
{
    if (code < 0x80)
        return is_alpha((char)code);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool utf8_is_digit(uint32_t code)
{
    if (code < 0x80)
        return is_digit((char)code);
    return utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_ND;
}

struct view utf8_trim_start(struct view v)
{
    size_t at = 0, length;
    while (at < v.len && utf8_is_space(utf8_decode(v, at, &length)))
        at += length;
    return view_slice(v, at, v.len);
}

/* Start of the character that ends at `end` (> 0). */
static size_t last_character(struct view v, size_t end)
{
    for (size_t back = 1; back <= 4 && back <= end; back++) {
        size_t length;
        utf8_decode(view_slice(v, 0, end), end - back, &length);
        if (length == back && !is_continuation((unsigned char)v.ptr[end - back]))
            return end - back;
    }
    return end - 1;
}

struct view utf8_trim_end(struct view v)
{
    while (v.len > 0) {
        size_t length, start = last_character(v, v.len);
        if (!utf8_is_space(utf8_decode(v, start, &length)))
            break;
        v.len = start;
    }
    return v;
}

struct view utf8_trim(struct view v)
{
    return utf8_trim_start(utf8_trim_end(v));
}
