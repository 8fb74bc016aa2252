/*
 * Compile-time settings and variables: "@set NAME = VALUE", -D, the options of the command line,
 * the environment, configuration files. Settings have a dot in their name (dfc.mirror,
 * pip.sharing); names without one are the user's.
 */
#ifndef DFC_SETTING_H
#define DFC_SETTING_H

#include "diag.h"
#include "map.h"
#include "source.h"

/* Who has said it, in order of precedence. */
enum setting_origin {
    SETTING_OF_USER,        /* the user's config.lua */
    SETTING_OF_PROJECT,     /* the project's dfc.lua */
    SETTING_OF_ENVIRONMENT, /* a variable DFC_… */
    SETTING_OF_FILE,        /* @set and its like */
    SETTING_OF_OPTION,      /* the command line */
};

struct setting {
    struct view value;
    struct span at; /* where it was set; source NULL: in no file */
    enum setting_origin origin;
    const char *from; /* without a file: "DFC_MIRROR", "--mirror", "-D" */
};

/* A scope looks in itself, then in its parent: stage → file → surroundings. What the command line
 * says is kept apart, since it wins over all. */
struct setting_scope {
    struct map values; /* struct setting */
    struct setting_scope *parent;
    const struct map *fixed;
};

/* The value of a name, or NULL. */
const struct setting *setting_find(const struct setting_scope *scope, struct view name);

/* Set a name in a file. */
void setting_set(struct arena *arena, struct map *map, struct view name, struct view value,
                 struct span at);

/* Set a name from anywhere. */
void setting_add(struct arena *arena, struct map *map, struct view name, struct setting setting);

/* Whether dfc has a setting of its own of that name. */
bool setting_is_known(struct view name);

/* Report that dfc has no such setting, with the one that is meant. */
void setting_report_unknown(struct diag_list *diags, struct view name, struct span at);

#endif
