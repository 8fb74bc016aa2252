/* The fields of ctx: records such as ctx.base, and the tables ctx.env, ctx.args, ctx.previous. */
#include "lua_api_internal.h"

#include "builder.h"

#include <string.h>

#define TYPE_RECORD "dfc.record"
#define TYPE_STAGE  "dfc.stage"
#define TYPE_VARS   "dfc.vars"

static void push_text(lua_State *L, struct view text)
{
    if (text.len == 0)
        lua_pushnil(L);
    else
        lua_pushlstring(L, text.ptr, text.len);
}

/* ---- records: a field of theirs is nil when it is not known, and another name is an error */

struct record_field {
    const char *name;
    void (*push)(lua_State *L, const struct expansion *e);
};

struct record {
    const char *what;
    const struct record_field *fields; /* ended by a NULL name */
};

static int record_index(lua_State *L, const struct record *record)
{
    const char *names[CONTEXT_FIELDS_MAX + 1];
    const char *key = luaL_checkstring(L, 2);
    const struct expansion *e = api_of(L)->expansion;
    size_t count = 0;
    if (e == NULL)
        return lua_host_error(L, "ctx can only be used while its directive is expanded");
    for (; record->fields[count].name != NULL; count++) {
        names[count] = record->fields[count].name;
        if (strcmp(names[count], key) == 0) {
            record->fields[count].push(L, e);
            return 1;
        }
    }
    names[count] = NULL;
    return api_no_field(L, record->what, key, names);
}

static void push_record(lua_State *L, const struct record *record, const char *type)
{
    api_push_object(L, (void *)(uintptr_t)record, type);
}

static int index_record(lua_State *L)
{
    return record_index(L, api_to_object(L, 1, TYPE_RECORD));
}

static int index_stage(lua_State *L)
{
    return record_index(L, api_to_object(L, 1, TYPE_STAGE));
}

/* ---- ctx.stage */

static void push_stage_name(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->name);
}

static void push_stage_index(lua_State *L, const struct expansion *e)
{
    lua_pushinteger(L, (lua_Integer)e->stage->index);
}

static void push_stage_parent(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->parent == NULL ? VIEW("") : e->stage->parent->name);
}

static void push_stage_platform(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->platform);
}

static void push_stage_final(lua_State *L, const struct expansion *e)
{
    lua_pushboolean(L, stage_is_final(e->stage));
}

static const struct record_field stage_fields[] = {
    {"name", push_stage_name},         {"index", push_stage_index}, {"parent", push_stage_parent},
    {"platform", push_stage_platform}, {"final", push_stage_final}, {NULL, NULL},
};
static const struct record stage_record = {"ctx.stage", stage_fields};

/* ctx:stage(…) reads ctx.stage and calls what it gets with ctx before the arguments. */
static int call_stage(lua_State *L)
{
    lua_remove(L, 1);
    return api_ctx_stage(L);
}

/* ---- ctx.base */

static void push_image(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->ref_text);
}

static void push_reference(lua_State *L, const struct expansion *e, struct view part)
{
    push_text(L, e->stage->ref_known ? part : VIEW(""));
}

static void push_registry(lua_State *L, const struct expansion *e)
{
    push_reference(L, e, e->stage->ref.registry);
}

static void push_repo(lua_State *L, const struct expansion *e)
{
    push_reference(L, e, e->stage->ref.repo);
}

static void push_tag(lua_State *L, const struct expansion *e)
{
    push_reference(L, e, e->stage->ref.tag);
}

static void push_digest(lua_State *L, const struct expansion *e)
{
    push_reference(L, e, e->stage->ref.digest);
}

static void push_family(lua_State *L, const struct expansion *e)
{
    push_text(L, e->facts->family);
}

static void push_distro(lua_State *L, const struct expansion *e)
{
    push_text(L, e->facts->distro);
}

static void push_release(lua_State *L, const struct expansion *e)
{
    push_text(L, e->facts->release);
}

static void push_libc(lua_State *L, const struct expansion *e)
{
    push_text(L, e->facts->libc);
}

static void push_windows(lua_State *L, const struct expansion *e)
{
    lua_pushboolean(L, e->facts->windows);
}

static void push_ca(lua_State *L, const struct expansion *e)
{
    lua_pushboolean(L, e->facts->has_ca);
}

static const struct record_field base_fields[] = {
    {"image", push_image},   {"registry", push_registry},
    {"repo", push_repo},     {"tag", push_tag},
    {"digest", push_digest}, {"family", push_family},
    {"distro", push_distro}, {"release", push_release},
    {"libc", push_libc},     {"windows", push_windows},
    {"ca", push_ca},         {NULL, NULL},
};
static const struct record base_record = {"ctx.base", base_fields};

/* ---- ctx.user, ctx.shell */

static void push_root(lua_State *L, const struct expansion *e)
{
    lua_pushboolean(L, e->stage->user.root);
}

static void push_user_name(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->user.name);
}

static void push_uid(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->user.uid);
}

static void push_gid(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->user.gid);
}

static void push_home(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->user.home);
}

static const struct record_field user_fields[] = {
    {"root", push_root}, {"name", push_user_name}, {"uid", push_uid},
    {"gid", push_gid},   {"home", push_home},      {NULL, NULL},
};
static const struct record user_record = {"ctx.user", user_fields};

static void push_kind(lua_State *L, const struct expansion *e)
{
    push_text(L, e->stage->shell);
}

static void push_posix(lua_State *L, const struct expansion *e)
{
    lua_pushboolean(L, e->stage->shell_is_posix);
}

static const struct record_field shell_fields[] = {
    {"kind", push_kind}, {"posix", push_posix}, {NULL, NULL}};
static const struct record shell_record = {"ctx.shell", shell_fields};

/* ---- tables */

/* A variable without a value that is known here (ARG NAME) is an empty string. */
static void push_texts(lua_State *L, const struct map *map)
{
    lua_host_charge(L, map->count);
    lua_createtable(L, 0, (int)(map->count & 0xffff));
    for (size_t i = 0; i < map->count; i++) {
        const struct view *value = map->items[i].value;
        lua_pushlstring(L, map->items[i].key.ptr, map->items[i].key.len);
        lua_pushlstring(L, value->ptr == NULL ? "" : value->ptr, value->len);
        lua_rawset(L, -3);
    }
    lua_host_freeze(L);
}

static void push_flags(lua_State *L, const struct instruction *inst)
{
    lua_createtable(L, (int)(inst->flag_count & 0xffff), 0);
    for (size_t i = 0; i < inst->flag_count; i++) {
        lua_pushlstring(L, inst->flags[i].text.ptr, inst->flags[i].text.len);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* { instruction = "RUN", text = "…", flags = { … } } */
static void push_instruction(lua_State *L, const struct instruction *inst)
{
    lua_createtable(L, 0, 3);
    lua_pushstring(L, keyword_info(inst->keyword)->upper);
    lua_setfield(L, -2, "instruction");
    lua_pushlstring(L, inst->args_raw.len == 0 ? "" : inst->args_raw.ptr, inst->args_raw.len);
    lua_setfield(L, -2, "text");
    push_flags(L, inst);
    lua_setfield(L, -2, "flags");
    lua_host_freeze(L);
}

static void begin_previous(lua_State *L, struct api *api, const struct stage *stage)
{
    if (api->previous.stage != NULL) {
        luaL_unref(L, LUA_REGISTRYINDEX, api->previous.view);
        luaL_unref(L, LUA_REGISTRYINDEX, api->previous.plain);
    }
    api->previous.stage = NULL;
    lua_newtable(L);
    lua_pushvalue(L, -1);
    int plain = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_host_freeze(L);
    api->previous.view = luaL_ref(L, LUA_REGISTRYINDEX);
    api->previous.plain = plain;
    api->previous.count = 0;
    api->previous.stage = stage;
}

/* ctx.previous: the stage's instructions so far. The table grows with the stage, so that a rule
 * that looks at it in each of its directives does not take quadratic time. */
static void push_previous(lua_State *L, const struct expansion *e)
{
    struct api *api = api_of(L);
    if (api->previous.stage != e->stage)
        begin_previous(L, api, e->stage);
    lua_rawgeti(L, LUA_REGISTRYINDEX, api->previous.plain);
    for (; api->previous.count < e->stage->seen.count; api->previous.count++) {
        push_instruction(L, e->stage->seen.items[api->previous.count]);
        lua_rawseti(L, -2, (lua_Integer)api->previous.count + 1);
    }
    lua_pop(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, api->previous.view);
}

/* ---- ctx.vars */

void api_push_setting(lua_State *L, const struct expansion *e, struct view name)
{
    const struct setting *setting = setting_find(&e->stage->settings, name);
    if (setting == NULL)
        lua_pushnil(L);
    else
        lua_pushlstring(L, setting->value.len == 0 ? "" : setting->value.ptr, setting->value.len);
}

static int index_vars(lua_State *L)
{
    const struct expansion *e = api_of(L)->expansion;
    if (lua_type(L, 2) != LUA_TSTRING)
        return lua_host_error(L,
                              "ctx.vars: the name of a variable or setting is expected, found %s",
                              api_type_name(L, 2));
    if (e == NULL)
        return lua_host_error(L, "ctx can only be used while its directive is expanded");
    api_push_setting(L, e, view_of(lua_tostring(L, 2)));
    return 1;
}

/* ---- ctx */

static void push_stage(lua_State *L, const struct expansion *e)
{
    (void)e;
    push_record(L, &stage_record, TYPE_STAGE);
}

static void push_base(lua_State *L, const struct expansion *e)
{
    (void)e;
    push_record(L, &base_record, TYPE_RECORD);
}

static void push_user(lua_State *L, const struct expansion *e)
{
    (void)e;
    push_record(L, &user_record, TYPE_RECORD);
}

static void push_shell(lua_State *L, const struct expansion *e)
{
    (void)e;
    push_record(L, &shell_record, TYPE_RECORD);
}

static void push_env(lua_State *L, const struct expansion *e)
{
    push_texts(L, &e->stage->env);
}

static void push_args(lua_State *L, const struct expansion *e)
{
    push_texts(L, &e->stage->args);
}

static void push_vars(lua_State *L, const struct expansion *e)
{
    api_push_object(L, (void *)(uintptr_t)e, TYPE_VARS);
}

static void push_workdir(lua_State *L, const struct expansion *e)
{
    lua_pushlstring(L, e->stage->workdir.ptr, e->stage->workdir.len);
}

static void push_builder(lua_State *L, const struct expansion *e)
{
    lua_pushstring(L, builder_name(builder_of(&e->stage->settings)));
}

static void push_footprint(lua_State *L, const struct expansion *e)
{
    const struct setting *setting = setting_find(&e->stage->settings, VIEW("dfc.footprint"));
    bool none = setting != NULL && view_is(setting->value, "none");
    lua_pushstring(L, none ? "none" : "keep");
}

static const struct record_field context_fields[] = {
    {"stage", push_stage},
    {"base", push_base},
    {"user", push_user},
    {"shell", push_shell},
    {"env", push_env},
    {"args", push_args},
    {"vars", push_vars},
    {"workdir", push_workdir},
    {"previous", push_previous},
    {"builder", push_builder},
    {"footprint", push_footprint},
};

enum { FIELD_COUNT = sizeof(context_fields) / sizeof(context_fields[0]) };

bool api_push_context_field(lua_State *L, const char *key)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(context_fields[i].name, key) == 0) {
            context_fields[i].push(L, api_of(L)->expansion);
            return true;
        }
    }
    return false;
}

size_t api_context_field_names(const char **names)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        names[i] = context_fields[i].name;
    return FIELD_COUNT;
}

void api_open_context_fields(lua_State *L)
{
    api_new_type(L, TYPE_RECORD, index_record, "ctx");
    api_new_type(L, TYPE_VARS, index_vars, "ctx.vars");
    api_new_type(L, TYPE_STAGE, index_stage, "ctx.stage");
    luaL_getmetatable(L, TYPE_STAGE);
    lua_pushcfunction(L, call_stage);
    lua_setfield(L, -2, "__call");
    lua_pop(L, 1);
}
