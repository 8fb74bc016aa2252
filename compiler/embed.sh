#!/bin/sh
# embed.sh FILE.lua... > stdlib_embed.c
#
# Prints the C source that holds the files, byte for byte (contract: stdlib_embed.h). Bytes are
# written as numbers: C promises no string literal of more than 4095 characters.
set -eu
LC_ALL=C
export LC_ALL

sorted=$(for file in "$@"; do printf '%s\t%s\n' "${file##*/}" "$file"; done | sort)
tab=$(printf '\t')

each() { # COMMAND: run it with $number, $name and $file of each file
    number=0
    [ -n "$sorted" ] || return 0
    while IFS=$tab read -r name file; do
        "$1"
        number=$((number + 1))
    done <<LIST
$sorted
LIST
}

print_bytes() {
    printf '\n/* %s */\nstatic const unsigned char text_%d[] = {\n' "$name" "$number"
    od -An -v -tu1 "$file" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
    printf '0};\n' # texts end in a NUL byte that their length does not count
}

print_entry() {
    printf '    {"%s", (const char *)text_%d, sizeof(text_%d) - 1},\n' "$name" "$number" "$number"
}

printf '/* Made by compiler/embed.sh. */\n#include "stdlib_embed.h"\n'
each print_bytes
printf '\nconst struct stdlib_file stdlib_files[] = {\n'
each print_entry
printf '    {0, 0, 0},\n};\nconst size_t stdlib_file_count = %d;\n' "$#"
