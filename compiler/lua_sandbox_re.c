/* `re` for rules: regular expressions. Patterns are compiled once and kept in the state. */
#include "lua_sandbox.h"

#include "regex.h"

#include <lauxlib.h>

#include <string.h>

enum { PATTERNS_MAX = 256 }; /* kept; then all are forgotten */

static const char patterns_key = 0;  /* in the registry: pattern → keeper; [1] is their number */
static const char metatable_key = 0; /* in the registry: the metatable of keepers */

/* ---- patterns --------------------------------------------------------------------------------*/

static int free_pattern(lua_State *L)
{
    struct regex **keeper = lua_touserdata(L, 1);
    regex_free(*keeper);
    *keeper = NULL;
    return 0;
}

static void push_patterns(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &patterns_key) == LUA_TTABLE) {
        lua_rawgeti(L, -1, 1);
        lua_Integer count = lua_tointeger(L, -1);
        lua_pop(L, 1);
        if (count < PATTERNS_MAX)
            return;
    }
    lua_pop(L, 1);
    lua_createtable(L, 1, 8);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &patterns_key);
}

/* Push a full userdata that frees the pattern to be put into it. */
static struct regex **push_keeper(lua_State *L)
{
    struct regex **keeper = lua_newuserdatauv(L, sizeof(struct regex *), 0);
    *keeper = NULL;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 1);
        lua_pushcfunction(L, free_pattern);
        lua_setfield(L, -2, "__gc");
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    }
    lua_setmetatable(L, -2);
    return keeper;
}

static struct regex *compile(lua_State *L, struct view pattern)
{
    struct lua_host *host = lua_host_of(L);
    struct regex_error error;
    struct regex *regex =
        regex_compile(lua_host_arena(host), pattern, lua_host_regex_budget(host), &error);
    if (regex != NULL)
        return regex;
    if (error.kind == REGEX_LIMIT)
        lua_host_limit(L, "regular expressions: too many steps in this run");
    if (error.kind == REGEX_MEMORY)
        lua_host_limit(L, "not enough memory for a regular expression");
    lua_host_error(L, "bad regular expression '%.*s': %.*s, at byte %zu", VIEW_ARG(pattern),
                   VIEW_ARG(error.text), error.at + 1);
    return NULL;
}

/* Remember the keeper on top of the stack in the table below it. */
static void remember(lua_State *L, struct view pattern)
{
    lua_pushlstring(L, pattern.ptr, pattern.len);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
    lua_rawgeti(L, -2, 1);
    lua_pushinteger(L, lua_tointeger(L, -1) + 1);
    lua_rawseti(L, -4, 1);
    lua_pop(L, 1);
}

struct regex *lua_host_push_regex(lua_State *L, struct view pattern)
{
    luaL_checkstack(L, 8, NULL);
    push_patterns(L);
    lua_pushlstring(L, pattern.ptr, pattern.len);
    struct regex **keeper;
    if (lua_rawget(L, -2) == LUA_TUSERDATA) {
        keeper = lua_touserdata(L, -1);
    } else {
        lua_pop(L, 1);
        keeper = push_keeper(L);
        *keeper = compile(L, pattern);
        remember(L, pattern);
    }
    lua_remove(L, -2);
    return *keeper;
}

/* ---- matches ---------------------------------------------------------------------------------*/

/*
 * Arguments of all functions: the pattern, whose keeper is pushed, and the subject. The stack gets
 * `count` arguments below the keeper.
 */
static struct regex *check_arguments(lua_State *L, int count, struct view *subject)
{
    struct view pattern = lua_sandbox_check_text(L, 1);
    *subject = lua_sandbox_check_text(L, 2);
    if (subject->len > REGEX_SUBJECT_MAX)
        lua_host_error(L, "regular expressions work on at most %d bytes, this text has %zu",
                       REGEX_SUBJECT_MAX, subject->len);
    lua_settop(L, count);
    return lua_host_push_regex(L, pattern);
}

/* False when there is no match; anything else that is none is an error. */
static bool check_result(lua_State *L, enum regex_result result)
{
    switch (result) {
    case REGEX_MATCH:
        return true;
    case REGEX_NO_MATCH:
        return false;
    case REGEX_LIMIT:
        lua_host_limit(L, "regular expression takes too many steps: '%s'", lua_tostring(L, 1));
        return false;
    case REGEX_MEMORY:
        lua_host_limit(L, "not enough memory for a regular expression");
        return false;
    default:
        lua_host_error(L, "regular expressions work on valid UTF-8 only, from the start of a "
                          "character on");
        return false;
    }
}

static void push_group(lua_State *L, struct view subject, const struct regex_groups *groups,
                       size_t index)
{
    if (groups->at[index].set)
        lua_pushlstring(L, subject.ptr + groups->at[index].begin,
                        groups->at[index].end - groups->at[index].begin);
    else
        lua_pushboolean(L, false);
}

/* Push a table with the groups by number, from 0, and by name. */
static void push_match(lua_State *L, const struct regex *regex, struct view subject,
                       const struct regex_groups *groups)
{
    lua_createtable(L, (int)groups->count - 1, 1);
    for (size_t i = 0; i < groups->count; i++) {
        push_group(L, subject, groups, i);
        const char *name = regex_group_name(regex, i);
        if (name != NULL) {
            lua_pushvalue(L, -1);
            lua_setfield(L, -3, name);
        }
        lua_rawseti(L, -2, (lua_Integer)i);
    }
}

/* Byte at which the search begins: argument 3 as string.find takes it. */
static size_t check_init(lua_State *L, size_t length)
{
    lua_Integer init = lua_sandbox_opt_integer(L, 3, 1);
    if (init > 0)
        return (size_t)init - 1;
    return init == 0 || init < -(lua_Integer)length ? 0 : length - (size_t)(-init);
}

/* Search for arguments 1 and 2 from argument 3 on. */
static bool search(lua_State *L, struct regex **regex, struct view *subject,
                   struct regex_groups *groups)
{
    *regex = check_arguments(L, 3, subject);
    return check_result(L, regex_match(*regex, *subject, check_init(L, subject->len), groups));
}

static int re_match(lua_State *L)
{
    struct regex *regex;
    struct view subject;
    struct regex_groups groups;
    if (search(L, &regex, &subject, &groups))
        push_match(L, regex, subject, &groups);
    else
        lua_pushnil(L);
    return 1;
}

static int re_find(lua_State *L)
{
    struct regex *regex;
    struct view subject;
    struct regex_groups groups;
    if (!search(L, &regex, &subject, &groups)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)groups.at[0].begin + 1);
    lua_pushinteger(L, (lua_Integer)groups.at[0].end);
    return 2;
}

/* ---- replacement -----------------------------------------------------------------------------*/

/* A piece of a replacement: text, or a group when `group` is not NO_GROUP. */
struct piece {
    struct view text;
    size_t group;
};

enum { NO_GROUP = REGEX_GROUP_MAX };

static size_t find_group(const struct regex *regex, struct view name)
{
    for (size_t i = 0; i < regex_group_count(regex); i++) {
        const char *other = regex_group_name(regex, i);
        if (other != NULL && view_is(name, other))
            return i;
    }
    return NO_GROUP;
}

static size_t group_number(lua_State *L, const struct regex *regex, struct view text)
{
    size_t number = 0;
    bool is_number = text.len > 0 && text.len <= 2;
    for (size_t i = 0; i < text.len && is_number; i++) {
        is_number = is_digit(text.ptr[i]);
        number = number * 10 + (size_t)(text.ptr[i] - '0');
    }
    if (!is_number)
        number = find_group(regex, text);
    if (number >= regex_group_count(regex))
        lua_host_error(L, "the pattern has no group '%.*s'", VIEW_ARG(text));
    return number;
}

/* The piece of a replacement at `*at`, which is moved behind it. */
static struct piece next_piece(lua_State *L, const struct regex *regex, struct view text,
                               size_t *at)
{
    size_t begin = *at, dollar = view_find(text, '$', begin);
    if (dollar > begin) {
        *at = dollar;
        return (struct piece){view_slice(text, begin, dollar), NO_GROUP};
    }
    begin++;
    if (begin < text.len && text.ptr[begin] == '$') {
        *at = begin + 1;
        return (struct piece){VIEW("$"), NO_GROUP};
    }
    size_t end = begin;
    if (begin < text.len && text.ptr[begin] == '{') {
        begin++;
        end = view_find(text, '}', begin);
        *at = end + 1;
    } else {
        while (end < text.len && end < begin + 2 && is_digit(text.ptr[end]))
            end++;
        *at = end;
    }
    if (end == begin || *at > text.len)
        lua_host_error(L, "replacement: '$' is followed by a group's number or {name}; write $$ "
                          "for a dollar sign");
    return (struct piece){{"", 0}, group_number(L, regex, view_slice(text, begin, end))};
}

/* Like add_replacement for every match, without a match: mistakes show in any case. */
static void check_replacement(lua_State *L, const struct regex *regex, struct view text)
{
    for (size_t at = 0; at < text.len;)
        next_piece(L, regex, text, &at);
}

struct replacer {
    lua_State *L;
    struct regex *regex;
    struct view subject;
    luaL_Buffer out;
    size_t total;
};

enum { REPLACEMENT = 3 }; /* index of the argument */

static void add_bytes(struct replacer *r, struct view bytes)
{
    r->total += bytes.len;
    lua_sandbox_check_length(r->L, r->total, bytes.len);
    luaL_addlstring(&r->out, bytes.ptr, bytes.len);
}

static struct view group_text(const struct replacer *r, const struct regex_groups *groups,
                              size_t index)
{
    return view_slice(r->subject, groups->at[index].begin, groups->at[index].end);
}

static void add_replacement(struct replacer *r, const struct regex_groups *groups)
{
    struct view text = lua_sandbox_check_text(r->L, REPLACEMENT);
    for (size_t at = 0; at < text.len;) {
        struct piece piece = next_piece(r->L, r->regex, text, &at);
        add_bytes(r, piece.group == NO_GROUP ? piece.text : group_text(r, groups, piece.group));
    }
}

static void add_result(struct replacer *r, const struct regex_groups *groups)
{
    lua_State *L = r->L;
    lua_pushvalue(L, REPLACEMENT);
    push_match(L, r->regex, r->subject, groups);
    lua_call(L, 1, 1);
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        add_bytes(r, group_text(r, groups, 0)); /* stays as it is */
        return;
    }
    size_t length;
    if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
        lua_host_error(L, "re.gsub: the function gave a %s as replacement, a string is expected",
                       luaL_typename(L, -1));
    lua_tolstring(L, -1, &length);
    r->total += length;
    lua_sandbox_check_length(L, r->total, length);
    luaL_addvalue(&r->out);
}

static int re_gsub(lua_State *L)
{
    struct replacer r = {.L = L};
    r.regex = check_arguments(L, 4, &r.subject);
    bool is_function = lua_isfunction(L, REPLACEMENT);
    if (!is_function)
        check_replacement(L, r.regex, lua_sandbox_check_text(L, REPLACEMENT));
    lua_Integer most = lua_sandbox_opt_integer(L, 4, LUA_MAXINTEGER), count = 0;
    size_t copied = 0;
    struct regex_scan scan;
    struct regex_groups groups;
    luaL_buffinit(L, &r.out);
    regex_scan_begin(&scan, r.regex, r.subject);
    while (count < most && check_result(L, regex_scan_next(&scan, &groups))) {
        add_bytes(&r, view_slice(r.subject, copied, groups.at[0].begin));
        if (is_function)
            add_result(&r, &groups);
        else
            add_replacement(&r, &groups);
        copied = groups.at[0].end;
        count++;
    }
    add_bytes(&r, view_slice(r.subject, copied, r.subject.len));
    luaL_pushresult(&r.out);
    lua_pushinteger(L, count);
    return 2;
}

/* ---- the rest --------------------------------------------------------------------------------*/

static int re_split(lua_State *L)
{
    struct view subject;
    struct regex *regex = check_arguments(L, 2, &subject);
    size_t begin = 0;
    lua_Integer count = 0;
    struct regex_scan scan;
    struct regex_groups groups;
    lua_createtable(L, 4, 0);
    regex_scan_begin(&scan, regex, subject);
    while (check_result(L, regex_scan_next(&scan, &groups))) {
        if (groups.at[0].begin == groups.at[0].end)
            continue; /* nothing is no separator */
        lua_pushlstring(L, subject.ptr + begin, groups.at[0].begin - begin);
        lua_rawseti(L, -2, ++count);
        begin = groups.at[0].end;
    }
    lua_pushlstring(L, subject.ptr + begin, subject.len - begin);
    lua_rawseti(L, -2, ++count);
    return 1;
}

static int re_escape(lua_State *L)
{
    struct view text = lua_sandbox_check_text(L, 1);
    luaL_Buffer out;
    lua_host_charge(L, text.len / 4);
    luaL_buffinit(L, &out);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_alpha(c) && !is_digit(c) && c != '_' && (unsigned char)c < 0x80)
            luaL_addchar(&out, '\\');
        luaL_addchar(&out, c);
    }
    luaL_pushresult(&out);
    return 1;
}

void lua_sandbox_push_re(lua_State *L)
{
    static const struct sandbox_function functions[] = {
        {"escape", re_escape}, {"find", re_find},   {"gsub", re_gsub},
        {"match", re_match},   {"split", re_split}, {NULL, NULL},
    };
    lua_sandbox_push_library(L, functions, 5);
}
