#!/bin/sh
# run.sh DIRECTORY FUZZER...: runs each fuzzer for FUZZ_SECONDS, two at a time.
#
# Seeds are tests/fuzz/seeds and the inputs of golden cases and examples. What makes a fuzzer crash,
# hang or leak is kept in DIRECTORY/NAME.findings and is a failure. Each fuzzer is one test.
set -u
cd "$(dirname "$0")/../.." || exit 2
directory=$1
shift
: "${FUZZ_SECONDS:=60}"
[ $# -gt 0 ] || { echo 'no fuzzer was built' >&2; exit 2; }

rm -rf "$directory"
mkdir -p "$directory/seeds"
find tests/fuzz/seeds -type f -exec cp {} "$directory/seeds/" \;
for input in tests/golden/*/Dockerfile.in examples/*/Dockerfile.in; do
    [ ! -f "$input" ] || cp "$input" "$directory/seeds/$(echo "$input" | tr / _)"
done

fuzz() { # FUZZER
    name=${1##*/}
    mkdir -p "$directory/$name.corpus" "$directory/$name.findings"
    set -- "$1" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -artifact_prefix="$directory/$name.findings/" -print_final_stats=1
    for dictionary in tests/fuzz/*.dict; do
        [ ! -f "$dictionary" ] || set -- "$@" -dict="$dictionary"
    done
    "$@" "$directory/$name.corpus" "$directory/seeds" > "$directory/$name.log" 2>&1 < /dev/null
    echo $? > "$directory/$name.status"
}

running=0
for fuzzer in "$@"; do
    fuzz "$fuzzer" &
    running=$((running + 1))
    if [ $((running % 2)) = 0 ]; then wait; fi
done
wait

passed=0
failed=0
for fuzzer in "$@"; do
    name=${fuzzer##*/}
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$directory/$name.log")
    findings=$(find "$directory/$name.findings" -type f)
    if [ "$(cat "$directory/$name.status")" = 0 ] && [ -z "$findings" ] && [ "${runs:-0}" -gt 0 ]; then
        echo "$name: $runs inputs in $FUZZ_SECONDS s"
        passed=$((passed + 1))
    else
        echo "$name: failed"
        tail -n 60 "$directory/$name.log"
        for file in $findings; do
            echo "-- $file, $(wc -c < "$file") bytes:"
            head -c 400 "$file" | od -c | head -n 30
        done
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
