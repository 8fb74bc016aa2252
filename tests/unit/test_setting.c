/* Settings: which scope wins, and what is said about names that dfc does not have. */
#include "setting.h"
#include "unit.h"

/* A stage in a file in its surroundings, and what the command line says. */
struct scopes {
    struct map fixed;
    struct setting_scope surroundings, file, stage;
};

static void open_scopes(struct scopes *scopes)
{
    *scopes = (struct scopes){.fixed = {0}};
    scopes->file.parent = &scopes->surroundings;
    scopes->stage.parent = &scopes->file;
    scopes->file.fixed = scopes->stage.fixed = &scopes->fixed;
}

static struct view value(const struct setting_scope *scope, const char *name)
{
    const struct setting *setting = setting_find(scope, view_of(name));
    return setting == NULL ? VIEW("(none)") : setting->value;
}

static void set(void **state, struct map *map, const char *text)
{
    setting_set(*state, map, VIEW("x"), view_of(text), (struct span){NULL, 0, 0});
}

static void test_scopes(void **state)
{
    struct scopes scopes;
    open_scopes(&scopes);
    assert_view(value(&scopes.stage, "x"), "(none)");
    set(state, &scopes.surroundings.values, "of the surroundings");
    assert_view(value(&scopes.stage, "x"), "of the surroundings");
    set(state, &scopes.file.values, "of the file");
    assert_view(value(&scopes.stage, "x"), "of the file");
    set(state, &scopes.stage.values, "of the stage");
    assert_view(value(&scopes.stage, "x"), "of the stage");
    assert_view(value(&scopes.file, "x"), "of the file");
    assert_view(value(&scopes.surroundings, "x"), "of the surroundings");
    set(state, &scopes.fixed, "of an option");
    assert_view(value(&scopes.stage, "x"), "of an option");
    assert_view(value(&scopes.file, "x"), "of an option");
    assert_view(value(&scopes.stage, "y"), "(none)");
}

static void test_last_value_wins(void **state)
{
    struct scopes scopes;
    open_scopes(&scopes);
    set(state, &scopes.stage.values, "first");
    set(state, &scopes.stage.values, "second");
    set(state, &scopes.stage.values, "");
    assert_view(value(&scopes.stage, "x"), "");
    assert_non_null(setting_find(&scopes.stage, VIEW("x")));
}

static void test_origin(void **state)
{
    struct scopes scopes;
    open_scopes(&scopes);
    struct setting option = {.value = VIEW("1"), .origin = SETTING_OF_OPTION, .from = "-D"};
    setting_add(*state, &scopes.fixed, VIEW("x"), option);
    set(state, &scopes.file.values, "2");
    const struct setting *found = setting_find(&scopes.stage, VIEW("x"));
    assert_int_equal(found->origin, SETTING_OF_OPTION);
    assert_string_equal(found->from, "-D");
    assert_int_equal(((struct setting *)map_get(&scopes.file.values, VIEW("x")))->origin,
                     SETTING_OF_FILE);
    /* In order of precedence. */
    assert_true(SETTING_OF_USER < SETTING_OF_PROJECT);
    assert_true(SETTING_OF_PROJECT < SETTING_OF_ENVIRONMENT);
    assert_true(SETTING_OF_ENVIRONMENT < SETTING_OF_FILE);
    assert_true(SETTING_OF_FILE < SETTING_OF_OPTION);
}

static void test_known(void **state)
{
    (void)state;
    assert_true(setting_is_known(VIEW("dfc.mirror")));
    assert_true(setting_is_known(VIEW("dfc.auto")));
    assert_false(setting_is_known(VIEW("dfc.miror")));
    assert_false(setting_is_known(VIEW("mirror")));
    assert_false(setting_is_known(VIEW("dfc.")));
    assert_false(setting_is_known(VIEW("")));
}

static void test_unknown(void **state)
{
    static const char *const rows[][2] = {
        {"dfc.miror", "help: did you mean 'dfc.mirror'?"},
        {"mirror", "help: did you mean 'dfc.mirror'?"},
        {"dfc.synatx", "help: did you mean 'dfc.syntax'?"},
        {"auto", "help: did you mean 'dfc.auto'?"},
        {"dfc.frobnicate", ""},
        {"x", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag_list diags;
        struct str out;
        diag_list_init(&diags, *state);
        str_init(&out, *state);
        setting_report_unknown(&diags, view_of(rows[i][0]), (struct span){NULL, 0, 0});
        diag_render_all(&out, &diags, false);
        struct view expected =
            view_format(*state, "dfc: error: there is no setting '%s' [unknown-setting]\n%s%s%s",
                        rows[i][0], *rows[i][1] ? "    " : "", rows[i][1], *rows[i][1] ? "\n" : "");
        assert_string_equal(view_copy(*state, str_view(&out)).ptr, expected.ptr);
        assert_int_equal(diags.errors, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_scopes), UNIT_TEST(test_last_value_wins), UNIT_TEST(test_origin),
        UNIT_TEST(test_known),  UNIT_TEST(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
