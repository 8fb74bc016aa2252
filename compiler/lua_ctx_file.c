/* Files of the build context: ctx:file, ctx:copied, and whether a path exists. What was asked for
 * is noted. */
#include "lua_api_internal.h"

#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT_FILE_MAX = 1024 * 1024 };

bool api_path_leaves_context(struct api *api, struct view path)
{
    return path_escapes(api->arena, path);
}

struct view api_clean(struct api *api, struct view path)
{
    return path_clean(api->arena, path);
}

bool api_context_exists(void *context, const char *path)
{
    struct api *api = context;
    bool exists = api->config->exists(api->config->context, api->config->context_dir, path);
    context_files_add(api->arena, &api->context_files, view_of(path), exists);
    return exists;
}

bool api_context_has(struct api *api, struct view path)
{
    return api_context_exists(api, path_clean(api->arena, path).ptr);
}

const struct context_files *api_context_files(const struct api *api)
{
    return &api->context_files;
}

/* Why a file could not be read, which the rule is told; NULL: an error. */
static const char *reason(int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return "missing";
    return error == EISDIR ? "directory" : NULL;
}

static int refuse_file(lua_State *L, const char *path, int error)
{
    if (error == EXDEV)
        return lua_host_error(L, "ctx:file: '%s' leads out of the build context", path);
    if (error == EFBIG)
        return lua_host_error(L, "ctx:file: '%s' has more than %d bytes, which a rule may read",
                              path, CONTEXT_FILE_MAX);
    api_of(L)->diags->io_failed = true;
    return lua_host_error(L, "ctx:file: cannot read '%s': %s", path, strerror(error));
}

/* The text of a file, read once in a compilation. Gives an errno value or 0. */
static int read_file(struct api *api, struct view path, struct view *text)
{
    const struct view *known = map_get(&api->context_texts, path);
    if (known != NULL) {
        *text = *known;
        return 0;
    }
    char *bytes = NULL;
    size_t length = 0;
    int error = api->config->read_file(api->config->context, api->config->context_dir, path.ptr,
                                       CONTEXT_FILE_MAX, &bytes, &length);
    context_files_add(api->arena, &api->context_files, path, error != ENOENT && error != ENOTDIR);
    if (error != 0)
        return error;
    api->pending = bytes; /* freed with the api if the arena has no room for the copy */
    struct view *copy = ARENA_NEW(api->arena, struct view);
    *copy = (struct view){arena_strndup(api->arena, bytes, length), length};
    free(bytes);
    api->pending = NULL;
    map_set(api->arena, &api->context_texts, path, copy);
    *text = *copy;
    return 0;
}

/*
 * ctx:file(path): the text of a file of the build context; or nil and "missing" or "directory". A
 * path that leaves the context, by ".." or by a link, and a file that can't be read are errors.
 */
int api_ctx_file(lua_State *L)
{
    api_check_context(L, "ctx:file");
    struct api *api = api_of(L);
    struct view path = path_clean(api->arena, api_check_text(L, 2, "ctx:file: the path"));
    struct view text;
    lua_host_charge(L, STEPS_PER_PATH);
    if (path.ptr[0] == '/' || path_escapes(api->arena, path))
        return refuse_file(L, path.ptr, EXDEV);
    int error = read_file(api, path, &text);
    if (error == 0) {
        lua_host_charge(L, text.len / 64);
        lua_pushlstring(L, text.len == 0 ? "" : text.ptr, text.len);
        return 1;
    }
    if (reason(error) == NULL)
        return refuse_file(L, path.ptr, error);
    lua_pushnil(L);
    lua_pushstring(L, reason(error));
    return 2;
}

/* ctx:copied(path): whether an earlier COPY or ADD of the stage or its parents may have put a file
 * there. */
int api_ctx_copied(lua_State *L)
{
    const struct expansion *e = api_check_context(L, "ctx:copied");
    struct view path = api_check_text(L, 2, "ctx:copied: the path");
    struct view full = path_join(api_of(L)->arena, e->stage->workdir, path);
    lua_pushboolean(L, stage_may_have_file(e->stage, path_clean(api_of(L)->arena, full)));
    return 1;
}
