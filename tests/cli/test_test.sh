# dfc test: what passes, each way to fail with its message, golden files, output formats.
. "$CLI/lib.sh"

# A rule to test: @greet NAME..., a rewrite of it, and what goes wrong on purpose.
mkdir rules
cat >rules/greet.lua <<'RULE'
local dfc = require "dfc.v1"

dfc.directive "greet" {
  summary = "say hello",
  examples = { "@greet world" },
  args = { { "who", many = true, doc = "whom" }, dfc.opt.mirror "greetings" },
  expand = function(ctx, a)
    if #a.who == 0 then
      return ctx:error("there is nobody to greet", { code = "nobody", help = "name somebody" })
    end
    if a.who[1] == "everybody" then ctx:warn("that may take long", { at = "who" }) end
    if a.who[1] == "print" then print "a leftover" end
    local text = ctx:file(a.who[1])
    return dfc.run { cmds = { dfc.argv("echo", text and text:trim() or a.who) } }
  end,
}

dfc.rewrite "shout" {
  summary = "no shouting",
  match = "^echo HELLO",
  check = function(ctx, run, m)
    ctx:report { at = m, message = "do not shout", fix = m.replace_arg("HELLO", "hello") }
  end,
}
RULE

# A file of tests for @greet with this text in its list.
tests() { # FILE CASES
    {
        lines 'local dfc = require "dfc.v1"' 'dfc.test "greet" {' '  from = "alpine:3.20",'
        cat
        lines '}'
    } >"$1"
}

# The whole of stdout.
stdout() {
    content out "$@"
}

tests rules/greet_test.lua <<'CASES'
  { name = "one", input = "@greet world", output = "# @greet world\nRUN echo world" },
  { name = "nobody", input = "RUN true\n@greet", errors = { "2:1: error: there is nobody to greet" } },
CASES

begin 'all pass: one line, status 0, nothing on stderr'
run test rules
status 0
stdout '3 passed, 0 failed'
stderr

begin 'the default is the directory rules'
run test
status 0
stdout '3 passed, 0 failed'

begin 'without rules the default is the current directory'
mkdir here
cp rules/*.lua here
(cd here && "$DFC" test) >out 2>err
stdout '3 passed, 0 failed'
stderr

begin 'a rule file or its tests: its examples and its cases'
cp rules/greet.lua other.lua
sed 's/"greet"/"other"/; s/@greet/@other/; s/"shout"/"whisper"/' rules/greet.lua >rules/other.lua
for path in rules/greet.lua rules/greet_test.lua ./rules//greet_test.lua; do
    run test "$path"
    status 0
    stdout '3 passed, 0 failed'
done
run test rules/other.lua
status 0
stdout '1 passed, 0 failed'
run test rules
stdout '4 passed, 0 failed'
run test rules/other.lua rules/greet.lua rules/
stdout '8 passed, 0 failed'
rm rules/other.lua

begin '--rules: rules from elsewhere that the tests need'
mkdir apart
cp rules/greet_test.lua apart
run test apart
status 1
stdout "apart/greet_test.lua:2: there is no directive or rewrite 'greet'" '0 passed, 1 failed'
run test --rules rules apart
status 0
stdout '2 passed, 0 failed'

begin 'what is set outside does not reach the tests'
run_with DFC_MIRROR=tuna test rules
status 0
run_with DFC_RULES=no-such-directory test rules
status 0
mkdir -p config/dfc
lines 'error "user"' >config/dfc/config.lua
run_with XDG_CONFIG_HOME="$PWD/config" test rules
status 0
run_with DFC_STDLIB=no-such-directory test rules
status 3
has out "no-such-directory"

begin 'the output differs'
tests rules/greet_test.lua <<'CASES'
  { name = "one",
    input = "RUN 1\n@greet world\nRUN 2", output = [[
RUN 1
# @greet world
RUN echo earth
RUN 2
]] },
CASES
run test rules
status 1
stdout 'rules/greet_test.lua:4: greet: one: the output differs' \
    '    --- expected' '    +++ found' '    @@ -1,4 +1,4 @@' '     RUN 1' '     # @greet world' \
    '    -RUN echo earth' '    +RUN echo world' '     RUN 2' '1 passed, 1 failed'

begin 'output "same"'
tests rules/greet_test.lua <<'CASES'
  { name = "one", input = "RUN true", output = "same" },
  { name = "two", input = "@greet x", output = "same" },
CASES
run test rules
status 1
stdout 'rules/greet_test.lua:5: greet: two: the output differs' \
    '    --- expected' '    +++ found' '    @@ -1 +1,2 @@' '    -@greet x' '    +# @greet x' \
    '    +RUN echo x' '2 passed, 1 failed'

begin 'the errors differ: another one, none, one too many'
tests rules/greet_test.lua <<'CASES'
  { name = "another", input = "@greet", errors = { "1:1: error: nobody is there" } },
  { name = "none", input = "@greet x", errors = { "1:1: error: there is nobody to greet" } },
  { name = "unexpected", input = "RUN 2\n@greet", output = "RUN 2" },
  { name = "code", input = "RUN 4\n@greet", errors = { "2:1: error: there is nobody to greet [no]" } },
  { name = "help", input = "RUN 5\n@greet", errors = {
    "2:1: error: there is nobody to greet [nobody]\nhelp: name anybody" } },
CASES
run test rules
status 1
stdout 'rules/greet_test.lua:4: greet: another: the errors differ' \
    '    --- expected' '    +++ found' '    @@ -1 +1 @@' '    -1:1: error: nobody is there' \
    '    +1:1: error: there is nobody to greet' \
    'rules/greet_test.lua:5: greet: none: the errors differ' \
    '    --- expected' '    +++ found' '    @@ -1 +0,0 @@' \
    '    -1:1: error: there is nobody to greet' \
    'rules/greet_test.lua:6: greet: unexpected: the errors differ' \
    '    --- expected' '    +++ found' '    @@ -0,0 +1 @@' \
    '    +2:1: error: there is nobody to greet' \
    'rules/greet_test.lua:7: greet: code: the errors differ' \
    '    --- expected' '    +++ found' '    @@ -1 +1 @@' \
    '    -2:1: error: there is nobody to greet [no]' \
    '    +2:1: error: there is nobody to greet [nobody]' \
    'rules/greet_test.lua:8: greet: help: the errors differ' \
    '    --- expected' '    +++ found' '    @@ -1,2 +1,2 @@' \
    '     2:1: error: there is nobody to greet [nobody]' '    -help: name anybody' \
    '    +help: name somebody' '1 passed, 5 failed'

begin 'the warnings and the notes differ, beside the output'
tests rules/greet_test.lua <<'CASES'
  { name = "good", input = "@greet everybody", output = "# @greet everybody\nRUN echo everybody",
    warnings = { "1:8: warning: that may take long" } },
  { name = "not stated", input = "@greet everybody x", output = "# @greet everybody x" },
  { name = "print", input = "@greet print", output = "# @greet print\nRUN echo print" },
  { name = "stated print", input = "@greet print x", output = "# @greet print x\nRUN echo print x",
    notes = { "greet.lua:12:5: note: a leftover" } },
CASES
run test rules
status 1
stdout 'rules/greet_test.lua:6: greet: not stated: the warnings differ; the output differs' \
    '    --- expected' '    +++ found' '    @@ -0,0 +1 @@' '    +1:8: warning: that may take long' \
    '    --- expected' '    +++ found' '    @@ -1 +1,2 @@' '     # @greet everybody x' \
    '    +RUN echo everybody x' \
    'rules/greet_test.lua:7: greet: print: the notes differ' \
    '    --- expected' '    +++ found' '    @@ -0,0 +1 @@' '    +greet.lua:12:5: note: a leftover' \
    '3 passed, 2 failed'

begin 'a case is wrong: nothing stated, both stated, no name, names and inputs twice'
tests rules/greet_test.lua <<'CASES'
  { name = "nothing", input = "@greet a" },
  { name = "both", input = "@greet b", output = "same", errors = { "x" } },
  { name = "one", input = "@greet c", output = "# @greet c\nRUN echo c" },
  { name = "one", input = "@greet d", output = "same" },
  { name = "two", input = "@greet c", output = "same" },
  { name = "other image", from = "debian:12", input = "@greet c", output = "# @greet c\nRUN echo c" },
CASES
run test rules
status 1
stdout "rules/greet_test.lua:4: case 'nothing' states neither output nor errors" \
    "rules/greet_test.lua:5: case 'both' states output and errors: where there are errors, there is no output" \
    "rules/greet_test.lua:7: a case 'one' stands above already" \
    "rules/greet_test.lua:8: case 'two' has the input and the settings of 'one'" \
    '3 passed, 4 failed'

begin 'a case that can not be read ends its file'
tests rules/greet_test.lua <<'CASES'
  { name = "one", input = "@greet c", output = "# @greet c\nRUN echo c" },
  { input = "@greet c", output = "x" },
CASES
run test rules
status 1
stdout "rules/greet_test.lua:2: dfc.test \"greet\", case 2: field 'name' is missing [rule-error]" \
    '2 passed, 1 failed'
tests rules/greet_test.lua <<'CASES'
  { name = "one", inputs = "@greet c", output = "x" },
CASES
run test rules
stdout "rules/greet_test.lua:2: dfc.test \"greet\", case 1: unknown field 'inputs'; did you mean 'input'? [rule-error]" \
    '1 passed, 1 failed'
tests rules/greet_test.lua <<'CASES'
  "@greet c",
CASES
run test rules
stdout 'rules/greet_test.lua:2: dfc.test "greet", case 1: a table is expected, found string [rule-error]' \
    '1 passed, 1 failed'
tests rules/greet_test.lua <<'CASES'
  { name = "one", input = "@greet c", output = "x", files = { ["../x"] = "y" } },
CASES
run test rules
stdout "rules/greet_test.lua:2: dfc.test \"greet\", case 1: field 'files' names '../x': a path in the build context is expected [rule-error]" \
    '1 passed, 1 failed'
lines 'local dfc = require "dfc.v1"' 'dfc.test "greet" {' >rules/greet_test.lua
run test rules
status 1
stdout 'rules/greet_test.lua:3: unexpected symbol near <eof> [rule-syntax]' '1 passed, 1 failed'

begin 'no case: in a dfc.test, in a file, in a directory'
tests rules/greet_test.lua </dev/null
run test rules
status 1
stdout "rules/greet_test.lua:2: there is no case for 'greet'" '1 passed, 1 failed'
lines 'local dfc = require "dfc.v1"' >rules/greet_test.lua
run test rules
status 1
stdout 'rules/greet_test.lua: there is no case in it' '1 passed, 1 failed'
mkdir empty
run test empty
status 1
stdout 'empty: there is no test in it' '0 passed, 1 failed'

begin 'a dfc.test without a table'
lines 'local dfc = require "dfc.v1"' '' 'dfc.test "greet"' \
    'dfc.test "greet" { { name = "x", input = "RUN x", output = "RUN x" } }' >rules/greet_test.lua
run test rules
status 1
stdout 'rules/greet_test.lua:3: dfc.test "greet" has no table behind it [rule-error]' '2 passed, 1 failed'

begin 'an unknown name'
lines 'local dfc = require "dfc.v1"' '' 'dfc.test "gret" { { name = "x", input = "y", output = "z" } }' \
    >rules/greet_test.lua
run test rules
status 1
stdout "rules/greet_test.lua:3: there is no directive or rewrite 'gret'" "    help: did you mean 'greet'?" \
    '1 passed, 1 failed'

begin 'dfc.test stands in files of tests, rules do not'
lines 'local dfc = require "dfc.v1"' 'dfc.directive "x" { summary = "x", expand = function() end }' \
    >rules/greet_test.lua
run test rules
status 1
stdout "rules/greet_test.lua:2: dfc.directive can't be called in a file of tests: rules have their own files [rule-error]" \
    '1 passed, 1 failed'
lines 'local dfc = require "dfc.v1"' 'dfc.rewrite "x" { summary = "x", check = function() end }' \
    >rules/greet_test.lua
run test rules
stdout "rules/greet_test.lua:2: dfc.rewrite can't be called in a file of tests: rules have their own files [rule-error]" \
    '1 passed, 1 failed'
mkdir wrong
lines 'local dfc = require "dfc.v1"' 'dfc.test "pip" {}' >wrong/x.lua
run test wrong
status 1
stdout 'wrong/x.lua:2: dfc.test can only be called in a file whose name ends in _test.lua [rule-error]' \
    '0 passed, 1 failed'
run build --rules wrong/x.lua good
status 0 # rules are loaded for files with a directive only
lines 'FROM alpine' '@x' >uses-x
run build --rules wrong/x.lua uses-x
status 1
has err 'wrong/x.lua:2:1: error: dfc.test can only be called in a file whose name ends in _test.lua'
rm rules/greet_test.lua

begin 'an example that does not compile'
mkdir examples
sed 's/"@greet world"/"@greet", "@greet you"/' rules/greet.lua >examples/greet.lua
run test examples
status 1
stdout "examples/greet.lua:3: greet: example '@greet': the example does not compile" \
    '    Dockerfile.in:2:1: error: there is nobody to greet [nobody]' '        @greet' '        ^~~~~~' \
    '        help: name somebody' '1 passed, 1 failed'

begin 'examples and cases have an image in which they make sense'
mkdir images
cat >images/where.lua <<'RULE'
local dfc = require "dfc.v1"
local function where(ctx) return dfc.run { cmds = { dfc.argv("echo", ctx.base.image) } } end
dfc.directive "any" { summary = "x", examples = { "@any" }, expand = where }
dfc.directive "alpine" {
  summary = "x", examples = { "@alpine" }, needs = { family = "alpine" }, expand = where,
}
dfc.directive "node" {
  summary = "x", examples = { "@node" }, examples_from = "node:22", expand = where,
}
RULE
cat >images/where_test.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.test "any" { { name = "x", input = "@any", output = "# @any\nRUN echo debian:12" } }
dfc.test "alpine" { { name = "x", input = "@alpine", output = "# @alpine\nRUN echo alpine:3.20" } }
dfc.test "node" {
  { name = "x", input = "@node", output = "# @node\nRUN echo node:22" },
  { name = "own", from = "node:20", input = "@node", output = "# @node\nRUN echo node:20" },
  { name = "in the input", input = "FROM node:18\n@node", output = "FROM node:18\n# @node\nRUN echo node:18" },
}
RULE
run test images
status 0
stdout '8 passed, 0 failed'

begin 'settings of all cases and of one: mirror, builder, footprint, syntax, files'
mkdir settings
cat >settings/show.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.directive "show" {
  summary = "x",
  expand = function(ctx)
    local list = { ctx:mirror "npm" or "none" }
    for _, path in ipairs { "a", "a/b", "c" } do list[#list + 1] = ctx:file(path) or "-" end
    if ctx.footprint == "none" then list[#list + 1] = "untouched" end
    return dfc.run { cmds = { dfc.argv("echo", list) }, mounts = { dfc.tmpfs { target = "/tmp" } } }
  end,
}
RULE
cat >settings/show_test.lua <<'RULE'
local dfc = require "dfc.v1"
local HUAWEI = "https://mirrors.huaweicloud.com/repository/npm"
local function out(text) return "# @show\nRUN --mount=type=tmpfs,target=/tmp \\\n    echo " .. text end
dfc.test "show" {
  mirror = "huawei", files = { ["a/b"] = "x" },
  { name = "all", input = "@show", output = out(HUAWEI .. " - x -") },
  { name = "mirror", mirror = "off", input = "@show", output = out "none - x -" },
  { name = "files", files = { c = "y" }, input = "@show", output = out(HUAWEI .. " - - y") },
  { name = "builder", builder = "legacy", input = "@show",
    output = "# @show\nRUN echo " .. HUAWEI .. " - x -" },
  { name = "footprint", footprint = "none", input = "@show",
    output = out(HUAWEI .. " - x - untouched") },
  { name = "syntax", syntax = "docker/dockerfile:1.0", input = "@show", output = out(HUAWEI .. " - x -"),
    warnings = { "warning: 'docker/dockerfile:1.0' is too old for what is generated here: "
      .. "RUN --mount came with docker/dockerfile:1.2" } },
}
RULE
run test settings
status 0
stdout '6 passed, 0 failed'

begin 'a builder that there is not'
cat >settings/show_test.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.test "show" { { name = "make", builder = "make", input = "@show", output = "" } }
RULE
run test settings
status 1
stdout 'settings/show_test.lua:2: show: make: the errors differ' '    --- expected' '    +++ found' \
    '    @@ -0,0 +1 @@' \
    "    +error: 'dfc.builder' must be buildkit, buildah or legacy, found 'make'" \
    '0 passed, 1 failed'

begin 'rewrites: fixes are carried out, findings stated'
cat >rules/greet_test.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.test "shout" {
  { name = "lowers the voice", input = "RUN echo HELLO x", output = "RUN echo hello x",
    warnings = { "1:5: warning: do not shout" } },
  { name = "quietly", input = "RUN echo HELLO y", output = "RUN echo hello y" },
  { name = "only when told to", auto = false, input = "RUN echo HELLO z", output = "same" },
}
dfc.test "greet" {
  { name = "told to", auto = true, input = "RUN echo HELLO", output = "RUN echo hello",
    warnings = { "1:5: warning: do not shout [shout]\nhelp: dfc lint --fix mends it" } },
}
RULE
run test rules
status 1
stdout 'rules/greet_test.lua:5: shout: quietly: the warnings differ' '    --- expected' '    +++ found' \
    '    @@ -0,0 +1 @@' '    +1:5: warning: do not shout' '4 passed, 1 failed'

begin 'a fix that leaves something to fix'
mkdir fixes
cat >fixes/more.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.rewrite "more" {
  summary = "more and more",
  match = "^make",
  check = function(ctx, run, m)
    ctx:report { at = m, message = "make needs -j", fix = m.insert_arg "-j" }
  end,
}
RULE
cat >fixes/more_test.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.test "more" {
  { name = "once", input = "RUN make", output = "RUN make -j",
    warnings = { "1:5: warning: make needs -j" } },
}
RULE
run test fixes
status 1
has out 'fixes/more_test.lua:3: more: once: the output does not compile to itself; a fix leaves something to fix'
has out '    -RUN make -j'
has out '    +RUN make -j -j'
has out '0 passed, 1 failed'

begin 'fixes of directives, too'
mkdir fixed
cat >fixed/jdk.lua <<'RULE'
local dfc = require "dfc.v1"
local newer = { ["11"] = "17", ["17"] = "21", ["8"] = "8" }
dfc.directive "jdk" {
  summary = "x", args = { { "version" } }, examples = { "@jdk 21" },
  expand = function(ctx, a)
    local fix = newer[a.version]
    if fix then return ctx:error("old", { at = "version", fix = fix }) end
    return dfc.run { cmds = { dfc.argv("echo", a.version) } }
  end,
}
RULE
cat >fixed/jdk_test.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.test "jdk" {
  { name = "17", input = "@jdk 17", errors = { "1:6: error: old" } },
  { name = "11", input = "@jdk 11", errors = { "1:6: error: old" } },
}
RULE
run test fixed
status 1
has out "fixed/jdk_test.lua:4: jdk: 11: a fix leaves something to fix"
has out '2 passed, 1 failed'

begin 'rules that can not be loaded: once, and no test is run'
mkdir broken
cp rules/greet.lua broken
lines 'local dfc = require "dfc.v1"' 'oops()' >broken/x.lua
tests broken/greet_test.lua <<'CASES'
  { name = "one", input = "@greet c", output = "# @greet c\nRUN echo c" },
CASES
run test broken
status 1
equal "$(tail -n 1 out)" '0 passed, 1 failed'
has out 'broken/x.lua:2: '

begin 'rules that warn when they are loaded'
mkdir shadows
lines 'local dfc = require "dfc.v1"' 'dfc.directive "apt" { summary = "x", expand = function() end }' >shadows/apt.lua
lines 'local dfc = require "dfc.v1"' 'dfc.test "apt" { { name = "x", input = "@apt", output = "" } }' \
    >shadows/apt_test.lua
run test shadows
status 1
stdout 'shadows/apt.lua:2: warning: @apt replaces the directive of that name of the standard library [shadowed-directive]' \
    '    help: write override = true in the rule if that is meant' '1 passed, 1 failed'

begin 'limits: status 70'
mkdir limits
cat >limits/loop.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.directive "loop" { summary = "x", expand = function() while true do end end }
RULE
lines 'local dfc = require "dfc.v1"' 'dfc.test "loop" { { name = "x", input = "@loop", output = "" } }' \
    >limits/loop_test.lua
run test limits
status 70
has out 'limits/loop_test.lua:2: loop: x: the errors differ'
has out 'too many steps'
has out '0 passed, 1 failed'
lines 'while true do end' >limits/loop_test.lua
run test limits
status 70
has out 'limits/loop_test.lua:1: too many steps'
has out '0 passed, 1 failed'

begin 'golden files: output, diagnostics, both'
mkdir -p rules/golden
rm rules/greet_test.lua
lines 'FROM alpine:3.20' '@greet world' >rules/golden/good.in
lines '# Code generated by dfc from good.in; DO NOT EDIT.' '#' 'FROM alpine:3.20' '# @greet world' \
    'RUN echo world' >rules/golden/good.out
lines 'FROM alpine:3.20' '@greet' >rules/golden/bad.in
lines 'bad.in:2:1: error: there is nobody to greet [nobody]' '    @greet' '    ^~~~~~' \
    '    help: name somebody' >rules/golden/bad.err
lines 'FROM alpine:3.20' '@greet everybody' >rules/golden/both.in
lines 'both.in:2:8: warning: that may take long' '    @greet everybody' '           ^~~~~~~~~' \
    >rules/golden/both.err
sed 's/good/both/; s/world/everybody/' rules/golden/good.out >rules/golden/both.out
run test rules
status 0
stdout '4 passed, 0 failed'
run test rules/golden --rules rules
status 0
stdout '3 passed, 0 failed'
run test rules/golden
status 1
equal "$(tail -n 1 out)" '0 passed, 3 failed'

begin 'golden files that differ'
lines 'FROM alpine:3.20' '@greet world' >rules/golden/both.in
lines 'FROM alpine:3.20' '@greet' >rules/golden/good.in
lines 'FROM alpine:3.20' '@greet x' >rules/golden/bad.in
run test rules
status 1
has out 'rules/golden/bad.in: it compiles, but no output is expected; the diagnostics differ'
has out 'rules/golden/both.in: the output differs; the diagnostics differ'
has out '    -RUN echo everybody'
has out 'rules/golden/good.in: it does not compile, but output is expected; the diagnostics differ'
has out '1 passed, 3 failed'

begin 'a golden input without an expectation'
lines 'FROM alpine:3.20' >rules/golden/new.in
run test rules
has out 'rules/golden/new.in: there is neither a .out nor a .err beside it; --update writes them'
has out '1 passed, 4 failed'

begin '--update writes what comes out, and only that'
cp rules/golden/both.out before
run test --update rules
status 0
stdout 'created: rules/golden/bad.out' 'removed: rules/golden/bad.err' \
    'updated: rules/golden/both.out' 'removed: rules/golden/both.err' \
    'removed: rules/golden/good.out' 'created: rules/golden/good.err' \
    'created: rules/golden/new.out' '5 passed, 0 failed'
content rules/golden/new.out 'FROM alpine:3.20'
content rules/golden/good.err 'good.in:2:1: error: there is nobody to greet [nobody]' '    @greet' \
    '    ^~~~~~' '    help: name somebody'
run test -u rules
status 0
stdout '5 passed, 0 failed'
clean rules

begin 'a directory with .in files alone is one of golden files to be'
mkdir plain
lines 'FROM alpine' >plain/Dockerfile.in
lines 'FROM alpine' '@oops' >plain/wrong.in
: >plain/requirements.txt
run test plain
status 1
stdout 'plain/Dockerfile.in: there is neither a .out nor a .err beside it; --update writes them' \
    'plain/wrong.in: there is neither a .out nor a .err beside it; --update writes them' \
    '0 passed, 2 failed'
run test -u plain
status 0
stdout 'created: plain/Dockerfile.out' 'created: plain/wrong.err' '2 passed, 0 failed'
content plain/Dockerfile.out 'FROM alpine'
has plain/wrong.err "wrong.in:2:1: error: unknown directive '@oops' [unknown-directive]"
run test plain
status 0
stdout '2 passed, 0 failed'
mkdir -p below/golden
lines 'FROM alpine' >below/golden/x.in
cp rules/greet.lua below
run test -u below
status 0
stdout 'created: below/golden/x.out' '2 passed, 0 failed'
run test -u below
stdout '2 passed, 0 failed'

begin 'a Dockerfile.in that is in use is no golden file'
mkdir -p use/app use/image
cp rules/greet.lua use
lines 'FROM alpine' | tee use/Dockerfile.in use/app/Dockerfile.in use/app/Dockerfile >use/image/Dockerfile.in
(cd use && "$DFC" test --update) >out 2>err
stdout '1 passed, 0 failed'
run test --update use/app
status 1
stdout 'use/app: there is no test in it' '0 passed, 1 failed'

begin 'a project: dfc.lua is its configuration, and its rules are in rules'
mkdir project
cp -r rules project
rm -r project/rules/golden
lines 'local dfc = require "dfc.v1"' 'dfc.settings { rules = { "rules" } }' >project/dfc.lua
run test project
status 0
stdout '1 passed, 0 failed'
run test project/
stdout '1 passed, 0 failed'
cp project/dfc.lua project/rules
run test project
status 0
stdout '1 passed, 0 failed'
mv project/rules/greet.lua project
run test project
status 0
stdout '1 passed, 0 failed'
rm project/greet.lua
run test project
status 1
stdout 'project/rules: there is no test in it' '0 passed, 1 failed'
run test "$CLI/../../examples/team-rules"
status 0
lacks out '^0 passed'

begin 'the standard library'
mkdir lib
run test "$CLI/../../stdlib"
status 0
has out ' passed, 0 failed'
mkdir stdlib
cp "$CLI"/../../stdlib/*.lua stdlib
rm stdlib/*_test.lua
cat >stdlib/npm_test.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.test "npm" { { name = "x", input = "@npm ci", output = [[
# @npm ci
RUN --mount=type=cache,id=other,target=/root/.npm,sharing=locked \
    npm ci
]] } }
RULE
run test stdlib/npm.lua
status 1
has out 'stdlib/npm_test.lua:2: npm: x: the output differs'
sed 's/sharing = "locked"/id = "other", &/' stdlib/npm.lua >changed && mv changed stdlib/npm.lua
run test stdlib/npm_test.lua
status 0

begin '--format tap'
tests rules/greet_test.lua <<'CASES'
  { name = "a #1 \"x\"", input = "@greet c", output = "# @greet c\nRUN echo c" },
  { name = "b", input = "@greet", errors = { "x" } },
CASES
rm -r rules/golden
run test --format tap rules
status 1
stdout 'TAP version 14' "ok 1 - rules/greet.lua:3: greet: example '@greet world'" \
    'ok 2 - rules/greet_test.lua:2: greet: a \#1 "x"' 'not ok 3 - rules/greet_test.lua:5: greet: b' \
    '  ---' '  problem: "the errors differ"' \
    '  detail: "--- expected\n+++ found\n@@ -1 +1 @@\n-x\n+1:1: error: there is nobody to greet\n"' \
    '  ...' '1..3' '# 2 passed, 1 failed'

begin '--format json'
run test --format=json rules
status 1
if python3 -c 'import json, sys
report = json.load(open("out"))
assert (report["passed"], report["failed"]) == (2, 1)
assert [t["passed"] for t in report["tests"]] == [True, True, False]
assert report["tests"][1]["name"] == "a #1 \"x\""
last = report["tests"][2]
assert (last["file"], last["line"], last["rule"], last["name"]) == \
    ("rules/greet_test.lua", 5, "greet", "b")
assert last["problem"] == "the errors differ" and "+1:1: error" in last["detail"]' 2>python-err; then :; else
    fail "$(cat python-err out)"
fi
run test --format json empty
status 1
python3 -c 'import json; assert json.load(open("out"))["failed"] == 1' || fail "$(cat out)"

begin 'control characters and bytes that are no text'
tests rules/greet_test.lua <<'CASES'
  { name = "x\27[31m\xff", input = "@greet \27[31m", output = "x" },
CASES
run test rules
status 1
lacks out "$(printf '\033')"
has out 'x?[31m'
run test --format=tap rules
lacks out "$(printf '\033')"
run test --format=json rules
status 1
python3 -c 'import json
report = json.load(open("out", encoding="utf-8", errors="strict"))
assert report["tests"][1]["name"] == "x\x1b[31m\ufffd"' 2>python-err || fail "$(cat python-err out)"

begin '--save writes what each test has compiled'
tests rules/greet_test.lua <<'CASES'
  { name = "one", input = "@greet x", output = "# @greet x\nRUN echo hello x\n" },
  { name = "two", input = "@greet", diagnostics = "no such thing" },
CASES
run test --save saved rules
[ -f saved/0001-greet/Dockerfile.in ] || fail "$(ls -R saved)"
run build saved/0001-greet/Dockerfile.in --rules rules
diff out saved/0001-greet/Dockerfile > differ || fail "$(cat differ)"
run test --save rules/greet.lua rules
status 3
has err "cannot write"
case $(cat saved/*/Dockerfile) in *'DO NOT EDIT'*) ;; *) fail 'nothing generated was saved' ;; esac

begin 'usage'
run test no-such-directory
status 3
no_stdout
stderr "dfc: cannot read 'no-such-directory': No such file or directory"
run test rules good
status 2
no_stdout
stderr "dfc: 'good' is neither a directory nor a .lua file"
run test --format=xml
usage "dfc test: option '--format' needs text, tap or json, found 'xml'"
run test --forma=tap
usage "dfc test: unknown option '--forma', did you mean '--format'?"
run test -o x
usage "dfc test: unknown option '-o', see 'dfc test --help'"
run test --help
status 0
has out 'usage: dfc test [OPTION]... [PATH]...'

finish
