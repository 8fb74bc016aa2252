/* Diagnostics as a reader sees them, to the byte. */
#include "diag.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct source *source;
    struct diag_list list;
};

static void fixture_init(struct fixture *f, void **state, const char *name, struct view text)
{
    f->arena = *state;
    f->source = source_new(f->arena, name, text);
    diag_list_init(&f->list, f->arena);
}

static struct span at(const struct fixture *f, size_t begin, size_t end)
{
    return (struct span){f->source, begin, end};
}

static struct view render(struct fixture *f)
{
    struct str out;
    str_init(&out, f->arena);
    diag_render_all(&out, &f->list, false);
    return str_view(&out);
}

static void test_error_with_caret_and_hints(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "Dockerfile.in", VIEW("FROM alpine\nRUN --muont=type=cache x\n"));
    struct diag *diag = diag_add(&f.list, DIAG_ERROR, "unknown-flag", at(&f, 16, 34),
                                 "RUN has no flag '%s'", "--muont");
    diag_note(diag, "flags of RUN: %d", 4);
    diag_help(diag, "write '--mount'");
    assert_view(render(&f), "Dockerfile.in:2:5: error: RUN has no flag '--muont' [unknown-flag]\n"
                            "    RUN --muont=type=cache x\n"
                            "        ^~~~~~~~~~~~~~~~~~\n"
                            "    note: flags of RUN: 4\n"
                            "    help: write '--mount'\n");
}

static void test_levels_are_counted(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("x"));
    diag_add(&f.list, DIAG_NOTE, NULL, at(&f, 0, 1), "one");
    diag_add(&f.list, DIAG_WARNING, "w", at(&f, 0, 1), "two");
    diag_add(&f.list, DIAG_ERROR, "e", at(&f, 0, 1), "three");
    diag_add(&f.list, DIAG_ERROR, "e", at(&f, 0, 1), "four");
    assert_int_equal(f.list.warnings, 1);
    assert_int_equal(f.list.errors, 2);
    assert_view(render(&f), "f:1:1: note: one\n    x\n    ^\n"
                            "f:1:1: warning: two [w]\n    x\n    ^\n"
                            "f:1:1: error: three [e]\n    x\n    ^\n"
                            "f:1:1: error: four [e]\n    x\n    ^\n");
}

static void test_without_a_place(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("x"));
    struct diag *diag =
        diag_add(&f.list, DIAG_ERROR, "limit", (struct span){NULL, 0, 0}, "too much");
    diag_help(diag, "split the file");
    assert_view(render(&f), "dfc: error: too much [limit]\n    help: split the file\n");
}

/* A tab reaches to the next multiple of 8, counted from the first column of the source line. */
static void test_caret_under_tabs(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("\tRUN\tfoo\tbar\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 5, 8), "here");
    assert_view(render(&f), "f:1:6: error: here\n"
                            "            RUN     foo     bar\n"
                            "                    ^~~\n");
}

static void test_caret_under_wide_characters(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("RUN \xe4\xb8\xad\xe6\x96\x87 xy\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 11, 13), "behind them");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 4, 7), "on the first");
    assert_view(render(&f), "f:1:5: error: on the first\n"
                            "    RUN \xe4\xb8\xad\xe6\x96\x87 xy\n"
                            "        ^~\n"
                            "f:1:8: error: behind them\n"
                            "    RUN \xe4\xb8\xad\xe6\x96\x87 xy\n"
                            "             ^~\n");
}

static void test_caret_under_combining_characters(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("e\xcc\x81x\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 3, 4), "x");
    assert_view(render(&f), "f:1:3: error: x\n"
                            "    e\xcc\x81x\n"
                            "     ^\n");
}

/* What could move the cursor, change colours or turn text around must not reach a terminal. */
static void test_control_characters_are_replaced(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "a\033[2Jb", VIEW("RUN \033[31m\177\xe2\x80\xae\xc2\x9b\xff x\n"));
    struct diag *diag = diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 17, 18), "bell \a");
    diag_help(diag, "\xe2\x81\xa6tab\t");
    assert_view(render(&f), "a?[2Jb:1:15: error: bell ?\n"
                            "    RUN ?[31m???? x\n"
                            "                  ^\n"
                            "    help: ?tab?\n");
}

static void test_message_of_several_lines_is_indented(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("x\n"));
    struct diag *diag = diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 0, 1), "one\ntwo");
    diag_help(diag, "write\n  this");
    assert_view(render(&f), "f:1:1: error: one\n    two\n    x\n    ^\n"
                            "    help: write\n      this\n");
}

static void test_end_of_line_and_spans_of_several_lines(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("RUN a \\\n  b\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 11, 11), "something must follow");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 4, 11), "two lines");
    assert_view(render(&f), "f:1:5: error: two lines\n"
                            "    RUN a \\\n"
                            "        ^~~\n"
                            "f:2:4: error: something must follow\n"
                            "      b\n"
                            "       ^\n");
}

static void test_empty_lines_have_no_caret(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("FROM a\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 7, 7), "the file ends here");
    assert_view(render(&f), "f:2:1: error: the file ends here\n");
    fixture_init(&f, state, "f", VIEW(""));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 0, 0), "nothing");
    assert_view(render(&f), "f:1:1: error: nothing\n");
}

static void test_byte_order_mark_is_not_shown(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f",
                 VIEW("\xef\xbb\xbf"
                      "FORM a\r\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 3, 7), "unknown");
    assert_view(render(&f), "f:1:1: error: unknown\n    FORM a\n    ^~~~\n");
}

static void test_order_is_that_of_the_source(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "main", VIEW("a\nb\nc\n"));
    struct source *other = source_new(f.arena, "included", VIEW("z\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 4, 5), "third");
    diag_add(&f.list, DIAG_ERROR, NULL, (struct span){other, 0, 1}, "of the other file");
    diag_add(&f.list, DIAG_WARNING, NULL, at(&f, 0, 1), "first");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 2, 3), "second");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 2, 2), "second, found later");
    assert_view(render(&f), "main:1:1: warning: first\n    a\n    ^\n"
                            "main:2:1: error: second\n    b\n    ^\n"
                            "main:2:1: error: second, found later\n    b\n    ^\n"
                            "main:3:1: error: third\n    c\n    ^\n"
                            "included:1:1: error: of the other file\n    z\n    ^\n");
}

static void test_duplicates_are_shown_once(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("a\nb\n"));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 0, 1), "same");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 2, 3), "same");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 0, 1), "same");
    diag_add(&f.list, DIAG_WARNING, NULL, at(&f, 0, 1), "same");
    assert_view(render(&f), "f:1:1: error: same\n    a\n    ^\n"
                            "f:1:1: warning: same\n    a\n    ^\n"
                            "f:2:1: error: same\n    b\n    ^\n");
}

static void test_color(void **state)
{
    struct fixture f;
    fixture_init(&f, state, "f", VIEW("ab\n"));
    struct diag *diag = diag_add(&f.list, DIAG_ERROR, "c", at(&f, 0, 2), "m");
    diag_help(diag, "h");
    struct str out;
    str_init(&out, f.arena);
    diag_render(&out, diag, true);
    assert_view(str_view(&out), "\033[1mf:1:1:\033[0m \033[1;31merror:\033[0m m [c]\n"
                                "    ab\n"
                                "    \033[1;31m^~\033[0m\n"
                                "    \033[1mhelp:\033[0m h\n");
}

/* A line of a megabyte may not fill the terminal. */
static void test_long_lines_are_cut(void **state)
{
    struct fixture f;
    struct str text;
    str_init(&text, *state);
    str_fill(&text, 'x', 1024 * 1024);
    fixture_init(&f, state, "f", str_view(&text));
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 10, 1000000), "long");
    diag_add(&f.list, DIAG_ERROR, NULL, at(&f, 1000000, 1000001), "far");
    struct view shown = render(&f);
    assert_true(shown.len < 20000);
    assert_true(view_search(shown, VIEW("f:1:1000001: error: far\n")) < shown.len);
}

static struct view closest(const char *word)
{
    static const struct view names[] = {
        {"mount", 5}, {"network", 7}, {"security", 8}, {"device", 6}, {"run", 3},
    };
    return diag_closest(view_of(word), names, sizeof(names) / sizeof(names[0]));
}

static void test_closest_name(void **state)
{
    (void)state;
    assert_view(closest("mont"), "mount");
    assert_view(closest("muont"), "mount");
    assert_view(closest("netwrok"), "network");
    assert_view(closest("securtiy"), "security");
    assert_view(closest("device"), "device");
    assert_view(closest("rnu"), "run");
    assert_view(closest("x"), "");
    assert_view(closest("platform"), "");
    assert_view(closest(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_error_with_caret_and_hints),
        UNIT_TEST(test_levels_are_counted),
        UNIT_TEST(test_without_a_place),
        UNIT_TEST(test_caret_under_tabs),
        UNIT_TEST(test_caret_under_wide_characters),
        UNIT_TEST(test_caret_under_combining_characters),
        UNIT_TEST(test_control_characters_are_replaced),
        UNIT_TEST(test_message_of_several_lines_is_indented),
        UNIT_TEST(test_end_of_line_and_spans_of_several_lines),
        UNIT_TEST(test_empty_lines_have_no_caret),
        UNIT_TEST(test_byte_order_mark_is_not_shown),
        UNIT_TEST(test_order_is_that_of_the_source),
        UNIT_TEST(test_duplicates_are_shown_once),
        UNIT_TEST(test_color),
        UNIT_TEST(test_long_lines_are_cut),
        cmocka_unit_test(test_closest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
