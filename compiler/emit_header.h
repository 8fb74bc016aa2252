/* The first lines of a generated file: "# syntax=" and the generated-by line. */
#ifndef DFC_EMIT_HEADER_H
#define DFC_EMIT_HEADER_H

#include "emit.h"

struct header {
    struct view syntax_line; /* with its line end; "" for none */
    struct view banner;
    size_t syntax_before; /* index of the unit before which it stands */
    size_t banner_before;
};

/* Decide on both, and warn when the file's own "# syntax=" does not fit what was generated. */
void header_make(struct arena *arena, const struct expanded *expanded,
                 const struct emit_options *options, struct diag_list *diags,
                 struct header *header);

#endif
