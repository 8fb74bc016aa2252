# Reading the input.
. "$CLI/lib.sh"

begin 'a plain Dockerfile comes out as it is'
run build good
status 0
stderr
same out good
printf '\357\273\277# Hi\r\nFROM alpine\r\n\r\nRUN a \\\r\n\t# why  \r\n  b' >plain
run build plain
status 0
stderr
same out plain

begin 'the input is Dockerfile.in when none is named'
cp good Dockerfile.in
run build
status 0
same out good
rm Dockerfile.in

begin 'no Dockerfile.in'
run build
status 3
no_stdout
stderr "dfc: cannot read 'Dockerfile.in': No such file or directory; name a file, 'dfc build FILE', or use standard input, 'dfc build -'"

begin 'standard input'
run build - <good
status 0
same out good
status=0
sed p good | sed 1d | "$DFC" build - >out 2>err || status=$?
status 0
same out good

begin 'standard input is called <stdin>'
run build - <bad
status 1
no_stdout
has err '<stdin>:1:1: error:'

begin 'an error in the input'
run build bad
status 1
no_stdout
has err 'bad:1:1: error:'
has err 'FORM alpine'

begin 'an empty input is an error'
: >empty
run build empty
status 1
no_stdout
has err 'error:'

begin 'a missing file'
run build no-such-file
status 3
no_stdout
stderr "dfc: cannot read 'no-such-file': No such file or directory"
run build ''
status 3
stderr "dfc: cannot read '': No such file or directory"

begin 'a directory'
mkdir directory
run build directory
status 3
no_stdout
stderr "dfc: cannot read 'directory': Is a directory"
run build - <directory
status 3
stderr 'dfc: cannot read standard input: Is a directory'

begin 'a path below a file'
run build good/Dockerfile.in
status 3
no_stdout
stderr "dfc: cannot read 'good/Dockerfile.in': Not a directory"

begin 'a file without permission'
cp good secret
chmod 000 secret
if ! find_unprivileged; then
    skip 'only root here, and no setpriv'
else
    run_unprivileged build secret
    status 3
    no_stdout
    stderr "dfc: cannot read 'secret': Permission denied"
fi

begin 'more than 256 MiB'
dd if=/dev/zero of=huge bs=1 count=0 seek=268435457 2>/dev/null
run build huge
status 3
no_stdout
stderr "dfc: cannot read 'huge': larger than 256 MiB"
run build - <huge
status 3
stderr 'dfc: cannot read standard input: larger than 256 MiB'
rm huge

begin 'closed standard input'
status=0
"$DFC" build - >out 2>err <&- || status=$?
status 3
no_stdout
stderr 'dfc: cannot read standard input: Bad file descriptor'

begin 'a closed standard input that nobody reads'
status=0
"$DFC" build good >out 2>err <&- || status=$?
status 0
same out good

begin 'a name with control characters'
run build "$(printf 'a\033[2J\302\233b')"
status 3
stderr "dfc: cannot read 'a?[2J??b': No such file or directory"

begin 'a pipe by name'
mkfifo pipe
cat good >pipe &
run build pipe
wait
status 0
same out good

begin 'an input of a megabyte through a pipe'
awk 'BEGIN { print "FROM alpine"; for (i = 0; i < 30000; i++) print "RUN echo this is line number " i }' >long
status=0
sed '' long | "$DFC" build - 2>err | cat >out || status=$?
status 0
stderr
same out long

finish
