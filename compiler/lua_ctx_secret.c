/* ctx:secret: the mount of a build secret. */
#include "lua_api_internal.h"

#include "builder.h"
#include "path.h"

/*
 * ctx:secret(id [, path]): the mount of a secret at the place where a tool looks for it, readable
 * for the user of the stage; "~/" is the home; /run/secrets/ID by default. nil for the id nil, so
 * that an option can be handed on.
 */
int api_ctx_secret(lua_State *L)
{
    struct api *api = api_of(L);
    struct expansion *e = api_check_context(L, "ctx:secret");
    if (lua_isnoneornil(L, 2))
        return 0;
    struct mount *mount = api_new_mount(L, MOUNT_SECRET);
    mount->id = api_check_text(L, 2, "ctx:secret: the id");
    mount->target = lua_isnoneornil(L, 3)
                        ? view_format(api->arena, "/run/secrets/%.*s", VIEW_ARG(mount->id))
                        : api_check_text(L, 3, "ctx:secret: the path");
    mount->required = true;
    const struct stage_user *user = &e->stage->user;
    if (!user->root && user->uid.len > 0) {
        mount->uid = user->uid;
        mount->gid = user->gid;
    }
    if (view_starts(mount->target, "~/") && user->home.len == 0) {
        struct diag *diag = diag_add(api->diags, DIAG_ERROR, "unknown-home", e->directive->name_at,
                                     "the home of user '%.*s' is not known, a secret belongs there",
                                     VIEW_ARG(user->text));
        diag_help(diag, "write ENV HOME=/home/… above it");
        e->failed = true;
    } else if (view_starts(mount->target, "~/")) {
        mount->target =
            path_join(api->arena, user->home, view_slice(mount->target, 2, mount->target.len));
    }
    api_check_secret(L, "ctx:secret", mount);
    if (mount->uid.len > 0 && builder_of(&e->stage->settings) != BUILDER_LEGACY)
        api_make_parent(api, e, mount, false);
    api_push_mount(L, mount);
    return 1;
}
