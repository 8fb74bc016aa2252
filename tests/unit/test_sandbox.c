/*
 * The environment of rule files: what its functions give, and that nothing in it, whatever a rule
 * does, reaches the machine, another rule, or the end of patience. Expected values are those of the
 * Lua 5.4 manual where a function of that name exists there.
 */
#include "lua_rig.h"

#include <stdio.h>

struct value {
    const char *text, *expected;
};

static void assert_values(struct rig *rig, const struct value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_value(rig, values[i].text, values[i].expected);
}

/* All the rules are one line long. */
static void assert_errors(struct rig *rig, const struct value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_error(rig, values[i].text, 1, values[i].expected);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- environment -----------------------------------------------------------------------------*/

/* Exactly these names exist; whatever else Lua may have in the future is not let in. */
static void test_names(void **state)
{
    static const char *const names[] = {
        "assert",  "error",  "ipairs", "math",  "pairs",    "print",    "re",
        "require", "select", "string", "table", "tonumber", "tostring", "type",
    };
    static const char *const absent[] = {
        "_G",
        "_VERSION",
        "collectgarbage",
        "coroutine",
        "debug",
        "dofile",
        "getmetatable",
        "io",
        "load",
        "loadfile",
        "loadstring",
        "next",
        "os",
        "package",
        "pcall",
        "rawequal",
        "rawget",
        "rawlen",
        "rawset",
        "setmetatable",
        "unpack",
        "utf8",
        "warn",
        "xpcall",
        "dfc",
        "setfenv",
        "getfenv",
        "module",
        "_ENV.x",
        "math.random",
        "math.randomseed",
        "string.dump",
        "string.pack",
        "table.move",
        "table.pack",
        "math.sin",
        "string.unpack",
        "table.next",
        "re.compile",
    };
    char text[64];
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(text, sizeof(text), "return type(%s) ~= 'nil' and 'yes'", names[i]);
        assert_value(*state, text, "yes");
    }
    for (size_t i = 0; i < COUNT(absent); i++) {
        snprintf(text, sizeof(text), "local x = %s", absent[i]);
        assert_error(*state, text, 1, "");
    }
}

static void test_unknown_names_say_what_to_write(void **state)
{
    static const struct value errors[] = {
        {"x = 1", "assignment to undeclared variable 'x'; use 'local x'"},
        {"pairs = nil", "'pairs' can't be changed; use 'local pairs'"},
        {"return strng", "unknown variable 'strng'; did you mean 'string'?"},
        {"return ipair", "unknown variable 'ipair'; did you mean 'ipairs'?"},
        {"return xyzzy", "unknown variable 'xyzzy'"},
        {"return dfc", "'dfc' is no global variable; write local dfc = require \"dfc.v1\""},
        {"return next({})", "'next' is not available in rules; use pairs"},
        {"pcall(error)", "'pcall' is not available in rules; an error ends the rule"},
        {"os.execute('id')", "'os' is not available in rules"},
        {"return string.uper", "'string' has no field 'uper'; did you mean 'upper'?"},
        {"return table.xyzzy", "'table' has no field 'xyzzy'"},
        {"return ('x'):uper()", "'string' has no field 'uper'; did you mean 'upper'?"},
        {"return ('x')[1]", "'string' has only named fields, found a number as key"},
        {"return _ENV[1]", "the environment has only names, found a number as key"},
        {"_ENV[1] = 1", "the environment is read-only"},
        {"return ('x'):match('%d')", "Lua patterns are not available; use re.match("},
        {"return ('x'):gsub('x', '')", "Lua patterns are not available; use re.gsub("},
        {"for _ in ('x'):gmatch('.') do end", "Lua patterns are not available; use re.split"},
    };
    assert_errors(*state, errors, COUNT(errors));
}

static void test_nothing_can_be_changed(void **state)
{
    static const struct value errors[] = {
        {"string.upper = nil", "field 'upper' can't be set: this table is read-only"},
        {"string.x = 1", "field 'x' can't be set: this table is read-only"},
        {"re[1] = 1", "this table is read-only"},
        {"table.insert(string, 1)", "this table is read-only"},
        {"table.insert(_ENV, 1, 'x')", "this table is read-only"},
        {"table.remove(table)", "this table is read-only"},
        {"table.sort(math)", "this table is read-only"},
        {"_ENV.string = {}", "'string' can't be changed; use 'local string'"},
        {"('x').y = 1", "attempt to index a string value"},
    };
    assert_errors(*state, errors, COUNT(errors));
}

/* A file may put its own environment in the place of the one it has; that is a local matter. */
static void test_own_environment(void **state)
{
    struct rig *rig = *state;
    assert_value(rig, "local type = type local _ENV = { x = 1 } y = 2 return type(x) .. y",
                 "number2");
    assert_true(rig_run(rig, "local old = _ENV _ENV = {} old.print('changed')"));
    assert_true(rig_run(rig, "return type(print)"));
    assert_string_equal(lua_tostring(lua_host_state(rig->host), -1), "function");
}

/* The methods of strings are not those of whoever came first. */
static void test_one_file_cannot_change_another(void **state)
{
    struct rig *rig = *state;
    static const char *const attempts[] = {
        "string.upper = function() return 'poison' end",
        "local s = string s.upper = function() return 'poison' end",
        "table.insert(string, 1, 'poison')",
        "_ENV.string = { upper = function() return 'poison' end }",
        "local _ENV = { string = { upper = function() return 'poison' end } }",
        "getmetatable('').__index = {}",
        "local t = {} for k, v in pairs(string) do t[k] = 'poison' end",
    };
    for (size_t i = 0; i < COUNT(attempts); i++)
        rig_run(rig, attempts[i]);
    assert_true(rig_run(rig, "return ('x'):upper() .. string.upper('y')"));
    assert_string_equal(lua_tostring(lua_host_state(rig->host), -1), "XY");
}

/* ---- basic functions -------------------------------------------------------------------------*/

static void test_basic_functions(void **state)
{
    static const struct value values[] = {
        {"return tostring(nil) .. tostring(true) .. tostring(12) .. tostring(1.5)", "niltrue121.5"},
        {"return tostring(1e15) .. ' ' .. 2^53 .. ' ' .. 10 // 3", "1e+15 9.007199254741e+15 3"},
        {"return tostring({}) .. tostring(print) .. tostring(string)", "tablefunctiontable"},
        {"return type(nil) .. type(1) .. type('') .. type({}) .. type(type)",
         "nilnumberstringtablefunction"},
        {"return tostring(tonumber('0x10')) .. tostring(tonumber(' 12 '))", "1612"},
        {"return tostring(tonumber('1e1')) .. tostring(tonumber('12a'))", "10.0nil"},
        {"return tostring(tonumber('')) .. tostring(tonumber({})) .. tonumber(7)", "nilnil7"},
        {"return tostring(tonumber('1\\0')) .. tostring(tonumber(nil))", "nilnil"},
        {"return tonumber('ff', 16) .. ' ' .. tonumber('-777', 8) .. ' ' .. tonumber('zz', 36)",
         "255 -511 1295"},
        {"return tostring(tonumber('8', 8)) .. tostring(tonumber('', 10))", "nilnil"},
        {"return tostring(tonumber('7fffffffffffffff', 16) == math.maxinteger)", "true"},
        {"return select('#') .. select('#', nil, nil) .. select(2, 'a', 'b', 'c')", "02b"},
        {"return select(-1, 'a', 'b') .. #{select(2, 1, 2, 3)} .. #{select(9, 1)}", "b20"},
        {"return (assert('value', 'message'))", "value"},
        {"local t = {} for i, v in ipairs({'a', 'b', nil, 'd'}) do t[i] = v end return #t", "2"},
    };
    static const struct value errors[] = {
        {"tostring()", "bad argument #1 to 'tostring' (value expected)"},
        {"tonumber()", "bad argument #1 to 'tonumber' (value expected)"},
        {"tonumber('1', 99)", "bad argument #2 to 'tonumber' (base out of range)"},
        {"tonumber(1, 10)", "bad argument #1 to 'tonumber' (string expected, got number)"},
        {"select(0)", "bad argument #1 to 'select' (index out of range)"},
        {"select(-3, 1)", "bad argument #1 to 'select' (index out of range)"},
        {"ipairs()", "bad argument #1 to 'ipairs' (table expected, got no value)"},
        {"pairs('x')", "bad argument #1 to 'pairs' (table expected, got string)"},
        {"assert(false)", "assertion failed"},
        {"assert(nil, 'no luck')", "no luck"},
        {"assert(false, {})", "a rule raised a table instead of a message"},
        {"assert()", "bad argument #1 to 'assert' (value expected)"},
        {"require()", "bad argument #1 to 'require' (string expected, got no value)"},
        {"require 'x'", "there is no module 'x'"},
        {"require 'x\\0y'", "bad argument #1 to 'require' (a name without NUL bytes is expected)"},
        {"return '10' + 1", "attempt to perform arithmetic on a string value (constant '10')"},
        {"return nil .. 'x'", "attempt to concatenate a nil value"},
        {"return {} < {}", "attempt to compare two table values"},
        {"return #5", "attempt to get length of a number value"},
    };
    assert_values(*state, values, COUNT(values));
    assert_errors(*state, errors, COUNT(errors));
}

static void test_pairs_is_sorted(void **state)
{
    static const struct value values[] = {
        {"local s = '' for k, v in pairs({3, 2, b = 1, a = 2, [-1] = 0, [10] = 5, Z = 9}) do "
         "s = s .. k .. '=' .. v .. ' ' end return s",
         "-1=0 1=3 2=2 10=5 Z=9 a=2 b=1 "},
        {"local s = '' for k in pairs({['a\\0b'] = 1, a = 1, ['\\xff'] = 1, aa = 1, [''] = 1}) do "
         "s = s .. '<' .. k .. '>' end return s",
         "<><a><a" /* NUL: cut by strlen here, so compared below */},
        {"local n = 0 for _ in pairs({}) do n = n + 1 end return n", "0"},
        {"local t, n = {}, 0 for i = 1, 100 do t['k' .. i] = i end "
         "for k in pairs(t) do assert(k > '') n = n + 1 end return n",
         "100"},
        {"local t, last = {}, '' for i = 1, 500 do t['k' .. i] = i end "
         "for k in pairs(t) do assert(last < k) last = k end return last",
         "k99"},
        {"local t, last = {}, 0 for i = 200, 1, -1 do t[i * 7] = i end "
         "for k in pairs(t) do assert(last < k) last = k end return last",
         "1400"},
        {"local t = {[1.0] = 'a', [2^53] = 'b'} local s = '' for k in pairs(t) do s = s .. k .. ' "
         "' "
         "end return s",
         "1 9007199254740992 "},
    };
    static const struct value errors[] = {
        {"pairs({[true] = 1})",
         "keys must be strings or whole numbers to have an order, found a boolean"},
        {"pairs({[1.5] = 1})",
         "keys must be strings or whole numbers to have an order, found a number"},
        {"pairs({[print] = 1})",
         "keys must be strings or whole numbers to have an order, found a function"},
    };
    for (size_t i = 0; i < COUNT(values); i++)
        if (i != 1)
            assert_value(*state, values[i].text, values[i].expected);
    struct rig *rig = *state;
    assert_true(rig_run(rig, values[1].text));
    size_t length;
    const char *text = lua_tolstring(lua_host_state(rig->host), -1, &length);
    assert_int_equal(length, 17);
    assert_memory_equal(text, "<><a><a\0b><aa><\xff>", 17);
    assert_errors(*state, errors, COUNT(errors));
}

static void test_tables_may_change_during_pairs(void **state)
{
    static const struct value values[] = {
        {"local t, s = {a = 1, b = 2, c = 3}, '' for k in pairs(t) do t.b = nil t[k .. k] = 1 "
         "s = s .. k end return s",
         "ac"},
        {"local t, n = {}, 0 for i = 1, 50 do t[i] = i end for k in pairs(t) do t[k] = nil "
         "t['x' .. k] = k n = n + 1 end return n",
         "50"},
        {"local t, n = {1, 2, 3}, 0 for k in pairs(t) do for j in pairs(t) do t[j] = nil end n = n "
         "+ 1 "
         "end return n",
         "1"},
    };
    assert_values(*state, values, COUNT(values));
}

static void test_print_reports_a_note(void **state)
{
    struct rig *rig = *state;
    rig_run(rig, "print('one', 2, nil, {})\n\n  print(('x'):rep(3))\nprint()");
    assert_int_equal(rig->diags.errors, 0);
    assert_view(rig_report(rig), "rules/x.lua:1:1: note: one 2 nil table\n"
                                 "    print('one', 2, nil, {})\n"
                                 "    ^~~~~~~~~~~~~~~~~~~~~~~~\n"
                                 "rules/x.lua:3:3: note: xxx\n"
                                 "      print(('x'):rep(3))\n"
                                 "      ^~~~~~~~~~~~~~~~~~~\n"
                                 "rules/x.lua:4:1: note: \n"
                                 "    print()\n"
                                 "    ^~~~~~~\n");
}

static void test_print_is_bounded(void **state)
{
    struct rig *rig = *state;
    rig->limits = lua_default_limits();
    rig_restart(rig);
    rig_run(rig, "local s = ('x'):rep(3000) for i = 1, 1100 do print(s) end");
    assert_int_equal(rig->diags.errors, 0);
    assert_int_equal(rig->diags.all.count, 1001);
    assert_view(rig->diags.all.items[1000]->message,
                "more than 1000 lines were printed, the rest is left out");
    assert_int_equal(rig->diags.all.items[0]->message.len, 2000 + strlen(" …"));
    assert_true(rig->arena.total < 8 * 1024 * 1024);
}

/* ---- errors ----------------------------------------------------------------------------------*/

static void test_error_values(void **state)
{
    static const struct value errors[] = {
        {"error('boom')", "boom"},
        {"error('boom', 0)", "boom"},
        {"error(12)", "12"},
        {"error('rules/x.lua:9: boom')", "rules/x.lua:9: boom"},
        {"error('#0:1: boom')", "#0:1: boom"},
        {"error('stack overflow')", "stack overflow"},
        {"error('not enough memory')", "not enough memory"},
        {"error({})", "a rule raised a table instead of a message"},
        {"error(nil)", "a rule raised a nil instead of a message"},
        {"error()", "a rule raised a nil instead of a message"},
        {"error(print)", "a rule raised a function instead of a message"},
        {"error(true)", "a rule raised a boolean instead of a message"},
        {"error('a\\0b')", "a?b"},
        {"error('')", ""},
    };
    assert_errors(*state, errors, COUNT(errors));
}

static void test_error_levels(void **state)
{
    assert_error(*state, "local function f()\nerror('x', 2)\nend\nf()\n", 4, "x");
    assert_error(*state, "local function f()\nerror('x', 1)\nend\nf()\n", 2, "x");
    assert_error(*state, "local function f()\nerror('x', 99)\nend\nf()\n", 2, "x");
    assert_error(*state, "local function f()\nerror('x', -1)\nend\nf()\n", 2, "x");
    assert_error(*state, "local function f()\nassert(false, 'x')\nend\n\nf()\n", 2, "x");
}

static void test_long_message_is_cut(void **state)
{
    struct rig *rig = *state;
    assert_false(rig_run(rig, "error(('\xc3\xa9'):rep(100000))"));
    struct view message = rig->diags.all.items[0]->message;
    assert_int_equal(message.len, 2000 + strlen(" …"));
    assert_true(view_ends(message, "\xc3\xa9 …"));
    rig_restart(rig);
    assert_false(rig_run(rig, "error('x' .. ('\xc3\xa9'):rep(100000))"));
    assert_true(view_ends(rig->diags.all.items[0]->message, "\xc3\xa9 …"));
    rig_restart(rig);
    assert_false(rig_run(rig, "local t = string return t[('x'):rep(100000)]"));
    assert_true(rig->diags.all.items[0]->message.len < 2100);
}

/* ---- string ----------------------------------------------------------------------------------*/

static void test_string(void **state)
{
    static const struct value values[] = {
        {"return string.byte('a') .. ' ' .. select('#', ('abc'):byte(1, -1))", "97 3"},
        {"return select('#', ('abc'):byte(10)) .. select('#', ('abc'):byte(0, 0))", "00"},
        {"return string.char(104, 105) .. string.char()", "hi"},
        {"return ('abc'):len() .. #'' .. (''):len()", "300"},
        {"return ('aBc-\xc3\x84'):lower() .. ('aBc'):upper()", "abc-\xc3\x84"
                                                               "ABC"},
        {"return ('abc'):reverse() .. (''):reverse()", "cba"},
        {"return ('abcdef'):sub(2, 4) .. ('abc'):sub(-2) .. ('abc'):sub(2, -2)", "bcdbcb"},
        {"return ('abc'):sub(0) .. ('abc'):sub(-9, 2) .. ('abc'):sub(3, 2) .. ('abc'):sub(9)",
         "abcab"},
        {"return ('abc'):sub(math.mininteger, math.maxinteger)", "abc"},
        {"return ('abc'):sub(math.maxinteger) .. ('abc'):sub(1, math.mininteger) .. '.'", "."},
        {"return ('ab'):rep(3) .. ('ab'):rep(2, ',') .. ('x'):rep(0) .. ('x'):rep(-1)",
         "abababab,ab"},
        {"return ('x'):rep(1, 'sep') .. (''):rep(1e15) .. (''):rep(3, '-')", "x--"},
        {"return ('a.b'):find('.') .. ' ' .. select(2, ('a.b'):find('.b'))", "2 3"},
        {"return tostring(('abc'):find('x')) .. ('abc'):find('')", "nil1"},
        {"return ('aaa'):find('a', 2) .. ('abc'):find('', 4) .. tostring(('abc'):find('', 5))",
         "24nil"},
        {"return ('abcabc'):find('c', -1) .. tostring(('a'):find('aa'))", "6nil"},
        {"return ('a%d'):find('%d', 1, true)", "2"},
        {"return tostring(('abc'):starts('ab')) .. tostring(('abc'):starts('abcd'))", "truefalse"},
        {"return tostring(('abc'):starts('')) .. tostring(('abc'):ends('bc'))", "truetrue"},
        {"return tostring(('abc'):ends('')) .. tostring(('bc'):ends('abc'))", "truefalse"},
        {"return '<' .. (' \\t\\r\\n a b \\n'):trim() .. ('  '):trim() .. '>'", "<a b>"},
        {"return table.concat(('a,b,,c'):split(','), '|')", "a|b||c"},
        {"return #(''):split(',') .. #(','):split(',') .. #('abc'):split('b')", "122"},
        {"return table.concat(('a,b,c'):split(',', 2), '|') .. #('a,b'):split(',', 1)", "a|b,c1"},
        {"return table.concat(('a--b---c'):split('--'), '|')", "a|b|-c"},
        {"return table.concat(('  a b\\t\\nc '):split(), '|') .. #(''):split()", "a|b|c0"},
        {"return table.concat(('a\\nb\\r\\n\\nc'):lines(), '|')", "a|b||c"},
        {"return #(''):lines() .. #('\\n'):lines() .. #('a\\n'):lines() .. #('a\\n\\n'):lines()",
         "0112"},
        {"return ('a\\rb\\r'):lines()[1]:byte(-1)", "13"},
    };
    static const struct value errors[] = {
        {"string.char(256)", "bad argument #1 to 'char' (value out of range)"},
        {"string.char(-1)", "bad argument #1 to 'char' (value out of range)"},
        {"('x'):rep('3')", "bad argument #1 to 'rep' (number expected, got string)"},
        {"('x'):rep(1.5)", "bad argument #1 to 'rep' (number has no integer representation)"},
        {"('x'):rep()", "bad argument #1 to 'rep' (number expected, got no value)"},
        {"('x'):split('')", "bad argument #1 to 'split' (the separator is empty)"},
        {"('x'):split(',', 0)", "bad argument #2 to 'split' (a positive number is expected)"},
        {"string.upper({})", "bad argument #1 to 'upper' (string expected, got table)"},
        {"string.upper()", "bad argument #1 to 'upper' (string expected, got no value)"},
        {"(('x'):rep(2000)):byte(1, -1)", "string.byte gives at most 250 values"},
    };
    assert_values(*state, values, COUNT(values));
    assert_errors(*state, errors, COUNT(errors));
}

static void test_string_format(void **state)
{
    static const struct value values[] = {
        {"return ('%d %5d|%-5d|%05d|%+d'):format(1, 2, 3, 4, 5)", "1     2|3    |00004|+5"},
        {"return ('%i %x %X %#x %o'):format(7, 255, 255, 255, 8)", "7 ff FF 0xff 10"},
        {"return ('%.3f %g %e %5.1f'):format(1.5, 0.1, 1, 2.25)", "1.500 0.1 1.000000e+00   2.2"},
        {"return ('%s %10s|%-4s|%.2s'):format('a', 'b', 'c', 'defg')", "a          b|c   |de"},
        {"return ('%s %s %s %s'):format(nil, true, 1.5, {})", "nil true 1.5 table"},
        {"return ('%s'):format(print)", "function"},
        {"return ('%c%c'):format(104, 105) .. ('100%%'):format()", "hi100%"},
        {"return ('%d'):format(3.0) .. ('%d'):format(-0)", "30"},
        {"return #('%99.99f'):format(1.7976931348623157e308)", "409"},
        {"return #('%s'):format(('x'):rep(1000)) .. #('%5s'):format(('x'):rep(1000))", "10001000"},
        {"return #('%99.99s'):format(('x'):rep(1000)) .. #('%-99s'):format('')", "9999"},
        {"return ('%s'):format('a\\0b'):len()", "3"},
        {"return ('%a'):format(1)", "0x1p+0"},
        {"return (''):format(1, 2, 3) .. ('x'):format()", "x"},
        {"return ('%d'):format(math.mininteger)", "-9223372036854775808"},
    };
    static const struct value errors[] = {
        {"('%p'):format({})", "string.format: there is no conversion '%p'"},
        {"('%n'):format(1)", "string.format: there is no conversion '%n'"},
        {"('%u'):format(1)", "string.format: there is no conversion '%u'"},
        {"('%q'):format('x')",
         "string.format: '%q' is not available; words are quoted by dfc.argv"},
        {"('%ld'):format(1)", "string.format: there is no conversion '%l'"},
        {"('%*d'):format(1, 2)", "string.format: there is no conversion '%*'"},
        {"('%1$d'):format(1)", "string.format: there is no conversion '%$'"},
        {"('%100d'):format(1)", "string.format: widths and precisions have at most two digits"},
        {"('%.100f'):format(1)", "string.format: widths and precisions have at most two digits"},
        {"('%999999999999s'):format('')", "string.format: widths and precisions have at most two"},
        {"('%------d'):format(1)", "string.format: widths and precisions have at most two digits"},
        {"('%'):format(1)", "string.format: the text ends after '%'"},
        {"('%5'):format(1)", "string.format: the text ends after '%'"},
        {"('%#d'):format(1)", "string.format: '%d' takes no '#'"},
        {"('%0s'):format('')", "string.format: '%s' takes no '0'"},
        {"('%5c'):format(65)", "string.format: '%c' takes no width"},
        {"('%d'):format()", "bad argument #1 to 'format' (no value)"},
        {"('%s%s'):format('x')", "bad argument #2 to 'format' (no value)"},
        {"('%d'):format('1')", "bad argument #1 to 'format' (number expected, got string)"},
        {"('%d'):format(1.5)",
         "bad argument #1 to 'format' (number has no integer representation)"},
        {"('%5s'):format('a\\0b')", "bad argument #1 to 'format' (a text with NUL bytes takes no"},
    };
    assert_values(*state, values, COUNT(values));
    assert_errors(*state, errors, COUNT(errors));
}

/* ---- table -----------------------------------------------------------------------------------*/

static void test_table(void **state)
{
    static const struct value values[] = {
        {"return table.concat({1, 2, 'x'}, ', ') .. table.concat({}) .. table.concat({'a', 'b'})",
         "1, 2, xab"},
        {"return table.concat({'a', 'b', 'c'}, '-', 2) .. table.concat({'a', 'b', 'c'}, '-', 2, 2)",
         "b-cb"},
        {"return table.concat({'a'}, '-', 2, 1) .. #table.concat({[math.maxinteger] = 'x'}, '-', "
         "math.maxinteger, math.maxinteger)",
         "1"},
        {"local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) table.insert(t, 5, 9) "
         "return table.concat(t, ',')",
         "0,1,2,3,9"},
        {"local t = {1, 2, 3} return table.remove(t) .. table.remove(t, 1) .. table.concat(t, ',')",
         "312"},
        {"local t = {1} table.remove(t, 2) return #t .. tostring(table.remove({}))", "1nil"},
        {"return select('#', table.unpack({1, 2, 3})) .. select('#', table.unpack({}, 1, 3))",
         "33"},
        {"return (table.unpack({1, 2, 3}, 2)) .. select('#', table.unpack({1}, 5, 4))", "20"},
        {"return select('#', table.unpack({}, math.maxinteger, math.maxinteger))", "1"},
        {"return select('#', table.unpack({}, 1, 250))", "250"},
        {"return table.concat(re.split(',', 'c,a,b'), '')", "cab"},
    };
    static const struct value errors[] = {
        {"table.concat({1, {}, 3})", "table.concat: element 2 is a table, not a string"},
        {"table.concat({1}, '', 1, 2)", "table.concat: element 2 is a nil, not a string"},
        {"table.insert({}, 5, 'x')", "bad argument #2 to 'insert' (position out of bounds)"},
        {"table.insert({}, 0, 'x')", "bad argument #2 to 'insert' (position out of bounds)"},
        {"table.insert({})", "table.insert takes a table, a position if wanted, and a value"},
        {"table.insert({}, 1, 2, 3)", "table.insert takes a table, a position if wanted, and a"},
        {"table.insert(nil, 1)", "bad argument #1 to 'insert' (table expected, got nil)"},
        {"table.remove({1}, 3)", "bad argument #2 to 'remove' (position out of bounds)"},
        {"table.unpack({}, 1, 1e6)", "bad argument #3 to 'unpack' (number has no"},
        {"table.unpack({}, 1, 1000000)", "table.unpack gives at most 250 values"},
        {"table.unpack({}, math.mininteger, math.maxinteger)", "table.unpack gives at most 250"},
    };
    for (size_t i = 0; i < COUNT(values); i++)
        assert_value(*state, values[i].text, values[i].expected);
    for (size_t i = 0; i < COUNT(errors); i++)
        if (i != 8) /* 1e6 is a float with an integer value, which is fine */
            assert_error(*state, errors[i].text, 1, errors[i].expected);
    assert_error(*state, "table.unpack({}, 1, 1e6)", 1, "table.unpack gives at most 250 values");
}

static void test_sort(void **state)
{
    static const struct value values[] = {
        {"local t = {3, 1, 2} table.sort(t) return table.concat(t)", "123"},
        {"local t = {'b', 'a', 'C', ''} table.sort(t) return table.concat(t, ',')", ",C,a,b"},
        {"local t = {1, 2, 3} table.sort(t, function(a, b) return a > b end) return "
         "table.concat(t)",
         "321"},
        {"local t = {} table.sort(t) return #t", "0"},
        {"local t = {1} table.sort(t) return t[1]", "1"},
        /* Stable: of equal ones the first stays first, in a list as long as Lua's own would
           shuffle. */
        {"local t = {} for i = 1, 1000 do t[i] = {key = i % 7, n = i} end "
         "table.sort(t, function(a, b) return a.key < b.key end) "
         "for i = 2, 1000 do local a, b = t[i - 1], t[i] "
         "assert(a.key < b.key or a.key == b.key and a.n < b.n) end return 'stable'",
         "stable"},
        {"local t = {} for i = 1, 1023 do t[i] = (i * 7919) % 1023 end table.sort(t) "
         "for i = 1, 1023 do assert(t[i] == i - 1) end return 'sorted'",
         "sorted"},
        /* What is no order gives some order and nothing worse. */
        {"local t = {3, 1, 2} table.sort(t, function() return true end) return #t", "3"},
        {"local t = {3, 1, 2} table.sort(t, function() end) return table.concat(t)", "312"},
        /* The table may change meanwhile. */
        {"local t = {3, 1, 2} table.sort(t, function(a, b) t[2] = nil t[9] = 'x' return a < b end) "
         "return t[1] .. t[2] .. t[3]",
         "123"},
    };
    assert_values(*state, values, COUNT(values));
    assert_error(*state, "table.sort({3, 1}, function(a, b)\nerror('in the comparison')\nend)", 2,
                 "in the comparison");
    assert_error(*state, "table.sort({1, 'x'})", 1, "attempt to compare string with number");
    assert_error(*state, "table.sort({1, {}}, 5)", 1,
                 "bad argument #2 to 'sort' (function expected");
}

/* ---- math ------------------------------------------------------------------------------------*/

static void test_math(void **state)
{
    static const struct value values[] = {
        {"return math.abs(-3) .. ' ' .. math.abs(-1.5) .. ' ' .. math.abs(2)", "3 1.5 2"},
        {"return tostring(math.abs(math.mininteger) == math.mininteger)", "true"},
        {"return math.ceil(1.2) .. ' ' .. math.ceil(-1.2) .. ' ' .. math.ceil(5)", "2 -1 5"},
        {"return math.floor(1.8) .. ' ' .. math.floor(-1.2) .. ' ' .. math.floor(5)", "1 -2 5"},
        {"return math.floor(1e300) .. ' ' .. math.ceil(-math.huge)", "1e+300 -inf"},
        {"return math.max(1, 3, 2) .. math.min(3, 1, 2) .. math.max(1.5, 1)", "311.5"},
        {"return tostring(math.tointeger(3.0)) .. tostring(math.tointeger(3.5))", "3nil"},
        {"return tostring(math.tointeger('3')) .. tostring(math.tointeger({}))", "nilnil"},
        {"return math.huge .. ' ' .. math.maxinteger .. ' ' .. math.mininteger",
         "inf 9223372036854775807 -9223372036854775808"},
        {"return math.fmod(7, 3) .. ' ' .. math.fmod(-7, 3) .. ' ' .. math.fmod(7, -3)", "1 -1 1"},
        {"return math.fmod(5.5, 2) .. ' ' .. math.fmod(-5.5, 2) .. ' ' .. math.fmod(5.5, -2)",
         "1.5 -1.5 1.5"},
        {"return math.fmod(math.mininteger, -1) .. math.fmod(3, math.mininteger)", "03"},
    };
    static const struct value errors[] = {
        {"math.fmod(1, 0)", "bad argument #2 to 'fmod' (zero)"},
        {"math.max()", "bad argument #1 to 'max' (number expected)"},
        {"math.max(1, 'x')", "bad argument #2 to 'max' (number expected, got string)"},
        {"math.floor('1')", "bad argument #1 to 'floor' (number expected, got string)"},
        {"return 1 % 0", "attempt to perform 'n%"},
    };
    assert_values(*state, values, COUNT(values));
    assert_errors(*state, errors, COUNT(errors));
}

/* ---- re --------------------------------------------------------------------------------------*/

static void test_re(void **state)
{
    static const struct value values[] = {
        {"local m = re.match([[(?<who>\\w+) (\\d+)?]], '-- hello world') "
         "return m[0] .. '|' .. m[1] .. '|' .. m.who .. '|' .. tostring(m[2]) .. '|' .. #m",
         "hello |hello|hello|false|2"},
        {"return tostring(re.match('x', 'abc'))", "nil"},
        {"return re.match('a', 'xa', 2)[0] .. tostring(re.match('a', 'xa', 3))", "anil"},
        {"return re.match('b', 'abab', -1)[0] .. tostring(re.match('a', 'abab', -1))", "bnil"},
        {"return tostring(re.match('a', 'a', 99)) .. re.match('a', 'a', -99)[0]", "nila"},
        {"return tostring(re.match('a', 'a', math.maxinteger)) .. re.match('a', 'a', "
         "math.mininteger)[0]",
         "nila"},
        {"local s = '' for k, v in pairs(re.match('(?<b>x)(?<a>y)', 'xy')) do s = s .. k .. v end "
         "return s",
         "0xy1x2yayb"
         "x"},
        {"return table.concat({re.find('b+', 'abbc')}, ',') .. tostring(re.find('x', ''))",
         "2,3nil"},
        {"return table.concat({re.find('', 'abc', 2)}, ',')", "2,1"},
        {"return table.concat({re.gsub('(a+)', 'baab', '<$1>')}, ' ')", "b<aa>b 1"},
        {"return (re.gsub('(?<x>.)(.)', 'abcd', '${x}$2$$${0}'))", "ab$abcd$cd"},
        {"return (re.gsub('a|(b)', 'ab', '[$1]'))", "[][b]"},
        {"return (re.gsub('a', 'aaa', 'b', 2)) .. (re.gsub('a', 'a', 'b', 0))", "bbaa"},
        {"return (re.gsub('a*', 'baac', '-'))", "-b--c-"},
        {"return (re.gsub('', 'ab', '.')) .. (re.gsub('x', '', 'y'))", ".a.b."},
        {"return (re.gsub('[a-z]+', 'ab 1 cd', function(m) return m[0]:upper() end))", "AB 1 CD"},
        {"return (re.gsub('.', 'abc', function(m) return m[0] == 'b' and 7 end))", "a7c"},
        {"return (re.gsub('.', 'ab', function(m) return re.gsub('a', m[0], 'x') end))", "xb"},
        {"return table.concat(re.split(' *, *', 'a , b,c'), '|')", "a|b|c"},
        {"return #re.split(',', '') .. #re.split(',', ',') .. table.concat(re.split('', 'ab'))",
         "12ab"},
        {"return re.escape('a.b*c_d-1')", "a\\.b\\*c_d\\-1"},
        {"return tostring(re.match(re.escape('$(x)[0]\\xc3\\xa9'), '$(x)[0]\\xc3\\xa9') ~= nil)",
         "true"},
        {"return re.match(re.escape('\\0\\n#'), 'a\\0\\n#')[0]:len()", "3"},
        {"return re.match('a', 1 .. 'a')[0] .. re.match(1, 21)[0]", "a1"},
    };
    static const struct value errors[] = {
        {"re.match('(', 'x')",
         "bad regular expression '(': missing closing parenthesis, at byte 2"},
        {"re.match('a')", "bad argument #2 to 'match' (string expected, got no value)"},
        {"re.match({}, 'a')", "bad argument #1 to 'match' (string expected, got table)"},
        {"re.gsub('a', 'a', '$1')", "the pattern has no group '1'"},
        {"re.gsub('a', 'x', '$1')", "the pattern has no group '1'"},
        {"re.gsub('a', 'a', '${who}')", "the pattern has no group 'who'"},
        {"re.gsub('a', 'a', '${')", "replacement: '$' is followed by a group's number or {name}"},
        {"re.gsub('a', 'a', '${}')", "replacement: '$' is followed by a group's number or {name}"},
        {"re.gsub('a', 'a', '$HOME')", "replacement: '$' is followed by a group's number or {name};"
                                       " write $$ for a dollar sign"},
        {"re.gsub('a', 'a', 'x$')", "replacement: '$' is followed by a group's number or {name}"},
        {"re.gsub('a', 'a', {})", "bad argument #3 to 'gsub' (string expected, got table)"},
        {"re.gsub('a', 'a', function() return {} end)",
         "re.gsub: the function gave a table as replacement, a string is expected"},
        {"re.gsub('a', 'a', function() error('in it') end)", "in it"},
        {"re.match('a', '\\xff')", "regular expressions work on valid UTF-8 only"},
        {"re.match('a', '\\xc3\\xa9', 2)", "regular expressions work on valid UTF-8 only"},
        {"re.match('a', ('x'):rep(65537))",
         "regular expressions work on at most 65536 bytes, this text has 65537"},
        {"re.match(('x'):rep(1025), 'x')", "bad regular expression 'xxx"},
    };
    assert_values(*state, values, COUNT(values));
    assert_errors(*state, errors, COUNT(errors));
}

/* More patterns than are kept, and one in use while all are forgotten. */
static void test_many_patterns(void **state)
{
    static const struct value values[] = {
        {"local n = 0 for i = 1, 600 do n = n + #re.match('a{' .. i % 300 .. '}', "
         "('a'):rep(300))[0] "
         "end return n",
         "89700"},
        {"local s = re.gsub('.', 'abc', function(m) for i = 1, 300 do re.match('x' .. i, 'x') end "
         "return m[0] .. '.' end) return s",
         "a.b.c."},
    };
    assert_values(*state, values, COUNT(values));
}

/* ---- holes -----------------------------------------------------------------------------------*/

/* Each of these once ran for long, or for ever, in some embedded Lua. */
static void test_loops_end(void **state)
{
    static const char *const loops[] = {
        "while true do end",
        "repeat until false",
        "::again:: goto again",
        "for i = 1, math.huge do end",
        "for i = math.mininteger, math.maxinteger do end",
        "local function f() return f() end f()",
        "local function a() local function b() end for i = 1, 9 do b() end return a() end a()",
        "local t = {} while true do t = {} end",
        "while true do local s = ('x'):rep(100) .. 'y' end",
        "local s = ('x'):rep(2000000) while true do local t = s:upper() end",
        "local s = ('x'):rep(1000000) while true do local t = s .. 'y' end",
        "local a = ('x'):rep(2000000) local b = a:sub(2) .. 'x' while true do local c = a == b end",
        "local a = ('x'):rep(2000000) local b = a .. 'y' while true do local c = a < b end",
        "local a = ('x'):rep(2000000) while true do local t = { [a:sub(2) .. 'z'] = 1 } end",
        "local a = ('a'):rep(1000000) local b = ('a'):rep(500000) .. 'b' while true do a:find(b) "
        "end",
        "local a = ('a'):rep(1000000) while true do a:split('aaaaab') end",
        "local a = ('0'):rep(1000000) while true do tonumber(a) end",
        "local a = ('0'):rep(1000000) while true do tonumber(a, 2) end",
        "local a = (' '):rep(1000000) while true do a:trim() end",
        "local a = ('x'):rep(1000000) while true do re.escape(a) end",
        "local a = ('x'):rep(1000000) while true do ('%s'):format(a) end",
        "local t = {} for i = 1, 60000 do t[i] = 60000 - i end while true do for k in pairs(t) do "
        "break end end",
        "local t = {} for i = 1, 30000 do t['k' .. i] = i end while true do for k in pairs(t) do "
        "break end end",
        "local t = {} for i = 1, 100000 do t[i] = '' end while true do table.concat(t) end",
        "local t = {} while true do table.insert(t, 1, 0) end",
        "local t = {} for i = 1, 100000 do t[i] = i end while true do table.sort(t) end",
        "table.sort({1, 2}, function() while true do end end)",
        "re.gsub('.', 'x', function() while true do end end)",
        "local t = {} for i = 1, 250 do t[i] = i end while true do select(2, table.unpack(t)) end",
        "for i = 1, 1e9 do re.match('x' .. i, 'x') end",
        "local s = ('a b'):rep(20000) while true do re.split(' ', s) end",
        "local s = ('ab'):rep(30000) while true do re.gsub('a', s, 'b') end",
        "while true do print('x') end",
        "while true do error = error end",
    };
    for (size_t i = 0; i + 1 < COUNT(loops); i++)
        assert_limit(*state, loops[i], 1, "");
    assert_error(*state, loops[COUNT(loops) - 1], 1, "'error' can't be changed");
}

/* A string that is compared with itself: as many bytes as it has in a step, unseen. */
static void test_time_ends(void **state)
{
    struct rig *rig = *state;
    rig->limits = lua_default_limits();
    rig->milliseconds = 20;
    assert_limit(rig, "local a = ('x'):rep(2000000) while true do local b = a < a .. '' end", 1,
                 "too many steps: a call may take 10000000");
    rig->limits.call_steps = 1000 * 1000; /* without a long string time is not looked at */
    rig->milliseconds = 1;
    assert_value(rig, "local n = 0 for i = 1, 200000 do n = n + 1 end return n", "200000");
    rig->milliseconds = 0;
}

static void test_memory_is_bounded(void **state)
{
    static const char *const bombs[] = {
        "local s = 'x' while true do s = s .. s end",
        "local s, t = ('x'):rep(65536), {}\nwhile true do t[#t + 1] = s .. #t end",
        "local t = {} while true do t[#t + 1] = {} end",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local t = {} while true do t = {t} end",
        "local function f() return 1 + f() end f()",
        "local function f(n) local t = {n} return f(n + 1) .. t[1] end f(1)",
        "local f = function() end for i = 1, 1e9 do local g = f f = function() return g end end",
        "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end",
        "local t = {} for i = 1, 1e9 do t[i] = ('x,'):rep(10000):split(',') end",
        "local t = {} for i = 1, 1e9 do t[i] = re.split('', ('x'):rep(1000) .. i) end",
        "local function f(...) return f(1, ...) end f()",
        "local function f(...) f(1, ...) end f()",
        "local t = {} for i = 1, 1e9 do t[i] = function() return t, i end end",
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < COUNT(bombs); i++) {
        rig_restart(rig);
        assert_false(rig_run(rig, bombs[i]));
        assert_int_equal(rig->diags.errors, 1);
        assert_true(rig->diags.limit_reached);
        assert_true(rig->diags.all.items[0]->at.source != NULL);
        assert_true(lua_host_is_dead(rig->host));
    }
}

/* A recursion takes all memory otherwise, and "..." that grows with each call takes minutes. */
static void test_calls_are_bounded(void **state)
{
    assert_limit(*state, "local function f() return 1 + f() end\nf()", 1,
                 "stack overflow: more than 10000 nested calls");
    assert_limit(*state, "local function f(...) return f(1, ...) end\nf()", 1,
                 "too many arguments: more than 500");
    assert_value(*state,
                 "local function f(n) return n == 0 and 0 or 1 + f(n - 1) end return f(9000)",
                 "9000");
    assert_value(*state,
                 "local function f(...) for i = 1, 5000 do end return select('#', ...) end "
                 "return f(1, 2, table.unpack({}, 1, 250))",
                 "252");
}

/* Results that would be too long are refused before they are made. */
static void test_long_strings_are_refused(void **state)
{
    static const struct value errors[] = {
        {"return ('x'):rep(1e9)", "the result is too long: a string may have 2097152 bytes"},
        {"return ('x'):rep(1 << 62)", "the result is too long"},
        {"return ('x'):rep(math.maxinteger)", "the result is too long"},
        {"return ('xy'):rep(math.maxinteger, 'z')", "the result is too long"},
        {"return (''):rep(math.maxinteger, 'z')", "the result is too long"},
        {"return ('x'):rep(2097153)", "the result is too long"},
        {"local s = ('x'):rep(2000000) return table.concat({s, s})", "the result is too long"},
        {"local s = ('x'):rep(1999999) return table.concat({'', ''}, s .. s:sub(1, 2) .. s)", ""},
        {"local s = ('x'):rep(1200000) return ('%s%s'):format(s, s)", "the result is too long"},
        {"return re.gsub('', ('x'):rep(6000), ('y'):rep(1000))", "the result is too long"},
        {"return re.gsub('.', ('x'):rep(60000), function() return ('y'):rep(1000) end)",
         "the result is too long"},
    };
    struct rig *rig = *state;
    rig->limits = lua_default_limits();
    for (size_t i = 0; i < COUNT(errors); i++)
        if (i != 7)
            assert_error(*state, errors[i].text, 1, errors[i].expected);
    assert_limit(*state, errors[7].text, 1, "not enough memory: a string may have 2097152 bytes");
    assert_value(*state, "return #('x'):rep(2097152)", "2097152");
}

/* The place is right even where nothing but the allocator notices. */
static void test_place_of_a_long_string(void **state)
{
    struct rig *rig = *state;
    rig->limits = lua_default_limits();
    assert_limit(rig,
                 "local s = ('x'):rep(500000)\n"
                 "local t = {}\n"
                 "for i = 1, 3 do\n"
                 "    t[i] = i\n"
                 "    s =\n"
                 "        s .. s\n"
                 "end\n",
                 6, "not enough memory: a string may have 2097152 bytes");
}

static void test_patterns_end(void **state)
{
    static const char *const rules[] = {
        "re.match([==[\\w*x*[!?]]==], ('a'):rep(60000))",
        "re.match('^(a+)+$', ('a'):rep(40) .. 'b')",
        "re.match('(?:a?){28}a{28}[bc]', ('a'):rep(40))",
        "re.find([==[\\w*+[!?]]==], ('a'):rep(60000))",
        "re.gsub('(a|a)*[!?]', ('a'):rep(60000), '')",
        "re.split([==[.*.*.*[!?]]==], ('a'):rep(60000))",
        "re.match('(?i)' .. ('[\\\\x{0}-\\\\x{10ffff}]'):rep(50), 'x')",
    };
    for (size_t i = 0; i < COUNT(rules); i++)
        assert_limit(*state, rules[i], 1, "regular expression");
    /* Lua's own, which would take a minute, is not there: this is a plain text. */
    assert_value(*state, "return tostring((('a'):rep(28)):find(('a?'):rep(28) .. ('a'):rep(28)))",
                 "nil");
}

/* Not by pcall, error handlers, finalizers or closing a variable. */
static void test_limits_cannot_be_caught(void **state)
{
    struct rig *rig = *state;
    assert_error(rig, "local x <close> = 1", 1, "variable 'x' got a non-closable value");
    assert_error(rig, "local x <close> = {}", 1, "variable 'x' got a non-closable value");
    assert_error(rig, "local x <close> = string", 1, "variable 'x' got a non-closable value");
    rig_restart(rig);
    assert_false(rig_run(rig, "while true do end"));
    assert_false(rig_run(rig, "return 1"));
    assert_int_equal(rig->diags.errors, 1);
}

/* Sorted pairs, a stable sort and texts without addresses: the same in each state, whose hash
 * seeds differ. */
static void test_rules_are_deterministic(void **state)
{
    static const char rule[] = "local t, s = {}, {}\n"
                               "for i = 1, 200 do t['key' .. i * 7919 % 1000] = i end\n"
                               "for k, v in pairs(t) do s[#s + 1] = k .. '=' .. v end\n"
                               "local r = {}\n"
                               "for i = 1, 200 do r[i] = { i % 3, i } end\n"
                               "table.sort(r, function(a, b) return a[1] < b[1] end)\n"
                               "for _, x in ipairs(r) do s[#s + 1] = x[1] .. ':' .. x[2] end\n"
                               "s[#s + 1] = tostring(t) .. tostring(print) .. ('%s'):format(s)\n"
                               "return table.concat(s, ' ')\n";
    struct rig *rig = *state;
    char *first = NULL;
    for (int i = 0; i < 5; i++) {
        rig_restart(rig);
        assert_true(rig_run(rig, rule));
        const char *text = lua_tostring(lua_host_state(rig->host), -1);
        if (first == NULL) {
            first = malloc(strlen(text) + 1);
            assert_non_null(first);
            memcpy(first, text, strlen(text) + 1);
        }
        assert_string_equal(text, first);
    }
    free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LUA_TEST(test_names),
        LUA_TEST(test_unknown_names_say_what_to_write),
        LUA_TEST(test_nothing_can_be_changed),
        LUA_TEST(test_own_environment),
        LUA_TEST(test_one_file_cannot_change_another),
        LUA_TEST(test_basic_functions),
        LUA_TEST(test_pairs_is_sorted),
        LUA_TEST(test_tables_may_change_during_pairs),
        LUA_TEST(test_print_reports_a_note),
        LUA_TEST(test_print_is_bounded),
        LUA_TEST(test_error_values),
        LUA_TEST(test_error_levels),
        LUA_TEST(test_long_message_is_cut),
        LUA_TEST(test_string),
        LUA_TEST(test_string_format),
        LUA_TEST(test_table),
        LUA_TEST(test_sort),
        LUA_TEST(test_math),
        LUA_TEST(test_re),
        LUA_TEST(test_many_patterns),
        LUA_TEST(test_loops_end),
        LUA_TEST(test_time_ends),
        LUA_TEST(test_memory_is_bounded),
        LUA_TEST(test_calls_are_bounded),
        LUA_TEST(test_long_strings_are_refused),
        LUA_TEST(test_place_of_a_long_string),
        LUA_TEST(test_patterns_end),
        LUA_TEST(test_limits_cannot_be_caught),
        LUA_TEST(test_rules_are_deterministic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
