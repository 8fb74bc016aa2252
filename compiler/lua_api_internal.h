/* What the pieces of the Lua API share; only lua_*.c include it. */
#ifndef DFC_LUA_API_INTERNAL_H
#define DFC_LUA_API_INTERNAL_H

#include "lua_api.h"
#include "lua_host.h"

#include <lauxlib.h>
#include <lua.h>

enum { NODE_MAX = 10000, RESULT_BYTES_MAX = 4 * 1024 * 1024, LIST_DEPTH_MAX = 8 };

struct api {
    struct arena *arena;
    struct diag_list *diags;
    const struct dfc_config *config;
    struct rule_files *files;
    struct stages *stages;
    struct lua_host *host;
    struct rules rules;
    struct rule_file *loading;   /* the file that is being run */
    struct expansion *expansion; /* the directive being expanded, or NULL */
    size_t node_count;
    bool mirrors_loaded;
};

/* The api of a state. */
struct api *api_of(lua_State *L);

/* Run a rule file once. False: an error was reported. */
bool api_load(struct api *api, struct rule_file *file);

/* A string of the stack in the arena. */
struct view api_text(lua_State *L, int index);

/* ---- lua_fields.c: checked reading of tables. Errors are raised as Lua errors that name the
 * field, what was expected and what was found. `what` is what the table is: "dfc.run". */
struct fields {
    lua_State *L;
    int table;
    const char *what;
};

/* Check that the value at `index` is a table whose keys are all among the NULL-terminated names. */
struct fields fields_open(lua_State *L, int index, const char *what, const char *const *names);

/* A field as text; "" (or ptr NULL for the optional one) when it is absent. */
struct view fields_text(const struct fields *fields, const char *name);
struct view fields_required_text(const struct fields *fields, const char *name);
bool fields_flag(const struct fields *fields, const char *name);
long long fields_integer(const struct fields *fields, const char *name, long long absent);
void fields_names(const struct fields *fields, const char *name, struct name_list *list);

/* Push a field; false (nothing pushed) when it is nil. With a type other than LUA_TNONE, raise an
 * error for another one. */
bool fields_push(const struct fields *fields, const char *name, int type);

/* Raise "WHAT: field 'NAME' …". */
int fields_error(const struct fields *fields, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- lua_node.c: nodes and mounts as userdata. */
void api_open_nodes(lua_State *L); /* the API table is on top of the stack */
void api_push_node(lua_State *L, struct node *node);
void api_push_mount(lua_State *L, struct mount *mount);
void api_push_command(lua_State *L, struct command *command);
void api_read_nodes(lua_State *L, int index, struct node_list *list, int depth);
struct node *api_check_node(lua_State *L, int index);

/* ---- lua_declare.c: directive, mirror, image, cachedef, opt. */
void api_open_declarations(lua_State *L);

/* ---- lua_ctx.c: what a rule is told. */
void api_open_context(lua_State *L);
void api_push_context(lua_State *L, struct expansion *expansion);
void api_push_arguments(lua_State *L, struct expansion *expansion);

/* Paths of the build context. */
bool api_path_leaves_context(struct api *api, struct view path);
bool api_context_has(struct api *api, struct view path);
struct view api_clean(struct api *api, struct view path);

/* ---- lua_mirror.c */
int api_ctx_mirror(lua_State *L);

/* ---- lua_cache.c */
int api_ctx_cache(lua_State *L);

/* Push the object of C pointer `object` as userdata with the metatable `type`. */
void api_push_object(lua_State *L, void *object, const char *type);

#endif
