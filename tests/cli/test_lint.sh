# dfc lint: which files, what goes where, --fix, --fail-level; and dfc build --auto.
. "$CLI/lib.sh"

mkdir rules
cat >rules/levels.lua <<'LUA'
local dfc = require "dfc.v1"

-- "say LEVEL": a finding of that level; "say LEVEL x": one that is mended by writing y for x.
dfc.rewrite "say" {
  summary = "says it", match = [[^say (\w+)( x)?$]],
  check = function(ctx, _, m)
    ctx:report { at = m, level = m[1], message = "said " .. m[1],
                 fix = m[2] and m.replace_arg("x", "y") or nil }
  end,
}
LUA

LINT='lint --rules rules'

# Lint these words with the rules above.
# shellcheck disable=SC2086 # the words are meant to be split
lint() {
    run $LINT "$@"
}

lines 'FROM debian:bookworm' 'RUN say warn x' 'RUN say note' >both
lines 'FROM debian:bookworm' 'RUN say warn y' 'RUN say note' >both-mended
lines 'FROM debian:bookworm' 'RUN true' >nothing

begin 'nothing found: nothing said, status 0'
lint nothing
status 0
no_stdout
stderr

begin 'findings go to stdout, with their place'
lint both
status 1
stderr
content out \
    'both:2:5: warning: said warn [say]' \
    '    RUN say warn x' \
    '        ^~~~~~~~~~' \
    '    help: dfc lint --fix mends it' \
    'both:3:5: note: said note [say]' \
    '    RUN say note' \
    '        ^~~~~~~~'

begin 'errors of the input are findings, too'
lint bad
status 1
stderr
has out "bad:1:1: error: unknown instruction 'FORM'"

begin 'several files, each with its findings; the worst decides'
lint nothing both bad nothing
status 1
has out 'both:2:5: warning:'
has out 'bad:1:1: error:'
lint nothing no-such-file both
status 3
has out 'both:2:5: warning:'
stderr "dfc: cannot read 'no-such-file': No such file or directory"

begin 'without a file: Dockerfile.in, else Dockerfile'
mkdir empty here
(cd empty && "$DFC" lint >../out 2>../err)
equal $? 3
no_stdout
stderr "dfc: there is neither 'Dockerfile.in' nor 'Dockerfile' here; name a file, 'dfc lint FILE'"
cp both here/Dockerfile
(cd here && "$DFC" lint --rules ../rules >../out 2>../err)
has out 'Dockerfile:2:5: warning:'
cp bad here/Dockerfile.in
(cd here && "$DFC" lint >../out 2>../err)
has out 'Dockerfile.in:1:1: error:'
lacks out 'Dockerfile:2'

begin 'standard input'
lint - <both
status 1
has out '<stdin>:2:5: warning:'
lint - both - </dev/null
status 2
no_stdout
stderr "dfc lint: standard input can be read only once, found a second '-'"

begin 'directives are looked at, what they become is not'
lines 'FROM python:3.12-slim-bookworm' '@pip --no-cache-dir x' '@pip y' >directives
run lint directives
status 1
content out \
    'directives:2:6: warning: --no-cache-dir defeats the cache mount and is left out [defeats-cache]' \
    '    @pip --no-cache-dir x' \
    '         ^~~~~~~~~~~~~~' \
    '    help: the cache is in a mount, it does not make the image larger'

begin '--fail-level'
lines 'FROM debian:bookworm' 'RUN say error' >only-error
lines 'FROM debian:bookworm' 'RUN say warn' >only-warning
lines 'FROM debian:bookworm' 'RUN say note' >only-note
for row in 'error only-error 1' 'error only-warning 0' 'error only-note 0' 'warning only-error 1' \
    'warning only-warning 1' 'warning only-note 0' 'note only-error 1' 'note only-warning 1' \
    'note only-note 1' 'note nothing 0'; do
    # shellcheck disable=SC2086 # a row is three words
    set -- $row
    lint --fail-level "$1" "$2"
    status "$3"
    lint "--fail-level=$1" nothing "$2"
    status "$3"
done
lint only-error # the default is warning
status 1
lint only-warning
status 1
lint only-note
status 0
lint --fail-level warn nothing
usage "dfc lint: option '--fail-level' needs error, warning or note, found 'warn'"

begin '-q says nothing unless the file fails'
lint -q only-note
status 0
no_stdout
lint -q only-warning
status 1
has out 'only-warning:2:5: warning:'

begin '--fix mends in place and says what is left'
cp both file
chmod 640 file
lint --fix file
status 0
same file both-mended
stderr "dfc: mended 1 finding in 'file'"
content out \
    'file:3:5: note: said note [say]' \
    '    RUN say note' \
    '        ^~~~~~~~'
equal "$(mode file)" -rw-r-----
clean .

begin '--fix: what it has mended is not found again'
cp out found
lint file
status 0
same out found
lint --fix file
status 0
same out found
same file both-mended
stderr

begin '--fix mends beside findings of level error, and fails for them'
lines 'FROM debian:bookworm' 'RUN say error && say error x' >file
lint --fix file
status 1
content file 'FROM debian:bookworm' 'RUN say error && say error y'
has out 'file:2:5: error: said error'
equal "$(grep -c error: out)" 1

begin '--fix does not touch a file with errors'
lines 'FROM debian:bookworm' 'RUN say warn x' 'FORM' >file
cp file before
lint --fix file
status 1
same file before
has out "unknown instruction 'FORM'"

begin '--fix leaves a file alone where nothing is mended'
cp both-mended file
touch -t 200001010000 file
touch -t 200001020000 day-after
before=$(inode file)
lint --fix file
equal "$(inode file)" "$before"
equal "$(find file -newer day-after)" ''
cp nothing file
lint --fix file
status 0
no_stdout
stderr

begin '--fix keeps every other byte: CRLF, BOM, no newline at the end, directives'
# shellcheck disable=SC2016 # the escape character is a backtick
printf '\357\273\277# escape=`\r\n@set x = 1\r\nFROM debian:bookworm\r\n@pip a`\r\n  b\r\n\r\nRUN a && `\r\n  # why\r\n\tsay warn x' >file
# shellcheck disable=SC2016 # the escape character is a backtick
printf '\357\273\277# escape=`\r\n@set x = 1\r\nFROM debian:bookworm\r\n@pip a`\r\n  b\r\n\r\nRUN a && `\r\n  # why\r\n\tsay warn y' >mended
lint --fix file
same file mended

begin 'findings of directives with a fix'
mkdir fixes
cat >fixes/jdk.lua <<'RULE'
local dfc = require "dfc.v1"
dfc.directive "jdk" {
  summary = "x", examples = { "@jdk 21" },
  args = { { "version" }, { "--mode" }, { "more", many = true } },
  expand = function(ctx, a)
    if a.version == "17" then ctx:error("17 is old", { at = "version", fix = "21" }) end
    if a.version == "0" then ctx:error("there is none", { at = "version" }) end
    if a.mode == "x" then ctx:warn("x is y", { at = "mode", fix = "y", code = "mode" }) end
    for i, word in ipairs(a.more) do
      if word == "bad" then ctx:note("bad", { at = { "more", i }, fix = "good", help = "be good" }) end
      if word == "end" then ctx:warn("end", { at = { "more", i }, fix = "end <<X" }) end
    end
    if a.more[1] == "name" then ctx:warn("name", { fix = "@jre" }) end
    return dfc.run { cmds = { dfc.argv("echo", a.more) } }
  end,
}
RULE
printf 'FROM alpine\r\n@jdk 17 --mode x \\\r\n  # why\r\n\tbad bad\r\n@jdk "17" --mode="x" name' >file
# What has quotes is shown, and left to its author.
printf 'FROM alpine\r\n@jdk 21 --mode y \\\r\n  # why\r\n\tgood good\r\n@jre "17" --mode="x" name' >mended
run lint --rules fixes file
status 1
# shellcheck disable=SC1003 # the backslash is the end of the line that is shown
content out 'file:2:6: error: 17 is old' '    @jdk 17 --mode x \' '         ^~' \
    "    help: write '21', as dfc lint --fix does" \
    'file:2:16: warning: x is y [mode]' '    @jdk 17 --mode x \' '                   ^' \
    "    help: write 'y', as dfc lint --fix does" \
    'file:4:2: note: bad' '            bad bad' '            ^~~' '    help: be good' \
    "    help: write 'good', as dfc lint --fix does" \
    'file:4:6: note: bad' '            bad bad' '                ^~~' '    help: be good' \
    "    help: write 'good', as dfc lint --fix does" \
    'file:5:1: warning: name' '    @jdk "17" --mode="x" name' '    ^~~~' \
    "    help: write '@jre', as dfc lint --fix does" \
    'file:5:6: error: 17 is old' '    @jdk "17" --mode="x" name' '         ^~~~' \
    "    help: write '21'" \
    'file:5:11: warning: x is y [mode]' '    @jdk "17" --mode="x" name' '              ^~~~~~~~~~' \
    "    help: write 'y'"
sed -i 's/"17"/20/' file mended # an error that stays keeps all from being mended
run lint --fix --rules fixes file
status 1
same file mended
has err "mended 5 findings in 'file'"
content out 'file:5:9: warning: x is y [mode]' '    @jdk 20 --mode="x" name' '            ^~~~~~~~~~' \
    "    help: write 'y'"
lines 'FROM alpine' '@jdk 17' '@jdk 0' >file
cp file before
run lint --fix --rules fixes file
status 1
same file before
lines 'FROM alpine' '@jdk 1 end' >file
cp file before
run lint --fix --rules fixes file
status 1
same file before
has out 'file:2:1: error: the fix of @jdk would make something else of this directive [bad-edit]'

begin '--fix of several files'
cp both file
cp both file2
lint --fix -q file nothing file2
status 0
same file both-mended
same file2 both-mended
no_stdout
stderr

begin '--fix of standard input: the text to stdout, findings to stderr'
lint --fix - <both
status 0
same out both-mended
has err '<stdin>:3:5: note: said note'
lint --fix - <nothing
status 0
same out nothing
stderr
lint --fix - <bad
status 1
no_stdout
has err "unknown instruction 'FORM'"

begin '--fix follows a link and keeps it'
cp both target
ln -s target link
lint --fix link
same target both-mended
[ -L link ] || fail 'the link is gone'

begin '--fix where the file cannot be written'
if find_unprivileged; then
    mkdir -p locked
    cp both locked/file
    chmod 755 locked
    chmod 644 locked/file
    chmod -R a+rX rules
    # shellcheck disable=SC2086 # the words are meant to be split
    run_unprivileged $LINT --fix locked/file
    status 3
    same locked/file both
    has err "dfc: cannot write 'locked/file': Permission denied"
else
    skip 'no way to drop permissions'
fi

begin 'a rule with a mistake'
mkdir wrong
lines 'local dfc = require "dfc.v1"' \
    'dfc.rewrite "wrong" { summary = "is", check = function() error "no" end }' >wrong/wrong.lua
cp both file
run lint --fix --rules wrong file
status 1
same file both
has out 'wrong/wrong.lua:2:1: error: no [rule-error]'
has out 'note: while checking wrong at file:2:1'

begin 'a rule without end'
mkdir endless
lines 'local dfc = require "dfc.v1"' \
    'dfc.rewrite "endless" { summary = "is", check = function() while true do end end }' \
    >endless/endless.lua
run lint --rules endless both
status 70
has out 'note: while checking endless at both:2:1'

begin 'colors are for terminals'
lint both
lacks out "$(printf '\033')"
lint --color always both
has out "$(printf '\033')"

begin 'a full disk behind standard output'
if [ ! -c /dev/full ]; then
    skip 'no /dev/full'
else
    : >out
    status=0
    "$DFC" lint --rules rules both both >/dev/full 2>err || status=$?
    status 3
    stderr 'dfc: cannot write standard output: No space left on device'
fi

begin 'help'
run lint --help
status 0
has out 'usage: dfc lint [OPTION]... [FILE]...'
has out '--fail-level LEVEL'
run lint --fxi
usage "dfc lint: unknown option '--fxi', did you mean '--fix'?"
run lint -o x
usage "dfc lint: unknown option '-o', see 'dfc lint --help'"

begin 'dfc build --auto mends what it gives, and says what is left'
run build --rules rules both
status 0
same out both
run build --auto --rules rules both
status 0
content out '# Code generated by dfc from both; DO NOT EDIT.' '#' 'FROM debian:bookworm' \
    'RUN say warn y' 'RUN say note'
has err 'both:3:5: note: said note [say]'
lacks err 'both:2'
run build --auto --rules rules only-error
status 1
no_stdout
has err 'only-error:2:5: error: said error'

begin 'a million bytes of commands'
awk 'BEGIN { printf "FROM python:3.12\nRUN true"
             for (i = 0; i < 50000; i++) printf " && \\\n    true install x"; print "" }' >many
"$DFC" lint many >out 2>err
equal $? 0
no_stdout

finish
