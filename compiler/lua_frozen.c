/*
 * Frozen views: an empty table with a shared metatable, which holds the plain table under a key
 * that no rule can make. Rules have no rawget and no getmetatable, so they can't get behind it.
 */
#include "lua_host.h"

#include "lua_sandbox.h"

#include <lauxlib.h>

#include <stdlib.h>
#include <string.h>

static const char plain_key = 0;     /* in a view: the plain table */
static const char what_key = 0;      /* in a strict view: its name */
static const char metatable_key = 0; /* in the registry: the metatable of all views */

static int frozen_index(lua_State *L)
{
    lua_rawgetp(L, 1, &plain_key);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 3) != LUA_TNIL || lua_rawgetp(L, 1, &what_key) == LUA_TNIL)
        return 1;
    const char *what = lua_tostring(L, -1);
    if (lua_type(L, 2) != LUA_TSTRING)
        return lua_host_error(L, "'%s' has only named fields, found a %s as key", what,
                              luaL_typename(L, 2));
    struct view name;
    name.ptr = lua_tolstring(L, 2, &name.len);
    struct view meant = lua_host_closest_key(L, 3, name);
    if (meant.len > 0)
        return lua_host_error(L, "'%s' has no field '%s'; did you mean '%.*s'?", what, name.ptr,
                              VIEW_ARG(meant));
    return lua_host_error(L, "'%s' has no field '%s'", what, name.ptr);
}

static int frozen_newindex(lua_State *L)
{
    if (lua_type(L, 2) == LUA_TSTRING)
        return lua_host_error(L, "field '%s' can't be set: this table is read-only",
                              lua_tostring(L, 2));
    return lua_host_error(L, "this table is read-only");
}

static int frozen_length(lua_State *L)
{
    lua_rawgetp(L, 1, &plain_key);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
    return 1;
}

static void push_metatable(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 4);
    lua_pushcfunction(L, frozen_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, frozen_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, frozen_length);
    lua_setfield(L, -2, "__len");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

static bool is_view(lua_State *L, int index)
{
    if (!lua_istable(L, index))
        return false;
    bool found = lua_rawgetp(L, index, &plain_key) == LUA_TTABLE;
    lua_pop(L, 1);
    return found;
}

static void freeze(lua_State *L, int depth);

/* Freeze the tables in the table on top of the stack. */
static void freeze_fields(lua_State *L, int depth)
{
    int table = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        if (!lua_istable(L, -1) || is_view(L, -1)) {
            lua_pop(L, 1);
            continue;
        }
        freeze(L, depth + 1);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, table); /* an existing field: allowed while traversing */
    }
}

static void freeze(lua_State *L, int depth)
{
    if (depth > LUA_HOST_DEPTH_MAX)
        lua_host_error(L, "tables are nested too deeply: at most %d levels are allowed",
                       LUA_HOST_DEPTH_MAX);
    luaL_checkstack(L, 8, NULL);
    lua_host_charge(L, (size_t)lua_rawlen(L, -1));
    freeze_fields(L, depth);
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_rawsetp(L, -2, &plain_key);
    push_metatable(L);
    lua_setmetatable(L, -2);
}

void lua_host_freeze(lua_State *L)
{
    if (lua_istable(L, -1) && !is_view(L, -1))
        freeze(L, 1);
}

void lua_host_freeze_strict(lua_State *L, const char *what)
{
    lua_host_freeze(L);
    lua_pushstring(L, what);
    lua_rawsetp(L, -2, &what_key);
}

void lua_host_thaw(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (lua_istable(L, index)) {
        if (lua_rawgetp(L, index, &plain_key) == LUA_TTABLE)
            return;
        lua_pop(L, 1);
    }
    lua_pushvalue(L, index);
}

/* Rules can't set metatables, so a table that has one belongs to dfc. */
void lua_frozen_check_writable(lua_State *L, int index)
{
    luaL_checktype(L, index, LUA_TTABLE);
    if (lua_getmetatable(L, index))
        lua_host_error(L, "this table is read-only");
}

/* ---- keys in order ---------------------------------------------------------------------------*/

struct key {
    struct view text; /* ptr NULL: a number */
    lua_Integer number;
    lua_Integer place; /* in the unsorted array */
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->text.ptr == NULL || y->text.ptr == NULL) {
        if (x->text.ptr != NULL || y->text.ptr != NULL)
            return x->text.ptr == NULL ? -1 : 1;
        return x->number < y->number ? -1 : x->number > y->number;
    }
    return view_compare(x->text, y->text);
}

/* Push an array of the keys as they come; gives their number and the bytes of the strings. */
static lua_Integer collect_keys(lua_State *L, int table, size_t *bytes)
{
    lua_Integer count = 0;
    lua_createtable(L, (int)(lua_rawlen(L, table) & 0xffff), 0);
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        lua_pop(L, 1);
        bool is_text = lua_type(L, -1) == LUA_TSTRING;
        if (!is_text && !lua_isinteger(L, -1))
            lua_host_error(L, "keys must be strings or whole numbers to have an order, found a %s",
                           luaL_typename(L, -1));
        if (is_text)
            *bytes += lua_rawlen(L, -1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
    }
    return count;
}

static bool read_keys(lua_State *L, int array, struct key *keys, size_t count)
{
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct key){.place = (lua_Integer)i + 1};
        if (lua_rawgeti(L, array, keys[i].place) == LUA_TSTRING)
            keys[i].text.ptr = lua_tolstring(L, -1, &keys[i].text.len);
        else
            keys[i].number = lua_tointeger(L, -1);
        lua_pop(L, 1);
        sorted = sorted && (i == 0 || compare_keys(&keys[i - 1], &keys[i]) < 0);
    }
    return sorted;
}

void lua_host_push_keys(lua_State *L, int index)
{
    enum { FEW = 32 };
    struct key few[FEW], *keys = few;
    size_t bytes = 0;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 8, NULL);
    lua_host_thaw(L, index);
    int table = lua_gettop(L);
    size_t count = (size_t)collect_keys(L, table, &bytes);
    lua_host_charge(L, count * 2);
    if (count > FEW)
        keys = lua_newuserdatauv(L, count * sizeof(*keys), 0);
    if (!read_keys(L, table + 1, keys, count)) {
        lua_host_charge(L, count * 8 + bytes / 16);
        qsort(keys, count, sizeof(*keys), compare_keys);
        lua_createtable(L, count < 0x10000 ? (int)count : 0x10000, 0);
        for (size_t i = 0; i < count; i++) {
            lua_rawgeti(L, table + 1, keys[i].place);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        lua_replace(L, table + 1);
    }
    lua_settop(L, table + 1);
    lua_remove(L, table);
}

struct view lua_host_closest_key(lua_State *L, int index, struct view name)
{
    enum { NAMES_MAX = 256 };
    struct view names[NAMES_MAX];
    size_t count = 0;
    index = lua_absindex(L, index);
    /* Sorted: of two that are equally close, the first must be the same in every run. */
    lua_host_push_keys(L, index);
    for (lua_Integer i = 1; count < NAMES_MAX && lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
        if (lua_type(L, -1) == LUA_TSTRING) {
            names[count].ptr = lua_tolstring(L, -1, &names[count].len);
            count++;
        }
        lua_pop(L, 1);
    }
    struct view found = diag_closest(name, names, count);
    lua_pop(L, count < NAMES_MAX ? 2 : 1);
    return found;
}
