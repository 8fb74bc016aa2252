/* The stages that rules have asked for with ctx:stage: written before the first FROM. */
#ifndef DFC_EXPAND_HELPERS_H
#define DFC_EXPAND_HELPERS_H

#include "builder.h"
#include "expand.h"
#include "lua_api.h"

/*
 * Write the helper stages behind the global ARGs and before what stands above the first FROM, so
 * that comments there stay with it. An instruction that takes from a stage by its number is
 * reported, since the numbers would change.
 */
void helpers_place(struct expanded *expanded, const struct style *style,
                   const struct helper_stages *helpers, enum builder builder,
                   struct diag_list *diags);

#endif
