-- @npm: npm commands with the download cache in a cache mount.
--
-- npm's cache is addressed by content, but two npm processes that fill it at the same time have
-- been seen to fail (EEXIST), so the mount is locked. It also has what npx runs (_npx); modules are
-- built in node_modules, never in the cache, so one serves all images.
local dfc = require "dfc.v1"
local javascript = require "javascript"

dfc.cachedef "npm" {
  target = function(ctx)
    local moved = ctx.env.NPM_CONFIG_CACHE -- npm reads its variables in either case
    if moved and moved:starts "/" then return moved end
    return ctx.user.home and ctx.user.home .. "/.npm"
  end,
  env = "npm_config_cache", sharing = "locked", copies_out = true,
}

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
    javascript.warn(ctx, a, "npm", [[cache\s+(?:clean|clear|rm)\b]], "--cache", [[/\.npm]])
    local secret = ctx:secret(a.secret)
    return dfc.run {
      mounts = { ctx:cache("npm", { id = a.id, sharing = a.sharing }), secret },
      env = javascript.environment(ctx, a, secret),
      cmds = { a.command },
      script = a.script,
    }
  end,
}
