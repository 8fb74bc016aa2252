#!/bin/sh
# demo.sh: from a fresh clone to a compiled Dockerfile. Installs what building takes, builds dfc and
# shows what it makes of an example.
set -eu
cd "$(dirname "$0")/.."

sh tools/setup.sh run
make -s -j2

example=examples/pip
printf '\n---- %s/Dockerfile.in ----\n' "$example"
cat "$example/Dockerfile.in"
printf '\n---- ./build/dfc build %s/Dockerfile.in ----\n' "$example"
./build/dfc build "$example/Dockerfile.in"
