-- luacheck: no max line length
local dfc = require "dfc.v1"

local ROOT = [[
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
]]

dfc.test "npm" {
  from = "node:22",

  -- the command
  { name = "runs the command in the cache", input = "@npm ci",
    output = "# @npm ci\n" .. ROOT .. "    npm ci\n" },
  { name = "knows a pasted npm", input = "@npm npm ci",
    output = "# @npm npm ci\n" .. ROOT .. "    npm ci\n" },
  { name = "copies options of npm and shell as they are",
    input = [[@npm --prefix "web app" ci --omit=dev && npm run build; echo "$HOME" | tee log]],
    output = [[# @npm --prefix "web app" ci --omit=dev && npm run build; echo "$HOME" | tee log
]] .. ROOT .. [[
    npm --prefix "web app" ci --omit=dev && npm run build; echo "$HOME" | tee log
]] },
  { name = "runs a script", input = "@npm <<EOF\nnpm ci\nnpm run build\nEOF",
    output = "# @npm <<EOF\n# npm ci\n# npm run build\n# EOF\n" .. ROOT .. [[
    <<EOF
set -e
npm ci
npm run build
EOF
]] },
  { name = "runs another program", input = "@npm --exe=/opt/npm/bin/npm ci",
    output = "# @npm --exe=/opt/npm/bin/npm ci\n" .. ROOT .. "    /opt/npm/bin/npm ci\n" },
  { name = "suggests the option that is meant", input = "@npm --sharring=locked ci",
    errors = { "1:6: error: @npm has no option '--sharring' [unknown-option]" } },

  -- where the cache is, and whose
  { name = "follows a user of the image", input = "USER node\n@npm ci", output = [[
USER node
# @npm ci
RUN --mount=type=cache,id=npm,target=/home/node/.npm,sharing=locked,uid=1000,gid=1000 \
    npm ci
]] },
  { name = "knows that user by its number", input = "USER 1000\n@npm ci", output = [[
USER 1000
# @npm ci
RUN --mount=type=cache,id=npm,target=/home/node/.npm,sharing=locked,uid=1000,gid=1000 \
    npm ci
]] },
  { name = "puts the cache of a user without a home elsewhere",
    input = "USER 2000:3000\n@npm ci", output = [[
USER 2000:3000
# @npm ci
RUN --mount=type=cache,id=npm,target=/var/cache/dfc/npm,sharing=locked,uid=2000,gid=3000 \
    npm_config_cache=/var/cache/dfc/npm npm ci
]] },
  { name = "asks for the uid of a user by name", input = "USER app\n@npm ci",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]" } },
  { name = "takes the uid and gid that are given",
    input = "USER app\n@npm --uid=7 --gid=8 ci", output = [[
USER app
# @npm --uid=7 --gid=8 ci
RUN --mount=type=cache,id=npm,target=/var/cache/dfc/npm,sharing=locked,uid=7,gid=8 \
    npm_config_cache=/var/cache/dfc/npm npm ci
]] },
  { name = "follows npm's own variable", input = "ENV npm_config_cache=/cache\n@npm ci", output = [[
ENV npm_config_cache=/cache
# @npm ci
RUN --mount=type=cache,id=npm,target=/cache,sharing=locked \
    npm ci
]] },
  { name = "follows the variable in capitals",
    input = "ENV NPM_CONFIG_CACHE=/cache\n@npm ci", output = [[
ENV NPM_CONFIG_CACHE=/cache
# @npm ci
RUN --mount=type=cache,id=npm,target=/cache,sharing=locked \
    npm ci
]] },
  { name = "has one cache for all distributions", from = "node:22-alpine", input = "@npm ci",
    output = "# @npm ci\n" .. ROOT .. "    npm ci\n" },
  { name = "uses the id and the sharing that are given",
    input = "@npm --id=web --sharing=private ci", output = [[
# @npm --id=web --sharing=private ci
RUN --mount=type=cache,id=web,target=/root/.npm,sharing=private \
    npm ci
]] },
  { name = "adds mounts and the network of RUN",
    input = "@npm --network=none --mount=type=tmpfs,target=/tmp ci", output = [[
# @npm --network=none --mount=type=tmpfs,target=/tmp ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    --network=none \
    --mount=type=tmpfs,target=/tmp \
    npm ci
]] },
  { name = "can't run in an empty image", from = "scratch", input = "@npm ci",
    errors = { "1:1: error: @npm can't work here, scratch is empty: "
      .. "there is nothing that could run a command" } },

  -- mirrors: package managers that npm's scripts call read variables of their own
  { name = "uses the mirror for this RUN only", input = "@npm --mirror=https://npm.example ci",
    output = "# @npm --mirror=https://npm.example ci\n" .. ROOT .. [[
    COREPACK_NPM_REGISTRY=https://npm.example YARN_NPM_REGISTRY_SERVER=https://npm.example npm_config_registry=https://npm.example pnpm_config_registry=https://npm.example npm ci
]] },
  { name = "exports the mirror to all commands", mirror = "huawei", input = "@npm ci && npm test",
    output = "# @npm ci && npm test\n" .. ROOT .. [[
    export COREPACK_NPM_REGISTRY=https://mirrors.huaweicloud.com/repository/npm YARN_NPM_REGISTRY_SERVER=https://mirrors.huaweicloud.com/repository/npm npm_config_registry=https://mirrors.huaweicloud.com/repository/npm pnpm_config_registry=https://mirrors.huaweicloud.com/repository/npm \
    && npm ci && npm test
]] },
  { name = "does without a mirror that has no registry", mirror = "tuna", input = "@npm ci",
    output = "# @npm ci\n" .. ROOT .. "    npm ci\n" },
  { name = "can leave the mirror out once", mirror = "huawei", input = "@npm --mirror=off ci",
    output = "# @npm --mirror=off ci\n" .. ROOT .. "    npm ci\n" },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@npm ci",
    output = [[
# @npm ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci
]] },
  { name = "leaves nothing in a layer",
    builder = "legacy",
    input = "@npm ci\n@npm ci && npm run build",
    output = [[
# @npm ci
RUN npm ci \
    && rm -rf /root/.npm
# @npm ci && npm run build
RUN npm ci && npm run build \
    && rm -rf /root/.npm
]] },
  { name = "changes nothing of the image",
    footprint = "none",
    input = "@npm ci",
    output = [[
# @npm ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci
]] },
  { name = "binds no files by itself",
    files = { ["package.json"] = "{}\n", ["package-lock.json"] = "{}\n" },
    input = "@npm ci\n@npm --no-bind ci",
    output = [[
# @npm ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci
# @npm --no-bind ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci
]] },

  -- secrets
  { name = "gives it the secret by its variable",
    input = "@npm --secret=npmrc ci",
    output = [[
# @npm --secret=npmrc ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    --mount=type=secret,id=npmrc,target=/run/secrets/npmrc,required=true \
    npm_config_userconfig=/run/secrets/npmrc npm ci
]] },
  { name = "gives it to the user",
    input = "USER node\n@npm --secret=npmrc ci",
    output = [[
USER node
# @npm --secret=npmrc ci
RUN --mount=type=cache,id=npm,target=/home/node/.npm,sharing=locked,uid=1000,gid=1000 \
    --mount=type=secret,id=npmrc,target=/run/secrets/npmrc,required=true,uid=1000,gid=1000 \
    npm_config_userconfig=/run/secrets/npmrc npm ci
]] },
  { name = "leaves the mirror out when a secret names the registry",
    mirror = "huawei",
    input = "@npm --secret=npmrc ci\n@npm --secret=npmrc --mirror=huawei ci",
    notes = { "1:1: note: the mirror is left out: the .npmrc of --secret says where packages come from [mirror-left-out]\nhelp: name the registry there, or write --mirror" },
    output = [[
# @npm --secret=npmrc ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    --mount=type=secret,id=npmrc,target=/run/secrets/npmrc,required=true \
    npm_config_userconfig=/run/secrets/npmrc npm ci
# @npm --secret=npmrc --mirror=huawei ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    --mount=type=secret,id=npmrc,target=/run/secrets/npmrc,required=true \
    COREPACK_NPM_REGISTRY=https://mirrors.huaweicloud.com/repository/npm YARN_NPM_REGISTRY_SERVER=https://mirrors.huaweicloud.com/repository/npm npm_config_registry=https://mirrors.huaweicloud.com/repository/npm npm_config_userconfig=/run/secrets/npmrc pnpm_config_registry=https://mirrors.huaweicloud.com/repository/npm npm ci
]] },
  { name = "does without a mirror where ENV names a registry",
    mirror = "huawei",
    input = "ENV NPM_CONFIG_REGISTRY=https://npm.example\n@npm ci\n@npm --mirror=huawei ci",
    output = [[
ENV NPM_CONFIG_REGISTRY=https://npm.example
# @npm ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci
# @npm --mirror=huawei ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    COREPACK_NPM_REGISTRY=https://mirrors.huaweicloud.com/repository/npm YARN_NPM_REGISTRY_SERVER=https://mirrors.huaweicloud.com/repository/npm npm_config_registry=https://mirrors.huaweicloud.com/repository/npm pnpm_config_registry=https://mirrors.huaweicloud.com/repository/npm npm ci
]] },
  { name = "tells yarn of a mirror that has plain http",
    input = "@npm --mirror=http://npm.example:8081/ ci",
    output = [[
# @npm --mirror=http://npm.example:8081/ ci
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    COREPACK_NPM_REGISTRY=http://npm.example:8081/ YARN_NPM_REGISTRY_SERVER=http://npm.example:8081/ YARN_UNSAFE_HTTP_WHITELIST=npm.example npm_config_registry=http://npm.example:8081/ pnpm_config_registry=http://npm.example:8081/ npm ci
]] },

  -- what defeats the cache
  { name = "warns of what empties the mount",
    input = "@npm ci && npm cache clean --force && rm -rf /root/.npm\n@npm cache verify && rm -rf node_modules/.npmrc",
    warnings = { "1:1: warning: cleaning the cache of npm empties the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger",
      "1:1: warning: 'rm' empties the cache mount, and fails where it is to remove the mount itself [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
# @npm ci && npm cache clean --force && rm -rf /root/.npm
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci && npm cache clean --force && rm -rf /root/.npm
# @npm cache verify && rm -rf node_modules/.npmrc
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm cache verify && rm -rf node_modules/.npmrc
]] },
  { name = "sees that in a script, too",
    input = "@npm <<EOF\nnpm ci\nnpm -g cache clean --force\nEOF",
    warnings = { "1:1: warning: cleaning the cache of npm empties the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
# @npm <<EOF
# npm ci
# npm -g cache clean --force
# EOF
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    <<EOF
set -e
npm ci
npm -g cache clean --force
EOF
]] },
  { name = "warns of options that go around the mount",
    input = "@npm ci --cache /x\n@npm ci --cache=/x",
    warnings = { "1:1: warning: --cache takes the cache out of the cache mount [defeats-cache]\nhelp: leave it out; an ENV of the stage moves the mount with the cache",
      "2:1: warning: --cache takes the cache out of the cache mount [defeats-cache]\nhelp: leave it out; an ENV of the stage moves the mount with the cache" },
    output = [[
# @npm ci --cache /x
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci --cache /x
# @npm ci --cache=/x
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci --cache=/x
]] },
  { name = "warns when the cache must have everything",
    input = "@npm ci --offline\n@npm ci --prefer-offline",
    warnings = { "1:1: warning: '--offline' relies on the cache mount, which may be empty [needs-cache]\nnote: builders remove what is in a cache mount, and other builds change it\nhelp: leave it out: what is in the cache is not fetched again; --prefer-offline asks no more than it must" },
    output = [[
# @npm ci --offline
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci --offline
# @npm ci --prefer-offline
RUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked \
    npm ci --prefer-offline
]] },
}
