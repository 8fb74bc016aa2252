/* Words of a command: dfc.argv(…) with its methods, and dfc.lit. */
#include "lua_api_internal.h"

#include "quote.h"

#include <string.h>

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

/* Words of the last argument, when it is a list, go on lines of their own if they must; not the
 * program itself. */
static void add_arguments(lua_State *L, struct command *command, int from)
{
    int top = lua_gettop(L);
    for (int i = from; i <= top; i++) {
        size_t before = command->words.count;
        add_words(L, command, i);
        if (before == 0 && command->words.count > 0)
            before = 1;
        command->list_at = i == top && lua_istable(L, i) ? before : command->words.count;
    }
}

int api_argv_new(lua_State *L)
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

/* argv:env(name, value): NAME=VALUE before this command only. A nil value adds nothing. */
static int argv_env(lua_State *L)
{
    struct command *command = check_argv(L);
    api_check_text(L, 2, "argv:env: the name");
    if (!lua_isnoneornil(L, 3))
        api_add_env(L, 2, 3, &command->env, "argv:env");
    lua_settop(L, 1);
    return 1;
}

/* `command.text` is the user's command as one line, for a rule that wants to look at it. */
int api_command_index(lua_State *L)
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
int api_literal(lua_State *L)
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
