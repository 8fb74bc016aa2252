/*
 * Bytes out: the units of the file, what was generated in their place, and the header; then the
 * proof that BuildKit will read it as it is meant.
 */
#ifndef DFC_EMIT_H
#define DFC_EMIT_H

#include "expand.h"

struct emit_options {
    const char *input_name; /* for the generated-by line: a base name, or "stdin" */
    bool no_header;         /* neither "# syntax=" nor the generated-by line */
    const char *syntax;     /* of --syntax: a reference, "none", or NULL */
};

/*
 * The Dockerfile for an expanded file. Nothing generated: the source itself, not copied. A result
 * that does not parse back to what was meant is reported as an internal error.
 */
struct view emit_file(struct arena *arena, const struct expanded *expanded,
                      const struct emit_options *options, struct diag_list *diags);

#endif
