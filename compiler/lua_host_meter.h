/*
 * What a Lua state takes: memory, counted by its allocator, and steps, counted by a hook. No
 * function of Lua can be interrupted by the hook, so every allocation counts as steps too, and so
 * does what C functions report by lua_host_charge.
 */
#ifndef DFC_LUA_HOST_METER_H
#define DFC_LUA_HOST_METER_H

#include "lua_host.h"
#include "lua_host_pool.h"

#include <time.h>

struct lua_meter {
    lua_State *L; /* NULL: there is no hook to set yet, or any more */
    struct lua_limits limits;
    void *state, *state_block; /* the state, when its place was chosen, and the block it lies in */
    size_t used;               /* bytes of Lua and PCRE2 */
    struct pool pool;          /* small blocks */
    size_t pooled;             /* bytes of its chunks */
    size_t longest, second;    /* bytes of the two longest strings so far */
    bool string_refused;       /* the last refusal was for the length of a string */
    long long call_left, run_left;
    bool timed;                 /* the running call is: */
    clock_t began;              /* when that began */
    long long pending;          /* work that is not yet taken from the two */
    int period;                 /* instructions from one look of the hook to the next */
    int fine_left;              /* looks to come at every single instruction */
    bool has_grown;             /* there was a large allocation since the last look */
    struct source *last_source; /* where Lua was seen last */
    int last_line;
};

/* Begin to count the instructions of a state. */
void lua_meter_start(struct lua_meter *meter, lua_State *L);

/* Look at each instruction from now on, whatever happens. */
void lua_meter_stop(struct lua_meter *meter);

/* A lua_Alloc with the meter as context. */
void *lua_meter_allocate(void *meter, void *block, size_t old_size, size_t size);

/* Give all memory back, once the state is closed. */
void lua_meter_release(struct lua_meter *meter);

/* Memory of PCRE2, for a regex_budget with the meter as context; its work is counted there. */
void *lua_meter_take(void *meter, size_t size);
void lua_meter_give(void *meter, void *place);

/* Count steps of a C function; an error when none are left. */
void lua_meter_charge(lua_State *L, struct lua_meter *meter, size_t steps);

#endif
