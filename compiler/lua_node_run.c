/* dfc.run and run:bind. */
#include "lua_api_internal.h"

#include "path.h"
#include "shell.h"
#include "utf8.h"

#include <string.h>

static void add_env_of_run(lua_State *L, void *context)
{
    api_add_env(L, -2, -1, context, "dfc.run: field 'env'");
}

static void read_env(const struct fields *fields, struct env_list *env)
{
    if (!fields_push(fields, "env", LUA_TTABLE))
        return;
    api_each_pair(fields->L, -1, "dfc.run: field 'env'", add_env_of_run, env);
    lua_pop(fields->L, 1);
}

/* A mount, or a list of mounts and lists. */
static void add_mounts(lua_State *L, struct run *run, int depth)
{
    struct mount *mount = api_to_mount(L, -1);
    if (mount != NULL) {
        VEC_PUSH(api_of(L)->arena, &run->mounts, mount);
        return;
    }
    if (lua_type(L, -1) != LUA_TTABLE || depth > LIST_DEPTH_MAX)
        lua_host_error(L,
                       "dfc.run: field 'mounts' must be a list of mounts such as dfc.cache{}, "
                       "found %s",
                       api_type_name(L, -1));
    lua_Integer count = api_push_list(L, -1, "dfc.run: field 'mounts'");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_mounts(L, run, depth + 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* Where a comment begins; the length of the text when it has none. */
static size_t find_comment(struct view text)
{
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] == '#')
            return at;
        size_t length = shell_word_length(text, at);
        at += length > 0 ? length : 1;
    }
    return text.len;
}

static bool ends_in_escape(struct view text)
{
    size_t count = 0;
    while (count < text.len && text.ptr[text.len - 1 - count] == '\\')
        count++;
    return count % 2 == 1;
}

/* A line break in a command is where the RUN goes on in the next line (chunk.c). */
static void check_shell_text(lua_State *L, struct view text, bool is_last)
{
    size_t comment = find_comment(text);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\r' || text.ptr[i] == '\0')
            lua_host_error(L, "dfc.run: a command must not hold a carriage return or a NUL byte");
    if (utf8_trim(text).len == 0)
        lua_host_error(L, "dfc.run: field 'cmds' has an empty command");
    if (comment < text.len && (!is_last || view_find(text, '\n', comment) < text.len))
        lua_host_error(L, "dfc.run: field 'cmds' has a comment, to which the rest of the RUN would "
                          "belong");
    if (ends_in_escape(text))
        lua_host_error(L, "dfc.run: field 'cmds' has a command that ends in '\\'");
}

static void add_command(const struct fields *fields, struct run *run, bool is_last)
{
    lua_State *L = fields->L;
    struct command *command = api_to_object(L, -1, TYPE_COMMAND);
    if (command == NULL) {
        if (lua_type(L, -1) != LUA_TSTRING)
            fields_error(fields, "cmds", "must be a list of strings and dfc.argv(…), found %s",
                         api_type_name(L, -1));
        api_count_object(L);
        command = ARENA_NEW(api_of(L)->arena, struct command);
        command->kind = COMMAND_SHELL;
        command->text = api_text(L, -1);
        check_shell_text(L, command->text, is_last);
    }
    VEC_PUSH(api_of(L)->arena, &run->commands, command);
}

static void add_commands(const struct fields *fields, struct run *run)
{
    lua_State *L = fields->L;
    lua_Integer count = fields_push_list(fields, "cmds");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_command(fields, run, i == count);
        lua_pop(L, 1);
    }
    if (count > 0)
        lua_pop(L, 1);
}

/* ID = VARIABLE: the variable gets the secret, for this RUN only. */
static void add_named_secret(lua_State *L, void *context)
{
    struct run *run = context;
    if (lua_type(L, -1) != LUA_TSTRING)
        lua_host_error(L,
                       "dfc.run: field 'secrets' must have the name of an environment variable "
                       "for '%s', found %s",
                       lua_tostring(L, -2), api_type_name(L, -1));
    struct mount *mount = api_new_mount(L, MOUNT_SECRET);
    mount->id = api_text(L, -2);
    mount->env = api_text(L, -1);
    api_check_secret(L, "dfc.run: field 'secrets'", mount);
    VEC_PUSH(api_of(L)->arena, &run->mounts, mount);
}

/* secrets = { ID = "VARIABLE" }, or a list of dfc.secret{}. */
static void add_secrets(const struct fields *fields, struct run *run)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, "secrets", LUA_TTABLE))
        return;
    lua_host_thaw(L, -1);
    if (lua_rawlen(L, -1) == 0) {
        api_each_pair(L, -1, "dfc.run: field 'secrets'", add_named_secret, run);
        lua_pop(L, 2);
        return;
    }
    lua_Integer count = api_push_list(L, -1, "dfc.run: field 'secrets'");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        struct mount *mount = api_to_mount(L, -1);
        if (mount == NULL || mount->type != MOUNT_SECRET)
            fields_error(fields, "secrets",
                         "must be a list of dfc.secret{} or a table of "
                         "ID = VARIABLE, element %d is none",
                         (int)i);
        VEC_PUSH(api_of(L)->arena, &run->mounts, mount);
        lua_pop(L, 1);
    }
    lua_pop(L, 3);
}

static void add_network(const struct fields *fields, struct run *run)
{
    struct arena *arena = api_of(fields->L)->arena;
    struct view network = fields_text(fields, "network");
    if (network.len == 0)
        return;
    if (!view_is(network, "none") && !view_is(network, "host") && !view_is(network, "default"))
        fields_error(fields, "network", "must be none, host or default, found '%s'", network.ptr);
    VEC_PUSH(arena, &run->flags, view_format(arena, "--network=%s", network.ptr));
}

/* A code of hadolint or of shellcheck: "DL3040", "SC2086". */
static bool is_lint_code(struct view text)
{
    bool good = text.len > 2 && (view_starts(text, "DL") || view_starts(text, "SC"));
    for (size_t i = 2; i < text.len; i++)
        good &= is_digit(text.ptr[i]);
    return good;
}

static void add_hadolint(const struct fields *fields, struct run *run)
{
    fields_names(fields, "hadolint", &run->hadolint);
    for (size_t i = 0; i < run->hadolint.count; i++)
        if (!is_lint_code(run->hadolint.items[i]))
            fields_error(fields, "hadolint", "must be a list of codes such as DL3040, found '%s'",
                         run->hadolint.items[i].ptr);
}

/* The script of a command directive, and what the directive says for every RUN of its own. */
static void add_script(const struct fields *fields, struct run *run)
{
    struct api *api = api_of(fields->L);
    if (!fields_flag(fields, "script"))
        return;
    if (api->expansion == NULL || api->expansion->directive->script == NULL)
        fields_error(fields, "script", "is only for a directive with a heredoc");
    run->script = api->expansion->directive->script;
}

int api_run_new(lua_State *L)
{
    static const char *const names[] = {"mounts",  "env",    "secrets",  "cmds",
                                        "network", "script", "hadolint", NULL};
    struct fields fields = fields_open(L, 1, "dfc.run", names);
    struct node *node = api_new_node(L, NODE_RUN);
    if (fields_push(&fields, "mounts", LUA_TNONE)) {
        add_mounts(L, &node->run, 0);
        lua_pop(L, 1);
    }
    add_secrets(&fields, &node->run);
    read_env(&fields, &node->run.env);
    add_commands(&fields, &node->run);
    add_script(&fields, &node->run);
    add_network(&fields, &node->run);
    add_hadolint(&fields, &node->run);
    if (node->run.commands.count == 0 && node->run.script == NULL)
        fields_error(&fields, "cmds", "is empty: a RUN needs a command");
    api_push_node(L, node);
    return 1;
}

/* ---- run:bind */

static void add_bind(struct api *api, struct run *run, struct view path)
{
    for (size_t i = 0; i < run->mounts.count; i++)
        if (run->mounts.items[i]->type == MOUNT_BIND &&
            view_equal(run->mounts.items[i]->source, path_clean(api->arena, path)))
            return;
    struct mount *mount = ARENA_NEW(api->arena, struct mount);
    mount->type = MOUNT_BIND;
    mount->source = path_clean(api->arena, path);
    mount->target = mount->source;
    VEC_PUSH(api->arena, &run->mounts, mount);
}

/* Fields of what a bind mount may say: characters that the mount's CSV list can hold. */
static bool can_be_mounted(struct view path)
{
    for (size_t i = 0; i < path.len; i++)
        if (strchr(", \t\"'\\", path.ptr[i]) != NULL || (unsigned char)path.ptr[i] >= 0x80)
            return false;
    return true;
}

/* Where the user has written a path, or else the directive's name. */
static struct span path_span(const struct expansion *e, struct view path)
{
    for (size_t i = 0; i < e->directive->rule->args.count; i++)
        for (size_t k = 0; k < e->directive->args[i].count; k++)
            if (view_equal(e->directive->args[i].items[k].text, path))
                return e->directive->args[i].items[k].at;
    return e->directive->name_at;
}

/* BuildKit reads the bytes of a flag as if each were a character, so that it would look for a file
 * of another name. */
static void warn_unmountable(struct api *api, const struct expansion *e, struct view path)
{
    struct diag *diag =
        diag_add(api->diags, DIAG_WARNING, "not-bound", path_span(e, path),
                 "'%.*s' can't be bind-mounted: a mount takes ASCII without blanks, commas, quotes "
                 "and backslashes",
                 VIEW_ARG(path));
    diag_help(diag, "copy it into the image above, with COPY, or rename it");
}

/* A path that leaves the build context can't be mounted, and nothing has put it into the image. */
static int refuse_outside(struct api *api, struct expansion *e, struct view path)
{
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "outside-context", path_span(e, path),
                                 "'%.*s' leads out of the build context", VIEW_ARG(path));
    diag_help(diag, "the build context is the directory of the input, or what -C says");
    e->failed = true;
    return 1;
}

/*
 * run:bind(path): make a file of the build context visible to the RUN under the path as written,
 * if it is one and the stage does not have it yet. Gives the path to use in the command.
 */
int api_run_bind(lua_State *L)
{
    struct node *node = api_check_node(L, 1);
    struct api *api = api_of(L);
    struct expansion *e = api->expansion;
    api_check_owner(L, 1, "a dfc.run");
    lua_host_charge(L, STEPS_PER_PATH);
    struct view path = api_check_text(L, 2, "run:bind: the path");
    lua_settop(L, 2);
    if (e == NULL || e->directive->no_bind || view_starts(path, "/") || path.len == 0 ||
        view_find(path, '$', 0) < path.len)
        return 1;
    struct view inside =
        view_format(api->arena, "%.*s/%.*s", VIEW_ARG(e->stage->workdir), VIEW_ARG(path));
    if (stage_may_have_file(e->stage, api_clean(api, inside)))
        return 1;
    if (api_path_leaves_context(api, path))
        return refuse_outside(api, e, path);
    if (!api_context_has(api, path))
        return 1;
    if (can_be_mounted(path))
        add_bind(api, &node->run, path);
    else
        warn_unmountable(api, e, path);
    return 1;
}
