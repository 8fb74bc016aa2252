/* The walk over a file: facts are gathered from its instructions, directives become nodes. */
#ifndef DFC_EXPAND_H
#define DFC_EXPAND_H

#include "chunk.h"
#include "context_files.h"
#include "dfc.h"
#include "setting.h"

/* What becomes of one unit. All NULL: its bytes are copied. */
struct unit_output {
    struct chunk *before;  /* set-up and the directive as a comment */
    struct chunk *instead; /* of a directive; empty for a core word */
    struct chunk *after;   /* "ARG TARGETARCH" */
};

struct expanded {
    const struct file *file;
    struct unit_output *units; /* one for each of the file's */
    int needed_frontend;       /* N of docker/dockerfile:1.N that the result needs; 0: any */
    const char *needed_feature;
    bool no_syntax;     /* the builder takes no "# syntax=" */
    struct view syntax; /* the setting dfc.syntax; "" when it is not set */
    struct span syntax_at;
    struct view registry; /* the setting dfc.registry; "" when Docker Hub's images stay there */
    struct context_files context_files; /* what rules have read or asked for */
};

/* Take note of the frontend that a node needs. */
void expanded_need(struct expanded *expanded, const struct node *node);

/*
 * Expand all directives of a file. Findings go to `diags`; the result makes sense only when there
 * is no error among them. `fixed` holds what the command line says of settings. While it works,
 * `*api` holds what has to be freed if it never returns.
 */
struct api;

struct expanded expand_file(struct arena *arena, const struct file *file,
                            const struct dfc_config *config, const struct map *fixed,
                            struct diag_list *diags, struct api **api);

/* Free the rules that expand_file left in `*api` when memory ran out in it. */
void expand_abandon(struct api **api);

#endif
