#!/bin/sh
# total.sh LOGS NAME COMMAND [NAME COMMAND]...
#
# Runs suites one after the other, also after a failure, keeps their output in LOGS/NAME.log and
# adds up the last line "N passed, N failed" of each. A suite that prints no such line, counts
# nothing, or has a bad exit status without a failed test, counts as one failure. A suite may say
# that it was skipped ("0 passed, 0 failed, 1 skipped"); where CI is set that is a failure too.
# The last line is the sum.
set -u
logs=$1
shift
mkdir -p "$logs"

passed=0
failed=0
skipped=0
table=

count() { # WORD: the number before it in the closing line
    number=$(printf '%s\n' "$closing" | sed -n "s/.*\\b\\([0-9][0-9]*\\) $1.*/\\1/p")
    echo "${number:-0}"
}

while [ $# -ge 2 ]; do
    name=$1
    log=$logs/$name.log
    echo "== $name"
    began=$(date +%s)
    {
        sh -c "$2" 2>&1 </dev/null
        echo $? > "$log.status"
    } | tee "$log"
    seconds=$(($(date +%s) - began))
    status=$(cat "$log.status")
    rm -f "$log.status"
    shift 2

    closing=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1)
    p=$(count passed) f=$(count failed) s=$(count skipped)
    remark=
    if [ -z "$closing" ]; then
        remark='printed no total'
    elif [ "$f" = 0 ] && [ "$status" != 0 ]; then
        remark="exit status $status"
    elif [ $((p + f + s)) = 0 ]; then
        remark='ran no test'
    elif [ "$s" != 0 ] && [ -n "${CI:-}" ]; then
        remark='skipped, which CI must not'
    fi
    [ -z "$remark" ] || f=$((f + 1))
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    row=$(printf '  %-12s %6s passed, %3s failed  (%s s) %s' "$name" "$p" "$f" "$seconds" "$remark")
    table="$table$row
"
done

printf '\n%s\n' "$table"
[ "$skipped" = 0 ] || echo "skipped: $skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
