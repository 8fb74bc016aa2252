/* Paths as text. The results end in a NUL byte, since callbacks take them as C strings. */
#include "path.h"
#include "unit.h"

static void test_join(void **state)
{
    static const char *const cases[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"},        {".", "b", "b"},
        {"", "b", "b"},    {"a", "/b", "/b"},  {"a", "../b", "a/../b"}, {"..", ".", "../."},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct view path = path_join(*state, view_of(cases[i][0]), view_of(cases[i][1]));
        assert_string_equal(path.ptr, cases[i][2]);
        assert_int_equal(path.len, strlen(cases[i][2]));
    }
}

/* The way from each directory to each path, and that it leads there. */
static void test_relative(void **state)
{
    static const char *const cases[][3] = {
        {".", "a/b", "a/b"},      {".", ".", "."},         {"a", ".", ".."},
        {"a/b", ".", "../.."},    {"a", "a", "."},         {"a/b", "a/b", "."},
        {"a/b", "a", ".."},       {"a", "a/b", "b"},       {"a/b", "a/c", "../c"},
        {"a/b", "a/bc", "../bc"}, {"a/bc", "a/b", "../b"}, {"ab", "a/b", "../a/b"},
        {"a", "ab", "../ab"},     {"a/b/c", "a", "../.."}, {"a/b/c", "a/x/y", "../../x/y"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct view from = view_of(cases[i][0]), to = view_of(cases[i][1]);
        struct view way = path_relative(*state, from, to);
        assert_string_equal(way.ptr, cases[i][2]);
        assert_int_equal(way.len, strlen(cases[i][2]));
        assert_string_equal(path_clean(*state, path_join(*state, from, way)).ptr, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_join),
        UNIT_TEST(test_relative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
