/* The exec form: what Go's encoding/json takes for an array of strings. */
#include "json.h"
#include "unit.h"

/* Read an array; its strings, joined with '|'. */
static enum json_kind read_view(void **state, struct view text, struct view *joined)
{
    struct json_strings strings = {0};
    struct str s;
    enum json_kind kind = json_read_strings(*state, text, &strings);
    str_init(&s, *state);
    for (size_t i = 0; i < strings.count; i++) {
        str_addz(&s, i == 0 ? "" : "|");
        str_add(&s, strings.items[i]);
    }
    if (kind != JSON_STRINGS)
        assert_int_equal(strings.count, 0);
    *joined = str_view(&s);
    return kind;
}

#define assert_strings(state, text, expected)                                                      \
    do {                                                                                           \
        struct view joined_;                                                                       \
        assert_int_equal(read_view((state), VIEW(text), &joined_), JSON_STRINGS);                  \
        assert_view(joined_, expected);                                                            \
    } while (0)

static void assert_kind(void **state, const char *text, enum json_kind expected)
{
    struct view joined;
    enum json_kind kind = read_view(state, view_of(text), &joined);
    if (kind != expected)
        fail_msg("'%s': expected %d, found %d", text, (int)expected, (int)kind);
}

static void test_arrays_of_strings(void **state)
{
    assert_strings(state, "[]", "");
    assert_strings(state, "[ \t\r\n]", "");
    assert_strings(state, "[\"a\"]", "a");
    assert_strings(state, " \xc2\xa0[ \"a b\" ,\t\"\",\"c\" ] \n", "a b||c");
    assert_strings(state, "[\"\x7f\xe4\xb8\xad\"]", "\x7f\xe4\xb8\xad");
}

static void test_escapes(void **state)
{
    assert_strings(state, "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "\"\\/\b\f\n\r\t");
    assert_strings(state, "[\"\\u0041\\u00e9\\u4E2d\\u0000x\"]", "A\xc3\xa9\xe4\xb8\xad\0x");
    assert_kind(state, "[\"\\w\"]", JSON_NONE);
    assert_kind(state, "[\"\\u12g4\"]", JSON_NONE);
    assert_kind(state, "[\"\\u123\"]", JSON_NONE);
    assert_kind(state, "[\"\\'\"]", JSON_NONE);
    assert_kind(state, "[\"\\\"]", JSON_NONE);
}

static void test_surrogates(void **state)
{
    assert_strings(state, "[\"\\ud83d\\ude00\"]", "\xf0\x9f\x98\x80");
    assert_strings(state, "[\"\\ud83dx\"]", "\xef\xbf\xbdx");
    assert_strings(state, "[\"\\ude00\\ud83d\"]", "\xef\xbf\xbd\xef\xbf\xbd");
    /* What follows a lone surrogate is read on its own, and may begin a pair. */
    assert_strings(state, "[\"\\ud83d\\ud83d\\ude00\"]", "\xef\xbf\xbd\xf0\x9f\x98\x80");
    assert_strings(state, "[\"\\ud83d\\n\"]", "\xef\xbf\xbd\n");
    assert_kind(state, "[\"\\ud83d\\uzzzz\"]", JSON_NONE);
}

static void test_bytes_that_are_no_characters(void **state)
{
    assert_strings(state, "[\"a\xff\xe3\x80z\"]", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    /* A surrogate written as bytes is three wrong bytes. */
    assert_strings(state, "[\"\xed\xa0\x80\"]", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_shell_form(void **state)
{
    static const char *const texts[] = {
        "",           "a",          "\"a\"",       "null",          "{\"a\":1}", "['a']",
        "[\"a\"",     "[\"a\",]",   "[,\"a\"]",    "[\"a\" \"b\"]", "[\"a\"] x", "[\"a\"]]",
        "[\"a\tb\"]", "[\"a\nb\"]", "[\"a\x01\"]", "[\f\"a\"]",     "[\v]",      "[",
        "[\"",        "[tru]",      "[nul",        "[\xc2\xa0]",    "[True]",    "[\"a\";]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_kind(state, texts[i], JSON_NONE);
    struct view joined;
    assert_int_equal(read_view(state, VIEW("[\"a\0\"]"), &joined), JSON_NONE);
    assert_int_equal(read_view(state, VIEW("[]\0"), &joined), JSON_NONE);
}

static void test_other_elements(void **state)
{
    static const char *const texts[] = {
        "[1]",        "[\"a\",1]",
        "[null]",     "[true,\"a\"]",
        "[[\"a\"]]",  "[{}]",
        "[[]]",       "[\"a\",{\"b\":[1,{\"c\":null}]}]",
        "[-0.5e+10]", "[{\"a\" : \"b\" , \"c\":[ ] }]",
        "[0]",        "[-1]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_kind(state, texts[i], JSON_OTHER);
}

static void test_objects_are_validated(void **state)
{
    static const char *const texts[] = {
        "[{]",     "[{\"a\"}]",           "[{\"a\":}]",  "[{\"a\":1,}]", "[{a:1}]",
        "[{1:1}]", "[{\"a\":1 \"b\":2}]", "[{\"a\":1]}", "[[}]",         "[{\"\\x\":1}]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_kind(state, texts[i], JSON_NONE);
}

static void test_numbers(void **state)
{
    static const char *const bad[] = {"[01]",  "[-]",   "[+1]",  "[.5]",  "[1.]",       "[1e]",
                                      "[1e+]", "[0x1]", "[1_0]", "[NaN]", "[Infinity]", "[--1]"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_kind(state, bad[i], JSON_NONE);
    /* Beyond a double's range Go refuses the array; too small a number is 0. */
    assert_kind(state, "[1e308]", JSON_OTHER);
    assert_kind(state, "[1e309]", JSON_NONE);
    assert_kind(state, "[[-1.8e308]]", JSON_NONE);
    assert_kind(state, "[1e99999999999999999999]", JSON_NONE);
    assert_kind(state, "[1e-99999999999999999999]", JSON_OTHER);
    assert_kind(state, "[0e99999999999999999999]", JSON_OTHER);
    assert_kind(state, "[0.001e311]", JSON_OTHER);
    assert_kind(state, "[1000e306]", JSON_NONE);
}

static struct view nested(void **state, size_t depth)
{
    struct str s;
    str_init(&s, *state);
    str_fill(&s, '[', depth);
    str_fill(&s, ']', depth);
    return str_view(&s);
}

static void test_nesting_is_limited_as_in_go(void **state)
{
    struct view joined;
    assert_int_equal(read_view(state, nested(state, 10000), &joined), JSON_OTHER);
    assert_int_equal(read_view(state, nested(state, 10001), &joined), JSON_NONE);
    assert_int_equal(read_view(state, nested(state, 1000000), &joined), JSON_NONE);
}

static void test_strings_are_appended(void **state)
{
    struct json_strings strings = {0};
    assert_int_equal(json_read_strings(*state, VIEW("[\"a\"]"), &strings), JSON_STRINGS);
    assert_int_equal(json_read_strings(*state, VIEW("[\"b\", 1]"), &strings), JSON_OTHER);
    assert_int_equal(json_read_strings(*state, VIEW("[\"c\", }"), &strings), JSON_NONE);
    assert_int_equal(json_read_strings(*state, VIEW("[\"d\"]"), &strings), JSON_STRINGS);
    assert_int_equal(strings.count, 2);
    assert_view(strings.items[0], "a");
    assert_view(strings.items[1], "d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_arrays_of_strings),
        UNIT_TEST(test_escapes),
        UNIT_TEST(test_surrogates),
        UNIT_TEST(test_bytes_that_are_no_characters),
        UNIT_TEST(test_shell_form),
        UNIT_TEST(test_other_elements),
        UNIT_TEST(test_objects_are_validated),
        UNIT_TEST(test_numbers),
        UNIT_TEST(test_nesting_is_limited_as_in_go),
        UNIT_TEST(test_strings_are_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
