#include "lua_api_internal.h"

#include <stdlib.h>
#include <string.h>

struct api *api_of(lua_State *L)
{
    return lua_host_owner(lua_host_of(L));
}

/* dfc.keys(t): the keys of a table, whole numbers first, then strings in byte order. */
static int table_keys(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TTABLE)
        return lua_host_error(L, "dfc.keys: a table is expected, found %s", api_type_name(L, 1));
    lua_host_push_keys(L, 1);
    return 1;
}

/* Build the table that `require "dfc.v1"` gives. */
static int open_api(lua_State *L)
{
    lua_newtable(L);
    api_open_nodes(L);
    api_open_declarations(L);
    api_open_context(L);
    api_open_rewrite_types(L);
    lua_pushstring(L, DFC_VERSION);
    lua_setfield(L, -2, "version");
    lua_pushcfunction(L, table_keys);
    lua_setfield(L, -2, "keys");
    lua_host_freeze_strict(L, "dfc");
    lua_setfield(L, LUA_REGISTRYINDEX, "dfc.v1");
    return 0;
}

static int push_module(lua_State *L, struct api *api, struct rule_file *file)
{
    if (file->loading)
        return luaL_error(L, "'%s' requires itself", file->module.ptr);
    if (!file->loaded && api->loading_depth >= REQUIRE_DEPTH_MAX)
        return luaL_error(L, "more than %d rule files require one another in a row",
                          REQUIRE_DEPTH_MAX);
    if (!api_load(api, file))
        return lua_host_stop(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, file->result);
    return 1;
}

static int find_module(lua_State *L, struct lua_host *host, struct source *from, const char *name,
                       void *context)
{
    struct api *api = context;
    (void)host;
    if (strcmp(name, "dfc.v1") == 0) {
        lua_getfield(L, LUA_REGISTRYINDEX, "dfc.v1");
        return 1;
    }
    struct rule_file *asking = from == NULL ? NULL : rule_files_file_of(api->files, from);
    struct rule_problem problem = {RULES_MISSING, 0, VIEW("")};
    struct rule_file *file =
        asking == NULL ? NULL
                       : rule_files_find_sibling(api->files, asking, view_of(name), &problem);
    if (file == NULL && problem.kind != RULES_MISSING)
        return luaL_error(L, "%s", rule_problem_text(api->arena, &problem).ptr);
    if (file == NULL)
        return luaL_error(L,
                          "there is no module '%s' beside this file, only \"dfc.v1\" and its "
                          "siblings can be required",
                          name);
    return push_module(L, api, file);
}

/* Run a file and keep what it returns, frozen, for those that require it. */
static int run_file(lua_State *L)
{
    struct rule_file *file = lua_touserdata(L, 1);
    struct api *api = api_of(L);
    if (!lua_host_run(api->host, file->source, 1))
        return lua_host_stop(L);
    api_check_begun(L);
    if (lua_istable(L, -1))
        lua_host_freeze(L);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, true); /* as Lua's own require does */
    }
    file->result = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

bool api_load(struct api *api, struct rule_file *file)
{
    if (file->loaded)
        return file->result != LUA_NOREF;
    struct rule_file *outer = api->loading;
    file->result = LUA_NOREF;
    file->loaded = file->loading = true;
    api->loading = file;
    api->loading_depth++;
    api_begin_call(api);
    size_t begun_before = api->begun_before;
    api->begun_before = api->begun.count;
    bool good = lua_host_protect(api->host, run_file, file);
    api->loading_depth--;
    api->begun_before = begun_before;
    api->loading = outer;
    file->loading = false;
    return good;
}

struct api *api_new(struct arena *arena, struct diag_list *diags, const struct dfc_config *config,
                    struct rule_files *files, struct stages *stages)
{
    struct api *api = ARENA_NEW(arena, struct api);
    struct lua_limits limits = lua_default_limits();
    limits.shift = config->hash_shift;
    api->arena = arena;
    api->diags = diags;
    api->config = config;
    api->files = files;
    api->stages = stages;
    api->host = lua_host_new(arena, diags, &limits);
    if (api->host == NULL)
        return NULL;
    lua_host_set_owner(api->host, api);
    lua_host_on_require(api->host, find_module, api);
    if (!lua_host_protect(api->host, open_api, NULL)) {
        lua_host_free(api->host);
        return NULL;
    }
    return api;
}

void api_free(struct api *api)
{
    lua_host_free(api->host);
    free(api->pending);
    api->pending = NULL;
}

bool api_load_configuration(struct api *api, struct rule_file *file,
                            struct configuration *configuration)
{
    file->configuration = configuration;
    bool good = api_load(api, file);
    file->configuration = NULL;
    return good;
}

bool api_load_files(struct api *api, const struct rule_file_list *files)
{
    bool good = true;
    for (int layer = LAYER_USER; layer <= LAYER_INPUT; layer++)
        for (size_t i = 0; i < files->count; i++)
            if (files->items[i]->layer == (enum rule_layer)layer)
                good &= api_load(api, files->items[i]);
    api_warn_shadows(api);
    return api_check_mirror_kinds(api) && good;
}

const struct rule *api_find_rule(struct api *api, struct view name, bool *failed)
{
    struct rule *rule = map_get(&api->rules.directives, name);
    *failed = false;
    if (rule != NULL)
        return rule;
    struct rule_file *file = rule_files_find(api->files, STDLIB_DIRECTIVE, name);
    if (file == NULL)
        return NULL;
    *failed = !api_load(api, file);
    return *failed ? NULL : map_get(&api->rules.directives, name);
}

void api_directive_names(struct api *api, struct name_list *names)
{
    rule_files_add_names(api->files, STDLIB_DIRECTIVE, names);
    for (size_t i = 0; i < api->rules.directives.count; i++)
        VEC_PUSH(api->arena, names, api->rules.directives.items[i].key);
}

/* A variable of options: what it has in the image, or is given here, stays. */
static void add_option(struct arena *arena, struct env_list *env, const struct mount *mount)
{
    struct env_list changed = {0};
    struct view value = view_format(arena, "${%.*s-}", VIEW_ARG(mount->variable));
    for (size_t i = 0; i < env->count; i++) {
        if (view_equal(env->items[i].name, mount->variable))
            value = env->items[i].value;
        else
            VEC_PUSH(arena, &changed, env->items[i]);
    }
    value = view_format(arena, "%.*s %.*s", VIEW_ARG(value), VIEW_ARG(mount->value));
    VEC_PUSH(arena, &changed, (struct env_pair){mount->variable, value, VIEW("")});
    *env = changed;
}

/* What the directive's own options add to each RUN that its rule has made. */
static void add_own_options(struct api *api, struct expansion *e, struct run *run)
{
    const struct directive *directive = e->directive;
    for (size_t i = 0; i < directive->flags.count; i++)
        VEC_PUSH(api->arena, &run->flags, directive->flags.items[i]);
    for (size_t i = 0; i < directive->env.count; i++)
        VEC_PUSH(api->arena, &run->env, directive->env.items[i]);
    for (size_t i = 0; i < run->mounts.count; i++) {
        const struct mount *mount = run->mounts.items[i];
        if (mount->variable.len > 0 && mount->is_option)
            add_option(api->arena, &run->env, mount);
        else if (mount->variable.len > 0)
            VEC_PUSH(api->arena, &run->env,
                     (struct env_pair){mount->variable, mount->value, VIEW("")});
    }
}

/* `caches` of the rule: checked when it is used, since they may be declared after it. */
static void check_caches(lua_State *L, const struct rule *rule)
{
    for (size_t i = 0; i < rule->caches.count; i++)
        if (api_find_cache(api_of(L), rule->caches.items[i]) == NULL)
            api_no_cache(L, rule->origin.at, "dfc.directive: field 'caches'",
                         rule->caches.items[i]);
}

static void report_unused(struct api *api, struct expansion *e, struct span at, const char *what)
{
    diag_add(api->diags, DIAG_ERROR, "unused-words", at, "@%.*s has no use for %s",
             VIEW_ARG(e->directive->name), what);
    e->failed = true;
}

static bool has_run(const struct node_list *nodes)
{
    for (size_t i = 0; i < nodes->count; i++)
        if (nodes->items[i]->kind == NODE_RUN)
            return true;
    return false;
}

/* What every directive takes would get lost when its rule has no use for it. */
static void check_used(struct api *api, struct expansion *e)
{
    const struct directive *directive = e->directive;
    bool is_command = directive->rule->is_command;
    if (e->failed)
        return;
    if (!is_command && directive->rest.count > 0 && !e->has_read_rest)
        report_unused(api, e, directive->rest.items[0].at, "words behind '--'");
    if (!is_command && directive->exe.len > 0 && !e->has_read_exe)
        report_unused(api, e, directive->name_at, "--exe");
    if (directive->env.count + directive->flags.count > 0 && !has_run(&e->result))
        report_unused(api, e, directive->name_at, "the options of a RUN: it makes none");
}

static int call_rule(lua_State *L)
{
    struct expansion *e = lua_touserdata(L, 1);
    check_caches(L, e->directive->rule);
    lua_rawgeti(L, LUA_REGISTRYINDEX, e->directive->rule->expand);
    lua_host_blame(lua_host_of(L), lua_host_function_span(L, -1));
    api_push_context(L, e);
    api_push_arguments(L, e);
    lua_call(L, 2, 1);
    api_read_nodes(L, lua_gettop(L), "what a rule returns", &e->result);
    return 0;
}

bool api_expand(struct api *api, struct expansion *e)
{
    struct directive *directive = e->directive;
    struct view verb = view_format(api->arena, "expanding @%.*s", VIEW_ARG(directive->name));
    lua_host_set_activity(api->host, (struct lua_activity){verb.ptr, directive->name_at});
    api->expansion = e;
    api->call++;
    api_begin_call(api);
    struct span before = lua_host_blame(api->host, directive->rule->origin.at);
    size_t helpers = api->helpers.count;
    bool good = lua_host_protect(api->host, call_rule, e);
    lua_host_blame(api->host, before);
    if (good)
        api_settle_mirror_args(api, e, helpers);
    lua_host_set_activity(api->host, (struct lua_activity){NULL, {NULL, 0, 0}});
    api->expansion = NULL;
    if (good)
        check_used(api, e);
    for (size_t i = 0; good && i < e->result.count; i++)
        if (e->result.items[i]->kind == NODE_RUN)
            add_own_options(api, e, &e->result.items[i]->run);
    return good && !e->failed;
}
