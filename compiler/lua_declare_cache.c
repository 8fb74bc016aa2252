/* dfc.cachedef: what rules say about a cache. lua_cache.c makes mounts of it. */
#include "lua_api_internal.h"

#include <string.h>

static void read_sharing(const struct fields *fields, struct cachedef *cache)
{
    cache->sharing = fields_required_text(fields, "sharing");
    if (!view_is(cache->sharing, "shared") && !view_is(cache->sharing, "locked") &&
        !view_is(cache->sharing, "private"))
        fields_error(fields, "sharing", "must be shared, locked or private, found '%s'",
                     cache->sharing.ptr);
}

/* What stands before "-debian-bookworm" in the id of the mount; the cache's name by default. */
static void read_id(const struct fields *fields, struct cachedef *cache)
{
    cache->id = fields_text(fields, "id");
    if (cache->id.len == 0)
        cache->id = cache->name;
    for (size_t i = 0; i < cache->id.len; i++) {
        char c = cache->id.ptr[i];
        if (!is_alpha(c) && !is_digit(c) && strchr("._-", c) == NULL)
            fields_error(fields, "id", "must be letters, digits, '.', '_' and '-', found '%s'",
                         cache->id.ptr);
    }
}

/* A path such as "registry" or "a/b", with nothing that a mount or a shell would read otherwise. */
static void read_below(const struct fields *fields, struct cachedef *cache)
{
    cache->below = fields_text(fields, "below");
    if (cache->below.len == 0)
        return;
    if (cache->variable.len == 0)
        fields_error(fields, "below", "is only for a cache with 'env'");
    bool good =
        cache->below.ptr[0] != '/' && view_search(cache->below, VIEW("..")) == cache->below.len;
    for (size_t i = 0; i < cache->below.len; i++) {
        char c = cache->below.ptr[i];
        good = good && (is_alpha(c) || is_digit(c) || strchr("._-/", c) != NULL);
    }
    if (!good)
        fields_error(fields, "below",
                     "must be a path without '..' of letters, digits, '.', '_', '-', found '%s'",
                     cache->below.ptr);
}

/* How the tool is told where the cache is. */
static void read_variable(const struct fields *fields, struct cachedef *cache)
{
    cache->variable = fields_text(fields, "env");
    if (cache->variable.len > 0 && !api_is_variable_name(cache->variable))
        fields_error(fields, "env", "must be the name of an environment variable, found '%s'",
                     cache->variable.ptr);
    read_below(fields, cache);
    cache->option = fields_text(fields, "option");
    if (cache->option.len > 0 && cache->variable.len == 0)
        fields_error(fields, "option", "is only for a cache with 'env'");
    if (cache->option.len > 0 && cache->below.len > 0)
        fields_error(fields, "option", "can't stand beside the field 'below'");
}

int api_declare_cache(lua_State *L)
{
    static const char *const names[] = {"target", "id",    "sharing",  "distro",     "libc",
                                        "arch",   "env",   "below",    "option",     "project",
                                        "beside", "clean", "override", "copies_out", NULL};
    struct api *api = api_of(L);
    api_check_declaring(L, "dfc.cachedef");
    struct fields fields = fields_open(L, 1, "dfc.cachedef", names);
    struct cachedef *cache = ARENA_NEW(api->arena, struct cachedef);
    cache->name = api_text(L, lua_upvalueindex(1));
    api_check_name(L, cache->name, "dfc.cachedef");
    cache->target = api_keep_function(&fields, "target");
    read_id(&fields, cache);
    read_sharing(&fields, cache);
    read_variable(&fields, cache);
    cache->has_project = fields_push(&fields, "project", LUA_TFUNCTION);
    if (cache->has_project)
        cache->project = luaL_ref(L, LUA_REGISTRYINDEX);
    cache->distro = fields_flag(&fields, "distro");
    cache->libc = fields_flag(&fields, "libc");
    cache->arch = fields_flag(&fields, "arch");
    cache->beside = fields_flag(&fields, "beside");
    cache->clean = fields_text(&fields, "clean");
    cache->copies_out = fields_flag(&fields, "copies_out");
    cache->origin = api_origin(L, fields_flag(&fields, "override"));
    const struct cachedef *old = map_get(&api->rules.caches, cache->name);
    struct view what = view_format(api->arena, "the cache '%.*s'", VIEW_ARG(cache->name));
    if (api_takes_place(api, &cache->origin, old == NULL ? NULL : &old->origin, what.ptr))
        map_set(api->arena, &api->rules.caches, cache->name, cache);
    return 0;
}
