/* Nodes that are a text: dfc.workdir, dfc.user, dfc.raw. */
#include "lua_api_internal.h"

#include "check.h"
#include "chunk.h"
#include "utf8.h"

#include <string.h>

static bool lookup_nothing(void *context, struct view name, struct view *value)
{
    (void)context, (void)name, (void)value;
    return false;
}

/* The argument of WORKDIR or USER: BuildKit takes off quotes and escapes, so none may be in it. */
static struct view check_argument(lua_State *L, const char *what)
{
    static const struct word_env nothing = {lookup_nothing, NULL};
    struct view text = api_check_text(L, 1, what);
    for (size_t i = 0; i < text.len; i++)
        if (strchr("\"'\\`", text.ptr[i]) != NULL || (unsigned char)text.ptr[i] < ' ')
            lua_host_error(L,
                           "%s must not hold quotes, backslashes, backticks or control "
                           "characters, found '%s'",
                           what, text.ptr);
    if (utf8_trim(text).len != text.len)
        lua_host_error(L, "%s must not begin or end with a blank, found '%s'", what, text.ptr);
    struct word_result result =
        word_expand(api_of(L)->arena, text, '\\', WORD_KEEP_UNSET, &nothing);
    if (result.error != NULL)
        lua_host_error(L, "%s can't be expanded by BuildKit: %s, found '%s'", what, result.error,
                       text.ptr);
    return text;
}

/* dfc.workdir(path) */
int api_workdir_new(lua_State *L)
{
    struct node *node = api_new_node(L, NODE_WORKDIR);
    node->value = check_argument(L, "dfc.workdir: the path");
    api_push_node(L, node);
    return 1;
}

/* dfc.user("app"), dfc.user("1000:1000"), dfc.user(1000) */
int api_user_new(lua_State *L)
{
    struct node *node = api_new_node(L, NODE_USER);
    node->value = check_argument(L, "dfc.user: the user");
    for (size_t i = 0; i < node->value.len; i++)
        if (is_blank(node->value.ptr[i]))
            return lua_host_error(L, "dfc.user: the user must be NAME or NAME:GROUP, found '%s'",
                                  node->value.ptr);
    api_push_node(L, node);
    return 1;
}

/* ---- dfc.raw */

static char file_escape(const struct api *api)
{
    return api->stages->file == NULL ? '\\' : api->stages->file->escape;
}

/* The first finding, at its line of the text. */
static void raise_finding(lua_State *L, const struct diag_list *found)
{
    for (size_t i = 0; i < found->all.count; i++) {
        const struct diag *diag = found->all.items[i];
        if (diag->level != DIAG_ERROR || strcmp(diag->code, "no-instructions") == 0)
            continue; /* that there is none is said by our caller */
        size_t line = source_position(diag->at.source, diag->at.begin).line;
        lua_host_error(L, "dfc.raw: line %d: %s",
                       (int)(line > CHUNK_PARSE_LINES ? line - CHUNK_PARSE_LINES : 1),
                       diag->message.ptr);
    }
}

/* Gives whether the unit is an instruction. */
static bool check_unit(lua_State *L, const struct file *file, const struct unit *unit)
{
    if (unit->inst == NULL)
        return false;
    const char *line_format = "dfc.raw: line %d: ";
    struct arena *arena = api_of(L)->arena;
    struct view where = view_format(arena, line_format, (int)unit->line - CHUNK_PARSE_LINES);
    if (unit->kind == UNIT_DIRECTIVE)
        lua_host_error(L, "%s'@%s' is a directive, and a rule gives instructions", where.ptr,
                       view_copy(arena, unit->inst->name).ptr);
    if (unit->inst->keyword == KEYWORD_FROM)
        lua_host_error(L, "%sFROM would begin a stage in the middle of another; use ctx:stage",
                       where.ptr);
    struct diag_list found;
    diag_list_init(&found, arena);
    check_instruction(arena, file, unit->inst, &found);
    raise_finding(L, &found);
    return true;
}

/* Whether an instruction behind the text would be one of its own, and not the rest of a line that
 * the text has begun. */
static bool is_complete(struct api *api, struct view text, size_t count)
{
    struct diag_list ignored;
    diag_list_init(&ignored, api->arena);
    struct view longer = view_format(api->arena, "%.*s\nUSER x", VIEW_ARG(text));
    const struct file *file = chunk_parse(api->arena, longer, file_escape(api), &ignored);
    size_t found = 0;
    for (size_t i = 0; i < file->unit_count; i++)
        found += file->units[i].inst != NULL ? 1 : 0;
    return found == count + 1;
}

/* dfc.raw(text): one or more instructions as they stand. Each is one of the result. */
int api_raw_new(lua_State *L)
{
    struct api *api = api_of(L);
    struct node *node = api_new_node(L, NODE_RAW);
    struct view text = api_check_text(L, 1, "dfc.raw");
    if (view_find(text, '\r', 0) < text.len)
        return lua_host_error(L, "dfc.raw: lines must end in a line feed alone, found a carriage "
                                 "return");
    struct diag_list found;
    diag_list_init(&found, api->arena);
    node->raw = chunk_parse(api->arena, text, file_escape(api), &found);
    raise_finding(L, &found);
    size_t count = 0;
    for (size_t i = 0; i < node->raw->unit_count; i++)
        count += check_unit(L, node->raw, &node->raw->units[i]) ? 1 : 0;
    if (count == 0)
        return lua_host_error(L, "dfc.raw: an instruction is expected, found none");
    if (view_find(text, file_escape(api), 0) < text.len && !is_complete(api, text, count))
        return lua_host_error(L, "dfc.raw: the last line goes on in one that is not there");
    api_push_node(L, node);
    return 1;
}
