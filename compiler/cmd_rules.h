/* What `dfc rules`, `dfc explain` and `dfc mirrors` have in common. */
#ifndef DFC_CMD_RULES_H
#define DFC_CMD_RULES_H

#include "cmd_compile.h"

/* Write a description of the rules that are known here to standard output, diagnostics to standard
 * error. Gives the exit status. */
enum dfc_status rules_describe(struct compiling *compiling, enum dfc_description what,
                               const char *name);

#endif
