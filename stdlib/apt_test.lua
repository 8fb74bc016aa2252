-- luacheck: no max line length
local dfc = require "dfc.v1"

local KEEP = [[
RUN rm -f /etc/apt/apt.conf.d/docker-clean \
    && echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache
]]

local function mounts(id, arch)
  return ([[
RUN --mount=type=cache,id=apt-cache-%s-${%s},target=/var/cache/apt,sharing=locked \
    --mount=type=cache,id=apt-lists-%s-${%s},target=/var/lib/apt/lists,sharing=locked \
]]):format(id, arch, id, arch)
end

local BOOKWORM = mounts("debian-bookworm", "TARGETARCH")
local SET_UP = "ARG TARGETARCH\n" .. KEEP

local CURL = [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
]]

dfc.test "apt" {
  from = "debian:12",

  -- where it runs
  { name = "keeps downloads and locks both caches", input = "@apt curl",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL },
  { name = "sets a stage up once, and keeps its RUNs apart", input = "@apt curl\n@apt git",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL .. "# @apt git\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends git
]] },
  { name = "leaves a child stage as its parent has set it up", from = "debian:12 AS base",
    input = "@apt curl\n\nFROM base\n@apt curl",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL .. "\nFROM base\n# @apt curl\n"
      .. BOOKWORM .. CURL },
  { name = "has caches of its own for each release of Ubuntu", from = "ubuntu:22.04", input = "@apt curl",
    output = SET_UP .. "# @apt curl\n" .. mounts("ubuntu-jammy", "TARGETARCH") .. CURL },
  { name = "knows what a language image is built on", from = "python:3.12-slim-bookworm", input = "@apt curl",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL },
  { name = "takes an unknown image for a distribution of its own", from = "team/base:1", input = "@apt curl",
    output = SET_UP .. "# @apt curl\n" .. mounts("team-base-1", "TARGETARCH") .. CURL },
  { name = "names the architecture that a stage for building has",
    from = "--platform=$BUILDPLATFORM debian:12", input = "@apt curl",
    output = "ARG BUILDARCH\n" .. KEEP .. "# @apt curl\n"
      .. mounts("debian-bookworm", "BUILDARCH") .. CURL },
  { name = "refuses Alpine", from = "alpine:3.20", input = "@apt curl",
    errors = { "1:1: error: @apt needs a Debian or Ubuntu base image, alpine:3.20 is alpine [wrong-base]" } },
  { name = "refuses an image without a package manager", from = "gcr.io/distroless/base-debian12", input = "@apt curl",
    errors = { "1:1: error: @apt needs a Debian or Ubuntu base image, gcr.io/distroless/base-debian12 is an image without a package manager [wrong-base]" } },
  { name = "refuses a user other than root", input = "USER app\n@apt curl",
    errors = { "2:1: error: @apt needs root, the user here is 'app' [needs-root]\n"
      .. "help: write it above USER app, or between USER root and USER app" } },
  { name = "works as root again", input = "USER app\nUSER root\n@apt curl",
    output = "USER app\nUSER root\n" .. SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL },

  -- what is installed
  { name = "takes a list in a heredoc", input = "@apt <<EOF\ncurl # to fetch\n\ngit\nEOF",
    output = SET_UP .. "# @apt <<EOF\n# curl # to fetch\n#\n# git\n# EOF\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl git
]] },
  { name = "quotes patterns and leaves variables to the shell",
    input = "@apt curl=7.88.* libpq-dev=$PQ ./tool.deb",
    output = SET_UP .. "# @apt curl=7.88.* libpq-dev=$PQ ./tool.deb\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        'curl=7.88.*' \
        "libpq-dev=$PQ" \
        ./tool.deb
]] },
  { name = "needs a package", input = "@apt --recommends",
    errors = { "1:1: error: @apt needs a package to install [missing-argument]" } },
  { name = "installs nothing from a URL", input = "@apt https://example.com/tool.deb",
    errors = { "1:6: error: apt installs no package from a URL, found 'https://example.com/tool.deb' [package-url]\n"
      .. "help: fetch the file with ADD --checksum=sha256:… and install it as ./NAME.deb" } },

  -- options and verbs
  { name = "installs recommended packages when told to", input = "@apt --recommends curl",
    output = SET_UP .. "# @apt --recommends curl\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y curl
]] },
  { name = "takes packages of another release", input = "@apt -t bookworm-backports git",
    output = SET_UP .. "# @apt -t bookworm-backports git\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -t bookworm-backports \
        git
]] },
  { name = "knows the options that it gives anyway", input = "@apt-get install -y -qq --no-install-recommends curl",
    output = SET_UP .. "# @apt-get install -y -qq --no-install-recommends curl\n" .. BOOKWORM .. CURL },
  { name = "upgrades", input = "@apt upgrade",
    output = SET_UP .. "# @apt upgrade\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get upgrade -y --no-install-recommends
]] },
  { name = "does not remove", input = "@apt remove curl",
    errors = { "1:6: error: @apt does not do 'remove' [unsupported-verb]\n"
      .. "help: write RUN apt-get purge -y …: removing needs no cache" } },
  { name = "suggests the option that is meant", input = "@apt --recomends curl",
    errors = { "1:6: error: @apt has no option '--recomends' [unknown-option]\nhelp: did you mean '--recommends'?" } },
  { name = "uses the id and the sharing that are given", input = "@apt --id=mine --sharing=private curl",
    output = KEEP .. "# @apt --id=mine --sharing=private curl\n" .. [[
RUN --mount=type=cache,id=mine-cache,target=/var/cache/apt,sharing=private \
    --mount=type=cache,id=mine-lists,target=/var/lib/apt/lists,sharing=private \
]] .. CURL },
  { name = "takes the sharing from a setting", input = "@set apt.sharing = shared\n@apt --id=mine curl",
    output = KEEP .. "# @apt --id=mine curl\n" .. [[
RUN --mount=type=cache,id=mine-cache,target=/var/cache/apt,sharing=shared \
    --mount=type=cache,id=mine-lists,target=/var/lib/apt/lists,sharing=shared \
]] .. CURL },

  { name = "takes a package of another release, and several options", input = "@apt git/bookworm-backports -f -o Dpkg::Use-Pty=0",
    output = SET_UP .. "# @apt git/bookworm-backports -f -o Dpkg::Use-Pty=0\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -f -o Dpkg::Use-Pty=0 \
        git/bookworm-backports
]] },
  { name = "cleans up where there are no mounts", builder = "legacy", input = "@apt curl", output = [[
# @apt curl
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/*
]] },
  { name = "is the same for Buildah", builder = "buildah", input = "@apt curl",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL },
  { name = "keeps downloads without a trace", footprint = "none", input = "@apt curl",
    output = "ARG TARGETARCH\n# @apt curl\n" .. BOOKWORM .. [[
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -o Dir::Cache::archives=/var/cache/apt/keep/ --no-install-recommends \
        curl
]] },

  -- releases that have ended
  { name = "finds old Debian in the archive", from = "debian:buster", mirror = "tuna", input = "@apt curl",
    output = SET_UP .. [==[
RUN find /etc/apt -type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i \
    -e '/-updates/d' \
    -e 's#https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)#http://archive.debian.org/debian\1#g' \
    -e 's#https?://[a-z0-9.-]+\.debian\.org/debian-security#http://archive.debian.org/debian-security#g' \
    -e 's#https?://security\.debian\.org/?([[:space:]]|$)#http://archive.debian.org/debian-security\1#g' \
    '{}' +
# @apt curl
]==] .. mounts("debian-buster", "TARGETARCH") .. [[
    apt-get update -o APT::Update::Error-Mode=any -o Acquire::Check-Valid-Until=false \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
]] },
  { name = "can leave the archive to the user", from = "debian:buster", input = "@set apt.archive = off\n@apt curl",
    output = SET_UP .. "# @apt curl\n" .. mounts("debian-buster", "TARGETARCH") .. CURL },
  { name = "finds old Ubuntu among the old releases", from = "ubuntu:23.10", input = "@apt curl",
    output = SET_UP .. [==[
RUN find /etc/apt -type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i \
    -e 's#https?://([a-z0-9.-]+\.)?(archive|security)\.ubuntu\.com/ubuntu#http://old-releases.ubuntu.com/ubuntu#g' \
    -e 's#https?://ports\.ubuntu\.com/ubuntu-ports#http://old-releases.ubuntu.com/ubuntu#g' \
    '{}' +
# @apt curl
]==] .. mounts("ubuntu-mantic", "TARGETARCH") .. [[
    apt-get update -o APT::Update::Error-Mode=any \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
]] },

  -- what people paste
  { name = "understands the pasted idiom",
    input = "@apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
    output = SET_UP .. "# @apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
      .. BOOKWORM .. CURL,
    notes = { "1:10: note: 'update' is left out: @apt-get sees to it",
              "1:47: note: 'rm -rf /var/lib/apt/lists/*' is left out: @apt-get sees to it" } },

  -- mirrors
  { name = "rewrites the sources of the image once a stage", mirror = "tuna", input = "@apt curl",
    output = SET_UP .. [==[
RUN find /etc/apt -type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i \
    -e '/archive\.debian\.org/!s#https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)#http://mirrors.tuna.tsinghua.edu.cn/debian\1#g' \
    -e '/archive\.debian\.org/!s#https?://[a-z0-9.-]+\.debian\.org/debian-security#http://mirrors.tuna.tsinghua.edu.cn/debian-security#g' \
    -e 's#https?://security\.debian\.org/?([[:space:]]|$)#http://mirrors.tuna.tsinghua.edu.cn/debian-security\1#g' \
    '{}' +
# @apt curl
]==] .. BOOKWORM .. [[
    apt-get update -o APT::Update::Error-Mode=any \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
]] },
  { name = "leaves security updates upstream when told to", mirror = "http://mirror.example",
    input = "@set apt.mirror-security = off\n@apt curl",
    output = SET_UP .. [==[
RUN find /etc/apt -type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i \
    -e '/archive\.debian\.org/!s#https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)#http://mirror.example/debian\1#g' \
    '{}' +
# @apt curl
]==] .. BOOKWORM .. [[
    apt-get update -o APT::Update::Error-Mode=any \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
]] },
  { name = "lets docker build choose the mirror, but not that of security updates",
    input = "@mirror --arg APT_MIRROR\n@set apt.mirror-security = off\n@apt curl",
    output = SET_UP .. [=[
ARG APT_MIRROR
RUN if [ -n "$APT_MIRROR" ]; then \
        dfc_mirror=$(printf %s "$APT_MIRROR" | sed -E -e 's#/*$##' -e '\#://#!s#^#http://#') \
        && find /etc/apt -type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i \
            -e '/archive\.debian\.org/!s#https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)#'"$dfc_mirror"'/debian\1#g' \
            '{}' +; \
    fi
]=] .. "# @apt curl\n" .. BOOKWORM .. [[
    apt-get update -o APT::Update::Error-Mode=any \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
]] },
  { name = "goes through a proxy", input = "@set apt.proxy = http://cache.example:3142\n@apt curl",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. [[
    apt-get update -o Acquire::http::Proxy=http://cache.example:3142 -o APT::Update::Error-Mode=any \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -o Acquire::http::Proxy=http://cache.example:3142 --no-install-recommends \
        curl
]] },
  { name = "goes through a proxy that the build names, and through none where it is switched off",
    input = "@apt --proxy=$APT_PROXY curl\n@set apt.proxy = http://cache.example:3142\n@apt --proxy=off curl",
    output = SET_UP .. "# @apt --proxy=$APT_PROXY curl\n" .. BOOKWORM .. [[
    apt-get update -o "Acquire::http::Proxy=$APT_PROXY" -o APT::Update::Error-Mode=any \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -o "Acquire::http::Proxy=$APT_PROXY" --no-install-recommends \
        curl
]] .. "# @apt --proxy=off curl\n" .. BOOKWORM .. CURL },
  { name = "takes only the URL of a proxy", input = "@apt --proxy=cache:3142 curl", errors = {
    "1:14: error: apt's proxy must be a URL such as http://cache.example:3142, found 'cache:3142' [bad-value]" } },
  { name = "has no mirror where it is switched off", mirror = "off", input = "@apt curl",
    output = SET_UP .. "# @apt curl\n" .. BOOKWORM .. CURL },
}

dfc.test "apt-get" {
  from = "debian:12",
  { name = "is @apt by another name", input = "@apt-get curl",
    output = SET_UP .. "# @apt-get curl\n" .. BOOKWORM .. CURL },
  { name = "says its own name in messages", input = "@apt-get",
    errors = { "1:1: error: @apt-get needs a package to install" } },
}
