#include "lua_describe.h"

#include "lua_api_internal.h"

/* ---- mirrors */

struct mirror_reading {
    const struct lua_ref *mirror;
    struct api_pairs *fields;
};

static void add_value(lua_State *L, struct api_pairs *fields, struct view key)
{
    int type = lua_type(L, -1);
    if (type == LUA_TBOOLEAN)
        VEC_PUSH(api_of(L)->arena, fields,
                 (struct api_pair){key, lua_toboolean(L, -1) ? VIEW("true") : VIEW("false")});
    if (type != LUA_TSTRING && type != LUA_TNUMBER)
        return;
    lua_pushvalue(L, -1); /* api_text may turn a number into a string */
    VEC_PUSH(api_of(L)->arena, fields, (struct api_pair){key, api_text(L, -1)});
    lua_pop(L, 1);
}

/* Add the fields of the table on top of the stack, whose own name is `outer`. */
static void add_fields(lua_State *L, struct api_pairs *fields, struct view outer, int depth)
{
    luaL_checkstack(L, 6, NULL);
    lua_host_thaw(L, -1);
    int table = lua_gettop(L);
    lua_host_push_keys(L, table);
    lua_Integer count = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, table + 1, i);
        struct view key = outer;
        if (lua_type(L, -1) == LUA_TSTRING)
            key = view_format(api_of(L)->arena, "%.*s%s%s", VIEW_ARG(outer),
                              outer.len > 0 ? "." : "", lua_tostring(L, -1));
        lua_gettable(L, table);
        if (lua_istable(L, -1) && depth < LIST_DEPTH_MAX)
            add_fields(L, fields, key, depth + 1);
        else
            add_value(L, fields, key);
        lua_pop(L, 1);
    }
    lua_settop(L, table - 1);
}

static int read_mirror(lua_State *L)
{
    struct mirror_reading *reading = lua_touserdata(L, 1);
    api_push_kept(L, reading->mirror);
    add_fields(L, reading->fields, VIEW(""), 0);
    return 0;
}

bool api_read_mirror(struct api *api, const struct lua_ref *mirror, struct api_pairs *fields)
{
    struct mirror_reading reading = {mirror, fields};
    return lua_host_protect(api->host, read_mirror, &reading);
}

/* ---- caches */

struct target_reading {
    const struct cachedef *cache;
    struct expansion *e;
    struct view target;
};

static int read_target(lua_State *L)
{
    struct target_reading *reading = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, reading->cache->target);
    if (lua_isfunction(L, -1)) {
        api_push_context(L, reading->e);
        lua_call(L, 1, 1);
    }
    if (lua_type(L, -1) == LUA_TSTRING)
        reading->target = api_text(L, -1);
    return 0;
}

bool api_cache_target(struct api *api, const struct cachedef *cache, struct expansion *e,
                      struct view *target)
{
    struct target_reading reading = {cache, e, VIEW("")};
    api->expansion = e;
    bool good = lua_host_protect(api->host, read_target, &reading);
    api->expansion = NULL;
    *target = reading.target;
    return good;
}
