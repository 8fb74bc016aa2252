# Read by each test_*.sh. A test is `begin NAME`, one or more `run`, checks, and ends where the
# next begins; `finish` ends the last.
set -u

name='' why=''
nl='
'

report() {
    [ -n "$name" ] || return 0
    if [ -z "$why" ]; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        printf '%s' "$why" | sed 's/^/    /'
    fi
}

begin() {
    report
    name=$1 why=''
}

skip() {
    echo "ok - $name # SKIP $1"
    name=''
}

finish() {
    report
    echo '# end'
}

fail() {
    why=$why$1$nl
}

# Run dfc with these words; its output is in the files out and err, its status in $status.
run() {
    status=0
    "$DFC" "$@" >out 2>err || status=$?
}

# The same with a variable: run_with NAME=VALUE WORD...
run_with() {
    variable=$1 status=0
    shift
    env "$variable" "$DFC" "$@" >out 2>err || status=$?
}

# The words to put before a command so that permissions bind it: none, unless this is root. A dfc
# that is wrong must not get to replace a device or a link of the system, so each test that names
# one of those as output runs in this way. Gives 1 when there is no such way.
find_unprivileged() {
    unprivileged=
    [ "$(id -u)" = 0 ] || return 0
    unprivileged='setpriv --reuid=65534 --regid=65534 --clear-groups'
    $unprivileged "$DFC" version >version-out 2>&1
}

run_unprivileged() {
    status=0
    $unprivileged "$DFC" "$@" >out 2>err || status=$?
}

status() {
    [ "$status" = "$1" ] || fail "status is $status, not $1; stderr: $(cat err)"
}

# The exact content of a file, given as lines.
content() {
    file=$1
    shift
    if [ $# -eq 0 ]; then : >expected; else printf '%s\n' "$@" >expected; fi
    same "$file" expected
}

same() {
    cmp -s "$1" "$2" || fail "$1 differs from $2:$nl$(diff "$2" "$1" 2>&1)"
}

no_stdout() {
    content out
}

stderr() {
    content err "$@"
}

# A file has a line that holds the text.
has() {
    grep -qF -- "$2" "$1" || fail "$1 lacks '$2':$nl$(cat "$1")"
}

lacks() {
    ! grep -qF -- "$2" "$1" || fail "$1 has '$2':$nl$(cat "$1")"
}

equal() {
    [ "$1" = "$2" ] || fail "found '$1', not '$2'"
}

# dfc refuses the command line: status 2, nothing on stdout, this one line on stderr.
usage() {
    status 2
    no_stdout
    stderr "$1"
}

# A replaced file has another one.
# shellcheck disable=SC2012 # POSIX find can't print either
inode() {
    ls -i "$1" | awk '{ print $1 }'
}

# shellcheck disable=SC2012
mode() {
    ls -ld "$1" | cut -c1-10
}

# No temporary file stayed in the directory.
clean() {
    found=$(find "$1" -name '.dfc*' -o -name '*.tmp*')
    [ -z "$found" ] || fail "left behind: $found"
}

lines() {
    printf '%s\n' "$@"
}

lines 'FROM alpine' >good
lines 'FORM alpine' >bad
