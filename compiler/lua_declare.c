/* dfc.directive, dfc.mirror, dfc.image, dfc.cachedef and the ready-made options dfc.opt. */
#include "lua_api_internal.h"

#include <string.h>

/* ---- argument rows */

static enum arg_type read_type(const struct fields *fields)
{
    static const char *const types[] = {"word", "text", "switch",   "int",    "enum",
                                        "path", "url",  "duration", "mirror", "passthrough"};
    struct view type = fields_text(fields, "type");
    struct view names[sizeof(types) / sizeof(types[0])];
    if (type.len == 0)
        return ARG_WORD;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (view_is(type, types[i]))
            return (enum arg_type)i;
        names[i] = view_of(types[i]);
    }
    struct view close = diag_closest(type, names, sizeof(types) / sizeof(types[0]));
    fields_error(fields, "type", "is unknown: '%s'%s%s%s", type.ptr,
                 close.len > 0 ? "; did you mean '" : "", close.len > 0 ? close.ptr : "",
                 close.len > 0 ? "'?" : "");
    return ARG_WORD;
}

/* "--target-release" is the field target_release of what the rule gets. */
static struct view arg_key(struct arena *arena, struct view name)
{
    size_t begin = 0;
    while (begin < name.len && name.ptr[begin] == '-')
        begin++;
    char *key = arena_strndup(arena, name.ptr + begin, name.len - begin);
    for (char *p = key; *p != '\0'; p++)
        if (*p == '-')
            *p = '_';
    return view_of(key);
}

static void read_default(const struct fields *fields, struct rule_arg *arg)
{
    arg->default_value = fields_text(fields, "default");
    arg->has_default = arg->default_value.len > 0;
    if (arg->has_default && arg->type == ARG_SWITCH)
        fields_error(fields, "default", "makes no sense for a switch");
}

static struct rule_arg read_arg(lua_State *L, int index)
{
    static const char *const names[] = {"[1]",    "type", "short", "many",    "min",
                                        "values", "doc",  "kind",  "default", NULL};
    struct fields fields = fields_open(L, index, "dfc.directive: an argument", names);
    struct rule_arg arg = {.type = ARG_WORD};
    if (lua_geti(L, fields.table, 1) != LUA_TSTRING)
        luaL_error(L, "dfc.directive: an argument begins with its name, such as { \"--file\" }");
    arg.name = api_text(L, -1);
    lua_pop(L, 1);
    arg.key = arg_key(api_of(L)->arena, arg.name);
    arg.is_option = arg.name.len > 0 && arg.name.ptr[0] == '-';
    arg.type = read_type(&fields);
    arg.short_name = fields_text(&fields, "short");
    arg.many = fields_flag(&fields, "many") || arg.type == ARG_PASSTHROUGH;
    arg.min = fields_integer(&fields, "min", 0);
    arg.doc = fields_text(&fields, "doc");
    arg.kind = fields_text(&fields, "kind");
    fields_names(&fields, "values", &arg.values);
    if ((arg.type == ARG_ENUM || arg.type == ARG_PASSTHROUGH) && arg.values.count == 0)
        fields_error(&fields, "values", "is missing");
    read_default(&fields, &arg);
    lua_pop(L, 1);
    return arg;
}

static void read_args(const struct fields *fields, struct rule *rule)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, "args", LUA_TTABLE))
        return;
    lua_Integer count = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, -1, i);
        struct rule_arg arg = read_arg(L, -1);
        for (size_t k = 0; k < rule->args.count; k++)
            if (view_equal(rule->args.items[k].key, arg.key))
                luaL_error(L, "dfc.directive: the argument '%s' is declared twice", arg.name.ptr);
        VEC_PUSH(api_of(L)->arena, &rule->args, arg);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* ---- directives */

static int keep_function(const struct fields *fields, const char *name)
{
    if (!fields_push(fields, name, LUA_TFUNCTION))
        fields_error(fields, name, "is missing");
    return luaL_ref(fields->L, LUA_REGISTRYINDEX);
}

static void read_family(const struct fields *fields, struct rule *rule)
{
    struct view family = fields_text(fields, "family");
    rule->is_command = view_is(family, "command");
    if (family.len > 0 && !rule->is_command && !view_is(family, "install"))
        fields_error(fields, "family", "must be \"install\" or \"command\", found '%s'",
                     family.ptr);
}

static void read_body(const struct fields *fields, struct rule *rule)
{
    struct view body = fields_text(fields, "body");
    if (body.len == 0)
        rule->body = rule->is_command ? BODY_SCRIPT : BODY_NONE;
    else if (view_is(body, "words"))
        rule->body = BODY_WORDS;
    else if (view_is(body, "lines"))
        rule->body = BODY_LINES;
    else if (view_is(body, "script"))
        rule->body = BODY_SCRIPT;
    else
        fields_error(fields, "body", "must be \"words\", \"lines\" or \"script\", found '%s'",
                     body.ptr);
}

static void read_needs(const struct fields *fields, struct rule *rule)
{
    static const char *const names[] = {"family", "user", NULL};
    if (!fields_push(fields, "needs", LUA_TTABLE))
        return;
    struct fields needs = fields_open(fields->L, -1, "needs", names);
    rule->needs_family = fields_text(&needs, "family");
    struct view user = fields_text(&needs, "user");
    rule->needs_root = view_is(user, "root");
    if (user.len > 0 && !rule->needs_root)
        fields_error(&needs, "user", "must be \"root\"");
    lua_pop(fields->L, 2);
}

static void read_refused(const struct fields *fields, struct rule *rule)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, "refused", LUA_TTABLE))
        return;
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
            fields_error(fields, "refused", "must be a table of VERB = what to write instead");
        struct view *help = ARENA_NEW(api_of(L)->arena, struct view);
        *help = api_text(L, -1);
        map_set(api_of(L)->arena, &rule->refused, api_text(L, -2), help);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void check_declaring(lua_State *L, const char *what)
{
    if (api_of(L)->loading == NULL)
        luaL_error(L, "%s can only be called while the rule file is loaded", what);
}

static void check_name(lua_State *L, struct view name, const char *what)
{
    bool good = name.len > 0 && is_lower(name.ptr[0]);
    for (size_t i = 0; i < name.len; i++)
        good = good && (is_lower(name.ptr[i]) || is_digit(name.ptr[i]) || name.ptr[i] == '-');
    if (!good)
        luaL_error(L, "%s: '%s' is no name: lower-case letters, digits and '-' are expected", what,
                   name.ptr);
}

/* A team's rule wins over one of the standard library; two of a team are a mistake. */
static void add_directive(lua_State *L, struct rule *rule)
{
    struct api *api = api_of(L);
    struct rule *old = map_get(&api->rules.directives, rule->name);
    if (old != NULL && !old->from_stdlib && rule->from_stdlib)
        return;
    if (old != NULL && old->from_stdlib == rule->from_stdlib && !rule->is_override) {
        struct position at = source_position(old->at.source, old->at.begin);
        luaL_error(L, "@%s is declared a second time; the first is at %s:%d", rule->name.ptr,
                   old->at.source->name, (int)at.line);
    }
    bool shadows = !rule->from_stdlib && !rule->is_override &&
                   map_find(&api->files->directives, rule->name) != NULL;
    if (shadows) {
        struct diag *diag = diag_add(
            api->diags, DIAG_WARNING, "shadowed-directive", rule->at,
            "@%s replaces the directive of that name of the standard library", rule->name.ptr);
        diag_help(diag, "write override = true in the rule if that is meant");
    }
    map_set(api->arena, &api->rules.directives, rule->name, rule);
}

static int declare_directive(lua_State *L)
{
    static const char *const names[] = {
        "summary", "examples", "family", "verbs",    "default_verb", "args",       "implied",
        "body",    "needs",    "caches", "override", "expand",       "noop_verbs", "cleans",
        "tools",   "refused",  NULL};
    struct api *api = api_of(L);
    check_declaring(L, "dfc.directive");
    struct fields fields = fields_open(L, 1, "dfc.directive", names);
    struct rule *rule = ARENA_NEW(api->arena, struct rule);
    rule->name = api_text(L, lua_upvalueindex(1));
    check_name(L, rule->name, "dfc.directive");
    rule->at = lua_host_where(L, 1);
    rule->from_stdlib = api->loading->is_stdlib;
    rule->summary = fields_required_text(&fields, "summary");
    read_family(&fields, rule);
    read_body(&fields, rule);
    read_needs(&fields, rule);
    read_refused(&fields, rule);
    fields_names(&fields, "examples", &rule->examples);
    fields_names(&fields, "verbs", &rule->verbs);
    fields_names(&fields, "implied", &rule->implied);
    fields_names(&fields, "tools", &rule->tools);
    fields_names(&fields, "noop_verbs", &rule->noop_verbs);
    fields_names(&fields, "cleans", &rule->cleans);
    rule->default_verb = fields_text(&fields, "default_verb");
    rule->is_override = fields_flag(&fields, "override");
    read_args(&fields, rule);
    rule->expand = keep_function(&fields, "expand");
    add_directive(L, rule);
    return 0;
}

/* ---- data: mirrors and images are read when they are asked for */

static void keep_table(lua_State *L, struct map *map, const char *what)
{
    struct api *api = api_of(L);
    check_declaring(L, what);
    luaL_checktype(L, 1, LUA_TTABLE);
    struct lua_ref *ref = ARENA_NEW(api->arena, struct lua_ref);
    ref->at = lua_host_where(L, 1);
    ref->from_stdlib = api->loading->is_stdlib;
    lua_settop(L, 1);
    ref->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    struct view name = api_text(L, lua_upvalueindex(1));
    /* The standard library's data is loaded last: what a team has said stays. */
    if (map_find(map, name) == NULL || !api->loading->is_stdlib)
        map_set(api->arena, map, name, ref);
}

static int declare_mirror(lua_State *L)
{
    keep_table(L, &api_of(L)->rules.mirrors, "dfc.mirror");
    return 0;
}

static int declare_image(lua_State *L)
{
    keep_table(L, &api_of(L)->rules.images, "dfc.image");
    return 0;
}

static int declare_cachedef(lua_State *L)
{
    static const char *const names[] = {"target", "id",  "sharing",    "distro", "libc",
                                        "arch",   "env", "copies_out", NULL};
    struct api *api = api_of(L);
    check_declaring(L, "dfc.cachedef");
    struct fields fields = fields_open(L, 1, "dfc.cachedef", names);
    struct cachedef *cache = ARENA_NEW(api->arena, struct cachedef);
    cache->name = api_text(L, lua_upvalueindex(1));
    check_name(L, cache->name, "dfc.cachedef");
    cache->at = lua_host_where(L, 1);
    cache->target = keep_function(&fields, "target");
    cache->id = fields_text(&fields, "id");
    if (cache->id.len == 0)
        cache->id = cache->name;
    cache->sharing = fields_required_text(&fields, "sharing");
    cache->variable = fields_text(&fields, "env");
    cache->distro = fields_flag(&fields, "distro");
    cache->libc = fields_flag(&fields, "libc");
    cache->arch = fields_flag(&fields, "arch");
    cache->copies_out = fields_flag(&fields, "copies_out");
    if (map_find(&api->rules.caches, cache->name) == NULL || !api->loading->is_stdlib)
        map_set(api->arena, &api->rules.caches, cache->name, cache);
    return 0;
}

/* dfc.KIND "NAME" gives the function that takes the table. */
static int declare(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_pushcclosure(L, lua_tocfunction(L, lua_upvalueindex(1)), 1);
    return 1;
}

static void set_declaration(lua_State *L, const char *name, lua_CFunction function)
{
    lua_pushcfunction(L, function);
    lua_pushcclosure(L, declare, 1);
    lua_setfield(L, -2, name);
}

/* ---- dfc.opt */

static void push_row(lua_State *L, const char *name, const char *type, const char *doc)
{
    lua_newtable(L);
    lua_pushstring(L, name);
    lua_rawseti(L, -2, 1);
    lua_pushstring(L, type);
    lua_setfield(L, -2, "type");
    lua_pushstring(L, doc);
    lua_setfield(L, -2, "doc");
}

static int opt_id(lua_State *L)
{
    push_row(L, "--id", "word", "id of the cache mount");
    return 1;
}

static int opt_sharing(lua_State *L)
{
    push_row(L, "--sharing", "enum", "how parallel builds share the cache mount");
    lua_createtable(L, 3, 0);
    static const char *const modes[] = {"shared", "locked", "private"};
    for (int i = 0; i < 3; i++) {
        lua_pushstring(L, modes[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "values");
    if (lua_isstring(L, 1)) {
        lua_pushvalue(L, 1);
        lua_setfield(L, -2, "default");
    }
    return 1;
}

static int opt_mirror(lua_State *L)
{
    push_row(L, "--mirror", "mirror", "mirror for this directive: a preset, a URL, or off");
    if (lua_isstring(L, 1)) {
        lua_pushvalue(L, 1);
        lua_setfield(L, -2, "kind");
    }
    return 1;
}

static int opt_uid(lua_State *L)
{
    push_row(L, "--uid", "word", "owner of the cache mount, when USER does not tell");
    return 1;
}

static int opt_gid(lua_State *L)
{
    push_row(L, "--gid", "word", "group of the cache mount");
    return 1;
}

void api_open_declarations(lua_State *L)
{
    static const luaL_Reg options[] = {{"id", opt_id},   {"sharing", opt_sharing},
                                       {"uid", opt_uid}, {"mirror", opt_mirror},
                                       {"gid", opt_gid}, {NULL, NULL}};
    set_declaration(L, "directive", declare_directive);
    set_declaration(L, "mirror", declare_mirror);
    set_declaration(L, "image", declare_image);
    set_declaration(L, "cachedef", declare_cachedef);
    luaL_newlibtable(L, options);
    luaL_setfuncs(L, options, 0);
    lua_setfield(L, -2, "opt");
}
