# Writing the output: standard output and -o.
. "$CLI/lib.sh"

lines 'FROM busybox' >old

begin 'a full disk behind standard output'
if [ ! -c /dev/full ]; then
    skip 'no /dev/full'
else
    : >out
    for words in 'build good' 'help' 'build --help' 'version' '--version'; do
        status=0
        # shellcheck disable=SC2086 # the words are meant to be split
        "$DFC" $words >/dev/full 2>err || status=$?
        status 3
        stderr 'dfc: cannot write standard output: No space left on device'
    done
fi

begin 'a closed standard output'
for words in 'build good' 'help' '--version'; do
    status=0
    # shellcheck disable=SC2086 # the words are meant to be split
    "$DFC" $words >&- 2>err || status=$?
    status 3
    stderr 'dfc: cannot write standard output: Bad file descriptor'
done
cp good input
status=0
"$DFC" build - <input >&- 2>err || status=$?
status 3
same input good

begin 'a pipe that nobody reads'
# The reader is gone long before dfc starts.
(sleep 1; status=0; "$DFC" build good 2>err || status=$?; echo $status >pipe-status) | :
until [ -s pipe-status ]; do sleep 1; done
status=$(cat pipe-status)
status 3
stderr 'dfc: cannot write standard output: Broken pipe'

begin 'a file size limit'
: >out
status=0
printf '%s' untouched >limited
message=$( (ulimit -f 0; "$DFC" build good 2>&1 >>limited) ) || status=$?
equal "$status" 3
equal "$message" 'dfc: cannot write standard output: File too large'
equal "$(cat limited)" untouched

begin 'an error writes nothing to standard output, wherever it stands'
lines 'FROM alpine' 'RUN true' 'FORM alpine' >late
run build late
status 1
no_stdout

begin '-o writes a new file'
run build good -o new
status 0
no_stdout
stderr
same new good
equal "$(mode new)" -rw-r--r--
clean .

begin 'a new file follows the umask'
rm -f new
(umask 027; "$DFC" build good -o new)
equal "$(mode new)" -rw-r-----
rm -f new
(umask 0; "$DFC" build good -o new)
equal "$(mode new)" -rw-rw-rw-

begin '-o replaces a file and keeps its mode'
for bits in 600 755 444; do
    cp old file
    chmod $bits file
    before=$(mode file)
    run build good -o file
    status 0
    no_stdout
    same file good
    equal "$(mode file)" "$before"
    rm -f file
done
clean .

begin '-o replaces, so that a reader of the old file keeps it'
cp old file
exec 3<file
run build good -o file
same file good
cat <&3 >got
exec 3<&-
same got old

begin '-o leaves a file with the same content alone'
cp good file
chmod 640 file
touch -t 200001010000 file
touch -t 200001020000 day-after
before=$(inode file)
run build good -o file
status 0
equal "$(inode file)" "$before"
equal "$(find file -newer day-after)" ''
equal "$(mode file)" -rw-r-----

begin '-o writes when the old content is a prefix or longer'
printf 'FROM alp' >file
run build good -o file
status 0
same file good
cat good old >file
run build good -o file
status 0
same file good
: >file
run build good -o file
status 0
same file good

begin 'an error leaves the old file as it was'
cp old file
touch -t 200001010000 file
before=$(inode file)
run build bad -o file
status 1
no_stdout
same file old
equal "$(inode file)" "$before"
equal "$(find file -newer day-after)" ''
clean .

begin 'an error makes no new file'
run build bad -o not-made
status 1
[ ! -e not-made ] || fail 'the file was made'
run build no-such-file -o not-made
status 3
[ ! -e not-made ] || fail 'the file was made'

begin '-o into a directory that is not there'
run build good -o no/such/file
status 3
no_stdout
stderr "dfc: cannot write 'no/such/file': No such file or directory"

begin '-o below a file'
run build good -o old/file
status 3
no_stdout
stderr "dfc: cannot write 'old/file': Not a directory"

begin '-o into a directory without permission'
mkdir closed
cp old closed/file
chmod 555 closed
if ! find_unprivileged; then
    skip 'only root here, and no setpriv'
else
    run_unprivileged build good -o closed/file
    status 3
    stderr "dfc: cannot write 'closed/file': Permission denied"
    same closed/file old
    clean closed
fi
chmod 755 closed

begin '-o is a directory'
mkdir directory
run build good -o directory
status 3
no_stdout
stderr "dfc: cannot write 'directory': Is a directory"
run build good -o directory/
status 3
stderr "dfc: cannot write 'directory/': Is a directory"
clean .

begin 'a failed write removes the temporary file and keeps the old one'
cp old file
status=0
message=$( (ulimit -f 0; "$DFC" build good -o file 2>&1) ) || status=$?
equal "$status" 3
equal "$message" "dfc: cannot write 'file': File too large"
same file old
clean .

begin '-o through a symbolic link keeps the link'
mkdir -p far/away
cp old far/away/target
chmod 640 far/away/target
ln -s away/target far/link
ln -s far/link link
before=$(inode link)
run build good -o link
status 0
same far/away/target good
equal "$(inode link)" "$before"
# shellcheck disable=SC2012 # readlink is not in POSIX yet
equal "$(ls -l link | sed 's/.* -> //')" far/link
# shellcheck disable=SC2012
equal "$(ls -l far/link | sed 's/.* -> //')" away/target
equal "$(mode far/away/target)" -rw-r-----
clean .

begin '-o through a link with the same content touches nothing'
before=$(inode far/away/target)
run build good -o link
status 0
equal "$(inode far/away/target)" "$before"

begin '-o through a link to an absolute path'
cp old target
ln -s "$PWD/target" far/absolute
run build good -o far/absolute
status 0
same target good
[ -h far/absolute ] || fail 'the link is gone'

begin '-o through a link to a file that is not there'
ln -s far/not-yet dangling
run build good -o dangling
status 0
same far/not-yet good
[ -h dangling ] || fail 'the link is gone'

begin '-o through a link that leads to itself'
ln -s loop loop
run build good -o loop
status 3
stderr "dfc: cannot write 'loop': Too many levels of symbolic links"
[ -h loop ] || fail 'the link is gone'

begin '-o /dev/stdout'
if [ ! -e /dev/stdout ]; then
    skip 'no /dev/stdout'
elif ! find_unprivileged; then
    skip 'only root here, and no setpriv'
else
    status=0
    $unprivileged "$DFC" build good -o /dev/stdout 2>err | cat >out || status=$?
    status 0
    stderr
    same out good
    # Into a file: after what is there, and the file stays the one that is open.
    status=0
    (cat old; $unprivileged "$DFC" build good -o /dev/stdout 2>err) >out || status=$?
    status 0
    cat old good >both
    same out both
fi

begin '-o - is standard output'
run build good -o -
status 0
same out good
[ ! -e ./- ] || fail 'a file - was made'

begin '-o /dev/null'
if ! find_unprivileged; then
    skip 'only root here, and no setpriv'
else
    run_unprivileged build good -o /dev/null
    status 0
    no_stdout
    stderr
fi

begin '-o /dev/full'
if [ ! -c /dev/full ]; then
    skip 'no /dev/full'
elif ! find_unprivileged; then
    skip 'only root here, and no setpriv'
else
    run_unprivileged build good -o /dev/full
    status 3
    no_stdout
    stderr "dfc: cannot write '/dev/full': No space left on device"
fi

begin '-o into a pipe by name'
mkfifo pipe
cat pipe >got &
run build good -o pipe
wait
status 0
same got good
[ -p pipe ] || fail 'the pipe was replaced'

begin '-o is the input'
cp bad input
ln input hard
ln -s input soft
mkdir sub
for path in input ./input sub/../input hard soft; do
    run build input -o $path
    usage "dfc: the output '$path' is the input file itself"
done
run build soft -o input
usage "dfc: the output 'input' is the input file itself"
# shellcheck disable=SC2094 # that is what must be refused
run build - -o input <input
usage "dfc: the output 'input' is the input file itself"
same input bad

begin '-o is the input, when none is named'
cp good Dockerfile.in
run build -o Dockerfile.in
usage "dfc: the output 'Dockerfile.in' is the input file itself"
rm Dockerfile.in

begin 'diagnostics never get into a file, whatever is closed'
cp old file
status=0
"$DFC" build bad -o file <&- >&- 2>&- || status=$?
equal "$status" 1
same file old
lines 'FORM alpine' >expected
same bad expected
status=0
"$DFC" build good -o file <&- >&- 2>&- || status=$?
equal "$status" 0
same file good
lines 'FROM alpine' >expected
same good expected

finish
