/* `run` and `m` of a check: the instruction and the command that was matched, and the edits that
 * they make. Their functions may be called with '.' or with ':'. */
#include "lua_rewrite_parts.h"

#include <string.h>

#define TYPE_RUN   "dfc.plain_run"
#define TYPE_MATCH "dfc.match"
#define TYPE_EDITS "dfc.edits"
#define TYPE_SPAN  "dfc.span"

enum { ARGUMENTS_MAX = 4 };

/* ---- objects */

void rewrite_push_run(lua_State *L, struct look *look)
{
    api_push_object(L, look, TYPE_RUN);
}

void rewrite_push_match(lua_State *L, struct match *match)
{
    api_push_object(L, match, TYPE_MATCH);
}

const struct match *rewrite_to_match(lua_State *L, int index)
{
    return api_to_object(L, index, TYPE_MATCH);
}

const struct lua_edits *rewrite_to_edits(lua_State *L, int index)
{
    return api_to_object(L, index, TYPE_EDITS);
}

const struct span *rewrite_to_span(lua_State *L, int index)
{
    return api_to_object(L, index, TYPE_SPAN);
}

bool rewrite_is_run(lua_State *L, int index)
{
    return api_to_object(L, index, TYPE_RUN) != NULL;
}

static struct edit_request *push_edits(lua_State *L, const struct run_view *run)
{
    api_count_object(L);
    struct lua_edits *edits = ARENA_NEW(api_of(L)->arena, struct lua_edits);
    edits->run = run;
    api_push_object(L, edits, TYPE_EDITS);
    return &edits->request;
}

/* Index of the first argument: the object is the function's upvalue, and may be given as well. */
static int first_argument(lua_State *L)
{
    return lua_rawequal(L, 1, lua_upvalueindex(1)) ? 2 : 1;
}

static const struct look *own_look(lua_State *L)
{
    return api_to_object(L, lua_upvalueindex(1), TYPE_RUN);
}

static const struct match *own_match(lua_State *L)
{
    return api_to_object(L, lua_upvalueindex(1), TYPE_MATCH);
}

/* Push the function of that name, with the object at index 1 as its upvalue. */
static bool push_method(lua_State *L, const luaL_Reg *methods, const char *key)
{
    for (; methods->name != NULL; methods++) {
        if (strcmp(methods->name, key) == 0) {
            lua_pushvalue(L, 1);
            lua_pushcclosure(L, methods->func, 1);
            return true;
        }
    }
    return false;
}

static void push_view(lua_State *L, struct view text)
{
    lua_pushlstring(L, text.len == 0 ? "" : text.ptr, text.len);
}

/* Replace the list on top of the stack by one that can't be changed. */
static void freeze_list(lua_State *L, size_t count)
{
    lua_host_charge(L, count);
    lua_host_freeze(L);
}

/* ---- run */

static int run_has_mount(lua_State *L)
{
    struct view target = api_check_text(L, first_argument(L), "run.has_mount");
    lua_pushboolean(L, run_view_has_mount(own_look(L)->run, target));
    return 1;
}

static void add_mounts(lua_State *L, int index, const struct run_view *run,
                       struct edit_request *request, int depth)
{
    const struct mount *mount = api_to_mount(L, index);
    if (mount != NULL) {
        request_mount(run, request, mount);
        return;
    }
    if (lua_type(L, index) != LUA_TTABLE || depth > LIST_DEPTH_MAX)
        lua_host_error(L, "run.add_mount: a mount or a list of mounts is expected, found %s",
                       luaL_typename(L, index));
    luaL_checkstack(L, 4, "mounts");
    lua_Integer count = api_push_list(L, index, "run.add_mount");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_mounts(L, lua_gettop(L), run, request, depth + 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static int run_add_mount(lua_State *L)
{
    int at = first_argument(L);
    const struct run_view *run = own_look(L)->run;
    if (run->unit->inst->keyword != KEYWORD_RUN)
        return lua_host_error(L, "run.add_mount: only a RUN takes mounts, this is a %s",
                              keyword_info(run->unit->inst->keyword)->upper);
    add_mounts(L, at, run, push_edits(L, run), 0);
    return 1;
}

static bool does_match(lua_State *L, struct regex *regex, struct view line)
{
    struct regex_groups groups;
    enum regex_result result = regex_match(regex, line, 0, &groups);
    if (result == REGEX_LIMIT && line.len <= REGEX_SUBJECT_MAX)
        lua_host_limit(L, "a regular expression takes too many steps");
    return result == REGEX_MATCH;
}

/* run.remove_cmd(pattern): all commands of the RUN that match. */
static int run_remove_cmd(lua_State *L)
{
    const struct run_view *run = own_look(L)->run;
    struct view pattern = api_check_text(L, first_argument(L), "run.remove_cmd");
    struct regex *regex = lua_host_push_regex(L, pattern);
    struct edit_request *request = push_edits(L, run);
    lua_host_charge(L, run->commands.count);
    for (size_t i = 0; i < run->commands.count; i++)
        if (run->lines[i].len > 0 && does_match(L, regex, run->lines[i]))
            request_remove_command(run, request, i);
    return 1;
}

/* run.prepend_cmd(text): a command before all others. */
static int run_prepend_cmd(lua_State *L)
{
    const struct run_view *run = own_look(L)->run;
    struct view text = api_check_text(L, first_argument(L), "run.prepend_cmd");
    api_check_one_line(L, text, "run.prepend_cmd: the command");
    request_prepend_command(run, push_edits(L, run), text);
    return 1;
}

static void push_flags(lua_State *L, const struct instruction *inst)
{
    lua_newtable(L);
    for (size_t i = 0; i < inst->flag_count; i++) {
        push_view(L, inst->flags[i].text);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    freeze_list(L, inst->flag_count);
}

static void push_commands(lua_State *L, const struct run_view *run)
{
    lua_newtable(L);
    for (size_t i = 0; i < run->commands.count; i++) {
        push_view(L, run->lines[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    freeze_list(L, run->commands.count);
}

static int run_index(lua_State *L)
{
    static const luaL_Reg methods[] = {{"has_mount", run_has_mount},
                                       {"add_mount", run_add_mount},
                                       {"remove_cmd", run_remove_cmd},
                                       {"prepend_cmd", run_prepend_cmd},
                                       {NULL, NULL}};
    static const char *const names[] = {"has_mount",   "add_mount", "remove_cmd",
                                        "prepend_cmd", "text",      "instruction",
                                        "flags",       "commands",  NULL};
    const struct look *look = api_to_object(L, 1, TYPE_RUN);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (push_method(L, methods, key))
        return 1;
    if (strcmp(key, "text") == 0)
        push_view(L, look->run->text);
    else if (strcmp(key, "instruction") == 0)
        lua_pushstring(L, keyword_info(look->run->unit->inst->keyword)->upper);
    else if (strcmp(key, "flags") == 0)
        push_flags(L, look->run->unit->inst);
    else if (strcmp(key, "commands") == 0)
        push_commands(L, look->run);
    else
        return api_no_field(L, "the instruction", luaL_tolstring(L, 2, NULL), names);
    return 1;
}

/* ---- m */

static const struct shell_command *command_of(const struct match *match)
{
    return &match->look->run->commands.items[match->command];
}

/* A word that is put into the instruction. */
static struct view new_word(lua_State *L, const struct match *match, int index, const char *what)
{
    struct view text = api_check_text(L, index, what);
    api_check_one_line(L, text, what);
    for (size_t i = 0; match->look->run->kind == RUN_WORDS && i < text.len; i++)
        if (is_blank(text.ptr[i]))
            lua_host_error(L, "%s: one word is expected, found '%s'", what, text.ptr);
    return text;
}

/* m.remove_arg(word): wherever the command has it; nothing to do when it does not. */
static int match_remove_arg(lua_State *L)
{
    const struct match *match = own_match(L);
    const struct shell_command *command = command_of(match);
    struct view wanted = api_check_text(L, first_argument(L), "m.remove_arg");
    struct edit_request *request = push_edits(L, match->look->run);
    lua_host_charge(L, command->word_count);
    for (size_t i = 0; i < command->word_count; i++)
        if (view_equal(command->words[i].text, wanted))
            request_remove_word(match->look->run, request, match->command, i);
    return 1;
}

/* m.replace_arg(word, other): likewise. */
static int match_replace_arg(lua_State *L)
{
    const struct match *match = own_match(L);
    const struct shell_command *command = command_of(match);
    int at = first_argument(L);
    struct view wanted = api_check_text(L, at, "m.replace_arg");
    struct view text = new_word(L, match, at + 1, "m.replace_arg: the new word");
    struct edit_request *request = push_edits(L, match->look->run);
    lua_host_charge(L, command->word_count);
    for (size_t i = 0; i < command->word_count; i++)
        if (view_equal(command->words[i].text, wanted))
            request_replace_word(match->look->run, request, match->command, i, text);
    return 1;
}

/* Index of the word in which byte `at` of the line lies. */
static size_t word_at(const struct shell_command *command, size_t at)
{
    size_t end = 0;
    for (size_t i = 0; i < command->word_count; i++) {
        end += command->words[i].text.len;
        if (at <= end)
            return i;
        end++;
    }
    return command->word_count - 1;
}

/* m.insert_arg(word, …): behind the last word that the pattern has matched. */
static int match_insert_arg(lua_State *L)
{
    const struct match *match = own_match(L);
    int first = first_argument(L), last = lua_gettop(L);
    size_t word = word_at(command_of(match), match->groups[0].end);
    if (last > first + ARGUMENTS_MAX)
        return lua_host_error(L, "m.insert_arg: at most %d words are expected", ARGUMENTS_MAX);
    lua_host_charge(L, word);
    struct edit_request *request = push_edits(L, match->look->run);
    for (int i = first; i < last || i == first; i++) {
        struct view text = new_word(L, match, i, "m.insert_arg");
        request_append_word(match->look->run, request, match->command, word, text);
    }
    return 1;
}

struct span rewrite_match_span(const struct match *match)
{
    const struct shell_command *command = command_of(match);
    return run_view_span(match->look->run, command->begin, command->end);
}

/* Index of the group whose number or name the argument at `index` is; the number of groups when
 * there is none. */
static size_t find_group(lua_State *L, const struct match *match, int index)
{
    if (lua_isinteger(L, index)) {
        lua_Integer number = lua_tointeger(L, index);
        return number >= 0 && (size_t)number < match->group_count ? (size_t)number
                                                                  : match->group_count;
    }
    const char *name = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
    for (size_t i = 0; i < match->group_count; i++) {
        const char *group = regex_group_name(match->look->rewrite->regex, i);
        if (group != NULL && strcmp(group, name) == 0)
            return i;
    }
    return match->group_count;
}

/* m:span(group): the place of the words in which the group lies; of the command when the group is
 * not in the match. */
static int match_span(lua_State *L)
{
    const struct match *match = own_match(L);
    int at = first_argument(L);
    size_t group = find_group(L, match, at);
    if (group == match->group_count)
        return lua_host_error(L, "m.span: the pattern has no group '%s'",
                              luaL_tolstring(L, at, NULL));
    const struct shell_command *command = command_of(match);
    struct span *span = ARENA_NEW(api_of(L)->arena, struct span);
    *span = rewrite_match_span(match);
    if (match->groups[group].set) {
        size_t from = word_at(command, match->groups[group].begin);
        size_t to = word_at(command, match->groups[group].end);
        *span = run_view_span(match->look->run, command->words[from].begin, command->words[to].end);
        lua_host_charge(L, to);
    }
    api_push_object(L, span, TYPE_SPAN);
    return 1;
}

static void push_argv(lua_State *L, const struct shell_command *command)
{
    lua_newtable(L);
    for (size_t i = 0; i < command->word_count; i++) {
        push_view(L, command->words[i].text);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    freeze_list(L, command->word_count);
}

/* The text of a group; false when it took no part in the match, as in re.match. */
static void push_group(lua_State *L, const struct match *match, size_t index)
{
    const struct group *group = &match->groups[index];
    struct view line = match->look->run->lines[match->command];
    if (group->set)
        push_view(L, view_slice(line, group->begin, group->end));
    else
        lua_pushboolean(L, false);
}

static int match_index(lua_State *L)
{
    static const luaL_Reg methods[] = {{"remove_arg", match_remove_arg},
                                       {"replace_arg", match_replace_arg},
                                       {"insert_arg", match_insert_arg},
                                       {"span", match_span},
                                       {NULL, NULL}};
    static const char *const names[] = {"remove_arg", "replace_arg", "insert_arg", "span", "argv",
                                        "text",       "nested",      "sudo",       NULL};
    const struct match *match = api_to_object(L, 1, TYPE_MATCH);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (push_method(L, methods, key))
        return 1;
    size_t group = find_group(L, match, 2);
    if (group < match->group_count)
        push_group(L, match, group);
    else if (lua_isinteger(L, 2))
        lua_pushnil(L);
    else if (strcmp(key, "argv") == 0)
        push_argv(L, command_of(match));
    else if (strcmp(key, "text") == 0)
        push_view(L, match->look->run->lines[match->command]);
    else if (strcmp(key, "nested") == 0)
        lua_pushboolean(L, command_of(match)->nested);
    else if (strcmp(key, "sudo") == 0)
        lua_pushboolean(L, command_of(match)->has_sudo);
    else
        return api_no_field(L, "the match", luaL_tolstring(L, 2, NULL), names);
    return 1;
}

/* ---- types */

static int no_index(lua_State *L)
{
    static const char *const names[] = {NULL};
    return api_no_field(L, "an edit or a place", luaL_tolstring(L, 2, NULL), names);
}

void api_open_rewrite_types(lua_State *L)
{
    api_new_type(L, TYPE_RUN, run_index, "the instruction");
    api_new_type(L, TYPE_MATCH, match_index, "a match");
    api_new_type(L, TYPE_EDITS, no_index, "an edit");
    api_new_type(L, TYPE_SPAN, no_index, "a place");
}
