-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "poetry" {
  from = "python:3.12-slim-bookworm",

  -- the command
  { name = "leaves the environments in the image",
    input = "@poetry install --no-root",
    output = [[
ARG TARGETARCH
# @poetry install --no-root
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install --no-root
]] },
  { name = "gives the command its environment",
    input = "@poetry POETRY_VIRTUALENVS_CREATE=false install && poetry build",
    output = [[
ARG TARGETARCH
# @poetry POETRY_VIRTUALENVS_CREATE=false install && poetry build
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    POETRY_VIRTUALENVS_CREATE=false poetry install && poetry build
]] },
  { name = "refuses what the shell takes for a redirection",
    input = "@poetry add flask<4",
    errors = { "1:1: error: the shell takes what follows '<' in 'flask<4' for a file [redirection]\nhelp: put it in quotes: 'flask<4'" } },
  { name = "knows a pasted poetry",
    input = "@poetry poetry install",
    output = [[
ARG TARGETARCH
# @poetry poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install
]] },
  { name = "runs a script",
    input = "@poetry <<EOF\npoetry install\nEOF",
    output = [[
ARG TARGETARCH
# @poetry <<EOF
# poetry install
# EOF
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    <<EOF
set -e
poetry install
EOF
]] },
  { name = "warns of options that defeat the cache",
    input = "@poetry install --no-cache",
    output = [[
ARG TARGETARCH
# @poetry install --no-cache
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install --no-cache
]],
    warnings = { "1:1: warning: '--no-cache' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "warns of a cache that is removed",
    input = "@poetry install && rm -rf $POETRY_CACHE_DIR",
    output = [[
ARG TARGETARCH
# @poetry install && rm -rf $POETRY_CACHE_DIR
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install && rm -rf $POETRY_CACHE_DIR
]],
    warnings = { "1:1: warning: 'rm -rf $POETRY_CACHE_DIR' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },

  -- where the caches are, and whose
  { name = "keeps wheels built for musl apart", from = "python:3.12-alpine3.20",
    input = "@poetry install",
    output = [[
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-alpine-3.20-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install
]] },
  { name = "follows POETRY_CACHE_DIR",
    input = "ENV POETRY_CACHE_DIR=/tmp/poetry\n@poetry install",
    output = [[
ENV POETRY_CACHE_DIR=/tmp/poetry
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/tmp/poetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/tmp/poetry/cache,sharing=locked \
    poetry install
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@poetry install",
    output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/cache/pypoetry/cache,sharing=locked \
    poetry install
]] },
  { name = "makes the directory above the caches as its user", from = "node:22-bookworm",
    input = "USER node\n@poetry install",
    output = [[
USER node
ARG TARGETARCH
RUN mkdir -p /home/node/.cache/pypoetry
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/home/node/.cache/pypoetry/artifacts,sharing=locked,uid=1000,gid=1000 \
    --mount=type=cache,id=poetry-cache,target=/home/node/.cache/pypoetry/cache,sharing=locked,uid=1000,gid=1000 \
    poetry install
]] },
  { name = "keeps the environment of a user without a home out of the mounts",
    input = "USER 1000\n@poetry install",
    output = [[
USER 1000
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/poetry-cache-dir/artifacts,sharing=locked,uid=1000 \
    --mount=type=cache,id=poetry-cache,target=/var/cache/dfc/poetry-cache-dir/cache,sharing=locked,uid=1000 \
    POETRY_CACHE_DIR=/var/cache/dfc/poetry-cache-dir POETRY_VIRTUALENVS_IN_PROJECT=true poetry install
]] },
  { name = "leaves the place of that environment to ENV",
    input = "USER 1000\nENV POETRY_VIRTUALENVS_PATH=/venvs\n@poetry install",
    output = [[
USER 1000
ENV POETRY_VIRTUALENVS_PATH=/venvs
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/poetry-cache-dir/artifacts,sharing=locked,uid=1000 \
    --mount=type=cache,id=poetry-cache,target=/var/cache/dfc/poetry-cache-dir/cache,sharing=locked,uid=1000 \
    POETRY_CACHE_DIR=/var/cache/dfc/poetry-cache-dir poetry install
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@poetry install",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @poetry --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given",
    input = "@poetry --id=app --sharing=shared install",
    output = [[
# @poetry --id=app --sharing=shared install
RUN --mount=type=cache,id=app-artifacts,target=/root/.cache/pypoetry/artifacts,sharing=shared \
    --mount=type=cache,id=app-cache,target=/root/.cache/pypoetry/cache,sharing=shared \
    poetry install
]] },

  -- builders
  { name = "cleans up without mounts", builder = "legacy",
    input = "@poetry install",
    output = [[
# @poetry install
RUN poetry install \
    && rm -rf /root/.cache/pypoetry/artifacts \
    && rm -rf /root/.cache/pypoetry/cache
]] },
  { name = "can't clean up in a home that it does not know", builder = "legacy",
    input = "USER 1000\n@poetry install",
    output = [[
USER 1000
# @poetry install
RUN poetry install
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@poetry install",
    output = [[
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install
]] },

  -- mirrors and credentials
  { name = "hands the mirror to the plugin that knows it", mirror = "tuna",
    input = "@poetry install",
    output = [[
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    POETRY_PYPI_MIRROR_URL=https://pypi.tuna.tsinghua.edu.cn/simple poetry install
]],
    notes = { "1:1: note: poetry takes a mirror only with the plugin poetry-plugin-pypi-mirror [mirror-needs-plugin]\nhelp: RUN poetry self add poetry-plugin-pypi-mirror" } },
  { name = "says nothing where the plugin is installed", mirror = "tuna",
    input = "RUN pip install poetry poetry-plugin-pypi-mirror\n@poetry install",
    output = [[
RUN pip install poetry poetry-plugin-pypi-mirror
ARG TARGETARCH
# @poetry install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    POETRY_PYPI_MIRROR_URL=https://pypi.tuna.tsinghua.edu.cn/simple poetry install
]] },
  { name = "can leave the mirror out once", mirror = "tuna",
    input = "@poetry --mirror=off install",
    output = [[
ARG TARGETARCH
# @poetry --mirror=off install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    poetry install
]] },
  { name = "reads a .netrc",
    input = "@poetry --secret=netrc install",
    output = [[
ARG TARGETARCH
# @poetry --secret=netrc install
RUN --mount=type=cache,id=poetry-artifacts-debian-bookworm-${TARGETARCH},target=/root/.cache/pypoetry/artifacts,sharing=locked \
    --mount=type=cache,id=poetry-cache,target=/root/.cache/pypoetry/cache,sharing=locked \
    --mount=type=secret,id=netrc,target=/run/secrets/netrc,required=true \
    NETRC=/run/secrets/netrc poetry install
]] },
}
