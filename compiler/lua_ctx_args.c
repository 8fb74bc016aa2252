/* What a rule gets as `a`: the arguments of its directive. */
#include "lua_api_internal.h"

#include "rule_value.h"
#include "shell_split.h"

#include <string.h>

#define TYPE_ARGUMENTS "dfc.args"

static void push_view(lua_State *L, struct view text)
{
    lua_pushlstring(L, text.len == 0 ? "" : text.ptr, text.len);
}

static void push_value(lua_State *L, const struct rule_arg *arg, struct view text)
{
    if (arg->type == ARG_SWITCH) {
        lua_pushboolean(L, true);
        return;
    }
    push_view(L, text);
    if (arg->type == ARG_INT) {
        lua_pushinteger(L, lua_tointeger(L, -1));
        lua_remove(L, -2);
    }
}

static void push_values(lua_State *L, const struct rule_arg *arg, const struct bound_values *values)
{
    lua_createtable(L, (int)(values->count & 0xffff), 0);
    for (size_t i = 0; i < values->count; i++) {
        if (arg == NULL)
            push_view(L, values->items[i].text);
        else
            push_value(L, arg, values->items[i].text);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_host_freeze(L);
}

/* "@set pip.sharing = locked" is checked like "--sharing=locked", when it counts. */
static bool is_good_setting(struct api *api, struct expansion *e, const struct rule_arg *arg,
                            struct view name, const struct setting *setting)
{
    struct value_problem problem = rule_value_check(api->arena, arg, setting->value);
    if (problem.code == NULL)
        return true;
    e->failed = true;
    diag_add(api->diags, DIAG_ERROR, problem.code, setting->at, "%.*s %.*s", VIEW_ARG(name),
             VIEW_ARG(problem.text));
    return false;
}

static bool is_true(struct view value)
{
    return value.len > 0 && !view_is(value, "0") && !view_is(value, "off") &&
           !view_is(value, "no") && !view_is(value, "false");
}

/* An option that was not given: a setting stands for the rule's default. */
static void push_absent(lua_State *L, struct expansion *e, const struct rule_arg *arg)
{
    struct api *api = api_of(L);
    struct view name =
        view_format(api->arena, "%.*s.%.*s", VIEW_ARG(e->directive->rule->name),
                    VIEW_ARG(view_slice(arg->name, arg->is_option ? 2 : 0, arg->name.len)));
    const struct setting *setting = arg->is_option ? setting_find(&e->stage->settings, name) : NULL;
    if (setting != NULL && arg->type == ARG_SWITCH)
        lua_pushboolean(L, is_true(setting->value));
    else if (setting != NULL && is_good_setting(api, e, arg, name, setting))
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
            push_values(L, arg, values);
        else if (values->count > 0)
            push_value(L, arg, values->items[values->count - 1].text);
        else
            push_absent(L, e, arg);
        return true;
    }
    return false;
}

/* ---- what every directive has */

static void push_verb(lua_State *L, const struct directive *directive)
{
    push_view(L, directive->verb);
}

static void push_name(lua_State *L, const struct directive *directive)
{
    push_view(L, directive->name);
}

static void push_exe(lua_State *L, const struct directive *directive)
{
    if (directive->exe.len > 0)
        push_view(L, directive->exe);
    else
        lua_pushnil(L);
}

static void push_rest(lua_State *L, const struct directive *directive)
{
    push_values(L, NULL, &directive->rest);
}

static void push_script(lua_State *L, const struct directive *directive)
{
    lua_pushboolean(L, directive->script != NULL);
}

static void push_command(lua_State *L, const struct directive *directive)
{
    if (directive->command != NULL)
        api_push_command(L, directive->command);
    else
        lua_pushnil(L);
}

/* The shell text of a command directive; "" when it is for an interpreter that may be no shell. */
static struct view shell_text(struct arena *arena, const struct directive *directive)
{
    const struct command *command = directive->command;
    if (command != NULL)
        return view_format(arena, "%.*s %.*s", VIEW_ARG(command->exe), VIEW_ARG(command->text));
    if (directive->script != NULL && !directive->script->own_interpreter)
        return directive->script->body;
    return VIEW("");
}

/* The simple commands, the program first, one blank between the words. */
static void push_commands(lua_State *L, const struct directive *directive)
{
    struct arena *arena = api_of(L)->arena;
    struct shell_commands commands = {0};
    struct view text = shell_text(arena, directive);
    lua_Integer count = 0;
    lua_host_charge(L, text.len);
    shell_split(arena, text, &commands);
    lua_createtable(L, (int)(commands.count & 0xffff), 0);
    for (size_t i = 0; i < commands.count; i++) {
        if (commands.items[i].word_count == 0)
            continue;
        push_view(L, shell_command_text(arena, &commands.items[i]));
        lua_rawseti(L, -2, ++count);
    }
    lua_host_freeze(L);
}

static void push_lines(lua_State *L, const struct directive *directive)
{
    lua_createtable(L, (int)(directive->lines.count & 0xffff), 0);
    for (size_t i = 0; i < directive->lines.count; i++) {
        push_view(L, directive->lines.items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_host_freeze(L);
}

static const struct {
    const char *name;
    void (*push)(lua_State *L, const struct directive *directive);
} common[] = {
    {"verb", push_verb},         {"name", push_name},     {"exe", push_exe},
    {"rest", push_rest},         {"script", push_script}, {"command", push_command},
    {"commands", push_commands}, {"lines", push_lines},
};

enum { COMMON_COUNT = sizeof(common) / sizeof(common[0]) };

static int no_argument(lua_State *L, const struct directive *directive, struct view key)
{
    struct arena *arena = api_of(L)->arena;
    struct name_list names = {0};
    for (size_t i = 0; i < directive->rule->args.count; i++)
        VEC_PUSH(arena, &names, directive->rule->args.items[i].key);
    for (size_t i = 0; i < COMMON_COUNT; i++)
        VEC_PUSH(arena, &names, view_of(common[i].name));
    struct view close = diag_closest(key, names.items, names.count);
    if (close.len > 0)
        return lua_host_error(L, "@%.*s has no argument '%s'; did you mean '%.*s'?",
                              VIEW_ARG(directive->name), key.ptr, VIEW_ARG(close));
    return lua_host_error(L, "@%.*s has no argument '%s'", VIEW_ARG(directive->name), key.ptr);
}

static int arguments_index(lua_State *L)
{
    struct expansion *e = api_of(L)->expansion;
    struct view key = view_of(luaL_checkstring(L, 2));
    if (e == NULL)
        return lua_host_error(L,
                              "the arguments can only be used while their directive is expanded");
    if (push_argument(L, e, key))
        return 1;
    e->has_read_rest |= view_is(key, "rest");
    e->has_read_exe |= view_is(key, "exe");
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (view_is(key, common[i].name)) {
            common[i].push(L, e->directive);
            return 1;
        }
    }
    return no_argument(L, e->directive, key);
}

void api_push_arguments(lua_State *L, struct expansion *expansion)
{
    api_push_object(L, expansion, TYPE_ARGUMENTS);
}

void api_open_arguments(lua_State *L)
{
    api_new_type(L, TYPE_ARGUMENTS, arguments_index, "an argument");
}
