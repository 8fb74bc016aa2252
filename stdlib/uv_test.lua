-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "uv" {
  from = "python:3.12-slim-bookworm",

  -- the command
  { name = "copies what it installs into the image",
    input = "@uv sync --locked",
    output = [[
ARG TARGETARCH
# @uv sync --locked
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync --locked
]] },
  { name = "knows a pasted uv",
    input = "@uv uv pip install --system 'flask>=3'",
    output = [[
ARG TARGETARCH
# @uv uv pip install --system 'flask>=3'
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv pip install --system 'flask>=3'
]] },
  { name = "gives the whole command its environment",
    input = "@uv UV_COMPILE_BYTECODE=1 sync --locked && uv run --no-sync build.py",
    output = [[
ARG TARGETARCH
# @uv UV_COMPILE_BYTECODE=1 sync --locked && uv run --no-sync build.py
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    export UV_LINK_MODE=copy \
    && UV_COMPILE_BYTECODE=1 uv sync --locked && uv run --no-sync build.py
]] },
  { name = "runs a script",
    input = "@uv <<EOF\nuv venv\nuv pip install flask\nEOF",
    output = [[
ARG TARGETARCH
# @uv <<EOF
# uv venv
# uv pip install flask
# EOF
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    <<EOF
set -e
export UV_LINK_MODE=copy
uv venv
uv pip install flask
EOF
]] },
  { name = "refuses what the shell takes for a redirection",
    input = "@uv pip install --system --upgrade flask[async]>=3",
    errors = { "1:1: error: the shell takes what follows '>' in 'flask[async]>=3' for a file [redirection]\nhelp: put it in quotes: 'flask[async]>=3'" } },
  { name = "knows what is meant for one",
    input = "@uv pip install --system \"a>=1\" > log && uv pip list > list.txt",
    output = [[
ARG TARGETARCH
# @uv pip install --system "a>=1" > log && uv pip list > list.txt
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    export UV_LINK_MODE=copy \
    && uv pip install --system "a>=1" > log && uv pip list > list.txt
]] },
  { name = "runs another program",
    input = "@uv --exe=/opt/uv/bin/uv sync --locked",
    output = [[
ARG TARGETARCH
# @uv --exe=/opt/uv/bin/uv sync --locked
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy /opt/uv/bin/uv sync --locked
]] },
  { name = "keeps the archives of interpreters",
    input = "@uv python install 3.13",
    output = [[
ARG TARGETARCH
# @uv python install 3.13
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy UV_PYTHON_CACHE_DIR=/root/.cache/uv/python uv python install 3.13
]] },
  { name = "leaves the place of interpreters to ENV",
    input = "ENV UV_PYTHON_CACHE_DIR=/pythons\n@uv python install 3.13",
    output = [[
ENV UV_PYTHON_CACHE_DIR=/pythons
ARG TARGETARCH
# @uv python install 3.13
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv python install 3.13
]] },
  { name = "suggests the option that is meant",
    input = "@uv --sharring=locked sync",
    errors = { "1:5: error: @uv has no option '--sharring' [unknown-option]\nhelp: did you mean '--sharing'?\nhelp: write '--' before an option that is for the tool" } },

  -- where the cache is, and whose
  { name = "knows the images with uv in them", from = "ghcr.io/astral-sh/uv:0.9-python3.12-alpine3.22",
    input = "@uv sync --locked",
    output = [[
ARG TARGETARCH
# @uv sync --locked
RUN --mount=type=cache,id=uv-alpine-3.22-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync --locked
]] },
  { name = "can't run in the image that has nothing but uv", from = "ghcr.io/astral-sh/uv:0.9",
    input = "@uv sync",
    errors = { "1:1: error: @uv can't work here, ghcr.io/astral-sh/uv:0.9 is empty: there is nothing that could run a command [wrong-base]" } },
  { name = "follows UV_CACHE_DIR",
    input = "ENV UV_CACHE_DIR=/uv\n@uv sync",
    output = [[
ENV UV_CACHE_DIR=/uv
ARG TARGETARCH
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@uv sync",
    output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync
]] },
  { name = "makes the directory above the cache as its user", from = "node:22-bookworm",
    input = "USER node\n@uv sync",
    output = [[
USER node
ARG TARGETARCH
RUN mkdir -p /home/node/.cache
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/home/node/.cache/uv,sharing=shared,uid=1000,gid=1000 \
    UV_LINK_MODE=copy uv sync
]] },
  { name = "puts the cache of a user without a home elsewhere",
    input = "USER 1000\n@uv python install 3.13",
    output = [[
USER 1000
ARG TARGETARCH
# @uv python install 3.13
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/uv,sharing=shared,uid=1000 \
    UV_CACHE_DIR=/var/cache/dfc/uv UV_LINK_MODE=copy UV_PYTHON_CACHE_DIR=/var/cache/dfc/uv/python uv python install 3.13
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@uv sync",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @uv --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given",
    input = "@uv --id=app --sharing=locked sync",
    output = [[
# @uv --id=app --sharing=locked sync
RUN --mount=type=cache,id=app,target=/root/.cache/uv,sharing=locked \
    UV_LINK_MODE=copy uv sync
]] },

  -- what defeats the cache, or the image
  { name = "warns of options that defeat the cache",
    input = "@uv sync --no-cache",
    output = [[
ARG TARGETARCH
# @uv sync --no-cache
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync --no-cache
]],
    warnings = { "1:1: warning: '--no-cache' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "warns of the short option, and in a script",
    input = "@uv <<EOF\nuv -n sync\nEOF",
    output = [[
ARG TARGETARCH
# @uv <<EOF
# uv -n sync
# EOF
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    <<EOF
set -e
export UV_LINK_MODE=copy
uv -n sync
EOF
]],
    warnings = { "1:1: warning: '-n' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "leaves options of another program alone",
    input = "@uv run --locked build.py --no-cache && apk add --no-cache git && head -n 1 x",
    output = [[
ARG TARGETARCH
# @uv run --locked build.py --no-cache && apk add --no-cache git && head -n 1 x
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    export UV_LINK_MODE=copy \
    && uv run --locked build.py --no-cache && apk add --no-cache git && head -n 1 x
]] },
  { name = "warns of a cache that is emptied",
    input = "@uv sync && uv cache prune --ci",
    output = [[
ARG TARGETARCH
# @uv sync && uv cache prune --ci
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    export UV_LINK_MODE=copy \
    && uv sync && uv cache prune --ci
]],
    warnings = { "1:1: warning: 'cache prune' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "warns of a cache that is removed",
    input = "@uv sync && rm -rf ~/.cache/uv",
    output = [[
ARG TARGETARCH
# @uv sync && rm -rf ~/.cache/uv
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    export UV_LINK_MODE=copy \
    && uv sync && rm -rf ~/.cache/uv
]],
    warnings = { "1:1: warning: 'rm -rf ~/.cache/uv' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
  { name = "leaves other removals alone",
    input = "@uv sync && rm -rf /app/tests/.cachefile /app/dist",
    output = [[
ARG TARGETARCH
# @uv sync && rm -rf /app/tests/.cachefile /app/dist
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    export UV_LINK_MODE=copy \
    && uv sync && rm -rf /app/tests/.cachefile /app/dist
]] },
  { name = "warns of links into the mount",
    input = "@uv sync --link-mode=symlink",
    output = [[
ARG TARGETARCH
# @uv sync --link-mode=symlink
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync --link-mode=symlink
]],
    warnings = { "1:1: warning: '--link-mode=symlink' makes links into the cache mount, which is not in the image [links-into-cache]\nhelp: leave it out: @uv copies what it installs" } },
  { name = "answers variables that would do the same",
    input = "ENV UV_NO_CACHE=1 UV_LINK_MODE=symlink\n@uv sync",
    output = [[
ENV UV_NO_CACHE=1 UV_LINK_MODE=symlink
ARG TARGETARCH
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy UV_NO_CACHE=false uv sync
]] },
  { name = "does not repeat what ENV says",
    input = "ENV UV_NO_CACHE=0 UV_LINK_MODE=copy\n@uv sync",
    output = [[
ENV UV_NO_CACHE=0 UV_LINK_MODE=copy
ARG TARGETARCH
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    uv sync
]] },

  -- builders
  { name = "keeps nothing in the layer without mounts", builder = "legacy",
    input = "@uv sync --no-cache",
    output = [[
# @uv sync --no-cache
RUN UV_NO_CACHE=1 uv sync --no-cache
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@uv sync",
    output = [[
ARG TARGETARCH
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync
]] },
  { name = "does the same where the configuration must not change", footprint = "none",
    input = "@uv sync",
    output = [[
ARG TARGETARCH
# @uv sync
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv sync
]] },

  -- mirrors
  { name = "uses the mirror for packages and interpreters", mirror = "tuna",
    input = "@uv pip install --system flask",
    output = [[
ARG TARGETARCH
# @uv pip install --system flask
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_DEFAULT_INDEX=https://pypi.tuna.tsinghua.edu.cn/simple UV_LINK_MODE=copy UV_PYTHON_INSTALL_MIRROR=https://mirrors.tuna.tsinghua.edu.cn/github-release/astral-sh/python-build-standalone uv pip install --system flask
]] },
  { name = "takes an index by its URL",
    input = "@uv --mirror=https://pypi.example/simple pip install flask",
    output = [[
ARG TARGETARCH
# @uv --mirror=https://pypi.example/simple pip install flask
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_DEFAULT_INDEX=https://pypi.example/simple UV_LINK_MODE=copy uv pip install flask
]] },
  { name = "can leave the mirror out once", mirror = "tuna",
    input = "@uv --mirror=off pip install flask",
    output = [[
ARG TARGETARCH
# @uv --mirror=off pip install flask
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv pip install flask
]] },
  { name = "leaves the index to a lock", mirror = "tuna",
    input = "@uv sync --locked",
    output = [[
ARG TARGETARCH
# @uv sync --locked
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy UV_PYTHON_INSTALL_MIRROR=https://mirrors.tuna.tsinghua.edu.cn/github-release/astral-sh/python-build-standalone uv sync --locked
]],
    notes = { "1:1: note: uv takes the packages from where uv.lock says, not from the mirror [mirror-unused]\nhelp: what uv export writes can be installed from a mirror: @uv pip install -r FILE" } },
  { name = "leaves the index to a lock that is frozen by ENV", mirror = "tuna",
    input = "ENV UV_FROZEN=1\n@uv run build.py",
    output = [[
ENV UV_FROZEN=1
ARG TARGETARCH
# @uv run build.py
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy UV_PYTHON_INSTALL_MIRROR=https://mirrors.tuna.tsinghua.edu.cn/github-release/astral-sh/python-build-standalone uv run build.py
]],
    notes = { "2:1: note: uv takes the packages from where uv.lock says, not from the mirror [mirror-unused]\nhelp: what uv export writes can be installed from a mirror: @uv pip install -r FILE" } },
  { name = "leaves the index to ENV", mirror = "tuna",
    input = "ENV UV_DEFAULT_INDEX=https://pypi.example/simple UV_PYTHON_INSTALL_MIRROR=https://py.example\n@uv pip install flask",
    output = [[
ENV UV_DEFAULT_INDEX=https://pypi.example/simple UV_PYTHON_INSTALL_MIRROR=https://py.example
ARG TARGETARCH
# @uv pip install flask
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uv pip install flask
]] },
  { name = "leaves the index to the lock of a script", mirror = "tuna",
    input = "@uv <<EOF\nuv run -m build --locked\nEOF",
    output = [[
ARG TARGETARCH
# @uv <<EOF
# uv run -m build --locked
# EOF
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    <<EOF
set -e
export UV_LINK_MODE=copy UV_PYTHON_INSTALL_MIRROR=https://mirrors.tuna.tsinghua.edu.cn/github-release/astral-sh/python-build-standalone
uv run -m build --locked
EOF
]],
    notes = { "1:1: note: uv takes the packages from where uv.lock says, not from the mirror [mirror-unused]\nhelp: what uv export writes can be installed from a mirror: @uv pip install -r FILE" } },
  { name = "leaves the index to a lock of another subcommand", mirror = "tuna",
    input = "@uv run --package app --locked build.py",
    output = [[
ARG TARGETARCH
# @uv run --package app --locked build.py
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy UV_PYTHON_INSTALL_MIRROR=https://mirrors.tuna.tsinghua.edu.cn/github-release/astral-sh/python-build-standalone uv run --package app --locked build.py
]],
    notes = { "1:1: note: uv takes the packages from where uv.lock says, not from the mirror [mirror-unused]\nhelp: what uv export writes can be installed from a mirror: @uv pip install -r FILE" } },

  -- credentials
  { name = "reads a .netrc",
    input = "@uv --secret=netrc sync --locked",
    output = [[
ARG TARGETARCH
# @uv --secret=netrc sync --locked
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    --mount=type=secret,id=netrc,target=/run/secrets/netrc,required=true \
    NETRC=/run/secrets/netrc UV_LINK_MODE=copy uv sync --locked
]] },
  { name = "has no secret without mounts", builder = "legacy",
    input = "@uv --secret=netrc sync",
    errors = { "1:1: error: the builder legacy can't mount a secret, as @uv asks [builder]\nhelp: a secret in a layer is no secret: use BuildKit" } },
}

dfc.test "uvx" {
  from = "python:3.12-slim-bookworm",

  { name = "runs a tool",
    input = "@uvx ruff check",
    output = [[
ARG TARGETARCH
# @uvx ruff check
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uvx ruff check
]] },
  { name = "knows a pasted uvx",
    input = "@uvx uvx ruff check",
    output = [[
ARG TARGETARCH
# @uvx uvx ruff check
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uvx ruff check
]] },
  { name = "leaves options of the tool alone",
    input = "@uvx ruff check --no-cache",
    output = [[
ARG TARGETARCH
# @uvx ruff check --no-cache
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uvx ruff check --no-cache
]] },
  { name = "warns of its own options",
    input = "@uvx --no-cache ruff check",
    output = [[
ARG TARGETARCH
# @uvx --no-cache ruff check
RUN --mount=type=cache,id=uv-debian-bookworm-${TARGETARCH},target=/root/.cache/uv,sharing=shared \
    UV_LINK_MODE=copy uvx --no-cache ruff check
]],
    warnings = { "1:1: warning: '--no-cache' defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" } },
}
