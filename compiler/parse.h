/*
 * Text to units: the grammar of a Dockerfile as BuildKit's parser reads it
 * (moby/buildkit frontend/dockerfile/parser), without losing a byte.
 *
 * A file is a list of units that tile its text: the end of one is the beginning of the next.
 * Instructions keep their comments, blank lines and heredocs; nothing is re-rendered later, the
 * bytes of a unit are copied. Beside BuildKit's instructions there is one more kind of unit, the
 * directive: a logical line that begins with '@' where an instruction could begin. No valid
 * Dockerfile has one.
 */
#ifndef DFC_PARSE_H
#define DFC_PARSE_H

#include "diag.h"
#include "keyword.h"
#include "word.h"

enum unit_kind {
    UNIT_BLANK,            /* a line without anything */
    UNIT_COMMENT,          /* a comment line between instructions */
    UNIT_PARSER_DIRECTIVE, /* "# escape=`" while it still counts */
    UNIT_INSTRUCTION,
    UNIT_DIRECTIVE, /* "@name …" */
};

/*
 * A piece of the joined text of a logical line: byte `joined` of the line stands at byte `source`
 * of the file, and so on up to the next piece. Continuations, comments and blank lines inside an
 * instruction are what lies between the pieces.
 */
struct piece {
    size_t joined, source;
};

/* "--mount=type=cache,target=/x": the text is unquoted and unescaped, the span is as written. */
struct flag {
    struct view text;
    size_t begin, end; /* in the joined text */
};

struct heredoc {
    struct heredoc_word word;
    struct view body;      /* raw lines with their line ends, tabs not cut */
    size_t begin, end;     /* body in the source */
    size_t terminator_end; /* behind the terminator's line end */
};

struct instruction {
    enum keyword keyword;       /* KEYWORD_NONE: unknown name, or a directive */
    struct view name;           /* as written; of a directive without its '@' */
    struct view joined;         /* the logical line, joined, untrimmed */
    size_t name_at;             /* where the name begins in it (a directive's '@') */
    const struct piece *pieces; /* at least one */
    size_t piece_count;

    struct flag *flags;
    size_t flag_count;
    struct view args_raw; /* what follows name and flags, trimmed */
    size_t args_at;       /* where that begins in the joined text */
    struct view *args;    /* see grammar of the keyword; key/value pairs as key, value, "=" or "" */
    size_t arg_count;
    bool json; /* exec form: args are the strings of a JSON array */

    struct heredoc *heredocs;
    size_t heredoc_count;
    struct instruction *sub; /* the instruction after ONBUILD */
};

struct unit {
    enum unit_kind kind;
    size_t begin, end;        /* bytes of the source */
    size_t line, end_line;    /* first and last line, from 1 */
    struct instruction *inst; /* NULL unless instruction or directive */
};

/* The parser directives that stand at the head of a file. */
struct head {
    struct view syntax; /* value of "# syntax="; ptr NULL: none */
    size_t syntax_at;   /* its offset, when there is one */
    bool has_escape, has_check;
    size_t after_bom;  /* where the text begins */
    size_t body_begin; /* end of the last parser directive (of the BOM if there is none) */
};

struct file {
    struct source *source;
    char escape; /* '\\' or '`' */
    bool crlf;   /* the first line ends in CR LF */
    struct head head;
    struct unit *units;
    size_t unit_count, unit_capacity;
    bool has_directives; /* a UNIT_DIRECTIVE is among the units */
};

/*
 * Parse a source. Every mistake of the parse phase is reported to `diags` with a code, and parsing
 * goes on with the next instruction; the units always tile the source.
 */
struct file *parse_file(struct arena *arena, struct source *source, struct diag_list *diags);

/*
 * Parse a source without keeping it: `look` gets each unit as soon as it is read. What the unit is
 * made of lies in `scratch`, which is reset before the next one. Ends when `look` gives false;
 * true: all was read.
 */
typedef bool parse_look(void *context, const struct file *file, const struct unit *unit);
bool parse_units(struct arena *scratch, struct source *source, struct diag_list *diags,
                 parse_look *look, void *context);

/* The span in the source of bytes [begin, end) of the joined text. */
struct span instruction_span(const struct file *file, const struct instruction *inst, size_t begin,
                             size_t end);

/* Offset in the source of a byte of the joined text. */
size_t instruction_offset(const struct instruction *inst, size_t joined);

/* Span of an instruction's name (with a directive's '@'). */
struct span instruction_name_span(const struct file *file, const struct instruction *inst);

/* Whole span of a unit without its line end. */
struct span unit_span(const struct file *file, const struct unit *unit);

#endif
