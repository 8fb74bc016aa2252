# Rules that want to do harm: each ends within a second of processor time, with a diagnostic, status
# 1 or 70, and not a byte on stdout. What the functions of the sandbox answer in each case is tested
# in tests/unit; here it is the program that must hold, wherever a rule is called.
. "$CLI/lib.sh"

seconds=2 # on a busy machine a second of the processor does less
! grep -q __asan_init "$DFC" || seconds=20 # a build with sanitizers is slower

mkdir rules context outside
lines secret >outside/file
ln -s ../outside/file context/link
ln -s ../outside context/directory
ln -s /dev/zero context/device
lines '@set dfc.auto = on' 'FROM debian:12' 'RUN true' '@attack' >context/in

# The rule file for a body that is run in this place.
rule_for() { # PLACE BODY
    lines 'local dfc = require "dfc.v1"'
    case $1 in
    load) lines "$2" ;;
    expand) lines 'dfc.directive "attack" { summary = "x", expand = function(ctx, a)' "$2" 'end }' ;;
    check) lines 'dfc.rewrite "attack" { summary = "x", match = "^true", check = function(ctx, run, m)' \
        "$2" 'end }' ;;
    facts) lines 'dfc.image "debian" { distro = "debian", facts = function(tag)' "$2" 'end }' ;;
    target) lines 'dfc.cachedef "attack" { sharing = "locked", target = function(ctx)' "$2" 'end }' \
        'dfc.directive "attack" { summary = "x", expand = function(ctx) ctx:cache "attack" end }' ;;
    esac
}

attack() { # PLACE BODY
    rule_for "$1" "$2" >rules/attack.lua
    status=0
    (
        # shellcheck disable=SC3045 # dash, bash and busybox have it
        ulimit -t $seconds
        exec "$DFC" build --no-user-config --rules rules context/in
    ) >out 2>err || status=$?
    case $status in
    1 | 70) ;;
    *) fail "$1: $2: status $status: $(head -c 500 err)" ;;
    esac
    [ ! -s out ] || fail "$1: $2: stdout: $(head -c 200 out)"
    grep -qE '(attack.lua|context/in):[0-9]+:[0-9]+: error: ' err || fail "$1: $2: no diagnostic: $(head -c 500 err)"
    [ "$(wc -c <err)" -lt 20000 ] || fail "$1: $2: $(wc -c <err) bytes on stderr"
    ! LC_ALL=C tr -d '\n' <err | LC_ALL=C grep -q '[[:cntrl:]]' || fail "$1: $2: control characters"
    lacks err secret
}

attack_all() { # PLACE: bodies from stdin
    while IFS= read -r body; do attack "$1" "$body"; done
}

for place in load expand check facts target; do
    begin "wherever a rule runs: $place"
    attack_all $place <<'LUA'
while true do end
local function f() return 1 + f() end f()
local s = "x" while true do s = s .. s end
local t = {} while true do t = { t } end
re.match([[\w*x*[!?]]], ("a"):rep(65000))
table.sort({ 3, 2, 1 }, function() while true do end end)
re.gsub(".", "x", function() while true do end end)
local a = ("x"):rep(2000000) while true do local b = a < a .. "" end
error({})
error(("\27[2J\0\n"):rep(100000))
setmetatable({}, { __gc = function() while true do end end })
LUA
done

begin 'what is not there: catching, other threads, loading, the machine'
attack_all load <<'LUA'
while true do pcall(error) end
xpcall(error, error)
coroutine.wrap(function() end)()
load("while true do end")()
string.dump(print)
debug.sethook()
os.exit(0)
io.write("x")
getmetatable("").__index = {}
("").x = 1
string.rep = nil
math.random()
print(next({}))
collectgarbage("stop")
local x <close> = 1
x = 1
local _ENV = { y = 1 } y = x.x
table.move({ 1 }, 1, 1e9, 2)
error(("%p"):format({}))
LUA

begin 'long strings, deep and wide tables'
attack_all load <<'LUA'
local s = ("x"):rep(1 << 62)
while true do local s = (""):rep(1 << 62) end
error(("%99999999d"):format(1))
local s = ("x"):rep(2000000) while true do s = ("%s%s"):format(s, s) end
local t = {} for i = 1, 1e6 do t[i] = "x" end error(table.concat(t, ("y"):rep(1000)))
table.unpack({}, math.mininteger, math.maxinteger)
table.concat({}, "", 1, 1 << 40)
local function f(...) return f(1, ...) end f()
local t = {} while true do t[#t + 1] = ("x,"):rep(100000):split(",") end
local s = ("9"):rep(2000000) while true do tonumber(s) end
local t = {} t[1] = t dfc.run { cmds = { "x" }, mounts = t }
local t = {} t.x = t dfc.mirror "a" (t)
local t = { users = {} } t.users.a = t dfc.image "a" (t)
local t = {} for i = 1, 1e5 do t = { t } end dfc.run { cmds = { "x" }, mounts = t }
local t = {} for i = 1, 1e5 do t["f" .. i] = 1 end dfc.directive "y" (t)
dfc.directive(("x"):rep(2000000)) {}
for i = 1, 1e9 do dfc.directive("x" .. i) { summary = "x", expand = error } end
for i = 1, 1e9 do dfc.mirror("x" .. i) {} end
LUA

begin 'patterns'
attack_all load <<'LUA'
re.match("^(a+)+$", ("a"):rep(40) .. "b")
re.match([[^(.*)(.*)(.*)(.*)(.*)\1\2\3\4\5!$]], ("a"):rep(5000))
re.match([[(?<=(a|aa|aaa))b*c*d*[!]]], ("a"):rep(60000))
re.match("(?R)", "a")
re.match("(*LIMIT_MATCH=4294967295)(*LIMIT_DEPTH=4294967295)^(a+)+$", ("a"):rep(40) .. "b")
re.match("((((a{1,1000}){1,1000}){1,1000}){1,1000})", "a")
re.match([[\C]], "x")
re.match(("x"):rep(2000), "x")
re.match("x", ("x"):rep(70000))
re.match("x", "\xff")
LUA

begin 'error values, and errors while there is an error'
attack_all load <<'LUA'
error(nil)
error(error)
error(1/0)
error("x", 1e9)
error("x", -1)
error("a\0b\27[31m")
error(("x"):rep(2000000))
assert(nil, ("y"):rep(2000000))
assert(false, {})
table.sort({ 3, 2, 1 }, function() error({}) end)
re.gsub(".", "x", function() error(("x"):rep(2000000)) end)
LUA

begin 'paths of ctx:file, run:bind and require'
attack_all expand <<'LUA'
ctx:file "../outside/file"
ctx:file "/etc/passwd"
error(tostring(ctx:file "link"))
error(tostring(ctx:file "directory/file"))
ctx:file "a\0b"
ctx:file "x/../../outside/file"
local run = dfc.run { cmds = { "x" } } run:bind "../outside/file" error "x"
for i = 1, 1e9 do ctx:file("a" .. i) end
require "../outside/file"
require "/etc/passwd"
require "os"
require "a\0b"
require(("a"):rep(2000000))
LUA

begin 'results and messages'
attack_all expand <<'LUA'
while true do dfc.argv "x" end
local a = dfc.argv "x" while true do a:add(("x"):rep(100000)) end
while true do dfc.raw(("RUN x\n"):rep(10000)) end
dfc.raw("RUN " .. ("$("):rep(500000) .. "\1") error "x"
local t = {} for i = 1, 20000 do t[i] = dfc.user "x" end return t
local n = dfc.raw(("ENV a=b\n"):rep(10000)) local t = {} for i = 1, 9999 do t[i] = n end return t
local t = {} t[1] = t return t
local t = {} for i = 1, 8 do local u = {} for k = 1, 100 do u[k] = t end t = u end return t
for i = 1, 1e9 do ctx:once("k" .. i, dfc.env { A = "b" }) end
for i = 1, 1e9 do ctx:stage("k" .. i, "scratch", dfc.env { A = "b" }) end
return print
return ctx
LUA
for body in 'for i = 1, 1e9 do ctx:error("x" .. i) end' 'while true do ctx:warn "x" end'; do
    rule_for expand "$body" >rules/attack.lua
    run build --no-user-config --rules rules context/in
    status 70
    no_stdout
    has err 'a rule may report 1000 findings in a call'
done

begin 'text that would be more than it seems'
attack_all expand <<'LUA'
return dfc.user "a\nRUN x"
return dfc.workdir "/a\nRUN x"
return dfc.arg("A", "b\nRUN x")
return dfc.env { ["A=b C"] = "d" }
return dfc.copy { src = "a", dest = "b\nRUN x" }
return dfc.run { cmds = { "<<EOF" } }
return dfc.run { cmds = { "--security=insecure x" } }
return dfc.run { cmds = { '["x"]' } }
return dfc.run { cmds = { "a # b", "c" } }
return dfc.run { cmds = { "a \\" } }
return dfc.run { cmds = { "a" }, network = "none --x" }
return dfc.run { cmds = { "a" }, mounts = { dfc.cache { target = "/a,readonly" } } }
return dfc.add { src = "https://u:p@h/x", dest = "/" }
return dfc.raw "FROM x"
return dfc.raw "@apt x"
return dfc.raw "RUN x \\"
ctx:stage("k", "scratch AS b", dfc.user "a")
ctx:stage("k", "scratch\nRUN x", dfc.user "a")
LUA

begin 'files that are no rules'
for content in '' '\033Lua\124\000\031\223' 'x\000y' '\377\376x' '#!/bin/sh\nexit'; do
    # shellcheck disable=SC2059 # the content is a format
    printf "$content" >rules/attack.lua
    (
        # shellcheck disable=SC3045 # dash, bash and busybox have it
        ulimit -t $seconds
        exec "$DFC" build --no-user-config --rules rules context/in
    ) >out 2>err && fail "'$content' passes"
    no_stdout
    [ -s err ] || fail "'$content': no diagnostic"
done
yes 'local x = 1' | head -c 300000 >rules/attack.lua
run build --no-user-config --rules rules context/in
[ "$status" != 0 ] || fail 'a file over the limit passes'
no_stdout

finish
