/* POSIX paths inside images and build contexts, as text: nothing here looks at a file. */
#ifndef DFC_PATH_H
#define DFC_PATH_H

#include "str.h"

/* The shortest equal path, as Go's path.Clean: no "//", no ".", ".." resolved; "" gives ".". */
struct view path_clean(struct arena *arena, struct view path);

/* The last component. */
struct view path_base(struct view path);

/* The path without its last component: "." when there is none. */
struct view path_directory(struct view path);

/* `path` as seen from `directory`; just `path` when it is absolute or the directory is ".". */
struct view path_join(struct arena *arena, struct view directory, struct view path);

/* The way from a directory to a path, such as "../b/c"; both cleaned, relative and without "..". */
struct view path_relative(struct arena *arena, struct view directory, struct view path);

/* Whether `path` is `directory` or lies below it; both cleaned. */
bool path_is_beneath(struct view path, struct view directory);

/* Whether a relative path, once cleaned, leaves the directory it is relative to. */
bool path_escapes(struct arena *arena, struct view path);

#endif
