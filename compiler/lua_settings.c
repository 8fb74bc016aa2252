/* dfc.settings: what the configuration files dfc.lua and config.lua say. */
#include "lua_api_internal.h"

#include <string.h>

/* One call of it. */
struct call {
    lua_State *L;
    struct api *api;
    struct configuration *configuration;
    struct span where; /* the line of the call */
    int table;
};

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static bool is_name_byte(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
}

/* Whether bytes [begin, end) are the name of a field: NAME = or ["NAME"] =. */
static bool is_key(struct view text, size_t begin, size_t end)
{
    if (begin > 0 && is_name_byte(text.ptr[begin - 1]))
        return false;
    while (end < text.len &&
           (is_quote(text.ptr[end]) || text.ptr[end] == ']' || is_blank(text.ptr[end])))
        end++;
    return end < text.len && text.ptr[end] == '=';
}

static bool is_string(struct view text, size_t begin, size_t end)
{
    return begin > 0 && is_quote(text.ptr[begin - 1]) && end < text.len && is_quote(text.ptr[end]);
}

/* Where a text stands in the way that `fits` wants, at or below the line of the call. Lua does not
 * tell; when it is not to be found, that line has to do. */
static struct span find_text(const struct call *call, struct view text,
                             bool fits(struct view, size_t begin, size_t end))
{
    struct view all = call->where.source->text;
    size_t begin = call->where.begin;
    lua_host_charge(call->L, (all.len - begin) / 16);
    for (;; begin++) {
        struct view rest = view_slice(all, begin, all.len);
        begin += view_search(rest, text);
        if (text.len == 0 || begin >= all.len)
            return call->where;
        if (fits(all, begin, begin + text.len))
            return (struct span){call->where.source, begin, begin + text.len};
    }
}

static struct diag *complain(const struct call *call, const char *code, struct view name,
                             const char *what)
{
    return diag_add(call->api->diags, DIAG_ERROR, code, find_text(call, name, is_key), "'%.*s' %s",
                    VIEW_ARG(name), what);
}

static bool has_control(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return true;
    return false;
}

/* "dfc.mirror", or "pip.sharing": a directive's option. */
static bool check_name(const struct call *call, struct view name)
{
    size_t dot = view_find(name, '.', 0);
    bool good = dot > 0 && dot + 1 < name.len;
    for (size_t i = 0; i < name.len; i++)
        good = good &&
               (is_lower(name.ptr[i]) || is_digit(name.ptr[i]) || name.ptr[i] == '-' || i == dot);
    if (setting_is_known(name) || (good && !view_starts(name, "dfc.")))
        return true;
    setting_report_unknown(call->api->diags, name, find_text(call, name, is_key));
    return false;
}

/* The value on top of the stack. */
static bool read_value(const struct call *call, struct view name, struct view *value)
{
    int type = lua_type(call->L, -1);
    if (type == LUA_TBOOLEAN) {
        *value = lua_toboolean(call->L, -1) ? VIEW("on") : VIEW("off");
        return true;
    }
    if (type != LUA_TSTRING) {
        complain(call, "bad-value", name, "must be a string, true or false");
        return false;
    }
    *value = api_text(call->L, -1);
    if (!has_control(*value))
        return true;
    complain(call, "bad-value", name, "must be one line of text");
    return false;
}

static void take_setting(const struct call *call, struct view name)
{
    struct configuration *configuration = call->configuration;
    struct setting setting = {.at = find_text(call, name, is_key)};
    bool of_user = call->api->loading->layer == LAYER_USER;
    setting.origin = of_user ? SETTING_OF_USER : SETTING_OF_PROJECT;
    if (check_name(call, name) && read_value(call, name, &setting.value))
        setting_add(call->api->arena, &configuration->settings, name, setting);
}

static void take_committed(const struct call *call, struct view name)
{
    if (call->api->loading->layer == LAYER_USER) {
        struct diag *diag = complain(call, "misplaced-setting", name,
                                     "is for the dfc.lua of a project, and stands in the user's "
                                     "configuration here");
        diag_help(diag, "a project says with it that its output depends on nobody's surroundings");
    } else if (!lua_isboolean(call->L, -1)) {
        complain(call, "bad-value", name, "must be true or false");
    } else {
        call->configuration->committed = lua_toboolean(call->L, -1);
    }
}

static bool take_path(const struct call *call)
{
    struct configuration_path path = {VIEW(""), call->where};
    if (lua_type(call->L, -1) != LUA_TSTRING)
        return false;
    path.text = api_text(call->L, -1);
    path.at = find_text(call, path.text, is_string);
    VEC_PUSH(call->api->arena, &call->configuration->rules, path);
    return path.text.len > 0 && !has_control(path.text);
}

static void take_rules(const struct call *call, struct view name)
{
    lua_State *L = call->L;
    bool good = lua_istable(L, -1);
    lua_Integer count = good ? luaL_len(L, -1) : 0;
    for (lua_Integer i = 1; i <= count && good; i++) {
        lua_geti(L, -1, i);
        good = take_path(call);
        lua_pop(L, 1);
    }
    if (!good)
        complain(call, "bad-value", name, "must be a list of paths, such as { \"rules\" }");
}

static void take_entry(const struct call *call)
{
    if (lua_type(call->L, -2) != LUA_TSTRING)
        luaL_error(call->L, "dfc.settings: a setting has no name (write [\"NAME\"] = VALUE)");
    struct view name = api_text(call->L, -2);
    if (view_is(name, "rules"))
        take_rules(call, name);
    else if (view_is(name, "committed"))
        take_committed(call, name);
    else
        take_setting(call, name);
}

/* dfc.settings { ["dfc.mirror"] = "tuna", rules = { "rules" }, committed = true } */
int api_declare_settings(lua_State *L)
{
    struct api *api = api_of(L);
    struct rule_file *file = api->loading;
    if (file == NULL || file->configuration == NULL)
        return luaL_error(L, "dfc.settings can only be called by a project's dfc.lua and the "
                             "user's config.lua");
    if (file->configuration->given)
        return luaL_error(L, "dfc.settings is called a second time: write one table");
    luaL_checktype(L, 1, LUA_TTABLE);
    file->configuration->given = true;
    lua_settop(L, 1);
    struct call call = {L, api, file->configuration, api_origin(L, false).at, 1};
    lua_host_push_keys(L, 1);
    for (lua_Integer i = 1; lua_geti(L, 2, i) != LUA_TNIL; i++) {
        lua_pushvalue(L, -1);
        lua_gettable(L, 1);
        take_entry(&call);
        lua_settop(L, 2);
    }
    return 0;
}
