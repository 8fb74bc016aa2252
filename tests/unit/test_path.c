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

/* As Go's path.Clean; the rows are those of its own test that a Dockerfile can have. */
static void test_clean(void **state)
{
    static const char *const cases[][2] = {
        {"", "."},
        {"abc", "abc"},
        {"abc/def", "abc/def"},
        {".", "."},
        {"..", ".."},
        {"../..", "../.."},
        {"/abc", "/abc"},
        {"/", "/"},
        {"abc/", "abc"},
        {"../../", "../.."},
        {"abc//def//ghi", "abc/def/ghi"},
        {"//abc", "/abc"},
        {"///abc", "/abc"},
        {"abc/./def", "abc/def"},
        {"/./abc/def", "/abc/def"},
        {"abc/.", "abc"},
        {"abc/def/../ghi", "abc/ghi"},
        {"abc/def/../../../ghi", "../ghi"},
        {"/abc/def/../../..", "/"},
        {"abc/../../././../def", "../../def"},
        {"/../abc", "/abc"},
        {"a/../.", "."},
        {"...", "..."},
        {"a b/$X", "a b/$X"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct view clean = path_clean(*state, view_of(cases[i][0]));
        assert_string_equal(clean.ptr, cases[i][1]);
        assert_int_equal(clean.len, strlen(cases[i][1]));
        assert_string_equal(path_clean(*state, clean).ptr, cases[i][1]);
    }
}

static void test_parts(void **state)
{
    static const char *const cases[][3] = {
        {"a", ".", "a"},    {"a/b", "a", "b"}, {"/a", "/", "a"}, {"/a/b/c", "/a/b", "c"},
        {"a//b", "a", "b"}, {"a/", "a", ""},   {"/", "/", ""},   {"", ".", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct view path = view_of(cases[i][0]);
        if (!view_is(path_directory(path), cases[i][1]) || !view_is(path_base(path), cases[i][2]))
            fail_msg("'%s': '%.*s' and '%.*s'", cases[i][0], VIEW_ARG(path_directory(path)),
                     VIEW_ARG(path_base(path)));
    }
}

static void test_beneath(void **state)
{
    (void)state;
    assert_true(path_is_beneath(VIEW("/a"), VIEW("/a")));
    assert_true(path_is_beneath(VIEW("/a/b"), VIEW("/a")));
    assert_true(path_is_beneath(VIEW("/a"), VIEW("/")));
    assert_true(path_is_beneath(VIEW("/"), VIEW("/")));
    assert_false(path_is_beneath(VIEW("/ab"), VIEW("/a")));
    assert_false(path_is_beneath(VIEW("/a"), VIEW("/a/b")));
    assert_false(path_is_beneath(VIEW("/b"), VIEW("/a")));
    assert_true(path_is_beneath(VIEW("a/b"), VIEW("a")));
}

static void test_escapes(void **state)
{
    static const char *const outside[] = {"..", "../a",   "a/../..",  "/",
                                          "/a", "./../x", "a/../../b"};
    static const char *const inside[] = {"", ".", "a", "a/..", "..a", "a/../b", "./a/b/../.."};
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
        if (!path_escapes(*state, view_of(outside[i])))
            fail_msg("'%s' leads out", outside[i]);
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
        if (path_escapes(*state, view_of(inside[i])))
            fail_msg("'%s' stays inside", inside[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_clean),   UNIT_TEST(test_parts), UNIT_TEST(test_beneath),
        UNIT_TEST(test_escapes), UNIT_TEST(test_join),  UNIT_TEST(test_relative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
