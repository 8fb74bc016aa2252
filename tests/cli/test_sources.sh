# Where rules and settings come from: the project around a file, the user's configuration, the
# environment, options, @use; and which one wins.
. "$CLI/lib.sh"

# A rule file: @NAME becomes "RUN echo TEXT". rule FILE NAME TEXT [LINE]
rule() {
    mkdir -p "$(dirname "$1")"
    cat >"$1" <<RULE
local dfc = require "dfc.v1"
dfc.directive "$2" {
    summary = "say it",
    ${4-}
    expand = function() return dfc.run { cmds = { "echo $3" } } end,
}
RULE
}

# A configuration file: settings FILE FIELD...
settings() {
    file=$1
    shift
    mkdir -p "$(dirname "$file")"
    {
        lines 'local dfc = require "dfc.v1"' 'dfc.settings {'
        for field; do lines "    $field,"; done
        lines '}'
    } >"$file"
}

# Which mirror is in the output: its name, or none.
mirror() {
    for mirror in tuna ustc aliyun sjtu; do
        ! grep -q "$mirror" out || { echo $mirror; return; }
    done
    echo none
}

override='override = true,'
here=$(pwd)
lines 'FROM alpine' '@hello' >hello
lines 'FROM debian:bookworm' '@apt curl' >apt

begin 'dfc.lua lies beside the file, or in a directory above up to the one with .git'
mkdir -p top/project/.git top/project/a/b/c
cp apt top/project/a/b/c/Dockerfile.in
settings top/dfc.lua '["dfc.mirror"] = "ustc"'
run build top/project/a/b/c/Dockerfile.in
status 0
equal "$(mirror)" none
settings top/project/dfc.lua '["dfc.mirror"] = "tuna"'
run build top/project/a/b/c/Dockerfile.in
status 0
equal "$(mirror)" tuna
settings top/project/a/dfc.lua '["dfc.mirror"] = "aliyun"'
run build top/project/a/b/c/Dockerfile.in
equal "$(mirror)" aliyun
settings top/project/a/b/c/dfc.lua '["dfc.mirror"] = "sjtu"'
run build top/project/a/b/c/Dockerfile.in
equal "$(mirror)" sjtu

begin 'the file is found from wherever dfc runs, and for standard input from there'
rm top/project/a/dfc.lua top/project/a/b/c/dfc.lua
(cd top/project/a/b/c && "$DFC" build >"$here/out" 2>"$here/err") || fail 'failed'
equal "$(mirror)" tuna
(cd top/project/a && "$DFC" build b/../b/c/Dockerfile.in >"$here/out" 2>"$here/err") || fail 'failed'
equal "$(mirror)" tuna
run build "$here/top/project/a/b/c/Dockerfile.in"
equal "$(mirror)" tuna
(cd top/project/a/b && "$DFC" build - <c/Dockerfile.in >"$here/out" 2>"$here/err") || fail 'failed'
equal "$(mirror)" tuna
ln -s top/project/a/b/c link
run build link/Dockerfile.in
equal "$(mirror)" tuna

begin '.git may be a file, as in a worktree; without .git only the directory of the file counts'
rmdir top/project/.git
run build top/project/a/b/c/Dockerfile.in
status 0
equal "$(mirror)" none
lines 'gitdir: elsewhere' >top/project/a/.git
run build top/project/a/b/c/Dockerfile.in
equal "$(mirror)" none
rm top/project/a/.git
lines 'gitdir: elsewhere' >top/project/.git
run build top/project/a/b/c/Dockerfile.in
equal "$(mirror)" tuna

begin 'messages call the files of the project as they are seen from the file'
settings top/project/dfc.lua 'rules = { "rules" }'
rule top/project/rules/hello.lua hello hi
lines 'local x = = 1' >top/project/rules/wrong.lua
run build top/project/a/b/c/Dockerfile.in
status 1
has err 'top/project/rules/wrong.lua:1:1: error:'
(cd top/project/a/b/c && "$DFC" build >"$here/out" 2>"$here/err") && fail 'succeeded'
has err '../../../rules/wrong.lua:1:1: error:'
rm top/project/rules/wrong.lua
cp hello top/project/a/hello
run build top/project/a/hello
status 0
has out 'RUN echo hi'

begin 'the user'"'"'s configuration: XDG_CONFIG_HOME, else ~/.config'
settings home/.config/dfc/config.lua '["dfc.mirror"] = "ustc"'
settings xdg/dfc/config.lua '["dfc.mirror"] = "tuna"'
run_with HOME="$here/home" build apt
status 0
equal "$(mirror)" ustc
HOME=$here/home
export HOME
run_with XDG_CONFIG_HOME="$here/xdg" build apt
equal "$(mirror)" tuna
run_with XDG_CONFIG_HOME= build apt
equal "$(mirror)" ustc
run_with XDG_CONFIG_HOME=xdg build apt # not absolute, so it does not count
equal "$(mirror)" ustc
run_with XDG_CONFIG_HOME="$here/no-such" build apt
status 0
equal "$(mirror)" none
run_with XDG_CONFIG_HOME="$here/apt" build apt # below a file nothing can be
status 0
equal "$(mirror)" none

begin '--no-user-config'
run build apt
equal "$(mirror)" ustc
run build --no-user-config apt
status 0
equal "$(mirror)" none

begin 'HOME may be missing'
status=0
env -u HOME "$DFC" build apt >out 2>err || status=$?
status 0
equal "$(mirror)" none

begin 'a link to the user'"'"'s configuration may lead anywhere'
mkdir -p linked/dfc
ln -s ../../xdg/dfc/config.lua linked/dfc/config.lua
run_with XDG_CONFIG_HOME="$here/linked" build apt
status 0
equal "$(mirror)" tuna

begin 'the user'"'"'s configuration can not be read'
mkdir -p broken/dfc/config.lua
run_with XDG_CONFIG_HOME="$here/broken" build apt
status 3
no_stdout
stderr "dfc: error: cannot read '$here/broken/dfc/config.lua': Is a directory" \
    '    help: --no-user-config leaves it out'
run_with XDG_CONFIG_HOME="$here/broken" build --no-user-config apt
status 0
run_with XDG_CONFIG_HOME="$here/broken" build good
status 0
same out good

begin 'settings: user, project, environment, file, option; the later wins'
mkdir -p layers
cp apt layers/apt
run build layers/apt
equal "$(mirror)" ustc
settings layers/dfc.lua '["dfc.mirror"] = "tuna"'
run build layers/apt
equal "$(mirror)" tuna
run_with DFC_MIRROR=aliyun build layers/apt
equal "$(mirror)" aliyun
lines '@mirror sjtu' | cat - apt >layers/apt
run_with DFC_MIRROR=aliyun build layers/apt
equal "$(mirror)" sjtu
run_with DFC_MIRROR=aliyun build --mirror tuna layers/apt
equal "$(mirror)" tuna
run_with DFC_MIRROR=aliyun build -D dfc.mirror=off layers/apt
equal "$(mirror)" none
lines '@set dfc.mirror ?= sjtu' | cat - apt >layers/apt
run build layers/apt
equal "$(mirror)" tuna

rm -r home/.config

begin 'an unknown mirror of the environment'
run_with DFC_MIRROR=tunna build apt
status 1
no_stdout
stderr "dfc: error: there is no mirror 'tunna' [unknown-mirror]" "    help: did you mean 'tuna'?" \
    '    note: DFC_MIRROR says so'

begin 'an unknown setting of the command line'
run build -D dfc.miror=tuna apt
status 1
no_stdout
stderr "dfc: error: there is no setting 'dfc.miror' [unknown-setting]" \
    "    help: did you mean 'dfc.mirror'?"

begin 'rules: user, project, environment, option, @use; the later wins if it says override'
mkdir ranks
lines '@use use.lua' 'FROM alpine' '@hello' >ranks/all
cp hello ranks/some
rule xdg/dfc/config.lua hello user "$override"
XDG_CONFIG_HOME=$here/xdg
export XDG_CONFIG_HOME
run build ranks/some
status 0
has out 'RUN echo user'
rule ranks/dfc.lua hello project "$override"
run build ranks/some
status 0
has out 'RUN echo project'
rule ranks/environment.lua hello environment "$override"
rule ranks/option.lua hello option "$override"
rule ranks/use.lua hello use "$override"
run_with DFC_RULES=ranks/environment.lua build ranks/some
status 0
has out 'RUN echo environment'
run_with DFC_RULES=ranks/environment.lua build ranks/some --rules ranks/option.lua
status 0
has out 'RUN echo option'
run_with DFC_RULES=ranks/environment.lua build ranks/all --rules ranks/option.lua
status 0
stderr
has out 'RUN echo use'

begin 'without override two definitions are an error that names both places'
rule ranks/option.lua hello option
run_with DFC_RULES=ranks/environment.lua build ranks/all --rules ranks/option.lua
status 1
no_stdout
has err 'ranks/option.lua:2:1: error: @hello is declared a second time [declared-twice]'
has err 'note: the first is at ranks/environment.lua:2'
rule xdg/dfc/config.lua hello user
rule ranks/dfc.lua hello project
run build ranks/some
status 1
has err 'ranks/dfc.lua:2:1: error: @hello is declared a second time [declared-twice]'
has err "note: the first is at $here/xdg/dfc/config.lua:2"
run build --no-user-config ranks/some
status 0
has out 'RUN echo project'
unset XDG_CONFIG_HOME

begin 'one file by several names is one file'
mkdir -p same/rules
rule same/rules/hello.lua hello hi
ln -s rules/hello.lua same/hi.lua
settings same/dfc.lua 'rules = { "rules", "hi.lua" }'
lines '@use rules' '@use hi.lua' "@use $here/same/rules/hello.lua" 'FROM alpine' '@hello' >same/hello
run_with DFC_RULES="$here/same/rules:same/rules:./same/rules/hello.lua" build same/hello \
    --rules same/../same/rules --rules link/../../../../../same/rules --rules same/hi.lua
status 0
stderr
has out 'RUN echo hi'

begin 'a copy of a file is another file'
cp same/rules/hello.lua copy.lua
run build same/hello --rules copy.lua
status 1
has err 'is declared a second time'

begin '@use: paths as seen from the file, within the project'
mkdir -p uses/.git uses/rules uses/a/b
rule uses/rules/hello.lua hello hi
lines '@use ../../rules' 'FROM alpine' '@hello' >uses/a/b/up
run build uses/a/b/up
status 0
has out 'RUN echo hi'
(cd uses/a && "$DFC" build b/up >"$here/out" 2>"$here/err") || fail 'failed'
has out 'RUN echo hi'
(cd uses/a/b && "$DFC" build - <up >"$here/out" 2>"$here/err") || fail 'failed'
has out 'RUN echo hi'
lines "@use $here/uses/rules/hello.lua" 'FROM alpine' '@hello' >uses/a/b/absolute
run build uses/a/b/absolute
status 0
has out 'RUN echo hi'
rmdir uses/.git
for file in up absolute; do
    run build uses/a/b/$file
    status 1
    has err "uses/a/b/$file:1:6: error: '"
    has err "leads out of the project [outside-project]"
    has err 'name rules from elsewhere with --rules or DFC_RULES'
    lacks err 'unknown directive'
    run build uses/a/b/$file --rules uses/rules
    status 1
    lacks err 'unknown directive'
done

begin '@use and dfc.lua do not follow a link out of the project'
mkdir -p links/rules links/inside links/real
rule elsewhere/hello.lua hello hi
rule links/real/hello.lua hello hi
ln -s ../../elsewhere/hello.lua links/rules/hello.lua
ln -s "$here/links/real/hello.lua" links/absolute.lua
ln -s ../elsewhere links/elsewhere
ln -s ../real/hello.lua links/inside/hello.lua
for path in rules rules/hello.lua absolute.lua elsewhere elsewhere/hello.lua; do
    lines "@use $path" 'FROM alpine' '@hello' >links/hello
    run build links/hello
    status 1
    no_stdout
    has err 'leads out of the project by a symbolic link [outside-project]'
    settings links/dfc.lua "rules = { \"$path\" }"
    cp hello links/hello
    run build links/hello
    status 1
    has err 'links/dfc.lua:3:'
    has err 'leads out of the project by a symbolic link [outside-project]'
    rm links/dfc.lua
done
lines '@use inside' 'FROM alpine' '@hello' >links/hello
run build links/hello
status 0
has out 'RUN echo hi'
run build hello --rules links/rules # who names it there may
status 0
has out 'RUN echo hi'

begin 'a rule file requires only what lies beside it, links and all'
mkdir -p require
rule require/hello.lua hello hi
cp require/hello.lua require/plain.lua
sed '1i\
require "beside"' require/plain.lua >require/hello.lua
ln -s ../elsewhere/hello.lua require/beside.lua
lines '@use hello.lua' 'FROM alpine' '@hello' >require/Dockerfile.in
run build require/Dockerfile.in
status 1
has err "require/hello.lua:1:1: error: 'require/beside.lua' leads out of the project by a symbolic link"
rm require/beside.lua
lines 'return 1' >require/beside.lua
run build require/Dockerfile.in
status 0
has out 'RUN echo hi'
(cd require && "$DFC" build --rules hello.lua - <../hello >"$here/out" 2>"$here/err") || fail 'failed'
has out 'RUN echo hi'

begin 'committed: neither the user nor the environment changes the output'
mkdir -p committed
cp apt committed/apt
run build committed/apt
cp out plain
settings home/.config/dfc/config.lua '["dfc.mirror"] = "tuna"' 'rules = { "no-such" }'
run build committed/apt
status 1
settings committed/dfc.lua 'committed = true'
run build committed/apt
status 0
stderr
same out plain
status=0
DFC_MIRROR=tuna DFC_RULES=no-such DFC_STDLIB=no-such "$DFC" build committed/apt >out 2>err || status=$?
status 0
stderr
same out plain
run build --mirror tuna committed/apt
status 0
equal "$(mirror)" tuna
run build --rules elsewhere committed/apt
status 0
same out plain
settings committed/dfc.lua 'committed = false' '["dfc.mirror"] = "off"'
run_with DFC_MIRROR=aliyun build --no-user-config committed/apt
status 0
equal "$(mirror)" aliyun

begin 'at most 256 rule files'
mkdir many
i=0
while [ $i -lt 255 ]; do
    echo 'return 1' >many/$i.lua
    i=$((i + 1))
done
lines '@use many' 'FROM alpine' >use-many
run build --no-user-config use-many --rules elsewhere/hello.lua
status 0
echo 'return 2' >many/255.lua
run build --no-user-config use-many
status 0
run build --no-user-config use-many --rules elsewhere/hello.lua
status 1
no_stdout
has err 'use-many:1:6: error: more than 256 rule files [too-many-rules]'
run build --no-user-config hello --rules elsewhere/hello.lua --rules many
status 3
has err 'more than 256 rule files'

begin 'a rule file that is too large, and one that can not be read'
mkdir large
dd if=/dev/zero of=large/large.lua bs=1 count=0 seek=262145 2>/dev/null
lines '@use large' 'FROM alpine' >use-large
run build --no-user-config use-large
status 1
has err "use-large:1:6: error: cannot read 'large/large.lua': a rule file has at most 262144 bytes"
mkfifo large/large-pipe.lua
lines '@use large/large-pipe.lua' 'FROM alpine' >use-large
run build --no-user-config use-large
status 3
has err "use-large:1:6: error: cannot read 'large/large-pipe.lua': Invalid argument [unreadable-rules]"

begin 'a directory of --rules or DFC_RULES may be empty'
mkdir empty
run_with DFC_RULES=empty build --no-user-config --rules empty apt
status 0
stderr

begin 'the dfc.lua of a directory is no rule file; its rules may lie below'
settings pack/dfc.lua 'rules = { "rules" }' '["dfc.mirror"] = "tuna"'
rule pack/rules/hello.lua hello packed
settings pack/rules/dfc.lua 'rules = { "." }'
lines '@use pack' 'FROM alpine' '@hello' >uses-pack
for words in '--rules pack hello' '--rules pack/rules hello' '--rules pack/ hello' 'uses-pack'; do
    # shellcheck disable=SC2086 # words
    run build --no-user-config $words
    status 0
    has out 'RUN echo packed'
    stderr
done
run_with DFC_RULES=pack build --no-user-config hello
has out 'RUN echo packed'
run build --no-user-config --rules pack apt
equal "$(mirror)" none # whose mirror it is does not come with the rules
rule pack/top.lua hello top
run build --no-user-config --rules pack hello
has out 'RUN echo top'
run build --no-user-config --rules pack/dfc.lua hello
status 3
stderr "dfc: error: 'pack/dfc.lua' is no rule file: it is the configuration of a project"
lines '@use pack/dfc.lua' 'FROM alpine' >use-dfc-lua
run build --no-user-config use-dfc-lua
status 1
has err "use-dfc-lua:1:6: error: 'pack/dfc.lua' is no rule file: it is the configuration of a project [no-rule-file]"
rm -r pack/top.lua pack/rules
lines '@use pack' 'FROM alpine' >uses-pack
run build --no-user-config uses-pack
status 1
has err "uses-pack:1:6: error: there is no rule file in 'pack' [missing-rules]"

begin 'dfc.since: rules for a later dfc'
mine=$("$DFC" version | sed 's/^dfc //')
since() {
    lines 'local dfc = require "dfc.v1"' "dfc.since $1" 'oops()' >since.lua
    run build --no-user-config --rules since.lua hello
    status 1
}
for version in "$mine" "${mine%.*}" 0.0 0.0.99999; do
    since "\"$version\""
    has err "since.lua:3:1: error: unknown variable 'oops'"
done
for version in "${mine%.*}.99999" "${mine%%.*}.99999" 99999.0; do
    since "\"$version\""
    has err "since.lua:2:1: error: these rules need dfc $version or later, this is $mine [rule-error]"
    lacks err oops
done
for version in 1 1.x 1..0 1.0. .1.0 1.0.0.0 v1.0 123456789012.0; do
    since "\"$version\""
    has err "dfc.since: a version such as \"$mine\" is expected, found '$version'"
done
since '""'
has err 'dfc.since: the version: it is empty'
since '(1.5)'
has err 'dfc.since: the version: a string is expected, found number'

begin 'a file without directives asks for no configuration'
mkdir -p quiet/dfc.d
lines 'error("read")' >quiet/dfc.lua
cp good quiet/good
lines 'FROM alpine' 'RUN echo a@b' >quiet/at
run_with XDG_CONFIG_HOME="$here/broken" build quiet/good
status 0
same out good
run_with XDG_CONFIG_HOME="$here/broken" build quiet/at
status 0
same out quiet/at
cp hello quiet/hello
run build --no-user-config quiet/hello
status 1
has err 'quiet/dfc.lua:1:1: error: read'

begin 'a directory named dfc.lua is none'
mkdir -p odd/dfc.lua
cp apt odd/apt
run build --no-user-config odd/apt
status 0

finish
