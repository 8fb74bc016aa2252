/*
 * One logical line to name, flags and arguments
 * (moby/buildkit frontend/dockerfile/parser/{split_command,line_parsers}.go).
 */
#ifndef DFC_PARSE_ARGS_H
#define DFC_PARSE_ARGS_H

#include "parse.h"

struct args_reader {
    struct arena *arena;
    const struct file *file;
    struct diag_list *diags;
    struct instruction *outer; /* whose pieces tell where a byte of the text stands */
    int depth;                 /* ONBUILD inside ONBUILD */
};

/* Read bytes [begin, end) of the outer instruction's joined text as an instruction into `inst`
 * (the outer one, or the one after ONBUILD). */
void args_read_instruction(struct args_reader *reader, struct instruction *inst, size_t begin,
                           size_t end);

/* Read them as a directive: a name behind '@', the rest untouched. */
void args_read_directive(struct args_reader *reader, size_t begin, size_t end);

#endif
