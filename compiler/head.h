/*
 * The parser directives at the head of a file: "# syntax=", "# escape=", "# check="
 * (moby/buildkit frontend/dockerfile/parser/directives.go).
 */
#ifndef DFC_HEAD_H
#define DFC_HEAD_H

#include "parse.h"

/*
 * Read one comment line (`text` begins with '#', at byte `at` of the source) as a parser
 * directive. True when it is one, a wrong one included; false ends the section of directives.
 * `*escape` is set by "# escape=".
 */
bool head_read_line(struct file *file, struct view text, size_t at, struct diag_list *diags);

/*
 * The frontend that BuildKit would run for the text, found as its DetectSyntax does: a "#!" line
 * is skipped, an indented directive does not count. ptr NULL: none.
 */
struct view head_detect_syntax(struct view text);

/*
 * Index of the first unit that is not of the file's head. Behind a "#!" line the parser counts no
 * directive any more, but the choice of a frontend does, and a comment would end that too.
 */
size_t head_unit_count(struct arena *arena, const struct file *file);

#endif
