#!/bin/sh
# Tests of the program's outside: options, files, exit status. Each test_*.sh runs in a directory
# of its own, as many at a time as there are processors and one more, since one of them waits for a
# timeout. Not all at once: some hold dfc against its clock.
#
#     tests/cli/run.sh PATH_OF_DFC [TEST...]
set -u

here=$(cd "$(dirname "$0")" && pwd)
if ! [ -x "${1-}" ]; then
    echo "usage: $0 PATH_OF_DFC [TEST...]" >&2
    exit 2
fi
DFC=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
[ $# -gt 0 ] || set -- "$here"/test_*.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/dfc-cli.XXXXXX") || exit 2
chmod 755 "$work" # some tests run dfc as another user
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# What the caller has set must not reach the tests.
unset DFC_MIRROR DFC_BUILDER DFC_FOOTPRINT DFC_REGISTRY DFC_RULES DFC_STDLIB NO_COLOR XDG_CONFIG_HOME
LC_ALL=C HOME=$work TERM=xterm CLI=$here
export DFC LC_ALL HOME TERM CLI
umask 022

# shellcheck disable=SC2016 # the inner shell expands
printf '%s\n' "$@" | xargs -P $(($(nproc) + 1)) -I '{}' sh -c '
    name=$(basename "$2" .sh)
    mkdir "$1/$name"
    cd "$1/$name" && sh "$2" >"$1/$name.tap" 2>&1 </dev/null
    echo $? >"$1/$name.status"
' sh "$work" '{}'

passed=0 failed=0 skipped=0
for file; do
    name=$(basename "$file" .sh)
    echo "# $name"
    cat "$work/$name.tap"
    if [ "$(cat "$work/$name.status")" != 0 ] || ! grep -q '^# end$' "$work/$name.tap"; then
        echo "not ok - $name ran to its end"
        failed=$((failed + 1))
    fi
    skipped=$((skipped + $(grep -c '^ok - .* # SKIP ' "$work/$name.tap")))
    passed=$((passed + $(grep '^ok - ' "$work/$name.tap" | grep -vc ' # SKIP ')))
    failed=$((failed + $(grep -c '^not ok - ' "$work/$name.tap")))
done
[ "$skipped" -eq 0 ] || echo "# $skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
