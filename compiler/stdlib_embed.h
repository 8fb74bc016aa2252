/* The standard library inside the program: stdlib/ *.lua, verbatim (made by compiler/embed.sh). */
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

#endif
