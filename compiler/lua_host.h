/*
 * A Lua state for rules: its life, its limits and its calls. The environment that rules see is
 * made by lua_sandbox*.c; what they can say about Dockerfiles by lua_api*.c.
 *
 * Rules may come from anybody (a pull request, say). Nothing a rule does may read or write a file,
 * run a program, loop for ever, eat the memory, crash, or change what another rule sees. Limits
 * can't be caught by a rule: there is no pcall in the sandbox. After a limit the host is dead:
 * every later call fails at once and without a further diagnostic.
 *
 * Codes of diagnostics: rule-error (a rule made a mistake or called error), rule-syntax, rule-file
 * (not a text that can be a rule file), rule-limit (sets diag_list.limit_reached).
 *
 * While Lua runs, exhausted memory of the arena is a Lua error; once the outermost call has ended,
 * the arena's own `fail` is called. So C functions that Lua calls need no care for it.
 */
#ifndef DFC_LUA_HOST_H
#define DFC_LUA_HOST_H

#include "diag.h"

#include <lua.h>

/* The limits of rule files: values by default. */
struct lua_limits {
    size_t memory;            /* bytes of Lua and PCRE2 together: 64 MiB */
    long long call_steps;     /* VM instructions of one call: 10 million */
    long long run_steps;      /* of all calls: 200 million */
    long long match_callouts; /* regex steps of one match: 1 million */
    long long run_callouts;   /* of all matches: 20 million */
    long call_milliseconds;   /* of a call that has long strings: 500; 0: as long as it takes */

    /* Where memory comes from: as realloc, size 0 frees. NULL: the C library. For tests. */
    void *(*realloc)(void *context, void *place, size_t size);
    void *realloc_context;

    /* Whether small blocks are cut from large ones, which is faster. Not under AddressSanitizer: it
     * sees what becomes of a block only when it is one of the system's. */
    bool pooled;

    /*
     * 1 … LUA_HOST_SHIFTS: put the state at an address of its own class, so that what Lua makes
     * the seed of its hashes of differs from that of a state with another number. 0: anywhere. The
     * seed is a 32-bit hash of the time and three addresses, the state's among them (Lua 5.4,
     * lstate.c, luai_makeseed): it differs but for a collision, unless Lua was built with a fixed
     * one. For "dfc test".
     */
    unsigned shift;
};

enum {
    LUA_HOST_FILE_MAX = 256 * 1024,        /* bytes of a rule file */
    LUA_HOST_STRING_MAX = 2 * 1024 * 1024, /* bytes of any string in the state */
    LUA_HOST_DEPTH_MAX = 100,              /* nesting of tables that C code walks through */
    LUA_HOST_SHIFTS = 15,
    LUA_HOST_MESSAGE_MAX = 2000 /* bytes of a message that a rule gives */
};

struct lua_host;
struct regex;
struct regex_budget;

struct lua_limits lua_default_limits(void);

/*
 * A state with the sandbox in it. Findings go to `diags`. NULL when there is not even memory for
 * that; then this was reported. Free with lua_host_free before the arena is released, also after
 * an error; NULL is allowed.
 */
struct lua_host *lua_host_new(struct arena *arena, struct diag_list *diags,
                              const struct lua_limits *limits);
void lua_host_free(struct lua_host *host);

lua_State *lua_host_state(struct lua_host *host);

/* Whatever the host works for, for the C functions that Lua calls; NULL at first. */
void lua_host_set_owner(struct lua_host *host, void *owner);
void *lua_host_owner(const struct lua_host *host);

struct lua_host *lua_host_of(lua_State *L); /* the host of a state */
struct arena *lua_host_arena(struct lua_host *host);
struct diag_list *lua_host_diags(struct lua_host *host);
bool lua_host_is_dead(const struct lua_host *host); /* a limit was reached */

/*
 * Let `require "NAME"` give something: `find` is called with a name, pushes one value and gives 1,
 * or raises a Lua error. `from` is the source that requires it (NULL if unknown). "dfc.v1" goes
 * there too. Remembering what was loaded is up to `find`.
 */
typedef int lua_require_function(lua_State *L, struct lua_host *host, struct source *from,
                                 const char *name, void *context);
void lua_host_on_require(struct lua_host *host, lua_require_function *find, void *context);

/* What is going on, for the note under an error: "while expanding @jdk at Dockerfile.in:7:1". */
struct lua_activity {
    const char *verb; /* "expanding @jdk"; NULL: none */
    struct span at;   /* the directive in the user's file */
};
void lua_host_set_activity(struct lua_host *host, struct lua_activity activity);

/* Where an error stands that is raised while no Lua code runs: the rule whose result is being
 * looked at. Gives the place that was set before, to be put back; source NULL: none. */
struct span lua_host_blame(struct lua_host *host, struct span rule);

/*
 * Compile a rule file (source text only: bytecode, a NUL byte, invalid UTF-8 and more than 256 KiB
 * are errors) and run it. With `results` > 0 its return values are left on the stack. False: an
 * error was reported. `chunk` must live as long as the host.
 */
bool lua_host_run(struct lua_host *host, struct source *chunk, int results);

/*
 * Call the function below its `arguments` arguments on the stack, as lua_pcall does, under the
 * limits. On an error it is reported at the rule's file and line with the activity as a note, the
 * function and arguments are popped, and false is given. Calls may nest (a callback of the API may
 * call back into Lua); steps of inner calls count for the outer ones.
 */
bool lua_host_call(struct lua_host *host, int arguments, int results);

/*
 * Run C code that may raise Lua errors (building tables, checking results): `function(L)` with
 * `context` as light userdata at index 1. Same reporting as lua_host_call. Anything that allocates
 * in Lua must run inside of this or of a C function that Lua called.
 */
bool lua_host_protect(struct lua_host *host, lua_CFunction function, void *context);

/*
 * Errors of C functions; none of these return. The message is of any length, but only
 * LUA_HOST_MESSAGE_MAX bytes are shown. lua_error, luaL_error and luaL_check… may be used as well:
 * the position they put before a message is taken off again.
 */
/* An error at the line of Lua code that is running. */
int lua_host_error(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An error at a given place. */
int lua_host_error_at(lua_State *L, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A limit was reached: the host is dead from now on. */
int lua_host_limit(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* End the running call without a diagnostic: what went wrong was reported already, as by an inner
 * lua_host_call or lua_host_run that gave false. */
int lua_host_stop(lua_State *L);

/* Count work of a C function as VM instructions: for every loop that a rule can make long. Raises
 * an error when no steps are left. */
void lua_host_charge(lua_State *L, size_t steps);

/* Where Lua code of level `level` (as in lua_getinfo) stands, as a span of its source's line;
 * source NULL when it is C or unknown. */
struct span lua_host_where(lua_State *L, int level);

/* The span of a function's definition (its first line); source NULL for C. */
struct span lua_host_function_span(lua_State *L, int index);

/*
 * Replace the table on top of the stack by a frozen view of it: reads and `#`, `pairs`, `ipairs`
 * see the table, writes are errors ("… is read-only"). Nested tables are frozen as well, in place;
 * functions are kept. Tables must form a tree. Whoever still holds the plain table can change it,
 * so freeze what nobody else holds. The second form makes reading a field that is not there an
 * error that names `what` ("'string' has no field 'uper'"). lua_host_thaw pushes the plain table
 * behind a frozen view (or the value itself); tables nested in it are still views.
 */
void lua_host_freeze(lua_State *L);
void lua_host_freeze_strict(lua_State *L, const char *what);
void lua_host_thaw(lua_State *L, int index);

/* Push an array of a table's keys as `pairs` orders them: integers ascending, then strings by
 * bytes. Other keys are errors. Views are looked through. */
void lua_host_push_keys(lua_State *L, int index);

/* The closest of the string keys of the plain table at `index`, for "did you mean"; len 0: none.
 * The view lives as long as the table. */
struct view lua_host_closest_key(lua_State *L, int index, struct view name);

/* The budget that all patterns of the host share, and its patterns, compiled once: the pattern's
 * keeper is pushed, it must stay on the stack while the pattern is used. Raises errors. */
struct regex_budget *lua_host_regex_budget(struct lua_host *host);
struct regex *lua_host_push_regex(lua_State *L, struct view pattern);

#endif
