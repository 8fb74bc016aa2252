/*
 * Compile-time settings and variables: "@set NAME = VALUE", -D, the options of the command line.
 * Settings have a dot in their name (dfc.mirror, pip.sharing); names without one are the user's.
 */
#ifndef DFC_SETTING_H
#define DFC_SETTING_H

#include "map.h"
#include "source.h"

struct setting {
    struct view value;
    struct span at; /* where it was set; source NULL: on the command line */
};

/* A scope looks in itself, then in its parent: stage → file. What the command line says is kept
 * apart, since it wins over both. */
struct setting_scope {
    struct map values; /* struct setting */
    struct setting_scope *parent;
    const struct map *fixed;
};

/* The value of a name, or NULL. */
const struct setting *setting_find(const struct setting_scope *scope, struct view name);

void setting_set(struct arena *arena, struct map *map, struct view name, struct view value,
                 struct span at);

#endif
