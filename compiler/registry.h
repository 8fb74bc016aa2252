/*
 * The setting dfc.registry: the images of a Dockerfile that are Docker Hub's come from another
 * registry. Those of FROM, of COPY --from and of mounts, and the frontend of "# syntax=", which is
 * an image too. Only the name of the image changes, everything else stays as it is, byte for byte.
 */
#ifndef DFC_REGISTRY_H
#define DFC_REGISTRY_H

#include "parse.h"

/* Whether a file names an image that would have to come from the registry; notes tell of those
 * that only the build knows. */
bool registry_look(struct arena *arena, const struct file *file, struct view registry,
                   struct diag_list *diags);

/* The text of a Dockerfile with its images from the registry. Where BuildKit would read something
 * else out of it than that, an internal error is reported. */
struct view registry_apply(struct arena *arena, struct view text, struct view registry,
                           struct diag_list *diags);

#endif
