#include "setting.h"

/* Settings of dfc itself; others with a dot belong to a directive ("pip.sharing"). */
static const char *const known[] = {"dfc.auto",      "dfc.base",     "dfc.builder",
                                    "dfc.footprint", "dfc.mirror",   "dfc.mirror-arg",
                                    "dfc.project",   "dfc.registry", "dfc.syntax"};

enum { KNOWN_COUNT = sizeof(known) / sizeof(known[0]) };

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

void setting_add(struct arena *arena, struct map *map, struct view name, struct setting setting)
{
    struct setting *kept = ARENA_NEW(arena, struct setting);
    *kept = setting;
    map_set(arena, map, name, kept);
}

void setting_set(struct arena *arena, struct map *map, struct view name, struct view value,
                 struct span at)
{
    setting_add(arena, map, name, (struct setting){value, at, SETTING_OF_FILE, NULL});
}

bool setting_is_known(struct view name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (view_is(name, known[i]))
            return true;
    return false;
}

/* "mirror" and "dfc.miror" both mean "dfc.mirror". */
static struct view closest(struct arena *arena, struct view name)
{
    struct view names[KNOWN_COUNT];
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        names[i] = view_of(known[i]);
    struct view full = view_format(arena, "dfc.%.*s", VIEW_ARG(name));
    return diag_closest(view_find(name, '.', 0) < name.len ? name : full, names, KNOWN_COUNT);
}

void setting_report_unknown(struct diag_list *diags, struct view name, struct span at)
{
    struct diag *diag = diag_add(diags, DIAG_ERROR, "unknown-setting", at,
                                 "there is no setting '%.*s'", VIEW_ARG(name));
    struct view close = closest(diags->arena, name);
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
}
