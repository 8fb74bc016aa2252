/* What the pieces of the Lua API share; only lua_*.c include it. */
#ifndef DFC_LUA_API_INTERNAL_H
#define DFC_LUA_API_INTERNAL_H

#include "lua_api.h"
#include "lua_host.h"
#include "lua_rewrite.h"

#include <lauxlib.h>
#include <lua.h>

enum { NODE_MAX = 10000, RESULT_BYTES_MAX = 4 * 1024 * 1024, LIST_DEPTH_MAX = 8 };
enum { FINDINGS_MAX = 1000, MESSAGE_MAX = 4096, REQUIRE_DEPTH_MAX = 16 };

/* A directive or rewrite of a team that does not say "override = true". */
struct team_name {
    const struct origin *origin; /* in its struct rule or struct rewrite */
    struct view name;
    bool is_rewrite;
};

/* dfc.directive "x" and its like, which a table has to follow. */
struct begun {
    const char *kind; /* "directive" */
    struct view name;
    struct span at;
    bool complete;
};

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
    struct look *look;           /* the rewrite that looks at an instruction, or NULL */
    struct name_list ignored;    /* rewrites that the file silences */
    size_t object_count;         /* nodes, mounts and commands made in this call */
    size_t finding_count;        /* reported in this call */
    size_t text_bytes;           /* of the text that this call has taken over */
    size_t result_left;          /* bytes that this call may still give */
    size_t call;                 /* number of the call of a rule, from 1; see api_owner */
    bool mirrors_loaded;
    struct context_files context_files;
    struct map context_texts; /* struct view, by path: what ctx:file has read */
    char *pending;            /* malloc()ed text that is being copied */
    struct helper_stages helpers;
    struct map helper_keys, helper_names; /* struct helper_stage */
    struct map taken_names; /* stages and images of the file: struct instruction, by name */
    bool taken_known;
    struct {
        const struct stage *stage;
        int view, plain; /* registry references of ctx.previous */
        size_t count;
    } previous;
    VEC(struct begun) begun;
    size_t begun_before;               /* index of the first one in the file that is being run */
    VEC(const struct rule *) declared; /* all directives, also those that another one replaces */
    VEC(struct team_name) team_names;  /* not yet looked up in the standard library */
    int loading_depth;

    /* What dfc.test has declared: struct test_case. */
    struct test_list tests;
    struct map test_names, test_inputs;
};

/* The api of a state. */
struct api *api_of(lua_State *L);

/* Run a rule file once. False: an error was reported. */
bool api_load(struct api *api, struct rule_file *file);

/* A call of a rule begins: what it may make is counted from here. */
void api_begin_call(struct api *api);

/* Count an object that a rule has made, or a finding that it reports; an error when there are too
 * many. */
void api_count_object(lua_State *L);
void api_count_finding(lua_State *L);

/* Who made an object: the number of the call, or 0 while a rule file is loaded. Only its maker may
 * change an object: what one directive does must not depend on those before it. */
size_t api_owner(const struct api *api);

/* ---- lua_fields.c: checked reading of tables and arguments. Errors are raised as Lua errors that
 * name the field, what was expected and what was found. `what` is what the table or argument is:
 * "dfc.run". */

/* What was found, for messages: "number", "dfc.argv", "nothing". */
const char *api_type_name(lua_State *L, int index);

/* A string or number of the stack as text in the arena. */
struct view api_text(lua_State *L, int index);

/* An argument that must be a string or number, not empty and without a NUL byte. */
struct view api_check_text(lua_State *L, int index, const char *what);

/* Push the plain table at `index`, which must be a list: keys 1 to its length, nothing else. Gives
 * the length. */
lua_Integer api_push_list(lua_State *L, int index, const char *what);

/* Call `each` for every pair of a table in the order of its keys, which must be strings: the key is
 * at -2, the value at -1. */
void api_each_pair(lua_State *L, int index, const char *what,
                   void (*each)(lua_State *L, void *context), void *context);

/* A string, or a list of strings. */
void api_read_texts(lua_State *L, int index, const char *what, struct name_list *list);
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

/* As fields_names, but a single string may stand for a list of it. */
void fields_texts(const struct fields *fields, const char *name, struct name_list *list);

/* Push a field that must be a list; 0 and nothing pushed when it is absent or empty. */
lua_Integer fields_push_list(const struct fields *fields, const char *name);

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
void api_read_nodes(lua_State *L, int index, const char *what, struct node_list *list);
struct node *api_check_node(lua_State *L, int index);
struct mount *api_to_mount(lua_State *L, int index); /* NULL: it is none */
struct node *api_new_node(lua_State *L, enum node_kind kind);
void api_check_one_line(lua_State *L, struct view text, const char *what);
bool api_is_variable_name(struct view name);

/* Add the variable whose name and value are on the stack. `what` is where they stand: "dfc.env". */
void api_add_env(lua_State *L, int name_at, int value_at, struct env_list *env, const char *what);

#define TYPE_NODE    "dfc.node"
#define TYPE_MOUNT   "dfc.mount"
#define TYPE_COMMAND "dfc.argv"

/* ---- lua_node_argv.c */
int api_argv_new(lua_State *L);
int api_literal(lua_State *L);
int api_command_index(lua_State *L);

/* ---- lua_node_run.c */
int api_run_new(lua_State *L);
int api_run_bind(lua_State *L);

/* ---- lua_node_mount.c */
struct mount *api_new_mount(lua_State *L, enum mount_type type);

/* Whether a text can stand in the value of --mount as it is. */
bool api_is_mount_text(struct view text);
void api_check_secret(lua_State *L, const char *what, const struct mount *mount);
int api_cache_new(lua_State *L);
int api_bind_new(lua_State *L);
int api_secret_new(lua_State *L);
int api_ssh_new(lua_State *L);
int api_tmpfs_new(lua_State *L);

/* ---- lua_node_copy.c, lua_node_text.c */
int api_copy_new(lua_State *L);
int api_add_new(lua_State *L);
int api_workdir_new(lua_State *L);
int api_user_new(lua_State *L);
int api_raw_new(lua_State *L);

/* ---- lua_declare.c: directive, mirror, image, cachedef, opt. */
void api_open_declarations(lua_State *L);

/* Raise an error when a declaration of the file has no table. */
void api_check_begun(lua_State *L);

/* A declaration has got its table. */
void api_complete(lua_State *L);

/* The same for rules: an error when they can't be declared here, or there is more than a table.
 * `what`: "dfc.directive". */
void api_check_declaring(lua_State *L, const char *what);

/* Raise an error when a name is not like "pip-cache". */
void api_check_name(lua_State *L, struct view name, const char *what);

/* Whether a file that came with the program is being loaded: its tables are right, as tests have
 * shown, and nothing in it changes them afterwards. */
bool api_is_trusted(lua_State *L);

/* Push a table that was kept, frozen. */
void api_push_kept(lua_State *L, const struct lua_ref *kept);

/* Where the declaration that runs stands. */
struct origin api_origin(lua_State *L, bool is_override);

/* Whether a definition takes the place of the one that has its name (`old` NULL: none). Two of
 * which neither is meant to replace the other are reported; `what` names them: "@jdk". */
bool api_takes_place(struct api *api, const struct origin *mine, const struct origin *old,
                     const char *what);

/* Remember a directive or rewrite for api_warn_shadows. */
void api_note_team(struct api *api, const struct origin *origin, struct view name, bool is_rewrite);

/* Warn about those that have taken the place of one of the standard library unasked. */
void api_warn_shadows(struct api *api);

/* Keep the function of a field, which must be there, in the registry. */
int api_keep_function(const struct fields *fields, const char *name);

/* ---- lua_declare_cache.c */
int api_declare_cache(lua_State *L);

/* ---- lua_declare_args.c */
void api_read_args(const struct fields *fields, struct rule *rule);
void api_push_ready_options(lua_State *L); /* dfc.opt */

/* ---- lua_test.c */
int api_declare_test(lua_State *L);

/* ---- lua_settings.c */
int api_declare_settings(lua_State *L);

/* ---- lua_ctx.c: what a rule is told. */
void api_open_context(lua_State *L);
void api_push_context(lua_State *L, struct expansion *expansion);

/* ---- lua_ctx_args.c */
void api_open_arguments(lua_State *L);
void api_push_arguments(lua_State *L, struct expansion *expansion);

/* ---- lua_ctx_fields.c */
enum { CONTEXT_FIELDS_MAX = 16 }; /* of ctx, and of each record in it */
void api_open_context_fields(lua_State *L);
bool api_push_context_field(lua_State *L, const char *key); /* false: there is none */
size_t api_context_field_names(const char **names);
void api_push_setting(lua_State *L, const struct expansion *e, struct view name);

/* ---- lua_ctx_file.c, lua_ctx_stage.c: methods of ctx */
int api_ctx_file(lua_State *L);
int api_ctx_copied(lua_State *L);
int api_ctx_once(lua_State *L);
int api_ctx_stage(lua_State *L);

/* A field with a line of a finding, "" when it is absent. */
struct view api_read_message(const struct fields *fields, const char *name);

/* The expansion that goes on; an error when `what` ("ctx:file") is not called as a method of ctx,
 * or when there is none. */
struct expansion *api_check_context(lua_State *L, const char *what);

/* Paths of the build context. Asking the file system for one counts as steps. */
enum { STEPS_PER_PATH = 500 };
bool api_path_leaves_context(struct api *api, struct view path);
bool api_context_has(struct api *api, struct view path);
struct view api_clean(struct api *api, struct view path);

/* ---- lua_mirror.c */
int api_ctx_mirror(lua_State *L);
bool api_has_own_mirror(const struct directive *directive); /* --mirror is given */

/* ---- lua_mirror_arg.c */
int api_ctx_mirror_arg(lua_State *L);

/* What ctx:mirror gives where the mirror is by ARG: in place of the `given` values that it would
 * give, 0 or 1, on top of the stack. */
int api_mirror_by_arg(lua_State *L, struct expansion *e, const char *kind, int given);

/* The directive has a mirror of its own: an ARG for that kind that the stage has would get into the
 * environment of its RUN. */
void api_hide_mirror_arg(struct api *api, struct expansion *e, const char *kind);

/* See to it that what a rule has made of such a mirror works when the ARG is empty; an error where
 * it can't. Helper stages count from `helpers_before` on. */
void api_settle_mirror_args(struct api *api, struct expansion *e, size_t helpers_before);

/* ---- lua_mirror_check.c: the table of dfc.mirror. Names of fields that are no kind known yet are
 * left for api_check_mirror_kinds: a directive that is declared later may have them. */
void api_check_mirror_table(lua_State *L, int index);
bool api_check_mirror_kinds(struct api *api); /* false: an error was reported */

/* ---- lua_image_check.c: the table of dfc.image; or, without `is_declaration`, what its function
 * `facts` gives. */
void api_check_image_table(lua_State *L, int index, const char *what, bool is_declaration);

/* ---- lua_rewrite.c */
int api_declare_rewrite(lua_State *L);
int api_ctx_report(lua_State *L);
void api_open_rewrite_types(lua_State *L);

/* ---- lua_ctx_secret.c */
int api_ctx_secret(lua_State *L);

/* ---- lua_cache.c */
int api_ctx_cache(lua_State *L);

/* A missing parent below the home would be made by the builder, and belong to root: the tool could
 * not write beside the mount. So the user makes it first, elsewhere only when that is asked for. */
void api_make_parent(struct api *api, struct expansion *e, const struct mount *mount,
                     bool outside_home);

/* The definition of a cache, loaded when the standard library has it; NULL when there is none. */
const struct cachedef *api_find_cache(struct api *api, struct view name);

/* The error for a cache that is not there; `what` has named it. */
int api_no_cache(lua_State *L, struct span at, const char *what, struct view name);

/* Push the object of C pointer `object` as userdata with the metatable `type`; the object's pointer
 * at an index, or NULL when that is of another type. */
void api_push_object(lua_State *L, void *object, const char *type);
void *api_to_object(lua_State *L, int index, const char *type);

/* Raise an error when the object at `index` was made by another call; `what`: "a dfc.argv". */
void api_check_owner(lua_State *L, int index, const char *what);

/* Make the metatable `type`: `index` reads fields, writes are errors that name `what`. */
void api_new_type(lua_State *L, const char *type, lua_CFunction index, const char *what);

/* The error for reading `key`, which `what` has not; with "did you mean" among `names` (ended by
 * NULL). */
int api_no_field(lua_State *L, const char *what, const char *key, const char *const *names);

#endif
