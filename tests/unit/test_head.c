/* Parser directives, and BuildKit's other way to find the frontend. */
#include "head.h"
#include "unit.h"

static struct file *parse(struct arena *arena, const char *text, struct diag_list *diags)
{
    diag_list_init(diags, arena);
    return parse_file(arena, source_new(arena, "Dockerfile", view_of(text)), diags);
}

/* "escape, syntax" after the whole head was read; "-" where there is no syntax. */
static void test_files(void **state)
{
    static const struct {
        const char *text;
        char escape;
        const char *syntax;
        size_t directives; /* units that count */
    } rows[] = {
        {"FROM x", '\\', "-", 0},
        {"# syntax=a/b:1\nFROM x", '\\', "a/b:1", 1},
        {"#syntax = a/b:1 \t\nFROM x", '\\', "a/b:1", 1},
        {"  # SYNTAX=a\nFROM x", '\\', "a", 1},
        {"# escape=`\nFROM x", '`', "-", 1},
        {"# Escape = \\\nFROM x", '\\', "-", 1},
        {"# check=skip=all\n# escape=`\n# syntax=a\nFROM x", '`', "a", 3},
        {"\xef\xbb\xbf# escape=`\nFROM x", '`', "-", 1},
        {"# escape=`\r\n# syntax=a\r\nFROM x", '`', "a", 2},
        /* what ends the section */
        {"\n# escape=`\nFROM x", '\\', "-", 0},
        {"# a comment\n# escape=`\nFROM x", '\\', "-", 0},
        {"# other=1\n# escape=`\nFROM x", '\\', "-", 0},
        {"# syntax=a\n#\n# escape=`\nFROM x", '\\', "a", 1},
        {"# escape=\n# syntax=a\nFROM x", '\\', "-", 0},
        {"#!/bin/x\n# escape=`\nFROM x", '\\', "-", 0},
        {"FROM x\n# escape=`\n", '\\', "-", 0},
        {"# 1escape=`\nFROM x", '\\', "-", 0},
        {"# es cape=`\nFROM x", '\\', "-", 0},
        {"# syntax\v=a\nFROM x", '\\', "-", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag_list diags;
        struct file *file = parse(*state, rows[i].text, &diags);
        size_t count = 0;
        while (count < file->unit_count && file->units[count].kind == UNIT_PARSER_DIRECTIVE)
            count++;
        struct view syntax = file->head.syntax.ptr == NULL ? VIEW("-") : file->head.syntax;
        if (file->escape != rows[i].escape || !view_is(syntax, rows[i].syntax) ||
            count != rows[i].directives || diags.errors != 0)
            fail_msg("%s\n-- escape %c, syntax '%.*s', %zu directives, %zu errors", rows[i].text,
                     file->escape, VIEW_ARG(syntax), count, diags.errors);
    }
}

static void test_errors(void **state)
{
    static const char *const rows[][2] = {
        {"# escape=x\nFROM x", "escape-value"},
        {"# escape=``\nFROM x", "escape-value"},
        {"# escape= \nFROM x", "escape-value"},
        {"# syntax=a\n# syntax=b\nFROM x", "repeated-parser-directive"},
        {"# escape=`\n# ESCAPE=`\nFROM x", "repeated-parser-directive"},
        {"# check=a\n# check=a\nFROM x", "repeated-parser-directive"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag_list diags;
        parse(*state, rows[i][0], &diags);
        if (diags.errors != 1 || strcmp(diags.all.items[0]->code, rows[i][1]) != 0)
            fail_msg("%s\n-- %zu errors", rows[i][0], diags.errors);
    }
}

static void test_places(void **state)
{
    struct diag_list diags;
    const char *text = "\xef\xbb\xbf# syntax = a/b \n# escape=\\\nFROM x";
    struct file *file = parse(*state, text, &diags);
    assert_view(file->head.syntax, "a/b");
    assert_int_equal(file->head.syntax_at, strlen("\xef\xbb\xbf# syntax = "));
    assert_int_equal(file->head.after_bom, 3);
    assert_int_equal(file->head.body_begin, strlen("\xef\xbb\xbf# syntax = a/b \n# escape=\\\n"));
    assert_true(file->head.has_escape);
    assert_false(file->head.has_check);
}

/* DetectSyntax: what decides which frontend runs. */
static void test_detect(void **state)
{
    static const char *const rows[][2] = {
        {"FROM x", "-"},
        {"", "-"},
        {"# syntax=a/b:1\nFROM x", "a/b:1"},
        {"# escape=`\n# check=x\n# syntax=a\n", "a"},
        {"\xef\xbb\xbf# syntax=a\n", "a"},
        {"#!/usr/bin/x\n# syntax=a\n", "a"},
        {"#!/usr/bin/x", "-"},
        {"// syntax=a\n", "a"},
        {"//escape=`\n//syntax = a\n", "a"},
        {"# syntax=a b\n", "a b"},
        {"# syntax=a\r\nFROM x", "a"},
        /* not where the parser would count it, or the other way round */
        {" # syntax=a\n", "-"},
        {"\n# syntax=a\n", "-"},
        {"# comment\n# syntax=a\n", "-"},
        {"# other=1\n# syntax=a\n", "-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view found = head_detect_syntax(view_of(rows[i][0]));
        if (!view_is(found.ptr == NULL ? VIEW("-") : found, rows[i][1]))
            fail_msg("%s\n-- found '%.*s'", rows[i][0], VIEW_ARG(found));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_files),
        UNIT_TEST(test_errors),
        UNIT_TEST(test_places),
        UNIT_TEST(test_detect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
