/* ctx:cache: a cache mount from its definition, fitted to the stage: target, id, owner. */
#include "lua_api_internal.h"

#include "builder.h"
#include "path.h"

/* Add "-PART" with what is not a letter, digit, '.' or '_' replaced by one '-' between two that
 * are, so that the id needs no quotes in the mount's CSV list. */
static void add_part(struct str *id, struct view part)
{
    bool pending = true;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '_') {
            pending = true;
            continue;
        }
        if (pending)
            str_addc(id, '-');
        pending = false;
        str_addc(id, c);
    }
}

/* The distribution and its release; an unknown image is told apart by its name and tag. */
static void add_distro(struct str *id, const struct expansion *e)
{
    const struct image_ref *ref = &e->stage->ref;
    if (e->facts->distro.len > 0 && e->facts->release.len > 0) {
        add_part(id, e->facts->distro);
        add_part(id, e->facts->release);
        return;
    }
    if (!e->stage->ref_known) {
        add_part(id, e->facts->distro.len > 0 ? e->facts->distro : e->stage->ref_text);
        return;
    }
    if (ref->registry.len > 0)
        add_part(id, ref->registry);
    add_part(id, ref->repo);
    if (ref->tag.len > 0)
        add_part(id, ref->tag);
}

/* In a stage that runs on the build's own platform, that is the architecture of what it caches. */
static bool runs_on_build_platform(const struct stage *stage)
{
    return view_is(stage->platform, "$BUILDPLATFORM") ||
           view_is(stage->platform, "${BUILDPLATFORM}");
}

static struct view cache_id(struct api *api, const struct expansion *e, const struct cachedef *def,
                            struct view project)
{
    struct str id;
    str_init(&id, api->arena);
    str_add(&id, def->id);
    if (def->has_project)
        add_part(&id, project);
    if (def->distro)
        add_distro(&id, e);
    else if (def->libc && e->facts->libc.len > 0)
        add_part(&id, e->facts->libc);
    else if (def->libc)
        add_distro(&id, e);
    if (def->arch)
        str_addz(&id, runs_on_build_platform(e->stage) ? "-${BUILDARCH}" : "-${TARGETARCH}");
    return str_view(&id);
}

const struct cachedef *api_find_cache(struct api *api, struct view name)
{
    struct cachedef *def = map_get(&api->rules.caches, name);
    struct rule_file *file = rule_files_find(api->files, STDLIB_CACHE, name);
    if (def == NULL && file != NULL && api_load(api, file))
        def = map_get(&api->rules.caches, name);
    return def;
}

int api_no_cache(lua_State *L, struct span at, const char *what, struct view name)
{
    struct api *api = api_of(L);
    struct name_list names = {0};
    rule_files_add_names(api->files, STDLIB_CACHE, &names);
    for (size_t i = 0; i < api->rules.caches.count; i++)
        VEC_PUSH(api->arena, &names, api->rules.caches.items[i].key);
    struct view close = diag_closest(name, names.items, names.count);
    if (close.len > 0)
        return lua_host_error_at(L, at, "%s: there is no cache '%.*s'; did you mean '%.*s'?", what,
                                 VIEW_ARG(name), VIEW_ARG(close));
    return lua_host_error_at(L, at, "%s: there is no cache '%.*s'", what, VIEW_ARG(name));
}

/* The definition's target(ctx): a path, or "" when it depends on a home that is not known. */
static struct view call_target(lua_State *L, const struct cachedef *def, struct expansion *e)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, def->target);
    struct span at = lua_host_function_span(L, -1);
    api_push_context(L, e);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return VIEW("");
    }
    if (lua_type(L, -1) != LUA_TSTRING)
        lua_host_error_at(L, at, "the target of cache '%s' must be a path, found %s", def->name.ptr,
                          luaL_typename(L, -1));
    struct view target = api_text(L, -1);
    lua_pop(L, 1);
    if (target.len < 2 || target.ptr[0] != '/' || !api_is_mount_text(target))
        lua_host_error_at(L, at,
                          "the target of cache '%s' must be an absolute path without blanks, "
                          "commas, quotes and backslashes, found '%s'",
                          def->name.ptr, target.ptr);
    return target;
}

/* Whether all that the variable names goes into the mount when it is moved: the tool writes beside
 * the cache, and the builder would make the parent of a mount there, which is root's then. */
static bool is_whole(const struct cachedef *def)
{
    return def->below.len == 0 || def->beside;
}

/* "/var/cache/dfc/NAME"; caches below one variable have one parent: "/var/cache/dfc/cargo-home". */
static struct view moved_place(struct arena *arena, const struct cachedef *def)
{
    struct str place;
    str_init(&place, arena);
    str_addz(&place, "/var/cache/dfc/");
    if (is_whole(def))
        str_add(&place, def->name);
    for (size_t i = 0; !is_whole(def) && i < def->variable.len; i++) {
        char c = def->variable.ptr[i];
        str_addc(&place, c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    return str_view(&place);
}

static struct view below_place(struct arena *arena, const struct cachedef *def, struct view place)
{
    return def->below.len > 0 ? path_join(arena, place, def->below) : place;
}

static void set_target(lua_State *L, struct expansion *e, const struct cachedef *def,
                       struct mount *mount)
{
    struct api *api = api_of(L);
    struct view moved;
    if (def->variable.len > 0 && def->option.len == 0 &&
        stage_variable(e->stage, def->variable, &moved) && moved.len > 0 && moved.ptr[0] == '/' &&
        api_is_mount_text(moved)) {
        mount->target = below_place(api->arena, def, moved); /* ENV PIP_CACHE_DIR=… */
        return;
    }
    mount->target = call_target(L, def, e);
    if (mount->target.len > 0 || builder_of(&e->stage->settings) == BUILDER_LEGACY)
        return; /* without a mount the tool's own place is as good as another */
    if (def->variable.len == 0)
        luaL_error(L, "the home of user '%s' is not known, and cache '%s' can't be moved",
                   e->stage->user.text.ptr, def->name.ptr);
    mount->variable = def->variable;
    mount->value = moved_place(api->arena, def);
    mount->target = is_whole(def) ? mount->value : below_place(api->arena, def, mount->value);
    mount->is_option = def->option.len > 0;
    if (mount->is_option)
        mount->value = view_format(api->arena, "%s%s", def->option.ptr, mount->target.ptr);
}

/* Whether the stage has made a directory with "mkdir -p", or one below it. */
static bool was_made(const struct stage *stage, struct view directory)
{
    for (size_t i = 0; i < stage->once.count; i++) {
        struct view key = stage->once.items[i].key;
        if (view_starts(key, "mkdir ") && path_is_beneath(view_slice(key, 6, key.len), directory))
            return true;
    }
    return false;
}

void api_make_parent(struct api *api, struct expansion *e, const struct mount *mount,
                     bool outside_home)
{
    struct view parent = path_directory(mount->target), home = e->stage->user.home;
    bool below_home = home.len > 0 && !view_equal(parent, home) && path_is_beneath(parent, home);
    if (!below_home && !outside_home)
        return;
    struct view key = view_format(api->arena, "mkdir %.*s", VIEW_ARG(parent));
    if (was_made(e->stage, parent))
        return;
    struct node *node = ARENA_NEW(api->arena, struct node);
    struct command *command = ARENA_NEW(api->arena, struct command);
    node->kind = NODE_RUN;
    command->kind = COMMAND_ARGV;
    VEC_PUSH(api->arena, &command->words, VIEW("mkdir"));
    VEC_PUSH(api->arena, &command->words, VIEW("-p"));
    VEC_PUSH(api->arena, &command->words, parent);
    command->list_at = 3;
    VEC_PUSH(api->arena, &node->run.commands, command);
    VEC_PUSH(api->arena, &e->setup, node);
    map_set(api->arena, &e->stage->once, key, node);
}

static struct view argument_text(const struct expansion *e, const char *key)
{
    const struct bound_values *values = directive_values(e->directive, key);
    return values == NULL || values->count == 0 ? VIEW("") : values->items[values->count - 1].text;
}

/* A mount takes numbers; a variable of the build may hold one. */
static bool check_number(struct api *api, struct expansion *e, const char *key, struct view text)
{
    bool good = text.len > 0 && text.ptr[0] == '$';
    size_t digits = 0;
    while (digits < text.len && is_digit(text.ptr[digits]))
        digits++;
    if (good || digits == text.len)
        return true;
    const struct bound_values *values = directive_values(e->directive, key);
    diag_add(api->diags, DIAG_ERROR, "bad-value", values->items[values->count - 1].at,
             "--%s must be a number or a variable, found '%.*s'", key, VIEW_ARG(text));
    e->failed = true;
    return false;
}

static void set_owner(struct api *api, struct expansion *e, struct mount *mount)
{
    const struct stage_user *user = &e->stage->user;
    struct view uid = argument_text(e, "uid"), gid = argument_text(e, "gid");
    if (!check_number(api, e, "uid", uid) || !check_number(api, e, "gid", gid) ||
        (user->root && uid.len == 0))
        return;
    mount->uid = uid.len > 0 ? uid : user->uid;
    mount->gid = gid.len > 0 ? gid : user->gid;
    if (mount->uid.len > 0)
        return;
    e->failed = true;
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "unknown-uid", e->directive->name_at,
                                 "the uid of user '%.*s' is not known, a cache mount needs it",
                                 VIEW_ARG(user->text));
    diag_help(diag, "write @%.*s --uid=1000 …, or a number in USER", VIEW_ARG(e->directive->name));
}

/* What takes away the content of a cache that a builder without mounts leaves in the layer. */
static void set_clean(struct api *api, const struct cachedef *def, struct mount *mount)
{
    if (!def->copies_out)
        return; /* the image needs what is in it */
    if (def->clean.len > 0)
        mount->clean = def->clean;
    else if (mount->target.len > 0)
        mount->clean = view_format(api->arena, "rm -rf %.*s", VIEW_ARG(mount->target));
}

/* What the rule says over the definition. An id mostly comes from --id. */
static void read_changes(lua_State *L, struct expansion *e, struct mount *mount)
{
    static const char *const names[] = {"id", "sharing", "kept_out", NULL};
    struct fields fields = fields_open(L, 3, "ctx:cache", names);
    struct view id = fields_text(&fields, "id"), sharing = fields_text(&fields, "sharing");
    if (fields_flag(&fields, "kept_out"))
        mount->clean = VIEW("");
    lua_settop(L, 3);
    if (sharing.len > 0 && !view_is(sharing, "shared") && !view_is(sharing, "locked") &&
        !view_is(sharing, "private"))
        fields_error(&fields, "sharing", "must be shared, locked or private, found '%s'",
                     sharing.ptr);
    mount->id = id.len > 0 ? id : mount->id;
    mount->sharing = sharing.len > 0 ? sharing : mount->sharing;
    if (mount->id.len == 0 || api_is_mount_text(mount->id))
        return;
    const struct bound_values *given = directive_values(e->directive, "id");
    if (given == NULL || given->count == 0)
        fields_error(&fields, "id",
                     "must be ASCII without blanks, commas, quotes and "
                     "backslashes, found '%s'",
                     mount->id.ptr);
    const struct bound_value *value = &given->items[given->count - 1];
    diag_add(api_of(L)->diags, DIAG_ERROR, "bad-value", value->at,
             "--id must be ASCII without blanks, commas, quotes and backslashes, found '%.*s'",
             VIEW_ARG(value->text));
    e->failed = true;
}

/* ---- caches of one project */

/* The project's name: the setting, or what the rule finds in its manifest; "" when nobody knows.
 * Never that of a directory: each clone would have a cache of its own. */
static struct view project_name(lua_State *L, const struct cachedef *def, struct expansion *e)
{
    const struct setting *setting = setting_find(&e->stage->settings, VIEW("dfc.project"));
    if (!def->has_project || (setting != NULL && setting->value.len > 0))
        return def->has_project ? setting->value : VIEW("");
    lua_rawgeti(L, LUA_REGISTRYINDEX, def->project);
    struct span at = lua_host_function_span(L, -1);
    api_push_context(L, e);
    lua_call(L, 1, 1);
    struct view name = VIEW("");
    if (lua_type(L, -1) == LUA_TSTRING)
        name = api_text(L, -1);
    else if (!lua_isnil(L, -1))
        lua_host_error_at(L, at, "the project of cache '%s' must be a name, found %s",
                          def->name.ptr, luaL_typename(L, -1));
    lua_pop(L, 1);
    return name;
}

/* Projects must not share it, so without a name there is no mount; said once a stage. */
static int leave_out(struct api *api, const struct expansion *e, const struct cachedef *def)
{
    struct view key = view_format(api->arena, "no project %.*s", VIEW_ARG(def->name));
    if (map_find(&e->stage->once, key) != NULL)
        return 0;
    map_set(api->arena, &e->stage->once, key, e->stage);
    struct diag *diag =
        diag_add(api->diags, DIAG_NOTE, "unknown-project", e->directive->name_at,
                 "the cache mount '%.*s' is left out: it is for one project, and the project's "
                 "name is not known",
                 VIEW_ARG(def->name));
    bool has_id = rule_find_option(e->directive->rule, VIEW("--id")) != NULL;
    diag_help(diag, "write @set dfc.project = NAME%s", has_id ? ", or give --id=NAME" : "");
    return 0;
}

/*
 * ctx:cache(name [, { id =, sharing =, kept_out = }]): the mount of a cache declared with
 * dfc.cachedef. The directive's --id and --sharing are to be handed on by the rule, --uid and --gid
 * are seen to here. With kept_out the rule sees to it that without mounts nothing comes there. nil
 * when the cache is for one project, and its name is not known.
 */
int api_ctx_cache(lua_State *L)
{
    struct api *api = api_of(L);
    struct expansion *e = api_check_context(L, "ctx:cache");
    struct view name = api_check_text(L, 2, "ctx:cache: the name");
    const struct cachedef *def = api_find_cache(api, name);
    if (def == NULL)
        return api_no_cache(L, (struct span){NULL, 0, 0}, "ctx:cache", name);
    struct mount *mount = api_new_mount(L, MOUNT_CACHE);
    struct view project = project_name(L, def, e);
    if (!def->has_project || project.len > 0)
        mount->id = cache_id(api, e, def, project);
    mount->sharing = def->sharing;
    mount->in_place = !def->copies_out;
    set_target(L, e, def, mount);
    set_clean(api, def, mount);
    if (!lua_isnoneornil(L, 3))
        read_changes(L, e, mount);
    if (mount->id.len == 0 && builder_of(&e->stage->settings) != BUILDER_LEGACY)
        return leave_out(api, e, def);
    if (builder_of(&e->stage->settings) != BUILDER_LEGACY)
        set_owner(api, e, mount);
    if (mount->uid.len > 0)
        api_make_parent(api, e, mount, def->beside && mount->variable.len == 0);
    api_push_mount(L, mount);
    return 1;
}
