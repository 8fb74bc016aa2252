-- @npm: npm commands with the download cache in a cache mount.
--
-- npm's cache is addressed by content, but two npm processes that fill it at the same time have
-- been seen to fail (EEXIST), so the mount is locked.
local dfc = require "dfc.v1"

dfc.cachedef "npm" {
  target = function(ctx)
    local moved = ctx.env.NPM_CONFIG_CACHE -- npm reads its variables in either case
    if moved and moved:starts "/" then return moved end
    return ctx.user.home and ctx.user.home .. "/.npm"
  end,
  env = "npm_config_cache", sharing = "locked", copies_out = true,
}

-- npm scripts call the other package managers, each of which reads only its own variable.
local function environment(ctx, secret)
  local registry = ctx:mirror "npm"
  local userconfig = secret and secret.target
  if not registry then return { npm_config_userconfig = userconfig } end
  return {
    npm_config_userconfig = userconfig,
    npm_config_registry = registry,
    pnpm_config_registry = registry,
    YARN_NPM_REGISTRY_SERVER = registry,
    COREPACK_NPM_REGISTRY = registry,
  }
end

dfc.directive "npm" {
  summary = "Run an npm command with npm's download cache in a cache mount",
  examples_from = "node:22",
  examples = { "@npm ci", "@npm ci --omit=dev && npm run build", "@npm install -g pnpm@9" },
  family = "command",
  caches = { "npm" },
  tools = { "npm" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "npm", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "npm's .npmrc" },
  expand = function(ctx, a)
    local secret = ctx:secret(a.secret)
    return dfc.run {
      mounts = { ctx:cache("npm", { id = a.id, sharing = a.sharing }), secret },
      env = environment(ctx, secret),
      cmds = { a.command },
      script = a.script,
    }
  end,
}
