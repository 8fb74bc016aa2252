/* `table` for rules: the functions that change a table refuse those that belong to dfc. */
#include "lua_sandbox.h"

#include <lauxlib.h>

#include <string.h>

/* Replace a frozen view at `index` by its table; gives the number of elements. */
static lua_Integer check_readable(lua_State *L, int index)
{
    luaL_checktype(L, index, LUA_TTABLE);
    lua_host_thaw(L, index);
    lua_replace(L, index);
    return (lua_Integer)lua_rawlen(L, index);
}

static lua_Integer check_writable(lua_State *L, int index)
{
    lua_frozen_check_writable(L, index);
    return (lua_Integer)lua_rawlen(L, index);
}

static int table_concat(lua_State *L)
{
    lua_Integer length = check_readable(L, 1);
    struct view between;
    between.ptr = luaL_optlstring(L, 2, "", &between.len);
    lua_Integer first = lua_sandbox_opt_integer(L, 3, 1),
                last = lua_sandbox_opt_integer(L, 4, length);
    size_t total = 0;
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    for (lua_Integer i = first; i <= last; i++) {
        int type = lua_rawgeti(L, 1, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER)
            return lua_host_error(L, "table.concat: element %lld is a %s, not a string",
                                  (long long)i, luaL_typename(L, -1));
        size_t added = (size_t)lua_rawlen(L, -1) + (i < last ? between.len : 0);
        total += added;
        lua_sandbox_check_length(L, total, added);
        luaL_addvalue(&text);
        if (i == last)
            break; /* before i + 1 overflows */
        luaL_addlstring(&text, between.ptr, between.len);
    }
    luaL_pushresult(&text);
    return 1;
}

static int table_insert(lua_State *L)
{
    lua_Integer end = check_writable(L, 1) + 1, at = end;
    switch (lua_gettop(L)) {
    case 2:
        break;
    case 3:
        at = lua_sandbox_check_integer(L, 2);
        luaL_argcheck(L, at >= 1 && at <= end, 2, "position out of bounds");
        break;
    default:
        return lua_host_error(L, "table.insert takes a table, a position if wanted, and a value");
    }
    lua_host_charge(L, (size_t)(end - at));
    for (lua_Integer i = end; i > at; i--) {
        lua_rawgeti(L, 1, i - 1);
        lua_rawseti(L, 1, i);
    }
    lua_rawseti(L, 1, at);
    return 0;
}

static int table_remove(lua_State *L)
{
    lua_Integer length = check_writable(L, 1), at = lua_sandbox_opt_integer(L, 2, length);
    if (!lua_isnoneornil(L, 2))
        luaL_argcheck(L, (at >= 1 && at <= length + 1) || (length == 0 && at == 0), 2,
                      "position out of bounds");
    lua_rawgeti(L, 1, at);
    if (at < length)
        lua_host_charge(L, (size_t)(length - at));
    for (; at < length; at++) {
        lua_rawgeti(L, 1, at + 1);
        lua_rawseti(L, 1, at);
    }
    lua_pushnil(L);
    lua_rawseti(L, 1, at);
    return 1;
}

static int table_unpack(lua_State *L)
{
    lua_Integer length = check_readable(L, 1);
    lua_Integer first = lua_sandbox_opt_integer(L, 2, 1),
                last = lua_sandbox_opt_integer(L, 3, length);
    if (first > last)
        return 0;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
    if (count >= SANDBOX_RESULTS_MAX)
        return lua_host_error(L, "table.unpack gives at most %d values", SANDBOX_RESULTS_MAX);
    luaL_checkstack(L, (int)count + 1, NULL);
    for (lua_Unsigned i = 0; i <= count; i++)
        lua_rawgeti(L, 1, first + (lua_Integer)i);
    return (int)count + 1;
}

/* ---- sort ------------------------------------------------------------------------------------*/

enum { SORT_TABLE = 1, SORT_LESS = 2, SORT_ITEMS = 3 }; /* indices on the stack */

/*
 * A stable merge sort of the numbers of the elements. The elements themselves are copied first, so
 * a comparison may do to the table what it likes, and one that is no order only gives some order.
 */
struct sort {
    lua_State *L;
    int *from, *to;
    int count;
    bool has_less;
};

/* What comparing costs beyond a step: two long strings can be equal for long. */
static void charge_comparison(lua_State *L)
{
    size_t a = lua_type(L, -1) == LUA_TSTRING ? lua_rawlen(L, -1) : 0;
    size_t b = lua_type(L, -2) == LUA_TSTRING ? lua_rawlen(L, -2) : 0;
    lua_host_charge(L, 2 + (a < b ? a : b) / 16);
}

static bool is_less(const struct sort *sort, int a, int b)
{
    lua_State *L = sort->L;
    bool less;
    if (sort->has_less) {
        lua_pushvalue(L, SORT_LESS);
        lua_rawgeti(L, SORT_ITEMS, a);
        lua_rawgeti(L, SORT_ITEMS, b);
        lua_call(L, 2, 1);
        less = lua_toboolean(L, -1);
        lua_pop(L, 1);
    } else {
        lua_rawgeti(L, SORT_ITEMS, a);
        lua_rawgeti(L, SORT_ITEMS, b);
        charge_comparison(L);
        less = lua_compare(L, -2, -1, LUA_OPLT);
        lua_pop(L, 2);
    }
    return less;
}

/* Merge [begin, middle) and [middle, end); of equal elements the left ones come first. */
static void merge(const struct sort *sort, int begin, int middle, int end)
{
    int left = begin, right = middle;
    for (int i = begin; i < end; i++) {
        bool take_right =
            left == middle || (right < end && is_less(sort, sort->from[right], sort->from[left]));
        sort->to[i] = sort->from[take_right ? right++ : left++];
    }
}

static int earlier(int a, int b)
{
    return a < b ? a : b;
}

static void merge_all(struct sort *sort)
{
    for (int width = 1; width < sort->count; width *= 2) {
        lua_host_charge(sort->L, (size_t)sort->count);
        for (int begin = 0; begin < sort->count; begin += 2 * width)
            merge(sort, begin, earlier(begin + width, sort->count),
                  earlier(begin + 2 * width, sort->count));
        int *swap = sort->from;
        sort->from = sort->to;
        sort->to = swap;
    }
}

static int table_sort(lua_State *L)
{
    enum { SORT_MAX = 1 << 24 };
    lua_Integer length = check_writable(L, SORT_TABLE);
    luaL_argcheck(L, length <= SORT_MAX, 1, "too many elements");
    bool has_less = !lua_isnoneornil(L, SORT_LESS);
    if (has_less)
        luaL_checktype(L, SORT_LESS, LUA_TFUNCTION);
    lua_settop(L, SORT_LESS);
    int count = (int)length;
    lua_host_charge(L, (size_t)count * 2);
    lua_createtable(L, count, 0);
    int *numbers = lua_newuserdatauv(L, ((size_t)count + 1) * 2 * sizeof(int), 0);
    struct sort sort = {L, numbers, numbers + count, count, has_less};
    for (int i = 1; i <= count; i++) {
        lua_rawgeti(L, SORT_TABLE, i);
        lua_rawseti(L, SORT_ITEMS, i);
        numbers[i - 1] = i;
    }
    merge_all(&sort);
    for (int i = 1; i <= count; i++) {
        lua_rawgeti(L, SORT_ITEMS, sort.from[i - 1]);
        lua_rawseti(L, SORT_TABLE, i);
    }
    return 0;
}

void lua_sandbox_push_table(lua_State *L)
{
    static const struct sandbox_function functions[] = {
        {"concat", table_concat}, {"insert", table_insert}, {"remove", table_remove},
        {"sort", table_sort},     {"unpack", table_unpack}, {NULL, NULL},
    };
    lua_sandbox_push_library(L, functions, 5);
}
