/*
 * Small blocks of memory for a Lua state, which takes thousands of them and frees most at its end:
 * cut from chunks, and kept by size for the next one when they are given back. The chunks come from
 * the owner of the pool.
 */
#ifndef DFC_LUA_HOST_POOL_H
#define DFC_LUA_HOST_POOL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    POOL_BLOCK_MAX = 512, /* bytes */
    POOL_UNIT = 16,       /* sizes are rounded up to it, and blocks are aligned to it */
    POOL_CHUNK = 16 * 1024
};

struct pool_block {
    struct pool_block *next;
};

struct pool_chunk;

struct pool {
    size_t block_max; /* POOL_BLOCK_MAX; 0: no block comes from here */
    struct pool_block *unused[POOL_BLOCK_MAX / POOL_UNIT + 1]; /* by size in units */
    char *rest;                                                /* of the newest chunk */
    size_t rest_size;
    struct pool_chunk *chunks;
};

/* Whether blocks of that size come from the pool. */
static inline bool pool_has(const struct pool *pool, size_t size)
{
    return size > 0 && size <= pool->block_max;
}

static inline size_t pool_units(size_t size)
{
    return (size + POOL_UNIT - 1) / POOL_UNIT;
}

/* Whether a block of the one size can serve as one of the other as it is. */
static inline bool pool_is_alike(const struct pool *pool, size_t a, size_t b)
{
    return pool_has(pool, a) && pool_has(pool, b) && pool_units(a) == pool_units(b);
}

/* A block from the rest of the newest chunk; NULL: a chunk is needed first. */
void *pool_cut(struct pool *pool, size_t size);

/* A block; NULL as pool_cut. */
static inline void *pool_take(struct pool *pool, size_t size)
{
    struct pool_block **unused = &pool->unused[pool_units(size)], *block = *unused;
    if (block == NULL)
        return pool_cut(pool, size);
    *unused = block->next;
    return block;
}

/* Give back a block of this size or of a larger one. */
static inline void pool_give(struct pool *pool, void *place, size_t size)
{
    struct pool_block **unused = &pool->unused[pool_units(size)], *block = place;
    block->next = *unused;
    *unused = block;
}

/* Cut blocks from a chunk of POOL_CHUNK bytes. */
void pool_add_chunk(struct pool *pool, void *chunk);

/* Let the first `size` bytes of a block of the system, which has POOL_UNIT bytes more, be a block
 * of the pool. */
void pool_adopt(struct pool *pool, void *block, size_t size);

/* Take out what was added or adopted, to be freed; NULL: nothing is left. */
void *pool_remove_chunk(struct pool *pool);

#endif
