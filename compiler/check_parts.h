/* What the files of check.c share. Each function reports at most one error and gives false then. */
#ifndef DFC_CHECK_PARTS_H
#define DFC_CHECK_PARTS_H

#include "check.h"

struct check {
    struct arena *arena;
    const struct file *file;
    const struct instruction *inst;
    struct diag_list *diags;
};

/* The span of a part of the instruction: of `part` when it is a piece of the joined line (a word
 * that was not unquoted), otherwise of all arguments, or of the name when there are none. */
struct span check_span(const struct check *check, struct view part);

/* Flags "--name" and "--name=value". */
struct view flag_name(const struct flag *flag);
bool flag_has_value(const struct flag *flag);
struct view flag_value(const struct flag *flag);

/* The span of a flag's value, or of the whole flag when it was written with quotes or escapes. */
struct span flag_value_span(const struct check *check, const struct flag *flag);

/* The flag of that name, or NULL. */
const struct flag *flag_find(const struct instruction *inst, const char *name);

/* Known flags, at most once each, with values where they need one. */
bool check_flags(const struct check *check);

/* Values of RUN's flags, in BuildKit's order. */
bool check_run_flags(const struct check *check);

/* HEALTHCHECK. */
bool check_health(const struct check *check);

#endif
