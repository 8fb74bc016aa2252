/* Files of the build context that the result depends on: read by rules, or asked whether they are
 * there. For depfiles. */
#ifndef DFC_CONTEXT_FILES_H
#define DFC_CONTEXT_FILES_H

#include "map.h"

struct context_file {
    struct view path; /* clean, relative to the build context */
    bool exists;
};

struct context_files {
    struct context_file *items; /* in the order in which they were first asked for */
    size_t count, capacity;
    struct map by_path;
};

/* Take note of a file; of one that is known already nothing changes. */
void context_files_add(struct arena *arena, struct context_files *files, struct view path,
                       bool exists);

#endif
