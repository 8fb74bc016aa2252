/* What parts of the library other than dfc.c may know of a compilation. */
#ifndef DFC_PARTS_H
#define DFC_PARTS_H

#include "dfc.h"
#include "diag.h"

/* Let `look` see what was found. False: memory ran out, in the compilation or now. */
bool dfc_examine(struct dfc *dfc, void look(void *context, const struct diag_list *diags),
                 void *context);

#endif
