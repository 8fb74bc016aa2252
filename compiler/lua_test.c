/* dfc.test: cases for a directive or a rewrite, and what rule_test.c asks of the API. */
#include "lua_api_internal.h"
#include "path.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What dfc.test "NAME" is about. */
struct tested {
    struct view name;
    struct view image; /* for cases that name none */
    bool is_rewrite;
    struct span at;  /* of the declaration */
    size_t searched; /* offset in its file behind the last case */
};

/* Settings that the whole of a dfc.test gives, and each of its cases may give again. */
#define SETTING_NAMES "from", "mirror", "builder", "footprint", "syntax", "auto", "files"

/* ---- mistakes in a file of tests: each is a finding, and the other cases are run all the same */

static void complain(lua_State *L, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(lua_State *L, struct span at, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    diag_add(api_of(L)->diags, DIAG_ERROR, "test-case", at, "%s", message);
}

static void complain_unknown(lua_State *L, const struct tested *tested)
{
    struct api *api = api_of(L);
    struct name_list names = {0};
    api_directive_names(api, &names);
    rule_files_add_names(api->files, STDLIB_REWRITE, &names);
    for (size_t i = 0; i < api->rules.rewrites.count; i++)
        VEC_PUSH(api->arena, &names, api->rules.rewrites.items[i].key);
    struct view close = diag_closest(tested->name, names.items, names.count);
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "test-case", tested->at,
                                 "there is no directive or rewrite '%.*s'", VIEW_ARG(tested->name));
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
}

/* ---- the rule */

static const struct rewrite *find_rewrite(struct api *api, struct view name)
{
    struct rule_file *file = rule_files_find(api->files, STDLIB_REWRITE, name);
    if (file != NULL && map_find(&api->rules.rewrites, name) == NULL)
        api_load(api, file);
    return map_get(&api->rules.rewrites, name);
}

static bool find_tested(lua_State *L, struct tested *tested)
{
    struct api *api = api_of(L);
    bool failed;
    const struct rule *rule = api_find_rule(api, tested->name, &failed);
    if (failed)
        lua_host_stop(L);
    if (rule != NULL) {
        tested->image = test_default_image(rule->needs_family, rule->examples_from);
        return true;
    }
    const struct rewrite *rewrite = find_rewrite(api, tested->name);
    if (rewrite == NULL) {
        complain_unknown(L, tested);
        return false;
    }
    tested->is_rewrite = true;
    tested->image = test_default_image(rewrite->needs_family, VIEW(""));
    return true;
}

/* ---- settings */

static bool is_context_path(struct arena *arena, struct view path)
{
    return path.len > 0 && path.ptr[0] != '/' && view_equal(path_clean(arena, path), path) &&
           !path_escapes(arena, path) && !view_is(path, ".");
}

static void read_files(const struct fields *fields, struct test_file_list *files)
{
    lua_State *L = fields->L;
    struct api *api = api_of(L);
    if (!fields_push(fields, "files", LUA_TTABLE))
        return;
    int table = lua_gettop(L);
    *files = (struct test_file_list){0};
    lua_host_push_keys(L, table);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, table + 1); i++) {
        lua_geti(L, table + 1, i);
        if (lua_type(L, -1) != LUA_TSTRING)
            fields_error(fields, "files", "must be a table of [PATH] = TEXT");
        struct view path = api_text(L, -1);
        if (!is_context_path(api->arena, path))
            fields_error(fields, "files", "names '%.100s': a path in the build context is expected",
                         path.ptr);
        if (lua_gettable(L, table) != LUA_TSTRING)
            fields_error(fields, "files", "must give a text for '%.100s', found %s", path.ptr,
                         luaL_typename(L, -1));
        VEC_PUSH(api->arena, files, (struct test_file){path, api_text(L, -1)});
        lua_pop(L, 1);
    }
    lua_settop(L, table - 1);
}

static void read_setting(const struct fields *fields, const char *name, struct view *value)
{
    struct view text = fields_text(fields, name);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n')
            fields_error(fields, name, "must be one line");
    if (text.len > 0)
        *value = text;
}

/* What is not given stays as it is. */
static void read_settings(const struct fields *fields, struct test_case *test)
{
    read_setting(fields, "from", &test->from);
    read_setting(fields, "mirror", &test->mirror);
    read_setting(fields, "builder", &test->builder);
    read_setting(fields, "footprint", &test->footprint);
    read_setting(fields, "syntax", &test->syntax);
    read_files(fields, &test->files);
    if (fields_push(fields, "auto", LUA_TBOOLEAN)) {
        test->auto_rewrite = lua_toboolean(fields->L, -1);
        lua_pop(fields->L, 1);
    }
}

/* ---- cases */

static struct view with_newline(struct arena *arena, struct view text)
{
    if (text.len == 0 || view_ends(text, "\n"))
        return text;
    return view_format(arena, "%.*s\n", VIEW_ARG(text));
}

/* Lua does not tell where a table stands: the line of its name, when that is written as it is. The
 * cases stand in order, so the search goes on behind the last one. */
static struct span find_case(lua_State *L, struct tested *tested, struct view name)
{
    struct source *source = api_of(L)->loading->source;
    if (tested->at.source != source)
        return tested->at;
    struct view rest = view_slice(source->text, tested->searched, source->text.len);
    for (const char *quote = "\"'"; *quote != '\0'; quote++) {
        struct view quoted =
            view_format(api_of(L)->arena, "%c%.*s%c", *quote, VIEW_ARG(name), *quote);
        size_t at = view_search(rest, quoted), begin = tested->searched + at;
        lua_host_charge(L, at / 16);
        if (at == rest.len)
            continue;
        tested->searched = begin + quoted.len;
        return (struct span){source, begin, begin + quoted.len};
    }
    return tested->at;
}

static void read_expectations(const struct fields *fields, struct test_case *test)
{
    if (fields_push(fields, "output", LUA_TNONE)) {
        lua_pop(fields->L, 1);
        test->output = with_newline(api_of(fields->L)->arena, fields_text(fields, "output"));
        test->is_same = view_is(test->output, "same\n");
    } else {
        test->fails = true;
    }
    fields_names(fields, "errors", &test->errors);
    fields_names(fields, "warnings", &test->warnings);
    fields_names(fields, "notes", &test->notes);
}

static bool same_files(const struct test_file_list *a, const struct test_file_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!view_equal(a->items[i].path, b->items[i].path) ||
            !view_equal(a->items[i].text, b->items[i].text))
            return false;
    return true;
}

static bool same_input(const struct test_case *a, const struct test_case *b)
{
    return a->auto_rewrite == b->auto_rewrite && view_equal(a->input, b->input) &&
           view_equal(a->from, b->from) && view_equal(a->mirror, b->mirror) &&
           view_equal(a->builder, b->builder) && view_equal(a->footprint, b->footprint) &&
           view_equal(a->syntax, b->syntax) && same_files(&a->files, &b->files);
}

/* The case of the same input (or NULL) among those before; cases are looked up by their input. */
static const struct test_case *find_same(struct api *api, struct test_case *test)
{
    for (struct test_case *other = map_get(&api->test_inputs, test->input); other != NULL;
         other = other->next_of_input)
        if (same_input(other, test))
            return other;
    test->next_of_input = map_get(&api->test_inputs, test->input);
    map_set(api->arena, &api->test_inputs, test->input, test);
    return NULL;
}

/* Whether the case can be run; what is wrong with it was said. */
static bool check_case(lua_State *L, struct test_case *test)
{
    struct api *api = api_of(L);
    struct view key =
        view_format(api->arena, "%.*s %.*s", VIEW_ARG(test->rule), VIEW_ARG(test->name));
    size_t before = api->diags->errors;
    if (map_find(&api->test_names, key) != NULL)
        complain(L, test->at, "a case '%.*s' stands above already", VIEW_ARG(test->name));
    map_set(api->arena, &api->test_names, key, test);
    if (test->fails && test->errors.count == 0)
        complain(L, test->at, "case '%.*s' states neither output nor errors", VIEW_ARG(test->name));
    if (!test->fails && test->errors.count > 0)
        complain(L, test->at,
                 "case '%.*s' states output and errors: where there are errors, "
                 "there is no output",
                 VIEW_ARG(test->name));
    const struct test_case *same = find_same(api, test);
    if (same != NULL)
        complain(L, test->at, "case '%.*s' has the input and the settings of '%.*s'",
                 VIEW_ARG(test->name), VIEW_ARG(same->name));
    return api->diags->errors == before;
}

static void read_case(lua_State *L, struct tested *tested, const struct test_case *defaults,
                      int number)
{
    static const char *const names[] = {"name",     "input", "output",      "errors",
                                        "warnings", "notes", SETTING_NAMES, NULL};
    struct api *api = api_of(L);
    struct view what =
        view_format(api->arena, "dfc.test \"%.*s\", case %d", VIEW_ARG(tested->name), number);
    struct fields fields = fields_open(L, -1, what.ptr, names);
    struct test_case *test = ARENA_NEW(api->arena, struct test_case);
    *test = *defaults;
    test->name = fields_required_text(&fields, "name");
    test->at = find_case(L, tested, test->name);
    test->input = with_newline(api->arena, fields_required_text(&fields, "input"));
    read_settings(&fields, test);
    read_expectations(&fields, test);
    if (check_case(L, test))
        VEC_PUSH(api->arena, &api->tests, test);
}

/* Cases are the list part of the table; a key such as [7] behind a gap would not be seen. */
static int count_cases(const struct fields *fields)
{
    lua_State *L = fields->L;
    lua_Unsigned length = lua_rawlen(L, fields->table), found = 0;
    lua_pushnil(L);
    while (lua_next(L, fields->table) != 0) {
        lua_pop(L, 1);
        found += lua_type(L, -1) == LUA_TNUMBER;
    }
    if (found != length || length > TEST_CASES_MAX)
        luaL_error(L, "%s: the cases must be a list of at most %d", fields->what, TEST_CASES_MAX);
    return (int)length;
}

static void read_cases(lua_State *L, const struct fields *fields, struct tested *tested)
{
    struct test_case defaults = {
        .rule = tested->name, .from = tested->image, .auto_rewrite = tested->is_rewrite};
    read_settings(fields, &defaults);
    int count = count_cases(fields);
    if (count == 0)
        complain(L, tested->at, "there is no case for '%.*s'", VIEW_ARG(tested->name));
    for (int i = 1; i <= count; i++) {
        int top = lua_gettop(L);
        lua_geti(L, fields->table, i);
        read_case(L, tested, &defaults, i);
        lua_settop(L, top);
    }
}

int api_declare_test(lua_State *L)
{
    static const char *const names[] = {"[1]", SETTING_NAMES, NULL};
    struct api *api = api_of(L);
    if (api->loading == NULL || !api->loading->is_test)
        return luaL_error(L, "dfc.test can only be called in a file whose name ends in _test.lua");
    api_complete(L);
    struct tested tested = {.name = api_text(L, lua_upvalueindex(1)), .at = lua_host_where(L, 1)};
    struct view what = view_format(api->arena, "dfc.test \"%.*s\"", VIEW_ARG(tested.name));
    struct fields fields = fields_open(L, 1, what.ptr, names);
    tested.searched = tested.at.begin;
    if (find_tested(L, &tested))
        read_cases(L, &fields, &tested);
    return 0;
}

/* ---- for rule_test.c */

bool api_load_tests(struct api *api, struct rule_file *file, struct test_list *tests)
{
    bool good = api_load(api, file);
    *tests = api->tests;
    return good;
}

bool api_load_standard_library(struct api *api)
{
    bool good = true;
    for (size_t i = 0; i < api->files->stdlib.count; i++) {
        struct rule_file *file = rule_files_stdlib(api->files, i);
        good = (file == NULL || api_load(api, file)) && good;
    }
    return good;
}

const struct rules *api_rules(const struct api *api)
{
    return &api->rules;
}
