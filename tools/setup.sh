#!/bin/sh
# setup.sh run|test: installs the Debian packages that are missing.
#
#   run   what building dfc takes
#   test  what the tests and checks take as well
#
# Says what it installs. Without the right to install it prints the command to run and ends with
# status 1. On a system without apt it names the packages and goes on if the compiler and the
# libraries are there.
set -eu

purpose=${1:-}
case $purpose in
run | test) ;;
*)
    echo "usage: sh tools/setup.sh run|test" >&2
    exit 2
    ;;
esac

run_packages='gcc libc6-dev make pkg-config liblua5.4-dev libpcre2-dev libutf8proc-dev'
test_packages='libcmocka-dev clang valgrind clang-format clang-tidy cppcheck lua-check shellcheck
    m4 busybox lua5.4 dash git bash diffutils'
# Programs that are as good from elsewhere, and the package that brings them.
test_programs='python3:python3 node:nodejs npm:npm'

has() {
    command -v "$1" > /dev/null 2>&1
}

installed() { # PACKAGE
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

known() { # PACKAGE: apt has a version of it to install
    apt-cache show "$1" > /dev/null 2>&1
}

# pkgconf has taken the place of pkg-config in newer releases.
provided() { # PACKAGE
    installed "$1" || { [ "$1" = pkg-config ] && installed pkgconf; }
}

# The run-time library of clang's sanitizers and fuzzer is a package of its own, named after
# clang's version, or in older releases part of another.
clang_runtime() {
    if has clang; then
        major=$(clang -dumpversion | cut -d. -f1)
    else
        major=$(apt-cache depends clang 2> /dev/null | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p')
    fi
    for package in "libclang-rt-$major-dev" "libclang-common-$major-dev"; do
        if installed "$package" || known "$package"; then
            echo "$package"
            return
        fi
    done
}

missing() {
    list=$run_packages
    if [ "$purpose" = test ]; then
        list="$list $test_packages $(clang_runtime)"
        for pair in $test_programs; do
            has "${pair%%:*}" || list="$list ${pair#*:}"
        done
    fi
    for package in $list; do
        provided "$package" || printf '%s ' "$package"
    done
}

check_tools() {
    good=true
    has "${CC:-gcc}" || has clang || { echo 'no C compiler (gcc or clang)' >&2; good=false; }
    has make || { echo 'no make (GNU make 4.3 or later)' >&2; good=false; }
    if has pkg-config; then
        for modules in 'lua5.4 lua-5.4 lua54 lua' libpcre2-8 libutf8proc; do
            found=false
            for module in $modules; do
                ! pkg-config --exists "$module" || found=true
            done
            $found || { echo "pkg-config finds none of: $modules" >&2; good=false; }
        done
    else
        echo 'no pkg-config' >&2
        good=false
    fi
    $good
}

if ! has apt-get || ! has dpkg-query; then
    echo "this is not a Debian system; dfc needs what Debian calls:"
    echo "    $run_packages"
    # shellcheck disable=SC2086 # a list of words
    [ "$purpose" = run ] || echo "and for its tests:" $test_packages libclang-rt-dev nodejs npm python3
    check_tools
    exit
fi

as_root=
if [ "$(id -u)" != 0 ]; then
    if has sudo && sudo -n true 2> /dev/null; then
        as_root='sudo -n'
    else
        as_root=no
    fi
fi

apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" < /dev/null
}

packages=$(missing)
[ -n "$packages" ] || exit 0

if [ "$as_root" = no ]; then
    echo "these packages are missing; install them as root:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends $packages" >&2
    exit 1
fi

# A new machine or image has no package lists, and then clang's version is not known either.
fresh=true
for package in $packages; do
    known "$package" || fresh=false
done
if ! $fresh || { [ "$purpose" = test ] && [ -z "$(clang_runtime)" ]; }; then
    apt_get -q update
    packages=$(missing)
fi

echo "installing: $packages"
# shellcheck disable=SC2086 # a list of words
apt_get install -q -y --no-install-recommends $packages || {
    echo 'that failed: once more with new package lists'
    apt_get -q update
    apt_get install -q -y --no-install-recommends $packages
}
# clang's version is sure only now.
packages=$(missing)
# shellcheck disable=SC2086 # a list of words
[ -z "$packages" ] || apt_get install -q -y --no-install-recommends $packages
