/* Fixes of findings in directives (ctx:error with `fix`): words of the directive become others. */
#ifndef DFC_EXPAND_MEND_H
#define DFC_EXPAND_MEND_H

#include "expand.h"
#include "lua_api.h"

/* Write the directive with its fixes in its place. One that would not be read as a single directive
 * is reported. */
void expand_mend(struct expanded *expanded, size_t index, const struct style *style,
                 const struct expansion *e, struct diag_list *diags);

#endif
