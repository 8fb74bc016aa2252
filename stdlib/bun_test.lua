-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "bun" {
  from = "oven/bun:1",

  -- the command
  { name = "runs the command in the cache",
    input = "@bun install --frozen-lockfile",
    output = [[
ARG TARGETARCH
# @bun install --frozen-lockfile
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install --frozen-lockfile
]] },
  { name = "runs a script",
    input = "@bun <<EOF\nbun install\nbun run build\nEOF",
    output = [[
ARG TARGETARCH
# @bun <<EOF
# bun install
# bun run build
# EOF
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    <<EOF
set -e
bun install
bun run build
EOF
]] },

  -- where the cache is, and whose
  { name = "follows the user of the image",
    input = "USER bun\n@bun install",
    output = [[
USER bun
ARG TARGETARCH
RUN mkdir -p /home/bun/.bun/install
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/home/bun/.bun/install/cache,sharing=locked,uid=1000,gid=1000 \
    bun install
]] },
  { name = "puts the cache of a user without a home elsewhere",
    input = "USER 2000\n@bun install",
    output = [[
USER 2000
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/var/cache/dfc/bun,sharing=locked,uid=2000 \
    BUN_INSTALL_CACHE_DIR=/var/cache/dfc/bun bun install
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@bun install",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @bun --uid=1000 …, or a number in USER" } },
  { name = "follows its variables",
    input = "ENV XDG_CACHE_HOME=/x\n@bun install\nENV BUN_INSTALL=/usr/local/bun\n@bun install\nENV BUN_INSTALL_CACHE_DIR=/c\n@bun install",
    output = [[
ENV XDG_CACHE_HOME=/x
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/x/.bun/install/cache,sharing=locked \
    bun install
ENV BUN_INSTALL=/usr/local/bun
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/usr/local/bun/install/cache,sharing=locked \
    bun install
ENV BUN_INSTALL_CACHE_DIR=/c
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/c,sharing=locked \
    bun install
]] },
  { name = "runs where bun was installed",
    from = "debian:12",
    input = "@bun install",
    output = [[
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install
]] },
  { name = "uses the id and the sharing that are given",
    input = "@bun --id=web --sharing=shared install",
    output = [[
# @bun --id=web --sharing=shared install
RUN --mount=type=cache,id=web,target=/root/.bun/install/cache,sharing=shared \
    bun install
]] },

  -- links into the cache
  { name = "makes no links where the project asks for them",
    files = { ["bunfig.toml"] = "[install]\nglobalStore = true\n" },
    input = "@bun install",
    output = [[
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    BUN_INSTALL_GLOBAL_STORE=0 bun install
]] },
  { name = "nor where ENV does",
    input = "ENV BUN_INSTALL_GLOBAL_STORE=1\n@bun install\nENV BUN_INSTALL_GLOBAL_STORE=0\n@bun install",
    output = [[
ENV BUN_INSTALL_GLOBAL_STORE=1
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    BUN_INSTALL_GLOBAL_STORE=0 bun install
ENV BUN_INSTALL_GLOBAL_STORE=0
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install
]] },
  { name = "warns of links",
    input = "@bun install --backend=symlink\n@bun install --backend hardlink",
    warnings = { "1:1: warning: with --backend=symlink node_modules leads into the cache mount, which the image does not have [links-into-cache]\nhelp: leave it out" },
    output = [[
ARG TARGETARCH
# @bun install --backend=symlink
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install --backend=symlink
# @bun install --backend hardlink
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install --backend hardlink
]] },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@bun install",
    output = [[
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install
]] },
  { name = "leaves nothing in a layer",
    builder = "legacy",
    input = "@bun install",
    output = [[
# @bun install
RUN bun install \
    && rm -rf /root/.bun/install/cache
]] },
  { name = "changes nothing of the image",
    footprint = "none",
    input = "@bun install",
    output = [[
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install
]] },

  -- mirrors and secrets
  { name = "uses the mirror for this RUN only",
    mirror = "cn",
    input = "@bun install && bun test",
    output = [[
ARG TARGETARCH
# @bun install && bun test
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    export COREPACK_NPM_REGISTRY=https://registry.npmmirror.com YARN_NPM_REGISTRY_SERVER=https://registry.npmmirror.com npm_config_registry=https://registry.npmmirror.com pnpm_config_registry=https://registry.npmmirror.com \
    && bun install && bun test
]] },
  { name = "does without a mirror where ENV names a registry",
    mirror = "cn",
    input = "ENV BUN_CONFIG_REGISTRY=https://npm.example\n@bun install",
    output = [[
ENV BUN_CONFIG_REGISTRY=https://npm.example
ARG TARGETARCH
# @bun install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install
]] },
  { name = "gives it the secret by its variable",
    input = "@bun --secret=npmrc install",
    output = [[
ARG TARGETARCH
# @bun --secret=npmrc install
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    --mount=type=secret,id=npmrc,target=/run/secrets/npmrc,required=true \
    npm_config_userconfig=/run/secrets/npmrc bun install
]] },

  -- what defeats the cache
  { name = "warns of what empties the mount",
    input = "@bun install && bun pm cache rm && rm -rf ~/.bun/install/cache",
    warnings = { "1:1: warning: cleaning the cache of bun empties the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger",
      "1:1: warning: 'rm' empties the cache mount, and fails where it is to remove the mount itself [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
ARG TARGETARCH
# @bun install && bun pm cache rm && rm -rf ~/.bun/install/cache
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install && bun pm cache rm && rm -rf ~/.bun/install/cache
]] },
  { name = "warns of options that go around the mount",
    input = "@bun install --no-cache --cache-dir=/x",
    warnings = { "1:1: warning: --cache-dir takes the cache out of the cache mount [defeats-cache]\nhelp: leave it out; an ENV of the stage moves the mount with the cache",
      "1:1: warning: --no-cache defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
ARG TARGETARCH
# @bun install --no-cache --cache-dir=/x
RUN --mount=type=cache,id=bun-${TARGETARCH},target=/root/.bun/install/cache,sharing=locked \
    bun install --no-cache --cache-dir=/x
]] },
}
