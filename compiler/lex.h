/*
 * Bytes to logical lines: physical lines, comments, continuations
 * (moby/buildkit frontend/dockerfile/parser/parser.go: Parse, trimContinuationCharacter).
 */
#ifndef DFC_LEX_H
#define DFC_LEX_H

#include "parse.h"

/* Most bytes of a physical line, its LF included (bufio.MaxScanTokenSize). */
enum { LEX_LINE_MAX = 65536 };

struct lexer {
    struct arena *arena;
    struct view text;
    size_t at;   /* next byte to read */
    size_t line; /* number of physical lines read so far */
    size_t last; /* where the last of them begins */
    char escape;
    bool too_long; /* reading stopped at `at`: the next line is over the limit */
};

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_CODE };

/* A logical line, continuations joined: what an instruction or a directive is made from. */
struct logical_line {
    enum line_kind kind;
    size_t begin, end, line, end_line;
    struct view joined;
    struct piece *pieces;
    size_t piece_count;
    bool blank_inside; /* a blank line stands inside a continuation */
};

/* Read the next physical line, its line end included; false at the end or before a line that is
 * too long. */
bool lex_physical(struct lexer *lexer, struct view *line);

/* Read the next logical line. False as lex_physical. */
bool lex_logical(struct lexer *lexer, struct logical_line *line);

/* `line` without all CR and LF at its end. */
struct view lex_cut_line_end(struct view line);

#endif
