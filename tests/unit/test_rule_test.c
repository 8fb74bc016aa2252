/* dfc test as a library: what tests/cli can't show. That two runs of a test have other hash seeds
 * and that a difference is seen, that exhausted memory is a limit, and the diffs it shows. */
#include "diff.h"
#include "lua_rig.h"

#include "dfc.h"

#include <errno.h>
#include <stdio.h>

/* ---- diffs -----------------------------------------------------------------------------------*/

static void assert_diff(struct arena *arena, const char *from, const char *to, const char *diff)
{
    struct str out;
    str_init(&out, arena);
    diff_unified(&out, view_of(from), view_of(to), "a", "b");
    if (!view_is(str_view(&out), diff))
        fail_msg("expected:\n%s\nfound:\n%.*s", diff, VIEW_ARG(str_view(&out)));
}

static void test_diffs(void **state)
{
    struct arena *arena = *state;
    assert_diff(arena, "", "", "");
    assert_diff(arena, "x\n", "x\n", "");
    assert_diff(arena, "", "x\n", "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
    assert_diff(arena, "x\ny\n", "", "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-x\n-y\n");
    assert_diff(arena, "x", "x\n",
                "--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
    assert_diff(arena, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n7\n8\n9\n",
                "--- a\n+++ b\n@@ -3,7 +3,6 @@\n 3\n 4\n 5\n-6\n 7\n 8\n 9\n");
    /* Six equal lines between two changes keep them in one hunk, seven do not. */
    assert_diff(arena, "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
                "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    assert_diff(arena, "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
                "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
                "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

/* Lines of a diff that begin with ' ' or `sign`, without that. */
static struct view side_of(struct arena *arena, struct view diff, char sign)
{
    struct str out;
    str_init(&out, arena);
    for (size_t at = 0; at < diff.len;) {
        size_t end = view_find(diff, '\n', at) + 1;
        if (diff.ptr[at] == ' ' || diff.ptr[at] == sign)
            str_add(&out, view_slice(diff, at + 1, end));
        at = end;
    }
    return str_view(&out);
}

/* Texts so short that the context of a hunk is the whole text: both sides can be read from it. */
static void test_random_diffs(void **state)
{
    struct arena *arena = *state;
    unsigned random = 1;
    for (int round = 0; round < 3000; round++) {
        struct str texts[2], out;
        for (int side = 0; side < 2; side++) {
            str_init(&texts[side], arena);
            random = random * 1103515245u + 12345u;
            for (unsigned line = (random >> 16) % 4; line > 0; line--) {
                random = random * 1103515245u + 12345u;
                str_addf(&texts[side], "%c\n", 'p' + (int)((random >> 16) % 3));
            }
        }
        str_init(&out, arena);
        diff_unified(&out, str_view(&texts[0]), str_view(&texts[1]), "a", "b");
        if (view_equal(str_view(&texts[0]), str_view(&texts[1]))) {
            assert_int_equal(out.len, 0);
            continue;
        }
        size_t hunk = view_search(str_view(&out), VIEW("\n@@")) + 1;
        size_t body = view_find(str_view(&out), '\n', hunk) + 1;
        struct view lines = view_slice(str_view(&out), body, out.len);
        assert_true(view_equal(str_view(&texts[0]), side_of(arena, lines, '-')));
        assert_true(view_equal(str_view(&texts[1]), side_of(arena, lines, '+')));
    }
}

static void test_large_diffs(void **state)
{
    struct arena *arena = *state;
    struct str from, to, out;
    str_init(&from, arena);
    str_init(&to, arena);
    str_init(&out, arena);
    for (int i = 0; i < 20000; i++) {
        str_addf(&from, "%d\n", i);
        str_addf(&to, "%d\n", -i);
    }
    diff_unified(&out, str_view(&from), str_view(&to), "a", "b");
    assert_true(view_starts(str_view(&out), "--- a\n+++ b\n@@ -1,20000 +1,20000 @@\n 0\n-1\n-2\n"));
    assert_true(view_ends(str_view(&out), "+-19998\n+-19999\n"));
}

/* ---- seeds -----------------------------------------------------------------------------------*/

static const char names_code[] = "local t = {} for i = 1, 64 do t['name' .. i] = i end return t";

/* The order in which Lua itself keeps the fields of a table. */
static struct view order_of(struct rig *rig, unsigned shift)
{
    struct arena *arena = &rig->arena;
    struct lua_limits limits = lua_default_limits();
    struct str order;
    limits.shift = shift;
    struct lua_host *host = lua_host_new(arena, &rig->diags, &limits);
    assert_non_null(host);
    assert_true(lua_host_run(host, rig_source(rig, "x.lua", names_code), 1));
    lua_State *L = lua_host_state(host);
    str_init(&order, arena);
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        str_addf(&order, "%lld ", lua_tointeger(L, -1));
        lua_pop(L, 1);
    }
    lua_host_free(host);
    return str_view(&order);
}

static void test_seeds(void **state)
{
    struct rig *rig = *state;
    struct view orders[LUA_HOST_SHIFTS];
    for (unsigned i = 0; i < LUA_HOST_SHIFTS; i++) {
        orders[i] = order_of(rig, i + 1);
        assert_true(orders[i].len > 64 * 2);
        for (unsigned k = 0; k < i; k++)
            assert_false(view_equal(orders[i], orders[k]));
    }
}

/* ---- tests -----------------------------------------------------------------------------------*/

/* Files of a test, and what it gives. */
struct bench {
    const char *rule, *tests;
    size_t rule_reads;
    size_t passed, failed, begun;
    bool limit;
    char problem[512], detail[4096];
};

static const char rule_code[] =
    "local dfc = require 'dfc.v1'\n"
    "dfc.directive 'greet' {\n"
    "  summary = 'x', examples = { '@greet' },\n"
    "  expand = function() return dfc.run { cmds = { 'echo N' } } end,\n"
    "}\n";

static const char test_code[] =
    "local dfc = require 'dfc.v1'\n"
    "dfc.test 'greet' {\n"
    "  { name = 'one', input = '@greet', output = '# @greet\\nRUN echo N' },\n"
    "}\n";

static int read_file(void *context, const char *beneath, const char *path, size_t limit,
                     char **text, size_t *length)
{
    struct bench *bench = context;
    const char *found = strcmp(path, "rule.lua") == 0        ? bench->rule
                        : strcmp(path, "rule_test.lua") == 0 ? bench->tests
                                                             : NULL;
    (void)limit;
    if (beneath != NULL || found == NULL)
        return ENOENT;
    *length = strlen(found);
    *text = malloc(*length + 1);
    assert_non_null(*text);
    memcpy(*text, found, *length + 1);
    if (found == bench->rule)
        bench->rule_reads++;
    return 0;
}

/* A rule that is another one each time that it is read: a stand-in for all that may differ. */
static int read_changing_file(void *context, const char *beneath, const char *path, size_t limit,
                              char **text, size_t *length)
{
    struct bench *bench = context;
    int error = read_file(context, beneath, path, limit, text, length);
    char *number = error == 0 ? strstr(*text, "echo N") : NULL;
    if (number != NULL && bench->rule_reads > 1)
        number[5] = (char)('0' + bench->rule_reads % 10);
    return error;
}

static void on_begin(void *context, const char *file, const char *name)
{
    struct bench *bench = context;
    assert_non_null(file);
    bench->begun += name != NULL;
}

static void on_result(void *context, const struct dfc_test_result *result)
{
    struct bench *bench = context;
    bench->passed += result->problem == NULL;
    if (result->problem == NULL)
        return;
    bench->failed++;
    bench->limit = result->limit;
    snprintf(bench->problem, sizeof(bench->problem), "%s:%zu: %s", result->file, result->line,
             result->problem);
    assert_int_equal(strlen(result->detail), result->detail_length);
    snprintf(bench->detail, sizeof(bench->detail), "%s", result->detail);
}

static const char *const rules[] = {"rule.lua"};

static void bench_init(struct bench *bench, struct dfc_config *config, struct dfc_tests *tests)
{
    *bench = (struct bench){.rule = rule_code, .tests = test_code};
    *config = dfc_default_config();
    config->rules = rules;
    config->rules_count = 1;
    config->read_file = read_file;
    config->context = bench;
    *tests = (struct dfc_tests){
        .config = config, .begin = on_begin, .result = on_result, .context = bench};
}

static void test_pass(void **state)
{
    struct bench bench;
    struct dfc_config config;
    struct dfc_tests tests;
    (void)state;
    bench_init(&bench, &config, &tests);
    assert_int_equal(dfc_test_examples(&tests, NULL), DFC_OK);
    assert_int_equal(bench.passed, 1);
    assert_int_equal(dfc_test_file(&tests, "rule_test.lua"), DFC_OK);
    assert_int_equal(bench.passed, 2);
    assert_int_equal(bench.failed, 0);
    assert_int_equal(bench.begun, 2);
    tests.begin = NULL;
    assert_int_equal(dfc_test_file(&tests, "rule_test.lua"), DFC_OK);
    assert_int_equal(bench.passed, 3);
}

static void test_not_the_same(void **state)
{
    struct bench bench;
    struct dfc_config config;
    struct dfc_tests tests;
    (void)state;
    bench_init(&bench, &config, &tests);
    config.read_file = read_changing_file;
    assert_int_equal(dfc_test_examples(&tests, NULL), DFC_OK);
    assert_int_equal(bench.failed, 1);
    assert_string_equal(bench.problem, "rule.lua:2: the output is not the same each time");
    assert_string_equal(bench.detail, "--- with one hash seed\n+++ with another\n@@ -2,4 +2,4 @@\n"
                                      " #\n FROM debian:12\n # @greet\n-RUN echo 2\n+RUN echo 3\n");
    /* What comes out is a test's, so the second one is not compared with it. */
    bench_init(&bench, &config, &tests);
    config.read_file = read_changing_file;
    bench.tests = "local dfc = require 'dfc.v1'\n"
                  "dfc.test 'greet' { { name = 'one', input = '@greet',"
                  " output = '# @greet\\nRUN echo 2' } }\n";
    assert_int_equal(dfc_test_file(&tests, "rule_test.lua"), DFC_OK);
    assert_string_equal(bench.problem, "rule_test.lua:2: the output is not the same each time");
    struct dfc_golden golden = {.path = "dir/x.in", .name = "x.in", .directory = "dir"};
    golden.text = "FROM alpine\n@greet\n";
    golden.length = strlen(golden.text);
    golden.output = "# Code generated by dfc from x.in; DO NOT EDIT.\n#\nFROM alpine\n# @greet\n"
                    "RUN echo 4\n";
    golden.output_length = strlen(golden.output);
    assert_int_equal(bench.rule_reads, 3);
    assert_int_equal(dfc_test_golden(&tests, &golden), DFC_OK);
    assert_string_equal(bench.problem, "dir/x.in:0: the output is not the same each time");
}

static void test_memory(void **state)
{
    struct bench bench;
    struct dfc_config config;
    struct dfc_tests tests;
    (void)state;
    bench_init(&bench, &config, &tests);
    config.memory_limit = 64 * 1024;
    assert_int_equal(dfc_test_examples(&tests, NULL), DFC_OK);
    assert_int_equal(bench.failed, 1);
    assert_true(bench.limit);
    assert_string_equal(bench.problem, "rule.lua:2: the example does not compile");
    assert_string_equal(bench.detail, "dfc: error: not enough memory\n");
    assert_int_equal(dfc_test_file(&tests, "rule_test.lua"), DFC_OK);
    assert_int_equal(bench.failed, 2);
    assert_true(bench.limit);
    assert_string_equal(bench.problem, "rule_test.lua:3: it does not compile");
    /* A case that expects an error does not pass for that. */
    bench.tests = "local dfc = require 'dfc.v1'\n"
                  "dfc.test 'greet' { { name = 'one', input = '@greet', errors = { 'x' } } }\n";
    assert_int_equal(dfc_test_file(&tests, "rule_test.lua"), DFC_OK);
    assert_int_equal(bench.failed, 3);
    assert_int_equal(bench.passed, 0);
}

static void test_unreadable(void **state)
{
    struct bench bench;
    struct dfc_config config;
    struct dfc_tests tests;
    static const char *const no_rules[] = {"none.lua"};
    (void)state;
    bench_init(&bench, &config, &tests);
    assert_int_equal(dfc_test_file(&tests, "none_test.lua"), DFC_IO);
    assert_int_equal(bench.failed, 1);
    config.rules = no_rules;
    assert_int_equal(dfc_test_file(&tests, "rule_test.lua"), DFC_IO);
    assert_int_equal(dfc_test_examples(&tests, NULL), DFC_IO);
    assert_int_equal(bench.failed, 3);
    assert_int_equal(bench.passed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_diffs),         UNIT_TEST(test_random_diffs),
        UNIT_TEST(test_large_diffs),   LUA_TEST(test_seeds),
        cmocka_unit_test(test_pass),   cmocka_unit_test(test_not_the_same),
        cmocka_unit_test(test_memory), cmocka_unit_test(test_unreadable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
