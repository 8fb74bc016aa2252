#!/bin/sh
# test.sh: from a fresh clone to a full run of the tests. The last line is "N passed, N failed".
set -eu
cd "$(dirname "$0")/.."

sh tools/setup.sh test
make -s -j2 test-programs
make --no-print-directory check
