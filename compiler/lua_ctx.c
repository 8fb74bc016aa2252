/* What a rule is told: `ctx`, an object whose fields are made when they are read, since a rule
 * reads few of them; and its methods for findings. */
#include "lua_api_internal.h"

#include "lua_rewrite_parts.h"

#include <string.h>

#define TYPE_CONTEXT "dfc.ctx"

enum { STEPS_PER_FIELD = 5 }; /* of looking one up by its name */

struct expansion *api_check_context(lua_State *L, const char *what)
{
    struct expansion *e = api_of(L)->expansion;
    if (luaL_testudata(L, 1, TYPE_CONTEXT) == NULL)
        lua_host_error(L, "%s is a method of ctx: write it with ':'", what);
    if (e == NULL)
        lua_host_error(L, "ctx can only be used while its directive is expanded");
    return e;
}

/* ---- findings */

/* The argument of that key. */
static const struct bound_values *check_argument(lua_State *L, const struct expansion *e,
                                                 const char *what, const char *key)
{
    const struct bound_values *values = directive_values(e->directive, key);
    if (values == NULL)
        lua_host_error(L, "%s: field 'at': @%s has no argument '%s'", what,
                       view_copy(api_of(L)->arena, e->directive->name).ptr, key);
    return values;
}

/* at = { KEY, INDEX } */
static struct span indexed_span(lua_State *L, const struct expansion *e, const char *what)
{
    lua_Integer count = api_push_list(L, -1, what), index = 0;
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    if (count != 2 || lua_type(L, -2) != LUA_TSTRING || !lua_isinteger(L, -1))
        lua_host_error(L, "%s: field 'at' must be the name of an argument or { NAME, INDEX }",
                       what);
    const struct bound_values *values = check_argument(L, e, what, lua_tostring(L, -2));
    index = lua_tointeger(L, -1);
    if (index < 1 || (size_t)index > values->count)
        lua_host_error(L, "%s: field 'at': '%s' has %d values, found index %d", what,
                       lua_tostring(L, -2), (int)values->count, (int)index);
    lua_pop(L, 3);
    return values->items[index - 1].at;
}

/* The place that `at` names: an argument ("package", or {"package", 2}), or the directive. */
static struct span finding_span(const struct fields *fields, const struct expansion *e)
{
    lua_State *L = fields->L;
    struct span at = e->directive->name_at;
    if (!fields_push(fields, "at", LUA_TNONE))
        return at;
    if (api_of(L)->look != NULL && rewrite_to_match(L, -1) != NULL) {
        at = rewrite_match_span(rewrite_to_match(L, -1));
    } else if (api_of(L)->look != NULL && rewrite_to_span(L, -1) != NULL) {
        at = *rewrite_to_span(L, -1);
    } else if (lua_type(L, -1) == LUA_TTABLE) {
        at = indexed_span(L, e, fields->what);
    } else if (lua_type(L, -1) != LUA_TSTRING) {
        fields_error(fields, "at", "must be the name of an argument or { NAME, INDEX }, found %s",
                     api_type_name(L, -1));
    } else if (strcmp(lua_tostring(L, -1), "verb") == 0) {
        at = e->directive->verb_at;
    } else {
        const struct bound_values *values = check_argument(L, e, fields->what, lua_tostring(L, -1));
        if (values->count > 0)
            at = values->items[0].at;
    }
    lua_pop(L, 1);
    return at;
}

/* "[like-this]" */
static const char *read_code(const struct fields *fields)
{
    struct view code = fields_text(fields, "code");
    for (size_t i = 0; i < code.len; i++)
        if (!is_lower(code.ptr[i]) && !is_digit(code.ptr[i]) && code.ptr[i] != '-')
            fields_error(fields, "code", "must be lower-case letters, digits and '-', found '%s'",
                         code.ptr);
    return code.len > 0 ? code.ptr : NULL;
}

struct view api_read_message(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    if (text.len > MESSAGE_MAX)
        fields_error(fields, name, "is longer than %d bytes", MESSAGE_MAX);
    return text;
}

/* `fix`: what is to stand in place of what `at` names. "" when it is not given. */
static struct view read_fix(const struct fields *fields)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, "fix", LUA_TNONE))
        return VIEW("");
    lua_pop(L, 1);
    struct view fix = api_read_message(fields, "fix");
    if (api_of(L)->look != NULL)
        fields_error(fields, "fix", "is for directives, a check reports with ctx:report");
    bool good = fix.len > 0 && strchr("\\`", fix.ptr[fix.len - 1]) == NULL;
    for (size_t i = 0; i < fix.len; i++)
        good = good && ((unsigned char)fix.ptr[i] >= ' ' || fix.ptr[i] == '\t');
    if (!good)
        fields_error(fields, "fix", "must be words on one line, found '%.100s'", fix.ptr);
    return fix;
}

/* Whether a word stands in the directive as it is: one with quotes, or on two lines, is for its
 * author to change. */
static bool is_bare_word(const struct expansion *e, struct span at)
{
    const struct file *file = e->stage->stages->file;
    const struct unit *unit = e->directive->unit;
    if (at.source != file->source || at.begin < unit->begin || at.end > unit->end)
        return false;
    struct view text = view_slice(file->source->text, at.begin, at.end);
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || strchr("'\"\\`", text.ptr[i]) != NULL)
            return false;
    for (size_t i = 0; i < e->fixes.count; i++)
        if (at.begin < e->fixes.items[i].at.end && e->fixes.items[i].at.begin < at.end)
            return false;
    return text.len > 0;
}

/* Mend a finding, when that is wanted and possible. */
static bool mend(struct api *api, struct expansion *e, struct view fix, struct span at)
{
    if (fix.len == 0 || !e->mend || !is_bare_word(e, at))
        return false;
    VEC_PUSH(api->arena, &e->fixes, (struct directive_fix){at, fix});
    api->diags->mended++;
    return true;
}

static void help_fix(const struct expansion *e, struct diag *diag, struct view fix)
{
    diag->fixable = is_bare_word(e, diag->at);
    diag_help(diag, "write '%.*s'%s", VIEW_ARG(fix),
              diag->fixable ? ", as dfc lint --fix does" : "");
}

static int report(lua_State *L, enum diag_level level, const char *what)
{
    static const char *const names[] = {"at", "note", "help", "code", "fix", NULL};
    struct expansion *e = api_check_context(L, what);
    struct view message = api_check_text(L, 2, what);
    if (message.len > MESSAGE_MAX)
        lua_host_error(L, "%s: the message is longer than %d bytes", what, MESSAGE_MAX);
    api_count_finding(L);
    lua_settop(L, 3);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    struct fields fields = fields_open(L, 3, what, names);
    const char *code = read_code(&fields);
    struct view note = api_read_message(&fields, "note"), help = api_read_message(&fields, "help");
    struct view fix = read_fix(&fields);
    struct span at = finding_span(&fields, e);
    if (mend(api_of(L), e, fix, at))
        return 0;
    struct diag *diag = diag_add(api_of(L)->diags, level, code, at, "%.*s", VIEW_ARG(message));
    if (note.len > 0)
        diag_note(diag, "%.*s", VIEW_ARG(note));
    if (help.len > 0)
        diag_help(diag, "%.*s", VIEW_ARG(help));
    if (fix.len > 0)
        help_fix(e, diag, fix);
    e->failed |= level == DIAG_ERROR;
    return 0;
}

static int context_error(lua_State *L)
{
    return report(L, DIAG_ERROR, "ctx:error");
}

static int context_warn(lua_State *L)
{
    return report(L, DIAG_WARNING, "ctx:warn");
}

static int context_note(lua_State *L)
{
    return report(L, DIAG_NOTE, "ctx:note");
}

/* ctx:setting(name): a setting or variable, or nil. ctx.vars is the same with another look. */
static int context_setting(lua_State *L)
{
    const struct expansion *e = api_check_context(L, "ctx:setting");
    struct view name = api_check_text(L, 2, "ctx:setting: the name");
    api_push_setting(L, e, name);
    return 1;
}

/* ---- the object */

static const luaL_Reg methods[] = {
    {"file", api_ctx_file},     {"once", api_ctx_once},     {"error", context_error},
    {"warn", context_warn},     {"note", context_note},     {"setting", context_setting},
    {"mirror", api_ctx_mirror}, {"cache", api_ctx_cache},   {"report", api_ctx_report},
    {"secret", api_ctx_secret}, {"copied", api_ctx_copied}, {"mirror_arg", api_ctx_mirror_arg},
};

enum { METHOD_COUNT = sizeof(methods) / sizeof(methods[0]) };

static int context_index(lua_State *L)
{
    const char *names[METHOD_COUNT + CONTEXT_FIELDS_MAX + 1];
    const char *key = luaL_checkstring(L, 2);
    size_t count = 0;
    if (api_of(L)->expansion == NULL)
        return lua_host_error(L, "ctx can only be used while its directive is expanded");
    lua_host_charge(L, STEPS_PER_FIELD);
    if (api_push_context_field(L, key))
        return 1;
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(methods[i].name, key) == 0) {
            lua_pushcfunction(L, methods[i].func);
            return 1;
        }
        names[count++] = methods[i].name;
    }
    count += api_context_field_names(names + count);
    names[count] = NULL;
    return api_no_field(L, "ctx", key, names);
}

void api_push_context(lua_State *L, struct expansion *expansion)
{
    api_push_object(L, expansion, TYPE_CONTEXT);
}

void api_open_context(lua_State *L)
{
    api_new_type(L, TYPE_CONTEXT, context_index, "ctx");
    api_open_context_fields(L);
    api_open_arguments(L);
}
