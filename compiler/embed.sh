#!/bin/sh
# embed.sh FILE.lua... > stdlib_embed.c
#
# Prints the C source that holds the files, byte for byte, and the index of what they declare
# (contract: stdlib_embed.h). Bytes are written as numbers: C promises no string literal of more
# than 4095 characters.
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

# Declarations stand at the start of a line; rule_files_index.c reads a directory in the same way.
print_names() {
    LC_ALL=C awk -v number="$number" '
        /^-- dfc\.image: / {
            for (i = 3; i <= NF; i++) print "IMAGE\t" $i "\t" number
        }
        /^dfc\.(directive|cachedef|rewrite)."[^"\\]+"/ {
            split($0, part, "\"")
            kind = /^dfc.d/ ? "DIRECTIVE" : /^dfc.r/ ? "REWRITE" : "CACHE"
            print kind "\t" part[2] "\t" number
        }' "$file"
}

names=$(each print_names | sort -t "$tab" -k 1,1 -k 2,2 -k 3,3n)
printf '%s\n' "$names" | awk -F '\t' '
    BEGIN { split("DIRECTIVE CACHE REWRITE IMAGE", kinds, " ") }
    NF == 3 {
        if ($1 != kind || $2 != name) count[$1]++
        line[$1, count[$1]] = sprintf("    {\"%s\", %d, %d},\n", $2, length($2), $3)
        kind = $1
        name = $2
    }
    END {
        for (k = 1; k <= 4; k++) {
            printf "\nstatic const struct stdlib_name names_%d[] = {\n", k
            for (i = 1; i <= count[kinds[k]]; i++) printf "%s", line[kinds[k], i]
            printf "    {0, 0, 0},\n};\n"
        }
        printf "\nconst struct stdlib_index stdlib_indexes[STDLIB_KINDS] = {\n"
        for (k = 1; k <= 4; k++)
            printf "    [STDLIB_%s] = {names_%d, %d},\n", kinds[k], k, count[kinds[k]]
        printf "};\n"
    }'
