#include "map.h"

#include <string.h>

/* FNV-1a; the table is rebuilt for every compilation and its order never shows, so a seed against
 * chosen keys would buy nothing but a second run with other timings. */
static size_t hash(struct view key)
{
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.ptr[i]) * 1099511628211U;
    return (size_t)(h ^ h >> 32);
}

static size_t *find_slot(const struct map *map, struct view key)
{
    size_t mask = map->slot_count - 1;
    for (size_t at = hash(key) & mask;; at = (at + 1) & mask) {
        size_t index = map->slots[at];
        if (index == 0 || view_equal(map->items[index - 1].key, key))
            return &map->slots[at];
    }
}

struct map_entry *map_find(const struct map *map, struct view key)
{
    if (map->slot_count == 0)
        return NULL;
    size_t index = *find_slot(map, key);
    return index == 0 ? NULL : &map->items[index - 1];
}

void *map_get(const struct map *map, struct view key)
{
    struct map_entry *entry = map_find(map, key);
    return entry == NULL ? NULL : entry->value;
}

static void map_grow(struct arena *arena, struct map *map)
{
    map->slot_count = map->slot_count == 0 ? 16 : map->slot_count * 2;
    map->slots = arena_zalloc(arena, map->slot_count, sizeof(size_t));
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->items[i].key) = i + 1;
}

void map_set(struct arena *arena, struct map *map, struct view key, void *value)
{
    if (map->count * 2 >= map->slot_count)
        map_grow(arena, map);
    size_t *slot = find_slot(map, key);
    if (*slot != 0) {
        map->items[*slot - 1].value = value;
        return;
    }
    VEC_PUSH(arena, map, (struct map_entry){key, value});
    *slot = map->count;
}

void map_truncate(struct map *map, size_t count)
{
    if (map->count <= count)
        return;
    map->count = count;
    memset(map->slots, 0, map->slot_count * sizeof(*map->slots));
    for (size_t i = 0; i < count; i++)
        *find_slot(map, map->items[i].key) = i + 1;
}

struct map map_copy(struct arena *arena, const struct map *map)
{
    struct map copy = {0};
    for (size_t i = 0; i < map->count; i++)
        map_set(arena, &copy, map->items[i].key, map->items[i].value);
    return copy;
}
