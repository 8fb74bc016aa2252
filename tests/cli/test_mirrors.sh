# dfc mirrors: the table, JSON, configuration of Docker and BuildKit.
. "$CLI/lib.sh"

mkdir std
cat >std/mirrors.lua <<'LUA'
local dfc = require "dfc.v1"
dfc.mirror "cn" {
  summary = "a mix", base = "https://cn.example", debian = "debian",
  rustup = { dist = "rust", update_root = "rust/rustup" },
  docker_hub = { "https://one.example", "https://two.example/hub" },
}
dfc.mirror "plain" { base = "https://plain.example", npm = "npm" }
LUA

# A query of what was printed, in Python.
query_json() {
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' out "$1" 2>&1
}
query_toml() { # EXPRESSION WANTED; without a reader of TOML, from Python 3.11 on, nothing is asked
    python3 -c 'import tomllib' 2>/dev/null || return 0
    equal "$(python3 -c 'import tomllib, sys
d = tomllib.load(open(sys.argv[1], "rb"))
print(eval(sys.argv[2]))' out "$1" 2>&1)" "$2"
}

begin 'the table has what each mirror has'
run_with DFC_STDLIB=std mirrors
status 0
stderr
content out \
    'MIRROR  WHOSE IT IS, AND WHAT IT HAS' \
    'cn      a mix' \
    '        debian docker_hub rustup' \
    'plain   npm'

begin 'rules of the command line count'
cp "$CLI/team.lua" team.lua
run_with DFC_STDLIB=std mirrors --rules team.lua
status 0
has out "corp    the company's own"

begin 'JSON has the URLs'
run_with DFC_STDLIB=std mirrors --json
status 0
stderr
equal "$(query_json '[m["name"] for m in d["mirrors"]], sorted(d)')" \
    "(['cn', 'plain'], ['mirrors', 'version'])"
equal "$(query_json '[t["url"] for t in d["mirrors"][0]["trees"]]')" \
    "['https://cn.example/debian', 'https://one.example', 'https://two.example/hub',\
 'https://cn.example/rust', 'https://cn.example/rust/rustup']"

begin 'daemon.json: the preset cn, presets and addresses'
run_with DFC_STDLIB=std mirrors --daemon-json
status 0
stderr
equal "$(query_json d)" "{'registry-mirrors': ['https://one.example', 'https://two.example/hub']}"
run_with DFC_STDLIB=std mirrors http://three.example:5000/ --daemon-json cn four.example
equal "$(query_json d)" "{'registry-mirrors': ['http://three.example:5000',\
 'https://one.example', 'https://two.example/hub', 'https://four.example']}"

begin 'buildkitd.toml: hosts without a scheme, plain http said of the host'
run_with DFC_STDLIB=std mirrors --buildkitd-toml cn http://three.example:5000/a http://three.example:5000/b
status 0
stderr
content out \
    '[registry."docker.io"]' \
    '  mirrors = ["one.example", "two.example/hub", "three.example:5000/a", "three.example:5000/b"]' \
    '' \
    '[registry."three.example:5000"]' \
    '  http = true'
query_toml d "{'registry': {'docker.io': {'mirrors': ['one.example', 'two.example/hub',\
 'three.example:5000/a', 'three.example:5000/b']}, 'three.example:5000': {'http': True}}}"

begin 'the mirrors of the standard library'
run mirrors --daemon-json
status 0
equal "$(query_json 'len(d["registry-mirrors"]) > 1')" True
run mirrors --buildkitd-toml
status 0
query_toml 'len(d["registry"]["docker.io"]["mirrors"]) > 1' True

begin 'mistakes, all of them'
run_with DFC_STDLIB=std mirrors --daemon-json plain plian ftp://x.example \
    https://user:secret@x.example 'https://x.example/"'
status 1
no_stdout
stderr "dfc: error: the mirror 'plain' has no images of Docker Hub [no-registry]" \
    "dfc: error: there is no mirror 'plian' [unknown-mirror]" \
    "    help: write a preset of 'dfc mirrors', or an address such as https://mirror.example" \
    "dfc: error: 'ftp://x.example' is no address of a registry: https://mirror.example [bad-value]" \
    "dfc: error: 'https://***********@x.example' holds a user name or password [credentials]" \
    "dfc: error: 'https://x.example/\"' is no address of a registry: https://mirror.example [bad-value]"

begin 'usage'
run mirrors tuna
status 2
stderr "dfc mirrors: expected --daemon-json or --buildkitd-toml with 'tuna'; 'dfc explain tuna' is about a preset"
run mirrors --json --daemon-json
status 2
stderr "dfc mirrors: '--json' and '--daemon-json' can't be used together"

finish
