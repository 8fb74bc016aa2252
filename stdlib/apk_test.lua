-- luacheck: no max line length
local dfc = require "dfc.v1"

local function mount(id)
  return ("RUN --mount=type=cache,id=%s,target=/var/cache/apk,sharing=locked \\\n"):format(id)
end
local ALPINE = mount "apk-alpine-3.20-${TARGETARCH}"
local CURL = "    apk add -U --cache-dir /var/cache/apk curl\n"
local FIND = [[find /etc/apk /lib/apk -type f '(' -name repositories -o -path '*/repositories.d/*.list' ')' -exec sed -E]]
local TUNA = [==[-e 's,https?://[a-z0-9-]+\.alpinelinux\.org/alpine(/|[[:space:]]|$),https://mirrors.tuna.tsinghua.edu.cn/alpine\1,']==]

dfc.test "apk" {
  from = "alpine:3.20",

  -- where it runs
  { name = "keeps packages and indexes", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. ALPINE .. CURL },
  { name = "knows the release of a language image", from = "python:3.12-alpine3.20", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. ALPINE .. CURL },
  { name = "has a cache of its own for what no release is known of", from = "node:22-alpine", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. mount "apk-node-22-alpine-${TARGETARCH}" .. CURL },
  { name = "works on Wolfi", from = "cgr.dev/chainguard/wolfi-base", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. mount "apk-cgr.dev-chainguard-wolfi-base-${TARGETARCH}" .. CURL },
  { name = "takes an unknown image for Alpine", from = "team/base:1", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. mount "apk-team-base-1-${TARGETARCH}" .. CURL },
  { name = "refuses Debian", from = "debian:12", input = "@apk curl",
    errors = { "1:1: error: @apk needs an Alpine base image, debian:12 is debian [wrong-base]\nhelp: use @apt" } },
  { name = "refuses a user other than root", input = "USER 1000\n@apk curl",
    errors = { "2:1: error: @apk needs root, the user here is '1000' [needs-root]\nhelp: write it above USER 1000, or between USER root and USER 1000" } },
  { name = "keeps the cache out of the layer without mounts",
    builder = "legacy", input = "@apk add --no-cache curl",
    output = "# @apk add --no-cache curl\nRUN apk add --no-cache curl\n" },
  { name = "is the same for Buildah", builder = "buildah", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. ALPINE .. CURL },

  -- what is installed
  { name = "quotes constraints and takes tags and files", input = "@apk curl>8 py3-pip=~24 hexyl@edge ./x.apk --allow-untrusted",
    output = "ARG TARGETARCH\n# @apk curl>8 py3-pip=~24 hexyl@edge ./x.apk --allow-untrusted\n" .. ALPINE .. [[
    apk add -U --cache-dir /var/cache/apk --allow-untrusted \
    'curl>8' \
    'py3-pip=~24' \
    hexyl@edge \
    ./x.apk
]] },
  { name = "takes a list in a heredoc", input = "@apk --virtual=.build <<EOF\ngcc # C\nmusl-dev\nEOF",
    output = "ARG TARGETARCH\n# @apk --virtual=.build <<EOF\n# gcc # C\n# musl-dev\n# EOF\n" .. ALPINE .. [[
    apk add -U --cache-dir /var/cache/apk --virtual=.build gcc musl-dev
]] },
  { name = "upgrades", input = "@apk upgrade --available",
    output = "ARG TARGETARCH\n# @apk upgrade --available\n" .. ALPINE .. [[
    apk upgrade -U --cache-dir /var/cache/apk --available
]] },
  { name = "has the same cache for packages of another root",
    input = "@apk --root /rootfs --initdb -X https://apk.example/main busybox",
    output = "ARG TARGETARCH\n# @apk --root /rootfs --initdb -X https://apk.example/main busybox\n" .. ALPINE .. [[
    apk add -U --cache-dir /var/cache/apk --root /rootfs --initdb -X https://apk.example/main \
    busybox
]] },
  { name = "needs a package", input = "@apk add",
    errors = { "1:1: error: @apk needs a package to install [missing-argument]" } },
  { name = "installs nothing from a URL", input = "@apk https://example.com/x.apk",
    errors = { "1:6: error: apk installs no package from a URL, found 'https://example.com/x.apk' [package-url]\nhelp: fetch the file with ADD --checksum=sha256:… and install it as ./NAME.apk with --allow-untrusted" } },
  { name = "does not remove", input = "@apk del curl",
    errors = { "1:6: error: @apk does not do 'del' [unsupported-verb]\nhelp: write RUN apk del …: removing needs no cache" } },

  -- what people paste
  { name = "leaves out what would defeat the mount", input = "@apk add --no-cache curl",
    output = "ARG TARGETARCH\n# @apk add --no-cache curl\n" .. ALPINE .. CURL,
    warnings = { "1:10: warning: --no-cache defeats the cache mount and is left out [defeats-cache]\nhelp: the cache is in a mount, it does not make the image larger" } },
  { name = "understands the pasted idiom", input = "@apk update && apk add --update curl && rm -rf /var/cache/apk/*",
    output = "ARG TARGETARCH\n# @apk update && apk add --update curl && rm -rf /var/cache/apk/*\n" .. ALPINE .. CURL,
    notes = { "1:6: note: 'update' is left out: @apk sees to it",
              "1:41: note: 'rm -rf /var/cache/apk/*' is left out: @apk sees to it" } },
  { name = "takes switches together", input = "@apk add -Uuv curl",
    output = "ARG TARGETARCH\n# @apk add -Uuv curl\n" .. ALPINE .. [[
    apk add -U --cache-dir /var/cache/apk -u -v curl
]] },
  { name = "uses the id and the sharing that are given", input = "@apk --id=mine --sharing=shared curl",
    output = "# @apk --id=mine --sharing=shared curl\n" .. [[
RUN --mount=type=cache,id=mine,target=/var/cache/apk,sharing=shared \
]] .. CURL },

  -- mirrors
  { name = "rewrites the repositories of the image once a stage", mirror = "tuna", input = "@apk curl\n@apk git",
    output = "ARG TARGETARCH\nRUN " .. FIND .. " -i \\\n    " .. TUNA .. " \\\n    '{}' +\n# @apk curl\n" .. ALPINE .. CURL
      .. "# @apk git\n" .. ALPINE .. "    apk add -U --cache-dir /var/cache/apk git\n" },
  { name = "takes another mirror for one RUN from a copy", input = "@set dfc.mirror = tuna\n@apk --mirror=off curl",
    output = "ARG TARGETARCH\n# @apk --mirror=off curl\n" .. ALPINE .. "    dfc=$(mktemp -d) \\\n    && " .. FIND .. [==[ \
        -e 's,https://mirrors\.tuna\.tsinghua\.edu\.cn/alpine(/|[[:space:]]|$),https://dl-cdn.alpinelinux.org/alpine\1,' \
        '{}' + > "$dfc/repositories" \
    && apk add -U --cache-dir /var/cache/apk --repositories-file "$dfc/repositories" curl \
    && rm -r "$dfc"
]==] },
  { name = "leaves no trace where none is wanted", mirror = "tuna", footprint = "none", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. ALPINE .. "    dfc=$(mktemp -d) \\\n    && " .. FIND .. " \\\n        " .. TUNA .. [==[ \
        '{}' + > "$dfc/repositories" \
    && apk add -U --cache-dir /var/cache/apk --repositories-file "$dfc/repositories" curl \
    && rm -r "$dfc"
]==] },
  { name = "leaves the user's own repositories alone", mirror = "tuna", input = "@apk --repositories-file=/r curl",
    output = "ARG TARGETARCH\n# @apk --repositories-file=/r curl\n" .. ALPINE .. [[
    apk add -U --cache-dir /var/cache/apk --repositories-file=/r curl
]] },
  { name = "has no mirror of Wolfi", from = "chainguard/wolfi-base", mirror = "tuna", input = "@apk curl",
    output = "ARG TARGETARCH\n# @apk curl\n" .. mount "apk-chainguard-wolfi-base-${TARGETARCH}" .. CURL },
}
