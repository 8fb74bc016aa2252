/* What rule files have declared, read for those that describe it (describe.h). */
#ifndef DFC_LUA_DESCRIBE_H
#define DFC_LUA_DESCRIBE_H

#include "lua_api.h"

struct api_pair {
    struct view key, value;
};

struct api_pairs {
    struct api_pair *items;
    size_t count, capacity;
};

/*
 * The fields of a mirror preset, sorted by name. A list gives several pairs of one key, a table
 * pairs with the keys "rustup.dist" and "rustup.update_root". False: an error was reported.
 */
bool api_read_mirror(struct api *api, const struct lua_ref *mirror, struct api_pairs *fields);

/* Where the mount of a cache lies in the stage of `e`; "" when that depends on a home that is not
 * known. False: an error was reported. */
bool api_cache_target(struct api *api, const struct cachedef *cache, struct expansion *e,
                      struct view *target);

#endif
