/*
 * Memory of one compilation: an arena that only grows and is freed whole.
 *
 * Everything a compilation makes (text, tree, diagnostics, output) lives in one arena, so nothing
 * has to be freed on the way and an error can leave from any depth. When memory runs out, or the
 * arena's limit is reached, the arena calls its `fail` function, which must not return: the facade
 * jumps back to the start of the compilation (see dfc.c), the Lua host raises a Lua error.
 */
#ifndef DFC_MEM_H
#define DFC_MEM_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *head;
    size_t total; /* bytes taken from the system */
    size_t limit; /* most bytes to take from the system; 0: no limit */
    void (*fail)(void *context);
    void *fail_context;
};

/* Start an empty arena. `fail(context)` is called, and must not return, when memory runs out. */
void arena_init(struct arena *arena, void (*fail)(void *context), void *context);

/* Free all that was allocated. The arena may be used again afterwards. */
void arena_release(struct arena *arena);

/* Forget all that was allocated, but keep a block of memory for what comes next. */
void arena_reset(struct arena *arena);

/* `size` bytes, uninitialised, aligned for any object; never NULL, also for size 0. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` zeroed elements of `size` bytes; an overflowing product fails like exhausted memory. */
void *arena_zalloc(struct arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `length` bytes. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* One zeroed object of type T. */
#define ARENA_NEW(arena, T) ((T *)arena_zalloc((arena), 1, sizeof(T)))

/*
 * A growable array in an arena: any struct with the members `items`, `count` and `capacity`.
 * Growing copies, so pointers to elements do not survive VEC_PUSH.
 */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t count, capacity;                                                                    \
    }

/* Append `item`; evaluates to a pointer to its place. */
#define VEC_PUSH(arena, vec, ...)                                                                  \
    ((vec)->items = vec_reserve((arena), (vec)->items, &(vec)->capacity, (vec)->count,             \
                                sizeof(*(vec)->items)),                                            \
     (vec)->items[(vec)->count] = (__VA_ARGS__), &(vec)->items[(vec)->count++])

/* The array `items` with room for one more than `count` elements of `size` bytes. */
void *vec_reserve(struct arena *arena, void *items, size_t *capacity, size_t count, size_t size);

#endif
