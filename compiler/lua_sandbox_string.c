/*
 * `string` for rules: plain text only, since Lua's patterns run for ever on some inputs and nothing
 * can stop them. Every function counts the bytes it works through.
 */
#include "lua_sandbox.h"

#include "utf8.h"

#include <lauxlib.h>

#include <stdio.h>
#include <string.h>

/* Text of argument `index`, whose bytes count as work. */
static struct view check_text(lua_State *L, int index)
{
    struct view text = lua_sandbox_check_text(L, index);
    lua_host_charge(L, text.len / 16);
    return text;
}

static int push_view(lua_State *L, struct view text)
{
    lua_pushlstring(L, text.ptr, text.len);
    return 1;
}

/* Lua's begin, from 1: negative counts from the end, before the start is the start. */
static size_t begin_position(lua_Integer position, size_t length)
{
    if (position > 0)
        return (size_t)position;
    if (position == 0 || position < -(lua_Integer)length)
        return 1;
    return length + 1 - (size_t)(-position);
}

/* Lua's end: negative counts from the end, behind the end is the end. */
static size_t end_position(lua_Integer position, size_t length)
{
    if (position >= 0)
        return (lua_Unsigned)position > length ? length : (size_t)position;
    return position < -(lua_Integer)length ? 0 : length + 1 - (size_t)(-position);
}

static int string_byte(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1);
    lua_Integer first = lua_sandbox_opt_integer(L, 2, 1);
    size_t begin = begin_position(first, text.len);
    size_t end = end_position(lua_sandbox_opt_integer(L, 3, (lua_Integer)begin), text.len);
    if (begin > end)
        return 0;
    if (end - begin >= SANDBOX_RESULTS_MAX)
        return lua_host_error(L, "string.byte gives at most %d values", SANDBOX_RESULTS_MAX);
    int count = (int)(end - begin + 1);
    luaL_checkstack(L, count, NULL);
    for (size_t i = begin; i <= end; i++)
        lua_pushinteger(L, (unsigned char)text.ptr[i - 1]);
    return count;
}

static int string_char(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_Buffer text;
    char *place = luaL_buffinitsize(L, &text, (size_t)count);
    for (int i = 1; i <= count; i++) {
        lua_Integer code = lua_sandbox_check_integer(L, i);
        luaL_argcheck(L, code >= 0 && code <= 255, i, "value out of range");
        place[i - 1] = (char)(unsigned char)code;
    }
    luaL_pushresultsize(&text, (size_t)count);
    return 1;
}

/*
 * Position of `needle` in `text` from `at` on, or text.len + 1. The plain way, which is quadratic
 * for texts made for it: then the compared bytes use up the steps.
 */
static size_t search(lua_State *L, struct view text, struct view needle, size_t at)
{
    size_t compared = 0;
    if (needle.len == 0)
        return at;
    while (text.len - at >= needle.len) {
        at = view_find(text, needle.ptr[0], at);
        if (text.len - at < needle.len)
            break;
        size_t same = 1;
        while (same < needle.len && text.ptr[at + same] == needle.ptr[same])
            same++;
        if (same == needle.len)
            return at;
        compared += same;
        if (compared >= 4096) {
            lua_host_charge(L, compared / 4);
            compared = 0;
        }
        at++;
    }
    return text.len + 1;
}

static int string_find(lua_State *L)
{
    struct view text = check_text(L, 1), needle = check_text(L, 2);
    size_t begin = begin_position(lua_sandbox_opt_integer(L, 3, 1), text.len);
    size_t found = text.len + 1;
    if (begin <= text.len + 1)
        found = search(L, text, needle, begin - 1);
    if (found > text.len) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)found + 1);
    lua_pushinteger(L, (lua_Integer)found + (lua_Integer)needle.len);
    return 2;
}

static int string_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)lua_sandbox_check_text(L, 1).len);
    return 1;
}

/* Push the text with each byte in [first, last] moved by `distance`. ASCII letters only, whatever
 * the locale. */
static int push_moved(lua_State *L, char first, char last, int distance)
{
    struct view text = check_text(L, 1);
    luaL_Buffer result;
    char *place = luaL_buffinitsize(L, &result, text.len);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        place[i] = c >= first && c <= last ? (char)(c + distance) : c;
    }
    luaL_pushresultsize(&result, text.len);
    return 1;
}

static int string_lower(lua_State *L)
{
    return push_moved(L, 'A', 'Z', 'a' - 'A');
}

static int string_upper(lua_State *L)
{
    return push_moved(L, 'a', 'z', 'A' - 'a');
}

static int string_rep(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1);
    lua_Integer times = lua_sandbox_check_integer(L, 2);
    struct view between;
    between.ptr = luaL_optlstring(L, 3, "", &between.len);
    size_t one = text.len + between.len;
    if (times <= 0 || one == 0)
        return push_view(L, VIEW(""));
    /* Compared by division: the product may overflow. */
    if ((lua_Unsigned)times > LUA_HOST_STRING_MAX / one + 1)
        lua_sandbox_check_length(L, SIZE_MAX, 0);
    size_t total = one * (size_t)times - between.len;
    lua_sandbox_check_length(L, total, total);
    lua_host_charge(L, (size_t)times / 2);
    luaL_Buffer result;
    char *place = luaL_buffinitsize(L, &result, total);
    for (lua_Integer i = 1; i < times; i++, place += one) {
        memcpy(place, text.ptr, text.len);
        memcpy(place + text.len, between.ptr, between.len);
    }
    memcpy(place, text.ptr, text.len);
    luaL_pushresultsize(&result, total);
    return 1;
}

static int string_reverse(lua_State *L)
{
    struct view text = check_text(L, 1);
    luaL_Buffer result;
    char *place = luaL_buffinitsize(L, &result, text.len);
    for (size_t i = 0; i < text.len; i++)
        place[i] = text.ptr[text.len - 1 - i];
    luaL_pushresultsize(&result, text.len);
    return 1;
}

static int string_sub(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1);
    size_t begin = begin_position(lua_sandbox_check_integer(L, 2), text.len);
    size_t end = end_position(lua_sandbox_opt_integer(L, 3, -1), text.len);
    if (begin > end)
        return push_view(L, VIEW(""));
    lua_host_charge(L, (end - begin) / 16);
    return push_view(L, view_slice(text, begin - 1, end));
}

/* ---- what Lua's own library lacks ------------------------------------------------------------*/

static int string_starts(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1), prefix = check_text(L, 2);
    lua_pushboolean(L,
                    text.len >= prefix.len && view_equal(view_slice(text, 0, prefix.len), prefix));
    return 1;
}

static int string_ends(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1), suffix = check_text(L, 2);
    lua_pushboolean(L, text.len >= suffix.len &&
                           view_equal(view_slice(text, text.len - suffix.len, text.len), suffix));
    return 1;
}

static int string_trim(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1), rest = utf8_trim(text);
    lua_host_charge(L, text.len - rest.len + rest.len / 16);
    return push_view(L, rest);
}

/* Append `text` to the array on top of the stack. */
static void append(lua_State *L, lua_Integer *count, struct view text)
{
    lua_host_charge(L, 1);
    lua_pushlstring(L, text.ptr, text.len);
    lua_rawseti(L, -2, ++*count);
}

static void split_words(lua_State *L, struct view text)
{
    lua_Integer count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        while (at < text.len && !is_blank(text.ptr[at]) && text.ptr[at] != '\n')
            at++;
        if (at > begin)
            append(L, &count, view_slice(text, begin, at));
        else
            at++;
    }
}

static int string_split(lua_State *L)
{
    struct view text = check_text(L, 1);
    lua_Integer most = lua_sandbox_opt_integer(L, 3, LUA_MAXINTEGER), count = 0;
    if (lua_isnoneornil(L, 2)) {
        lua_createtable(L, 0, 0);
        split_words(L, text);
        return 1;
    }
    struct view between = check_text(L, 2);
    luaL_argcheck(L, between.len > 0, 2, "the separator is empty");
    luaL_argcheck(L, most > 0, 3, "a positive number is expected");
    lua_createtable(L, 0, 0);
    size_t begin = 0, end;
    while (count + 1 < most && (end = search(L, text, between, begin)) <= text.len) {
        append(L, &count, view_slice(text, begin, end));
        begin = end + between.len;
    }
    append(L, &count, view_slice(text, begin, text.len));
    return 1;
}

static int string_lines(lua_State *L)
{
    struct view text = check_text(L, 1);
    lua_Integer count = 0;
    lua_createtable(L, 0, 0);
    for (size_t begin = 0; begin < text.len;) {
        size_t end = view_find(text, '\n', begin), next = end + 1;
        if (end > begin && end < text.len && text.ptr[end - 1] == '\r')
            end--;
        append(L, &count, view_slice(text, begin, end));
        begin = next;
    }
    return 1;
}

/* ---- format ----------------------------------------------------------------------------------*/

struct formatter {
    lua_State *L;
    luaL_Buffer out;
    size_t total;
    int argument, arguments; /* index of the one in use; of the last one */
};

static void add_bytes(struct formatter *f, struct view bytes)
{
    f->total += bytes.len;
    lua_sandbox_check_length(f->L, f->total, bytes.len);
    luaL_addlstring(&f->out, bytes.ptr, bytes.len);
}

/* One conversion: "%-10.3" and the letter. */
struct conversion {
    char text[16]; /* for snprintf, with room for a length modifier and the letter */
    size_t length, flags;
    bool has_precision;
    char letter;
};

static size_t read_digits(struct view format, size_t at)
{
    size_t end = at;
    while (end < format.len && is_digit(format.ptr[end]))
        end++;
    return end;
}

/* Read what follows a '%' at `at`; gives the position behind it. */
static size_t read_conversion(lua_State *L, struct view format, size_t at, struct conversion *c)
{
    size_t begin = at, end = at;
    while (end < format.len && memchr("-+ #0", format.ptr[end], 5) != NULL)
        end++;
    *c = (struct conversion){.text = "%", .flags = end - begin};
    size_t width = read_digits(format, end) - end;
    end += width;
    size_t precision = 0;
    if (end < format.len && format.ptr[end] == '.') {
        c->has_precision = true;
        precision = read_digits(format, end + 1) - (end + 1);
        end += 1 + precision;
    }
    if (c->flags > 5 || width > 2 || precision > 2)
        lua_host_error(L, "string.format: widths and precisions have at most two digits");
    if (end == format.len)
        lua_host_error(L, "string.format: the text ends after '%%'");
    c->letter = format.ptr[end];
    memcpy(c->text + 1, format.ptr + begin, end - begin);
    c->length = 1 + (end - begin);
    return end + 1;
}

/* Widest result: a double has 309 digits before the point, and 99 may follow. */
enum { FORMATTED_MAX = 512 };

/* C leaves it open what a flag does where it has no meaning. */
static void check_flags(struct formatter *f, const struct conversion *c, const char *allowed)
{
    for (size_t i = 1; i <= c->flags; i++)
        if (strchr(allowed, c->text[i]) == NULL)
            lua_host_error(f->L, "string.format: '%%%c' takes no '%c'", c->letter, c->text[i]);
}

static void add_formatted(struct formatter *f, const char *text, int length)
{
    if (length < 0 || length >= FORMATTED_MAX)
        lua_host_error(f->L, "string.format: the result is too long");
    add_bytes(f, (struct view){text, (size_t)length});
}

static void add_integer(struct formatter *f, struct conversion *c)
{
    char text[FORMATTED_MAX];
    check_flags(f, c, c->letter == 'd' || c->letter == 'i' ? "-+ 0" : "-#0");
    long long number = lua_sandbox_check_integer(f->L, f->argument);
    c->text[c->length] = 'l';
    c->text[c->length + 1] = 'l';
    c->text[c->length + 2] = c->letter;
    add_formatted(f, text, snprintf(text, sizeof(text), c->text, number));
}

static void add_float(struct formatter *f, struct conversion *c)
{
    char text[FORMATTED_MAX];
    double number = lua_sandbox_check_number(f->L, f->argument);
    c->text[c->length] = c->letter;
    add_formatted(f, text, snprintf(text, sizeof(text), c->text, number));
}

static void add_character(struct formatter *f, struct conversion *c)
{
    lua_Integer code = lua_sandbox_check_integer(f->L, f->argument);
    luaL_argcheck(f->L, code >= 0 && code <= 255, f->argument, "value out of range");
    if (c->length > 1)
        lua_host_error(f->L, "string.format: '%%c' takes no width");
    char byte = (char)(unsigned char)code;
    add_bytes(f, (struct view){&byte, 1});
}

static void add_string(struct formatter *f, struct conversion *c)
{
    check_flags(f, c, "-");
    /* Kept at the argument's place: a buffer owns the top of the stack. */
    struct view text = lua_sandbox_push_text(f->L, f->argument);
    lua_replace(f->L, f->argument);
    if (c->length == 1 || (!c->has_precision && text.len >= 100)) {
        add_bytes(f, text);
        return;
    }
    luaL_argcheck(f->L, strlen(text.ptr) == text.len, f->argument,
                  "a text with NUL bytes takes no width");
    char result[FORMATTED_MAX];
    c->text[c->length] = 's';
    add_formatted(f, result, snprintf(result, sizeof(result), c->text, text.ptr));
}

static void add_conversion(struct formatter *f, struct conversion *c)
{
    if (++f->argument > f->arguments)
        luaL_argerror(f->L, f->argument, "no value");
    switch (c->letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'x':
    case 'X':
        add_integer(f, c);
        return;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        add_float(f, c);
        return;
    case 'c':
        add_character(f, c);
        return;
    case 's':
        add_string(f, c);
        return;
    case 'q': /* quotes for Lua, which is not how a shell quotes */
        lua_host_error(f->L, "string.format: '%%q' is not available; words are quoted by dfc.argv");
        return;
    default:
        lua_host_error(f->L, "string.format: there is no conversion '%%%c'", c->letter);
    }
}

static int string_format(lua_State *L)
{
    struct view format = lua_sandbox_check_text(L, 1);
    struct formatter f = {.L = L, .argument = 1, .arguments = lua_gettop(L)};
    luaL_buffinit(L, &f.out);
    for (size_t at = 0; at < format.len;) {
        size_t percent = view_find(format, '%', at);
        add_bytes(&f, view_slice(format, at, percent));
        at = percent + 1;
        if (percent == format.len)
            break;
        if (at < format.len && format.ptr[at] == '%') {
            add_bytes(&f, VIEW("%"));
            at++;
            continue;
        }
        struct conversion conversion;
        at = read_conversion(L, format, at, &conversion);
        add_conversion(&f, &conversion);
    }
    luaL_pushresult(&f.out);
    return 1;
}

/* ---- what is not there -----------------------------------------------------------------------*/

static int string_match(lua_State *L)
{
    return lua_host_error(L, "Lua patterns are not available; use re.match(pattern, subject)");
}

static int string_gmatch(lua_State *L)
{
    return lua_host_error(L, "Lua patterns are not available; use re.split or re.gsub");
}

static int string_gsub(lua_State *L)
{
    return lua_host_error(L, "Lua patterns are not available; use re.gsub(pattern, subject, "
                             "replacement)");
}

void lua_sandbox_push_string(lua_State *L)
{
    static const struct sandbox_function functions[] = {
        {"byte", string_byte},
        {"char", string_char},
        {"ends", string_ends},
        {"find", string_find},
        {"format", string_format},
        {"gmatch", string_gmatch},
        {"gsub", string_gsub},
        {"len", string_len},
        {"lines", string_lines},
        {"lower", string_lower},
        {"match", string_match},
        {"rep", string_rep},
        {"sub", string_sub},
        {"reverse", string_reverse},
        {"split", string_split},
        {"trim", string_trim},
        {"starts", string_starts},
        {"upper", string_upper},
        {NULL, NULL},
    };
    lua_sandbox_push_library(L, functions, 18);
}
