/* A map from text to a pointer, in insertion order; keys are not copied. */
#ifndef DFC_MAP_H
#define DFC_MAP_H

#include "str.h"

struct map_entry {
    struct view key;
    void *value;
};

struct map {
    struct map_entry *items; /* in the order in which keys were first set */
    size_t count, capacity;
    size_t *slots; /* open addressing: index + 1 into items; 0: free */
    size_t slot_count;
};

/* The entry of a key, or NULL. */
struct map_entry *map_find(const struct map *map, struct view key);

/* The value of a key, or NULL. */
void *map_get(const struct map *map, struct view key);

/* Set a key; an existing one keeps its place. */
void map_set(struct arena *arena, struct map *map, struct view key, void *value);

/* Forget all keys but the `count` that were set first. */
void map_truncate(struct map *map, size_t count);

/* A copy that grows independently. */
struct map map_copy(struct arena *arena, const struct map *map);

#endif
