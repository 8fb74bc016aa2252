/* The Lua host: what can be a rule file, where errors are reported, limits, nested calls, frozen
 * views, and that exhausted memory at any point ends in a diagnostic. */
#include "lua_host_meter.h"
#include "lua_rig.h"
#include "regex.h"

#include <lauxlib.h>

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct diag *only_diag(struct rig *rig)
{
    assert_int_equal(rig->diags.all.count, 1);
    return rig->diags.all.items[0];
}

static struct position place_of(const struct diag *diag)
{
    assert_non_null(diag->at.source);
    return source_position(diag->at.source, diag->at.begin);
}

/* ---- rule files ------------------------------------------------------------------------------*/

static void test_results(void **state)
{
    struct rig *rig = *state;
    lua_State *L = lua_host_state(rig->host);
    int top = lua_gettop(L);
    assert_true(lua_host_run(rig->host, rig_source(rig, "x.lua", "return 1, 'two', {}"), 2));
    assert_int_equal(lua_gettop(L), top + 2);
    assert_int_equal(lua_tointeger(L, -2), 1);
    assert_string_equal(lua_tostring(L, -1), "two");
    lua_settop(L, top);
    assert_true(lua_host_run(rig->host, rig_source(rig, "x.lua", "return 1"), 0));
    assert_int_equal(lua_gettop(L), top);
    assert_int_equal(rig->diags.all.count, 0);
}

static void assert_bad_file(struct rig *rig, struct view text, const char *message, size_t line,
                            size_t column)
{
    rig_restart(rig);
    int top = lua_gettop(lua_host_state(rig->host));
    assert_false(lua_host_run(rig->host, source_new(&rig->arena, "x.lua", text), 1));
    assert_int_equal(lua_gettop(lua_host_state(rig->host)), top);
    struct diag *diag = only_diag(rig);
    assert_int_equal(diag->level, DIAG_ERROR);
    assert_string_equal(diag->code, "rule-file");
    if (!view_is(diag->message, message))
        fail_msg("expected '%s', found '%.*s'", message, VIEW_ARG(diag->message));
    assert_int_equal(place_of(diag).line, line);
    assert_int_equal(place_of(diag).column, column);
    assert_false(rig->diags.limit_reached);
    /* The next file is none the worse for it. */
    assert_true(rig_run(rig, "return 1"));
}

static void test_what_is_no_rule_file(void **state)
{
    assert_bad_file(*state, VIEW("\033Lua\x54\0\x19\x93\r\n\x1a\n"),
                    "this is compiled Lua, a rule file must be source text", 1, 1);
    assert_bad_file(*state, VIEW("\033"), "this is compiled Lua, a rule file must be source text",
                    1, 1);
    assert_bad_file(*state, VIEW("local x\n-- \0\n"), "a rule file can't hold a NUL byte", 2, 4);
    assert_bad_file(*state, VIEW("x = '\xff'"), "a rule file must be valid UTF-8", 1, 6);
    assert_bad_file(*state, VIEW("\n\xc3"), "a rule file must be valid UTF-8", 2, 1);
    assert_bad_file(*state, VIEW("-- \xed\xa0\x80"), "a rule file must be valid UTF-8", 1, 4);
}

static void test_size_of_a_rule_file(void **state)
{
    struct rig *rig = *state;
    struct str text;
    str_init(&text, &rig->arena);
    str_fill(&text, '\n', 256 * 1024);
    struct source *source = source_new(&rig->arena, "x.lua", str_view(&text));
    assert_true(lua_host_run(rig->host, source, 0));
    str_addc(&text, '\n');
    source = source_new(&rig->arena, "x.lua", str_view(&text));
    assert_false(lua_host_run(rig->host, source, 0));
    assert_view(only_diag(rig)->message, "a rule file may have 262144 bytes, this one has 262145");
}

static void test_odd_rule_files(void **state)
{
    struct rig *rig = *state;
    static const char *const files[] = {
        "",     "\n",           "-- no line end", "\xef\xbb\xbfreturn 1",
        "\r\n", "return 1\r\n", "\xef\xbb\xbf",   ";;;"};
    for (size_t i = 0; i < COUNT(files); i++)
        assert_true(lua_host_run(rig->host, rig_source(rig, "x.lua", files[i]), 1));
    assert_true(
        lua_host_run(rig->host, source_new(&rig->arena, "x.lua", (struct view){NULL, 0}), 1));
    assert_int_equal(rig->diags.all.count, 0);
}

static void assert_syntax(struct rig *rig, const char *text, size_t line, const char *message)
{
    rig_assert_error(rig, text, "rule-syntax", line, message, __LINE__);
}

static void test_syntax_errors(void **state)
{
    assert_syntax(*state, "local x =\n\n= 1\n", 3, "unexpected symbol near '='");
    assert_syntax(*state, "if x then\n", 2, "'end' expected (to close 'if' at line 1) near <eof>");
    assert_syntax(*state, "\xef\xbb\xbflocal", 1, "<name> expected near <eof>");
    assert_syntax(*state, "#!/usr/bin/lua\n", 1, "unexpected symbol near '#'");
    assert_syntax(*state, "x = '\n'", 1, "unfinished string near '''");
    assert_syntax(*state, "goto nowhere", 1, "no visible label 'nowhere' for");
    assert_syntax(*state, "break", 1, "break outside ");
    assert_syntax(*state, "x = 'rules/x.lua:7: y\n", 1,
                  "unfinished string near ''rules/x.lua:7: y'");
    assert_syntax(*state, "local x <const> = 1\nx = 2", 2,
                  "attempt to assign to const variable 'x'");
}

static void test_syntax_error_is_shown(void **state)
{
    struct rig *rig = *state;
    rig_run(rig, "local x = 1\n    local = 2 -- here\n");
    assert_view(rig_report(rig), "rules/x.lua:2:5: error: <name> expected near '=' [rule-syntax]\n"
                                 "        local = 2 -- here\n"
                                 "        ^~~~~~~~~~~~~~~~~\n");
}

/* "PRE UNIT UNIT … POST", as long as a rule file may be. */
static struct source *long_source(struct rig *rig, const char *pre, const char *unit,
                                  const char *post)
{
    struct str text;
    str_init(&text, &rig->arena);
    str_addz(&text, pre);
    while (text.len + strlen(unit) + strlen(post) < 256 * 1024)
        str_addz(&text, unit);
    str_addz(&text, post);
    return source_new(&rig->arena, "x.lua", str_view(&text));
}

/* Texts that keep Lua's compiler busy for seconds, or its stack. */
static void test_texts_made_to_be_slow(void **state)
{
    static const struct {
        const char *pre, *unit, *post, *message;
    } cases[] = {
        {"local a = true x = a", " and a", "",
         "too many 'and', 'or' and 'elseif' in one rule file"},
        {"local a x = a", " or a", "", "too many 'and', 'or' and 'elseif' in one rule file"},
        {"local a x = a == a", " and a==a", "", "too many 'and', 'or' and 'elseif'"},
        {"local a if a then", " elseif a then", " end", "too many 'and', 'or' and 'elseif'"},
        {"x = ", "(", "", "expressions or blocks are nested too deeply"},
        {"x = ", "{", "", "expressions or blocks are nested too deeply"},
        {"x = ", "- ", "1", "expressions or blocks are nested too deeply"},
        {"x = ", "1 ..", "1", "expressions or blocks are nested too deeply"},
        {"x = ", "1 ^", "1", "expressions or blocks are nested too deeply"},
        {"x = ", "function() return ", "1", "functions and blocks are nested too deeply"},
        {"", "do ", "", "functions and blocks are nested too deeply"},
        {"", "if x then ", "", "functions and blocks are nested too deeply"},
        {"function a() function b() function c() function d() ", "Z=Z ", "",
         "functions and blocks are nested too deeply"},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_restart(rig);
        struct source *source = long_source(rig, cases[i].pre, cases[i].unit, cases[i].post);
        assert_false(lua_host_run(rig->host, source, 0));
        if (!view_starts(only_diag(rig)->message, cases[i].message))
            fail_msg("%s: %.*s", cases[i].unit, VIEW_ARG(only_diag(rig)->message));
        assert_false(rig->diags.limit_reached);
        assert_true(rig_run(rig, "return 1"));
    }
}

/* The same words where they cost nothing. */
static void test_texts_that_only_look_slow(void **state)
{
    static const struct {
        const char *pre, *unit, *post;
    } cases[] = {
        {"", "-- and or and function do\n", ""},
        {"--[==[ ", "and or ]] function ]=] ", "]==]"},
        {"local x = [[", "and or if do [=[ ", "]]"},
        {"local x = '", "and or \\' function ", "'"},
        {"local x = \"", "and or \\\\ \\z\n   function ", "\""},
        {
            "local function f() ",
            "local a = 1 a = a + 1 ",
            " end",
        },
        {"", "do local a = 1 end if x then end while x do end repeat until x ", ""},
        {"", "local x = function() end ", ""},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_restart(rig);
        struct source *source = long_source(rig, cases[i].pre, cases[i].unit, cases[i].post);
        lua_host_run(rig->host, source, 0);
        /* Lua may have its own limits to say, such as 200 local variables. */
        for (size_t k = 0; k < rig->diags.all.count; k++)
            assert_string_not_equal(rig->diags.all.items[k]->code, "rule-file");
    }
}

/* ---- places ----------------------------------------------------------------------------------*/

static int find_helper(lua_State *L, struct lua_host *host, struct source *from, const char *name,
                       void *context)
{
    struct rig *rig = context;
    assert_ptr_equal(lua_host_of(L), host);
    assert_non_null(from);
    if (strcmp(name, "helper") != 0)
        return lua_host_error(L, "%s wants '%s'", from->name, name);
    static const char text[] = "local M = {}\n"
                               "function M.fail(x) return x.y end\n"
                               "function M.call(f) f() return 1 end\n"
                               "return M\n";
    if (!lua_host_run(host, rig_source(rig, "rules/helper.lua", text), 1))
        return lua_host_stop(L);
    return 1;
}

static void test_place_in_a_required_file(void **state)
{
    struct rig *rig = *state;
    lua_host_on_require(rig->host, find_helper, rig);
    assert_false(rig_run(rig, "local helper = require 'helper'\n\nhelper.fail(nil)\n"));
    assert_view(rig_report(rig), "rules/helper.lua:2:1: error: attempt to index a nil value (local "
                                 "'x') [rule-error]\n"
                                 "    function M.fail(x) return x.y end\n"
                                 "    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
}

static void test_place_in_a_callback(void **state)
{
    struct rig *rig = *state;
    lua_host_on_require(rig->host, find_helper, rig);
    assert_false(rig_run(rig, "local helper = require 'helper'\n"
                              "helper.call(function()\n"
                              "    local t = 1 + {}\n"
                              "end)\n"));
    struct diag *diag = only_diag(rig);
    assert_string_equal(diag->at.source->name, "rules/x.lua");
    assert_int_equal(place_of(diag).line, 3);
    assert_int_equal(place_of(diag).column, 5);
    assert_view(diag->message, "attempt to perform arithmetic on a table value");
}

static void test_require_knows_who_asks(void **state)
{
    struct rig *rig = *state;
    lua_host_on_require(rig->host, find_helper, rig);
    assert_false(rig_run(rig, "\nlocal x = require 'other'"));
    assert_view(only_diag(rig)->message, "rules/x.lua wants 'other'");
    assert_int_equal(place_of(only_diag(rig)).line, 2);
}

static int find_broken(lua_State *L, struct lua_host *host, struct source *from, const char *name,
                       void *context)
{
    struct rig *rig = context;
    (void)from;
    if (!lua_host_run(host, rig_source(rig, name, "local ="), 1))
        return lua_host_stop(L);
    return 1;
}

/* The mistake is reported where it is, and not again for each file that requires the broken one. */
static void test_broken_file_is_reported_once(void **state)
{
    struct rig *rig = *state;
    lua_host_on_require(rig->host, find_broken, rig);
    assert_false(rig_run(rig, "require 'broken.lua'"));
    assert_string_equal(only_diag(rig)->code, "rule-syntax");
    assert_string_equal(only_diag(rig)->at.source->name, "broken.lua");
}

/* Lua cuts names to 60 bytes in its messages; two files may have one name. */
static void test_names_of_files(void **state)
{
    struct rig *rig = *state;
    static const char name[] = "rules/a-directory-whose-name-is-quite-long/and-another-one-in-it/"
                               "rule-with-a-long-name.lua";
    struct source *first = rig_source(rig, name, "\nlocal x = nil .. 'x'");
    struct source *second = rig_source(rig, name, "\n\nlocal x = nil .. 'x'");
    assert_false(lua_host_run(rig->host, first, 0));
    assert_false(lua_host_run(rig->host, second, 0));
    assert_int_equal(rig->diags.all.count, 2);
    assert_ptr_equal(rig->diags.all.items[0]->at.source, first);
    assert_ptr_equal(rig->diags.all.items[1]->at.source, second);
    assert_int_equal(place_of(rig->diags.all.items[1]).line, 3);
    assert_view(rig->diags.all.items[1]->message, "attempt to concatenate a nil value");
}

static int c_luaL_error(lua_State *L)
{
    return luaL_error(L, "from C: %d", 7);
}

static int c_check(lua_State *L)
{
    luaL_checkinteger(L, 1);
    return 0;
}

static int c_error(lua_State *L)
{
    return lua_host_error(L, "from %s", "dfc");
}

static int c_error_at(lua_State *L)
{
    return lua_host_error_at(L, lua_host_function_span(L, 1), "this function");
}

static int c_where(lua_State *L)
{
    struct span here = lua_host_where(L, 1), nowhere = lua_host_where(L, 0);
    assert_null(nowhere.source);
    assert_null(lua_host_where(L, 99).source);
    lua_pushlstring(L, here.source->text.ptr + here.begin, here.end - here.begin);
    return 1;
}

static const struct luaL_Reg c_functions[] = {
    {"luaL_error", c_luaL_error}, {"check", c_check}, {"error", c_error},
    {"error_at", c_error_at},     {"where", c_where}, {NULL, NULL},
};

/* A file that is called with a table of C functions as its only argument. */
static bool run_with(struct rig *rig, const struct luaL_Reg *functions, const char *text,
                     int results)
{
    lua_State *L = lua_host_state(rig->host);
    struct str whole;
    str_init(&whole, &rig->arena);
    str_addf(&whole, "return function(c) %s\nend", text);
    if (!lua_host_run(rig->host, source_new(&rig->arena, "rules/x.lua", str_view(&whole)), 1))
        return false;
    lua_newtable(L);
    luaL_setfuncs(L, functions, 0);
    return lua_host_call(rig->host, 1, results);
}

static void test_errors_of_c_functions(void **state)
{
    static const struct {
        const char *text, *message;
        size_t line;
    } cases[] = {
        {"\nc.luaL_error()", "from C: 7", 2},
        {"\n\nreturn c.luaL_error()", "from C: 7", 3},
        {"\nc.check('x')", "bad argument #1 to 'check' (number expected, got string)", 2},
        {"\nc.error()", "from dfc", 2},
        {"\nlocal t = {c.check(1),\n c.error()}", "from dfc", 3},
        {"\nlocal function f()\nend\n\nc.error_at(f)", "this function", 2},
        {"local f = c.error\n\nf()", "from dfc", 3},
        {"table.sort({1, 2},\nc.error)", "from dfc", 1},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_restart(rig);
        assert_false(run_with(rig, c_functions, cases[i].text, 0));
        struct diag *diag = only_diag(rig);
        if (!view_is(diag->message, cases[i].message) || place_of(diag).line != cases[i].line)
            fail_msg("%s: %.*s in line %zu", cases[i].text, VIEW_ARG(diag->message),
                     place_of(diag).line);
    }
}

static void test_where(void **state)
{
    struct rig *rig = *state;
    assert_true(run_with(rig, c_functions, "\n\t local s =\tc.where() \t\nreturn s", 1));
    assert_string_equal(lua_tostring(lua_host_state(rig->host), -1), "local s =\tc.where()");
}

/* ---- calls -----------------------------------------------------------------------------------*/

/* Push what a rule file returns. */
static void push_value(struct rig *rig, const char *text)
{
    if (!rig_run(rig, text))
        fail_msg("%.*s", VIEW_ARG(rig_report(rig)));
}

static void test_call(void **state)
{
    struct rig *rig = *state;
    lua_State *L = lua_host_state(rig->host);
    push_value(rig, "return function(a, b) return a + b, 'x' end");
    int top = lua_gettop(L);
    lua_pushvalue(L, -1);
    lua_pushinteger(L, 2);
    lua_pushinteger(L, 3);
    assert_true(lua_host_call(rig->host, 2, 1));
    assert_int_equal(lua_gettop(L), top + 1);
    assert_int_equal(lua_tointeger(L, -1), 5);
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_pushinteger(L, 3);
    assert_false(lua_host_call(rig->host, 2, 1));
    assert_int_equal(lua_gettop(L), top);
    assert_view(only_diag(rig)->message,
                "attempt to perform arithmetic on a nil value (local 'a')");
    /* What can't be called is an error like any other. */
    lua_pushinteger(L, 1);
    assert_false(lua_host_call(rig->host, 0, 0));
    assert_int_equal(lua_gettop(L), top);
    assert_view(rig->diags.all.items[1]->message, "attempt to call a number value");
}

static void test_activity_is_named(void **state)
{
    struct rig *rig = *state;
    struct source *input = rig_source(rig, "Dockerfile.in", "FROM x\n\n  @jdk 21\n");
    push_value(rig, "return function()\n    error('no such release')\nend");
    lua_host_set_activity(rig->host, (struct lua_activity){"expanding @jdk", {input, 10, 17}});
    assert_false(lua_host_call(rig->host, 0, 0));
    assert_view(rig_report(rig), "rules/x.lua:2:5: error: no such release [rule-error]\n"
                                 "        error('no such release')\n"
                                 "        ^~~~~~~~~~~~~~~~~~~~~~~~\n"
                                 "    note: while expanding @jdk at Dockerfile.in:3:3\n");
}

static void test_activity_without_a_place(void **state)
{
    struct rig *rig = *state;
    lua_host_set_activity(rig->host, (struct lua_activity){"loading rules", {NULL, 0, 0}});
    assert_false(rig_run(rig, "error('x')"));
    assert_int_equal(only_diag(rig)->hints.count, 1);
    assert_view(only_diag(rig)->hints.items[0].text, "while loading rules");
}

static int c_protected(lua_State *L)
{
    int *count = lua_touserdata(L, 1);
    assert_int_equal(lua_gettop(L), 1);
    if (++*count == 1)
        return 0;
    if (*count == 2)
        return lua_host_error(L, "the rule gave nothing");
    lua_pushnil(L);
    return lua_error(L);
}

/* No Lua code runs, so the directive is the place. */
static void test_protect(void **state)
{
    struct rig *rig = *state;
    int count = 0, top = lua_gettop(lua_host_state(rig->host));
    struct source *input = rig_source(rig, "Dockerfile.in", "FROM x\n@jdk 21\n");
    lua_host_set_activity(rig->host, (struct lua_activity){"expanding @jdk", {input, 7, 11}});
    assert_true(lua_host_protect(rig->host, c_protected, &count));
    assert_false(lua_host_protect(rig->host, c_protected, &count));
    assert_view(only_diag(rig)->message, "the rule gave nothing");
    assert_ptr_equal(only_diag(rig)->at.source, input);
    assert_int_equal(only_diag(rig)->at.begin, 7);
    assert_false(lua_host_protect(rig->host, c_protected, &count));
    assert_view(rig->diags.all.items[1]->message, "a rule raised a nil instead of a message");
    assert_int_equal(lua_gettop(lua_host_state(rig->host)), top);
}

/* Calls its argument through the host; gives whether that went well. */
static int c_call(lua_State *L)
{
    lua_settop(L, 1);
    bool done = lua_host_call(lua_host_of(L), 0, 0);
    assert_int_equal(lua_gettop(L), 0);
    lua_pushboolean(L, done);
    return 1;
}

static int c_call_or_stop(lua_State *L)
{
    lua_settop(L, 1);
    return lua_host_call(lua_host_of(L), 0, 0) ? 0 : lua_host_stop(L);
}

static int c_charge(lua_State *L)
{
    lua_host_charge(L, (size_t)luaL_checkinteger(L, 1));
    return 0;
}

static int c_fine(lua_State *L)
{
    return lua_host_limit(L, "more than %d nodes", 10000);
}

static const struct luaL_Reg nest_functions[] = {
    {"call", c_call}, {"stop", c_call_or_stop}, {"charge", c_charge}, {"limit", c_fine},
    {NULL, NULL},
};

static void test_nested_calls(void **state)
{
    struct rig *rig = *state;
    assert_true(run_with(rig, nest_functions,
                         "local ok = c.call(function() error('inner') end)\n"
                         "return tostring(ok) .. tostring(c.call(function() end))",
                         1));
    assert_string_equal(lua_tostring(lua_host_state(rig->host), -1), "falsetrue");
    assert_view(only_diag(rig)->message, "inner");
    rig_restart(rig);
    assert_false(run_with(rig, nest_functions,
                          "c.stop(function()\n c.stop(function()\n error('inner') end) end)", 0));
    assert_view(only_diag(rig)->message, "inner");
    assert_int_equal(place_of(only_diag(rig)).line, 3);
}

/* A C function that goes on after an inner limit can't save the rule. */
static void test_limit_in_a_nested_call(void **state)
{
    struct rig *rig = *state;
    assert_false(run_with(rig, nest_functions,
                          "c.call(function() while true do end end)\n"
                          "while true do c.call(function() end) end",
                          0));
    assert_string_equal(only_diag(rig)->code, "rule-limit");
    assert_int_equal(place_of(only_diag(rig)).line, 1);
    assert_true(lua_host_is_dead(rig->host));
}

static void test_deep_nesting(void **state)
{
    struct rig *rig = *state;
    assert_false(run_with(rig, nest_functions, "local function f() c.stop(f) end f()", 0));
    assert_string_equal(only_diag(rig)->code, "rule-limit");
    assert_true(view_starts(only_diag(rig)->message, "stack overflow"));
    assert_true(rig->diags.limit_reached);
}

/* ---- limits ----------------------------------------------------------------------------------*/

static void test_default_limits(void **state)
{
    struct rig *rig = *state;
    rig->limits = lua_default_limits();
    assert_limit(rig, "local s = ''\nwhile true do\nend", 2,
                 "too many steps: a call may take 10000000");
    assert_view(rig_report(rig),
                "rules/x.lua:2:1: error: too many steps: a call may take 10000000 [rule-limit]\n"
                "    while true do\n"
                "    ^~~~~~~~~~~~~\n");
    assert_limit(rig, "local t = {} for i = 1, 1e9 do t[i] = i end", 1,
                 "not enough memory: rules may take 67108864 bytes");
}

static void test_limit_in_a_callback(void **state)
{
    struct rig *rig = *state;
    push_value(rig, "return function()\nlocal n = 0\nwhile true do n = n + 1 end end");
    lua_host_set_activity(rig->host, (struct lua_activity){"expanding @x", {NULL, 0, 0}});
    assert_false(lua_host_call(rig->host, 0, 0));
    assert_int_equal(place_of(only_diag(rig)).line, 3);
    assert_int_equal(only_diag(rig)->hints.count, 1);
}

/* Every call has its own budget, all together have one. */
static void test_steps_of_a_run(void **state)
{
    struct rig *rig = *state;
    rig->limits.call_steps = 100000;
    rig->limits.run_steps = 1000000;
    rig_restart(rig);
    lua_State *L = lua_host_state(rig->host);
    push_value(rig, "return function() for i = 1, 50000 do end end");
    int calls = 0;
    for (; calls < 1000; calls++) {
        lua_pushvalue(L, -1);
        if (!lua_host_call(rig->host, 0, 0))
            break;
    }
    assert_in_range(calls, 18, 20);
    assert_view(only_diag(rig)->message, "too many steps: all rules of a run may take 1000000");
    assert_true(rig->diags.limit_reached);
}

/* Many calls that end before the hook looks for the first time are counted too. */
static void test_short_calls_are_counted(void **state)
{
    struct rig *rig = *state;
    rig->limits.run_steps = 100000;
    rig_restart(rig);
    lua_State *L = lua_host_state(rig->host);
    push_value(rig, "return function() local x = 1 + 1 end");
    int calls = 0;
    do
        lua_pushvalue(L, -1);
    while (lua_host_call(rig->host, 0, 0) && ++calls < 1000000);
    assert_in_range(calls, 20000, 60000);
}

static void test_steps_of_inner_calls_count(void **state)
{
    struct rig *rig = *state;
    rig->limits.call_steps = 100000;
    rig_restart(rig);
    assert_false(run_with(rig, nest_functions,
                          "for i = 1, 100 do c.call(function() for i = 1, 5000 do end end) end",
                          0));
    assert_string_equal(only_diag(rig)->code, "rule-limit");
}

static void test_work_of_c_functions_counts(void **state)
{
    struct rig *rig = *state;
    rig->limits.call_steps = 1000000;
    rig_restart(rig);
    assert_true(run_with(rig, nest_functions, "for i = 1, 9 do c.charge(100000) end", 0));
    assert_false(run_with(rig, nest_functions, "\nc.charge(1000001)", 0));
    assert_int_equal(place_of(only_diag(rig)).line, 2);
    rig_restart(rig);
    assert_false(run_with(rig, nest_functions, "c.charge(math.maxinteger)", 0));
    assert_string_equal(only_diag(rig)->code, "rule-limit");
}

static void test_limit_of_a_c_function(void **state)
{
    struct rig *rig = *state;
    assert_false(run_with(rig, nest_functions, "\nc.limit()", 0));
    assert_view(only_diag(rig)->message, "more than 10000 nodes");
    assert_int_equal(place_of(only_diag(rig)).line, 2);
    assert_true(rig->diags.limit_reached);
}

/* After a limit nothing runs any more, and nothing more is said. */
static void test_dead_host(void **state)
{
    struct rig *rig = *state;
    lua_State *L = lua_host_state(rig->host);
    push_value(rig, "return function() error('not this') end");
    assert_false(rig_run(rig, "while true do end"));
    assert_true(lua_host_is_dead(rig->host));
    int count = 0, top = lua_gettop(L);
    lua_pushvalue(L, -1);
    assert_false(lua_host_call(rig->host, 0, 1));
    assert_false(rig_run(rig, "return 1"));
    assert_false(rig_run(rig, "syntax error"));
    assert_false(lua_host_protect(rig->host, c_protected, &count));
    assert_int_equal(lua_gettop(L), top);
    assert_int_equal(count, 0);
    assert_int_equal(rig->diags.errors, 1);
}

/* ---- frozen views ----------------------------------------------------------------------------*/

static int c_freeze(lua_State *L)
{
    lua_settop(L, 1);
    lua_host_freeze(L);
    return 1;
}

static int c_strict(lua_State *L)
{
    lua_settop(L, 1);
    lua_host_freeze_strict(L, "ctx");
    return 1;
}

static int c_thaw(lua_State *L)
{
    lua_settop(L, 1);
    lua_host_thaw(L, -1);
    return 1;
}

static int c_keys(lua_State *L)
{
    lua_host_push_keys(L, 1);
    return 1;
}

static const struct luaL_Reg freeze_functions[] = {
    {"freeze", c_freeze}, {"strict", c_strict}, {"thaw", c_thaw}, {"keys", c_keys}, {NULL, NULL},
};

static void test_views_are_read_like_tables(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"local v = c.freeze({1, 2, x = 'y'}) return v[1] .. v.x .. #v .. type(v) .. tostring(v)",
         "1y2tabletable"},
        {"return tostring(c.freeze({}).x) .. tostring(c.freeze({})[1])", "nilnil"},
        {"local s = '' for k, v in pairs(c.freeze({b = 1, a = 2, 9})) do s = s .. k .. v end "
         "return s",
         "19a2b1"},
        {"local s = '' for i, v in ipairs(c.freeze({'x', 'y'})) do s = s .. i .. v end return s",
         "1x2y"},
        {"return table.concat(c.freeze({'a', 'b'}), '-') .. select('#', table.unpack(c.freeze({1, "
         "2})))",
         "a-b2"},
        {"local v = c.freeze({a = {b = {c = 'deep'}}}) return v.a.b.c .. type(v.a)", "deeptable"},
        {"local v = c.freeze({f = function(x) return x end}) return v.f('called')", "called"},
        {"local v = c.freeze({}) return tostring(c.freeze(v) == v)", "true"},
        {"local v = c.freeze({a = {1}}) return c.freeze({v = v}).v.a[1]", "1"},
        {"local v = c.freeze({false, x = false}) return tostring(v[1]) .. tostring(v.x)",
         "falsefalse"},
        {"return c.freeze(5) .. c.freeze('x')", "5x"},
        {"local t = {a = 1} local v = c.freeze(t) return tostring(c.thaw(v) == t)", "true"},
        {"local t = {} return tostring(c.thaw(t) == t) .. c.thaw('x')", "truex"},
        {"local v = c.strict({a = 1}) return v.a .. #v", "10"},
        {"return table.concat(c.keys({b = 1, a = 1, [3] = 1, [-3] = 1}), ' ')", "-3 3 a b"},
        {"return table.concat(c.keys(c.freeze({b = 1, a = 1})), ' ') .. #c.keys({})", "a b0"},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_restart(rig);
        if (!run_with(rig, freeze_functions, cases[i].text, 1))
            fail_msg("%s\n%.*s", cases[i].text, VIEW_ARG(rig_report(rig)));
        lua_State *L = lua_host_state(rig->host);
        if (strcmp(lua_tostring(L, -1), cases[i].expected) != 0)
            fail_msg("%s: %s", cases[i].text, lua_tostring(L, -1));
    }
}

static void test_views_cannot_be_changed(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"c.freeze({}).x = 1", "field 'x' can't be set: this table is read-only"},
        {"c.freeze({x = 1}).x = nil", "field 'x' can't be set: this table is read-only"},
        {"c.freeze({1})[1] = 2", "this table is read-only"},
        {"c.freeze({a = {}}).a.b = 1", "field 'b' can't be set: this table is read-only"},
        {"table.insert(c.freeze({}), 1)", "this table is read-only"},
        {"table.remove(c.freeze({1}))", "this table is read-only"},
        {"table.sort(c.freeze({2, 1}))", "this table is read-only"},
        {"table.insert(c.freeze({a = {}}).a, 1)", "this table is read-only"},
        {"local v = c.strict({user = 1}) return v.usr",
         "'ctx' has no field 'usr'; did you mean 'user'?"},
        {"return c.strict({user = 1}).xyzzy", "'ctx' has no field 'xyzzy'"},
        {"return c.strict({})[1]", "'ctx' has only named fields, found a number as key"},
        {"c.strict({}).x = 1", "field 'x' can't be set: this table is read-only"},
        {"local t = {} t.t = t c.freeze(t)", "tables are nested too deeply: at most 100 levels"},
        {"local t = {} for i = 1, 200 do t = {t} end c.freeze(t)", "tables are nested too deeply"},
        {"c.keys({[1.5] = 1})", "keys must be strings or whole numbers to have an order"},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_restart(rig);
        assert_false(run_with(rig, freeze_functions, cases[i].text, 0));
        if (!view_starts(only_diag(rig)->message, cases[i].message))
            fail_msg("%s: %.*s", cases[i].text, VIEW_ARG(only_diag(rig)->message));
    }
    rig_restart(rig);
    assert_true(run_with(rig, freeze_functions,
                         "local t = {} for i = 1, 90 do t = {t} end c.freeze(t)", 0));
}

/* ---- memory ----------------------------------------------------------------------------------*/

struct memory {
    long count, fail_at; /* of growing allocations: the one that fails; 0: none */
    bool fail_later;     /* and all after it */
};

static void *failing_realloc(void *context, void *place, size_t size)
{
    struct memory *memory = context;
    if (size == 0) {
        free(place);
        return NULL;
    }
    long number = ++memory->count;
    if (memory->fail_at != 0 &&
        (number == memory->fail_at || (memory->fail_later && number > memory->fail_at)))
        return NULL;
    return realloc(place, size);
}

/* A bit of everything that allocates. */
static const char busy_rule[] =
    "local t = {}\n"
    "for i = 1, 9 do t['key' .. i] = { i, tostring(i):rep(3, '-') } end\n"
    "for k, v in pairs(t) do t[k] = table.concat(v, ',') end\n"
    "local list = {}\n"
    "for k, v in pairs(t) do table.insert(list, k .. v) end\n"
    "table.sort(list, function(a, b) return a > b end)\n"
    "local m = re.match([[(?<name>\\w+)=(\\d+)]], 'x key7=123')\n"
    "local s = re.gsub('[0-9]+', table.concat(list, ' '), function(x) return '<' .. x[0] .. '>' "
    "end)\n"
    "print(('%s %d %10s'):format(m.name, #s, 'x'), #s:split('-'), #s:lines())\n"
    "return m.name .. #list\n";

/* Use a host as dfc does. True: all went well. */
static bool use_host(const struct lua_limits *limits, struct diag_list *diags, struct arena *arena)
{
    struct lua_host *host = lua_host_new(arena, diags, limits);
    bool done = false;
    if (host != NULL) {
        struct source *rule = source_new(arena, "rules/x.lua", view_of(busy_rule));
        struct source *other = source_new(arena, "rules/y.lua", view_of("return {x = 1}, 2"));
        done = lua_host_run(host, rule, 1);
        if (done)
            assert_string_equal(lua_tostring(lua_host_state(host), -1), "key79");
        bool again = lua_host_run(host, other, 2);
        if (!done)
            assert_false(again && lua_host_is_dead(host));
        done = done && again;
    }
    lua_host_free(host);
    return done;
}

/* What happened is said once, and as a limit. */
static void assert_reported(const struct diag_list *diags, bool done)
{
    if (done) {
        assert_int_equal(diags->errors, 0);
        return;
    }
    assert_int_equal(diags->errors, 1);
    assert_true(diags->limit_reached);
    const struct diag *diag = diags->all.items[diags->all.count - 1];
    assert_string_equal(diag->code, "rule-limit");
    if (!view_starts(diag->message, "not enough memory"))
        fail_msg("%.*s", VIEW_ARG(diag->message));
}

static bool try_memory(struct arena *arena, struct memory *memory, bool pooled)
{
    struct lua_limits limits = lua_default_limits();
    limits.pooled = pooled;
    struct diag_list diags;
    diag_list_init(&diags, arena);
    limits.realloc = failing_realloc;
    limits.realloc_context = memory;
    bool done = use_host(&limits, &diags, arena);
    assert_reported(&diags, done);
    arena_release(arena);
    return done;
}

static long try_each_allocation(struct arena *arena, bool pooled)
{
    struct memory all = {.fail_at = 0};
    assert_true(try_memory(arena, &all, pooled));
    long survived = 0;
    for (long i = 1; i <= all.count; i++) {
        struct memory once = {.fail_at = i};
        survived += try_memory(arena, &once, pooled);
    }
    /* Lua collects garbage and tries again, except where there is no state yet. */
    assert_true(survived > all.count / 2);
    for (long i = 1; i <= all.count; i++) {
        struct memory forever = {.fail_at = i, .fail_later = true};
        assert_false(try_memory(arena, &forever, pooled));
    }
    return all.count;
}

static void test_each_allocation_may_fail(void **state)
{
    assert_true(try_each_allocation(*state, false) > 300);
    assert_true(try_each_allocation(*state, true) < 100);
}

/* Blocks move between the pool and the system, and keep what is in them. */
static void test_blocks_of_all_sizes(void **state)
{
    (void)state;
    struct memory memory = {.fail_at = 0};
    struct lua_meter meter = {.limits = lua_default_limits()};
    meter.limits.realloc = failing_realloc;
    meter.limits.realloc_context = &memory;
    meter.pool.block_max = POOL_BLOCK_MAX;
    static const size_t sizes[] = {1, 16, 17, 100, 500, 512, 513, 520, 2000, 100000};
    enum { COUNT = sizeof(sizes) / sizeof(sizes[0]) };
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < COUNT; k++) {
            size_t less = sizes[i] < sizes[k] ? sizes[i] : sizes[k];
            unsigned char *block = lua_meter_allocate(&meter, NULL, 0, sizes[i]);
            unsigned char *beside = lua_meter_allocate(&meter, NULL, 0, sizes[i]);
            assert_int_equal((uintptr_t)block % POOL_UNIT, 0);
            memset(block, (int)i + 1, sizes[i]);
            memset(beside, 0xff, sizes[i]);
            block = lua_meter_allocate(&meter, block, sizes[i], sizes[k]);
            memset(beside, 0xff, sizes[i]);
            for (size_t n = 0; n < less; n++)
                assert_int_equal(block[n], i + 1);
            assert_null(lua_meter_allocate(&meter, block, sizes[k], 0));
            assert_null(lua_meter_allocate(&meter, beside, sizes[i], 0));
            assert_int_equal(meter.used, 0);
        }
    lua_meter_release(&meter);
}

/* Lua takes it for granted: when there is no room in the pool, the block stays where it is. */
static void test_blocks_shrink_without_memory(void **state)
{
    (void)state;
    for (size_t size = POOL_BLOCK_MAX - 40; size <= POOL_BLOCK_MAX; size++) {
        struct memory memory = {.fail_at = 3, .fail_later = true};
        struct lua_meter meter = {.limits = lua_default_limits()};
        meter.limits.realloc = failing_realloc;
        meter.limits.realloc_context = &memory;
        meter.pool.block_max = POOL_BLOCK_MAX;
        unsigned char *large = lua_meter_allocate(&meter, NULL, 0, POOL_BLOCK_MAX + 1);
        unsigned char *first = lua_meter_allocate(&meter, NULL, 0, size), *other;
        while ((other = lua_meter_allocate(&meter, NULL, 0, size)) != NULL)
            memset(other, 0xff, size);
        memset(large, 7, POOL_BLOCK_MAX + 1);
        assert_ptr_equal(lua_meter_allocate(&meter, large, POOL_BLOCK_MAX + 1, size), large);
        for (size_t n = 0; n < size; n++)
            assert_int_equal(large[n], 7);
        memset(large, 0xff, size); /* what the pool keeps behind it is not touched */
        while (lua_meter_allocate(&meter, NULL, 0, 20) != NULL)
            continue;
        assert_ptr_equal(lua_meter_allocate(&meter, first, size, 20), first);
        assert_null(lua_meter_allocate(&meter, large, size, 0));
        assert_ptr_equal(lua_meter_allocate(&meter, NULL, 0, size), large);
        lua_meter_release(&meter);
    }
}

static void test_each_memory_limit(void **state)
{
    struct arena *arena = *state;
    size_t failures = 0;
    bool done = false;
    for (size_t memory = 0; !done; memory += memory < 4096 ? 64 : 499) {
        struct lua_limits limits = lua_default_limits();
        struct diag_list diags;
        diag_list_init(&diags, arena);
        limits.memory = memory;
        done = use_host(&limits, &diags, arena);
        assert_reported(&diags, done);
        failures += !done;
        arena_release(arena);
    }
    assert_true(failures > 50);
}

static void test_memory_is_given_back(void **state)
{
    struct rig *rig = *state;
    rig->limits.call_steps = 10 * 1000 * 1000;
    rig_restart(rig);
    for (int i = 0; i < 100; i++)
        assert_true(lua_host_run(
            rig->host, rig_source(rig, "x.lua", "local s = ('x'):rep(1000000) re.match('x', 'x')"),
            0));
    assert_int_equal(rig->diags.all.count, 0);
}

/* ---- the arena -------------------------------------------------------------------------------*/

struct failure {
    jmp_buf place;
    struct lua_host *host;
};

static void jump_back(void *context)
{
    struct failure *failure = context;
    longjmp(failure->place, 1);
}

/* With any limit of the arena, the end is its own `fail`, called when no Lua runs any more. */
static void test_arena_is_exhausted(void **state)
{
    (void)state;
    struct lua_limits limits = lua_default_limits();
    size_t failures = 0;
    for (size_t limit = 0; limit < 4 * 1024 * 1024; limit += 64 * 1024 + 48) {
        struct failure failure = {.host = NULL};
        struct arena arena;
        struct diag_list diags;
        arena_init(&arena, jump_back, &failure);
        arena.limit = limit;
        if (limit == 0)
            arena.limit = 1;
        diag_list_init(&diags, &arena);
        if (setjmp(failure.place) == 0) {
            failure.host = lua_host_new(&arena, &diags, &limits);
            assert_non_null(failure.host);
            struct source *rule = source_new(
                &arena, "x.lua",
                VIEW("for i = 1, 900 do print(('x'):rep(2000)) end\nerror(('x'):rep(9000))"));
            assert_false(lua_host_run(failure.host, rule, 0));
        } else {
            failures++;
            assert_ptr_equal(arena.fail, jump_back);
            assert_ptr_equal(arena.fail_context, &failure);
        }
        lua_host_free(failure.host);
        arena_release(&arena);
    }
    assert_in_range(failures, 20, 63);
}

static int c_exhaust(lua_State *L)
{
    arena_alloc(lua_host_arena(lua_host_of(L)), SIZE_MAX);
    return 0;
}

static const struct luaL_Reg exhaust_functions[] = {
    {"exhaust", c_exhaust}, {"call", c_call}, {NULL, NULL}};

/* From the innermost of nested calls. */
static void test_arena_fails_in_a_nested_call(void **state)
{
    struct rig *rig = *state;
    struct failure failure = {.host = rig->host};
    rig->arena.fail = jump_back;
    rig->arena.fail_context = &failure;
    if (setjmp(failure.place) == 0) {
        run_with(rig, exhaust_functions,
                 "c.call(function() c.call(function() c.exhaust() end) end)", 0);
        fail_msg("the arena did not fail");
    }
    assert_ptr_equal(rig->arena.fail, jump_back);
    assert_int_equal(rig->diags.all.count, 0);
    rig->arena.fail = unit_out_of_memory;
}

static void test_free_nothing(void **state)
{
    (void)state;
    lua_host_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LUA_TEST(test_results),
        LUA_TEST(test_what_is_no_rule_file),
        LUA_TEST(test_size_of_a_rule_file),
        LUA_TEST(test_odd_rule_files),
        LUA_TEST(test_syntax_errors),
        LUA_TEST(test_syntax_error_is_shown),
        LUA_TEST(test_texts_made_to_be_slow),
        LUA_TEST(test_texts_that_only_look_slow),
        LUA_TEST(test_place_in_a_required_file),
        LUA_TEST(test_place_in_a_callback),
        LUA_TEST(test_require_knows_who_asks),
        LUA_TEST(test_broken_file_is_reported_once),
        LUA_TEST(test_names_of_files),
        LUA_TEST(test_errors_of_c_functions),
        LUA_TEST(test_where),
        LUA_TEST(test_call),
        LUA_TEST(test_activity_is_named),
        LUA_TEST(test_activity_without_a_place),
        LUA_TEST(test_protect),
        LUA_TEST(test_nested_calls),
        LUA_TEST(test_limit_in_a_nested_call),
        LUA_TEST(test_deep_nesting),
        LUA_TEST(test_default_limits),
        LUA_TEST(test_limit_in_a_callback),
        LUA_TEST(test_steps_of_a_run),
        LUA_TEST(test_short_calls_are_counted),
        LUA_TEST(test_steps_of_inner_calls_count),
        LUA_TEST(test_work_of_c_functions_counts),
        LUA_TEST(test_limit_of_a_c_function),
        LUA_TEST(test_dead_host),
        LUA_TEST(test_views_are_read_like_tables),
        LUA_TEST(test_views_cannot_be_changed),
        UNIT_TEST(test_each_allocation_may_fail),
        cmocka_unit_test(test_blocks_of_all_sizes),
        cmocka_unit_test(test_blocks_shrink_without_memory),
        UNIT_TEST(test_each_memory_limit),
        LUA_TEST(test_memory_is_given_back),
        cmocka_unit_test(test_arena_is_exhausted),
        LUA_TEST(test_arena_fails_in_a_nested_call),
        cmocka_unit_test(test_free_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
