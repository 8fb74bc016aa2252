#!/bin/sh
# docs.sh [FILE.md...]: runs what README and docs/ tell the reader to run. Each block is one test.
#
#   ```sh             run with "sh -e" in a copy of the tree, where dfc is in PATH; all blocks of a
#                     file in the same copy, in order. The two set-up commands, tools/demo.sh and
#                     tools/test.sh, are left out: CI runs them itself
#   ```dockerfile-in  becomes Dockerfile.in of the copy. If a ```dockerfile block follows as the
#                     next block, that must be what dfc makes of it; else it must compile
#   ```make           a Makefile that must make Dockerfile from Dockerfile.in, and must leave no
#                     Dockerfile behind when there is an error in the input
#   ```lua            a file of rules that must load; with "Save this as `NAME`" above it, NAME of the
#                     copy
#   ```text           what the block above it prints: a ```sh block to both its outputs (whatever its
#                     status is then), a ```dockerfile-in block as diagnostics; elsewhere not run
#
# On a line before a block,
#   <!-- file: NAME -->        writes the block, whatever its language, to NAME and does nothing else
#                              with it; but rules (NAME.lua, no tests, no configuration) must load
#   <!-- not run: REASON -->   leaves the block out
# "<!-- in an empty directory -->" anywhere in a file: its blocks run in one, not in a copy of the
# tree. Links to files must lead to files, and README.zh-CN.md must have the blocks of README.md.
# docs/directives.md must be what "make docs" writes.
#
# UPDATE=1 writes what dfc made into a ```dockerfile block that differs. Read the difference, and run
# it again: of a file with several such blocks, the lines of the later ones have moved.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${DFC:?the program to test}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(dirname "$DFC"):$PATH
export PATH
unset B MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# What the caller has set must not reach the tests.
unset DFC_MIRROR DFC_BUILDER DFC_FOOTPRINT DFC_REGISTRY DFC_RULES DFC_STDLIB XDG_CONFIG_HOME
HOME=$work/home
export HOME
mkdir "$HOME"
passed=0
failed=0

# Blocks of a file as DIRECTORY/LINE.LANGUAGE; LINE.LANGUAGE.not when it is not to be run,
# LINE.LANGUAGE.file when it is to be written. The name to write it to is in names/.
extract() { # FILE DIRECTORY
    mkdir -p "$2/names"
    awk -v dir="$2" '
        inside && /^ *```$/ { inside = 0; close(out); next }
        inside { print > out; next }
        /^ *```[a-z]/ {
            inside = 1
            sub(/^ *```/, "")
            block = sprintf("%05d.%s%s", NR, $1, not_run ? ".not" : is_file ? ".file" : "")
            out = dir "/" block
            printf "" > out
            if (name != "") print name > (dir "/names/" block)
            not_run = is_file = 0
            name = ""
            next
        }
        /^<!-- not run: .* -->$/ { not_run = 1; print > (dir "/reasons"); next }
        /^<!-- file: [A-Za-z\/._-]+ -->$/ { is_file = 1; name = $3; next }
        NF { not_run = is_file = 0; name = "" }
        /^Save this as `[a-z\/._-]+`:?$/ { split($0, part, "`"); name = part[2] }
    ' "$1"
}

# Where the blocks of a file run.
make_copy() { # FILE DIRECTORY
    if grep -qx '<!-- in an empty directory -->' "$1"; then
        mkdir -p "$2"
    else
        copy_tree "$2"
    fi
}

copy_tree() { # DIRECTORY
    mkdir -p "$1/build"
    tar cf - --exclude=./build --exclude=./.git . | tar xf - -C "$1"
    cp "$DFC" "$1/build/dfc"
}

set_up_command() { # FILE
    ! grep -vxE 'sh tools/(demo|test)\.sh' "$1" > /dev/null
}

# What a block printed is what the ```text block below it shows.
shows() { # EXPECTED PRINTED
    diff -u --label documented "$1" --label printed "$2"
}

run_sh() { # BLOCK COPY [EXPECTED]
    if [ -z "$3" ]; then
        (cd "$2" && sh -e "$1" < /dev/null)
    else
        (cd "$2" && sh -e "$1" < /dev/null) > "$work/printed" 2>&1
        shows "$3" "$work/printed"
    fi
}

run_dockerfile_in() { # BLOCK COPY [EXPECTED]
    cp "$1" "$2/Dockerfile.in"
    (cd "$2" && dfc build Dockerfile.in) > "$work/made" 2> "$work/printed"
    status=$?
    case $3 in
    *.text) shows "$3" "$work/printed" ;;
    *)
        cat "$work/printed"
        [ $status = 0 ] || return 1
        [ -z "$3" ] || diff -u --label documented "$3" --label made "$work/made"
        ;;
    esac
}

# Put what was made in place of the block.
update_block() { # FILE.md BLOCK
    awk -v at="$(basename "$2")" -v made="$work/made" '
        NR == at + 0 { print; while ((getline line < made) > 0) print line; old = 1; next }
        old && /^ *```$/ { old = 0 }
        !old
    ' "$1" > "$work/updated" && cat "$work/updated" > "$1" && echo "updated: $1, $(basename "$2")"
}

run_make() { # BLOCK COPY
    rm -rf "$work/make"
    mkdir "$work/make"
    cp "$1" "$work/make/Makefile"
    printf 'FROM debian:bookworm\n@apt curl\n' > "$work/make/Dockerfile.in"
    (cd "$work/make" && make Dockerfile && grep '^RUN --mount' Dockerfile) || return 1
    printf 'FROM debian:bookworm\n@atp curl\n' > "$work/make/Dockerfile.in"
    touch -d '+1 minute' "$work/make/Dockerfile.in"
    if (cd "$work/make" && make Dockerfile); then
        echo 'make did not see the error'
        return 1
    fi
    [ ! -s "$work/make/Dockerfile" ] || grep '^RUN --mount' "$work/make/Dockerfile" || {
        echo 'a broken Dockerfile was left behind'
        return 1
    }
}

run_lua() { # NAME COPY: the directive makes dfc read rules at all
    (cd "$2" && printf '@set docs = on\nFROM scratch\n' | dfc build --rules "$1" -)
}

# Write a block to the file that its comment names.
write_file() { # BLOCK COPY
    name_of_file=$(cat "$(dirname "$1")/names/$(basename "$1")" 2> /dev/null || echo block.lua)
    mkdir -p "$(dirname "$2/$name_of_file")"
    cp "$1" "$2/$name_of_file"
}

run_block() { # BLOCK COPY NEXT
    expected=
    case ${1##*.} in
    sh) case $3 in *.text) expected=$3 ;; esac ;;
    dockerfile-in) case $3 in *.text | *.dockerfile) expected=$3 ;; esac ;;
    lua | file) write_file "$1" "$2" ;;
    esac
    case $1 in
    *.sh) run_sh "$1" "$2" "$expected" ;;
    *.dockerfile-in) run_dockerfile_in "$1" "$2" "$expected" ;;
    *.make) run_make "$1" "$2" ;;
    *.lua) run_lua "$name_of_file" "$2" ;;
    *.lua.file)
        case $name_of_file in
        *_test.lua | dfc.lua | */dfc.lua) ;;
        *) run_lua "$name_of_file" "$2" ;;
        esac
        ;;
    esac
}

result() { # STATUS TEXT: the report is in $work/report
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok - $2"
        sed 's/^/    /' "$work/report"
    fi
}

check_file() { # FILE
    blocks=$work/blocks/$1
    extract "$1" "$blocks"
    [ ! -f "$blocks/reasons" ] || sed "s|^<!-- \(.*\) -->|$1: \1|" "$blocks/reasons"
    set -- "$1" "$blocks"/[0-9]*
    name=$1
    shift
    while [ $# -gt 0 ] && [ -e "$1" ]; do
        case $1 in
        *.sh | *.dockerfile-in | *.make | *.lua | *.file)
            if ! set_up_command "$1"; then
                copy=$work/copy/$name
                [ -d "$copy" ] || make_copy "$name" "$copy"
                run_block "$1" "$copy" "${2:-}" > "$work/report" 2>&1
                status=$?
                case $status,${UPDATE:-},${2:-} in
                1,1,*.dockerfile) update_block "$name" "$2" ;;
                esac
                result $status "$name:$(basename "$1")"
            fi
            ;;
        esac
        shift
    done
}

# shellcheck disable=SC2016 # the backticks are those of Markdown
check_links() { # FILE
    sed -n 's/`[^`]*`//g; s/](\([^)#]*\)[^)]*)/\n@\1\n/gp' "$1" | sed -n 's/^@//p' > "$work/links"
    while IFS= read -r link; do
        case $link in
        '' | *://* | mailto:*) continue ;;
        esac
        if [ ! -e "$(dirname "$1")/$link" ]; then echo "no such file: $link"; fi
    done < "$work/links" > "$work/report"
    [ ! -s "$work/report" ]
    result $? "$1: links"
}

check_translation() {
    # The line numbers are in the names: only what the blocks hold has to agree.
    for file in README.md README.zh-CN.md; do
        for block in "$work/blocks/$file"/[0-9]*; do
            echo "== ${block##*.}"
            cat "$block"
        done > "$work/all.$file"
        grep -c '^#' "$file" >> "$work/all.$file"
    done
    diff -u "$work/all.README.md" "$work/all.README.zh-CN.md" > "$work/report"
    result $? 'README.zh-CN.md has the blocks and headings of README.md'
}

check_reference() {
    dfc rules --markdown --no-user-config 2>&1 |
        diff -u --label docs/directives.md docs/directives.md \
            --label 'what "make docs" writes' - > "$work/report"
    result $? 'docs/directives.md is current'
}

all=false
if [ $# = 0 ]; then
    all=true
    set -- README.md README.zh-CN.md compiler/README.md stdlib/README.md tests/README.md
    for file in docs/*.md; do
        [ ! -f "$file" ] || set -- "$@" "$file"
    done
fi
for file in "$@"; do
    check_file "$file"
    check_links "$file"
done
if $all; then
    check_translation
    check_reference
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
