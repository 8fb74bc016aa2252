/* Nodes, mounts and commands: made by rules, kept in C, seen from Lua as objects without fields. */
#include "lua_api_internal.h"

#include "path.h"
#include "quote.h"

#include <string.h>

#define TYPE_NODE    "dfc.node"
#define TYPE_MOUNT   "dfc.mount"
#define TYPE_COMMAND "dfc.argv"

void api_push_object(lua_State *L, void *object, const char *type)
{
    void **place = lua_newuserdatauv(L, sizeof(void *), 0);
    *place = object;
    luaL_setmetatable(L, type);
}

static void *to_object(lua_State *L, int index, const char *type)
{
    void **place = luaL_testudata(L, index, type);
    return place == NULL ? NULL : *place;
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
    struct node *node = to_object(L, index, TYPE_NODE);
    if (node == NULL)
        luaL_error(L, "a node such as dfc.run{} is expected, found %s", luaL_typename(L, index));
    return node;
}

static struct node *new_node(lua_State *L, enum node_kind kind)
{
    struct api *api = api_of(L);
    if (++api->node_count > NODE_MAX)
        luaL_error(L, "more than %d nodes", NODE_MAX);
    struct node *node = ARENA_NEW(api->arena, struct node);
    node->kind = kind;
    return node;
}

/* ---- commands */

static void check_one_line(lua_State *L, struct view text, const char *what)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == '\0')
            luaL_error(L, "%s must not hold a line break or a NUL byte", what);
}

static void add_word(lua_State *L, struct command *command, int index)
{
    if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TNUMBER)
        luaL_error(L, "dfc.argv: a word must be a string, found %s", luaL_typename(L, index));
    lua_pushvalue(L, index);
    struct view word = api_text(L, -1);
    lua_pop(L, 1);
    check_one_line(L, word, "dfc.argv: a word");
    VEC_PUSH(api_of(L)->arena, &command->words, word);
}

static void add_words(lua_State *L, struct command *command, int index)
{
    if (lua_isnil(L, index))
        return;
    if (lua_type(L, index) == LUA_TSTRING || lua_type(L, index) == LUA_TNUMBER) {
        add_word(L, command, index);
        return;
    }
    lua_host_thaw(L, index);
    if (lua_type(L, -1) != LUA_TTABLE)
        luaL_error(L, "dfc.argv: words are strings or lists of strings, found %s",
                   luaL_typename(L, index));
    lua_Integer count = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, -1, i);
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
        bool is_list = lua_type(L, i) == LUA_TTABLE || lua_type(L, i) == LUA_TUSERDATA;
        command->list_at = i == top && is_list ? before : command->words.count;
    }
}

static int argv_new(lua_State *L)
{
    struct command *command = ARENA_NEW(api_of(L)->arena, struct command);
    command->kind = COMMAND_ARGV;
    add_arguments(L, command, 1);
    api_push_command(L, command);
    return 1;
}

static struct command *check_argv(lua_State *L)
{
    struct command *command = to_object(L, 1, TYPE_COMMAND);
    if (command == NULL || command->kind != COMMAND_ARGV)
        luaL_error(L, "a dfc.argv(…) is expected before ':'");
    return command;
}

static int argv_add(lua_State *L)
{
    add_arguments(L, check_argv(L), 2);
    lua_settop(L, 1);
    return 1;
}

static void add_env(lua_State *L, struct env_list *env, struct view name, struct view value)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && name.ptr[i] != '_' && (i == 0 || !is_digit(name.ptr[i])))
            luaL_error(L, "'%s' is no name of an environment variable", name.ptr);
    check_one_line(L, value, "the value of an environment variable");
    VEC_PUSH(api_of(L)->arena, env, (struct env_pair){name, value});
}

static int argv_env(lua_State *L)
{
    struct command *command = check_argv(L);
    luaL_checkstring(L, 2);
    luaL_checkstring(L, 3);
    add_env(L, &command->env, api_text(L, 2), api_text(L, 3));
    lua_settop(L, 1);
    return 1;
}

/* `command.text` is the user's command as one line, for a rule that wants to look at it. */
static int command_index(lua_State *L)
{
    struct command *command = to_object(L, 1, TYPE_COMMAND);
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
        return luaL_error(L, "a dfc.argv has no field '%s'", key);
    return 1;
}

/* dfc.lit(text): a word in which every '$' is literal. */
static int literal(lua_State *L)
{
    luaL_checkstring(L, 1);
    struct str out;
    str_init(&out, api_of(L)->arena);
    quote_escape(&out, api_text(L, 1));
    struct view text = str_view(&out);
    lua_pushlstring(L, text.ptr, text.len);
    return 1;
}

/* ---- mounts */

static struct mount *new_mount(lua_State *L, enum mount_type type)
{
    struct mount *mount = ARENA_NEW(api_of(L)->arena, struct mount);
    mount->type = type;
    return mount;
}

/* Values of a mount go into a CSV list without quotes: no comma, blank or quote may be in them. */
static struct view mount_text(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    for (size_t i = 0; i < text.len; i++)
        if (strchr(", \t\r\n\"'\\", text.ptr[i]) != NULL || (unsigned char)text.ptr[i] >= 0x80)
            fields_error(fields, name, "must not hold blanks, commas, quotes or backslashes");
    return text;
}

static void read_owner(const struct fields *fields, struct mount *mount)
{
    mount->uid = mount_text(fields, "uid");
    mount->gid = mount_text(fields, "gid");
    mount->mode = mount_text(fields, "mode");
}

static int cache_new(lua_State *L)
{
    static const char *const names[] = {"target", "id",   "sharing", "uid", "gid",
                                        "mode",   "from", "source",  NULL};
    struct fields fields = fields_open(L, 1, "dfc.cache", names);
    struct mount *mount = new_mount(L, MOUNT_CACHE);
    mount->target = mount_text(&fields, "target");
    if (mount->target.len == 0)
        fields_error(&fields, "target", "is missing");
    mount->id = mount_text(&fields, "id");
    mount->sharing = mount_text(&fields, "sharing");
    if (mount->sharing.len > 0 && !view_is(mount->sharing, "shared") &&
        !view_is(mount->sharing, "locked") && !view_is(mount->sharing, "private"))
        fields_error(&fields, "sharing", "must be shared, locked or private");
    mount->from = mount_text(&fields, "from");
    mount->source = mount_text(&fields, "source");
    read_owner(&fields, mount);
    api_push_mount(L, mount);
    return 1;
}

static int bind_new(lua_State *L)
{
    static const char *const names[] = {"source", "target", "from", "rw", NULL};
    struct fields fields = fields_open(L, 1, "dfc.bind", names);
    struct mount *mount = new_mount(L, MOUNT_BIND);
    mount->source = mount_text(&fields, "source");
    mount->target = mount_text(&fields, "target");
    if (mount->target.len == 0)
        fields_error(&fields, "target", "is missing");
    mount->from = mount_text(&fields, "from");
    mount->writable = fields_flag(&fields, "rw");
    api_push_mount(L, mount);
    return 1;
}

static int secret_new(lua_State *L)
{
    static const char *const names[] = {"id",  "target", "env",  "required",
                                        "uid", "gid",    "mode", NULL};
    struct fields fields = fields_open(L, 1, "dfc.secret", names);
    struct mount *mount = new_mount(L, MOUNT_SECRET);
    mount->id = mount_text(&fields, "id");
    mount->target = mount_text(&fields, "target");
    mount->env = mount_text(&fields, "env");
    mount->required = fields_flag(&fields, "required");
    read_owner(&fields, mount);
    if (mount->id.len == 0 && mount->target.len == 0)
        fields_error(&fields, "id", "is missing");
    api_push_mount(L, mount);
    return 1;
}

static int ssh_new(lua_State *L)
{
    static const char *const names[] = {"id", "target", "required", "uid", "gid", "mode", NULL};
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    struct fields fields = fields_open(L, 1, "dfc.ssh", names);
    struct mount *mount = new_mount(L, MOUNT_SSH);
    mount->id = mount_text(&fields, "id");
    mount->target = mount_text(&fields, "target");
    mount->required = fields_flag(&fields, "required");
    read_owner(&fields, mount);
    api_push_mount(L, mount);
    return 1;
}

static int tmpfs_new(lua_State *L)
{
    static const char *const names[] = {"target", "size", NULL};
    struct fields fields = fields_open(L, 1, "dfc.tmpfs", names);
    struct mount *mount = new_mount(L, MOUNT_TMPFS);
    mount->target = mount_text(&fields, "target");
    if (mount->target.len == 0)
        fields_error(&fields, "target", "is missing");
    mount->size = mount_text(&fields, "size");
    api_push_mount(L, mount);
    return 1;
}

/* ---- nodes */

static void read_env(const struct fields *fields, const char *field, struct env_list *env)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, field, LUA_TNONE))
        return;
    lua_host_thaw(L, -1);
    if (lua_type(L, -1) != LUA_TTABLE)
        fields_error(fields, field, "must be a table of NAME = VALUE");
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING)
            fields_error(fields, field, "must be a table of NAME = VALUE");
        if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
            fields_error(fields, field, "has a value that is a %s", luaL_typename(L, -1));
        lua_pushvalue(L, -1); /* api_text may turn a number into a string */
        struct view value = api_text(L, -1);
        lua_pop(L, 1);
        add_env(L, env, api_text(L, -2), value);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

static void add_mounts(const struct fields *fields, struct run *run, int depth)
{
    lua_State *L = fields->L;
    struct mount *mount = to_object(L, -1, TYPE_MOUNT);
    if (mount != NULL) {
        VEC_PUSH(api_of(L)->arena, &run->mounts, mount);
        return;
    }
    if (lua_type(L, -1) != LUA_TTABLE || depth > LIST_DEPTH_MAX)
        fields_error(fields, "mounts", "must be a list of mounts such as dfc.cache{}, found %s",
                     luaL_typename(L, -1));
    luaL_checkstack(L, 4, "mounts");
    lua_Integer count = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, -1, i);
        add_mounts(fields, run, depth + 1);
        lua_pop(L, 1);
    }
}

/* A line break in a command is where the RUN goes on in the next line (chunk.c). */
static void check_shell_text(lua_State *L, struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\r' || text.ptr[i] == '\0')
            luaL_error(L, "dfc.run: a command must not hold a carriage return or a NUL byte");
}

static void add_command(const struct fields *fields, struct run *run)
{
    lua_State *L = fields->L;
    struct command *command = to_object(L, -1, TYPE_COMMAND);
    if (command == NULL) {
        if (lua_type(L, -1) != LUA_TSTRING)
            fields_error(fields, "cmds", "must be a list of strings and dfc.argv(…), found %s",
                         luaL_typename(L, -1));
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
    if (!fields_push(fields, "cmds", LUA_TTABLE))
        return;
    lua_Integer count = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, -1, i);
        add_command(fields, run);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
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
    static const char *const names[] = {"mounts", "env", "cmds", "network", "script", NULL};
    struct fields fields = fields_open(L, 1, "dfc.run", names);
    struct node *node = new_node(L, NODE_RUN);
    struct arena *arena = api_of(L)->arena;
    if (fields_push(&fields, "mounts", LUA_TNONE)) {
        add_mounts(&fields, &node->run, 0);
        lua_pop(L, 1);
    }
    read_env(&fields, "env", &node->run.env);
    add_commands(&fields, &node->run);
    add_script(&fields, &node->run);
    struct view network = mount_text(&fields, "network");
    if (network.len > 0)
        VEC_PUSH(arena, &node->run.flags, view_format(arena, "--network=%s", network.ptr));
    if (node->run.commands.count == 0 && node->run.script == NULL)
        fields_error(&fields, "cmds", "is empty: a RUN needs a command");
    api_push_node(L, node);
    return 1;
}

static int arg_new(lua_State *L)
{
    struct node *node = new_node(L, NODE_ARG);
    luaL_checkstring(L, 1);
    node->name = api_text(L, 1);
    node->value = (struct view){NULL, 0};
    if (!lua_isnoneornil(L, 2)) {
        luaL_checkstring(L, 2);
        node->value = api_text(L, 2);
    }
    check_one_line(L, node->name, "dfc.arg: a name");
    check_one_line(L, node->value, "dfc.arg: a default");
    api_push_node(L, node);
    return 1;
}

static int env_new(lua_State *L)
{
    struct node *node = new_node(L, NODE_ENV);
    lua_settop(L, 1);
    lua_newtable(L);
    lua_insert(L, 1);
    lua_setfield(L, 1, "vars");
    static const char *const names[] = {"vars", NULL};
    struct fields fields = fields_open(L, 1, "dfc.env", names);
    read_env(&fields, "vars", &node->env);
    if (node->env.count == 0)
        return luaL_error(L, "dfc.env: at least one NAME = VALUE is expected");
    api_push_node(L, node);
    return 1;
}

void api_read_nodes(lua_State *L, int index, struct node_list *list, int depth)
{
    if (lua_isnoneornil(L, index))
        return;
    struct node *node = to_object(L, index, TYPE_NODE);
    if (node != NULL) {
        VEC_PUSH(api_of(L)->arena, list, node);
        return;
    }
    if (lua_type(L, index) != LUA_TTABLE || depth > LIST_DEPTH_MAX)
        luaL_error(L,
                   "a rule must return a node such as dfc.run{}, a list of nodes, or nil; "
                   "found %s",
                   luaL_typename(L, index));
    luaL_checkstack(L, 4, "nodes");
    int table = lua_absindex(L, index);
    lua_Integer count = luaL_len(L, table);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, table, i);
        api_read_nodes(L, -1, list, depth + 1);
        lua_pop(L, 1);
    }
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

int api_run_bind(lua_State *L);

static int node_index(lua_State *L)
{
    struct node *node = api_check_node(L, 1);
    const char *key = luaL_checkstring(L, 2);
    if (node->kind == NODE_RUN && strcmp(key, "bind") == 0) {
        lua_pushcfunction(L, api_run_bind);
        return 1;
    }
    return luaL_error(L, "a node has no field '%s'", key);
}

/* Fields of what a bind mount may say: characters that the mount's CSV list can hold. */
static bool can_be_mounted(struct view path)
{
    for (size_t i = 0; i < path.len; i++)
        if (strchr(", \t\"'\\$", path.ptr[i]) != NULL || (unsigned char)path.ptr[i] >= 0x80)
            return false;
    return path.len > 0;
}

/*
 * run:bind(path): make a file of the build context visible to the RUN under the path as written,
 * if it is one and the stage does not have it yet. Gives the path to use in the command.
 */
int api_run_bind(lua_State *L)
{
    struct node *node = api_check_node(L, 1);
    struct api *api = api_of(L);
    struct expansion *expansion = api->expansion;
    luaL_checkstring(L, 2);
    lua_settop(L, 2);
    struct view path = api_text(L, 2);
    if (expansion == NULL || expansion->directive->no_bind || path.ptr[0] == '/' ||
        !can_be_mounted(path))
        return 1;
    struct view inside =
        view_format(api->arena, "%.*s/%.*s", VIEW_ARG(expansion->stage->workdir), VIEW_ARG(path));
    if (api_path_leaves_context(api, path) ||
        stage_may_have_file(expansion->stage, api_clean(api, inside)))
        return 1;
    if (api_context_has(api, path))
        add_bind(api, &node->run, path);
    return 1;
}

static void new_type(lua_State *L, const char *type, lua_CFunction index)
{
    luaL_newmetatable(L, type);
    lua_pushcfunction(L, index);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

static int mount_index(lua_State *L)
{
    struct mount *mount = to_object(L, 1, TYPE_MOUNT);
    const char *key = luaL_checkstring(L, 2);
    if (strcmp(key, "target") != 0 && strcmp(key, "id") != 0)
        return luaL_error(L, "a mount has no field '%s'", key);
    struct view text = strcmp(key, "id") == 0 ? mount->id : mount->target;
    lua_pushlstring(L, text.len == 0 ? "" : text.ptr, text.len);
    return 1;
}

void api_open_nodes(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"argv", argv_new},     {"lit", literal}, {"cache", cache_new}, {"bind", bind_new},
        {"secret", secret_new}, {"ssh", ssh_new}, {"tmpfs", tmpfs_new}, {"run", run_new},
        {"arg", arg_new},       {"env", env_new}, {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
    new_type(L, TYPE_NODE, node_index);
    new_type(L, TYPE_MOUNT, mount_index);
    new_type(L, TYPE_COMMAND, command_index);
}
