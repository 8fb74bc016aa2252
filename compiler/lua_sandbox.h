/* What the files of the Lua sandbox (lua_host*.c, lua_frozen.c, lua_sandbox*.c) have in
 * common. */
#ifndef DFC_LUA_SANDBOX_H
#define DFC_LUA_SANDBOX_H

#include "lua_host.h"

enum { SANDBOX_RESULTS_MAX = 250 }; /* values that one C function may return */

/* Make what all rule files share: the locked environment and the libraries in it. */
void lua_sandbox_open(lua_State *L);

/* Push the _ENV of rule files. Nothing can be assigned in it, so all of them have the same. */
void lua_sandbox_push_environment(lua_State *L);

/* Push a library as a plain table. */
void lua_sandbox_push_string(lua_State *L);
void lua_sandbox_push_table(lua_State *L);
void lua_sandbox_push_math(lua_State *L);
void lua_sandbox_push_re(lua_State *L);

/* Push a table with `functions` in it, up to the row without a name. */
struct sandbox_function {
    const char *name;
    lua_CFunction function;
};
void lua_sandbox_push_library(lua_State *L, const struct sandbox_function *functions, int count);

/* Push the text of any value: what it is instead of where it is for tables and the like. */
struct view lua_sandbox_push_text(lua_State *L, int index);

/* Text of a string or number argument. A number on the stack becomes a string. */
struct view lua_sandbox_check_text(lua_State *L, int index);

/* Number arguments. A string is not taken for one, as Lua would do: reading it takes time. */
lua_Integer lua_sandbox_check_integer(lua_State *L, int index);
lua_Integer lua_sandbox_opt_integer(lua_State *L, int index, lua_Integer otherwise);
lua_Number lua_sandbox_check_number(lua_State *L, int index);

/* Raise an error when a string of `length` bytes would be too long; otherwise count the work of
 * making the last `added` bytes of it. */
void lua_sandbox_check_length(lua_State *L, size_t length, size_t added);

/* The source of a chunk by the name that Lua knows it by, or NULL. */
struct source *lua_host_chunk(const struct lua_host *host, const char *chunk_name);

struct lua_meter *lua_host_meter(lua_State *L);

/* Push what `require` gives for a name, or raise an error. */
int lua_host_require(lua_State *L, const char *name);

/* An error with a message that a rule gives; at.source NULL: at the line that is running. */
int lua_host_raise(lua_State *L, struct span at, struct view message);

/* Report a line that a rule printed. */
void lua_host_print(lua_State *L, struct view text);

/* Raise an error when the table at `index` can't be changed. */
void lua_frozen_check_writable(lua_State *L, int index);

#endif
