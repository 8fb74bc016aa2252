/* The table of instructions. */
#include "keyword.h"
#include "unit.h"

static void test_find(void **state)
{
    (void)state;
    assert_int_equal(keyword_find(VIEW("run")), KEYWORD_RUN);
    assert_int_equal(keyword_find(VIEW("RUN")), KEYWORD_RUN);
    assert_int_equal(keyword_find(VIEW("rUn")), KEYWORD_RUN);
    assert_int_equal(keyword_find(VIEW("HealthCheck")), KEYWORD_HEALTHCHECK);
    assert_int_equal(keyword_find(VIEW("ru")), KEYWORD_NONE);
    assert_int_equal(keyword_find(VIEW("runs")), KEYWORD_NONE);
    assert_int_equal(keyword_find(VIEW("run\0")), KEYWORD_NONE);
    assert_int_equal(keyword_find(VIEW("")), KEYWORD_NONE);
    assert_int_equal(keyword_find(VIEW("@apt")), KEYWORD_NONE);
    /* U+212A, which some lower-case to k: BuildKit knows it no more than we do. */
    assert_int_equal(keyword_find(VIEW("\xe2\x84\xaa")), KEYWORD_NONE);
}

/* Each row is found by both of its names, which are the same but for the case. */
static void test_rows(void **state)
{
    (void)state;
    for (int i = KEYWORD_NONE + 1; i < KEYWORD_COUNT; i++) {
        const struct keyword_info *info = keyword_info((enum keyword)i);
        assert_int_equal(keyword_find(view_of(info->name)), i);
        assert_int_equal(keyword_find(view_of(info->upper)), i);
        for (size_t k = 0; info->name[k] != '\0'; k++) {
            assert_true(is_lower(info->name[k]));
            assert_int_equal(info->upper[k], info->name[k] - 'a' + 'A');
        }
    }
}

/* BuildKit's own list (frontend/dockerfile/command/command.go). */
static void test_all_instructions_are_there(void **state)
{
    static const char *const names[] = {
        "add",    "arg",   "cmd",         "copy",  "entrypoint", "env",
        "expose", "from",  "healthcheck", "label", "maintainer", "onbuild",
        "run",    "shell", "stopsignal",  "user",  "volume",     "workdir"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_not_equal(keyword_find(view_of(names[i])), KEYWORD_NONE);
    assert_int_equal(KEYWORD_COUNT - 1, sizeof(names) / sizeof(names[0]));
}

static void test_none(void **state)
{
    (void)state;
    const struct keyword_info *info = keyword_info(KEYWORD_NONE);
    assert_string_equal(info->name, "");
    assert_int_equal(info->form, FORM_IGNORED);
    assert_false(info->heredoc);
}

/* Heredocs follow these three only (parser.go, heredocDirectives). */
static void test_heredocs(void **state)
{
    (void)state;
    for (int i = KEYWORD_NONE + 1; i < KEYWORD_COUNT; i++)
        assert_int_equal(keyword_info((enum keyword)i)->heredoc,
                         i == KEYWORD_RUN || i == KEYWORD_COPY || i == KEYWORD_ADD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_find), UNIT_TEST(test_rows),     UNIT_TEST(test_all_instructions_are_there),
        UNIT_TEST(test_none), UNIT_TEST(test_heredocs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
