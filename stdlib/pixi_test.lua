-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "pixi" {
  from = "ghcr.io/prefix-dev/pixi:0.55.0-bookworm",

  -- the command
  { name = "runs the command in the cache",
    input = "@pixi install --locked",
    output = [[
ARG TARGETARCH
# @pixi install --locked
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install --locked
]] },
  { name = "refuses what the shell takes for a redirection",
    input = "@pixi add python>=3.12",
    errors = { "1:1: error: the shell takes what follows '>' in 'python>=3.12' for a file [redirection]\nhelp: put it in quotes: 'python>=3.12'" } },
  { name = "knows a pasted pixi",
    input = "@pixi pixi install --locked -e prod && pixi shell-hook -e prod > /hook",
    output = [[
ARG TARGETARCH
# @pixi pixi install --locked -e prod && pixi shell-hook -e prod > /hook
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install --locked -e prod && pixi shell-hook -e prod > /hook
]] },
  { name = "warns of a cache that is emptied",
    input = "@pixi install --locked && pixi clean cache -y",
    output = [[
ARG TARGETARCH
# @pixi install --locked && pixi clean cache -y
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install --locked && pixi clean cache -y
]],
    warnings = { "1:1: warning: 'clean cache' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },

  -- where the cache is, and whose
  { name = "knows the releases that its images are made from", from = "ghcr.io/prefix-dev/pixi:0.55.0-noble-cuda-12.9.1",
    input = "@pixi install",
    output = [[
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-ubuntu-noble-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install
]] },
  { name = "has a cache of its own for an image of unknown release", from = "ghcr.io/prefix-dev/pixi:0.55.0",
    input = "@pixi install",
    output = [[
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-ghcr.io-prefix-dev-pixi-0.55.0-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install
]] },
  { name = "works in other images", from = "debian:12",
    input = "@pixi install",
    output = [[
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install
]] },
  { name = "follows PIXI_CACHE_DIR",
    input = "ENV PIXI_CACHE_DIR=/pixi\n@pixi install",
    output = [[
ENV PIXI_CACHE_DIR=/pixi
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/pixi,sharing=locked \
    pixi install
]] },
  { name = "follows RATTLER_CACHE_DIR",
    input = "ENV RATTLER_CACHE_DIR=/rattler\n@pixi install",
    output = [[
ENV RATTLER_CACHE_DIR=/rattler
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/rattler,sharing=locked \
    pixi install
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@pixi install",
    output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/cache/rattler/cache,sharing=locked \
    pixi install
]] },
  { name = "makes the directory above the cache as its user", from = "ubuntu:24.04",
    input = "USER ubuntu\n@pixi install",
    output = [[
USER ubuntu
ARG TARGETARCH
RUN mkdir -p /home/ubuntu/.cache/rattler
# @pixi install
RUN --mount=type=cache,id=pixi-ubuntu-noble-${TARGETARCH},target=/home/ubuntu/.cache/rattler/cache,sharing=locked,uid=1000,gid=1000 \
    pixi install
]] },
  { name = "puts the cache of a user without a home elsewhere", from = "debian:12",
    input = "USER 1000\n@pixi install",
    output = [[
USER 1000
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/pixi,sharing=locked,uid=1000 \
    PIXI_CACHE_DIR=/var/cache/dfc/pixi pixi install
]] },

  -- builders
  { name = "cleans up without mounts", from = "debian:12", builder = "legacy",
    input = "@pixi install",
    output = [[
# @pixi install
RUN pixi install \
    && rm -rf /root/.cache/rattler/cache
]] },
  { name = "works with Buildah", from = "debian:12", builder = "buildah",
    input = "@pixi install",
    output = [[
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install
]] },

  -- mirrors and credentials
  { name = "takes no mirror", mirror = "tuna",
    input = "@pixi install",
    output = [[
ARG TARGETARCH
# @pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    pixi install
]] },
  { name = "reads credentials",
    input = "@pixi --secret=pixi install",
    output = [[
ARG TARGETARCH
# @pixi --secret=pixi install
RUN --mount=type=cache,id=pixi-debian-bookworm-${TARGETARCH},target=/root/.cache/rattler/cache,sharing=locked \
    --mount=type=secret,id=pixi,target=/run/secrets/pixi,required=true \
    RATTLER_AUTH_FILE=/run/secrets/pixi pixi install
]] },
}
