/* Mounts of a RUN: dfc.cache, dfc.bind, dfc.secret, dfc.ssh, dfc.tmpfs. */
#include "lua_api_internal.h"

#include <string.h>

struct mount *api_new_mount(lua_State *L, enum mount_type type)
{
    api_count_object(L);
    struct mount *mount = ARENA_NEW(api_of(L)->arena, struct mount);
    mount->type = type;
    return mount;
}

/* Values of a mount go into a CSV list without quotes: no comma, blank or quote may be in them. */
bool api_is_mount_text(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || (unsigned char)text.ptr[i] >= 0x7f ||
            strchr(",\"'\\`", text.ptr[i]) != NULL)
            return false;
    return true;
}

static struct view mount_text(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    if (!api_is_mount_text(text))
        fields_error(fields, name,
                     "must be ASCII without blanks, commas, quotes and backslashes, found '%s'",
                     text.ptr);
    return text;
}

static struct view read_target(const struct fields *fields)
{
    struct view target = mount_text(fields, "target");
    if (target.len == 0)
        fields_error(fields, "target", "is missing");
    if (view_is(target, "/"))
        fields_error(fields, "target", "must not be '/': BuildKit refuses a mount there");
    if (view_starts(target, "~"))
        fields_error(fields, "target",
                     "must not begin with '~', which BuildKit does not expand; "
                     "use ctx.user.home");
    return target;
}

/* BuildKit expands no variable here. */
static struct view read_from(const struct fields *fields)
{
    struct view from = mount_text(fields, "from");
    if (view_find(from, '$', 0) < from.len)
        fields_error(fields, "from", "can't hold a variable, found '%s'", from.ptr);
    return from;
}

static bool has_only(struct view text, const char *characters)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(characters, text.ptr[i]) == NULL)
            return false;
    return true;
}

/* A number, or a variable that has one in the build. */
static struct view read_number(const struct fields *fields, const char *name, const char *digits,
                               const char *expected)
{
    struct view text = mount_text(fields, name);
    if (!has_only(text, digits) && view_find(text, '$', 0) == text.len)
        fields_error(fields, name, "must be %s, found '%s'", expected, text.ptr);
    return text;
}

static void read_owner(const struct fields *fields, struct mount *mount)
{
    mount->uid = read_number(fields, "uid", "0123456789", "a number");
    mount->gid = read_number(fields, "gid", "0123456789", "a number");
    mount->mode = read_number(fields, "mode", "01234567", "an octal number such as \"0755\"");
}

int api_cache_new(lua_State *L)
{
    static const char *const names[] = {"target", "id",   "sharing", "uid", "gid",
                                        "mode",   "from", "source",  NULL};
    struct fields fields = fields_open(L, 1, "dfc.cache", names);
    struct mount *mount = api_new_mount(L, MOUNT_CACHE);
    mount->target = read_target(&fields);
    mount->id = mount_text(&fields, "id");
    mount->sharing = mount_text(&fields, "sharing");
    if (mount->sharing.len > 0 && !view_is(mount->sharing, "shared") &&
        !view_is(mount->sharing, "locked") && !view_is(mount->sharing, "private"))
        fields_error(&fields, "sharing", "must be shared, locked or private, found '%s'",
                     mount->sharing.ptr);
    mount->from = read_from(&fields);
    mount->source = mount_text(&fields, "source");
    read_owner(&fields, mount);
    api_push_mount(L, mount);
    return 1;
}

int api_bind_new(lua_State *L)
{
    static const char *const names[] = {"source", "target", "from", "rw", NULL};
    struct fields fields = fields_open(L, 1, "dfc.bind", names);
    struct mount *mount = api_new_mount(L, MOUNT_BIND);
    mount->source = mount_text(&fields, "source");
    mount->target = read_target(&fields);
    mount->from = read_from(&fields);
    mount->writable = fields_flag(&fields, "rw");
    api_push_mount(L, mount);
    return 1;
}

void api_check_secret(lua_State *L, const char *what, const struct mount *mount)
{
    if (mount->id.len == 0 && mount->target.len == 0)
        lua_host_error(L, "%s: field 'id' is missing", what);
    if (!api_is_mount_text(mount->id))
        lua_host_error(L, "%s: '%s' is no id of a secret", what, mount->id.ptr);
    if (mount->env.len > 0 && !api_is_variable_name(mount->env))
        lua_host_error(L, "%s: '%s' is no name of an environment variable", what, mount->env.ptr);
}

int api_secret_new(lua_State *L)
{
    static const char *const names[] = {"id",  "target", "env",  "required",
                                        "uid", "gid",    "mode", NULL};
    struct fields fields = fields_open(L, 1, "dfc.secret", names);
    struct mount *mount = api_new_mount(L, MOUNT_SECRET);
    mount->id = mount_text(&fields, "id");
    mount->target = mount_text(&fields, "target");
    mount->env = mount_text(&fields, "env");
    mount->required = fields_flag(&fields, "required");
    read_owner(&fields, mount);
    api_check_secret(L, "dfc.secret", mount);
    api_push_mount(L, mount);
    return 1;
}

int api_ssh_new(lua_State *L)
{
    static const char *const names[] = {"id", "target", "required", "uid", "gid", "mode", NULL};
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    struct fields fields = fields_open(L, 1, "dfc.ssh", names);
    struct mount *mount = api_new_mount(L, MOUNT_SSH);
    mount->id = mount_text(&fields, "id");
    mount->target = mount_text(&fields, "target");
    mount->required = fields_flag(&fields, "required");
    read_owner(&fields, mount);
    api_push_mount(L, mount);
    return 1;
}

/* "64m": docker/go-units' RAMInBytes, which BuildKit uses. */
static struct view read_size(const struct fields *fields)
{
    struct view size = mount_text(fields, "size");
    size_t digits = 0;
    while (digits < size.len && is_digit(size.ptr[digits]))
        digits++;
    bool unit = digits + 1 == size.len && strchr("bkmgtBKMGT", size.ptr[digits]) != NULL;
    bool good = size.len == 0 || (digits > 0 && (digits == size.len || unit));
    if (!good && view_find(size, '$', 0) == size.len)
        fields_error(fields, "size", "must be a size such as 64m, found '%s'", size.ptr);
    return size;
}

int api_tmpfs_new(lua_State *L)
{
    static const char *const names[] = {"target", "size", NULL};
    struct fields fields = fields_open(L, 1, "dfc.tmpfs", names);
    struct mount *mount = api_new_mount(L, MOUNT_TMPFS);
    mount->target = read_target(&fields);
    mount->size = read_size(&fields);
    api_push_mount(L, mount);
    return 1;
}
