-- What the rules of npm, yarn, pnpm and bun have in common. Declares nothing.
local common = require "common"
local javascript = {}

-- Whether the user has named a registry for the whole stage: that is nearer than the mirror.
local function has_registry(ctx)
  for _, name in ipairs { "npm_config_registry", "NPM_CONFIG_REGISTRY", "pnpm_config_registry",
                          "PNPM_CONFIG_REGISTRY", "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER",
                          "BUN_CONFIG_REGISTRY" } do
    if (ctx.env[name] or "") ~= "" then return true end
  end
  return false
end

-- The mirror in force; nil where something nearer says where packages come from.
function javascript.mirror(ctx, a, what)
  if a.mirror then return ctx:mirror "npm" end
  if has_registry(ctx) then return nil end
  local mirror = ctx:mirror "npm"
  if mirror and a.secret then
    ctx:note("the mirror is left out: the " .. what .. " of --secret says where packages come from",
      { code = "mirror-left-out", help = "name the registry there, or write --mirror" })
    return nil
  end
  return mirror
end

-- Each package manager reads only its own variable, and scripts of one call the others (tried with
-- npm 12, yarn 1, 3, 4, pnpm 8 to 12, bun 1.4):
--   npm_config_registry       npm, yarn 1, pnpm before 11, bun
--   pnpm_config_registry      pnpm from 11 on (pnpm.io docs/configuring.md)
--   YARN_NPM_REGISTRY_SERVER  yarn from 2 on, which refuses plain http from hosts it is not told of
--   COREPACK_NPM_REGISTRY     corepack, for the package manager itself
function javascript.registry(url)
  if not url then return {} end
  local host = re.match([[^(?:\$\{\w+:-)?http://([^/:}]+)]], url) -- also in place of an ARG
  return {
    npm_config_registry = url,
    pnpm_config_registry = url,
    YARN_NPM_REGISTRY_SERVER = url,
    YARN_UNSAFE_HTTP_WHITELIST = host and host[1],
    COREPACK_NPM_REGISTRY = url,
  }
end

-- npm, yarn 1, pnpm and bun take the place of ~/.npmrc from this variable (tried with those).
function javascript.environment(ctx, a, secret)
  local env = javascript.registry(javascript.mirror(ctx, a, ".npmrc"))
  env.npm_config_userconfig = secret and secret.target
  return env
end

-- The version that "packageManager" of package.json has for a tool (nodejs/corepack README.md): a
-- major number, or nil.
function javascript.major(ctx, tool)
  local manifest = ctx:file "package.json"
  local m = manifest
    and re.match([["packageManager"\s*:\s*"]] .. tool .. [[@[\^~v]?(\d+)]], manifest)
  return m and tonumber(m[1])
end

javascript.IN_MOUNT = "leave it out: the cache is in a mount, it does not make the image larger"

-- What empties the cache mount, or takes the cache out of it. `directory`: how a path to it ends.
function javascript.warn(ctx, a, tool, clean, option, directory)
  local program = common.program(tool)
  common.warn_if(ctx, a, program .. [[(?:\s+-\S+)*\s+]] .. clean,
    "cleaning the cache of " .. tool .. " empties the cache mount", javascript.IN_MOUNT)
  common.warn_if(ctx, a, [[^rm\s.*]] .. directory .. [[/?(?:\*|\s|$)]],
    "'rm' empties the cache mount, and fails where it is to remove the mount itself",
    javascript.IN_MOUNT)
  common.warn_if(ctx, a, program .. [[.*\s]] .. option .. [[[=\s]\S]],
    option .. " takes the cache out of the cache mount",
    "leave it out; an ENV of the stage moves the mount with the cache")
  common.warn_offline(ctx, a, program, [[\s(--offline)(?=\s|$)]],
    "leave it out: what is in the cache is not fetched again; --prefer-offline asks no more than "
    .. "it must")
end

return javascript
