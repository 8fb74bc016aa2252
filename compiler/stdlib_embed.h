/* The standard library inside the program: stdlib/ *.lua, verbatim, and an index of what the files
 * declare, so that one is read only when it is needed (made by compiler/embed.sh). */
#ifndef DFC_STDLIB_EMBED_H
#define DFC_STDLIB_EMBED_H

#include <stddef.h>

struct stdlib_file {
    const char *name; /* "apt.lua" */
    const char *text;
    size_t length;
};

extern const struct stdlib_file stdlib_files[]; /* sorted by name, tests (*_test.lua) left out */
extern const size_t stdlib_file_count;

enum stdlib_kind { STDLIB_DIRECTIVE, STDLIB_CACHE, STDLIB_REWRITE, STDLIB_IMAGE, STDLIB_KINDS };

struct stdlib_name {
    const char *text;
    size_t length;
    size_t file; /* number of the file that declares it; of several the last */
};

struct stdlib_index {
    const struct stdlib_name *names; /* sorted by bytes, none twice */
    size_t count;
};

extern const struct stdlib_index stdlib_indexes[STDLIB_KINDS];

#endif
