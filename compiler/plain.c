#include "plain.h"

#include "check.h"

struct look {
    struct arena *scratch;
    struct diag_list diags; /* the first one ends it */
    struct check_order order;
};

bool plain_is_onbuild_directive(const struct instruction *inst)
{
    return inst->keyword == KEYWORD_ONBUILD && inst->sub != NULL &&
           view_starts(inst->sub->name, "@");
}

static bool look_at(void *context, const struct file *file, const struct unit *unit)
{
    struct look *look = context;
    if (unit->kind == UNIT_DIRECTIVE ||
        (unit->kind == UNIT_INSTRUCTION && plain_is_onbuild_directive(unit->inst)))
        return false;
    check_next(look->scratch, file, unit, look->diags.all.count > 0, &look->order, &look->diags);
    return look->diags.all.count == 0;
}

bool plain_check(struct arena *scratch, struct source *source)
{
    struct look look = {.scratch = scratch};
    diag_list_init(&look.diags, scratch);
    return parse_units(scratch, source, &look.diags, look_at, &look) && look.diags.all.count == 0;
}
