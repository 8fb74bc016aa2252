-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "pnpm" {
  from = "node:22",

  -- the command
  { name = "runs the command with the store",
    input = "@pnpm install --frozen-lockfile",
    output = [[
# @pnpm install --frozen-lockfile
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install --frozen-lockfile
]] },
  { name = "knows a pasted pnpm",
    input = "@pnpm CI=true pnpm install --prod && pnpm run build",
    output = [[
# @pnpm CI=true pnpm install --prod && pnpm run build
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    CI=true pnpm install --prod && pnpm run build
]] },
  { name = "runs a script",
    input = "@pnpm <<EOF\npnpm fetch\npnpm install --offline\nEOF",
    output = [[
# @pnpm <<EOF
# pnpm fetch
# pnpm install --offline
# EOF
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    <<EOF
set -e
pnpm fetch
pnpm install --offline
EOF
]] },

  -- where the store is, and whose
  { name = "follows PNPM_HOME",
    input = "ENV PNPM_HOME=/pnpm PATH=/pnpm:$PATH\n@pnpm install",
    output = [[
ENV PNPM_HOME=/pnpm PATH=/pnpm:$PATH
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "is at home in pnpm's own image",
    from = "ghcr.io/pnpm/pnpm:10",
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-ghcr.io-pnpm-pnpm-10,target=/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "follows the user's data",
    input = "ENV XDG_DATA_HOME=/data\n@pnpm install",
    output = [[
ENV XDG_DATA_HOME=/data
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/data/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "tells later versions of a variable for earlier ones",
    input = "ENV npm_config_store_dir=/store\n@pnpm install",
    output = [[
ENV npm_config_store_dir=/store
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/store,sharing=shared \
    pnpm_config_store_dir=/store pnpm install
]] },
  { name = "tells earlier versions of a variable for later ones",
    input = "ENV pnpm_config_store_dir=/store\n@pnpm install",
    output = [[
ENV pnpm_config_store_dir=/store
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/store,sharing=shared \
    npm_config_store_dir=/store pnpm install
]] },
  { name = "knows both in capitals",
    input = "ENV PNPM_CONFIG_STORE_DIR=/store NPM_CONFIG_STORE_DIR=/store\n@pnpm install",
    output = [[
ENV PNPM_CONFIG_STORE_DIR=/store NPM_CONFIG_STORE_DIR=/store
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/store,sharing=shared \
    pnpm install
]] },
  { name = "follows a user of the image",
    input = "USER node\n@pnpm install",
    output = [[
USER node
RUN mkdir -p /home/node/.local/share/pnpm
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/home/node/.local/share/pnpm/store,sharing=shared,uid=1000,gid=1000 \
    pnpm install
]] },
  { name = "puts the store of a user without a home elsewhere",
    input = "USER 2000:3000\n@pnpm install",
    output = [[
USER 2000:3000
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/var/cache/dfc/pnpm,sharing=shared,uid=2000,gid=3000 \
    npm_config_store_dir=/var/cache/dfc/pnpm pnpm_config_store_dir=/var/cache/dfc/pnpm pnpm install
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@pnpm install",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @pnpm --uid=1000 …, or a number in USER" } },
  { name = "has a store for each release",
    from = "node:22-alpine3.20",
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-alpine-3.20,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "uses the id and the sharing that are given",
    input = "@pnpm --id=web --sharing=locked install",
    output = [[
# @pnpm --id=web --sharing=locked install
RUN --mount=type=cache,id=web,target=/root/.local/share/pnpm/store,sharing=locked \
    pnpm install
]] },

  -- links into the store
  { name = "makes no links for a global package",
    input = "@pnpm add -g serve\n@pnpm install -wg serve\n@pnpm add --global serve\n@pnpm add -D serve",
    output = [[
# @pnpm add -g serve
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm_config_enable_global_virtual_store=false pnpm add -g serve
# @pnpm install -wg serve
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm_config_enable_global_virtual_store=false pnpm install -wg serve
# @pnpm add --global serve
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm_config_enable_global_virtual_store=false pnpm add --global serve
# @pnpm add -D serve
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm add -D serve
]] },
  { name = "makes no links where the project asks for them",
    files = { ["pnpm-workspace.yaml"] = "packages: [a]\nenableGlobalVirtualStore: true\n" },
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm_config_enable_global_virtual_store=false pnpm install
]] },
  { name = "reads that of .npmrc, too",
    files = { [".npmrc"] = "enable-global-virtual-store=true\n" },
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm_config_enable_global_virtual_store=false pnpm install
]] },
  { name = "and of ENV",
    input = "ENV pnpm_config_enable_global_virtual_store=true\n@pnpm install",
    output = [[
ENV pnpm_config_enable_global_virtual_store=true
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm_config_enable_global_virtual_store=false pnpm install
]] },
  { name = "warns of versions that do not listen",
    files = { ["package.json"] = "{ \"packageManager\": \"pnpm@10.34.9\" }\n", ["pnpm-workspace.yaml"] = "enableGlobalVirtualStore: true\n" },
    input = "@pnpm install",
    warnings = { "1:1: warning: with enableGlobalVirtualStore node_modules leads into the cache mount, which the image does not have [links-into-cache]\nhelp: leave it out of pnpm-workspace.yaml for the image" },
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install
]] },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "leaves no store in a layer",
    builder = "legacy",
    input = "@pnpm install\n@pnpm add -g serve",
    output = [[
# @pnpm install
RUN pnpm install \
    && rm -rf /root/.local/share/pnpm/store
# @pnpm add -g serve
RUN export pnpm_config_enable_global_virtual_store=false \
    && pnpm add -g serve \
    && rm -rf /root/.local/share/pnpm/store
]] },
  { name = "changes nothing of the image",
    footprint = "none",
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install
]] },

  -- mirrors and secrets
  { name = "uses the mirror for this RUN only",
    mirror = "cn",
    input = "@pnpm install",
    output = [[
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    COREPACK_NPM_REGISTRY=https://registry.npmmirror.com YARN_NPM_REGISTRY_SERVER=https://registry.npmmirror.com npm_config_registry=https://registry.npmmirror.com pnpm_config_registry=https://registry.npmmirror.com pnpm install
]] },
  { name = "uses a URL as the registry",
    input = "@pnpm --mirror=https://npm.example install",
    output = [[
# @pnpm --mirror=https://npm.example install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    COREPACK_NPM_REGISTRY=https://npm.example YARN_NPM_REGISTRY_SERVER=https://npm.example npm_config_registry=https://npm.example pnpm_config_registry=https://npm.example pnpm install
]] },
  { name = "does without a mirror where ENV names a registry",
    mirror = "cn",
    input = "ENV npm_config_registry=https://npm.example\n@pnpm install",
    output = [[
ENV npm_config_registry=https://npm.example
# @pnpm install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "can leave the mirror out once",
    mirror = "cn",
    input = "@pnpm --mirror=off install",
    output = [[
# @pnpm --mirror=off install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install
]] },
  { name = "gives it the secret by its variable",
    input = "@pnpm --secret=npmrc install",
    output = [[
# @pnpm --secret=npmrc install
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    --mount=type=secret,id=npmrc,target=/run/secrets/npmrc,required=true \
    npm_config_userconfig=/run/secrets/npmrc pnpm install
]] },

  -- what defeats the cache
  { name = "warns of what empties the mount",
    input = "@pnpm install && pnpm store prune && rm -rf /root/.local/share/pnpm/store/v10",
    warnings = { "1:1: warning: cleaning the cache of pnpm empties the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger",
      "1:1: warning: 'rm' empties the cache mount, and fails where it is to remove the mount itself [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
# @pnpm install && pnpm store prune && rm -rf /root/.local/share/pnpm/store/v10
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install && pnpm store prune && rm -rf /root/.local/share/pnpm/store/v10
]] },
  { name = "warns of options that go around the mount",
    input = "@pnpm install --store-dir=/x --package-import-method=clone",
    warnings = { "1:1: warning: --store-dir takes the cache out of the cache mount [defeats-cache]\nhelp: leave it out; an ENV of the stage moves the mount with the cache",
      "1:1: warning: pnpm can't clone files out of the cache mount: it is another file system [needs-copy]\nhelp: leave --package-import-method out: then it copies" },
    output = [[
# @pnpm install --store-dir=/x --package-import-method=clone
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install --store-dir=/x --package-import-method=clone
]] },
  { name = "warns when the store must have everything",
    input = "@pnpm install --offline\n@pnpm fetch && pnpm install --offline\n@pnpm install --prefer-offline",
    warnings = { "1:1: warning: '--offline' relies on the cache mount, which may be empty [needs-cache]\nnote: builders remove what is in a cache mount, and other builds change it\nhelp: leave it out: what is in the cache is not fetched again; --prefer-offline asks no more than it must" },
    output = [[
# @pnpm install --offline
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install --offline
# @pnpm fetch && pnpm install --offline
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm fetch && pnpm install --offline
# @pnpm install --prefer-offline
RUN --mount=type=cache,id=pnpm-debian-bookworm,target=/root/.local/share/pnpm/store,sharing=shared \
    pnpm install --prefer-offline
]] },
}
