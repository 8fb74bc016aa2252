# The command line: commands, forms of options, help, misspellings.
. "$CLI/lib.sh"

begin 'dfc alone prints a short usage to stderr'
run
status 2
no_stdout
stderr 'usage: dfc COMMAND [OPTION]...' "see 'dfc help'"

begin 'dfc help, --help and -h print the same to stdout'
run help
status 0
stderr
cp out help
has help 'usage: dfc COMMAND [OPTION]...'
for command in build version help; do
    has help "  $command"
done
run --help
status 0
stderr
same out help
run -h
status 0
same out help

begin 'dfc version and --version print the version'
run version
status 0
stderr
cp out version
equal "$(sed 's/^dfc [0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*$/fits/' version)" fits
run --version
status 0
stderr
same out version

begin 'dfc help COMMAND is dfc COMMAND --help'
for command in build version help; do
    run help $command
    status 0
    cp out help
    for option in --help -h; do
        run $command $option
        status 0
        stderr
        same out help
    done
done

begin 'the help of build has one line an option and an example at the end'
run build --help
status 0
sed -n '/^options:$/,/^$/p' out | sed '1d;$d' >options
equal "$(grep -c '' options)" "$(grep -c '^  \(-., \|    \)--[a-z-]* ' options)"
for option in '-o, --output FILE ' '-D, --define NAME=VALUE ' '--mirror NAME|off|URL ' \
    '--rules PATH ' '-C, --context DIR ' '--syntax REF|none ' '--no-comments ' '--color WHEN ' \
    '-q, --quiet ' '-h, --help '; do
    has options "$option"
done
equal "$(grep -c '(repeatable)$' options)" 2
has out DFC_MIRROR
has out DFC_RULES
has out DFC_STDLIB
has out NO_COLOR
equal "$(sed -n '/^example:$/,$p' out | grep -c '^  dfc build ')" 2
equal "$(tail -n 1 out | cut -c1-12)" '  dfc build '

begin 'help reads nothing'
run build no-such-file --help
status 0

begin 'a misspelt command'
run biuld
usage "dfc: unknown command 'biuld', did you mean 'build'?"
run buil good
usage "dfc: unknown command 'buil', did you mean 'build'?"
run verison
usage "dfc: unknown command 'verison', did you mean 'version'?"
run help vresion
usage "dfc: unknown command 'vresion', did you mean 'version'?"

begin 'a command like no other'
run frobnicate
usage "dfc: unknown command 'frobnicate', see 'dfc help'"
run ''
usage "dfc: unknown command '', see 'dfc help'"

begin 'a file in place of a command'
run good
usage "dfc: unknown command 'good', did you mean 'dfc build good'?"

begin 'an unknown option of dfc'
run --hepl
usage "dfc: unknown option '--hepl', did you mean '--help'?"
run -x
usage "dfc: unknown option '-x', see 'dfc --help'"
run -version
usage "dfc: unknown option '-version', did you mean '--version'?"

begin 'a misspelt option'
run build --miror off good
usage "dfc build: unknown option '--miror', did you mean '--mirror'?"
run build --miror=off good
usage "dfc build: unknown option '--miror', did you mean '--mirror'?"
run build --no-coments good
usage "dfc build: unknown option '--no-coments', did you mean '--no-comments'?"
run build --out Dockerfile good
usage "dfc build: unknown option '--out', did you mean '--output'?"
run build -mirror off good
usage "dfc build: unknown option '-mirror', did you mean '--mirror'?"

begin 'an option like no other'
run build --frobnicate good
usage "dfc build: unknown option '--frobnicate', see 'dfc build --help'"
run build --=x good
usage "dfc build: unknown option '--', see 'dfc build --help'"
run build -x good
usage "dfc build: unknown option '-x', see 'dfc build --help'"
run build -qx good
usage "dfc build: unknown option '-x', see 'dfc build --help'"

begin 'an option of another command'
run build --version
usage "dfc build: unknown option '--version', see 'dfc build --help'"
run version -q
usage "dfc version: unknown option '-q', see 'dfc version --help'"

begin 'an option without its value'
run build good -o
usage "dfc build: option '-o' needs a value: -o FILE"
run build good --mirror
usage "dfc build: option '--mirror' needs a value: --mirror NAME|off|URL"

begin 'an option with an empty value'
run build good --output=
usage "dfc build: option '--output' needs a value, found an empty one: --output FILE"
run build good -C ''
usage "dfc build: option '-C' needs a value, found an empty one: -C DIR"

begin 'a value for an option that takes none'
run build good --no-comments=yes
usage "dfc build: option '--no-comments' takes no value"

begin '-D without a name or a value'
run build good -D tag
usage "dfc build: option '-D' needs NAME=VALUE, found 'tag'"
run build good -D=1
usage "dfc build: option '-D' needs NAME=VALUE, found '=1'"

begin '--color with another word'
run build good --color=blue
usage "dfc build: option '--color' needs auto, always or never, found 'blue'"

begin 'two files'
run build good bad
usage "dfc build: expected one FILE, found a second: 'bad'"
run version now
usage "dfc version: expected no operand, found 'now'"
run help build version
usage "dfc help: expected one COMMAND, found a second: 'version'"

begin 'control characters of the command line do not reach the terminal'
run "$(printf 'x\033[2Jy')"
usage "dfc: unknown command 'x?[2Jy', see 'dfc help'"

begin 'a very long word is cut in the message'
run build "--$(printf '%05000d' 0)"
status 2
no_stdout
[ "$(wc -c <err)" -lt 1200 ] || fail 'the message is too long'
equal "$(grep -c '' err)" 1

begin 'forms of an option with a value'
for form in '-o file' '-ofile' '--output file' '--output=file' '-qo file' '-qofile' '-q -o file'; do
    rm -f file
    # shellcheck disable=SC2086 # the words are meant to be split
    run build $form good
    status 0
    no_stdout
    same file good
done

begin 'options may follow the file'
rm -f file
run build good -o file
status 0
same file good

begin '-- ends options'
cp good ./-odd
run build -- -odd
status 0
same out good
run build -q -- -odd -q
usage "dfc build: expected one FILE, found a second: '-q'"
run -- build good
status 0
same out good

begin 'a value may look like an option'
run build -o --quiet good
status 0
no_stdout
same ./--quiet good
rm -f ./--quiet

begin 'of an option given twice the last wins'
rm -f one two
run build -o one -o two good
status 0
same two good
[ ! -e one ] || fail 'the first file was written too'

begin '-D sets what it names, more than one, in each form; of one name the last wins'
lines 'FROM debian:bookworm' '@apt curl' >apt
for form in '-D dfc.mirror=tuna -D dfc.syntax=a/b:c=d' '-Ddfc.mirror=tuna -Ddfc.syntax=a/b:c=d' \
    '--define dfc.mirror=tuna --define=dfc.syntax=a/b:c=d' \
    '-qDdfc.mirror=off -D dfc.syntax=none -qD dfc.mirror=tuna -Ddfc.syntax=a/b:c=d'; do
    # shellcheck disable=SC2086 # the words are meant to be split
    run build apt $form
    status 0
    stderr
    has out tuna
    equal "$(head -n 1 out)" '# syntax=a/b:c=d'
done

finish
