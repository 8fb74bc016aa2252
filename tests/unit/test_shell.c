/* What is told about shell text without splitting it. */
#include "shell.h"
#include "unit.h"

static void test_compound(void **state)
{
    static const struct {
        const char *text;
        bool compound;
    } rows[] = {
        {"", false},
        {"go build ./...", false},
        {"go build 'a; b' \"c && d\"", false},
        {"a \\; b \\&", false},
        {"a $X ${Y}", false},
        {"a > f 2>/dev/null", false},
        {"a < f", false},
        {"formatter a", false},
        {"{a,b}", false},
        {"iffy then", false},
        {"a && b", true},
        {"a; b", true},
        {"a | b", true},
        {"a &", true},
        {"a 2>&1", true}, /* errs on this side */
        {"a\nb", true},
        {"(a)", true},
        {"a $(b)", true},
        {"a `b`", true},
        {"a \"$(b)\"", true},
        {"a \"`b`\"", true},
        {"a '$(b)'", false},
        {"if a", true},
        {"  for x", true},
        {"while a", true},
        {"{ a", true},
        {"! a", true},
        {"time a", true},
        {"exec a", true},
        {"set -e", true},
        {"a 'unterminated && b", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (shell_is_compound(view_of(rows[i].text)) != rows[i].compound)
            fail_msg("'%s' is expected to be %s", rows[i].text,
                     rows[i].compound ? "compound" : "simple");
}

/* The word at the beginning of the text. */
static void test_word_length(void **state)
{
    static const char *const rows[][2] = {
        {"a b", "a"},
        {"a", "a"},
        {"", ""},
        {" a", ""},
        {"'a b'c d", "'a b'c"},
        {"\"a b\"c d", "\"a b\"c"},
        {"\"a \\\" b\" c", "\"a \\\" b\""},
        {"a\\ b c", "a\\ b"},
        {"a\\", "a\\"},
        {"a;b", "a"},
        {"a&&b", "a"},
        {"a|b", "a"},
        {"a(b)", "a"},
        {"a\nb", "a"},
        {"$(a b)c d", "$(a b)c"},
        {"$(a $(b c) d)e f", "$(a $(b c) d)e"},
        {"a$X b", "a$X"},
        {"'a b", "'a b"},
        {"$(a b", "$(a b"},
        {"$", "$"},
        {"a>f b", "a>f"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view text = view_of(rows[i][0]);
        size_t length = shell_word_length(text, 0);
        if (length > text.len || !view_is(view_slice(text, 0, length), rows[i][1]))
            fail_msg("'%s': length %zu", rows[i][0], length);
    }
    assert_int_equal(shell_word_length(VIEW("ab cd ef"), 3), 2);
    assert_int_equal(shell_word_length(VIEW("ab"), 2), 0);
}

static void test_assignment(void **state)
{
    static const char *const yes[] = {"A=1", "A=", "_=x", "a_1=2=3", "A='b c'"};
    static const char *const no[] = {"", "A", "=1", "1A=2", "A-B=1", "-D=1", "a.b=1", "\"A\"=1"};
    (void)state;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        if (!shell_is_assignment(view_of(yes[i])))
            fail_msg("'%s' is an assignment", yes[i]);
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        if (shell_is_assignment(view_of(no[i])))
            fail_msg("'%s' is no assignment", no[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_compound),
        UNIT_TEST(test_word_length),
        UNIT_TEST(test_assignment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
