/* The table of dfc.image, field by field, and what its function `facts` gives. */
#include "lua_api_internal.h"

#include <string.h>

/* Known names, to be suggested for those that are close; others may be a team's own. */
static const char *const families[] = {"debian",  "alpine",  "redhat", "suse", "arch",
                                       "busybox", "windows", "none",   NULL};

static bool is_among(struct view text, const char *const *names)
{
    for (; *names != NULL; names++)
        if (view_is(text, *names))
            return true;
    return false;
}

/* A word that can be a part of a cache's id. */
static struct view check_word(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_alpha(c) && !is_digit(c) && strchr("._-", c) == NULL)
            fields_error(fields, name, "must be letters, digits, '.', '_' and '-', found '%s'",
                         text.ptr);
    }
    return text;
}

static void check_family(const struct fields *fields)
{
    struct view family = check_word(fields, "family"), names[8];
    size_t count = 0;
    if (family.len == 0 || is_among(family, families))
        return;
    for (; families[count] != NULL; count++)
        names[count] = view_of(families[count]);
    struct view close = diag_closest(family, names, count);
    if (close.len > 0)
        fields_error(fields, "family", "is unknown: '%s'; did you mean '%s'?", family.ptr,
                     close.ptr);
}

static void check_choice(const struct fields *fields, const char *name, const char *const *choices,
                         const char *expected)
{
    struct view text = fields_text(fields, name);
    if (text.len > 0 && !is_among(text, choices))
        fields_error(fields, name, "must be %s, found '%s'", expected, text.ptr);
}

static bool is_number(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]))
            return false;
    return true;
}

static void check_id(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    if (!is_number(text))
        fields_error(fields, name, "must be a number, found '%s'", text.ptr);
}

/* NAME = { uid =, gid =, home = } */
static void check_user(lua_State *L, void *context)
{
    static const char *const names[] = {"uid", "gid", "home", NULL};
    struct view what =
        view_format(api_of(L)->arena, "%s: user '%s'", (const char *)context, lua_tostring(L, -2));
    struct fields fields = fields_open(L, -1, what.ptr, names);
    check_id(&fields, "uid");
    check_id(&fields, "gid");
    struct view home = fields_text(&fields, "home");
    if (home.len > 0 && home.ptr[0] != '/')
        fields_error(&fields, "home", "must be an absolute path, found '%s'", home.ptr);
    lua_pop(L, 1);
}

/* NAME = VALUE */
static void check_variable(lua_State *L, void *context)
{
    const char *what = context;
    struct view name = api_text(L, -2);
    if (!api_is_variable_name(name))
        lua_host_error(L, "%s: '%s' is no name of an environment variable", what, name.ptr);
    if (lua_type(L, -1) != LUA_TSTRING)
        lua_host_error(L, "%s: the value of the variable '%s' must be a string, found %s", what,
                       name.ptr, api_type_name(L, -1));
    api_check_one_line(L, api_text(L, -1), "the value of an environment variable");
}

static void check_pairs(const struct fields *fields, const char *name,
                        void (*check)(lua_State *L, void *context))
{
    if (!fields_push(fields, name, LUA_TTABLE))
        return;
    struct view what = view_format(api_of(fields->L)->arena, "%s: field '%s'", fields->what, name);
    api_each_pair(fields->L, -1, what.ptr, check, (void *)(uintptr_t)what.ptr);
    lua_pop(fields->L, 1);
}

static void check_flag(const struct fields *fields, const char *name)
{
    fields_flag(fields, name);
}

void api_check_image_table(lua_State *L, int index, const char *what, bool is_declaration)
{
    static const char *const names[] = {"family", "distro", "release", "libc",  "os",       "user",
                                        "users",  "env",    "ca",      "facts", "override", NULL};
    static const char *const fact_names[] = {"family", "distro", "release", "libc", "os",
                                             "user",   "users",  "env",     "ca",   NULL};
    static const char *const libcs[] = {"glibc", "musl", "uclibc", NULL};
    static const char *const systems[] = {"linux", "windows", NULL};
    struct fields fields = fields_open(L, index, what, is_declaration ? names : fact_names);
    check_family(&fields);
    check_word(&fields, "distro");
    check_word(&fields, "release");
    check_choice(&fields, "libc", libcs, "glibc, musl or uclibc");
    check_choice(&fields, "os", systems, "linux or windows");
    struct view user = fields_text(&fields, "user");
    api_check_one_line(L, user, "the name of a user");
    check_pairs(&fields, "users", check_user);
    check_pairs(&fields, "env", check_variable);
    check_flag(&fields, "ca");
    if (is_declaration) {
        check_flag(&fields, "override");
        if (fields_push(&fields, "facts", LUA_TFUNCTION))
            lua_pop(L, 1);
    }
    lua_settop(L, fields.table - 1);
}
