#include "context_files.h"

void context_files_add(struct arena *arena, struct context_files *files, struct view path,
                       bool exists)
{
    if (map_find(&files->by_path, path) != NULL)
        return;
    struct context_file file = {view_copy(arena, path), exists};
    VEC_PUSH(arena, files, file);
    map_set(arena, &files->by_path, file.path, files); /* the value is of no interest */
}
