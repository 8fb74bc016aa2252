#!/bin/bash
# build.sh: tests of the Makefile, compiler/embed.sh and the runners of the tests, in copies of the
# tree.
set -u
cd "$(dirname "$0")/.." || exit 2
unset B CC CFLAGS CPPFLAGS LDFLAGS SANITIZE WERROR DESTDIR PREFIX PROGRAM CI DFC WRAP
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

copy_tree() { # DIRECTORY
    mkdir -p "$1"
    tar cf - --exclude=./build --exclude=./.git . | tar xf - -C "$1"
}

run() { # NAME FUNCTION: in a subshell, in the copy; a command that fails ends it
    # Not as the condition of an "if": in one, set -e would have no effect.
    (set -eux; cd "$tree"; "$2") > "$work/report" 2>&1
    local status=$?
    if [ $status = 0 ]; then
        echo "ok - $1"
        passed=$((passed + 1))
    else
        echo "not ok - $1"
        tail -n 30 "$work/report" | sed 's/^/    /'
        failed=$((failed + 1))
    fi
}

build() { # [ARGUMENT...]
    make -j2 CFLAGS=-O0 WERROR=0 "$@"
}

# A command that has to fail; "!" alone would not end a test under set -e.
refuse() {
    if "$@"; then
        echo "should have failed: $*"
        return 1
    fi
}

made() { # FILE: its time of modification, to the nanosecond
    stat -c %y "$1"
}

test_nothing_to_do() {
    build
    before=$(made build/dfc)
    build
    [ "$(made build/dfc)" = "$before" ]
}

test_flags() {
    before=$(made build/obj/compiler/str.o)
    build CPPFLAGS=-DSOMETHING
    [ "$(made build/obj/compiler/str.o)" != "$before" ]
    build
}

test_headers() {
    str=$(made build/obj/compiler/str.o)
    map=$(made build/obj/compiler/map.o)
    touch compiler/map.h
    build
    [ "$(made build/obj/compiler/map.o)" != "$map" ]
    [ "$(made build/obj/compiler/str.o)" = "$str" ]
}

test_removed_source() {
    echo 'int removed_later(void); int removed_later(void) { return 1; }' > compiler/removed.c
    build
    nm build/libdfc.a | grep -q removed_later
    rm compiler/removed.c
    build
    nm build/libdfc.a > symbols
    refuse grep removed_later symbols
}

test_stdlib_list() {
    printf 'local dfc = require "dfc.v1"\n' > stdlib/added.lua
    cp stdlib/added.lua stdlib/added_test.lua
    build
    grep -q '"added.lua"' build/gen/stdlib_embed.c
    refuse grep added_test build/gen/stdlib_embed.c
    rm stdlib/added.lua stdlib/added_test.lua
    build
    refuse grep added build/gen/stdlib_embed.c
}

# What the program gets must be what the files hold, whatever that is.
test_embed() {
    mkdir embed
    : > embed/a_empty.lua
    printf 'no newline at the end: "\\n" %%s ??= \t' > embed/b-odd.lua
    LC_ALL=C awk 'BEGIN { for (i = 0; i < 256; i++) printf "%c", i }' > embed/c.bytes.lua
    [ "$(wc -c < embed/c.bytes.lua)" = 256 ]
    head -c 300000 /dev/zero | tr '\0' x > embed/d_long.lua
    cat > embed/print.c <<'C'
#include "stdlib_embed.h"
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    const struct stdlib_file *file = &stdlib_files[atoi(argv[argc - 1])];
    if (argc < 2)
        return printf("%zu\n", stdlib_file_count) < 0;
    fprintf(stderr, "%s\n", file->name);
    return fwrite(file->text, 1, file->length, stdout) != file->length || file->text[file->length] != 0;
}
C
    sh compiler/embed.sh embed/d_long.lua embed/b-odd.lua embed/a_empty.lua embed/c.bytes.lua \
        > embed/embed.c
    for cc in gcc clang; do
        $cc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -Icompiler -c -o embed/embed.o \
            embed/embed.c
        $cc -std=c11 -Icompiler -o embed/print embed/print.c embed/embed.o
        [ "$(embed/print)" = 4 ]
        number=0
        for file in a_empty b-odd c.bytes d_long; do
            [ "$(embed/print $number 2>&1 > embed/out)" = $file.lua ]
            cmp embed/out embed/$file.lua
            number=$((number + 1))
        done
    done
    printf 'dfc.cachedef("x")\ndfc.directive "b" {\n-- dfc.image: n m\n dfc.rewrite "no"\n' > embed/e.lua
    printf 'dfc.rewrite "r" {\ndfc.directive "a" {\ndfc.directive "b" {' > embed/f.lua
    sh compiler/embed.sh embed/f.lua embed/e.lua | sed -n 's/^ *{\("[^.]*"\), \(.*\)},$/\1 \2/p' > embed/out
    printf '"%s" 1, %s\n' a 1 b 1 x 0 r 1 m 0 n 0 | cmp - embed/out
    sh compiler/embed.sh > embed/none.c
    gcc -std=c11 -Wall -Wpedantic -Werror -Icompiler -fsyntax-only embed/none.c
}

test_install() {
    build install DESTDIR="$work/root" PREFIX=/opt PROGRAM=dockerfilec
    [ "$(cd "$work/root" && find . -type f)" = ./opt/bin/dockerfilec ]
    [ "$(stat -c %a "$work/root/opt/bin/dockerfilec")" = 755 ]
    "$work/root/opt/bin/dockerfilec" version
    build uninstall DESTDIR="$work/root" PREFIX=/opt PROGRAM=dockerfilec
    [ -z "$(find "$work/root" -type f)" ]
}

test_equal_bytes() {
    copy_tree "$work/another/place"
    make -j2 CFLAGS='-O1 -g' B=build
    make -j2 CFLAGS='-O1 -g' B="$work/outside" -C "$work/another/place"
    cmp build/dfc "$work/outside/dfc"
    refuse grep -aF "$work" build/dfc
}

test_without_libraries() {
    make help PKG_CONFIG=false | grep -q 'make check'
    refuse make PKG_CONFIG=false B=none 2> error
    grep -q 'sh tools/setup.sh run' error
    make clean PKG_CONFIG=false
    [ ! -e build ]
}

# ---- the runners --------------------------------------------------------------------------------

last_line() { # EXPECTED COMMAND...
    expected=$1
    shift
    "$@" > last_line.out 2>&1 || true
    [ "$(tail -n 1 last_line.out)" = "$expected" ] || { cat last_line.out; return 1; }
}

test_total() {
    total=(sh tests/total.sh logs)
    last_line '5 passed, 0 failed' "${total[@]}" a 'echo 2 passed, 0 failed' b 'echo 3 passed, 0 failed'
    last_line '3 passed, 1 failed' "${total[@]}" a 'echo 2 passed, 1 failed; exit 1' b 'echo 1 passed, 0 failed'
    last_line '0 passed, 1 failed' "${total[@]}" a 'echo done'
    last_line '2 passed, 1 failed' "${total[@]}" a 'echo 2 passed, 0 failed; exit 3'
    last_line '0 passed, 1 failed' "${total[@]}" a 'echo 0 passed, 0 failed'
    last_line '0 passed, 0 failed' "${total[@]}" a 'echo 0 passed, 0 failed, 1 skipped'
    last_line '0 passed, 1 failed' env CI=true "${total[@]}" a 'echo 0 passed, 0 failed, 1 skipped'
    last_line '12 passed, 0 failed' "${total[@]}" a 'echo 3 passed, 3 failed; echo 12 passed, 0 failed'
    refuse "${total[@]}" a 'echo 2 passed, 1 failed'
    "${total[@]}" a 'echo 2 passed, 0 failed'
}

# A stand-in for dfc: fails on "bad", adds a line to "unstable", else copies.
test_golden() {
    cat > standin <<'SH'
#!/bin/sh
for file; do :; done
text=$(cat $([ "$file" = - ] || echo "$file"))
case $text in
bad*) echo 'an error' >&2; exit 1 ;;
worse*) echo 'an error' >&2; exit 70 ;;
unstable*) echo "$text"; echo more ;;
warned*) echo 'a warning' >&2; echo "$text" ;;
options*) echo "$text"; [ "$file" = - ] || for word; do echo "[$word]"; done ;;
*) echo "$text" ;;
esac
SH
    chmod +x standin
    golden=(env DFC="$PWD/standin" WRAP= sh tests/golden/run.sh)
    mkdir cases cases/good cases/bad cases/worse cases/unstable cases/warned cases/options
    for case in cases/*; do basename "$case" > "$case/Dockerfile.in"; done
    printf '%s\n' --define 'a b=c d' > cases/options/args
    last_line '0 passed, 6 failed' "${golden[@]}" cases/*
    last_line '4 passed, 2 failed' env UPDATE=1 "${golden[@]}" cases/* # unstable, warned the second time
    grep -qx '\[a b=c d\]' cases/options/Dockerfile
    [ "$(cat cases/worse/status)" = 70 ]
    rm -r cases/unstable cases/warned
    last_line '4 passed, 0 failed' "${golden[@]}" cases/*
    for file in good/Dockerfile bad/stderr; do
        echo another >> cases/$file
        last_line '3 passed, 1 failed' "${golden[@]}" cases/*
        sed -i '$d' cases/$file
    done
    rm cases/worse/status
    last_line '3 passed, 1 failed' "${golden[@]}" cases/*
    last_line '0 passed, 1 failed' "${golden[@]}" cases/none
    refuse "${golden[@]}"
}

test_unit_runner() {
    printf '#!/bin/sh\necho "[  PASSED  ] 3 test(s)."\n' > good
    printf '#!/bin/sh\necho "[  PASSED  ] 3 test(s)."\nkill -SEGV $$\n' > crash
    printf '#!/bin/sh\necho nothing\n' > nothing
    printf '#!/bin/sh\necho "[  PASSED  ] 1 test(s)."\necho "[  FAILED  ] x: 2 test(s), listed below:"\nexit 2\n' > bad
    chmod +x good crash nothing bad
    last_line '3 passed, 0 failed' sh tests/unit/run.sh ./good
    last_line '6 passed, 1 failed' sh tests/unit/run.sh ./good ./crash
    last_line '3 passed, 1 failed' sh tests/unit/run.sh ./good ./nothing
    last_line '4 passed, 2 failed' sh tests/unit/run.sh ./good ./bad
    refuse sh tests/unit/run.sh ./good ./bad
}

# What the user of the tests has set up does not reach the blocks of a document.
test_docs_runner() {
    cat > blocks.md <<'MD'
```sh
test "${DFC_MIRROR-}${DFC_RULES-}${DFC_STDLIB-}${XDG_CONFIG_HOME-}" = ''
test -z "$(ls -A "$HOME")"
```

```sh
echo printed
```

```text
printed
```
MD
    touch standin
    docs=(env DFC="$PWD/standin" DFC_RULES=x DFC_MIRROR=x DFC_STDLIB=x XDG_CONFIG_HOME="$PWD"
        HOME="$PWD" sh tests/docs.sh blocks.md)
    last_line '3 passed, 0 failed' "${docs[@]}"
    sed -i 's/^echo printed/echo another/' blocks.md
    last_line '2 passed, 1 failed' "${docs[@]}"
}

tree=$work/tree
copy_tree "$tree"
run 'a second make does nothing' test_nothing_to_do
run 'other flags make objects again' test_flags
run 'a header makes those that include it again' test_headers
run 'a removed source leaves the library' test_removed_source
run 'an added or removed rule file is embedded or not' test_stdlib_list
run 'embedded files are the same bytes' test_embed
run 'make install and uninstall' test_install
run 'equal sources give an equal program' test_equal_bytes
run 'help and clean need no library; the error names the set-up' test_without_libraries
run 'total.sh' test_total
run 'golden/run.sh' test_golden
run 'unit/run.sh' test_unit_runner
run 'docs.sh' test_docs_runner

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
