#!/bin/sh
# run.sh CASE...: carries out what the rules for package managers do to the files that say where
# packages come from, on files as base images have them, and compares.
#
# A case is a directory:
#   Dockerfile.in   a mirror, a base image and a directive
#   in/             the files of the image: in/etc/apt/sources.list …
#   out/            the same after the set-up RUN of the stage
#   copy/           the copy that --footprint none makes for one RUN, at $dfc; in/ stays as it is
#   back/           the copy that the directive makes with --mirror=off, of the files in out/ (optional)
#   shells          what to run it in (optional): dash, and busybox sh with its own sed and find
# A set-up RUN is carried out twice, since it may meet files that it has changed already.
#
# UPDATE=1 writes what came out into the cases instead of comparing. Read the difference.
set -u
: "${DFC:?the program to test}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

# Stands for the package manager: keeps what is at $dfc, with that path made equal.
mkdir "$work/stub"
cat > "$work/stub/keep" << 'STUB'
#!/bin/sh
for dir in "$TMPDIR"/*/; do
    [ -d "$dir" ] || continue
    rm -rf "$KEEP"
    cp -a "$dir" "$KEEP"
    find "$KEEP" -type f -exec sed -i "s#${dir%/}#DFC#g" '{}' +
done
STUB
chmod +x "$work/stub/keep"
for tool in apt-get apk dnf yum zypper pacman; do
    ln -s keep "$work/stub/$tool"
done
mkdir "$work/busybox"
if command -v busybox > /dev/null; then
    for tool in sed find cp mktemp rm; do
        ln -s "$(command -v busybox)" "$work/busybox/$tool"
    done
fi

# The commands of the RUN instructions, with and without mounts, one a line.
commands() { # FOOTPRINT
    sed "s/^@[a-z]* /&$own/" Dockerfile.in | sed "s/^\(@mirror\) $own/\1 /" |
        env -i PATH="$PATH" HOME="$work" "$DFC" build --no-user-config --footprint "$1" - |
        sed -e ':join' -e '/\\$/{' -e 'N' -e 's/ *\\\n */ /' -e 'b join' -e '}' |
        sed -n 's/^RUN //p' | grep 'sed -E\|sed -i'
}

# In the case's directory: carry out commands on the image's files in $work/root.
carry_out() { # SHELL FOOTPRINT
    commands "$2" | sed -e 's/--mount=[^ ]* //g' \
        -e "s# /\(etc\|lib\|usr\)/# $work/root/\1/#g" > "$work/script"
    [ -s "$work/script" ] || { echo "no RUN with sed for --footprint $2"; return 1; }
    rm -rf "$work/tmp" "$work/kept"
    mkdir "$work/tmp"
    path=$work/stub:$PATH
    shell=dash
    if [ "$1" = busybox ]; then
        path=$work/stub:$work/busybox:$PATH
        shell='busybox sh'
    fi
    # shellcheck disable=SC2086 # two words
    env -i PATH="$path" TMPDIR="$work/tmp" KEEP="$work/kept" $shell -e "$work/script" || return 1
    [ -z "$(ls -A "$work/tmp")" ] || { echo '  something is left behind in /tmp'; return 1; }
}

start_with() { # DIRECTORY
    rm -rf "$work/root"
    cp -a "$1" "$work/root"
}

update() { # EXPECTED FOUND
    [ "${UPDATE:-}" != 1 ] || { rm -rf "$1" && cp -a "$2" "$1"; }
}

same() { # WHAT EXPECTED FOUND
    diff -ru "$2" "$3" && return 0
    echo "  $1 differs"
    return 1
}

run_case() { # CASE SHELL
    cd "$1" || return 1
    own=
    start_with in
    carry_out "$2" keep || return 1
    update out "$work/root"
    same 'the result' out "$work/root" && carry_out "$2" keep &&
        same 'the result of the second time' out "$work/root" || return 1

    start_with in
    carry_out "$2" none || return 1
    update copy "$work/kept"
    same 'the copy' copy "$work/kept" &&
        same 'the image, which was to stay as it is,' in "$work/root" || return 1

    [ -d back ] || return 0
    own='--mirror=off '
    start_with out
    carry_out "$2" keep || return 1
    update back "$work/kept"
    same 'the copy without a mirror' back "$work/kept"
}

for case in "$@"; do
    case=${case%/}
    for shell in $(cat "$case/shells" 2> /dev/null || echo dash busybox); do
        if ! command -v "$shell" > /dev/null; then
            skipped=$((skipped + 1))
        elif (run_case "$case" "$shell") > "$work/report" 2>&1; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "$case in $shell: failed"
            cat "$work/report"
        fi
    done
done

[ "$skipped" = 0 ] || { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" = 0 ]; exit; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
