#include "lua_host_pool.h"

struct pool_chunk {
    struct pool_chunk *next;
    void *begin; /* what the system gave */
};

_Static_assert(sizeof(struct pool_chunk) <= POOL_UNIT, "a unit has room for it");

void *pool_cut(struct pool *pool, size_t size)
{
    size = pool_units(size) * POOL_UNIT;
    if (size > pool->rest_size)
        return NULL;
    char *place = pool->rest;
    pool->rest += size;
    pool->rest_size -= size;
    return place;
}

static void remember(struct pool *pool, void *begin, void *place)
{
    struct pool_chunk *chunk = place;
    *chunk = (struct pool_chunk){pool->chunks, begin};
    pool->chunks = chunk;
}

void pool_add_chunk(struct pool *pool, void *chunk)
{
    if (pool->rest_size > 0) /* too little for what was asked for */
        pool_give(pool, pool->rest, pool->rest_size);
    remember(pool, chunk, chunk);
    pool->rest = (char *)chunk + POOL_UNIT;
    pool->rest_size = POOL_CHUNK - POOL_UNIT;
}

void pool_adopt(struct pool *pool, void *block, size_t size)
{
    remember(pool, block, (char *)block + pool_units(size) * POOL_UNIT);
}

void *pool_remove_chunk(struct pool *pool)
{
    struct pool_chunk *chunk = pool->chunks;
    if (chunk == NULL)
        return NULL;
    void *begin = chunk->begin;
    pool->chunks = chunk->next;
    return begin;
}
