#!/bin/sh
# run.sh PROGRAM...: runs programs of unit tests (cmocka) and adds up what they report.
#
# Output of a program is shown when something in it failed. A program that ends badly without a
# failed test, or that runs no test, counts as one failure.
set -u

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for program in "$@"; do
    name=${program##*/}
    # shellcheck disable=SC2086 # WRAP is a command with its arguments
    CMOCKA_MESSAGE_OUTPUT=STDOUT ${WRAP:-} "$program" > "$log" 2>&1
    status=$?
    p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s).*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
    f=$(sed -n 's/^\[  FAILED  \] [^:]*: \([0-9]*\) test(s).*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
    if [ "$f" = 0 ] && { [ "$status" != 0 ] || [ "$p" = 0 ]; }; then
        f=1
    fi
    if [ "$f" != 0 ]; then
        cat "$log"
        echo "$name: failed, exit status $status"
    fi
    passed=$((passed + p)) failed=$((failed + f))
    printf '%-28s %4s passed, %s failed\n' "$name" "$p" "$f"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
