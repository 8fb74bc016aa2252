/* Nodes, mounts and commands: made by rules, kept in C, seen from Lua as objects without fields. */
#include "lua_api_internal.h"

#include "path.h"
#include "quote.h"
#include "utf8.h"

#include <string.h>

#define TYPE_NODE    "dfc.node"
#define TYPE_MOUNT   "dfc.mount"
#define TYPE_COMMAND "dfc.argv"

/* What Lua holds of an object. The pointer comes first: others know only that. */
struct handle {
    void *object;
    size_t owner; /* see api_owner */
};

void api_push_object(lua_State *L, void *object, const char *type)
{
    struct handle *handle = lua_newuserdatauv(L, sizeof(*handle), 0);
    *handle = (struct handle){object, api_owner(api_of(L))};
    luaL_setmetatable(L, type);
}

void *api_to_object(lua_State *L, int index, const char *type)
{
    struct handle *handle = luaL_testudata(L, index, type);
    return handle == NULL ? NULL : handle->object;
}

void api_check_owner(lua_State *L, int index, const char *what)
{
    const struct handle *handle = lua_touserdata(L, index);
    if (handle->owner != api_owner(api_of(L)))
        lua_host_error(L, "%s can only be changed by the call that has made it", what);
}

static int refuse_write(lua_State *L)
{
    return lua_host_error(L, "%s can't be changed: it is read-only",
                          lua_tostring(L, lua_upvalueindex(1)));
}

void api_new_type(lua_State *L, const char *type, lua_CFunction index, const char *what)
{
    luaL_newmetatable(L, type);
    lua_pushcfunction(L, index);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, what);
    lua_pushcclosure(L, refuse_write, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
}

void api_push_node(lua_State *L, struct node *node)
{
    api_push_object(L, node, TYPE_NODE);
}

void api_push_mount(lua_State *L, struct mount *mount)
{
    api_push_object(L, mount, TYPE_MOUNT);
}

void api_push_command(lua_State *L, struct command *command)
{
    api_push_object(L, command, TYPE_COMMAND);
}

struct node *api_check_node(lua_State *L, int index)
{
    struct node *node = api_to_object(L, index, TYPE_NODE);
    if (node == NULL)
        lua_host_error(L, "a node such as dfc.run{} is expected, found %s",
                       api_type_name(L, index));
    return node;
}

struct mount *api_to_mount(lua_State *L, int index)
{
    return api_to_object(L, index, TYPE_MOUNT);
}

struct node *api_new_node(lua_State *L, enum node_kind kind)
{
    api_count_object(L);
    struct node *node = ARENA_NEW(api_of(L)->arena, struct node);
    node->kind = kind;
    return node;
}

/* ---- commands */

void api_check_one_line(lua_State *L, struct view text, const char *what)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == '\0')
            lua_host_error(L, "%s must not hold a line break or a NUL byte", what);
}

static void add_word(lua_State *L, struct command *command, int index)
{
    if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TNUMBER)
        lua_host_error(L, "dfc.argv: a word must be a string, found %s", api_type_name(L, index));
    struct view word = api_text(L, index);
    api_check_one_line(L, word, "dfc.argv: a word");
    VEC_PUSH(api_of(L)->arena, &command->words, word);
}

static void add_words(lua_State *L, struct command *command, int index)
{
    if (lua_isnil(L, index))
        return;
    if (lua_type(L, index) != LUA_TTABLE) {
        add_word(L, command, index);
        return;
    }
    lua_Integer count = api_push_list(L, index, "dfc.argv");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_word(L, command, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* Words of the last argument, when it is a list, go on lines of their own if they must. */
static void add_arguments(lua_State *L, struct command *command, int from)
{
    int top = lua_gettop(L);
    for (int i = from; i <= top; i++) {
        size_t before = command->words.count;
        add_words(L, command, i);
        command->list_at = i == top && lua_istable(L, i) ? before : command->words.count;
    }
}

static int argv_new(lua_State *L)
{
    api_count_object(L);
    struct command *command = ARENA_NEW(api_of(L)->arena, struct command);
    command->kind = COMMAND_ARGV;
    add_arguments(L, command, 1);
    api_push_command(L, command);
    return 1;
}

static struct command *check_argv(lua_State *L)
{
    struct command *command = api_to_object(L, 1, TYPE_COMMAND);
    if (command == NULL || command->kind != COMMAND_ARGV)
        lua_host_error(L, "a dfc.argv(…) is expected before ':'");
    api_check_owner(L, 1, "a dfc.argv");
    return command;
}

static int argv_add(lua_State *L)
{
    add_arguments(L, check_argv(L), 2);
    lua_settop(L, 1);
    return 1;
}

bool api_is_variable_name(struct view name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && name.ptr[i] != '_' && (i == 0 || !is_digit(name.ptr[i])))
            return false;
    return name.len > 0;
}

/* The name and value on the stack. `what` is where they stand: "dfc.env". */
static void add_env(lua_State *L, int name_at, int value_at, struct env_list *env, const char *what)
{
    struct view name = api_text(L, name_at);
    if (!api_is_variable_name(name))
        lua_host_error(L, "%s: '%s' is no name of an environment variable", what, name.ptr);
    if (lua_type(L, value_at) != LUA_TSTRING && lua_type(L, value_at) != LUA_TNUMBER)
        lua_host_error(L, "%s: the value of '%s' must be a string, found %s", what, name.ptr,
                       api_type_name(L, value_at));
    struct view value = api_text(L, value_at);
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] == '\n' || value.ptr[i] == '\r' || value.ptr[i] == '\0')
            lua_host_error(L, "%s: the value of '%s' must not hold a line break or a NUL byte",
                           what, name.ptr);
    VEC_PUSH(api_of(L)->arena, env, (struct env_pair){name, value});
}

/* argv:env(name, value): NAME=VALUE before this command only. A nil value adds nothing. */
static int argv_env(lua_State *L)
{
    struct command *command = check_argv(L);
    api_check_text(L, 2, "argv:env: the name");
    if (!lua_isnoneornil(L, 3))
        add_env(L, 2, 3, &command->env, "argv:env");
    lua_settop(L, 1);
    return 1;
}

/* `command.text` is the user's command as one line, for a rule that wants to look at it. */
static int command_index(lua_State *L)
{
    static const char *const names[] = {"text", "add", "env", NULL};
    struct command *command = api_to_object(L, 1, TYPE_COMMAND);
    const char *key = luaL_checkstring(L, 2);
    if (strcmp(key, "text") == 0) {
        lua_pushlstring(L, command->text.ptr == NULL ? "" : command->text.ptr, command->text.len);
        return 1;
    }
    if (strcmp(key, "add") == 0)
        lua_pushcfunction(L, argv_add);
    else if (strcmp(key, "env") == 0)
        lua_pushcfunction(L, argv_env);
    else
        return api_no_field(L, "a dfc.argv", key, names);
    return 1;
}

/* dfc.lit(text): a word in which every '$' is literal. */
static int literal(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TSTRING)
        return lua_host_error(L, "dfc.lit: a string is expected, found %s", api_type_name(L, 1));
    struct str out;
    str_init(&out, api_of(L)->arena);
    quote_escape(&out, api_text(L, 1));
    struct view text = str_view(&out);
    lua_pushlstring(L, text.ptr, text.len);
    return 1;
}

/* ---- nodes */

static void add_env_of_run(lua_State *L, void *context)
{
    add_env(L, -2, -1, context, "dfc.run: field 'env'");
}

static void add_env_of_node(lua_State *L, void *context)
{
    add_env(L, -2, -1, context, "dfc.env");
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

/* A line break in a command is where the RUN goes on in the next line (chunk.c). */
static void check_shell_text(lua_State *L, struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\r' || text.ptr[i] == '\0')
            lua_host_error(L, "dfc.run: a command must not hold a carriage return or a NUL byte");
    if (utf8_trim(text).len == 0)
        lua_host_error(L, "dfc.run: field 'cmds' has an empty command");
}

static void add_command(const struct fields *fields, struct run *run)
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
        check_shell_text(L, command->text);
    }
    VEC_PUSH(api_of(L)->arena, &run->commands, command);
}

static void add_commands(const struct fields *fields, struct run *run)
{
    lua_State *L = fields->L;
    lua_Integer count = fields_push_list(fields, "cmds");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_command(fields, run);
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

static int run_new(lua_State *L)
{
    static const char *const names[] = {"mounts",  "env",    "secrets", "cmds",
                                        "network", "script", NULL};
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
    if (node->run.commands.count == 0 && node->run.script == NULL)
        fields_error(&fields, "cmds", "is empty: a RUN needs a command");
    api_push_node(L, node);
    return 1;
}

/* dfc.arg(name [, default]) */
static int arg_new(lua_State *L)
{
    struct node *node = api_new_node(L, NODE_ARG);
    node->name = api_check_text(L, 1, "dfc.arg: the name");
    if (!api_is_variable_name(node->name))
        return lua_host_error(L, "dfc.arg: '%s' is no name of a variable", node->name.ptr);
    node->value = (struct view){NULL, 0};
    if (!lua_isnoneornil(L, 2)) {
        if (lua_type(L, 2) != LUA_TSTRING && lua_type(L, 2) != LUA_TNUMBER)
            return lua_host_error(L, "dfc.arg: the default must be a string, found %s",
                                  api_type_name(L, 2));
        node->value = api_text(L, 2);
        api_check_one_line(L, node->value, "dfc.arg: a default");
    }
    api_push_node(L, node);
    return 1;
}

static int env_new(lua_State *L)
{
    struct node *node = api_new_node(L, NODE_ENV);
    api_each_pair(L, 1, "dfc.env", add_env_of_node, &node->env);
    if (node->env.count == 0)
        return lua_host_error(L, "dfc.env: at least one NAME = VALUE is expected");
    api_push_node(L, node);
    return 1;
}

/* A directive's own options are added to a RUN of its result: not to a node that a rule has kept.
 */
static struct node *own_node(struct arena *arena, struct node *node)
{
    if (node->kind != NODE_RUN)
        return node;
    struct node *copy = ARENA_NEW(arena, struct node);
    *copy = *node;
    copy->run.flags.capacity = copy->run.flags.count; /* so that adding one copies the array */
    copy->run.env.capacity = copy->run.env.count;
    return copy;
}

static void read_nodes(lua_State *L, int index, const char *what, struct node_list *list, int depth)
{
    struct node *node = api_to_object(L, index, TYPE_NODE);
    if (node != NULL) {
        if (list->count == NODE_MAX)
            lua_host_limit(L, "the result of a rule may have %d nodes", NODE_MAX);
        VEC_PUSH(api_of(L)->arena, list, own_node(api_of(L)->arena, node));
        return;
    }
    if (depth > LIST_DEPTH_MAX)
        lua_host_error(L, "%s: lists are nested more than %d deep", what, LIST_DEPTH_MAX);
    if (lua_type(L, index) != LUA_TTABLE)
        lua_host_error(L,
                       "%s: a node such as dfc.run{}, a list of nodes or nil is expected, found %s",
                       what, api_type_name(L, index));
    lua_Integer count = api_push_list(L, index, what);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        read_nodes(L, -1, what, list, depth + 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

void api_read_nodes(lua_State *L, int index, const char *what, struct node_list *list)
{
    if (!lua_isnoneornil(L, index))
        read_nodes(L, index, what, list, 0);
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
        if (strchr(", \t\"'\\$", path.ptr[i]) != NULL || (unsigned char)path.ptr[i] >= 0x80)
            return false;
    return path.len > 0;
}

/* A path that leaves the build context can't be mounted, and nothing has put it into the image. */
static int refuse_outside(struct api *api, struct expansion *e, struct view path)
{
    struct span at = e->directive->name_at;
    for (size_t i = 0; i < e->directive->rule->args.count; i++)
        for (size_t k = 0; k < e->directive->args[i].count; k++)
            if (view_equal(e->directive->args[i].items[k].text, path))
                at = e->directive->args[i].items[k].at;
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "outside-context", at,
                                 "'%.*s' leads out of the build context", VIEW_ARG(path));
    diag_help(diag, "the build context is the directory of the input, or what -C says");
    e->failed = true;
    return 1;
}

/*
 * run:bind(path): make a file of the build context visible to the RUN under the path as written,
 * if it is one and the stage does not have it yet. Gives the path to use in the command.
 */
static int run_bind(lua_State *L)
{
    struct node *node = api_check_node(L, 1);
    struct api *api = api_of(L);
    struct expansion *e = api->expansion;
    api_check_owner(L, 1, "a dfc.run");
    struct view path = api_check_text(L, 2, "run:bind: the path");
    lua_settop(L, 2);
    if (e == NULL || e->directive->no_bind || view_starts(path, "/") || !can_be_mounted(path))
        return 1;
    struct view inside =
        view_format(api->arena, "%.*s/%.*s", VIEW_ARG(e->stage->workdir), VIEW_ARG(path));
    if (stage_may_have_file(e->stage, api_clean(api, inside)))
        return 1;
    if (api_path_leaves_context(api, path))
        return refuse_outside(api, e, path);
    if (api_context_has(api, path))
        add_bind(api, &node->run, path);
    return 1;
}

/* ---- types */

static int node_index(lua_State *L)
{
    static const char *const names[] = {"bind", NULL};
    struct node *node = api_check_node(L, 1);
    const char *key = luaL_checkstring(L, 2);
    if (node->kind != NODE_RUN)
        return lua_host_error(L, "a node other than dfc.run has no fields, found '%s'", key);
    if (strcmp(key, "bind") != 0)
        return api_no_field(L, "a dfc.run", key, names);
    lua_pushcfunction(L, run_bind);
    return 1;
}

static int mount_index(lua_State *L)
{
    static const char *const names[] = {"target", "id", NULL};
    struct mount *mount = api_to_object(L, 1, TYPE_MOUNT);
    const char *key = luaL_checkstring(L, 2);
    if (strcmp(key, "target") != 0 && strcmp(key, "id") != 0)
        return api_no_field(L, "a mount", key, names);
    struct view text = strcmp(key, "id") == 0 ? mount->id : mount->target;
    lua_pushlstring(L, text.len == 0 ? "" : text.ptr, text.len);
    return 1;
}

void api_open_nodes(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"argv", argv_new},
        {"lit", literal},
        {"cache", api_cache_new},
        {"bind", api_bind_new},
        {"secret", api_secret_new},
        {"ssh", api_ssh_new},
        {"tmpfs", api_tmpfs_new},
        {"run", run_new},
        {"arg", arg_new},
        {"env", env_new},
        {"copy", api_copy_new},
        {"add", api_add_new},
        {"workdir", api_workdir_new},
        {"user", api_user_new},
        {"raw", api_raw_new},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
    api_new_type(L, TYPE_NODE, node_index, "a node");
    api_new_type(L, TYPE_MOUNT, mount_index, "a mount");
    api_new_type(L, TYPE_COMMAND, command_index, "a dfc.argv");
}
