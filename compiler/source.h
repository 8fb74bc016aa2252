/* Loaded text, and the way from a byte in it to a line and a column. */
#ifndef DFC_SOURCE_H
#define DFC_SOURCE_H

#include "str.h"

/* One text that was read: the input, an included file, a rule file. */
struct source {
    const char *name; /* as diagnostics show it */
    struct view text; /* every byte of the file, a byte order mark included */
    size_t *lines;    /* offset of each line's first byte; made by the first question */
    size_t line_count;
    bool trusted; /* it came with the program: what it holds needs no check */
    struct arena *arena;
};

/* A range of bytes in a source. An empty span points between two bytes. */
struct span {
    struct source *source;
    size_t begin, end;
};

/* Line and column, both from 1. A column counts characters, as editors do; a byte order mark at
 * the start of the file counts as none. */
struct position {
    size_t line, column;
};

/* `name` and `text` must live as long as the arena. */
struct source *source_new(struct arena *arena, const char *name, struct view text);

struct position source_position(struct source *source, size_t offset);

/* The text of a line (from 1) without its line end; empty when there is no such line. */
struct view source_line(struct source *source, size_t line);

/* Offset of the first byte of a line (from 1); the text's length when there is no such line. */
size_t source_line_start(struct source *source, size_t line);

#endif
