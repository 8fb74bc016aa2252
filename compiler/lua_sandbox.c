/* The environment of rule files, and the functions in it that belong to no library. */
#include "lua_sandbox.h"

#include "utf8.h"

#include <lauxlib.h>

#include <string.h>

static const char environment_key = 0; /* in the registry */

struct view lua_sandbox_push_text(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        break;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        break;
    default:
        lua_pushstring(L, luaL_typename(L, index));
    }
    struct view text;
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

struct view lua_sandbox_check_text(lua_State *L, int index)
{
    struct view text;
    text.ptr = luaL_checklstring(L, index, &text.len);
    return text;
}

lua_Integer lua_sandbox_check_integer(lua_State *L, int index)
{
    luaL_checktype(L, index, LUA_TNUMBER);
    return luaL_checkinteger(L, index);
}

lua_Integer lua_sandbox_opt_integer(lua_State *L, int index, lua_Integer otherwise)
{
    return lua_isnoneornil(L, index) ? otherwise : lua_sandbox_check_integer(L, index);
}

lua_Number lua_sandbox_check_number(lua_State *L, int index)
{
    luaL_checktype(L, index, LUA_TNUMBER);
    return lua_tonumber(L, index);
}

void lua_sandbox_check_length(lua_State *L, size_t length, size_t added)
{
    if (length > LUA_HOST_STRING_MAX)
        lua_host_error(L, "the result is too long: a string may have %d bytes",
                       LUA_HOST_STRING_MAX);
    lua_host_charge(L, 1 + added / 16);
}

void lua_sandbox_push_library(lua_State *L, const struct sandbox_function *functions, int count)
{
    lua_createtable(L, 0, count);
    for (; functions->name != NULL; functions++) {
        lua_pushcfunction(L, functions->function);
        lua_setfield(L, -2, functions->name);
    }
}

/* ---- functions -------------------------------------------------------------------------------*/

static int base_error(lua_State *L)
{
    lua_Integer level = lua_sandbox_opt_integer(L, 2, 1);
    if (lua_type(L, 1) != LUA_TSTRING && lua_type(L, 1) != LUA_TNUMBER) {
        lua_settop(L, 1);
        return lua_error(L);
    }
    struct span at = {NULL, 0, 0};
    if (level > 1 && level < 100)
        at = lua_host_where(L, (int)level);
    return lua_host_raise(L, at, lua_sandbox_check_text(L, 1));
}

static int base_assert(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    if (lua_isnoneornil(L, 2))
        return lua_host_error(L, "assertion failed");
    lua_remove(L, 1);
    lua_settop(L, 1);
    return base_error(L);
}

static int ipairs_step(lua_State *L)
{
    lua_Integer i = lua_sandbox_check_integer(L, 2) + 1;
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushcfunction(L, ipairs_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* Upvalues: the table, its keys when the loop began, how many of them were given. */
static int pairs_step(lua_State *L)
{
    lua_Integer given = lua_tointeger(L, lua_upvalueindex(3));
    while (lua_rawgeti(L, lua_upvalueindex(2), ++given) != LUA_TNIL) {
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(L, given);
            lua_replace(L, lua_upvalueindex(3));
            return 2;
        }
        lua_pop(L, 2); /* removed since */
        lua_host_charge(L, 1);
    }
    return 1;
}

static int base_pairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_host_thaw(L, 1);
    lua_host_push_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, pairs_step, 3);
    return 1;
}

static int base_select(lua_State *L)
{
    int count = lua_gettop(L);
    lua_host_charge(L, (size_t)count / 8);
    if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tostring(L, 1), "#") == 0) {
        lua_pushinteger(L, count - 1);
        return 1;
    }
    lua_Integer first = lua_sandbox_check_integer(L, 1);
    if (first < 0)
        first += count;
    luaL_argcheck(L, first >= 1, 1, "index out of range");
    return first >= count ? 0 : count - (int)first;
}

/* Value of a digit in a base up to 36, or 36. */
static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'z' ? low - 'a' + 10 : 36;
}

/* Push the number that `text` is in `base`, or nil. Wraps around as Lua's own. */
static int number_in_base(lua_State *L, struct view text, int base)
{
    text = utf8_trim(text);
    bool negative = view_starts(text, "-");
    if (negative)
        text = view_slice(text, 1, text.len);
    lua_Unsigned number = 0;
    bool valid = text.len > 0;
    for (size_t i = 0; i < text.len && valid; i++) {
        int digit = digit_value(text.ptr[i]);
        valid = digit < base;
        number = number * (lua_Unsigned)base + (lua_Unsigned)digit;
    }
    if (valid)
        lua_pushinteger(L, (lua_Integer)(negative ? 0u - number : number));
    else
        lua_pushnil(L);
    return 1;
}

static int base_tonumber(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING)
        lua_host_charge(L, (size_t)lua_rawlen(L, 1));
    if (!lua_isnoneornil(L, 2)) {
        lua_Integer base = lua_sandbox_check_integer(L, 2);
        luaL_checktype(L, 1, LUA_TSTRING);
        luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
        return number_in_base(L, lua_sandbox_check_text(L, 1), (int)base);
    }
    if (lua_type(L, 1) == LUA_TSTRING) {
        struct view text = lua_sandbox_check_text(L, 1);
        if (lua_stringtonumber(L, text.ptr) != text.len + 1)
            lua_pushnil(L);
    } else if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_sandbox_push_text(L, 1);
    return 1;
}

static int base_type(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

static int base_require(lua_State *L)
{
    struct view name = lua_sandbox_check_text(L, 1);
    luaL_argcheck(L, strlen(name.ptr) == name.len, 1, "a name without NUL bytes is expected");
    lua_settop(L, 1);
    return lua_host_require(L, name.ptr);
}

static int base_print(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    /* Only so much is shown. */
    for (int i = 1; i <= count && luaL_bufflen(&line) < LUA_HOST_MESSAGE_MAX; i++) {
        if (i > 1)
            luaL_addchar(&line, ' ');
        lua_sandbox_push_text(L, i);
        luaL_addvalue(&line);
    }
    luaL_pushresult(&line);
    lua_host_print(L, lua_sandbox_check_text(L, -1));
    return 0;
}

/* ---- environment -----------------------------------------------------------------------------*/

#define ABSENT "is not available in rules"

/* What Lua has and rules have not. */
static const struct absent {
    const char *name, *text;
} absent_names[] = {
    {"dfc", "is no global variable; write local dfc = require \"dfc.v1\""},
    {"_G", ABSENT "; a rule file has only local variables"},
    {"next", ABSENT "; use pairs"},
    {"rawlen", ABSENT "; use #"},
    {"rawequal", ABSENT "; use =="},
    {"unpack", ABSENT "; use table.unpack"},
    {"utf8", ABSENT "; use re"},
    {"pcall", ABSENT "; an error ends the rule"},
    {"xpcall", ABSENT "; an error ends the rule"},
    {"setmetatable", ABSENT "; there are no metatables"},
    {"getmetatable", ABSENT "; there are no metatables"},
    {"rawget", ABSENT "; there are no metatables"},
    {"rawset", ABSENT "; there are no metatables"},
    {"load", ABSENT "; use require for a file beside this one"},
    {"loadstring", ABSENT "; use require for a file beside this one"},
    {"loadfile", ABSENT "; use require for a file beside this one"},
    {"dofile", ABSENT "; use require for a file beside this one"},
    {"package", ABSENT "; use require for a file beside this one"},
    {"io", ABSENT "; files are read by ctx:file and never written"},
    {"os", ABSENT "; rules see nothing of the machine they run on"},
    {"coroutine", ABSENT},
    {"debug", ABSENT},
    {"collectgarbage", ABSENT},
};

/* Read of a name that is not in the environment. Upvalue 1: the plain environment. */
static int unknown_global(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return lua_host_error(L, "the environment has only names, found a %s as key",
                              luaL_typename(L, 2));
    struct view name = lua_sandbox_check_text(L, 2);
    for (size_t i = 0; i < sizeof(absent_names) / sizeof(absent_names[0]); i++) {
        const struct absent *absent = &absent_names[i];
        if (view_is(name, absent->name))
            return lua_host_error(L, "'%s' %s", absent->name, absent->text);
    }
    struct view meant = lua_host_closest_key(L, lua_upvalueindex(1), name);
    if (meant.len > 0)
        return lua_host_error(L, "unknown variable '%s'; did you mean '%.*s'?", name.ptr,
                              VIEW_ARG(meant));
    return lua_host_error(L, "unknown variable '%s'", name.ptr);
}

/* Upvalue 1: the plain environment. */
static int set_global(lua_State *L)
{
    lua_pushvalue(L, 2);
    bool known = lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL;
    if (lua_type(L, 2) != LUA_TSTRING)
        return lua_host_error(L, "the environment is read-only");
    const char *name = lua_tostring(L, 2);
    if (known)
        return lua_host_error(L, "'%s' can't be changed; use 'local %s'", name, name);
    return lua_host_error(L, "assignment to undeclared variable '%s'; use 'local %s'", name, name);
}

static void push_plain_environment(lua_State *L)
{
    static const struct sandbox_function functions[] = {
        {"assert", base_assert},
        {"error", base_error},
        {"ipairs", base_ipairs},
        {"pairs", base_pairs},
        {"print", base_print},
        {"require", base_require},
        {"select", base_select},
        {"tonumber", base_tonumber},
        {"tostring", base_tostring},
        {"type", base_type},
        {NULL, NULL},
    };
    static const struct {
        const char *name;
        void (*push)(lua_State *L);
    } libraries[] = {
        {"table", lua_sandbox_push_table},
        {"math", lua_sandbox_push_math},
        {"re", lua_sandbox_push_re},
    };
    lua_sandbox_push_library(L, functions, 16);
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        libraries[i].push(L);
        lua_host_freeze_strict(L, libraries[i].name);
        lua_setfield(L, -2, libraries[i].name);
    }
    /* Methods of strings are found through the same view, which nobody can write to. */
    lua_sandbox_push_string(L);
    lua_host_freeze_strict(L, "string");
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    lua_setfield(L, -2, "string");
}

/*
 * An empty table whose reads end in the plain environment and then in unknown_global: an existing
 * name is found without a call.
 */
void lua_sandbox_open(lua_State *L)
{
    push_plain_environment(L);
    int plain = lua_gettop(L);
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, plain);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, plain);
    lua_pushcclosure(L, set_global, 1);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, plain);
    lua_pushcclosure(L, unknown_global, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, plain);
    lua_pop(L, 1);
}

void lua_sandbox_push_environment(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key);
}
