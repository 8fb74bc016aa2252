/* dfc.image tables to facts about a base image. */
#include "lua_api_internal.h"

#include <string.h>

enum { NAMES_MAX = 3 };

/* "arm64v8/debian": Docker Hub's official images for one architecture. Gives the length of the
 * prefix with its slash, or 0. */
static size_t architecture_prefix(struct view repo)
{
    static const char *const prefixes[] = {"amd64/",   "arm32v5/", "arm32v6/",  "arm32v7/",
                                           "arm64v8/", "i386/",    "mips64le/", "ppc64le/",
                                           "riscv64/", "s390x/"};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (view_starts(repo, prefixes[i]))
            return strlen(prefixes[i]);
    return 0;
}

/* Names under which a reference may be declared, the most exact first. A copy of Docker Hub in
 * another registry has the same images: their path there ends in "library/NAME". */
static size_t image_names(struct api *api, const struct image_ref *ref, struct view names[])
{
    struct view repo = ref->repo;
    size_t library = view_search(repo, VIEW("library/")), prefix = architecture_prefix(repo);
    size_t count = 0;
    names[count++] = repo;
    if (ref->registry.len > 0) {
        names[0] = view_format(api->arena, "%.*s/%.*s", VIEW_ARG(ref->registry), VIEW_ARG(repo));
        if (library < repo.len)
            names[count++] = view_slice(repo, library + strlen("library/"), repo.len);
    } else if (prefix > 0) {
        names[count++] = view_slice(repo, prefix, repo.len);
    }
    return count;
}

/* "corp/" of dfc.image "corp/…*". */
static bool is_pattern_for(struct view pattern, struct view name)
{
    size_t length = pattern.len - 1;
    return view_ends(pattern, "*") && name.len >= length &&
           view_equal(view_slice(name, 0, length), view_slice(pattern, 0, length));
}

/* Order of patterns: those of a team before the standard library's, then the longest first. */
static bool is_better(const struct map_entry *a, const struct map_entry *b)
{
    const struct lua_ref *x = a->value, *y = b == NULL ? NULL : b->value;
    bool of_team = x->origin.layer != LAYER_STDLIB;
    if (y == NULL || of_team != (y->origin.layer != LAYER_STDLIB))
        return y == NULL || of_team;
    return a->key.len > b->key.len;
}

struct image_reading {
    const struct lua_ref *entry;
    struct view name; /* under which it was found */
    const struct image_ref *ref;
    struct image_facts *facts;
};

static void read_text(lua_State *L, int table, const char *name, struct view *text)
{
    if (lua_getfield(L, table, name) == LUA_TSTRING || lua_isinteger(L, -1))
        *text = api_text(L, -1);
    lua_pop(L, 1);
}

/* What is read here has been checked by api_check_image_table. */
static void add_user(lua_State *L, void *context)
{
    struct image_facts *facts = context;
    struct image_user *user = ARENA_NEW(api_of(L)->arena, struct image_user);
    user->name = api_text(L, -2);
    user->uid = user->gid = user->home = VIEW("");
    lua_host_thaw(L, -1);
    int entry = lua_gettop(L);
    read_text(L, entry, "uid", &user->uid);
    read_text(L, entry, "gid", &user->gid);
    read_text(L, entry, "home", &user->home);
    map_set(api_of(L)->arena, &facts->users, user->name, user);
    lua_pop(L, 1);
}

static void add_variable(lua_State *L, void *context)
{
    struct image_facts *facts = context;
    struct view *value = ARENA_NEW(api_of(L)->arena, struct view);
    *value = api_text(L, -1);
    map_set(api_of(L)->arena, &facts->env, api_text(L, -2), value);
}

static void read_pairs(lua_State *L, int table, const char *name,
                       void (*add)(lua_State *L, void *context), struct image_facts *facts)
{
    if (lua_getfield(L, table, name) == LUA_TTABLE)
        api_each_pair(L, -1, name, add, facts);
    lua_pop(L, 1);
}

static void read_facts(lua_State *L, int table, struct image_facts *facts)
{
    struct view os = VIEW(""), distro = facts->distro;
    read_text(L, table, "distro", &facts->distro);
    if (!view_equal(distro, facts->distro)) {
        facts->release = VIEW("");
        image_distro_defaults(facts->distro, &facts->family, &facts->libc);
    }
    read_text(L, table, "release", &facts->release);
    read_text(L, table, "family", &facts->family);
    read_text(L, table, "libc", &facts->libc);
    read_text(L, table, "user", &facts->user);
    read_text(L, table, "os", &os);
    facts->windows |= view_is(os, "windows");
    if (lua_getfield(L, table, "ca") == LUA_TBOOLEAN) {
        facts->has_ca = lua_toboolean(L, -1);
        facts->no_ca = !facts->has_ca;
    }
    lua_pop(L, 1);
    read_pairs(L, table, "users", add_user, facts);
    read_pairs(L, table, "env", add_variable, facts);
}

/* A name alone means the tag "latest"; with a digest alone there is no tag. */
static struct view image_tag(const struct image_ref *ref)
{
    return ref->tag.len == 0 && ref->digest.len == 0 ? VIEW("latest") : ref->tag;
}

/* Call facts(tag, name) and leave its table, thawed, on the stack; false: this image is not known.
 */
static bool push_facts(lua_State *L, const struct image_reading *reading)
{
    struct view tag = image_tag(reading->ref);
    lua_host_blame(lua_host_of(L), lua_host_function_span(L, -1));
    lua_pushlstring(L, tag.ptr, tag.len);
    lua_pushlstring(L, reading->name.ptr, reading->name.len);
    lua_call(L, 2, 1);
    if (lua_isnil(L, -1))
        return false;
    api_check_image_table(L, -1, "what facts gives", false);
    lua_host_thaw(L, -1);
    return true;
}

/* The static fields, then what facts(tag, name) says over them; nil there: not this image. */
static int read_image(lua_State *L)
{
    struct image_reading *reading = lua_touserdata(L, 1);
    api_push_kept(L, reading->entry);
    int table = lua_gettop(L);
    bool has_function = lua_getfield(L, table, "facts") == LUA_TFUNCTION;
    if (has_function && !push_facts(L, reading))
        return 0;
    read_facts(L, table, reading->facts);
    if (has_function)
        read_facts(L, lua_gettop(L), reading->facts);
    reading->facts->known = true;
    return 0;
}

static bool try_entry(struct api *api, const struct lua_ref *entry, struct view name,
                      const struct image_ref *ref, struct image_facts *facts)
{
    struct image_reading reading = {entry, name, ref, facts};
    if (entry == NULL)
        return false;
    struct span nowhere = {NULL, 0, 0};
    struct view verb = view_format(api->arena, "looking up the image '%.*s'", VIEW_ARG(name));
    api_begin_call(api);
    lua_host_set_activity(api->host, (struct lua_activity){verb.ptr, nowhere});
    struct span before = lua_host_blame(api->host, entry->origin.at);
    bool good = lua_host_protect(api->host, read_image, &reading);
    lua_host_blame(api->host, before);
    lua_host_set_activity(api->host, (struct lua_activity){NULL, nowhere});
    return good && facts->known;
}

/* Ask the patterns one after another, until one knows the image. */
static bool try_patterns(struct api *api, struct view name, const struct image_ref *ref,
                         struct image_facts *facts)
{
    const struct map *images = &api->rules.images;
    const struct map_entry *last = NULL;
    for (;;) {
        const struct map_entry *best = NULL;
        for (size_t i = 0; i < images->count; i++) {
            const struct map_entry *entry = &images->items[i];
            bool next = last == NULL || (entry != last && is_better(last, entry));
            if (next && is_pattern_for(entry->key, name) && is_better(entry, best))
                best = entry;
        }
        if (best == NULL || try_entry(api, best->value, name, ref, facts))
            return best != NULL;
        last = best;
    }
}

/* Load the files of the standard library that declare a name, or a pattern for it. */
static void load_images(struct api *api, struct view name)
{
    struct rule_files *files = api->files;
    const struct stdlib_index *index = &files->declared[STDLIB_IMAGE];
    struct rule_file *file = rule_files_find(files, STDLIB_IMAGE, name);
    if (file != NULL)
        api_load(api, file);
    for (size_t i = 0; i < index->count && file == NULL; i++)
        if (is_pattern_for(rule_files_name(files, STDLIB_IMAGE, i), name))
            api_load(api, rule_files_stdlib(files, index->names[i].file));
}

void api_lookup_image(void *context, const struct image_ref *ref, struct image_facts *facts)
{
    struct api *api = context;
    struct view names[NAMES_MAX];
    facts->family = facts->distro = facts->release = facts->libc = facts->user = VIEW("");
    size_t count = image_names(api, ref, names);
    for (size_t i = 0; i < count; i++) {
        load_images(api, names[i]);
        if (try_entry(api, map_get(&api->rules.images, names[i]), names[i], ref, facts) ||
            try_patterns(api, names[i], ref, facts))
            return;
    }
}
