/*
 * The parser's promises, one by one: what a unit is, that no byte is lost, and that each part of an
 * instruction knows where it stands. Agreement with BuildKit over thousands of inputs is the
 * business of tests/vectors.
 */
#include "../vectors/tiling.h"
#include "parse.h"
#include "unit.h"
#include "utf8.h"

/* A literal that may hold NUL bytes, in a table. */
#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

struct fixture {
    struct arena *arena;
    struct diag_list diags;
    struct file *file;
};

/* Parse a text that may have errors. */
static void parse_any(struct fixture *f, void **state, struct view text)
{
    f->arena = *state;
    diag_list_init(&f->diags, f->arena);
    f->file = parse_file(f->arena, source_new(f->arena, "Dockerfile", text), &f->diags);
    const char *error = tiling_error(f->file);
    if (error != NULL)
        fail_msg("%s", error);
}

/* Parse a text that must have none. */
static void parse(struct fixture *f, void **state, struct view text)
{
    parse_any(f, state, text);
    assert_int_equal(f->diags.errors, 0);
}

/* The instruction or directive of that number, from 0. */
static const struct unit *nth(const struct fixture *f, size_t number)
{
    for (size_t i = 0; i < f->file->unit_count; i++)
        if (f->file->units[i].inst != NULL && number-- == 0)
            return &f->file->units[i];
    fail_msg("the file has not that many instructions");
    return NULL;
}

static const struct instruction *nth_inst(const struct fixture *f, size_t number)
{
    return nth(f, number)->inst;
}

/* The text a span covers. */
static struct view span_text(struct span span)
{
    return view_slice(span.source->text, span.begin, span.end);
}

/* The arguments with '|' between each two. */
static struct view joined_args(const struct fixture *f, const struct instruction *inst)
{
    struct str all;
    str_init(&all, f->arena);
    for (size_t i = 0; i < inst->arg_count; i++) {
        if (i > 0)
            str_addc(&all, '|');
        str_add(&all, inst->args[i]);
    }
    return str_view(&all);
}

static void assert_error(const struct fixture *f, size_t number, const char *code, size_t line,
                         size_t column)
{
    assert_true(number < f->diags.all.count);
    const struct diag *diag = f->diags.all.items[number];
    struct position place = source_position(diag->at.source, diag->at.begin);
    assert_int_equal(diag->level, DIAG_ERROR);
    assert_string_equal(diag->code, code);
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
}

static void assert_unit(const struct fixture *f, size_t number, enum unit_kind kind, size_t line,
                        size_t end_line, struct view text)
{
    const struct unit *unit = &f->file->units[number];
    assert_true(number < f->file->unit_count);
    assert_int_equal(unit->kind, kind);
    assert_int_equal(unit->line, line);
    assert_int_equal(unit->end_line, end_line);
    assert_true(view_equal(view_slice(f->file->source->text, unit->begin, unit->end), text));
}

static void test_units_tile_the_text(void **state)
{
    struct fixture f;
    parse(&f, state,
          VIEW("# syntax=docker/dockerfile:1\n"
               "\n"
               "# the base\n"
               "FROM alpine\n"
               "RUN a \\\n"
               "# inside\n"
               "\n"
               "  b\n"
               "@apt curl\n"
               "COPY <<EOF /x\n"
               "body\n"
               "EOF\n"
               "  \t\n"
               "CMD a"));
    assert_int_equal(f.file->unit_count, 9);
    assert_unit(&f, 0, UNIT_PARSER_DIRECTIVE, 1, 1, VIEW("# syntax=docker/dockerfile:1\n"));
    assert_unit(&f, 1, UNIT_BLANK, 2, 2, VIEW("\n"));
    assert_unit(&f, 2, UNIT_COMMENT, 3, 3, VIEW("# the base\n"));
    assert_unit(&f, 3, UNIT_INSTRUCTION, 4, 4, VIEW("FROM alpine\n"));
    assert_unit(&f, 4, UNIT_INSTRUCTION, 5, 8, VIEW("RUN a \\\n# inside\n\n  b\n"));
    assert_unit(&f, 5, UNIT_DIRECTIVE, 9, 9, VIEW("@apt curl\n"));
    assert_unit(&f, 6, UNIT_INSTRUCTION, 10, 12, VIEW("COPY <<EOF /x\nbody\nEOF\n"));
    assert_unit(&f, 7, UNIT_BLANK, 13, 13, VIEW("  \t\n"));
    assert_unit(&f, 8, UNIT_INSTRUCTION, 14, 14, VIEW("CMD a"));
    assert_true(f.file->has_directives);
}

static void test_empty_and_only_comments(void **state)
{
    struct fixture f;
    parse_any(&f, state, VIEW(""));
    assert_int_equal(f.file->unit_count, 0);
    assert_error(&f, 0, "no-instructions", 1, 1);
    parse_any(&f, state, VIEW("# a\n\n# b\n"));
    assert_int_equal(f.file->unit_count, 3);
    assert_int_equal(f.diags.errors, 1);
    assert_error(&f, 0, "no-instructions", 3, 1);
}

static void test_byte_order_mark(void **state)
{
    struct fixture f;
    parse(&f, state, VIEW(UTF8_BOM "FROM alpine\nRUN a\n"));
    assert_int_equal(f.file->head.after_bom, 3);
    assert_int_equal(f.file->units[0].begin, 0);
    assert_int_equal(nth_inst(&f, 0)->keyword, KEYWORD_FROM);
    assert_view(span_text(instruction_name_span(f.file, nth_inst(&f, 0))), "FROM");
    /* Only one, and only at the beginning. */
    parse_any(&f, state, VIEW(UTF8_BOM UTF8_BOM "FROM alpine\n" UTF8_BOM "RUN a"));
    assert_int_equal(nth_inst(&f, 0)->keyword, KEYWORD_NONE);
    assert_view(nth_inst(&f, 0)->name, UTF8_BOM "FROM");
    assert_int_equal(nth_inst(&f, 1)->keyword, KEYWORD_NONE);
}

static void test_crlf(void **state)
{
    struct fixture f;
    parse(&f, state, VIEW("FROM alpine\r\nRUN a \\\r\n  b\r\n\r\nCOPY <<E /x\r\none\r\nE\r\n"));
    assert_true(f.file->crlf);
    assert_view(joined_args(&f, nth_inst(&f, 0)), "alpine");
    assert_view(joined_args(&f, nth_inst(&f, 1)), "a   b");
    assert_view(span_text(unit_span(f.file, nth(&f, 1))), "RUN a \\\r\n  b");
    assert_view(nth_inst(&f, 2)->heredocs[0].body, "one\r\n");
    parse(&f, state, VIEW("FROM alpine\nRUN a\r\n"));
    assert_false(f.file->crlf);
    parse(&f, state, VIEW("FROM alpine"));
    assert_false(f.file->crlf);
}

static void test_parser_directives(void **state)
{
    struct fixture f;
    struct view text =
        VIEW("# syntax = docker/dockerfile:1 \n#ESCAPE=`\n\n# check=skip=all\nFROM a\n");
    parse(&f, state, text);
    assert_view(f.file->head.syntax, "docker/dockerfile:1");
    assert_int_equal(f.file->head.syntax_at, 11);
    assert_true(f.file->head.has_escape);
    assert_int_equal(f.file->escape, '`');
    assert_int_equal(f.file->head.body_begin, view_search(text, VIEW("\n\n")) + 1);
    /* The blank line ended the section. */
    assert_false(f.file->head.has_check);
    assert_int_equal(f.file->units[3].kind, UNIT_COMMENT);
}

static void test_what_ends_the_parser_directives(void **state)
{
    static const struct view texts[] = {
        TEXT("# a comment\n# escape=`\nFROM a\n"),       TEXT("\n# escape=`\nFROM a\n"),
        TEXT("#!/usr/bin/x\n# escape=`\nFROM a\n"),      TEXT("# unknown=x\n# escape=`\nFROM a\n"),
        TEXT("# escape=\n# escape=`\nFROM a\n"),         TEXT("FROM a\n# escape=`\n"),
        TEXT("# my-key=x\n# escape=`\nFROM a\nRUN b\n"),
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fixture f;
        parse(&f, state, texts[i]);
        assert_int_equal(f.file->escape, '\\');
        assert_false(f.file->head.has_escape);
        assert_int_equal(f.file->head.body_begin, 0);
    }
}

static void test_wrong_parser_directives(void **state)
{
    struct fixture f;
    parse_any(&f, state, VIEW("# syntax=a\n  # Syntax=b\n# escape=xy\nFROM a\nENV b\n"));
    assert_int_equal(f.diags.errors, 3);
    assert_error(&f, 0, "repeated-parser-directive", 2, 3);
    assert_error(&f, 1, "escape-value", 3, 10);
    assert_error(&f, 2, "missing-value", 5, 5);
    assert_view(f.file->head.syntax, "a");
}

static void test_continuation_joins_without_a_trace(void **state)
{
    struct fixture f;
    parse(&f, state,
          VIEW("FROM al\\\npi\\\nne\n"
               "RU\\\nN a \\ \t\n"
               "    # a comment, 'even' with a \\\n"
               "   \n"
               "\t&& b\\\n"
               "USER x\n"));
    assert_view(joined_args(&f, nth_inst(&f, 0)), "alpine");
    const struct instruction *run = nth_inst(&f, 1);
    assert_int_equal(run->keyword, KEYWORD_RUN);
    assert_view(joined_args(&f, run), "a \t&& bUSER x");
    assert_int_equal(run->piece_count, 4);
    assert_int_equal(nth(&f, 1)->end_line, 9);
}

static void test_what_does_not_continue(void **state)
{
    struct fixture f;
    /* A doubled escape character, and one that is not the last character, are text. */
    parse(&f, state,
          VIEW("FROM a\nRUN a \\\\\nRUN b \\c\nRUN d `\nRUN e\xc2\xa0\\\xc2\xa0\nRUN f\\"));
    assert_view(joined_args(&f, nth_inst(&f, 1)), "a \\\\");
    assert_view(joined_args(&f, nth_inst(&f, 2)), "b \\c");
    assert_view(joined_args(&f, nth_inst(&f, 3)), "d `");
    assert_int_equal(nth_inst(&f, 5)->keyword, KEYWORD_RUN);
    /* The end of the file ends a continuation without a complaint. */
    assert_view(joined_args(&f, nth_inst(&f, 5)), "f");
}

static void test_backquote_as_escape(void **state)
{
    struct fixture f;
    parse(&f, state, VIEW("# escape=`\nFROM a\nCOPY C:\\x `\n  D:\\\nRUN --x=`\"y z\n"));
    assert_view(joined_args(&f, nth_inst(&f, 1)), "C:\\x|D:\\");
    assert_view(nth_inst(&f, 2)->flags[0].text, "--x=\"y");
}

/* What a diagnostic points at must be the bytes the user wrote, wherever continuations, comments
 * and blank lines put them. */
static void test_parts_know_where_they_stand(void **state)
{
    struct fixture f;
    struct view text = VIEW("FROM a\n"
                            "RUN --network=host \\\n"
                            "  # comment\n"
                            "\n"
                            "    --mount=type=tmpfs,target=/t \\\n"
                            "  make \\\n"
                            "  install\n");
    parse(&f, state, text);
    const struct instruction *run = nth_inst(&f, 1);
    assert_int_equal(run->flag_count, 2);
    struct span first = instruction_span(f.file, run, run->flags[0].begin, run->flags[0].end);
    assert_view(span_text(first), "--network=host");
    struct span mount = instruction_span(f.file, run, run->flags[1].begin, run->flags[1].end);
    assert_view(span_text(mount), "--mount=type=tmpfs,target=/t");
    assert_int_equal(mount.begin, view_search(text, VIEW("--mount")));
    assert_int_equal(source_position(f.file->source, mount.begin).line, 5);
    assert_int_equal(source_position(f.file->source, mount.begin).column, 5);
    assert_view(run->args_raw, "make   install");
    size_t install = run->args_at + view_search(run->args_raw, VIEW("install"));
    assert_int_equal(instruction_offset(run, run->args_at), view_search(text, VIEW("make")));
    assert_int_equal(instruction_offset(run, install), view_search(text, VIEW("install")));
    assert_view(span_text(instruction_span(f.file, run, run->args_at, install + 7)),
                "make \\\n  install");
    /* A span that ends with a line does not reach over to the next one. */
    assert_view(span_text(instruction_span(f.file, run, run->args_at, run->args_at + 5)), "make ");
    assert_view(span_text(instruction_name_span(f.file, run)), "RUN");
}

static void test_names_split_by_a_continuation(void **state)
{
    struct fixture f;
    parse(&f, state, VIEW("FR\\\nOM a\n  @pi\\\n  p x\n"));
    assert_view(nth_inst(&f, 0)->name, "FROM");
    assert_view(span_text(instruction_name_span(f.file, nth_inst(&f, 0))), "FR\\\nOM");
    assert_view(nth_inst(&f, 1)->name, "pi");
    assert_view(nth_inst(&f, 1)->args_raw, "p x");
}

static void test_flags(void **state)
{
    struct fixture f;
    parse(&f, state,
          VIEW("FROM --platform='linux/arm 64' a\n"
               "RUN --x=a\\ b --y=\"'\\\"\" -- --z cmd\n"
               "COPY --from=b -x y\n"));
    const struct instruction *from = nth_inst(&f, 0);
    assert_view(from->flags[0].text, "--platform=linux/arm 64");
    assert_view(view_slice(from->joined, from->flags[0].begin, from->flags[0].end),
                "--platform='linux/arm 64'");
    const struct instruction *run = nth_inst(&f, 1);
    assert_int_equal(run->flag_count, 2);
    assert_view(run->flags[0].text, "--x=a b");
    assert_view(run->flags[1].text, "--y='\"");
    assert_view(run->args_raw, "--z cmd");
    assert_view(joined_args(&f, nth_inst(&f, 2)), "-x|y");
}

static void test_argument_forms(void **state)
{
    static const struct {
        const char *line, *args;
        bool json;
    } cases[] = {
        {"RUN a  'b c'", "a  'b c'", false},
        {"RUN [\"a\", \"b c\"]", "a|b c", true},
        {"RUN ['a']", "['a']", false},
        {"RUN", "", false},
        {"cmd [ \"\\u4e2d\\n\" ]", "\xe4\xb8\xad\n", true},
        {"ENTRYPOINT [\"a\",]", "[\"a\",]", false},
        {"SHELL [\"bash\", \"-c\"]", "bash|-c", true},
        {"COPY a\t b  'c d' /", "a|b|'c|d'|/", false},
        {"ADD [\"a b\", \"/\"]", "a b|/", true},
        {"VOLUME /a /b", "/a|/b", false},
        {"FROM a AS b", "a|AS|b", false},
        {"EXPOSE 80  443/tcp", "80|443/tcp", false},
        {"WORKDIR /a b", "/a b", false},
        {"USER  x:y ", "x:y", false},
        {"STOPSIGNAL 9", "9", false},
        {"MAINTAINER A B <c>", "A B <c>", false},
        {"ARG a b=c d='e f'", "a|b=c|d='e f'", false},
        {"ENV a=b c=\"d e\" f=g\\ h", "a|b|=|c|\"d e\"|=|f|g\\ h|=", false},
        {"ENV a  b c=d", "a|b c=d|", false},
        {"LABEL \"a b\"='c'", "\"a b\"|'c'|=", false},
        {"HEALTHCHECK NONE", "NONE", false},
        {"HEALTHCHECK --retries=3 CMD a  b", "CMD|a  b", false},
        {"HEALTHCHECK CMD [\"a\"]", "CMD|a", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        parse(&f, state, view_of(cases[i].line));
        const struct instruction *inst = nth_inst(&f, 0);
        if (!view_is(joined_args(&f, inst), cases[i].args) || inst->json != cases[i].json)
            fail_msg("'%s' has the arguments '%.*s'", cases[i].line,
                     VIEW_ARG(joined_args(&f, inst)));
    }
}

static void test_onbuild(void **state)
{
    struct fixture f;
    parse(&f, state, VIEW("FROM a\nONBUILD COPY --from=b \\\n  c <<EOF /d\nx\nEOF\n"));
    const struct instruction *onbuild = nth_inst(&f, 1), *copy = onbuild->sub;
    assert_int_equal(onbuild->keyword, KEYWORD_ONBUILD);
    assert_int_equal(onbuild->flag_count, 0);
    assert_non_null(copy);
    assert_int_equal(copy->keyword, KEYWORD_COPY);
    assert_view(span_text(instruction_name_span(f.file, copy)), "COPY");
    assert_view(span_text(instruction_span(f.file, copy, copy->flags[0].begin, copy->flags[0].end)),
                "--from=b");
    assert_view(joined_args(&f, copy), "c|<<EOF|/d");
    assert_int_equal(onbuild->heredoc_count, 1);
}

static void test_heredocs(void **state)
{
    struct fixture f;
    parse(&f, state,
          VIEW("FROM a\n"
               "RUN 3<<-\"A\" cat <<B\n"
               "# not a comment \\\n"
               "\t\tA \n"
               "\tA\n"
               "@pip is text here\n"
               "B\n"
               "RUN c\n"));
    const struct unit *unit = nth(&f, 1);
    const struct heredoc *first = &unit->inst->heredocs[0], *second = &unit->inst->heredocs[1];
    assert_int_equal(unit->inst->heredoc_count, 2);
    assert_view(first->word.name, "A");
    assert_int_equal(first->word.fd, 3);
    assert_true(first->word.chomp);
    assert_false(first->word.expand);
    assert_view(first->body, "# not a comment \\\n\t\tA \n");
    assert_view(second->word.name, "B");
    assert_int_equal(second->word.fd, 0);
    assert_false(second->word.chomp);
    assert_true(second->word.expand);
    assert_view(second->body, "@pip is text here\n");
    assert_int_equal(first->terminator_end, second->begin);
    assert_int_equal(second->terminator_end, unit->end);
    assert_int_equal(unit->end_line, 7);
    assert_int_equal(nth_inst(&f, 2)->keyword, KEYWORD_RUN);
}

static void test_what_opens_no_heredoc(void **state)
{
    static const char *const lines[] = {
        "RUN cat<<EOF",      "RUN \"<<EOF\"",        "RUN cat \\<<EOF", "RUN cat <<<EOF",
        "CMD <<EOF",         "RUN [\"a\", \"<<E\"]", "ENV a=<<EOF",     "RUN echo it's <<EOF",
        "RUN <<- EOF cat x", "ONBUILD CMD <<EOF",    "RUN cat <<''",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct fixture f;
        parse(&f, state, view_format(*state, "FROM a\n%s\nUSER x\n", lines[i]));
        if (nth_inst(&f, 1)->heredoc_count != 0)
            fail_msg("'%s' opens a heredoc", lines[i]);
        assert_int_equal(nth_inst(&f, 2)->keyword, KEYWORD_USER);
    }
}

static void test_directives(void **state)
{
    struct fixture f;
    parse(&f, state,
          VIEW("FROM a\n"
               "  @pip --x=1 install \\\n"
               "  # comment\n"
               "  'y z'\n"
               "RUN a \\\n"
               "@pip is text here\n"
               "@apt <<PKGS\n"
               "git\n"
               "PKGS\n"
               "@\n"));
    const struct instruction *pip = nth_inst(&f, 1);
    assert_int_equal(nth(&f, 1)->kind, UNIT_DIRECTIVE);
    assert_int_equal(pip->keyword, KEYWORD_NONE);
    assert_view(pip->name, "pip");
    assert_int_equal(pip->joined.ptr[pip->name_at], '@');
    assert_view(span_text(instruction_name_span(f.file, pip)), "@pip");
    /* What an option is depends on the directive: nothing is taken away here. */
    assert_int_equal(pip->flag_count, 0);
    assert_view(pip->args_raw, "--x=1 install   'y z'");
    assert_int_equal(nth(&f, 2)->kind, UNIT_INSTRUCTION);
    assert_view(nth_inst(&f, 2)->args_raw, "a @pip is text here");
    assert_view(nth_inst(&f, 3)->heredocs[0].body, "git\n");
    assert_view(nth_inst(&f, 4)->name, "");
    assert_int_equal(nth(&f, 4)->kind, UNIT_DIRECTIVE);
    parse(&f, state, VIEW("FROM a\nRUN @pip\n# @pip\n"));
    assert_false(f.file->has_directives);
}

static void test_errors_point_at_their_cause(void **state)
{
    static const struct {
        const char *text, *code;
        size_t line, column;
    } cases[] = {
        {"FROM a\nENV b\n", "missing-value", 2, 5},
        {"FROM a\nLABEL \\\n  b\n", "missing-value", 3, 3},
        {"FROM a\nENV b=c \\\n  d e=f\n", "missing-equals", 3, 3},
        {"FROM a\nCMD \\\n [\"a\", 1]\n", "json-strings", 3, 2},
        {"FROM a\nRUN x \\\n <<EOF\nb\n", "unterminated-heredoc", 2, 1},
        {"FROM a\nONBUILD ENV b\n", "missing-value", 2, 13},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        parse_any(&f, state, view_of(cases[i].text));
        assert_int_equal(f.diags.errors, 1);
        assert_error(&f, 0, cases[i].code, cases[i].line, cases[i].column);
    }
}

static void test_parsing_goes_on_behind_an_error(void **state)
{
    struct fixture f;
    parse_any(&f, state, VIEW("FROM a\nENV b\nCMD [1]\nLABEL c=d e\nRUN f\n"));
    assert_int_equal(f.diags.errors, 3);
    assert_error(&f, 0, "missing-value", 2, 5);
    assert_error(&f, 1, "json-strings", 3, 5);
    assert_error(&f, 2, "missing-equals", 4, 11);
    assert_view(joined_args(&f, nth_inst(&f, 4)), "f");
}

/* `count` times 'x' behind "RUN ", with `end` behind it. */
static struct view long_run(struct arena *arena, size_t count, const char *end)
{
    struct str text;
    str_init(&text, arena);
    str_addz(&text, "FROM a\nRUN ");
    str_fill(&text, 'x', count);
    str_addz(&text, end);
    return str_view(&text);
}

static void test_line_limit(void **state)
{
    enum { MOST = 65535 - 4 };
    struct fixture f;
    parse(&f, state, long_run(*state, MOST, "\n"));
    parse(&f, state, long_run(*state, MOST, ""));
    struct view half = long_run(*state, 60000, "");
    struct view both = view_format(*state, "%s\\\n%s", half.ptr, half.ptr + strlen("FROM a\n"));
    parse(&f, state, both);
    assert_int_equal(nth_inst(&f, 1)->args_raw.len, 60000 + 60004);
    parse_any(&f, state, long_run(*state, MOST + 1, "\nRUN b\n"));
    assert_int_equal(f.diags.errors, 1);
    assert_error(&f, 0, "line-too-long", 2, 1);
    parse_any(&f, state, long_run(*state, MOST + 1, ""));
    assert_error(&f, 0, "line-too-long", 2, 1);
}

static void test_keywords(void **state)
{
    (void)state;
    for (int keyword = KEYWORD_NONE + 1; keyword < KEYWORD_COUNT; keyword++) {
        const struct keyword_info *info = keyword_info((enum keyword)keyword);
        assert_int_equal(keyword_find(view_of(info->name)), keyword);
        assert_int_equal(keyword_find(view_of(info->upper)), keyword);
        assert_true(view_is_nocase(view_of(info->name), info->upper));
    }
    assert_int_equal(keyword_find(VIEW("OnBuild")), KEYWORD_ONBUILD);
    assert_int_equal(keyword_find(VIEW("RUNS")), KEYWORD_NONE);
    assert_int_equal(keyword_find(VIEW("")), KEYWORD_NONE);
    assert_string_equal(keyword_info(KEYWORD_NONE)->name, "");
    assert_int_equal(keyword_info(KEYWORD_NONE)->form, FORM_IGNORED);
}

/* Texts that break a parser that trusts them; parse_any checks the tree of each. */
static void test_strange_texts(void **state)
{
    static const struct view texts[] = {
        TEXT("\0\0\0"),
        TEXT("\xff\xfe\n\x80"),
        TEXT("\\"),
        TEXT("\\\n"),
        TEXT("\\\n\\\n\\\n#"),
        TEXT(" \\\n \\\n"),
        TEXT("\r\r\n\r"),
        TEXT("\xef\xbb"),
        TEXT("\xef\xbb\xbf"),
        TEXT("RUN <<\n"),
        TEXT("RUN <<A <<B <<C\nA\nB"),
        TEXT("RUN <<A\n\0A\nA"),
        TEXT("RUN --\\"),
        TEXT("RUN --'"),
        TEXT("RUN --\x85--\xa0 x"),
        TEXT("ENV \\"),
        TEXT("ENV a='\\"),
        TEXT("ONBUILD"),
        TEXT("ONBUILD ONBUILD ONBUILD RUN <<E\nE"),
        TEXT("HEALTHCHECK \xc2\x85"),
        TEXT("@"),
        TEXT("@\\\n"),
        TEXT("@x <<E"),
        TEXT("@@x\n"),
        TEXT("#\n#\n@x"),
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fixture f;
        /* A copy of that length exactly, so that a read behind it is seen. */
        char *copy = malloc(texts[i].len);
        assert_non_null(copy);
        memcpy(copy, texts[i].ptr, texts[i].len);
        parse_any(&f, state, (struct view){copy, texts[i].len});
        free(copy);
    }
}

static void test_deep_onbuild_does_not_overflow_the_stack(void **state)
{
    struct fixture f;
    struct str text;
    str_init(&text, *state);
    str_addz(&text, "FROM a\n");
    for (int i = 0; i < 100000; i++)
        str_addz(&text, "ONBUILD \\\n");
    str_addz(&text, "RUN b\n");
    parse_any(&f, state, str_view(&text));
    assert_int_equal(nth_inst(&f, 1)->keyword, KEYWORD_ONBUILD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_units_tile_the_text),
        UNIT_TEST(test_empty_and_only_comments),
        UNIT_TEST(test_byte_order_mark),
        UNIT_TEST(test_crlf),
        UNIT_TEST(test_parser_directives),
        UNIT_TEST(test_what_ends_the_parser_directives),
        UNIT_TEST(test_wrong_parser_directives),
        UNIT_TEST(test_continuation_joins_without_a_trace),
        UNIT_TEST(test_what_does_not_continue),
        UNIT_TEST(test_backquote_as_escape),
        UNIT_TEST(test_parts_know_where_they_stand),
        UNIT_TEST(test_names_split_by_a_continuation),
        UNIT_TEST(test_flags),
        UNIT_TEST(test_argument_forms),
        UNIT_TEST(test_onbuild),
        UNIT_TEST(test_heredocs),
        UNIT_TEST(test_what_opens_no_heredoc),
        UNIT_TEST(test_directives),
        UNIT_TEST(test_errors_point_at_their_cause),
        UNIT_TEST(test_parsing_goes_on_behind_an_error),
        UNIT_TEST(test_line_limit),
        UNIT_TEST(test_keywords),
        UNIT_TEST(test_strange_texts),
        UNIT_TEST(test_deep_onbuild_does_not_overflow_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
