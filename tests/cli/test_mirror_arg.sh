# @mirror --arg: what the generated shell does with an ARG that is unset, empty, or has a mirror.
. "$CLI/lib.sh"

# The command of the RUN that has $2, from the Dockerfile $1.
command_of() {
    awk -v wanted="$2" '
        /^RUN / { text = ""; inside = 1 }
        inside { text = text $0 "\n" }
        inside && !/\\$/ { if (index(text, wanted)) printf "%s", text; inside = 0 }' "$1" |
        sed -e 's/^RUN //' -e '/^--mount=/d' -e '/^ *--mount=/d'
}

for shell in dash 'busybox ash' sh; do
    $shell -c : 2>/dev/null && shells="${shells-}$shell$nl"
done

# Run the command in the file "command.sh" with the words VARIABLE=VALUE in each shell there is; they
# must say the same, which is in the file "said".
said=
run_command() {
    rm -f said
    while IFS= read -r shell; do
        [ -n "$shell" ] || continue
        # shellcheck disable=SC2086 # a shell with its applet
        env -i PATH="$PWD/bin:$PATH" "$@" $shell ./command.sh >said.new 2>&1 || echo "status $?" >>said.new
        [ ! -f said ] || cmp -s said said.new || fail "$shell: $(cat said.new)"
        mv said.new said
        [ -z "${after-}" ] || $after
    done <<SHELLS
$shells
SHELLS
    said=$(cat said)
}

mkdir bin
cat >bin/tool <<'TOOL'
#!/bin/sh
env | LC_ALL=C sort | grep -E '^(PIP|GO|NPM|npm|pnpm|YARN|COREPACK)' | tr '\n' ' '
echo "${0##*/} $*"
TOOL
chmod +x bin/tool
for tool in pip go npm; do cp bin/tool bin/$tool; done

cat >Dockerfile.in <<'IN'
@mirror --arg APT_MIRROR --arg PIP_INDEX_URL --arg GOPROXY --arg NPM_CONFIG_REGISTRY
FROM debian:12
@apt git
@pip --break-system-packages flask
@pip --break-system-packages --mirror=off django
@go build
@npm ci
FROM debian:12
@mirror tuna --arg APT_MIRROR --arg PIP_INDEX_URL
@apt make
@pip --break-system-packages gunicorn
IN
"$DFC" build Dockerfile.in >Dockerfile

begin 'pip: only a value that is not empty gets to it'
command_of Dockerfile flask >command.sh
run_command
equal "$said" 'PIP_ROOT_USER_ACTION=ignore pip install --break-system-packages flask'
run_command PIP_INDEX_URL=
equal "$said" 'PIP_ROOT_USER_ACTION=ignore pip install --break-system-packages flask'
run_command PIP_INDEX_URL=https://a.example/simple
equal "$said" 'PIP_INDEX_URL=https://a.example/simple PIP_ROOT_USER_ACTION=ignore pip install --break-system-packages flask'

begin 'pip: --mirror=off, although the stage has the ARG'
command_of Dockerfile django >command.sh
run_command PIP_INDEX_URL=https://a.example/simple
equal "$said" 'PIP_ROOT_USER_ACTION=ignore pip install --break-system-packages django'

begin 'pip: a preset where nothing is chosen'
command_of Dockerfile gunicorn >command.sh
run_command PIP_INDEX_URL=
equal "$said" 'PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple PIP_ROOT_USER_ACTION=ignore pip install --break-system-packages gunicorn'
run_command PIP_INDEX_URL=https://a.example/simple
equal "$said" 'PIP_INDEX_URL=https://a.example/simple PIP_ROOT_USER_ACTION=ignore pip install --break-system-packages gunicorn'

begin 'go: the proxy chosen, then direct'
command_of Dockerfile 'go build' >command.sh
run_command GOPROXY=
equal "$said" 'go build'
run_command GOPROXY=https://a.example
equal "$said" 'GOPROXY=https://a.example|direct go build'

begin 'npm: the variables of all package managers, or none'
command_of Dockerfile 'npm ci' >command.sh
run_command NPM_CONFIG_REGISTRY=
equal "$said" 'npm ci'
run_command NPM_CONFIG_REGISTRY=https://a.example
equal "$said" 'COREPACK_NPM_REGISTRY=https://a.example NPM_CONFIG_REGISTRY=https://a.example YARN_NPM_REGISTRY_SERVER=https://a.example npm_config_registry=https://a.example pnpm_config_registry=https://a.example npm ci'

# Let a command rewrite a fresh copy of the sources; they are in $said then.
SOURCES='deb http://ftp.debian.org/debian bookworm main
URIs: http://security.debian.org/debian-security
deb http://third.example/debian bookworm main'
rewrite() { # VARIABLE=VALUE...
    mkdir -p apt
    printf '%s\n' "$SOURCES" >apt/sources.list
    after=keep_sources
    run_command "$@"
    equal "$said" ''
    said=$(cat rewritten)
    after=
}
keep_sources() {
    cp apt/sources.list rewritten
    printf '%s\n' "$SOURCES" >apt/sources.list
}
mirrored() { # BASE
    printf '%s\n' "deb $1/debian bookworm main" "URIs: $1/debian-security" \
        'deb http://third.example/debian bookworm main'
}

begin 'apt: nothing chosen, nothing changed'
command_of Dockerfile 'find /etc/apt' | sed 's#/etc/apt#apt#g' |
    awk '{ print } /^ *fi *$/ { exit }' >command.sh
rewrite
equal "$said" "$SOURCES"
rewrite APT_MIRROR=
equal "$said" "$SOURCES"

begin 'apt: a base URL, one that ends in a slash, a host'
rewrite APT_MIRROR=https://a.example/x
equal "$said" "$(mirrored https://a.example/x)"
rewrite APT_MIRROR=http://a.example//
equal "$said" "$(mirrored http://a.example)"
rewrite APT_MIRROR=a.example:8080
equal "$said" "$(mirrored http://a.example:8080)"

begin 'apt: a preset where nothing is chosen'
command_of Dockerfile 'find /etc/apt' | sed 's#/etc/apt#apt#g' |
    awk '/^if / { n++ } n == 2' >command.sh
rewrite APT_MIRROR=
equal "$said" "$(mirrored http://mirrors.tuna.tsinghua.edu.cn)"
rewrite APT_MIRROR=http://a.example
equal "$said" "$(mirrored http://a.example)"

finish
