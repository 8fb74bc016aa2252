# The limit on time. It takes a second more than the limit, 10 seconds.
. "$CLI/lib.sh"

# Runs beside the first test.
(
    status=0
    (sleep 11; cat good) | "$DFC" build - >late-out 2>late-err || status=$?
    echo $status >late-status
) &

begin 'dfc gives up after 10 seconds'
mkfifo rules.lua # a pipe that nobody writes to: whoever reads it waits
lines 'FROM alpine' '@hello' >asks
cp good file
touch -t 200001010000 file
started=$(date +%s)
run build asks --rules rules.lua -o file
took=$(($(date +%s) - started))
status 70
no_stdout
stderr 'dfc: gave up after 10 seconds'
same file good
clean .
[ "$took" -ge 9 ] || fail "it took only $took seconds"

begin 'waiting for the input is no part of it'
wait
equal "$(cat late-status)" 0
same late-out good

finish
