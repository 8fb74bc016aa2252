-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "mix" {
  from = "elixir:1.17",

  -- the command
  { name = "runs the command with the packages in a cache",
    input = "@mix deps.get --only prod",
    output = [[
# @mix deps.get --only prod
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get --only prod
]] },
  { name = "gives the command its environment",
    input = "@mix MIX_ENV=prod deps.get",
    output = [[
# @mix MIX_ENV=prod deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    MIX_ENV=prod mix deps.get
]] },
  { name = "copies what belongs to the shell as it is",
    input = "@mix local.hex --force && mix deps.get",
    output = [[
# @mix local.hex --force && mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix local.hex --force && mix deps.get
]] },
  { name = "uses the id and the sharing that are given",
    input = "@mix --id=shop --sharing=shared deps.get",
    output = [[
# @mix --id=shop --sharing=shared deps.get
RUN --mount=type=cache,id=shop,target=/root/.hex/packages,sharing=shared \
    mix deps.get
]] },

  -- where the packages are, and whose
  { name = "follows a user that it knows",
    input = "RUN useradd -m -u 1001 app\nUSER app\n@mix deps.get",
    output = [[
RUN useradd -m -u 1001 app
USER app
RUN mkdir -p /home/app/.hex
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/home/app/.hex/packages,sharing=locked,uid=1001 \
    mix deps.get
]] },
  { name = "moves all of Hex when the home is not known",
    input = "USER 1000\n@mix deps.get",
    output = [[
USER 1000
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/var/cache/dfc/hex,sharing=locked,uid=1000 \
    HEX_HOME=/var/cache/dfc/hex mix deps.get
]] },
  { name = "follows HEX_HOME",
    input = "ENV HEX_HOME=/opt/hex\n@mix deps.get",
    output = [[
ENV HEX_HOME=/opt/hex
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/opt/hex/packages,sharing=locked \
    mix deps.get
]] },
  { name = "has one cache for all distributions", from = "elixir:1.17-alpine",
    input = "@mix deps.get",
    output = [[
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get
]] },

  -- mirrors and secrets
  { name = "takes a repository by its URL",
    input = "@mix --mirror=https://hex.example deps.get",
    output = [[
# @mix --mirror=https://hex.example deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    HEX_MIRROR=https://hex.example mix deps.get
]] },
  { name = "does without a mirror that has none", mirror = "cn",
    input = "@mix deps.get",
    output = [[
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get
]] },
  { name = "mounts hex.config beside the packages",
    input = "@mix --secret=hex deps.get",
    output = [[
# @mix --secret=hex deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    --mount=type=secret,id=hex,target=/root/.hex/hex.config,required=true \
    mix deps.get
]] },
  { name = "follows HEX_HOME with it",
    input = "ENV HEX_HOME=/opt/hex\n@mix --secret=hex deps.get",
    output = [[
ENV HEX_HOME=/opt/hex
# @mix --secret=hex deps.get
RUN --mount=type=cache,id=hex-packages,target=/opt/hex/packages,sharing=locked \
    --mount=type=secret,id=hex,target=/opt/hex/hex.config,required=true \
    mix deps.get
]] },

  -- other builders, and what defeats the cache
  { name = "is the same for Buildah", builder = "buildah",
    input = "@mix deps.get",
    output = [[
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get
]] },
  { name = "takes the packages away where there are no mounts: they are in deps", builder = "legacy",
    input = "@mix deps.get",
    output = [[
# @mix deps.get
RUN mix deps.get \
    && rm -rf /root/.hex/packages
]] },
  { name = "warns of their removal",
    input = "@mix deps.get && rm -rf ~/.hex",
    warnings = { "1:1: warning: 'rm' of ~/.hex empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: the packages are not in the image" },
    output = [[
# @mix deps.get && rm -rf ~/.hex
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get && rm -rf ~/.hex
]] },
  { name = "warns of packages that may be missing",
    input = "ENV HEX_OFFLINE=1\n@mix deps.get",
    warnings = { "2:1: warning: ENV HEX_OFFLINE makes mix rely on the cache mount, which may be empty [needs-cache]\n"
      .. "help: write it behind the last @mix deps.get" },
    output = [[
ENV HEX_OFFLINE=1
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get
]] },
  { name = "tells nothing of a RUN without it: what it needs is in deps",
    input = "@mix deps.get\nRUN mix compile",
    output = [[
# @mix deps.get
RUN --mount=type=cache,id=hex-packages,target=/root/.hex/packages,sharing=locked \
    mix deps.get
RUN mix compile
]] },
}
