#include "parse.h"

#include "head.h"
#include "lex.h"
#include "parse_args.h"
#include "utf8.h"

struct parser {
    struct arena *arena;
    struct file *file;
    struct lexer lexer;
    struct diag_list *diags;
    bool in_head; /* parser directives may still come */
    size_t instructions;
};

static struct unit *add_unit(struct parser *parser, enum unit_kind kind,
                             const struct logical_line *line)
{
    struct unit unit = {.kind = kind,
                        .begin = line->begin,
                        .end = line->end,
                        .line = line->line,
                        .end_line = line->end_line};
    struct file *file = parser->file;
    file->units = vec_reserve(parser->arena, file->units, &file->unit_capacity, file->unit_count,
                              sizeof(*file->units));
    file->units[file->unit_count] = unit;
    return &file->units[file->unit_count++];
}

size_t instruction_offset(const struct instruction *inst, size_t joined)
{
    size_t low = 0, high = inst->piece_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (inst->pieces[middle].joined <= joined)
            low = middle;
        else
            high = middle;
    }
    return inst->pieces[low].source + (joined - inst->pieces[low].joined);
}

struct span instruction_span(const struct file *file, const struct instruction *inst, size_t begin,
                             size_t end)
{
    size_t from = instruction_offset(inst, begin);
    /* The end is that of the last byte: the next one may stand on another line. */
    size_t to = end > begin ? instruction_offset(inst, end - 1) + 1 : from;
    return (struct span){file->source, from, to};
}

struct span instruction_name_span(const struct file *file, const struct instruction *inst)
{
    size_t sigil = inst->keyword == KEYWORD_NONE && inst->name_at < inst->joined.len &&
                           inst->joined.ptr[inst->name_at] == '@'
                       ? 1
                       : 0;
    size_t end = inst->name_at + sigil + inst->name.len;
    return instruction_span(file, inst, inst->name_at, end);
}

struct span unit_span(const struct file *file, const struct unit *unit)
{
    struct view text = view_slice(file->source->text, unit->begin, unit->end);
    return (struct span){file->source, unit->begin, unit->begin + lex_cut_line_end(text).len};
}

/* Read bodies up to the terminator of each heredoc that the line opens. */
static bool read_heredoc(struct parser *parser, struct heredoc *heredoc)
{
    struct lexer *lexer = &parser->lexer;
    struct view physical;
    heredoc->begin = lexer->at;
    while (lex_physical(lexer, &physical)) {
        struct view line = lex_cut_line_end(physical);
        while (heredoc->word.chomp && line.len > 0 && line.ptr[0] == '\t')
            line = view_slice(line, 1, line.len);
        if (view_equal(line, heredoc->word.name)) {
            heredoc->end = lexer->last;
            heredoc->terminator_end = lexer->at;
            heredoc->body = view_slice(lexer->text, heredoc->begin, heredoc->end);
            return true;
        }
    }
    heredoc->end = heredoc->terminator_end = lexer->at;
    heredoc->body = view_slice(lexer->text, heredoc->begin, heredoc->end);
    return false;
}

static void report_unterminated(struct parser *parser, const struct instruction *inst,
                                const struct heredoc *heredoc)
{
    struct view name = heredoc->word.name;
    struct diag *diag = diag_add(parser->diags, DIAG_ERROR, "unterminated-heredoc",
                                 instruction_name_span(parser->file, inst),
                                 "the heredoc '%.*s' has no end", VIEW_ARG(name));
    diag_help(diag, "write '%.*s' alone on a line behind its last line", VIEW_ARG(name));
}

static bool may_have_heredocs(const struct instruction *inst, bool directive)
{
    if (directive)
        return true;
    if (inst->keyword == KEYWORD_ONBUILD && inst->sub != NULL)
        inst = inst->sub;
    return keyword_info(inst->keyword)->heredoc && !inst->json;
}

static void read_heredocs(struct parser *parser, struct instruction *inst, bool directive)
{
    if (!may_have_heredocs(inst, directive) ||
        view_search(inst->joined, VIEW("<<")) == inst->joined.len)
        return;
    struct heredoc_words words = {0};
    word_find_heredocs(parser->arena, inst->joined, &words);
    inst->heredocs = arena_zalloc(parser->arena, words.count, sizeof(struct heredoc));
    for (size_t i = 0; i < words.count; i++) {
        struct heredoc *heredoc = &inst->heredocs[inst->heredoc_count++];
        heredoc->word = words.items[i];
        if (!read_heredoc(parser, heredoc)) {
            report_unterminated(parser, inst, heredoc);
            return;
        }
    }
}

static void parse_code(struct parser *parser, struct logical_line *line)
{
    struct instruction *inst = ARENA_NEW(parser->arena, struct instruction);
    inst->joined = line->joined;
    inst->pieces = line->pieces;
    inst->piece_count = line->piece_count;
    struct args_reader reader = {parser->arena, parser->file, parser->diags, inst, 0};
    struct view text = utf8_trim(line->joined);
    size_t at = (size_t)(text.ptr - line->joined.ptr);
    bool directive = text.len > 0 && text.ptr[0] == '@';
    if (directive)
        args_read_directive(&reader, at, at + text.len);
    else
        args_read_instruction(&reader, inst, at, at + text.len);
    read_heredocs(parser, inst, directive);
    line->end = parser->lexer.at;
    line->end_line = parser->lexer.line;
    struct unit *unit = add_unit(parser, directive ? UNIT_DIRECTIVE : UNIT_INSTRUCTION, line);
    unit->inst = inst;
    parser->file->has_directives |= directive;
    parser->instructions++;
}

static void parse_comment(struct parser *parser, const struct logical_line *line)
{
    struct file *file = parser->file;
    size_t at = (size_t)(line->joined.ptr - file->source->text.ptr);
    parser->in_head = parser->in_head && head_read_line(file, line->joined, at, parser->diags);
    parser->lexer.escape = file->escape;
    if (parser->in_head)
        file->head.body_begin = line->end;
    add_unit(parser, parser->in_head ? UNIT_PARSER_DIRECTIVE : UNIT_COMMENT, line);
}

static void parse_line(struct parser *parser, struct logical_line *line)
{
    if (line->kind == LINE_COMMENT) {
        parse_comment(parser, line);
        return;
    }
    parser->in_head = false;
    if (line->kind == LINE_BLANK)
        add_unit(parser, UNIT_BLANK, line);
    else
        parse_code(parser, line);
}

/* What was not read because a line is too long; the tree still has every byte. */
static void report_too_long(struct parser *parser)
{
    struct lexer *lexer = &parser->lexer;
    struct span at = {parser->file->source, lexer->at, lexer->at};
    diag_add(parser->diags, DIAG_ERROR, "line-too-long", at,
             "this line is longer than the 65535 bytes that BuildKit reads");
    struct logical_line rest = {.begin = lexer->at,
                                .end = lexer->text.len,
                                .line = lexer->line + 1,
                                .end_line = lexer->line + 1};
    add_unit(parser, UNIT_BLANK, &rest);
}

static void report_end(struct parser *parser)
{
    if (parser->instructions == 0) {
        struct span at = {parser->file->source, parser->lexer.last, parser->lexer.last};
        diag_add(parser->diags, DIAG_ERROR, "no-instructions", at,
                 "there is no instruction in this file");
    }
    if (parser->lexer.too_long)
        report_too_long(parser);
}

static void begin_file(struct file *file, struct source *source)
{
    struct view text = source->text;
    *file = (struct file){.source = source, .escape = '\\'};
    file->head.after_bom = view_starts(text, UTF8_BOM) ? UTF8_BOM_LENGTH : 0;
    file->head.body_begin = file->head.after_bom;
    size_t newline = view_find(text, '\n', 0);
    file->crlf = newline < text.len && newline > 0 && text.ptr[newline - 1] == '\r';
}

static struct parser begin_parser(struct arena *arena, struct file *file, struct diag_list *diags)
{
    struct parser parser = {.arena = arena, .file = file, .diags = diags, .in_head = true};
    parser.lexer =
        (struct lexer){.arena = arena, .text = file->source->text, .escape = file->escape};
    return parser;
}

struct file *parse_file(struct arena *arena, struct source *source, struct diag_list *diags)
{
    struct file *file = ARENA_NEW(arena, struct file);
    begin_file(file, source);
    struct parser parser = begin_parser(arena, file, diags);
    struct logical_line line;
    while (lex_logical(&parser.lexer, &line))
        parse_line(&parser, &line);
    report_end(&parser);
    return file;
}

bool parse_units(struct arena *scratch, struct source *source, struct diag_list *diags,
                 parse_look *look, void *context)
{
    struct file file;
    struct unit unit; /* the only one that the file ever has */
    begin_file(&file, source);
    file.units = &unit;
    file.unit_capacity = 1;
    struct parser parser = begin_parser(scratch, &file, diags);
    struct logical_line line;
    while (lex_logical(&parser.lexer, &line)) {
        file.unit_count = 0;
        parse_line(&parser, &line);
        if (!look(context, &file, &unit))
            return false;
        arena_reset(scratch);
    }
    file.unit_count = 0;
    report_end(&parser);
    return true;
}
