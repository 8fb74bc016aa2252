-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "pdm" {
  from = "python:3.12-slim-bookworm",

  -- the command
  { name = "runs the command in the cache",
    input = "@pdm sync --prod --no-self",
    output = [[
ARG TARGETARCH
# @pdm sync --prod --no-self
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync --prod --no-self
]] },
  { name = "refuses what the shell takes for a redirection",
    input = "@pdm add flask<4",
    errors = { "1:1: error: the shell takes what follows '<' in 'flask<4' for a file [redirection]\nhelp: put it in quotes: 'flask<4'" } },
  { name = "knows a pasted pdm",
    input = "@pdm PDM_CHECK_UPDATE=false pdm install",
    output = [[
ARG TARGETARCH
# @pdm PDM_CHECK_UPDATE=false pdm install
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    PDM_CHECK_UPDATE=false pdm install
]] },
  { name = "warns of options that defeat the cache",
    input = "@pdm sync --no-cache",
    output = [[
ARG TARGETARCH
# @pdm sync --no-cache
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync --no-cache
]],
    warnings = { "1:1: warning: '--no-cache' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "answers a variable that switches the cache off",
    input = "ENV PDM_NO_CACHE=true\n@pdm sync",
    output = [[
ENV PDM_NO_CACHE=true
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    PDM_NO_CACHE='' pdm sync
]] },

  -- what links into the cache
  { name = "warns of a project that links into the cache", files = { ["pdm.toml"] = "[python]\nuse_venv = true\n\n[install]\ncache = true\n" },
    input = "@pdm sync",
    output = [[
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]],
    warnings = { "1:1: warning: install.cache makes links into the cache mount, which is not in the image [links-into-cache]\nhelp: switch it off: pdm config --local install.cache false" } },
  { name = "warns of a command that lets PDM link into the cache",
    input = "RUN pdm config install.cache on\n@pdm sync",
    output = [[
RUN pdm config install.cache on
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]],
    warnings = { "2:1: warning: install.cache makes links into the cache mount, which is not in the image [links-into-cache]\nhelp: switch it off: pdm config --local install.cache false" } },
  { name = "does not warn when that was taken back",
    input = "RUN pdm config install.cache on\nRUN pdm config install.cache off\n@pdm sync",
    output = [[
RUN pdm config install.cache on
RUN pdm config install.cache off
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]] },
  { name = "does not warn of another cache", files = { ["pdm.toml"] = "[install]\ncache = false\n[other]\ncache = true\n" },
    input = "@pdm sync",
    output = [[
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]] },
  { name = "has uv's cache where PDM runs uv",
    input = "ENV PDM_USE_UV=1\n@pdm sync",
    output = [[
ENV PDM_USE_UV=1
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy pdm sync
]] },
  { name = "sees that in the project, too", files = { ["pdm.toml"] = "use_uv = true\n" },
    input = "@pdm --id=app sync",
    output = [[
# @pdm --id=app sync
RUN --mount=type=cache,id=app,target=/root/.cache/pdm,sharing=locked \
    --mount=type=cache,id=app-uv,target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy pdm sync
]] },
  { name = "keeps nothing of uv's in the layer without mounts", builder = "legacy",
    input = "ENV PDM_USE_UV=1\n@pdm sync",
    output = [[
ENV PDM_USE_UV=1
# @pdm sync
RUN export UV_NO_CACHE=1 \
    && pdm sync \
    && rm -rf /root/.cache/pdm
]] },

  -- where the cache is, and whose
  { name = "keeps wheels built for musl apart", from = "python:3.12-alpine3.20",
    input = "@pdm sync",
    output = [[
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-alpine-3.20-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]] },
  { name = "follows PDM_CACHE_DIR",
    input = "ENV PDM_CACHE_DIR=/cache\n@pdm sync",
    output = [[
ENV PDM_CACHE_DIR=/cache
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/cache,sharing=locked \
    pdm sync
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@pdm sync",
    output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/cache/pdm,sharing=locked \
    pdm sync
]] },
  { name = "makes the directory above the cache as its user", from = "node:22-bookworm",
    input = "USER node\n@pdm sync",
    output = [[
USER node
ARG TARGETARCH
RUN mkdir -p /home/node/.cache
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/home/node/.cache/pdm,sharing=locked,uid=1000,gid=1000 \
    pdm sync
]] },
  { name = "puts the cache of a user without a home elsewhere",
    input = "USER 1000\n@pdm sync",
    output = [[
USER 1000
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/pdm,sharing=locked,uid=1000 \
    PDM_CACHE_DIR=/var/cache/dfc/pdm pdm sync
]] },

  -- builders
  { name = "cleans up without mounts", builder = "legacy",
    input = "@pdm sync",
    output = [[
# @pdm sync
RUN pdm sync \
    && rm -rf /root/.cache/pdm
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@pdm sync",
    output = [[
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]] },

  -- mirrors and credentials
  { name = "uses the mirror for this RUN only", mirror = "tuna",
    input = "@pdm sync",
    output = [[
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    PDM_PYPI_URL=https://pypi.tuna.tsinghua.edu.cn/simple pdm sync
]] },
  { name = "trusts an index by http",
    input = "@pdm --mirror=http://pypi.example/simple sync",
    output = [[
ARG TARGETARCH
# @pdm --mirror=http://pypi.example/simple sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    PDM_PYPI_URL=http://pypi.example/simple PDM_PYPI_VERIFY_SSL=false pdm sync
]] },
  { name = "leaves the index to ENV", mirror = "tuna",
    input = "ENV PDM_PYPI_URL=https://pypi.example/simple\n@pdm sync",
    output = [[
ENV PDM_PYPI_URL=https://pypi.example/simple
ARG TARGETARCH
# @pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    pdm sync
]] },
  { name = "leaves the index to a configuration", mirror = "tuna",
    input = "@pdm --secret=pdm sync",
    output = [[
ARG TARGETARCH
# @pdm --secret=pdm sync
RUN --mount=type=cache,id=pdm-debian-bookworm-${TARGETARCH},target=/root/.cache/pdm,sharing=locked \
    --mount=type=secret,id=pdm,target=/run/secrets/pdm,required=true \
    PDM_CONFIG_FILE=/run/secrets/pdm pdm sync
]] },
}
