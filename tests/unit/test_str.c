/* Views and growing strings. */
#include "unit.h"

static void test_view_comparisons(void **state)
{
    (void)state;
    assert_true(view_equal(VIEW("abc"), VIEW("abc")));
    assert_false(view_equal(VIEW("abc"), VIEW("abd")));
    assert_false(view_equal(VIEW("abc"), VIEW("ab")));
    assert_true(view_equal((struct view){NULL, 0}, VIEW("")));
    assert_true(view_is(VIEW("run"), "run"));
    assert_false(view_is(VIEW("run\0"), "run"));
    assert_true(view_starts(VIEW("--from=x"), "--"));
    assert_false(view_starts(VIEW("-"), "--"));
    assert_true(view_starts(VIEW(""), ""));
    assert_true(view_ends(VIEW("Dockerfile.in"), ".in"));
    assert_false(view_ends(VIEW("in"), ".in"));
}

static void test_view_case(void **state)
{
    (void)state;
    assert_true(view_is_nocase(VIEW("WorkDir"), "workdir"));
    assert_false(view_is_nocase(VIEW("workdi"), "workdir"));
    /* The Kelvin sign is a letter k only in Unicode's tables. */
    assert_false(view_is_nocase(VIEW("wor\xe2\x84\xaa"), "work"));
    /* 'Z' + 1 and 'z' + 1 differ by the same bit as letters do. */
    assert_false(view_is_nocase(VIEW("["), "{"));
    assert_false(view_is_nocase(VIEW("@"), "`"));
}

static void test_view_order_is_that_of_bytes(void **state)
{
    (void)state;
    assert_int_equal(view_compare(VIEW("abc"), VIEW("abc")), 0);
    assert_true(view_compare(VIEW("ab"), VIEW("abc")) < 0);
    assert_true(view_compare(VIEW("abc"), VIEW("ab")) > 0);
    assert_true(view_compare(VIEW("a"), VIEW("\xc3\xa9")) < 0);
    assert_true(view_compare((struct view){NULL, 0}, VIEW("a")) < 0);
}

static void test_view_find(void **state)
{
    (void)state;
    struct view text = VIEW("a=b=c");
    assert_int_equal(view_find(text, '=', 0), 1);
    assert_int_equal(view_find(text, '=', 2), 3);
    assert_int_equal(view_find(text, '=', 4), text.len);
    assert_int_equal(view_find(text, '=', 100), text.len);
    assert_int_equal(view_find((struct view){NULL, 0}, '=', 0), 0);
}

static void test_view_search(void **state)
{
    (void)state;
    struct view text = VIEW("RUN <cat <<EOF");
    assert_int_equal(view_search(text, VIEW("<<")), 9);
    assert_int_equal(view_search(text, VIEW("<<EOF!")), text.len);
    assert_int_equal(view_search(text, VIEW("RUN")), 0);
    assert_int_equal(view_search(text, VIEW("EOF")), 11);
    assert_int_equal(view_search(text, VIEW("")), 0);
    assert_int_equal(view_search(VIEW("<"), VIEW("<<")), 1);
    assert_int_equal(view_search(VIEW("aab"), VIEW("ab")), 1);
}

static void test_view_copy_terminates(void **state)
{
    struct view part = view_slice(VIEW("from alpine"), 0, 4);
    struct view copy = view_copy(*state, part);
    assert_view(copy, "from");
    assert_int_equal(copy.ptr[copy.len], '\0');
    assert_ptr_not_equal(copy.ptr, part.ptr);
}

static void test_str_grows_and_terminates(void **state)
{
    struct str text;
    str_init(&text, *state);
    assert_view(str_view(&text), "");
    for (int i = 0; i < 1000; i++) {
        str_addc(&text, 'x');
        assert_int_equal(text.ptr[text.len], '\0');
    }
    assert_int_equal(text.len, 1000);
    assert_int_equal(strspn(text.ptr, "x"), 1000);
}

static void test_str_parts(void **state)
{
    struct str text;
    str_init(&text, *state);
    str_addz(&text, "a");
    str_add(&text, VIEW("b\0c"));
    str_fill(&text, '.', 3);
    str_fill(&text, '!', 0);
    str_addf(&text, "%d-%s", 7, "z");
    str_addf(&text, "%s", "");
    assert_view(str_view(&text), "ab\0c...7-z");
}

static void test_long_formats(void **state)
{
    struct str text;
    str_init(&text, *state);
    str_addf(&text, "<%5000s>", "x");
    assert_int_equal(text.len, 5002);
    assert_int_equal(text.ptr[5001], '>');
    assert_view(view_format(*state, "%.*s=%zu", VIEW_ARG(VIEW("key")), (size_t)12), "key=12");
}

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(view_distance(VIEW("mount"), VIEW("mount"), 3), 0);
    assert_int_equal(view_distance(VIEW("mont"), VIEW("mount"), 3), 1);
    assert_int_equal(view_distance(VIEW("mounts"), VIEW("mount"), 3), 1);
    assert_int_equal(view_distance(VIEW("moumt"), VIEW("mount"), 3), 1);
    /* Neighbours that changed places count once. */
    assert_int_equal(view_distance(VIEW("muont"), VIEW("mount"), 3), 1);
    assert_int_equal(view_distance(VIEW("kitten"), VIEW("sitting"), 5), 3);
    assert_int_equal(view_distance(VIEW(""), VIEW("abc"), 5), 3);
}

static void test_distance_is_limited(void **state)
{
    (void)state;
    char long_word[65];
    memset(long_word, 'a', sizeof(long_word));
    struct view word = {long_word, sizeof(long_word)};
    assert_int_equal(view_distance(VIEW("abcdef"), VIEW("uvwxyz"), 2), 3);
    assert_int_equal(view_distance(word, word, 2), 3);
    word.len = 64;
    assert_int_equal(view_distance(word, word, 2), 0);
}

static void test_character_sets(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        bool blank = c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == ' ';
        assert_int_equal(is_blank((char)c), blank);
        assert_int_equal(is_digit((char)c), c >= '0' && c <= '9');
        assert_int_equal(is_alpha((char)c), (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_comparisons),
        cmocka_unit_test(test_view_case),
        cmocka_unit_test(test_view_order_is_that_of_bytes),
        cmocka_unit_test(test_view_find),
        cmocka_unit_test(test_view_search),
        UNIT_TEST(test_view_copy_terminates),
        UNIT_TEST(test_str_grows_and_terminates),
        UNIT_TEST(test_str_parts),
        UNIT_TEST(test_long_formats),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_distance_is_limited),
        cmocka_unit_test(test_character_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
