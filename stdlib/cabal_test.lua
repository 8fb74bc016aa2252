-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "cabal" {
  from = "haskell:9.6-slim-bullseye",

  -- the command
  { name = "runs the command in one layout for all versions",
    input = "@cabal update && cabal build exe:app",
    output = [[
ARG TARGETARCH
# @cabal update && cabal build exe:app
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    export CABAL_DIR=/root/.cabal \
    && cabal update && cabal build exe:app
]] },
  { name = "runs a script",
    input = "@cabal <<EOF\ncabal update\ncabal build\nEOF",
    output = [[
ARG TARGETARCH
# @cabal <<EOF
# cabal update
# cabal build
# EOF
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    <<EOF
set -e
export CABAL_DIR=/root/.cabal
cabal update
cabal build
EOF
]] },
  { name = "uses the id and the sharing that are given",
    input = "@cabal --id=shop --sharing=private build",
    output = [[
# @cabal --id=shop --sharing=private build
RUN --mount=type=cache,id=shop-packages,target=/root/.cabal/packages,sharing=private \
    --mount=type=cache,id=shop-store,target=/root/.cabal/store,sharing=private \
    CABAL_DIR=/root/.cabal cabal build
]] },

  -- where the caches are, and whose
  { name = "follows a user that it knows",
    input = "RUN useradd -m -u 1001 app\nUSER app\n@cabal build",
    output = [[
RUN useradd -m -u 1001 app
USER app
ARG TARGETARCH
RUN mkdir -p /home/app/.cabal
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/home/app/.cabal/packages,sharing=locked,uid=1001 \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/home/app/.cabal/store,sharing=locked,uid=1001 \
    CABAL_DIR=/home/app/.cabal cabal build
]] },
  { name = "has all in one mount when the home is not known",
    input = "USER 1000\n@cabal build",
    output = [[
USER 1000
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/cabal-store,sharing=locked,uid=1000 \
    CABAL_DIR=/var/cache/dfc/cabal-store cabal build
]] },
  { name = "follows CABAL_DIR",
    input = "ENV CABAL_DIR=/opt/cabal\n@cabal build",
    output = [[
ENV CABAL_DIR=/opt/cabal
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/opt/cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/opt/cabal/store,sharing=locked \
    cabal build
]] },
  { name = "keeps what was compiled apart by the release of another image", from = "debian:12",
    input = "@cabal build",
    output = [[
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bookworm-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    CABAL_DIR=/root/.cabal cabal build
]] },

  -- mirrors
  { name = "binds a configuration", mirror = "tuna",
    input = "FROM haskell:9.6-slim-bullseye\n@cabal update && cabal build",
    output = [[

FROM scratch AS dfc-cabal-mirrors.tuna.tsinghua.edu.cn-hackage
COPY <<'EOF' /config
repository hackage.haskell.org
  url: https://mirrors.tuna.tsinghua.edu.cn/hackage/
EOF

FROM haskell:9.6-slim-bullseye
ARG TARGETARCH
# @cabal update && cabal build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    --mount=type=bind,from=dfc-cabal-mirrors.tuna.tsinghua.edu.cn-hackage,source=/config,target=/var/cache/dfc/cabal-config \
    export CABAL_CONFIG=/var/cache/dfc/cabal-config CABAL_DIR=/root/.cabal \
    && cabal update && cabal build
]] },
  { name = "takes a repository by its URL",
    input = "FROM haskell:9.6-slim-bullseye\n@cabal --mirror=https://hackage.example build",
    output = [[

FROM scratch AS dfc-cabal-hackage.example
COPY <<'EOF' /config
repository hackage.haskell.org
  url: https://hackage.example/
EOF

FROM haskell:9.6-slim-bullseye
ARG TARGETARCH
# @cabal --mirror=https://hackage.example build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    --mount=type=bind,from=dfc-cabal-hackage.example,source=/config,target=/var/cache/dfc/cabal-config \
    CABAL_CONFIG=/var/cache/dfc/cabal-config CABAL_DIR=/root/.cabal cabal build
]] },
  { name = "leaves one alone that was copied", mirror = "tuna", files = { ["config"] = "" },
    input = "COPY config /root/.cabal/config\n@cabal build",
    output = [[
COPY config /root/.cabal/config
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    CABAL_DIR=/root/.cabal cabal build
]] },
  { name = "leaves one that the stage names", mirror = "tuna",
    input = "ENV CABAL_CONFIG=/c\n@cabal build",
    output = [[
ENV CABAL_CONFIG=/c
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    CABAL_DIR=/root/.cabal cabal build
]] },

  -- other builders, and what defeats the caches
  { name = "is the same for Buildah", builder = "buildah",
    input = "@cabal build",
    output = [[
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    CABAL_DIR=/root/.cabal cabal build
]] },
  { name = "leaves them in the layer where there are no mounts", builder = "legacy",
    input = "@cabal build",
    output = [[
# @cabal build
RUN CABAL_DIR=/root/.cabal cabal build
]] },
  { name = "writes the mirror to a temporary file there", mirror = "tuna", builder = "legacy",
    input = "@cabal build",
    output = [[
# @cabal build
RUN export CABAL_DIR=/root/.cabal \
    && dfc=$(mktemp) \
    && trap 'rm -f "$dfc"' EXIT \
    && printf '%s\n' 'repository hackage.haskell.org' \
        '  url: https://mirrors.tuna.tsinghua.edu.cn/hackage/' > "$dfc" \
    && export CABAL_CONFIG="$dfc" \
    && cabal build
]] },
  { name = "warns of a list that a later RUN may not find",
    input = "@cabal update",
    warnings = { "1:1: warning: the package list is in the cache mount, where a later RUN may not find it [needs-cache]\n"
      .. "help: write @cabal update && cabal build …, in one" },
    output = [[
ARG TARGETARCH
# @cabal update
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    CABAL_DIR=/root/.cabal cabal update
]] },
  { name = "warns of links into the mount",
    input = "@cabal update && cabal install app",
    warnings = { "1:1: warning: cabal install makes links into the cache mount, which lead nowhere afterwards [link-into-cache]\n"
      .. "help: write cabal install --install-method=copy" },
    output = [[
ARG TARGETARCH
# @cabal update && cabal install app
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    export CABAL_DIR=/root/.cabal \
    && cabal update && cabal install app
]] },
  { name = "does not warn of copies",
    input = "@cabal update && cabal install --install-method=copy app",
    output = [[
ARG TARGETARCH
# @cabal update && cabal install --install-method=copy app
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    export CABAL_DIR=/root/.cabal \
    && cabal update && cabal install --install-method=copy app
]] },
  { name = "warns of their removal",
    input = "@cabal build && rm -rf ~/.cabal",
    warnings = { "1:1: warning: 'rm' of ~/.cabal empties the cache mounts [defeats-cache]\n"
      .. "help: leave it out: they are not in the image" },
    output = [[
ARG TARGETARCH
# @cabal build && rm -rf ~/.cabal
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    export CABAL_DIR=/root/.cabal \
    && cabal build && rm -rf ~/.cabal
]] },
  { name = "tells of a RUN without them",
    input = "@cabal build\nRUN cabal test",
    notes = { "2:5: note: 'cabal' runs without the cache at /root/.cabal/packages and /root/.cabal/store, which @cabal has filled: it is not in the image [in-place-cache]\n"
      .. "help: write @cabal in place of RUN cabal" },
    output = [[
ARG TARGETARCH
# @cabal build
RUN --mount=type=cache,id=cabal-packages,target=/root/.cabal/packages,sharing=locked \
    --mount=type=cache,id=cabal-store-debian-bullseye-${TARGETARCH},target=/root/.cabal/store,sharing=locked \
    CABAL_DIR=/root/.cabal cabal build
RUN cabal test
]] },
}

dfc.test "stack" {
  from = "haskell:9.6-slim-bullseye",

  -- the command
  { name = "reads the configuration of the image, whose root is elsewhere",
    input = "@stack build --only-dependencies",
    output = [[
ARG TARGETARCH
# @stack build --only-dependencies
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack build --only-dependencies
]] },
  { name = "keeps what it copies out of for the project", files = { ["package.yaml"] = "name: shop\n" },
    input = "WORKDIR /src\n@stack install",
    output = [[
WORKDIR /src
ARG TARGETARCH
# @stack install
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked \
    --mount=type=cache,id=stack-work-shop-debian-bullseye-${TARGETARCH},target=/src/.stack-work,sharing=locked \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack install
]] },
  { name = "sees that it copies",
    input = "WORKDIR /src\n@set dfc.project = shop\n@stack build --copy-bins --local-bin-path /out",
    output = [[
WORKDIR /src
ARG TARGETARCH
# @stack build --copy-bins --local-bin-path /out
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked \
    --mount=type=cache,id=stack-work-shop-debian-bullseye-${TARGETARCH},target=/src/.stack-work,sharing=locked \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack build --copy-bins --local-bin-path /out
]] },
  { name = "has no cache for a project without a name",
    input = "@stack install",
    notes = { "1:1: note: the cache mount 'stack-work' is left out: it is for one project, and the project's name is not known [unknown-project]\n"
      .. "help: write @set dfc.project = NAME, or give --id=NAME" },
    output = [[
ARG TARGETARCH
# @stack install
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack install
]] },
  { name = "uses the id and the sharing that are given",
    input = "@stack --id=shop --sharing=private install",
    output = [[
# @stack --id=shop --sharing=private install
RUN --mount=type=cache,id=shop-root,target=/var/cache/dfc/stack,sharing=private \
    --mount=type=cache,id=shop-work,target=/.stack-work,sharing=private \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack install
]] },

  -- where the caches are, and whose
  { name = "follows a user that it knows",
    input = "RUN useradd -m -u 1001 app\nUSER app\n@stack build",
    output = [[
RUN useradd -m -u 1001 app
USER app
ARG TARGETARCH
# @stack build
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked,uid=1001 \
    STACK_CONFIG=/home/app/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack build
]] },
  { name = "needs no home",
    input = "USER 1000\n@stack build",
    output = [[
USER 1000
ARG TARGETARCH
# @stack build
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked,uid=1000 \
    STACK_ROOT=/var/cache/dfc/stack stack build
]] },
  { name = "follows STACK_ROOT and STACK_WORK",
    input = "ENV STACK_ROOT=/s STACK_WORK=.w\n@stack --id=shop install",
    output = [[
ENV STACK_ROOT=/s STACK_WORK=.w
# @stack --id=shop install
RUN --mount=type=cache,id=shop-root,target=/s,sharing=locked \
    --mount=type=cache,id=shop-work,target=/.w,sharing=locked \
    stack install
]] },

  -- other builders, and what defeats the caches
  { name = "is the same for Buildah", builder = "buildah",
    input = "@stack build",
    output = [[
ARG TARGETARCH
# @stack build
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack build
]] },
  { name = "leaves all where it is without mounts", builder = "legacy",
    input = "@stack install",
    output = [[
# @stack install
RUN stack install
]] },
  { name = "warns of their removal",
    input = "@stack --id=x install && stack clean && rm -rf .stack-work",
    warnings = { "1:1: warning: 'rm' of .stack-work empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: what is in it is not in the image",
      "1:1: warning: 'stack clean' empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: what is in it is not in the image" },
    output = [[
# @stack --id=x install && stack clean && rm -rf .stack-work
RUN --mount=type=cache,id=x-root,target=/var/cache/dfc/stack,sharing=locked \
    --mount=type=cache,id=x-work,target=/.stack-work,sharing=locked \
    export STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack \
    && stack install && stack clean && rm -rf .stack-work
]] },
  { name = "tells of a RUN without them",
    input = "@stack build\nRUN stack test",
    notes = { "2:5: note: 'stack' runs without the cache at /var/cache/dfc/stack, which @stack has filled: it is not in the image [in-place-cache]\n"
      .. "help: write @stack in place of RUN stack" },
    output = [[
ARG TARGETARCH
# @stack build
RUN --mount=type=cache,id=stack-root-debian-bullseye-${TARGETARCH},target=/var/cache/dfc/stack,sharing=locked \
    STACK_CONFIG=/root/.stack/config.yaml STACK_ROOT=/var/cache/dfc/stack stack build
RUN stack test
]] },
}
