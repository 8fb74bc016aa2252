-- @bun: Bun with its download cache in a cache mount. From a mount it copies into node_modules,
-- where it would else make hard links (oven-sh/bun docs/install/cache.md; tried with 1.4.5).
local dfc = require "dfc.v1"
local common = require "common"
local javascript = require "javascript"

-- BUN_INSTALL_CACHE_DIR, BUN_INSTALL, XDG_CACHE_HOME, the home: in this order (`bun pm cache` of
-- 1.4.5). What may fill it at the same time is said nowhere: locked.
dfc.cachedef "bun" {
  target = function(ctx)
    local own, xdg, home = ctx.env.BUN_INSTALL, ctx.env.XDG_CACHE_HOME, ctx.user.home
    if own and own:starts "/" then return own .. "/install/cache" end
    if xdg and xdg:starts "/" then return xdg .. "/.bun/install/cache" end
    return home and home .. "/.bun/install/cache"
  end,
  env = "BUN_INSTALL_CACHE_DIR", sharing = "locked", arch = true, copies_out = true,
}

-- With globalStore packages are links into the cache, which would lead nowhere in the image; the
-- variable wins over bunfig.toml (tried with 1.4.5).
local function has_global_store(ctx)
  local variable = ctx.env.BUN_INSTALL_GLOBAL_STORE
  if variable then return variable ~= "0" and variable ~= "false" end
  return re.match([[(?m)^\s*globalStore\s*=\s*true\b]], ctx:file "bunfig.toml" or "") ~= nil
end

local BUN = common.program "bun"

dfc.directive "bun" {
  summary = "Run Bun with its download cache in a cache mount",
  examples_from = "oven/bun:1",
  examples = { "@bun install --frozen-lockfile", "@bun install --production && bun run build" },
  family = "command",
  caches = { "bun" },
  tools = { "bun" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "npm", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "an .npmrc" },
  expand = function(ctx, a)
    javascript.warn(ctx, a, "bun", [[pm\s+cache\s+rm\b]], "--cache-dir", [[/\.bun/install/cache]])
    common.warn_if(ctx, a, BUN .. [[.*\s--no-cache(?=\s|$)]], "--no-cache defeats the cache mount",
      javascript.IN_MOUNT)
    if common.has_command(a, BUN .. [[.*\s--backend[=\s]symlink\b]]) then
      ctx:warn("with --backend=symlink node_modules leads into the cache mount, "
        .. "which the image does not have", { code = "links-into-cache", help = "leave it out" })
    end
    local secret = ctx:secret(a.secret)
    local env = javascript.environment(ctx, a, secret)
    if has_global_store(ctx) then env.BUN_INSTALL_GLOBAL_STORE = "0" end
    return dfc.run {
      mounts = { ctx:cache("bun", { id = a.id, sharing = a.sharing }), secret },
      env = env,
      cmds = { a.command },
      script = a.script,
    }
  end,
}
