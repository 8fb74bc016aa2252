/*
 * Caches that a tool reads in place (go modules, ~/.m2): what is in them is not in the image, so a
 * later RUN, CMD or ENTRYPOINT of the stage that starts the tool finds it only with the mount. That
 * is said in a note, since to fetch all again may be what is meant.
 */
#ifndef DFC_IN_PLACE_H
#define DFC_IN_PLACE_H

#include "directive.h"
#include "node.h"
#include "stage.h"

/* Remember the in-place caches that a directive has mounted in the stage. */
void in_place_add(struct arena *arena, struct stage *stage, const struct directive *directive,
                  const struct node_list *nodes);

/* Look at a plain instruction, which has become `now` (the same, or what rewrites have made of it):
 * does it use one of the tools without the mount? */
void in_place_check(const struct file *file, size_t unit, const struct instruction *now,
                    const struct stage *stage, struct diag_list *diags);

#endif
