#include "mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MIN = 64 * 1024, ALIGNMENT = alignof(max_align_t) };

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
};

void arena_init(struct arena *arena, void (*fail)(void *context), void *context)
{
    *arena = (struct arena){.fail = fail, .fail_context = context};
}

void arena_release(struct arena *arena)
{
    while (arena->head != NULL) {
        struct arena_block *block = arena->head;
        arena->head = block->next;
        free(block);
    }
    arena->total = 0;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = arena->head;
    if (kept == NULL)
        return;
    arena->head = kept->next;
    arena_release(arena);
    kept->next = NULL;
    kept->used = 0;
    arena->head = kept;
    arena->total = sizeof(struct arena_block) + kept->size;
}

static void arena_fail(struct arena *arena)
{
    arena->fail(arena->fail_context);
    abort(); /* fail() returned, against its contract: going on would write to NULL */
}

static struct arena_block *arena_add_block(struct arena *arena, size_t size)
{
    size_t want = size > BLOCK_MIN ? size : BLOCK_MIN;
    size_t whole = sizeof(struct arena_block) + want;
    if (whole < want ||
        (arena->limit != 0 && (arena->total > arena->limit || whole > arena->limit - arena->total)))
        arena_fail(arena);
    struct arena_block *block = malloc(whole);
    if (block == NULL)
        arena_fail(arena);
    block->used = 0;
    block->size = want;
    arena->total += whole;
    /* A block made for one big object must not hide the room left in the current one. */
    if (size > BLOCK_MIN && arena->head != NULL) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        arena_fail(arena);
    size = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_block *block = arena->head;
    if (block == NULL || block->size - block->used < size)
        block = arena_add_block(arena, size);
    void *place = block->data + block->used;
    block->used += size;
    return place;
}

void *arena_zalloc(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        arena_fail(arena);
    return memset(arena_alloc(arena, count * size), 0, count * size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        arena_fail(arena);
    char *copy = arena_alloc(arena, length + 1);
    if (length != 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void *vec_reserve(struct arena *arena, void *items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    if (wanted <= count || wanted > SIZE_MAX / size)
        arena_fail(arena);
    void *grown = arena_alloc(arena, wanted * size);
    if (count != 0)
        memcpy(grown, items, count * size);
    *capacity = wanted;
    return grown;
}
