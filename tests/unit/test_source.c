/* From a byte to a line and a column, and back to the text of a line. */
#include "source.h"
#include "unit.h"

static void assert_position(struct source *source, size_t offset, size_t line, size_t column)
{
    struct position position = source_position(source, offset);
    assert_int_equal(position.line, line);
    assert_int_equal(position.column, column);
}

static void test_lines_and_columns(void **state)
{
    struct source *source = source_new(*state, "Dockerfile", VIEW("FROM a\nRUN b\n\nRUN c"));
    assert_position(source, 0, 1, 1);
    assert_position(source, 5, 1, 6);
    assert_position(source, 6, 1, 7); /* the line feed belongs to its line */
    assert_position(source, 7, 2, 1);
    assert_position(source, 13, 3, 1);
    assert_position(source, 14, 4, 1);
    assert_position(source, 19, 4, 6);
    assert_position(source, 1000, 4, 6);
}

static void test_byte_order_mark_has_no_column(void **state)
{
    struct source *source = source_new(*state, "Dockerfile",
                                       VIEW("\xef\xbb\xbf"
                                            "FROM a\n\xef\xbb\xbfRUN"));
    assert_position(source, 0, 1, 1);
    assert_position(source, 3, 1, 1);
    assert_position(source, 8, 1, 6);
    assert_view(source_line(source, 1), "FROM a");
    /* On a later line it is a character like any other. */
    assert_position(source, 13, 2, 2);
    assert_view(source_line(source, 2), "\xef\xbb\xbfRUN");
}

static void test_columns_count_characters(void **state)
{
    struct source *source =
        source_new(*state, "Dockerfile", VIEW("\t\tRUN\n\xe4\xb8\xad\xe6\x96\x87x\n\xff\xfey\n"));
    assert_position(source, 2, 1, 3);  /* a tab is one */
    assert_position(source, 9, 2, 2);  /* a wide character is one */
    assert_position(source, 12, 2, 3); /* x */
    assert_position(source, 16, 3, 3); /* each stray byte is one */
}

static void test_line_texts(void **state)
{
    struct source *source = source_new(*state, "Dockerfile", VIEW("a\r\n\r\nb\rc\nd"));
    assert_view(source_line(source, 1), "a");
    assert_view(source_line(source, 2), "");
    assert_view(source_line(source, 3), "b\rc"); /* a lone CR ends no line */
    assert_view(source_line(source, 4), "d");
    assert_view(source_line(source, 5), "");
    assert_view(source_line(source, 0), "");
    assert_int_equal(source_line_start(source, 1), 0);
    assert_int_equal(source_line_start(source, 3), 5);
    assert_int_equal(source_line_start(source, 4), 9);
    assert_int_equal(source_line_start(source, 5), source->text.len);
}

static void test_empty_text(void **state)
{
    struct source *source = source_new(*state, "Dockerfile", VIEW(""));
    assert_position(source, 0, 1, 1);
    assert_view(source_line(source, 1), "");
    assert_int_equal(source_line_start(source, 1), 0);
    source = source_new(*state, "Dockerfile", VIEW("\xef\xbb\xbf"));
    assert_position(source, 3, 1, 1);
    assert_view(source_line(source, 1), "");
}

static void test_end_of_text_is_the_line_behind_the_last_line_feed(void **state)
{
    struct source *source = source_new(*state, "Dockerfile", VIEW("FROM a\n"));
    assert_position(source, 7, 2, 1);
    assert_view(source_line(source, 2), "");
    assert_int_equal(source_line_start(source, 2), 7);
}

/* Every byte of a longer text, against lines counted here. */
static void test_every_offset(void **state)
{
    struct view text = VIEW("a\n\nbb\nccc\n\n\ndddd\ne");
    struct source *source = source_new(*state, "Dockerfile", text);
    size_t line = 1, column = 1;
    for (size_t at = 0; at <= text.len; at++) {
        assert_position(source, at, line, column);
        column++;
        if (at < text.len && text.ptr[at] == '\n') {
            line++;
            column = 1;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_lines_and_columns),
        UNIT_TEST(test_byte_order_mark_has_no_column),
        UNIT_TEST(test_columns_count_characters),
        UNIT_TEST(test_line_texts),
        UNIT_TEST(test_empty_text),
        UNIT_TEST(test_end_of_text_is_the_line_behind_the_last_line_feed),
        UNIT_TEST(test_every_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
