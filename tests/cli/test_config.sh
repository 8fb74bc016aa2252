# What options and the environment change in the result.
. "$CLI/lib.sh"

lines 'FROM debian:bookworm' '@apt curl' >apt
lines 'FROM python:3.12-slim-bookworm' 'WORKDIR /app' '@pip -r requirements.txt' >pip

begin 'the syntax line'
run build apt
status 0
stderr
equal "$(head -n 1 out)" '# syntax=docker/dockerfile:1'
run build apt --syntax docker/dockerfile:1.19
status 0
equal "$(head -n 1 out)" '# syntax=docker/dockerfile:1.19'
run build apt --syntax=docker/dockerfile:1.19 --syntax=none
status 0
lacks out '# syntax='

begin '--no-comments'
run build apt
has out '# @apt curl'
run build apt --no-comments
status 0
lacks out '# @apt curl'
has out 'apt-get install'

begin 'a mirror: option, environment, and which one wins'
run build apt
lacks out tuna
run build apt --mirror tuna
status 0
has out tuna
cp out with-tuna
run_with DFC_MIRROR=tuna build apt
status 0
same out with-tuna
run_with DFC_MIRROR=tuna build apt --mirror=off
status 0
lacks out tuna
run build apt --mirror tuna --mirror off
lacks out tuna
run_with DFC_MIRROR= build apt
status 0
lacks out tuna

begin 'rules: option, repeated, and environment'
mkdir rules other
cat >rules/hello.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.directive "hello" {
    summary = "say hello",
    family = "install",
    expand = function(ctx, a)
        return { dfc.run { cmds = { "echo hello" } } }
    end,
}
RULE
cp rules/hello.lua other/hallo.lua
sed 's/"hello" {/"hallo" {/' rules/hello.lua >other/hallo.lua
lines 'FROM alpine' '@hello' >hello
run build hello --rules rules
status 0
has out 'RUN echo hello'
run build hello --rules=rules/hello.lua --rules other
status 0
has out 'RUN echo hello'
run_with DFC_RULES=other:rules build hello
status 0
has out 'RUN echo hello'
run_with DFC_RULES=:rules: build hello --rules other
status 0
has out 'RUN echo hello'
run_with DFC_RULES= build good
status 0

begin 'rules that are not there'
run build hello --rules no-such-rules
status 3
no_stdout
has err no-such-rules
run_with DFC_RULES=no-such-rules build apt
status 3
no_stdout
has err no-such-rules

begin 'a standard library that is not there'
run_with DFC_STDLIB=no-such-directory build apt
status 3
no_stdout
has err no-such-directory

begin 'the build context is the directory of the file'
mkdir ctx
cp pip ctx/Dockerfile.in
lines flask >ctx/requirements.txt
run build ctx/Dockerfile.in
status 0
has out 'type=bind,source=requirements.txt'
run build pip
status 0
lacks out type=bind

begin '-C moves the build context'
run build -C ctx pip
status 0
has out 'type=bind,source=requirements.txt'
run build -C . ctx/Dockerfile.in
status 0
lacks out type=bind
run build -C ctx - <pip
status 0
has out 'type=bind,source=requirements.txt'

begin '-C that is no directory'
run build -C no-such-directory good
status 3
no_stdout
stderr "dfc: cannot read 'no-such-directory': No such file or directory"
run build -C good good
status 3
stderr "dfc: cannot read 'good': Not a directory"

begin 'warnings do not change the status; -q hides them'
lines 'FROM python:3.12-slim-bookworm' '@pip --no-cache-dir flask' >warns
run build warns
status 0
has err 'warns:2:6: warning:'
cp out with-warning
run build -q warns
status 0
stderr
same out with-warning

begin '-q keeps errors'
run build -q bad
status 1
no_stdout
has err 'bad:1:1: error:'

escape=$(printf '\033')
begin 'color'
run build bad
lacks err "$escape"
run build --color=always bad
has err "$escape"
run build --color always --color never bad
lacks err "$escape"
run_with NO_COLOR=1 build --color=always bad
has err "$escape"

begin 'color on a terminal'
# `script` of util-linux gives its command a terminal as stdin, stdout and stderr.
on_terminal() {
    status=0
    script -qec "'$DFC' build $* bad" /dev/null >out 2>&1 || status=$?
}
if ! script --version 2>/dev/null | grep -q util-linux; then
    skip 'no script of util-linux'
else
    on_terminal
    equal "$status" 1
    has out "$escape"
    has out 'error:'
    on_terminal --color=never
    has out 'error:'
    lacks out "$escape"
    NO_COLOR=1
    export NO_COLOR
    on_terminal
    has out 'error:'
    lacks out "$escape"
    on_terminal --color=always
    has out "$escape"
    NO_COLOR=
    on_terminal
    has out "$escape"
    unset NO_COLOR
fi

finish
