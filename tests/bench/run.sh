#!/bin/sh
# run.sh EXAMPLE...: what dfc costs, held against limits. Each measurement is one test.
#
#   - instructions (callgrind) for compiling each example, the start of the process included:
#     at most 12 million. Instructions, since they are the same on a slow and a busy machine;
#   - processor time for an 8 MB plain file, beside m4 on the same file: at most what m4 takes.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${DFC:?the program to measure}"
limit=12000000
runs=7

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What the caller has set must not reach the measurements.
unset DFC_MIRROR DFC_RULES DFC_STDLIB XDG_CONFIG_HOME
HOME=$work/home
export HOME
mkdir "$HOME"
passed=0
failed=0

result() { # CONDITION TEXT
    if [ "$1" -eq 1 ]; then
        echo "ok - $2"
        passed=$((passed + 1))
    else
        echo "not ok - $2"
        failed=$((failed + 1))
    fi
}

instructions() { # EXAMPLE: how many, compiled with the options in its file args
    set -- "$1" build
    if [ -f "$1/args" ]; then
        while IFS= read -r option || [ -n "$option" ]; do
            set -- "$@" "$option"
        done < "$1/args"
    fi
    directory=$1
    shift
    (cd "$directory" && valgrind --tool=callgrind --callgrind-out-file=/dev/null "$DFC" "$@" \
        Dockerfile.in > /dev/null 2> "$work/callgrind") || return 1
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/callgrind"
}

sum=0
for example in "$@"; do
    count=$(instructions "${example%/}") || count=
    if [ -z "$count" ]; then
        result 0 "${example%/}: does not compile under callgrind"
        continue
    fi
    sum=$((sum + count))
    result $((count <= limit)) "$(printf '%-26s %10d instructions' "${example%/}" "$count")"
done
printf '     %-26s %10d instructions, limit %d each\n' "$# examples" "$sum" $limit

# A plain file whose text neither program changes; m4 would take ` and ' for quotes and some
# English words for macros.
cat > "$work/part" <<'TEXT'
FROM debian:bookworm-slim AS builder
LABEL org.opencontainers.image.title="worker" \
      org.opencontainers.image.source="https://example.com/worker"
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl ca-certificates build-essential \
    && rm -rf /var/lib/apt/lists/*

# The settings that the program reads when it starts.
ENV PATH=/opt/worker/bin:$PATH \
    LANG=C.UTF-8
WORKDIR /srv/worker
COPY requirements.txt /srv/worker/requirements.txt
COPY --chown=1000:1000 src/ /srv/worker/src/
RUN pip install -r requirements.txt && python -m compileall -q src
USER 1000
EXPOSE 8080/tcp
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8080/health
ENTRYPOINT ["python", "-m", "worker"]
CMD ["--port", "8080"]

TEXT
python3 - "$work" 8000000 "$runs" "$DFC" <<'PYTHON' > "$work/times"
import os, statistics, subprocess, sys

work, size, runs, dfc = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
part = open(os.path.join(work, "part"), "rb").read()
plain = os.path.join(work, "plain")
with open(plain, "wb") as file:
    file.write(part * (size // len(part) + 1))

def measure(command):
    """Processor seconds of the command, whose output must be the plain file."""
    out = os.path.join(work, "out")
    with open(out, "wb") as file:
        process = subprocess.Popen(command, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0 or open(out, "rb").read() != open(plain, "rb").read():
        sys.exit(f"{command[0]} failed or changed the file")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss

commands = {"dfc": [dfc, "build", plain], "m4": ["m4", plain]}
times = {name: [] for name in commands}
memory = {}
for _ in range(runs):  # side by side, so that a busy machine is busy for both
    for name, command in commands.items():
        seconds, memory[name] = measure(command)
        times[name].append(seconds)
for name in commands:
    print(f"{name}: {os.path.getsize(plain)} bytes in {min(times[name]):.3f} s "
          f"(median {statistics.median(times[name]):.3f} s), {memory[name] // 1024} MiB")
ratio = min(times["dfc"]) / min(times["m4"])
print(f"ratio {ratio:.2f}")
print(1 if ratio <= 1 else 0)
PYTHON
if [ "$(wc -l < "$work/times")" -eq 4 ]; then
    sed '3,$d; s/^/     /' "$work/times"
    result "$(tail -n 1 "$work/times")" "dfc is no slower than m4: $(sed -n 3p "$work/times")"
else
    cat "$work/times"
    result 0 'comparison with m4'
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
