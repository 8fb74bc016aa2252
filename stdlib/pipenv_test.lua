-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "pipenv" {
  from = "python:3.12-slim-bookworm",

  -- the command
  { name = "runs the command in the cache",
    input = "@pipenv install --system --deploy",
    output = [[
ARG TARGETARCH
# @pipenv install --system --deploy
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    pipenv install --system --deploy
]] },
  { name = "refuses what the shell takes for a redirection",
    input = "@pipenv install flask<4",
    errors = { "1:1: error: the shell takes what follows '<' in 'flask<4' for a file [redirection]\nhelp: put it in quotes: 'flask<4'" } },
  { name = "knows a pasted pipenv",
    input = "@pipenv PIPENV_VENV_IN_PROJECT=1 pipenv sync && pipenv run build",
    output = [[
ARG TARGETARCH
# @pipenv PIPENV_VENV_IN_PROJECT=1 pipenv sync && pipenv run build
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    PIPENV_VENV_IN_PROJECT=1 pipenv sync && pipenv run build
]] },
  { name = "warns of an option that empties the cache",
    input = "@pipenv sync --clear",
    output = [[
ARG TARGETARCH
# @pipenv sync --clear
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    pipenv sync --clear
]],
    warnings = { "1:1: warning: '--clear' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "answers a variable that switches pip's cache off",
    input = "ENV PIP_NO_CACHE_DIR=1\n@pipenv sync",
    output = [[
ENV PIP_NO_CACHE_DIR=1
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    PIP_NO_CACHE_DIR='' pipenv sync
]] },

  -- where the cache is, and whose
  { name = "keeps wheels built for musl apart", from = "python:3.12-alpine3.20",
    input = "@pipenv sync",
    output = [[
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-alpine-3.20-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    pipenv sync
]] },
  { name = "follows PIPENV_CACHE_DIR",
    input = "ENV PIPENV_CACHE_DIR=/cache\n@pipenv sync",
    output = [[
ENV PIPENV_CACHE_DIR=/cache
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/cache,sharing=locked \
    pipenv sync
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@pipenv sync",
    output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/cache/pipenv,sharing=locked \
    pipenv sync
]] },
  { name = "makes the directory above the cache as its user", from = "node:22-bookworm",
    input = "USER node\n@pipenv sync",
    output = [[
USER node
ARG TARGETARCH
RUN mkdir -p /home/node/.cache
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/home/node/.cache/pipenv,sharing=locked,uid=1000,gid=1000 \
    pipenv sync
]] },
  { name = "puts the cache of a user without a home elsewhere",
    input = "USER 1000\n@pipenv sync",
    output = [[
USER 1000
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/pipenv,sharing=locked,uid=1000 \
    PIPENV_CACHE_DIR=/var/cache/dfc/pipenv pipenv sync
]] },

  -- builders
  { name = "cleans up without mounts", builder = "legacy",
    input = "ENV PIP_NO_CACHE_DIR=1\n@pipenv sync",
    output = [[
ENV PIP_NO_CACHE_DIR=1
# @pipenv sync
RUN pipenv sync \
    && rm -rf /root/.cache/pipenv
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@pipenv sync",
    output = [[
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    pipenv sync
]] },

  -- mirrors and credentials
  { name = "uses the mirror for this RUN only", mirror = "aliyun",
    input = "@pipenv sync",
    output = [[
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    PIPENV_PYPI_MIRROR=https://mirrors.aliyun.com/pypi/simple/ pipenv sync
]] },
  { name = "takes an index by its URL",
    input = "@pipenv --mirror=http://pypi.example/simple sync",
    output = [[
ARG TARGETARCH
# @pipenv --mirror=http://pypi.example/simple sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    PIPENV_PYPI_MIRROR=http://pypi.example/simple pipenv sync
]] },
  { name = "can leave the mirror out once", mirror = "aliyun",
    input = "@pipenv --mirror=off sync",
    output = [[
ARG TARGETARCH
# @pipenv --mirror=off sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    pipenv sync
]] },
  { name = "leaves the index to ENV", mirror = "aliyun",
    input = "ENV PIPENV_PYPI_MIRROR=https://pypi.example/simple\n@pipenv sync",
    output = [[
ENV PIPENV_PYPI_MIRROR=https://pypi.example/simple
ARG TARGETARCH
# @pipenv sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    pipenv sync
]] },
  { name = "reads a .netrc",
    input = "@pipenv --secret=netrc sync",
    output = [[
ARG TARGETARCH
# @pipenv --secret=netrc sync
RUN --mount=type=cache,id=pipenv-debian-bookworm-${TARGETARCH},target=/root/.cache/pipenv,sharing=locked \
    --mount=type=secret,id=netrc,target=/run/secrets/netrc,required=true \
    NETRC=/run/secrets/netrc pipenv sync
]] },
}
