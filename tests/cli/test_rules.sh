# dfc rules: the table, JSON, the editor's definitions, sources.
. "$CLI/lib.sh"

cp "$CLI/team.lua" team.lua
mkdir std empty
cat >std/hello.lua <<'LUA'
local dfc = require "dfc.v1"
dfc.directive "hello" {
  summary = "Say hello",
  expand = function() return dfc.run { cmds = { "echo hello" } } end,
}
LUA

# A query of a JSON document, in Python: the words that it prints.
query() {
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
by = {k: {e["name"]: e for e in d[k]} for k in
      ("directives", "rewrites", "mirrors", "caches", "images")}
print(eval(sys.argv[2]))' "$1" "$2" 2>&1
}

begin 'the table has each kind, with where it is declared'
run_with DFC_STDLIB=std rules --rules team.lua
status 0
stderr
content out \
    'DIRECTIVE  DECLARED IN         WHAT IT DOES' \
    '@hello     stdlib/hello.lua:2  Say hello' \
    '@jdk       team.lua:9          Install the JDK of the company' \
    '' \
    'REWRITE        DECLARED IN  WHAT IT FINDS' \
    'no-distro-jdk  team.lua:28  JDKs of distributions are not looked after' \
    '' \
    'MIRROR  DECLARED IN  WHOSE IT IS' \
    "corp    team.lua:34  the company's own" \
    '' \
    'CACHE  DECLARED IN  WHERE IT LIES, SHARING' \
    'jdk    team.lua:4   ~/.jdk, locked' \
    '' \
    'IMAGE        DECLARED IN' \
    'corp/python  team.lua:41'

begin 'kinds of which there is none are left out'
run_with DFC_STDLIB=std rules
status 0
content out \
    'DIRECTIVE  DECLARED IN         WHAT IT DOES' \
    '@hello     stdlib/hello.lua:2  Say hello'
run_with DFC_STDLIB=empty rules
status 0
no_stdout

begin 'the standard library is there without being asked for'
run rules
status 0
stderr
for word in @apt @go @npm @pip; do
    has out "$word "
done
for word in cn tuna; do
    equal "$(grep -c "^$word  *stdlib/mirrors.lua:[0-9]* " out)" 1
done
equal "$(grep -c '^debian  *stdlib/images_os.lua$' out)" 1

begin 'rules come from DFC_RULES and the project, too'
run_with DFC_RULES=team.lua rules
status 0
equal "$(grep -c '^@jdk  *team.lua:9 ' out)" 1
mkdir project
cp team.lua project/
lines 'local dfc = require "dfc.v1"' 'dfc.settings { rules = { "team.lua" } }' >project/dfc.lua
(cd project && "$DFC" rules >../out 2>../err) || fail 'dfc rules failed in a project'
stderr
equal "$(grep -c '^@jdk  *team.lua:9 ' out)" 1

begin 'a rule that takes the place of one of the standard library'
lines 'local dfc = require "dfc.v1"' \
    'dfc.directive "npm" { summary = "Ours", override = true, expand = function() end }' >npm.lua
run rules --rules npm.lua --json
status 0
stderr
equal "$(query out '[by["directives"]["npm"][k] for k in ("file", "line", "stdlib", "replaces")]')" \
    "['npm.lua', 2, False, 'stdlib/npm.lua']"
equal "$(query out 'by["directives"]["pip"]["replaces"]')" None

begin '--json says all that a directive declares'
run_with DFC_STDLIB=std rules --rules team.lua --json
status 0
stderr
python3 -m json.tool out >pretty 2>&1 || fail "no JSON: $(cat pretty)"
equal "$(query out 'list(d)')" \
    "['version', 'options_of_every_directive', 'directives', 'rewrites', 'mirrors', 'caches', 'images']"
equal "$(query out '[len(d[k]) for k in list(d)[2:]]')" '[2, 1, 1, 1, 1]'
cat >expected.json <<'JSON'
{
  "name": "jdk", "file": "team.lua", "line": 9, "stdlib": false, "replaces": null,
  "summary": "Install the JDK of the company", "same_as": null,
  "family": "install", "usage": "[OPTION]... RELEASE", "verbs": [], "default_verb": null,
  "body": null, "needs": {"family": null, "user": "root"},
  "args": [
    {"name": "release", "key": "release", "short": null, "type": "enum", "option": false,
     "many": false, "min": 1, "values": ["17", "21"], "kind": null, "doc": "release of the JDK"},
    {"name": "--to", "key": "to", "short": "-t", "type": "path", "option": true, "many": false,
     "min": 0, "values": [], "kind": null, "default": "/opt/jdk", "doc": "where it goes"},
    {"name": "--flag", "key": "flag", "short": null, "type": "passthrough", "option": true,
     "many": true, "min": 0, "values": ["--quiet", "--mode="], "kind": null,
     "doc": "option of getjdk"},
    {"name": "--id", "key": "id", "short": null, "type": "word", "option": true, "many": false,
     "min": 0, "values": [], "kind": null, "doc": "id of the cache mount"}
  ],
  "implied": [], "caches": ["jdk"], "tools": [], "noop_verbs": [], "refused": [],
  "examples": ["@jdk 21", "@jdk --to=/opt/java 17"], "examples_from": null
}
JSON
equal "$(query out 'by["directives"]["jdk"] == json.load(open("expected.json"))')" True

begin '--json says all of rewrites, mirrors, caches and images'
equal "$(query out '[by["rewrites"]["no-distro-jdk"][k] for k in ("on", "match", "needs_family")]')" \
    "['RUN', '\\\\bopenjdk-\\\\d+', 'debian']"
equal "$(query out '[[t["kind"], t["url"]] for t in by["mirrors"]["corp"]["trees"]]')" \
    "[['debian', 'https://mirror.example/deb'], ['goproxy', 'https://go.example'], ['goproxy', 'https://go2.example'], ['pypi', 'https://pypi.example/simple'], ['rustup.dist', 'https://mirror.example/rust'], ['rustup.update_root', 'https://mirror.example/rust/rustup']]"
equal "$(query out '[by["caches"]["jdk"][k] for k in ("target", "env", "sharing", "id", "libc", "arch", "distro", "beside", "copies_out", "directives")]')" \
    "['~/.jdk', 'JDK_CACHE', 'locked', 'jdk', True, True, False, False, True, ['jdk']]"
equal "$(query out 'by["images"]["corp/python"]["line"]')" 41

begin '--json of the whole standard library'
run rules --json
status 0
stderr
python3 -m json.tool out >pretty 2>&1 || fail "no JSON: $(cat pretty)"
equal "$(query out 'sorted(e["name"] for e in d["directives"]) == [e["name"] for e in d["directives"]]')" True
equal "$(query out '[e["name"] for e in d["directives"] if not e["summary"] or not e["examples"]]')" '[]'
equal "$(query out '[a["name"] for e in d["directives"] for a in e["args"] if not a["doc"]]')" '[]'
equal "$(query out 'by["directives"]["pip3"]["same_as"]')" pip
equal "$(query out 'by["directives"]["apt"]["caches"]')" "['apt', 'apt-lists']"

begin 'the standard library declares at the start of a line, where it is looked for unread'
# The index of rule_files.c is made by such lines. Images are listed in comments; mirrors have a file.
run rules --json
python3 - "$CLI/../.." >report 2>&1 <<'PYTHON' || fail "$(cat report)"
import json, os, sys
rules = json.load(open("out"))
for kind, function in (("directives", "directive"), ("rewrites", "rewrite"), ("caches", "cachedef")):
    assert rules[kind]
    for rule in rules[kind]:
        text = open(os.path.join(sys.argv[1], rule["file"])).read()
        assert f'\ndfc.{function} "{rule["name"]}"' in text, (kind, rule["name"])
PYTHON

begin 'nothing of a rule file reaches the terminal as a control character'
printf '%s\n' 'local dfc = require "dfc.v1"' \
    'dfc.directive "bell" {' \
    '  summary = "ring\27[2J\7 \u{9b}x \u{202e}y \"quoted\" \\ back",' \
    '  expand = function() end,' \
    '}' >bell.lua
run_with DFC_STDLIB=std rules --rules bell.lua
status 0
has out '@bell      bell.lua:2          ring?[2J? ?x ?y "quoted" \ back'
run_with DFC_STDLIB=std rules --rules bell.lua --json
status 0
has out '"summary": "ring\u001b[2J\u0007 \u009bx \u202ey \"quoted\" \\ back"'
run_with DFC_STDLIB=std rules --rules bell.lua --markdown
equal "$(LC_ALL=C tr -d '\n -~' <out | wc -c)" 0

begin '--source prints the file that declares a name, byte for byte'
printf '%s\n' 'local dfc = require "dfc.v1"' '-- tab	blank ' \
    'dfc.mirror "here" { base = "https://mirror.example" }' >here.lua
printf -- '-- no newline at the end' >>here.lua
for word in jdk @jdk no-distro-jdk corp corp/python; do
    run rules --rules team.lua --source "$word"
    status 0
    stderr
    same out team.lua
done
run rules --rules team.lua --rules here.lua --source here
status 0
same out here.lua

begin '--source of the standard library'
for word in apt-get go npm pip3; do
    run rules --source $word
    status 0
    equal "$(grep -c "^dfc.directive \"$word\"" out)" 1
done
run rules --source tuna
has out 'dfc.mirror "tuna" {'
run rules --source debian
has out 'image("debian"'
run_with DFC_STDLIB=std rules --source hello
same out std/hello.lua

begin 'what --source prints can be used as a rule file'
run rules --source go
cp out own.lua
lines 'FROM golang:1.25' '@go build' >go.in
run build --rules own.lua go.in
status 0
has err "own.lua:"
has out 'go build'

begin '--meta prints definitions that are Lua'
run rules --meta
status 0
stderr
equal "$(head -n 1 out)" '---@meta dfc.v1'
cp out dfc.d.lua
if command -v luac5.4 >/dev/null; then
    luac5.4 -p dfc.d.lua >report 2>&1 || fail "$(cat report)"
else
    skip 'luac5.4 is not installed'
fi

begin '--meta passes luacheck'
if command -v luacheck >/dev/null; then
    luacheck --no-color --no-config dfc.d.lua >report 2>&1 || fail "$(cat report)"
    printf 'undefined_name()\n' | cat dfc.d.lua - >wrong.lua
    luacheck --no-color --no-config wrong.lua >report 2>&1 && fail 'luacheck sees no mistake'
else
    skip 'luacheck is not installed'
fi

begin '--meta needs no rule'
lines 'nonsense' >broken.lua
run rules --meta --rules broken.lua
status 0
stderr
same out dfc.d.lua

begin 'a file of definitions beside the rules is no rule file'
mkdir both
cp team.lua dfc.d.lua both
run rules --rules both
status 0
stderr
equal "$(grep -c '^@jdk  *both/team.lua:9 ' out)" 1
run rules --rules dfc.d.lua
status 3
no_stdout
stderr "dfc: error: 'dfc.d.lua' is no rule file: it holds definitions for an editor"

begin '--markdown is the reference of the rules that are known'
run_with DFC_STDLIB=std rules --rules team.lua --markdown
status 0
stderr
has out '### @jdk'
# shellcheck disable=SC2016 # the backticks are those of Markdown
sed -n '/^### @jdk$/,/^## Caches$/p' out >part
cat >expected <<'MD'
### @jdk

Install the JDK of the company.

Declared in `team.lua`.

```text
@jdk [OPTION]... RELEASE
```

Needs the user root.

| argument | type | default | meaning |
|---|---|---|---|
| `release` | enum |  | release of the JDK |
| `-t` `--to=PATH` | path | `/opt/jdk` | where it goes |
| `--id=WORD` | word |  | id of the cache mount |

Passed on as they are (option of getjdk; one that ends in `=` takes a value): `--quiet` `--mode=`

Caches: `jdk`

`@jdk 21` becomes

```dockerfile
FROM debian:12
ARG TARGETARCH
# @jdk 21
RUN --mount=type=cache,id=jdk-glibc-${TARGETARCH},target=/root/.jdk,sharing=locked \
    getjdk 21 /opt/jdk
```

`@jdk --to=/opt/java 17` becomes

```dockerfile
FROM debian:12
ARG TARGETARCH
# @jdk --to=/opt/java 17
RUN --mount=type=cache,id=jdk-glibc-${TARGETARCH},target=/root/.jdk,sharing=locked \
    getjdk 17 /opt/java
```

## Caches
MD
sed 's/id=jdk-debian-12-/id=jdk-glibc-/' part >part.glibc # std knows no image
same part.glibc expected

begin 'each example of the standard library compiles'
run rules --markdown
status 0
stderr
lacks out 'does not compile'
equal "$(grep -c '^```dockerfile$' out)" "$(grep -Ec '(^| )becomes$' out)" # one of several lines
[ "$(grep -c ' becomes$' out)" -ge 12 ] || fail 'examples are missing'

begin 'the same bytes each time, and no path of this machine'
cp out first
run rules --markdown
same out first
run rules --markdown
same out first
lacks out "$(pwd)"

begin 'an unknown name'
run rules --source aptt
status 1
no_stdout
stderr "dfc: error: there is no rule 'aptt' [unknown-name]" "    help: did you mean 'apt'?"
run rules --source frobnicate
status 1
no_stdout
stderr "dfc: error: there is no rule 'frobnicate' [unknown-name]" \
    "    help: 'dfc rules' lists all directives, rewrites, mirrors, caches and images"

begin 'a rule file with a mistake'
run rules --rules broken.lua
status 1
no_stdout
has err 'broken.lua:'
run rules --rules no-such.lua
status 3
no_stdout
stderr "dfc: error: there is no rule file or directory 'no-such.lua'"

begin 'options that contradict each other, operands'
run rules --json --meta
usage "dfc rules: '--json' and '--meta' can't be used together"
run rules --source pip --markdown
usage "dfc rules: '--source' and '--markdown' can't be used together"
run rules --source pip --source apt
status 0
has out 'dfc.directive "apt"'
run rules pip
usage "dfc rules: expected no operand, found 'pip'; 'dfc explain pip' is about it"
run rules --jsn
usage "dfc rules: unknown option '--jsn', did you mean '--json'?"
run rules --color=blue
usage "dfc rules: option '--color' needs auto, always or never, found 'blue'"
run rules --output x
usage "dfc rules: unknown option '--output', see 'dfc rules --help'"

begin 'a COPY that is longer than a line may be'
cat >long.lua <<'LUA'
local dfc = require "dfc.v1"
dfc.directive "long" {
  summary = "Copy files with long names",
  expand = function()
    return {
      dfc.copy { from = "a", src = { ("x"):rep(29000), ("y"):rep(29000) }, dest = "/" },
      dfc.copy { from = "a", src = { ("x"):rep(40000), ("y"):rep(40000) }, dest = "/" },
    }
  end,
}
LUA
lines 'FROM alpine' @long >long.in
run build --rules long.lua long.in
status 0
stderr
awk '!/^#/ { gsub(/x+/, "x"); gsub(/y+/, "y"); sub(/ [\\]$/, " ..."); print }' out >short
content short 'FROM alpine' 'COPY --from=a x y /' 'COPY --from=a ...' '    x ...' '    y ...' '    /'

begin 'a write that fails'
"$DFC" rules >/dev/full 2>err
equal $? 3

finish
