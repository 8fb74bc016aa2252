#include "lua_host_meter.h"

#include "lua_sandbox.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOOK_PERIOD = 1000,       /* instructions between two looks at the budgets */
    FINE_HOOKS = 64,          /* looks at every instruction after a large allocation */
    LARGE_BLOCK = 64 * 1024,  /* bytes from which an allocation is a large one */
    BYTES_PER_STEP = 8,       /* allocated bytes that count as one instruction */
    CALLS_MAX = 10000,        /* nested calls of Lua functions, roughly */
    VARARGS_MAX = 500,        /* values of "...", roughly */
    NEAR_CALLS = 32,          /* innermost calls that each look considers */
    STRING_OVERHEAD = 64,     /* bytes of a string object beside its text, at most */
    STRING_WEIGHT = 8 * 1024, /* bytes of a long string that make a step count once more */
    CHARGE_MAX = 1 << 30,     /* steps that are more than any budget, and safe to add up */
    SHIFT = 64                /* bytes; addresses are chosen modulo (LUA_HOST_SHIFTS + 1) of them */
};

/* ---- memory ----------------------------------------------------------------------------------*/

static void *system_realloc(struct lua_meter *meter, void *place, size_t size)
{
    if (size == 0 && place == NULL)
        return NULL;
    if (meter->limits.realloc != NULL)
        return meter->limits.realloc(meter->limits.realloc_context, place, size);
    if (size != 0)
        return realloc(place, size);
    free(place);
    return NULL;
}

static void count_hook(lua_State *L, lua_Debug *ar);

/* lua_sethook may be called at any time, from an allocation too: it is made for signal handlers. */
static void set_period(struct lua_meter *meter, int period)
{
    if (meter->L == NULL)
        return;
    meter->period = period;
    lua_sethook(meter->L, count_hook, LUA_MASKCOUNT, period);
}

/*
 * Count work that is not VM instructions. Much of it makes the hook look at once; setting the hook
 * forgets the instructions it has counted, so they count as a whole period.
 */
static void add_work(struct lua_meter *meter, size_t bytes)
{
    meter->pending += (long long)(bytes / BYTES_PER_STEP);
    if (bytes < LARGE_BLOCK)
        return;
    meter->has_grown = true;
    meter->fine_left = FINE_HOOKS;
    if (meter->period > 1) {
        meter->pending += meter->period;
        set_period(meter, 1);
    }
}

/* Whether `bytes` more may be taken. After a refusal Lua collects all garbage and asks again, which
 * takes time in proportion to what is in use. */
static bool may_take(struct lua_meter *meter, size_t bytes)
{
    if (bytes <= meter->limits.memory && meter->used <= meter->limits.memory - bytes)
        return true;
    add_work(meter, meter->used);
    return false;
}

/* What is asked from the system for a block that is none of the pool's: when it shrinks to one of
 * them and there is no room for that, it is adopted. */
static size_t system_size(size_t size)
{
    return size < POOL_BLOCK_MAX + POOL_UNIT ? POOL_BLOCK_MAX + POOL_UNIT : size;
}

/* A block of the pool. Its chunks may take twice the limit: what is in use is counted beside. */
static void *take_pooled(struct lua_meter *meter, size_t size)
{
    void *place = pool_take(&meter->pool, size);
    if (place != NULL)
        return place;
    if (meter->pooled / 2 > meter->limits.memory)
        return NULL;
    void *chunk = system_realloc(meter, NULL, POOL_CHUNK);
    if (chunk == NULL)
        return NULL;
    meter->pooled += POOL_CHUNK;
    pool_add_chunk(&meter->pool, chunk);
    return pool_take(&meter->pool, size);
}

static void *take(struct lua_meter *meter, size_t size)
{
    return pool_has(&meter->pool, size) ? take_pooled(meter, size)
                                        : system_realloc(meter, NULL, system_size(size));
}

static void give(struct lua_meter *meter, void *block, size_t size)
{
    if (pool_has(&meter->pool, size))
        pool_give(&meter->pool, block, size);
    else
        system_realloc(meter, block, 0);
}

/* The block with another size; NULL: there is no memory, and the block is still there. */
static void *change(struct lua_meter *meter, void *block, size_t old, size_t size)
{
    if (pool_is_alike(&meter->pool, old, size))
        return block;
    if (!pool_has(&meter->pool, old) && !pool_has(&meter->pool, size))
        return system_realloc(meter, block, system_size(size));
    void *place = take(meter, size);
    if (place == NULL)
        return NULL;
    memcpy(place, block, old < size ? old : size);
    give(meter, block, old);
    return place;
}

/* Lua relies on it that a block can be made smaller. */
static void *shrink_in_place(struct lua_meter *meter, void *block, size_t old, size_t size)
{
    if (pool_has(&meter->pool, size) && !pool_has(&meter->pool, old))
        pool_adopt(&meter->pool, block, size);
    return block;
}

static void *resize(struct lua_meter *meter, void *block, size_t old, size_t size)
{
    void *place = NULL;
    if (size > old && !may_take(meter, size - old))
        return NULL;
    if (size == 0 && block != NULL)
        give(meter, block, old);
    else if (size > 0)
        place = block == NULL ? take(meter, size) : change(meter, block, old, size);
    if (place == NULL && size > old)
        return NULL;
    if (place == NULL && size > 0)
        place = shrink_in_place(meter, block, old, size);
    meter->used = meter->used - old + size;
    return place;
}

void lua_meter_release(struct lua_meter *meter)
{
    void *chunk;
    while ((chunk = pool_remove_chunk(&meter->pool)) != NULL)
        system_realloc(meter, chunk, 0);
    meter->pool = (struct pool){.block_max = 0};
}

static bool may_be_string(struct lua_meter *meter, size_t bytes)
{
    meter->string_refused = bytes > LUA_HOST_STRING_MAX + STRING_OVERHEAD;
    if (meter->string_refused)
        return false;
    if (bytes > meter->longest) {
        meter->second = meter->longest;
        meter->longest = bytes;
    } else if (bytes > meter->second) {
        meter->second = bytes;
    }
    return true;
}

/* The state itself, Lua's first block: it is never made larger, and freed last. */
static void *place_state(struct lua_meter *meter, size_t size)
{
    uintptr_t period = (LUA_HOST_SHIFTS + 1) * SHIFT;
    char *block = resize(meter, NULL, 0, size + 2 * period);
    if (block == NULL)
        return NULL;
    uintptr_t begin = (uintptr_t)block % period;
    meter->state_block = block;
    meter->state = block + (period - begin) + meter->limits.shift * SHIFT;
    return meter->state;
}

static void free_state(struct lua_meter *meter, size_t size)
{
    resize(meter, meter->state_block, size + 2 * (LUA_HOST_SHIFTS + 1) * SHIFT, 0);
    meter->state = NULL;
}

/* What two calls of three want is a small block, or to be rid of one. NULL: it is not as simple. */
static void *take_small(struct lua_meter *meter, size_t size)
{
    if (!pool_has(&meter->pool, size) || meter->used + size > meter->limits.memory)
        return NULL;
    void *place = pool_take(&meter->pool, size);
    if (place == NULL)
        return NULL;
    meter->used += size;
    meter->pending += (long long)(size / BYTES_PER_STEP);
    meter->string_refused = false;
    return place;
}

static bool give_small(struct lua_meter *meter, void *block, size_t size)
{
    if (!pool_has(&meter->pool, size))
        return false;
    pool_give(&meter->pool, block, size);
    meter->used -= size;
    return true;
}

void *lua_meter_allocate(void *context, void *block, size_t old_size, size_t size)
{
    struct lua_meter *meter = context;
    void *small = block == NULL ? take_small(meter, size) : NULL;
    if (small != NULL || (size == 0 && block != NULL && give_small(meter, block, old_size)))
        return small;
    size_t old = block == NULL ? 0 : old_size;
    if (meter->limits.shift > 0 && meter->state == NULL && old_size == LUA_TTHREAD)
        return place_state(meter, size);
    if (block != NULL && block == meter->state) {
        free_state(meter, old);
        return NULL;
    }
    /* Manual, lua_Alloc: without a block the old size is the kind of the new object. */
    if (block == NULL && old_size == LUA_TSTRING && !may_be_string(meter, size))
        return NULL;
    void *place = resize(meter, block, old, size);
    if (place != NULL && size > old)
        add_work(meter, size - old);
    return place;
}

/* PCRE2 frees without a size. */
union sized_block {
    size_t size;
    max_align_t alignment;
};

void *lua_meter_take(void *context, size_t size)
{
    struct lua_meter *meter = context;
    if (size > SIZE_MAX - sizeof(union sized_block))
        return NULL;
    size += sizeof(union sized_block);
    union sized_block *block = resize(meter, NULL, 0, size);
    if (block == NULL && meter->L != NULL) { /* unused patterns may be in the way */
        lua_gc(meter->L, LUA_GCCOLLECT, 0);
        block = resize(meter, NULL, 0, size);
    }
    if (block == NULL)
        return NULL;
    block->size = size;
    return block + 1;
}

void lua_meter_give(void *context, void *place)
{
    union sized_block *block = (union sized_block *)place - 1;
    resize(context, block, block->size, 0);
}

/* ---- steps -----------------------------------------------------------------------------------*/

static void take_work(lua_State *L, struct lua_meter *meter, long long steps)
{
    meter->call_left -= steps + meter->pending;
    meter->run_left -= steps + meter->pending;
    meter->pending = 0;
    if (lua_host_is_dead(lua_host_of(L)))
        lua_host_stop(L);
    if (meter->call_left < 0)
        lua_host_limit(L, "too many steps: a call may take %lld", meter->limits.call_steps);
    if (meter->run_left < 0)
        lua_host_limit(L, "too many steps: all rules of a run may take %lld",
                       meter->limits.run_steps);
}

/*
 * An instruction that compares two long strings takes as long as the shorter of them is, and no
 * hook sees it. So each step counts more once there have been two long strings.
 */
static long long step_weight(const struct lua_meter *meter)
{
    return 1 + (long long)(meter->second / STRING_WEIGHT);
}

/*
 * The weight knows nothing of a long string that is compared with itself. Time is not the same in
 * each run, so it is asked for only where there are long strings, and no rule that does something
 * with them takes half a second.
 */
static void check_time(lua_State *L, struct lua_meter *meter)
{
    clock_t now = clock();
    if (!meter->timed)
        meter->began = now;
    meter->timed = true;
    if ((now - meter->began) / (CLOCKS_PER_SEC / 1000) > meter->limits.call_milliseconds)
        lua_host_limit(L, "too many steps: a call may take %lld", meter->limits.call_steps);
}

/* Refuse "..." with many values, which each call copies, and a recursion without an end. */
static void check_calls(lua_State *L, bool has_grown)
{
    lua_Debug ar;
    for (int level = 0; level < NEAR_CALLS && lua_getstack(L, level, &ar) != 0; level++)
        if (lua_getlocal(L, &ar, -VARARGS_MAX) != NULL)
            lua_host_limit(L, "too many arguments: more than %d", VARARGS_MAX);
    /* The stack grows by doubling, so a deep one is seen here before it has taken all memory. */
    if (has_grown && lua_getstack(L, CALLS_MAX, &ar) != 0)
        lua_host_limit(L, "stack overflow: more than %d nested calls", CALLS_MAX);
}

static void count_hook(lua_State *L, lua_Debug *ar)
{
    struct lua_meter *meter = lua_host_meter(L);
    if (lua_getinfo(L, "Sl", ar) != 0 && ar->currentline > 0) {
        meter->last_source = lua_host_chunk(lua_host_of(L), ar->source);
        meter->last_line = ar->currentline;
    }
    take_work(L, meter, meter->period * step_weight(meter));
    if (meter->longest > STRING_WEIGHT && meter->limits.call_milliseconds > 0)
        check_time(L, meter);
    check_calls(L, meter->has_grown);
    meter->has_grown = false;
    if (meter->period == 1 && --meter->fine_left <= 0)
        set_period(meter, HOOK_PERIOD);
}

void lua_meter_start(struct lua_meter *meter, lua_State *L)
{
    meter->L = L;
    set_period(meter, HOOK_PERIOD);
}

void lua_meter_stop(struct lua_meter *meter)
{
    set_period(meter, 1);
}

void lua_meter_charge(lua_State *L, struct lua_meter *meter, size_t steps)
{
    long long left = meter->call_left < meter->run_left ? meter->call_left : meter->run_left;
    meter->pending += (long long)(steps < CHARGE_MAX ? steps : CHARGE_MAX);
    if (meter->pending > left || lua_host_is_dead(lua_host_of(L)))
        take_work(L, meter, 0);
}
