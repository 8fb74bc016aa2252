/*
 * Generated text, and what it means: each chunk carries the instructions that BuildKit has to read
 * out of it, so that the output can be held against the intention before it is given away.
 */
#ifndef DFC_CHUNK_H
#define DFC_CHUNK_H

#include "node.h"

/* An instruction as it must come out of the parser again. */
struct meant {
    enum keyword keyword;
    struct view args;               /* args_raw */
    struct name_list flags;         /* as BuildKit reads them */
    struct view body;               /* of its heredoc; ptr NULL: it has none */
    bool json;                      /* its arguments are a JSON array */
    const struct instruction *same; /* or: it is this one again, all else is unset */
};

struct chunk {
    struct str text;
    VEC(struct meant) meants;
};

/* How generated text is written. */
struct style {
    struct arena *arena;
    const char *newline; /* of the file: "\n" or "\r\n" */
    char escape;
};

struct chunk *chunk_new(const struct style *style);

/* Append the instruction that a node stands for. */
void chunk_add_node(struct chunk *chunk, const struct style *style, const struct node *node);

/* Append the text of an instruction, as it stands, that must be read as `meant` says. */
void chunk_add_plain(struct chunk *chunk, const struct style *style, struct view text,
                     const struct instruction *meant);

/* Append "ARG NAME". */
void chunk_add_arg(struct chunk *chunk, const struct style *style, struct view name);

/* Append "FROM IMAGE AS NAME". */
void chunk_add_from(struct chunk *chunk, const struct style *style, struct view image,
                    struct view name);

/* The first instruction of a chunk, or KEYWORD_NONE. */
enum keyword chunk_first_keyword(const struct chunk *chunk);

/*
 * Parse instructions that a rule gives as text (NODE_RAW), with the escape character of the file
 * they are for. Findings go to `diags`, at lines of the text counted from 1 + CHUNK_PARSE_LINES.
 */
enum { CHUNK_PARSE_LINES = 2 };
const struct file *chunk_parse(struct arena *arena, struct view text, char escape,
                               struct diag_list *diags);

/* Append `text`, which may have several lines, as comment lines. */
void chunk_add_comment(struct chunk *chunk, const struct style *style, struct view text);

/* The newest feature of the frontend that a node needs: 0 none, else N of docker/dockerfile:1.N
 * with the name of the feature in `*name`. Sources: the table of versions in BuildKit's
 * frontend/dockerfile/docs/reference.md. */
int node_needed_frontend(const struct node *node, const char **name);

#endif
