#include "json.h"

#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { NESTING_MAX = 10000, EXPONENT_MAX = 100000000 };

struct reader {
    struct arena *arena;
    struct view text;
    size_t at;
    VEC(char) open; /* '[' and '{' that are not closed yet */
    struct json_strings *strings;
    bool other; /* an element of the outer array is not a string */
};

static char here(const struct reader *reader)
{
    return reader->at < reader->text.len ? reader->text.ptr[reader->at] : '\0';
}

static bool accept(struct reader *reader, char c)
{
    if (reader->at >= reader->text.len || reader->text.ptr[reader->at] != c)
        return false;
    reader->at++;
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (accept(reader, ' ') || accept(reader, '\t') || accept(reader, '\r') ||
           accept(reader, '\n'))
        ;
}

/* ---- strings */

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four hex digits at the current place; the place moves on only when they are there. */
static bool read_hex(struct reader *reader, uint32_t *code)
{
    *code = 0;
    if (reader->text.len - reader->at < 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        int value = hex_value(reader->text.ptr[reader->at + i]);
        if (value < 0)
            return false;
        *code = *code << 4 | (uint32_t)value;
    }
    reader->at += 4;
    return true;
}

static void add_code(struct str *out, uint32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char((utf8proc_int32_t)code, bytes);
    str_add(out, (struct view){(const char *)bytes, (size_t)length});
}

/* The rest of "\uXXXX". Two escapes may be a surrogate pair; a lone surrogate is replaced, and
 * what follows it is read on its own. */
static bool read_unicode(struct reader *reader, struct str *out)
{
    uint32_t code, low = 0;
    if (!read_hex(reader, &code))
        return false;
    if (code >= 0xd800 && code < 0xe000) {
        size_t second = reader->at;
        if (accept(reader, '\\') && accept(reader, 'u') && read_hex(reader, &low) &&
            code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        } else {
            reader->at = second;
            code = UTF8_INVALID;
        }
    }
    add_code(out, code);
    return true;
}

static bool read_escape(struct reader *reader, struct str *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (accept(reader, 'u'))
        return read_unicode(reader, out);
    for (size_t i = 0; letters[i] != '\0'; i++) {
        if (accept(reader, letters[i])) {
            str_addc(out, meant[i]);
            return true;
        }
    }
    return false;
}

/* A string from its opening quote on. */
static bool read_string(struct reader *reader, struct str *out)
{
    if (!accept(reader, '"'))
        return false;
    while (reader->at < reader->text.len) {
        size_t length;
        uint32_t code = utf8_decode(reader->text, reader->at, &length);
        if (code < ' ')
            return false;
        reader->at += length;
        if (code == '"')
            return true;
        if (code != '\\')
            add_code(out, code);
        else if (!read_escape(reader, out))
            return false;
    }
    return false;
}

/* ---- numbers */

/* What decides whether a number fits: its digits without the point, and where the point was. */
struct number {
    struct str digits;
    long shift, exponent; /* exponents beyond EXPONENT_MAX are cut to it */
};

static bool read_digits(struct reader *reader, struct number *number)
{
    size_t begin = reader->at;
    while (is_digit(here(reader)))
        str_addc(&number->digits, reader->text.ptr[reader->at++]);
    return reader->at > begin;
}

static bool read_exponent(struct reader *reader, struct number *number)
{
    bool negative = accept(reader, '-');
    if (!negative)
        accept(reader, '+');
    if (!is_digit(here(reader)))
        return false;
    while (is_digit(here(reader))) {
        if (number->exponent < EXPONENT_MAX)
            number->exponent = number->exponent * 10 + (here(reader) - '0');
        reader->at++;
    }
    if (negative)
        number->exponent = -number->exponent;
    return true;
}

/* A number beyond a double's range is an error of Go's Unmarshal, though it is valid JSON. The
 * point is left out, because strtod's depends on the locale. */
static bool fits(struct number *number)
{
    str_addf(&number->digits, "e%ld", number->exponent - number->shift);
    return isfinite(strtod(number->digits.ptr, NULL));
}

static bool read_number(struct reader *reader)
{
    struct number number = {.shift = 0};
    str_init(&number.digits, reader->arena);
    accept(reader, '-');
    if (accept(reader, '0'))
        str_addc(&number.digits, '0');
    else if (!read_digits(reader, &number))
        return false;
    if (accept(reader, '.')) {
        size_t begin = reader->at;
        if (!read_digits(reader, &number))
            return false;
        number.shift = (long)(reader->at - begin);
    }
    if ((accept(reader, 'e') || accept(reader, 'E')) && !read_exponent(reader, &number))
        return false;
    return fits(&number);
}

/* ---- values */

static bool accept_word(struct reader *reader, const char *word)
{
    struct view rest = view_slice(reader->text, reader->at, reader->text.len);
    if (!view_starts(rest, word))
        return false;
    reader->at += view_of(word).len;
    return true;
}

/* A string, a number or a literal. */
static bool read_scalar(struct reader *reader)
{
    bool element = reader->open.count == 1;
    if (here(reader) != '"') {
        reader->other = reader->other || element;
        return accept_word(reader, "null") || accept_word(reader, "true") ||
               accept_word(reader, "false") || read_number(reader);
    }
    struct str text;
    str_init(&text, reader->arena);
    if (!read_string(reader, &text))
        return false;
    if (element)
        VEC_PUSH(reader->arena, reader->strings, str_view(&text));
    return true;
}

/* A key and its colon. */
static bool read_key(struct reader *reader)
{
    struct str key;
    str_init(&key, reader->arena);
    skip_blanks(reader);
    if (!read_string(reader, &key))
        return false;
    skip_blanks(reader);
    return accept(reader, ':');
}

/* Open an array or object; `empty` tells that it closes at once. */
static bool open_group(struct reader *reader, char kind, bool *empty)
{
    if (reader->open.count == NESTING_MAX)
        return false;
    reader->other = reader->other || reader->open.count == 1;
    VEC_PUSH(reader->arena, &reader->open, kind);
    skip_blanks(reader);
    *empty = accept(reader, kind == '[' ? ']' : '}');
    if (*empty)
        reader->open.count--;
    return *empty || kind == '[' || read_key(reader);
}

/* Behind a value: close what closes here, or go to the next value. `more`: there is one. */
static bool close_groups(struct reader *reader, bool *more)
{
    *more = false;
    while (reader->open.count > 0) {
        char kind = reader->open.items[reader->open.count - 1];
        skip_blanks(reader);
        if (accept(reader, ',')) {
            *more = true;
            return kind == '[' || read_key(reader);
        }
        if (!accept(reader, kind == '[' ? ']' : '}'))
            return false;
        reader->open.count--;
    }
    return true;
}

/* All of the text, without recursion. */
static bool read_array(struct reader *reader)
{
    bool more = true;
    while (more) {
        bool complete = true;
        skip_blanks(reader);
        char kind = here(reader);
        if (kind == '[' || kind == '{') {
            reader->at++;
            if (!open_group(reader, kind, &complete))
                return false;
        } else if (!read_scalar(reader)) {
            return false;
        }
        if (complete && !close_groups(reader, &more))
            return false;
    }
    skip_blanks(reader);
    return reader->at == reader->text.len;
}

enum json_kind json_read_strings(struct arena *arena, struct view text,
                                 struct json_strings *strings)
{
    struct reader reader = {.arena = arena, .text = utf8_trim_start(text), .strings = strings};
    size_t count = strings->count;
    if (here(&reader) != '[')
        return JSON_NONE;
    bool valid = read_array(&reader);
    if (valid && !reader.other)
        return JSON_STRINGS;
    strings->count = count;
    return valid ? JSON_OTHER : JSON_NONE;
}
