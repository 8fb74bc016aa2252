#!/bin/bash
# lint.sh [CHECK...]: checks of the sources themselves; each is one test.
#
# Needs the tools that "sh tools/setup.sh test" installs; a missing one is a failure. "make lint"
# passes the compilers' flags in CHECK_CFLAGS.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${CHECK_CFLAGS:?run this with make lint}"
read -ra flags <<< "$CHECK_CFLAGS"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mapfile -t scripts < <(find . -path ./build -prune -o -path './.git' -prune -o -type f \
    \( -name '*.sh' -o -path './.ci/run' \) -print | sort)
mapfile -t c_files < <(find compiler tests -name '*.[ch]' | sort)
mapfile -t lua_dirs < <(for d in stdlib examples tests; do
    [ -z "$(find "$d" -name '*.lua')" ] || echo "$d"; done)

complain() {
    echo "$*"
    bad=1
}

# The text of a C file without comments; strings stay.
without_comments() {
    gcc -fpreprocessed -dD -E -P -w "$1"
}

check_format() {
    clang-format --dry-run -Werror "${c_files[@]}"
}

# shellcheck disable=SC2016 # the inner shell expands
check_tidy() {
    printf '%s\0' compiler/*.c |
        xargs -0 -n 6 -P 2 sh -c 'flags=$1; shift
            clang-tidy --quiet "$@" -- $flags 2> /dev/null' sh "$CHECK_CFLAGS"
}

# autoVariables: dfc.c keeps the address of its jmp_buf while the function that has it runs.
# funcArgOrderDifferent: cppcheck does not see a parameter that is written as a function.
# nullPointerRedundantCheck: cppcheck does not know that luaL_error and its like do not return.
check_cppcheck() {
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
        --error-exitcode=1 --suppress=missingIncludeSystem \
        --suppress=autoVariables:compiler/dfc.c --suppress=funcArgOrderDifferent:compiler/dfc.c \
        --suppress='nullPointerRedundantCheck:compiler/lua_*' -Icompiler -j 2 compiler
}

check_lua() {
    [ ${#lua_dirs[@]} -gt 0 ] || { echo 'no Lua file found'; return 1; }
    luacheck --quiet --no-color "${lua_dirs[@]}"
}

check_shell() {
    local script with=() without=()
    for script in "${scripts[@]}"; do # files that others read have no first line of their own
        if head -c 2 "$script" | grep -qx '#!'; then with+=("$script"); else without+=("$script"); fi
    done
    bad=0
    shellcheck "${with[@]}" || bad=1
    [ ${#without[@]} = 0 ] || shellcheck -s sh "${without[@]}" || bad=1
    return $bad
}

# Each header compiles alone, and twice, with both compilers.
check_headers() {
    bad=0
    for header in compiler/*.h; do
        printf '#include "%s"\n#include "%s"\n' "${header##*/}" "${header##*/}" > "$work/alone.c"
        for cc in gcc clang; do
            "$cc" "${flags[@]}" -Werror -fsyntax-only "$work/alone.c" ||
                complain "$header does not compile alone with $cc"
        done
    done
    return $bad
}

# Levels from the table in compiler/README.md: "NAME LEVEL" a line.
read_levels() {
    sed -n 's/^| \([0-5]\) | \([^|]*\) |.*/\1 \2/p' compiler/README.md | tr -d '`' |
        awk '{ for (i = 2; i <= NF; i++) print $i, $1 }'
}

declare -A level
level_of() { # FILE: NAME.h or NAME.c itself, NAME, or the longest NAME it begins with
    local file=$1 name=${1%.[ch]}
    if [ -n "${level[$file]:-}" ]; then
        echo "${level[$file]}"
        return
    fi
    while [ -z "${level[$name]:-}" ] && [[ $name == *_* ]]; do
        name=${name%_*}
    done
    echo "${level[$name]:-}"
}

check_layers() {
    local name number file from to header
    bad=0
    while read -r name number; do
        level[$name]=$number
        [ -e "compiler/$name" ] || compgen -G "compiler/$name.[ch]" > "$work/found" ||
            complain "compiler/README.md lists '$name', which does not exist"
    done < <(read_levels)
    for file in compiler/*.[ch]; do
        from=$(level_of "${file##*/}")
        [ -n "$from" ] || complain "$file has no level in compiler/README.md"
        while read -r header; do
            to=$(level_of "$header")
            [ -n "$to" ] && [ -n "$from" ] && [ "$to" -gt "$from" ] &&
                complain "$file (level $from) includes $header (level $to)"
        done < <(sed -n 's/^ *# *include *"\(.*\)".*/\1/p' "$file")
    done
    return $bad
}

# Who may include what: lines of "EXTENDED REGEX OF A SYSTEM HEADER<tab>FILES".
check_includes() {
    local file headers
    bad=0
    for file in compiler/*.[ch]; do
        headers=$(sed -n 's/^ *# *include *<\(.*\)>.*/\1/p' "$file")
        case ${file##*/} in
        lua_*) ;;
        *) grep -qxE 'lua\.h|lualib\.h|lauxlib\.h|lua\.hpp' <<< "$headers" &&
            complain "$file includes Lua; only lua_* may" ;;
        esac
        case ${file##*/} in
        regex.c) ;;
        *) grep -qx 'pcre2\.h' <<< "$headers" && complain "$file includes pcre2.h; only regex.c may" ;;
        esac
        case ${file##*/} in
        cmd*.[ch] | main.c | file.[ch] | options.[ch]) ;;
        *) grep -xE 'unistd\.h|fcntl\.h|dirent\.h|signal\.h|poll\.h|pthread\.h|sys/.*' \
            <<< "$headers" && complain "$file includes a POSIX header; only level 5 may" ;;
        esac
    done
    return $bad
}

# Only cmd*.c and main.c print or exit; nobody calls what has no bound.
check_calls() {
    local file streams
    bad=0
    for file in compiler/*.[ch]; do
        without_comments "$file" | sed 's/"\([^"\\]\|\\.\)*"/""/g' > "$work/code"
        grep -nwE '(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|atoi|system|popen)' "$work/code" |
            grep -E '[a-z] *\(' && complain "$file calls a function that has no bound"
        case ${file##*/} in
        cmd*.c | main.c) continue ;;
        file.[ch] | options.[ch]) streams= ;; # may write to what the caller opened
        *) streams='|fprintf|vfprintf|fputs|putc|fputc|fwrite' ;;
        esac
        grep -nE "(^|[^_A-Za-z0-9.>])(printf|vprintf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|stdout|stderr$streams)(\$|[^_A-Za-z0-9])" \
            "$work/code" | grep -v 'format *(printf\|__printf__' &&
            complain "$file prints or exits; only cmd*.c and main.c may"
    done
    return $bad
}

passed=0
failed=0
[ $# -gt 0 ] || set -- format tidy cppcheck lua shell headers layers includes calls
for name in "$@"; do
    if "check_$name" > "$work/report" 2>&1; then
        echo "ok - $name"
        passed=$((passed + 1))
    else
        echo "not ok - $name"
        sed 's/^/    /' "$work/report"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
