#!/bin/sh
# run.sh CASE...: compiles the Dockerfile.in of each case and compares with what stands beside it.
#
# A case is a directory; dfc runs in it. Its files:
#   Dockerfile.in   the input
#   args            options, one a line (optional)
#   env             variables, NAME=value a line, $CASE is the directory's path (optional)
#   Dockerfile      the expected output; without it the compilation must fail and print nothing
#   stderr          the expected diagnostics; without it there must be none; with env, $CASE
#                   stands for the directory's path here too
#   status          the expected exit status where there is no Dockerfile; 1 without this file
# What comes out is compiled again and must stay as it is, without a diagnostic (left out under
# WRAP, a command such as valgrind, which costs a second each time).
#
# JOBS=N runs that many cases side by side.
#
# UPDATE=1 writes what came out into the cases instead of comparing. Read the difference.
set -u
: "${DFC:?the program to test}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

path() { # DIRECTORY: its absolute path
    (cd "$1" && pwd -P)
}

# Nothing of the caller's surroundings may reach the output.
run_dfc() { # CASE ARGUMENT...
    dir=$1
    shift
    # shellcheck disable=SC2086 # WRAP is a command with its arguments
    set -- ${WRAP:-} "$DFC" "$@"
    if [ -f "$dir/env" ]; then
        sed "s|\$CASE|$(path "$dir")|g" "$dir/env" > "$work/env"
        while IFS= read -r variable || [ -n "$variable" ]; do
            set -- "$variable" "$@"
        done < "$work/env"
    fi
    (cd "$dir" && env -i PATH="$PATH" HOME="$work" LC_ALL=C ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$@")
}

compile() { # CASE: leaves stdout, stderr and status in $work
    options=$1/args
    set -- "$1" build
    if [ -f "$options" ]; then
        while IFS= read -r option || [ -n "$option" ]; do
            set -- "$@" "$option"
        done < "$options"
    fi
    run_dfc "$@" Dockerfile.in > "$work/stdout" 2> "$work/stderr" < /dev/null
    echo $? > "$work/status"
    if [ -f "$1/env" ]; then
        sed "s|$(path "$1")|\$CASE|g" "$work/stderr" > "$work/shown"
        mv "$work/shown" "$work/stderr"
    fi
}

# Compare two files; complain with a unified diff.
same() { # WHAT EXPECTED ACTUAL
    cmp -s "$2" "$3" && return 0
    echo "  $1 differs:"
    diff -u --label expected --label found "$2" "$3"
    return 1
}

again() { # CASE: the output must be a fixed point
    run_dfc "$1" build - < "$work/stdout" > "$work/again" 2> "$work/again.stderr" &&
        same 'the output, compiled again,' "$work/stdout" "$work/again" &&
        same 'stderr of compiling the output again' /dev/null "$work/again.stderr"
}

update() { # CASE
    if [ "$(cat "$work/status")" = 0 ]; then
        cp "$work/stdout" "$1/Dockerfile"
        rm -f "$1/status"
    else
        rm -f "$1/Dockerfile"
        if [ "$(cat "$work/status")" = 1 ]; then rm -f "$1/status"; else cp "$work/status" "$1/status"; fi
    fi
    if [ -s "$work/stderr" ]; then cp "$work/stderr" "$1/stderr"; else rm -f "$1/stderr"; fi
}

compare() { # CASE
    result=0
    if [ -f "$1/Dockerfile" ]; then
        echo 0 > "$work/expected"
        output=$1/Dockerfile
    else
        echo 1 > "$work/expected"
        [ ! -f "$1/status" ] || cp "$1/status" "$work/expected"
        output=/dev/null
    fi
    messages=/dev/null
    [ ! -f "$1/stderr" ] || messages=$1/stderr
    same 'exit status' "$work/expected" "$work/status" || result=1
    same 'stdout' "$output" "$work/stdout" || result=1
    same 'stderr' "$messages" "$work/stderr" || result=1
    if [ "$result" = 0 ] && [ -f "$1/Dockerfile" ] && [ -z "${WRAP:-}" ]; then
        again "$1" || result=1
    fi
    return $result
}

# Deal the cases out to runs of this script, show what they say, add up.
deal() { # CASE...
    job=0
    for case in "$@"; do
        printf '%s\n' "$case" >> "$work/cases.$job"
        job=$(((job + 1) % JOBS))
    done
    for list in "$work"/cases.*; do
        JOBS=1 xargs sh "$0" < "$list" > "$list.out" 2>&1 &
    done
    wait
    for list in "$work"/cases.*.out; do
        sed '$d' "$list"
        closing=$(tail -n 1 "$list")
        case $closing in
        *' passed, '*' failed')
            passed=$((passed + ${closing%% *}))
            closing=${closing#*, }
            failed=$((failed + ${closing%% *}))
            ;;
        *)
            echo "$closing"
            failed=$((failed + 1))
            ;;
        esac
    done
}

test_case() { # CASE
    if [ ! -f "$1/Dockerfile.in" ]; then
        echo "$1: no Dockerfile.in in it"
        failed=$((failed + 1))
        return
    fi
    compile "$1"
    [ "${UPDATE:-}" != 1 ] || update "$1"
    if compare "$1" > "$work/report"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: failed"
        cat "$work/report"
    fi
}

if [ "${JOBS:-1}" -gt 1 ] && [ $# -gt 1 ]; then
    deal "$@"
else
    for case in "$@"; do
        test_case "${case%/}"
    done
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
