# dfc explain: directives with their examples compiled, rewrites, mirrors, caches, images.
. "$CLI/lib.sh"

cp "$CLI/team.lua" team.lua
mkdir empty

begin "all about a team's directive, and about the cache of that name"
run explain jdk --rules team.lua
status 0
stderr
cat >expected <<'TEXT'
@jdk: Install the JDK of the company

  from       team.lua:9
  family     install: the arguments are words, quoted where it is needed
  usage      @jdk [OPTION]... RELEASE
  needs      to be root
  caches     jdk

arguments:
  release: 17|21                release of the JDK

options:
  -t, --to=PATH                 where it goes (default: /opt/jdk)
      --id=WORD                 id of the cache mount

passed on as they are, with a value behind '=': option of getjdk
  --quiet --mode=

options of every directive:
  --env=NAME=VALUE --exe=PROGRAM --mount=MOUNT --network=MODE --no-bind --security=MODE --ssh

example:
    @jdk 21
  becomes
    FROM debian:12
    ARG TARGETARCH
    # @jdk 21
    RUN --mount=type=cache,id=jdk-glibc-${TARGETARCH},target=/root/.jdk,sharing=locked \
        getjdk 21 /opt/jdk

example:
    @jdk --to=/opt/java 17
  becomes
    FROM debian:12
    ARG TARGETARCH
    # @jdk --to=/opt/java 17
    RUN --mount=type=cache,id=jdk-glibc-${TARGETARCH},target=/root/.jdk,sharing=locked \
        getjdk 17 /opt/java

cache jdk

  from       team.lua:4
  target     ~/.jdk
  moved by   ENV JDK_CACHE
  id         jdk-LIBC-ARCH
  sharing    locked
  holds      downloads: what is installed is in the image as well
  used by    @jdk
TEXT
same out expected

begin 'with the sign only the directive is meant'
run explain @jdk --rules team.lua
status 0
sed '/^cache jdk$/,$d' expected | sed '$d' >directive
same out directive

begin '@npm'
run explain @npm
status 0
stderr
sed 's/npm.lua:[0-9]*/npm.lua:N/' out >found
cat >expected <<'TEXT'
@npm: Run an npm command with npm's download cache in a cache mount

  from       stdlib/npm.lua:N
  family     command: behind the options stands a shell command
  usage      @npm [OPTION]... [NAME=VALUE]... COMMAND
  or         @npm [OPTION]... <<EOF, then a script, then EOF
  caches     npm

options:
      --id=WORD                 id of the cache mount
      --sharing=shared|locked|private  how parallel builds share the cache mount
      --mirror=NAME|URL|off     mirror for this directive: a preset, a URL, or off
      --uid=WORD                owner of the cache mount, when USER does not tell
      --gid=WORD                group of the cache mount
      --secret=WORD             id of a build secret that holds npm's .npmrc, mounted for this RUN only

options of every directive:
  --env=NAME=VALUE --exe=PROGRAM --mount=MOUNT --network=MODE --no-bind --security=MODE --ssh

example:
    @npm ci
  becomes
    FROM node:22
    # @npm ci
    RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
        npm ci

example:
    @npm ci --omit=dev && npm run build
  becomes
    FROM node:22
    # @npm ci --omit=dev && npm run build
    RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
        npm ci --omit=dev && npm run build

example:
    @npm install -g pnpm@9
  becomes
    FROM node:22
    # @npm install -g pnpm@9
    RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
        npm install -g pnpm@9
TEXT
same found expected

begin 'verbs, implied and refused words of @apt'
run explain @apt
status 0
has out '  usage      @apt [VERB] [OPTION]... [PACKAGE...]'
has out '  or         @apt [OPTION]... <<EOF, then words, one or more a line, then EOF'
has out '  verbs      install (default), upgrade, '
has out '  needs      a base image of the family debian, and to be root'
has out '  caches     apt apt-lists'
has out '  implied    -y --yes '
has out '  purge                         write RUN apt-get purge -y '
lacks out 'does not compile'
awk 'length($0) > 100 && !/^    / && !/^  [a-z-]+  +[a-z]/' out >long
content long

begin 'a directive by another name'
run explain apt-get
status 0
has out '  same as    @apt'

begin 'examples do not depend on the surroundings'
run explain @pip
status 0
cp out plain
has out '--mount=type=bind,source=requirements.txt,target=requirements.txt'
run_with DFC_MIRROR=tuna explain @pip
same out plain
mkdir elsewhere
(cd elsewhere && "$DFC" explain @pip >../out 2>../err)
same out plain

begin 'a rewrite'
run explain --rules team.lua no-distro-jdk
status 0
stderr
content out \
    'rewrite no-distro-jdk: JDKs of distributions are not looked after' \
    '' \
    '  from       team.lua:28' \
    '  looks at   RUN' \
    '  pattern    \bopenjdk-\d+' \
    '  needs      a base image of the family debian' \
    '  silence    # dfc ignore=no-distro-jdk, above the instruction' \
    '  or         # dfc global ignore=no-distro-jdk, for the file'

begin 'a mirror'
run explain --rules team.lua corp
status 0
stderr
content out \
    "mirror corp: the company's own" \
    '' \
    '  from       team.lua:34' \
    '  use        @mirror corp, or --mirror corp' \
    '  base       https://mirror.example/' \
    '             also by plain http, for images without CA certificates' \
    '' \
    'trees:' \
    '  debian              https://mirror.example/deb' \
    '  goproxy             https://go.example' \
    '  goproxy             https://go2.example' \
    '  pypi                https://pypi.example/simple' \
    '  rustup.dist         https://mirror.example/rust' \
    '  rustup.update_root  https://mirror.example/rust/rustup'
lines 'FROM debian:12' '@apt curl' >mirror.in # and that is what a build uses
run build --rules team.lua --mirror corp mirror.in
status 0
has out '#http://mirror.example/deb'

begin 'a cache, an image'
run explain go-build
status 0
has out '  target     ~/.cache/go-build'
has out '  id         go-build-LIBC-ARCH'
has out '  moved by   ENV GOCACHE'
has out '  holds      downloads: what is installed is in the image as well'
has out '  used by    @go'
run explain go-mod
has out '  holds      what the tool uses in place: later RUNs need it too'
run explain --rules team.lua corp/python
status 0
content out 'image corp/python' '' '  from       team.lua:41'

begin 'a cache whose place depends on the stage'
lines 'local dfc = require "dfc.v1"' \
    'dfc.cachedef "odd" { sharing = "shared", target = function(ctx)' \
    '  if ctx.base.repo ~= "odd" then return nil end' \
    '  return "/odd"' \
    'end }' \
    'dfc.cachedef "bad" { sharing = "shared", target = function(ctx)' \
    '  return ctx.env.HERE .. "/x"' \
    'end }' >odd.lua
for word in odd bad; do
    run explain --rules odd.lua $word
    status 0
    stderr
    has out '  target     depends on the stage'
done

begin 'an example of several lines, one that is wrong, one with a file'
cat >own.lua <<'LUA'
local dfc = require "dfc.v1"
dfc.directive "own" {
  summary = "Own", examples_from = "alpine:3.20", body = "words",
  examples = { "@own <<EOF\none\ntwo\nEOF", "@own wrong", "@own --file=here.txt" },
  args = { { "word", many = true }, { "--file", type = "path" } },
  expand = function(ctx, a)
    if a.word[1] == "wrong" then return ctx:error("this is wrong", { at = "word" }) end
    local own = dfc.argv("own", a.word)
    local run = dfc.run { cmds = { own } }
    if a.file then own:add(run:bind(a.file)) end
    return run
  end,
}
LUA
run explain --rules own.lua own
status 0
stderr
sed -n '/^example:$/,$p' out >found
cat >expected <<'TEXT'
example:
    @own <<EOF
    one
    two
    EOF
  becomes
    FROM alpine:3.20
    # @own <<EOF
    # one
    # two
    # EOF
    RUN own one two

example:
    @own wrong
  does not compile:
    example:2:6: error: this is wrong
        @own wrong
             ^~~~~

example:
    @own --file=here.txt
  becomes
    FROM alpine:3.20
    # @own --file=here.txt
    RUN --mount=type=bind,source=here.txt,target=here.txt \
        own here.txt
TEXT
same found expected

begin 'a rule of a team in place of one of the standard library'
lines 'local dfc = require "dfc.v1"' \
    'dfc.directive "npm" { summary = "Ours", override = true, expand = function() end }' >npm.lua
run explain --rules npm.lua @npm
status 0
stderr
has out '@npm: Ours'
has out '  from       npm.lua:2'
has out '  replaces   that of stdlib/npm.lua'

begin 'warnings of rule files are said, errors too'
sed 's/override = true, //' npm.lua >shadow.lua
run explain --rules shadow.lua @npm
status 0
has err '[shadowed-directive]'
run_with DFC_STDLIB=empty explain --rules npm.lua @pip
status 1
no_stdout
lines 'nonsense' >broken.lua
run explain --rules broken.lua @npm
status 1
no_stdout
has err 'broken.lua:'

begin 'an unknown name'
run explain aptt
status 1
no_stdout
stderr "dfc: error: there is no rule 'aptt' [unknown-name]" "    help: did you mean 'apt'?"
run explain @pipp
status 1
no_stdout
stderr "dfc: error: there is no rule '@pipp' [unknown-name]" "    help: did you mean '@pip'?"
run explain tunaa
stderr "dfc: error: there is no rule 'tunaa' [unknown-name]" "    help: did you mean 'tuna'?"
for word in frobnicate Dockerfile.in:7 @tunafish ''; do
    run explain "$word"
    status 1
    no_stdout
    stderr "dfc: error: there is no rule '$word' [unknown-name]" \
        "    help: 'dfc rules' lists all directives, rewrites, mirrors, caches and images"
done

begin 'a word of the language'
for word in set @mirror; do
    run explain $word
    status 1
    no_stdout
    stderr "dfc: error: there is no rule '$word' [unknown-name]" \
        "    note: @${word#@} is a word of the language, it is made by no rule"
done

begin 'control characters of a name and of rules do not reach the terminal'
run explain "$(printf 'x\033[2Jy')"
status 1
has err "there is no rule 'x?[2Jy'"
printf '%s\n' 'local dfc = require "dfc.v1"' \
    'dfc.directive "bell" {' \
    '  summary = "ring\27[2J\7 \u{9b}x",' \
    '  examples = { "@bell" },' \
    '  expand = function() return dfc.run { cmds = { "echo \27[2J" } } end,' \
    '}' >bell.lua
run explain --rules bell.lua bell
status 0
has out '@bell: ring?[2J? ?x'
equal "$(LC_ALL=C tr -d '\n -~' <out | wc -c)" 0

begin 'no name, or two'
run explain
usage "dfc explain: expected NAME, of a directive, rewrite, mirror, cache or image; 'dfc rules' lists them"
run explain pip apt
usage "dfc explain: expected one NAME, found a second: 'apt'"
run explain --json pip
usage "dfc explain: unknown option '--json', see 'dfc explain --help'"

finish
