/* Nodes, mounts and commands: made by rules, kept in C, seen from Lua as objects without fields. */
#include "lua_api_internal.h"

#include <string.h>

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

/* ---- nodes */

void api_check_one_line(lua_State *L, struct view text, const char *what)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == '\0')
            lua_host_error(L, "%s must not hold a line break or a NUL byte", what);
}

bool api_is_variable_name(struct view name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && name.ptr[i] != '_' && (i == 0 || !is_digit(name.ptr[i])))
            return false;
    return name.len > 0;
}

/* The name and value on the stack. `what` is where they stand: "dfc.env". */
void api_add_env(lua_State *L, int name_at, int value_at, struct env_list *env, const char *what)
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
    VEC_PUSH(api_of(L)->arena, env, (struct env_pair){name, value, VIEW("")});
}

static void add_env_of_node(lua_State *L, void *context)
{
    api_add_env(L, -2, -1, context, "dfc.env");
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

/* Words may be added to a dfc.argv as long as the rule goes on. */
static void check_commands(lua_State *L, const struct node *node)
{
    for (size_t i = 0; node->kind == NODE_RUN && i < node->run.commands.count; i++) {
        const struct command *command = node->run.commands.items[i];
        if (command->kind == COMMAND_ARGV && command->words.count == 0)
            lua_host_error(L, "dfc.run: field 'cmds' has a dfc.argv without a word");
    }
}

static void read_nodes(lua_State *L, int index, const char *what, struct node_list *list, int depth)
{
    struct node *node = api_to_object(L, index, TYPE_NODE);
    if (node != NULL) {
        check_commands(L, node);
        if (list->count == NODE_MAX)
            lua_host_limit(L, "the result of a rule may have %d nodes", NODE_MAX);
        if (!node_take_bytes(node, &api_of(L)->result_left))
            lua_host_limit(L, "the result of a rule may have %d bytes", RESULT_BYTES_MAX);
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
    lua_pushcfunction(L, api_run_bind);
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
        {"argv", api_argv_new},
        {"lit", api_literal},
        {"cache", api_cache_new},
        {"bind", api_bind_new},
        {"secret", api_secret_new},
        {"ssh", api_ssh_new},
        {"tmpfs", api_tmpfs_new},
        {"run", api_run_new},
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
    api_new_type(L, TYPE_COMMAND, api_command_index, "a dfc.argv");
}
