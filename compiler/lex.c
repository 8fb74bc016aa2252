#include "lex.h"

#include "utf8.h"

#include <string.h>

bool lex_physical(struct lexer *lexer, struct view *line)
{
    size_t left = lexer->text.len - lexer->at;
    if (left == 0 || lexer->too_long)
        return false;
    size_t newline = view_find(lexer->text, '\n', lexer->at);
    size_t end = newline == lexer->text.len ? newline : newline + 1;
    size_t length = end - lexer->at;
    bool open = newline == lexer->text.len;
    if (length > LEX_LINE_MAX || (open && length >= LEX_LINE_MAX)) {
        lexer->too_long = true;
        return false;
    }
    *line = view_slice(lexer->text, lexer->at, end);
    lexer->last = lexer->at;
    lexer->at = end;
    lexer->line++;
    return true;
}

struct view lex_cut_line_end(struct view line)
{
    while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        line.len--;
    return line;
}

/*
 * Cut the escape character that continues the line, with the blanks behind it. A doubled escape
 * character does not continue, nor does a tripled one: the one before the last must be another.
 */
static bool cut_continuation(struct view *line, char escape)
{
    size_t end = line->len;
    while (end > 0 && (line->ptr[end - 1] == ' ' || line->ptr[end - 1] == '\t'))
        end--;
    if (end == 0 || line->ptr[end - 1] != escape || (end > 1 && line->ptr[end - 2] == escape))
        return false;
    line->len = end - 1;
    return true;
}

static bool is_comment(struct view line)
{
    struct view text = utf8_trim_start(line);
    return text.len > 0 && text.ptr[0] == '#';
}

struct joint {
    VEC(struct piece) pieces;
    VEC(struct view) texts;
    size_t length;
};

static void joint_add(struct lexer *lexer, struct joint *joint, struct view text)
{
    size_t source = (size_t)(text.ptr - lexer->text.ptr);
    VEC_PUSH(lexer->arena, &joint->pieces, (struct piece){joint->length, source});
    VEC_PUSH(lexer->arena, &joint->texts, text);
    joint->length += text.len;
}

/* A line alone is a view of the source; several are copied together. */
static void joint_finish(struct lexer *lexer, struct joint *joint, struct logical_line *line)
{
    line->pieces = joint->pieces.items;
    line->piece_count = joint->pieces.count;
    line->joined = joint->texts.items[0];
    if (joint->texts.count == 1)
        return;
    char *text = arena_alloc(lexer->arena, joint->length + 1);
    size_t at = 0;
    for (size_t i = 0; i < joint->texts.count; i++) {
        struct view part = joint->texts.items[i];
        memcpy(text + at, part.ptr, part.len);
        at += part.len;
    }
    text[at] = '\0';
    line->joined = (struct view){text, at};
}

static void lex_continued(struct lexer *lexer, struct view first, struct logical_line *line)
{
    struct joint joint = {0};
    joint_add(lexer, &joint, first);
    bool more = true;
    struct view physical;
    while (more && lex_physical(lexer, &physical)) {
        if (is_comment(physical))
            continue;
        struct view text = lex_cut_line_end(physical);
        if (utf8_trim_start(text).len == 0) {
            line->blank_inside = true;
            continue;
        }
        more = cut_continuation(&text, lexer->escape);
        joint_add(lexer, &joint, text);
    }
    joint_finish(lexer, &joint, line);
}

static void lex_single(struct lexer *lexer, struct view text, struct logical_line *line)
{
    line->joined = text;
    line->pieces = ARENA_NEW(lexer->arena, struct piece);
    line->pieces[0] = (struct piece){0, (size_t)(text.ptr - lexer->text.ptr)};
    line->piece_count = 1;
}

bool lex_logical(struct lexer *lexer, struct logical_line *line)
{
    struct view physical;
    if (!lex_physical(lexer, &physical))
        return false;
    *line = (struct logical_line){.begin = lexer->last, .line = lexer->line};
    struct view text = physical;
    if (lexer->line == 1 && view_starts(text, UTF8_BOM))
        text = view_slice(text, UTF8_BOM_LENGTH, text.len);
    text = utf8_trim_start(lex_cut_line_end(text));
    if (text.len == 0) {
        line->kind = LINE_BLANK;
    } else if (text.ptr[0] == '#') {
        line->kind = LINE_COMMENT;
        line->joined = text;
    } else {
        line->kind = LINE_CODE;
        if (cut_continuation(&text, lexer->escape))
            lex_continued(lexer, text, line);
        else
            lex_single(lexer, text, line);
    }
    line->end = lexer->at;
    line->end_line = lexer->line;
    return true;
}
