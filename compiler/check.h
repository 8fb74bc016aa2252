/*
 * What BuildKit's second phase refuses (moby/buildkit frontend/dockerfile/instructions/parse.go):
 * unknown instructions and flags, wrong numbers of arguments, bad stage names, bad mounts …
 *
 * Codes used here, stable because users silence and search them:
 *   unknown-instruction unknown-flag duplicate-flag flag-value argument-count stage-name no-stage
 *   onbuild-trigger blank-name shell-form healthcheck mount heredoc-destination
 * and in parse.c:
 *   unterminated-heredoc no-instructions line-too-long json-strings missing-value missing-equals
 *   escape-value repeated-parser-directive
 */
#ifndef DFC_CHECK_H
#define DFC_CHECK_H

#include "parse.h"

/* Report all that is wrong in a file's instructions. Directives are left to the rules. */
void check_file(struct arena *arena, const struct file *file, struct diag_list *diags);

/* What is known of the units before one; zero at the start of a file. */
struct check_order {
    bool stage; /* one is open */
    bool told;  /* that none is */
};

/* The same for the next unit of a file; an instruction that parsing has reported is not checked. */
void check_next(struct arena *arena, const struct file *file, const struct unit *unit,
                bool has_parse_error, struct check_order *order, struct diag_list *diags);

/* Report what is wrong in one instruction of its own (no look at its neighbours). */
void check_instruction(struct arena *arena, const struct file *file, const struct instruction *inst,
                       struct diag_list *diags);

/* Report an instruction that stands before the first FROM. check_file does so, but behind a
 * directive, which may open a stage, only those know who expand it. */
void check_no_stage(struct arena *arena, const struct file *file, const struct instruction *inst,
                    struct diag_list *diags);

#endif
