#include "lua_api_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct view api_text(lua_State *L, int index)
{
    size_t length;
    const char *text = lua_tolstring(L, index, &length);
    return view_copy(api_of(L)->arena, (struct view){text, length});
}

static void check_key(struct fields *fields, const char *const *names)
{
    lua_State *L = fields->L;
    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "%s: a field has no name (write NAME = VALUE)", fields->what);
    struct view key = view_of(lua_tostring(L, -1)), all[64];
    size_t count = 0;
    for (; names[count] != NULL && count < sizeof(all) / sizeof(all[0]); count++) {
        if (strcmp(names[count], key.ptr) == 0)
            return;
        all[count] = view_of(names[count]);
    }
    struct view close = diag_closest(key, all, count);
    if (close.len > 0)
        luaL_error(L, "%s: unknown field '%s'; did you mean '%s'?", fields->what, key.ptr,
                   close.ptr);
    luaL_error(L, "%s: unknown field '%s'", fields->what, key.ptr);
}

struct fields fields_open(lua_State *L, int index, const char *what, const char *const *names)
{
    struct fields fields = {L, 0, what};
    if (lua_type(L, index) != LUA_TTABLE && lua_type(L, index) != LUA_TUSERDATA)
        luaL_error(L, "%s: a table is expected, found %s", what, luaL_typename(L, index));
    lua_host_thaw(L, index);
    if (lua_type(L, -1) != LUA_TTABLE)
        luaL_error(L, "%s: a table is expected, found %s", what, luaL_typename(L, -1));
    fields.table = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, fields.table) != 0) {
        lua_pop(L, 1);
        /* Positional values of argument rows are read by their own code. */
        if (lua_type(L, -1) != LUA_TNUMBER || strcmp(names[0], "[1]") != 0)
            check_key(&fields, names);
    }
    return fields;
}

int fields_error(const struct fields *fields, const char *name, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return luaL_error(fields->L, "%s: field '%s' %s", fields->what, name, text);
}

bool fields_push(const struct fields *fields, const char *name, int type)
{
    lua_State *L = fields->L;
    int found = lua_getfield(L, fields->table, name);
    if (found == LUA_TNIL) {
        lua_pop(L, 1);
        return false;
    }
    if (type != LUA_TNONE && found != type)
        fields_error(fields, name, "must be a %s, found %s", lua_typename(L, type),
                     luaL_typename(L, -1));
    return true;
}

struct view fields_text(const struct fields *fields, const char *name)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, name, LUA_TNONE))
        return VIEW("");
    if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
        fields_error(fields, name, "must be a string, found %s", luaL_typename(L, -1));
    struct view text = api_text(L, -1);
    lua_pop(L, 1);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0')
            fields_error(fields, name, "must not hold a NUL byte");
    return text;
}

struct view fields_required_text(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    if (text.len == 0)
        fields_error(fields, name, "is missing");
    return text;
}

bool fields_flag(const struct fields *fields, const char *name)
{
    if (!fields_push(fields, name, LUA_TBOOLEAN))
        return false;
    bool flag = lua_toboolean(fields->L, -1);
    lua_pop(fields->L, 1);
    return flag;
}

long long fields_integer(const struct fields *fields, const char *name, long long absent)
{
    if (!fields_push(fields, name, LUA_TNUMBER))
        return absent;
    int is_integer;
    long long value = lua_tointegerx(fields->L, -1, &is_integer);
    if (!is_integer)
        fields_error(fields, name, "must be a whole number");
    lua_pop(fields->L, 1);
    return value;
}

void fields_names(const struct fields *fields, const char *name, struct name_list *list)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, name, LUA_TTABLE))
        return;
    lua_Integer count = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_geti(L, -1, i) != LUA_TSTRING)
            fields_error(fields, name, "must be a list of strings, element %d is a %s", (int)i,
                         luaL_typename(L, -1));
        VEC_PUSH(api_of(L)->arena, list, api_text(L, -1));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}
