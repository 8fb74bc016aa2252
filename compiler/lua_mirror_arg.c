/* Mirrors by ARG: what ctx:mirror gives a rule then, and what may become of it. */
#include "lua_api_internal.h"

#include "chunk.h"
#include "mirror_arg.h"

#include <string.h>

/* ---- which ARG */

/* The first ARG for a kind, and a part of it. */
static bool find_arg(const struct expansion *e, struct view kind, const char *field,
                     struct mirror_arg *arg)
{
    const struct setting *setting = setting_find(&e->stage->settings, VIEW("dfc.mirror-arg"));
    size_t at = 0;
    if (setting == NULL)
        return false;
    for (struct view item; (item = mirror_arg_next(setting->value, &at)).len > 0;)
        if (mirror_arg_read(item, arg) && view_equal(arg->kind, kind) && !arg->beside &&
            view_is(arg->field, field))
            return true;
    return false;
}

/* ARG NAME before the first use; the walk leaves it out where the stage has that variable. */
static void declare(struct api *api, struct expansion *e, struct view name)
{
    for (size_t i = 0; i < e->setup.count; i++)
        if (e->setup.items[i]->kind == NODE_ARG && view_equal(e->setup.items[i]->name, name))
            return;
    struct node *node = ARENA_NEW(api->arena, struct node);
    node->kind = NODE_ARG;
    node->name = name;
    node->value = (struct view){NULL, 0};
    VEC_PUSH(api->arena, &e->setup, node);
}

static void declare_all(struct api *api, struct expansion *e, const struct mirror_arg *arg)
{
    const struct setting *setting = setting_find(&e->stage->settings, VIEW("dfc.mirror-arg"));
    struct mirror_arg other;
    size_t at = 0;
    declare(api, e, arg->name);
    for (struct view item; (item = mirror_arg_next(setting->value, &at)).len > 0;)
        if (mirror_arg_read(item, &other) && other.beside && view_equal(other.kind, arg->kind))
            declare(api, e, other.name);
}

/* ---- what a rule gets */

/* "${NAME}", or "${NAME:-URL}" where there is a mirror for those who do not choose one. */
static void push_reference(lua_State *L, struct expansion *e, const struct mirror_arg *arg,
                           const char *otherwise)
{
    struct api *api = api_of(L);
    declare_all(api, e, arg);
    VEC_PUSH(api->arena, &e->mirror_args,
             (struct mirror_use){arg->name, otherwise == NULL ? arg->name : VIEW("")});
    if (otherwise == NULL)
        lua_pushfstring(L, "${%s}", view_copy(api->arena, arg->name).ptr);
    else
        lua_pushfstring(L, "${%s:-%s}", view_copy(api->arena, arg->name).ptr, otherwise);
}

/* What stands on top of the stack, `given` values, as one URL; of a list the first. */
static const char *url_of(lua_State *L, int given)
{
    if (given > 0 && lua_istable(L, -1)) {
        lua_geti(L, -1, 1);
        given = lua_isstring(L, -1);
    }
    return given > 0 ? lua_tostring(L, -1) : NULL;
}

/* rustup = { dist = …, update_root = … }: each part is by ARG, or of the mirror, or is not there.
 */
static int push_parts(lua_State *L, struct expansion *e, struct view kind, int given)
{
    static const char *const fields[] = {"dist", "update_root"};
    int from = given > 0 && lua_istable(L, -1) ? lua_gettop(L) : 0, found = 0;
    lua_newtable(L);
    int to = lua_gettop(L);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct mirror_arg arg;
        const char *url = NULL;
        if (from > 0 && lua_getfield(L, from, fields[i]) == LUA_TSTRING)
            url = lua_tostring(L, -1);
        if (find_arg(e, kind, fields[i], &arg)) {
            push_reference(L, e, &arg, url);
            found++;
        } else if (url != NULL) {
            lua_pushstring(L, url);
        } else {
            continue;
        }
        lua_setfield(L, to, fields[i]);
    }
    lua_settop(L, found > 0 ? to : to - 1);
    if (found > 0)
        lua_host_freeze(L);
    return found > 0 ? 1 : given;
}

int api_mirror_by_arg(lua_State *L, struct expansion *e, const char *kind, int given)
{
    struct mirror_arg arg;
    if (strcmp(kind, "rustup") == 0)
        return push_parts(L, e, view_of(kind), given);
    if (!find_arg(e, view_of(kind), "", &arg))
        return given;
    push_reference(L, e, &arg, url_of(L, given));
    return 1;
}

void api_hide_mirror_arg(struct api *api, struct expansion *e, const char *kind)
{
    struct mirror_arg arg;
    if (find_arg(e, view_of(kind), "", &arg) && stage_has_variable(e->stage, arg.name) &&
        !name_list_has(&e->mirror_unset, arg.name))
        VEC_PUSH(api->arena, &e->mirror_unset, arg.name);
}

/*
 * ctx:mirror_arg(kind [, of]): the name of the ARG that has the mirror for a kind, declared in the
 * stage; nil: it is by none. A rule that puts the mirror into a shell text asks this first. "apt"
 * is a base URL with the trees that apt reads. `of` as of ctx:mirror.
 */
int api_ctx_mirror_arg(lua_State *L)
{
    struct api *api = api_of(L);
    struct expansion *e = api_check_context(L, "ctx:mirror_arg");
    struct view kind = api_check_text(L, 2, "ctx:mirror_arg: the kind"), close;
    const char *of = luaL_optstring(L, 3, "");
    struct mirror_arg arg;
    if (!view_is(kind, "apt") && !api_is_mirror_kind(api, kind, &close))
        return lua_host_error(L, "ctx:mirror_arg: there is no kind '%s'", kind.ptr);
    if (strcmp(of, "") != 0 && strcmp(of, "stage") != 0)
        return lua_host_error(L, "ctx:mirror_arg: \"stage\" or nothing is expected, found '%s'",
                              of);
    if ((strcmp(of, "stage") != 0 && api_has_own_mirror(e->directive)) ||
        !find_arg(e, kind, "", &arg))
        return 0;
    declare_all(api, e, &arg);
    lua_pushlstring(L, arg.name.ptr, arg.name.len);
    return 1;
}

/* ---- what may become of it */

static bool mentions(struct arena *arena, struct view text, struct view name)
{
    struct view reference = view_format(arena, "{%.*s", VIEW_ARG(name));
    return view_search(text, reference) < text.len;
}

/* A variable of the environment is left out where the ARG is empty. */
static void guard_environment(struct arena *arena, struct run *run, const struct mirror_use *use)
{
    for (size_t i = 0; i < run->env.count; i++)
        if (mentions(arena, run->env.items[i].value, use->name))
            run->env.items[i].unless_empty = use->guard;
}

/* A word of a command is quoted so that the shell sees the variable, but it is always there. */
static bool fits_command(struct arena *arena, const struct command *command,
                         const struct mirror_use *use)
{
    bool fits = !mentions(arena, command->text, use->name);
    if (command->kind == COMMAND_SOURCE || (command->kind == COMMAND_ARGV && use->guard.len == 0))
        return true; /* the user's own text; or there is a value */
    for (size_t i = 0; i < command->env.count; i++)
        fits &= !mentions(arena, command->env.items[i].value, use->name);
    for (size_t i = 0; i < command->words.count; i++)
        fits &= !mentions(arena, command->words.items[i], use->name);
    return fits;
}

static bool fits_node(struct arena *arena, struct node *node, const struct mirror_use *use)
{
    bool fits = true;
    if (node->kind == NODE_ARG)
        return true;
    if (node->kind != NODE_RUN) {
        struct style style = {arena, "\n", '\\'};
        struct chunk *chunk = chunk_new(&style);
        chunk_add_node(chunk, &style, node);
        return !mentions(arena, str_view(&chunk->text), use->name);
    }
    guard_environment(arena, &node->run, use);
    for (size_t i = 0; i < node->run.commands.count; i++)
        fits &= fits_command(arena, node->run.commands.items[i], use);
    return fits;
}

static void report_use(struct api *api, struct expansion *e, const struct mirror_use *use)
{
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "mirror-arg", e->directive->name_at,
                                 "@%.*s can't take its mirror from ARG %.*s: it does more with it "
                                 "than set a variable of the environment",
                                 VIEW_ARG(e->directive->name), VIEW_ARG(use->name));
    diag_help(diag, "name a mirror for this directive: --mirror=NAME, or --mirror=off");
    e->failed = true;
}

void api_settle_mirror_args(struct api *api, struct expansion *e, size_t helpers_before)
{
    for (size_t k = 0; k < e->result.count; k++)
        if (e->result.items[k]->kind == NODE_RUN)
            e->result.items[k]->run.unset = e->mirror_unset;
    for (size_t i = 0; i < e->mirror_args.count; i++) {
        const struct mirror_use *use = &e->mirror_args.items[i];
        bool fits = true;
        for (size_t k = 0; k < e->setup.count; k++)
            fits &= fits_node(api->arena, e->setup.items[k], use);
        for (size_t k = 0; k < e->result.count; k++)
            fits &= fits_node(api->arena, e->result.items[k], use);
        for (size_t k = helpers_before; k < api->helpers.count; k++)
            fits &= !mentions(api->arena, api->helpers.items[k]->text, use->name);
        if (!fits) {
            report_use(api, e, use);
            return;
        }
    }
}
