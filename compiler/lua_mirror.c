/* Mirrors: which one is in force for a directive, and what it offers for a kind of package. */
#include "lua_api_internal.h"

#include "url.h"

#include <string.h>

static bool load_mirrors(struct api *api)
{
    if (api->mirrors_loaded)
        return true;
    api->mirrors_loaded = true;
    struct rule_file *file = rule_files_find_module(api->files, VIEW("mirrors"));
    return file == NULL || (api_load(api, file) && api_check_mirror_kinds(api));
}

static void report_unknown(struct api *api, struct view name, struct span at)
{
    struct name_list names = {0};
    for (size_t i = 0; i < api->rules.mirrors.count; i++)
        VEC_PUSH(api->arena, &names, api->rules.mirrors.items[i].key);
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "unknown-mirror", at,
                                 "there is no mirror '%.*s'", VIEW_ARG(name));
    struct view close = diag_closest(name, names.items, names.count);
    struct str list;
    str_init(&list, api->arena);
    for (size_t i = 0; i < names.count; i++)
        str_addf(&list, "%.*s, ", VIEW_ARG(names.items[i]));
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
    else
        diag_help(diag, "write %.*soff, or the URL of a mirror", VIEW_ARG(str_view(&list)));
}

static bool check_url(struct api *api, struct view url, struct span at)
{
    bool good = view_starts(url, "http://") || view_starts(url, "https://");
    for (size_t i = 0; i < url.len; i++)
        good =
            good && (unsigned char)url.ptr[i] > ' ' && strchr("'\"\\$`#|,;&<>", url.ptr[i]) == NULL;
    if (!good)
        diag_add(api->diags, DIAG_ERROR, "bad-value", at,
                 "'%.*s' is no URL of a mirror: http:// or https:// and no blanks, quotes or "
                 "variables are expected",
                 VIEW_ARG(url));
    return good;
}

bool api_check_mirror(struct api *api, struct view mirror, struct span at)
{
    if (view_is(mirror, "off"))
        return true;
    if (url_has_scheme(mirror))
        return check_url(api, mirror, at);
    if (!load_mirrors(api))
        return false;
    if (map_find(&api->rules.mirrors, mirror) != NULL)
        return true;
    if (!api->files->incomplete) /* it may be in what could not be loaded, as was reported */
        report_unknown(api, mirror, at);
    return false;
}

/* What is asked for, from where. */
struct wanted {
    const char *kind;
    bool asks_http;  /* the tool relies on the image's CA certificates … */
    bool plain_http; /* … and there may be none */
};

/* Directory names that every general-purpose station has below its base URL. */
static const struct {
    const char *kind, *path;
} trees[] = {
    {"debian", "debian"},
    {"debian_security", "debian-security"},
    {"ubuntu", "ubuntu"},
    {"ubuntu_ports", "ubuntu-ports"},
    {"alpine", "alpine"},
    {"archlinux", "archlinux"},
    {"fedora", "fedora"},
    {"epel", "epel"},
    {"rocky", "rocky"},
    {"almalinux", "almalinux"},
    {"centos_stream", "centos-stream"},
    {"centos_vault", "centos-vault"},
    {"opensuse", "opensuse"},
    {"openeuler", "openeuler"},
};

static struct view join_url(struct arena *arena, struct view base, struct view path, bool http)
{
    struct view rest = base;
    const char *scheme = "";
    if (http && view_starts(base, "https://")) {
        rest = view_slice(base, strlen("https://"), base.len);
        scheme = "http://";
    }
    while (rest.len > 0 && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    return view_format(arena, "%s%.*s/%.*s", scheme, VIEW_ARG(rest), VIEW_ARG(path));
}

/* apt of an image without CA certificates can't fetch by https; said once a stage. */
static void warn_certificates(struct api *api, struct view base, bool is_preset)
{
    struct expansion *e = api->expansion;
    struct view key = VIEW("warned no-certificates");
    if (!e->facts->no_ca || !view_starts(base, "https://") ||
        map_find(&e->stage->once, key) != NULL)
        return;
    map_set(api->arena, &e->stage->once, key, e);
    struct diag *diag =
        diag_add(api->diags, DIAG_WARNING, "no-certificates", e->directive->name_at,
                 "%.*s has no CA certificates, %.*s can't fetch from %.*s",
                 VIEW_ARG(e->stage->ref_text), VIEW_ARG(e->directive->name), VIEW_ARG(base));
    diag_help(diag, "%s, or install ca-certificates from upstream first",
              is_preset ? "take another mirror" : "give the mirror with http://");
}

/* An explicit URL keeps its scheme: whoever wrote it knows the host. */
static int push_from_base(lua_State *L, struct view base, const struct wanted *wanted)
{
    for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
        if (strcmp(trees[i].kind, wanted->kind) == 0) {
            struct view url = join_url(api_of(L)->arena, base, view_of(trees[i].path), false);
            if (wanted->asks_http)
                warn_certificates(api_of(L), base, false);
            lua_pushlstring(L, url.ptr, url.len);
            return 1;
        }
    }
    return 0;
}

static struct view table_text(lua_State *L, int table, const char *name)
{
    struct view text = VIEW("");
    if (lua_getfield(L, table, name) == LUA_TSTRING)
        text = api_text(L, -1);
    lua_pop(L, 1);
    return text;
}

/* A list or table of a preset, its paths put behind the base. */
static void push_places(lua_State *L, struct view base)
{
    lua_host_thaw(L, -1);
    int from = lua_gettop(L);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, from) != 0) {
        struct view value = api_text(L, -1);
        if (!url_has_scheme(value))
            value = join_url(api_of(L)->arena, base, value, false);
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushlstring(L, value.ptr, value.len);
        lua_rawset(L, from + 1);
    }
    lua_host_freeze(L);
}

/* A value of a preset: paths are put behind the base. */
static int push_from_preset(lua_State *L, const struct lua_ref *preset, const struct wanted *wanted)
{
    api_push_kept(L, preset);
    int table = lua_gettop(L);
    int type = lua_getfield(L, table, wanted->kind);
    if (type == LUA_TTABLE)
        push_places(L, table_text(L, table, "base"));
    if (type != LUA_TSTRING)
        return type == LUA_TTABLE ? 1 : 0;
    struct view value = api_text(L, -1);
    /* The checksum database has a name, which the go command knows, not a place. */
    if (url_has_scheme(value) || strcmp(wanted->kind, "gosumdb") == 0)
        return 1;
    struct view base = table_text(L, table, "base");
    lua_getfield(L, table, "http");
    bool http = wanted->plain_http && lua_toboolean(L, -1);
    struct view url = join_url(api_of(L)->arena, base, value, http);
    if (wanted->asks_http && !http)
        warn_certificates(api_of(L), base, true);
    lua_pushlstring(L, url.ptr, url.len);
    return 1;
}

/* The mirror that the directive itself names, or NULL. */
static const struct bound_values *own_mirror(const struct directive *directive,
                                             const struct rule_arg **arg)
{
    for (size_t i = 0; i < directive->rule->args.count; i++) {
        *arg = &directive->rule->args.items[i];
        if ((*arg)->type == ARG_MIRROR && directive->args[i].count > 0)
            return &directive->args[i];
    }
    return NULL;
}

bool api_has_own_mirror(const struct directive *directive)
{
    const struct rule_arg *arg;
    return own_mirror(directive, &arg) != NULL;
}

static int push_mirror(lua_State *L, struct view mirror, struct span at,
                       const struct wanted *wanted)
{
    struct api *api = api_of(L);
    if (view_is(mirror, "off"))
        return 0;
    if (!api_check_mirror(api, mirror, at)) {
        api->expansion->failed = true;
        return 0;
    }
    if (url_has_scheme(mirror))
        return push_from_base(L, mirror, wanted);
    return push_from_preset(L, map_get(&api->rules.mirrors, mirror), wanted);
}

/* The kind that is asked for: one that presets have, or that a directive has made known. */
static const char *check_kind(lua_State *L)
{
    struct view kind = api_check_text(L, 2, "ctx:mirror: the kind"), close;
    bool known = api_is_mirror_kind(api_of(L), kind, &close);
    if (!known && close.len > 0)
        lua_host_error(L, "ctx:mirror: there is no kind '%s'; did you mean '%s'?", kind.ptr,
                       close.ptr);
    if (!known)
        lua_host_error(L, "ctx:mirror: there is no kind '%s'; name it in dfc.opt.mirror", kind.ptr);
    return kind.ptr;
}

/*
 * ctx:mirror(kind [, scheme [, of]]): what the mirror in force offers for a kind of package: a URL,
 * a list of URLs, or nil (no mirror, or it has none of that kind: upstream). With the scheme "http"
 * the URL is a plain http one where the mirror serves it and the image may lack CA certificates.
 * With of = "stage" the directive's own --mirror is left out of account. A mirror by ARG is
 * "${NAME}", see lua_mirror_arg.c.
 */
int api_ctx_mirror(lua_State *L)
{
    struct api *api = api_of(L);
    struct expansion *e = api_check_context(L, "ctx:mirror");
    const char *scheme = luaL_optstring(L, 3, "");
    const char *of = luaL_optstring(L, 4, "");
    bool of_stage = strcmp(of, "stage") == 0;
    struct wanted wanted = {check_kind(L), false, false};
    if (strcmp(scheme, "") != 0 && strcmp(scheme, "http") != 0)
        return lua_host_error(L, "ctx:mirror: \"http\" or nothing is expected, found '%s'", scheme);
    if (strcmp(of, "") != 0 && !of_stage)
        return lua_host_error(L, "ctx:mirror: \"stage\" or nothing is expected, found '%s'", of);
    wanted.asks_http = strcmp(scheme, "http") == 0;
    wanted.plain_http = wanted.asks_http && !e->facts->has_ca;
    const struct rule_arg *arg;
    const struct bound_values *own = of_stage ? NULL : own_mirror(e->directive, &arg);
    if (own != NULL) {
        api_hide_mirror_arg(api, e, wanted.kind);
        struct bound_value value = own->items[own->count - 1];
        bool is_index = url_has_scheme(value.text) && arg->kind.len > 0;
        if (!is_index)
            return push_mirror(L, value.text, value.at, &wanted);
        if (!view_is(arg->kind, wanted.kind))
            return 0;
        e->failed |= !check_url(api, value.text, value.at);
        lua_pushlstring(L, value.text.ptr, value.text.len);
        return 1;
    }
    const struct setting *setting = setting_find(&e->stage->settings, VIEW("dfc.mirror"));
    int given = 0;
    if (setting != NULL && setting->value.len > 0)
        given = push_mirror(L, setting->value, setting->at, &wanted);
    return api_mirror_by_arg(L, e, wanted.kind, given);
}
