/* What a rule is told: `ctx` (the stage, the base image, the user …) and `a` (the arguments). Both
 * are objects whose fields are made when they are read, since a rule reads few of them. */
#include "lua_api_internal.h"

#include "path.h"

#include <stdlib.h>
#include <string.h>

#define TYPE_CONTEXT   "dfc.ctx"
#define TYPE_ARGUMENTS "dfc.args"

enum { CONTEXT_FILE_MAX = 1024 * 1024 };

static void set_text(lua_State *L, const char *name, struct view text)
{
    if (text.len == 0)
        return;
    lua_pushlstring(L, text.ptr, text.len);
    lua_setfield(L, -2, name);
}

static void set_flag(lua_State *L, const char *name, bool flag)
{
    lua_pushboolean(L, flag);
    lua_setfield(L, -2, name);
}

static struct expansion *current(lua_State *L)
{
    struct expansion *expansion = api_of(L)->expansion;
    if (expansion == NULL)
        luaL_error(L, "ctx can only be used while its directive is expanded");
    return expansion;
}

/* ---- fields of ctx */

static void push_stage(lua_State *L, const struct expansion *e)
{
    lua_newtable(L);
    set_text(L, "name", e->stage->name);
    lua_pushinteger(L, (lua_Integer)e->stage->index);
    lua_setfield(L, -2, "index");
    if (e->stage->parent != NULL)
        set_text(L, "parent", e->stage->parent->name);
    set_text(L, "platform", e->stage->platform);
}

static void push_base(lua_State *L, const struct expansion *e)
{
    lua_newtable(L);
    set_text(L, "image", e->stage->ref_text);
    if (e->stage->ref_known) {
        set_text(L, "registry", e->stage->ref.registry);
        set_text(L, "repo", e->stage->ref.repo);
        set_text(L, "tag", e->stage->ref.tag);
        set_text(L, "digest", e->stage->ref.digest);
    }
    set_text(L, "family", e->facts->family);
    set_text(L, "distro", e->facts->distro);
    set_text(L, "release", e->facts->release);
    set_text(L, "libc", e->facts->libc);
    set_flag(L, "windows", e->facts->windows);
    set_flag(L, "ca", e->facts->has_ca);
}

static void push_user(lua_State *L, const struct expansion *e)
{
    const struct stage_user *user = &e->stage->user;
    lua_newtable(L);
    set_flag(L, "root", user->root);
    set_text(L, "name", user->name);
    set_text(L, "uid", user->uid);
    set_text(L, "gid", user->gid);
    set_text(L, "home", user->home);
}

static void push_shell(lua_State *L, const struct expansion *e)
{
    lua_newtable(L);
    set_flag(L, "posix", e->stage->shell_is_posix);
}

static void push_texts(lua_State *L, const struct map *map)
{
    lua_newtable(L);
    for (size_t i = 0; i < map->count; i++) {
        const struct view *value = map->items[i].value;
        lua_pushlstring(L, map->items[i].key.ptr, map->items[i].key.len);
        lua_pushlstring(L, value->ptr == NULL ? "" : value->ptr, value->len);
        lua_rawset(L, -3);
    }
}

static void push_env(lua_State *L, const struct expansion *e)
{
    push_texts(L, &e->stage->env);
}

static void push_args(lua_State *L, const struct expansion *e)
{
    push_texts(L, &e->stage->args);
}

static void push_workdir(lua_State *L, const struct expansion *e)
{
    lua_pushlstring(L, e->stage->workdir.ptr, e->stage->workdir.len);
}

/* ---- methods */

bool api_path_leaves_context(struct api *api, struct view path)
{
    return path_escapes(api->arena, path);
}

struct view api_clean(struct api *api, struct view path)
{
    return path_clean(api->arena, path);
}

bool api_context_has(struct api *api, struct view path)
{
    struct view clean = path_clean(api->arena, path);
    return api->config->exists(api->config->context, api->config->context_dir, clean.ptr);
}

/*
 * ctx:file(path): the text of a file of the build context, or nil when there is none. A path that
 * leaves the context, by ".." or by a link, is an error.
 */
static int context_file(lua_State *L)
{
    struct api *api = api_of(L);
    luaL_checkstring(L, 2);
    struct view path = path_clean(api->arena, api_text(L, 2));
    char *text = NULL;
    size_t length = 0;
    if (path_escapes(api->arena, path))
        return luaL_error(L, "ctx:file: '%s' leads out of the build context", path.ptr);
    int error = api->config->read_file(api->config->context, api->config->context_dir, path.ptr,
                                       CONTEXT_FILE_MAX, &text, &length);
    if (error != 0) {
        lua_pushnil(L);
        lua_pushstring(L, strerror(error));
        return 2;
    }
    struct view copy = {arena_strndup(api->arena, text, length), length};
    free(text);
    lua_pushlstring(L, copy.ptr, copy.len);
    return 1;
}

/* ctx:once(key, node): set-up that a stage needs once, placed before its first use. */
static int context_once(lua_State *L)
{
    struct api *api = api_of(L);
    struct expansion *e = current(L);
    luaL_checkstring(L, 2);
    struct view key = api_text(L, 2);
    if (map_find(&e->stage->once, key) != NULL)
        return 0;
    struct node *node = api_check_node(L, 3);
    map_set(api->arena, &e->stage->once, key, node);
    VEC_PUSH(api->arena, &e->setup, node);
    return 0;
}

/* The place that `at` names: an argument ("package", or {"package", 2}), or the directive. */
static struct span finding_span(lua_State *L, struct expansion *e)
{
    struct span at = e->directive->name_at;
    const char *key = NULL;
    lua_Integer index = 1;
    int type = lua_getfield(L, 3, "at");
    if (type == LUA_TTABLE) {
        lua_geti(L, -1, 2);
        index = luaL_checkinteger(L, -1);
        lua_pop(L, 1);
        lua_geti(L, -1, 1);
        key = luaL_checkstring(L, -1);
        lua_pop(L, 1);
    } else if (type == LUA_TSTRING) {
        key = lua_tostring(L, -1);
    }
    if (key != NULL && strcmp(key, "verb") == 0)
        at = e->directive->verb_at;
    else if (key != NULL) {
        const struct bound_values *values = directive_values(e->directive, key);
        if (values == NULL)
            luaL_error(L, "at = \"%s\": @%s has no such argument", key,
                       e->directive->rule->name.ptr);
        if (index >= 1 && (size_t)index <= values->count)
            at = values->items[index - 1].at;
    }
    lua_pop(L, 1);
    return at;
}

static void add_hint(lua_State *L, struct diag *diag, const char *name)
{
    if (lua_getfield(L, 3, name) == LUA_TSTRING) {
        struct view text = api_text(L, -1);
        if (strcmp(name, "help") == 0)
            diag_help(diag, "%.*s", VIEW_ARG(text));
        else
            diag_note(diag, "%.*s", VIEW_ARG(text));
    }
    lua_pop(L, 1);
}

static int report(lua_State *L, enum diag_level level)
{
    static const char *const names[] = {"at", "note", "help", "code", NULL};
    struct api *api = api_of(L);
    struct expansion *e = current(L);
    luaL_checkstring(L, 2);
    lua_settop(L, 3);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    struct fields fields = fields_open(L, 3, "ctx:error", names);
    struct view code = fields_text(&fields, "code");
    struct view message = api_text(L, 2);
    struct diag *diag = diag_add(api->diags, level, code.len > 0 ? code.ptr : NULL,
                                 finding_span(L, e), "%.*s", VIEW_ARG(message));
    add_hint(L, diag, "note");
    add_hint(L, diag, "help");
    e->failed |= level == DIAG_ERROR;
    return 0;
}

static int context_error(lua_State *L)
{
    return report(L, DIAG_ERROR);
}

static int context_warn(lua_State *L)
{
    return report(L, DIAG_WARNING);
}

static int context_note(lua_State *L)
{
    return report(L, DIAG_NOTE);
}

/* ctx:setting(name): a setting or variable, or nil. */
static int context_setting(lua_State *L)
{
    struct expansion *e = current(L);
    struct view name = view_of(luaL_checkstring(L, 2));
    const struct setting *setting = setting_find(&e->stage->settings, name);
    if (setting == NULL)
        return 0;
    lua_pushlstring(L, setting->value.ptr, setting->value.len);
    return 1;
}

static const struct {
    const char *name;
    void (*push)(lua_State *L, const struct expansion *e);
} context_fields[] = {
    {"stage", push_stage}, {"base", push_base}, {"user", push_user},       {"shell", push_shell},
    {"env", push_env},     {"args", push_args}, {"workdir", push_workdir},
};

static const luaL_Reg context_methods[] = {
    {"file", context_file},     {"once", context_once},   {"error", context_error},
    {"warn", context_warn},     {"note", context_note},   {"setting", context_setting},
    {"mirror", api_ctx_mirror}, {"cache", api_ctx_cache},
};

static int context_index(lua_State *L)
{
    const char *key = luaL_checkstring(L, 2);
    struct expansion *e = current(L);
    for (size_t i = 0; i < sizeof(context_methods) / sizeof(context_methods[0]); i++) {
        if (strcmp(context_methods[i].name, key) == 0) {
            lua_pushcfunction(L, context_methods[i].func);
            return 1;
        }
    }
    for (size_t i = 0; i < sizeof(context_fields) / sizeof(context_fields[0]); i++) {
        if (strcmp(context_fields[i].name, key) == 0) {
            context_fields[i].push(L, e);
            if (lua_type(L, -1) == LUA_TTABLE)
                lua_host_freeze(L);
            return 1;
        }
    }
    if (strcmp(key, "builder") == 0 || strcmp(key, "footprint") == 0) {
        lua_pushstring(L, strcmp(key, "builder") == 0 ? "buildkit" : "keep");
        return 1;
    }
    return luaL_error(L, "ctx has no field '%s'", key);
}

void api_push_context(lua_State *L, struct expansion *expansion)
{
    api_push_object(L, expansion, TYPE_CONTEXT);
}

/* ---- a */

static void push_value(lua_State *L, const struct rule_arg *arg, struct view text)
{
    if (arg->type == ARG_SWITCH) {
        lua_pushboolean(L, true);
    } else if (arg->type == ARG_INT) {
        lua_pushlstring(L, text.ptr, text.len);
        lua_pushinteger(L, lua_tointeger(L, -1));
        lua_remove(L, -2);
    } else {
        lua_pushlstring(L, text.len == 0 ? "" : text.ptr, text.len);
    }
}

static void push_list(lua_State *L, const struct rule_arg *arg, const struct bound_values *values)
{
    lua_createtable(L, (int)(values->count & 0xffff), 0);
    for (size_t i = 0; i < values->count; i++) {
        if (arg == NULL)
            lua_pushlstring(L, values->items[i].text.ptr, values->items[i].text.len);
        else
            push_value(L, arg, values->items[i].text);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* An option that was not given: "@set pip.sharing = locked" stands for the rule's default. */
static void push_absent(lua_State *L, struct expansion *e, const struct rule_arg *arg)
{
    struct view name = view_format(api_of(L)->arena, "%.*s.%.*s",
                                   VIEW_ARG(e->directive->rule->name), VIEW_ARG(arg->key));
    const struct setting *setting = arg->is_option ? setting_find(&e->stage->settings, name) : NULL;
    if (setting != NULL)
        push_value(L, arg, setting->value);
    else if (arg->has_default)
        push_value(L, arg, arg->default_value);
    else if (arg->type == ARG_SWITCH)
        lua_pushboolean(L, false);
    else
        lua_pushnil(L);
}

static bool push_argument(lua_State *L, struct expansion *e, struct view key)
{
    const struct rule *rule = e->directive->rule;
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        const struct bound_values *values = &e->directive->args[i];
        if (!view_equal(arg->key, key))
            continue;
        if (arg->many)
            push_list(L, arg, values);
        else if (values->count > 0)
            push_value(L, arg, values->items[values->count - 1].text);
        else
            push_absent(L, e, arg);
        return true;
    }
    return false;
}

static int arguments_index(lua_State *L)
{
    struct expansion *e = current(L);
    struct view key = view_of(luaL_checkstring(L, 2));
    struct directive *directive = e->directive;
    if (push_argument(L, e, key))
        return 1;
    if (view_is(key, "verb"))
        lua_pushlstring(L, directive->verb.len == 0 ? "" : directive->verb.ptr,
                        directive->verb.len);
    else if (view_is(key, "name"))
        lua_pushlstring(L, directive->name.ptr, directive->name.len);
    else if (view_is(key, "exe") && directive->exe.len > 0)
        lua_pushlstring(L, directive->exe.ptr, directive->exe.len);
    else if (view_is(key, "rest"))
        push_list(L, NULL, &directive->rest);
    else if (view_is(key, "script"))
        lua_pushboolean(L, directive->script != NULL);
    else if (view_is(key, "command") && directive->command != NULL)
        api_push_command(L, directive->command);
    else if (view_is(key, "exe") || view_is(key, "command"))
        lua_pushnil(L);
    else
        return luaL_error(L, "@%s has no argument '%s'", directive->rule->name.ptr, key.ptr);
    return 1;
}

void api_push_arguments(lua_State *L, struct expansion *expansion)
{
    api_push_object(L, expansion, TYPE_ARGUMENTS);
}

static int refuse_write(lua_State *L)
{
    return luaL_error(L, "ctx and the arguments are read-only");
}

static void new_type(lua_State *L, const char *type, lua_CFunction index)
{
    luaL_newmetatable(L, type);
    lua_pushcfunction(L, index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_write);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
}

void api_open_context(lua_State *L)
{
    new_type(L, TYPE_CONTEXT, context_index);
    new_type(L, TYPE_ARGUMENTS, arguments_index);
}
