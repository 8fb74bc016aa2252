/* `math` for rules: what gives the same result everywhere. */
#include "lua_sandbox.h"

#include <lauxlib.h>

#include <math.h> /* HUGE_VAL; no function, so that nothing has to be linked */

static int math_abs(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_Integer n = lua_tointeger(L, 1);
        lua_pushinteger(L, n < 0 ? (lua_Integer)(0u - (lua_Unsigned)n) : n);
    } else {
        lua_Number n = lua_sandbox_check_number(L, 1);
        lua_pushnumber(L, n <= 0 ? 0 - n : n);
    }
    return 1;
}

/* The largest whole number not above `number`, as an integer if it can be one. */
static lua_Number floor_of(lua_State *L, lua_Number number)
{
    lua_pushnumber(L, number);
    lua_pushnumber(L, 1);
    lua_arith(L, LUA_OPIDIV);
    lua_Number whole = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return whole;
}

static int push_whole(lua_State *L, lua_Number number)
{
    lua_Integer n;
    if (lua_numbertointeger(number, &n))
        lua_pushinteger(L, n);
    else
        lua_pushnumber(L, number);
    return 1;
}

static int math_ceil(lua_State *L)
{
    lua_Number number = lua_sandbox_check_number(L, 1);
    if (!lua_isinteger(L, 1))
        return push_whole(L, -floor_of(L, -number));
    lua_settop(L, 1);
    return 1;
}

static int math_floor(lua_State *L)
{
    lua_Number number = lua_sandbox_check_number(L, 1);
    if (!lua_isinteger(L, 1))
        return push_whole(L, floor_of(L, number));
    lua_settop(L, 1);
    return 1;
}

/* The remainder with the sign of the first: Lua's own has the sign of the second, and both are the
 * same for positive numbers. */
static int math_fmod(lua_State *L)
{
    lua_Number a = lua_sandbox_check_number(L, 1), b = lua_sandbox_check_number(L, 2);
    if (lua_isinteger(L, 1) && lua_isinteger(L, 2)) {
        lua_Integer divisor = lua_tointeger(L, 2);
        luaL_argcheck(L, divisor != 0, 2, "zero");
        /* The smallest integer divided by -1 overflows. */
        lua_pushinteger(L, divisor == -1 ? 0 : lua_tointeger(L, 1) % divisor);
        return 1;
    }
    lua_pushnumber(L, a < 0 ? -a : a);
    lua_pushnumber(L, b < 0 ? -b : b);
    lua_arith(L, LUA_OPMOD);
    if (a < 0)
        lua_pushnumber(L, -lua_tonumber(L, -1));
    return 1;
}

/* Push the argument that no other one is `before`. */
static int push_extreme(lua_State *L, bool largest)
{
    int count = lua_gettop(L), best = 1;
    luaL_argcheck(L, count >= 1, 1, "number expected");
    for (int i = 1; i <= count; i++) {
        lua_sandbox_check_number(L, i);
        bool better =
            largest ? lua_compare(L, best, i, LUA_OPLT) : lua_compare(L, i, best, LUA_OPLT);
        best = better ? i : best;
    }
    lua_pushvalue(L, best);
    return 1;
}

static int math_max(lua_State *L)
{
    return push_extreme(L, true);
}

static int math_min(lua_State *L)
{
    return push_extreme(L, false);
}

static int math_tointeger(lua_State *L)
{
    luaL_checkany(L, 1);
    int is_integer = 0;
    lua_Integer n = lua_type(L, 1) == LUA_TNUMBER ? lua_tointegerx(L, 1, &is_integer) : 0;
    if (is_integer)
        lua_pushinteger(L, n);
    else
        lua_pushnil(L);
    return 1;
}

void lua_sandbox_push_math(lua_State *L)
{
    static const struct sandbox_function functions[] = {
        {"abs", math_abs}, {"ceil", math_ceil}, {"floor", math_floor},         {"fmod", math_fmod},
        {"max", math_max}, {"min", math_min},   {"tointeger", math_tointeger}, {NULL, NULL},
    };
    lua_sandbox_push_library(L, functions, 10);
    lua_pushnumber(L, (lua_Number)HUGE_VAL);
    lua_setfield(L, -2, "huge");
    lua_pushinteger(L, LUA_MAXINTEGER);
    lua_setfield(L, -2, "maxinteger");
    lua_pushinteger(L, LUA_MININTEGER);
    lua_setfield(L, -2, "mininteger");
}
