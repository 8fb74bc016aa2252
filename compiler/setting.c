#include "setting.h"

const struct setting *setting_find(const struct setting_scope *scope, struct view name)
{
    const struct setting *fixed = scope->fixed == NULL ? NULL : map_get(scope->fixed, name);
    if (fixed != NULL)
        return fixed;
    for (; scope != NULL; scope = scope->parent) {
        const struct setting *found = map_get(&scope->values, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

void setting_set(struct arena *arena, struct map *map, struct view name, struct view value,
                 struct span at)
{
    struct setting *setting = ARENA_NEW(arena, struct setting);
    *setting = (struct setting){value, at};
    map_set(arena, map, name, setting);
}
