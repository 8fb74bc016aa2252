/* The table of dfc.mirror, field by field. */
#include "lua_api_internal.h"

#include "credentials.h"
#include "url.h"

#include <string.h>

/* What the standard library knows of. A directive of a team may ask for more: the `kind` of its
 * dfc.opt.mirror is one then. */
static const char *const kinds[] = {
    "almalinux",       "alpine",   "archlinux",   "base",         "centos_stream", "centos_vault",
    "composer",        "conda",    "cpan",        "cran",         "crates",        "debian",
    "debian_security", "deno",     "docker_ce",   "docker_hub",   "epel",          "fedora",
    "goproxy",         "gosumdb",  "gradle_dist", "hackage",      "hex",           "http",
    "huggingface",     "julia",    "maven",       "node_dist",    "npm",           "nuget",
    "openeuler",       "opensuse", "override",    "pypi",         "rocky",         "rubygems",
    "rustup",          "summary",  "ubuntu",      "ubuntu_ports", "uv_python",
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

/* ---- values */

/* Characters that a shell or a mount would take for something else. */
static bool is_plain(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || (unsigned char)text.ptr[i] >= 0x7f ||
            strchr("'\"\\$`#|,;&<>(){}*", text.ptr[i]) != NULL)
            return false;
    return text.len > 0;
}

static bool has_parent(struct view path)
{
    for (size_t at = 0; at <= path.len;) {
        size_t end = view_find(path, '/', at);
        if (view_is(view_slice(path, at, end), ".."))
            return true;
        at = end + 1;
    }
    return false;
}

/* A preset's field, being checked. */
struct field {
    const char *name;
    bool has_base; /* the preset's paths have something that they can be below */
};

/* A URL, or a path below the preset's base. */
static void check_place(lua_State *L, const struct field *field, const char *name,
                        struct view value)
{
    if (url_has_credentials(value)) {
        credentials_report(api_of(L)->diags, api_origin(L, false).at, value, NO_SECRET);
        lua_host_stop(L);
    }
    bool url = url_has_scheme(value);
    if (!is_plain(value) || (!url && (value.ptr[0] == '/' || has_parent(value))))
        lua_host_error(L,
                       "dfc.mirror: field '%s' must be a URL or a path below 'base', without "
                       "blanks, quotes and variables; found '%s'",
                       name, value.ptr);
    if (!url && !field->has_base)
        lua_host_error(L, "dfc.mirror: field '%s' is a path below 'base', which is missing: '%s'",
                       name, value.ptr);
}

static struct view check_string(lua_State *L, int index, const char *name)
{
    if (lua_type(L, index) != LUA_TSTRING)
        lua_host_error(L, "dfc.mirror: field '%s' must be a string, found %s", name,
                       api_type_name(L, index));
    struct view what = view_format(api_of(L)->arena, "dfc.mirror: field '%s'", name);
    return api_check_text(L, index, what.ptr);
}

static void check_base(lua_State *L, int index)
{
    struct view base = check_string(L, index, "base");
    bool http = view_starts(base, "http://") || view_starts(base, "https://");
    if (!http)
        lua_host_error(L, "dfc.mirror: field 'base' must be an http or https URL, found '%s'",
                       base.ptr);
    check_place(L, &(struct field){"base", true}, "base", base);
}

/* "rustup = { dist = …, update_root = … }" */
static void check_part(lua_State *L, void *context)
{
    const struct field *field = context;
    struct view part = view_format(api_of(L)->arena, "%s.%s", field->name, lua_tostring(L, -2));
    check_place(L, field, part.ptr, check_string(L, -1, part.ptr));
}

static void check_places(lua_State *L, const struct field *field)
{
    struct view what = view_format(api_of(L)->arena, "dfc.mirror: field '%s'", field->name);
    lua_Integer count = api_push_list(L, -1, what.ptr);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        check_place(L, field, field->name, check_string(L, -1, field->name));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* The kinds of the standard library that are more than one URL: its rules expect a string of all
 * others. A team's own kind may be anything. */
static bool has_form(const char *name, bool list)
{
    struct view kind = view_of(name);
    bool known = false;
    for (size_t i = 0; i < KIND_COUNT; i++)
        known |= view_is(kind, kinds[i]);
    return !known || strcmp(name, list ? "goproxy" : "rustup") == 0 ||
           (list && strcmp(name, "docker_hub") == 0);
}

/* A place, a list of places, or a table of them. */
static void check_value(lua_State *L, const struct field *field)
{
    bool list = lua_type(L, -1) == LUA_TTABLE && luaL_len(L, -1) > 0;
    if (lua_type(L, -1) == LUA_TTABLE && has_form(field->name, list)) {
        if (list)
            check_places(L, field);
        else
            api_each_pair(L, -1, "dfc.mirror", check_part, (void *)(uintptr_t)field);
        return;
    }
    struct view value = check_string(L, -1, field->name);
    if (strcmp(field->name, "gosumdb") != 0) /* a name, which the go command knows */
        check_place(L, field, field->name, value);
}

static void check_field(lua_State *L, void *context)
{
    const bool *has_base = context;
    const char *name = lua_tostring(L, -2);
    if (strcmp(name, "base") == 0) {
        check_base(L, -1);
    } else if (strcmp(name, "summary") == 0) {
        check_string(L, -1, name);
    } else if (strcmp(name, "http") == 0 || strcmp(name, "override") == 0) {
        if (lua_type(L, -1) != LUA_TBOOLEAN)
            lua_host_error(L, "dfc.mirror: field '%s' must be a boolean, found %s", name,
                           api_type_name(L, -1));
    } else {
        check_value(L, &(struct field){name, *has_base});
    }
}

void api_check_mirror_table(lua_State *L, int index)
{
    bool has_base = false;
    index = lua_absindex(L, index);
    if (lua_istable(L, index)) {
        has_base = lua_getfield(L, index, "base") != LUA_TNIL;
        lua_pop(L, 1);
    }
    api_each_pair(L, index, "dfc.mirror", check_field, &has_base);
}

/* ---- kinds */

static bool is_declared_kind(const struct api *api, struct view kind)
{
    for (size_t i = 0; i < api->rules.directives.count; i++) {
        const struct rule *rule = api->rules.directives.items[i].value;
        for (size_t k = 0; k < rule->args.count; k++)
            if (view_equal(rule->args.items[k].kind, kind))
                return true;
    }
    return false;
}

bool api_is_mirror_kind(struct api *api, struct view kind, struct view *close)
{
    struct view names[KIND_COUNT];
    *close = VIEW("");
    for (size_t i = 0; i < KIND_COUNT; i++) {
        names[i] = view_of(kinds[i]);
        if (view_equal(names[i], kind))
            return true;
    }
    if (is_declared_kind(api, kind))
        return true;
    *close = diag_closest(kind, names, KIND_COUNT);
    return false;
}

/* A kind that no directive asks for is for one that is not loaded now, unless it is misspelt. */
static void check_kind(lua_State *L, void *context)
{
    const struct lua_ref *mirror = context;
    struct view name = api_text(L, -2), close;
    if (!api_is_mirror_kind(api_of(L), name, &close) && close.len > 0)
        lua_host_error_at(L, mirror->origin.at,
                          "dfc.mirror: unknown field '%s'; did you mean '%s'?", name.ptr,
                          close.ptr);
}

static int check_mirror(lua_State *L)
{
    struct lua_ref *mirror = lua_touserdata(L, 1);
    api_push_kept(L, mirror);
    api_each_pair(L, -1, "dfc.mirror", check_kind, mirror);
    return 0;
}

bool api_check_mirror_kinds(struct api *api)
{
    bool good = true;
    for (size_t i = 0; i < api->rules.mirrors.count; i++) {
        struct lua_ref *mirror = api->rules.mirrors.items[i].value;
        if (!mirror->origin.at.source->trusted)
            good &= lua_host_protect(api->host, check_mirror, mirror);
    }
    return good;
}
