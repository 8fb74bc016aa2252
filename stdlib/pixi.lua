-- @pixi: pixi's commands with its cache in a cache mount.
--
-- Environments are in .pixi/envs of the project; what is in the cache is copied there, as a mount
-- is another file system, to which there are no hard links (rattler
-- crates/rattler/src/install/link.rs). Only with the setting detached-environments do they lie in
-- the cache. Nothing says that several pixis may fill it: locked. pixi takes no mirror from its
-- environment or a flag.
local dfc = require "dfc.v1"
local python = require "python"

-- pixi docs/reference/environment_variables.md. Where XDG_CACHE_HOME has a directory pixi, that is
-- taken in place of the last one; no image is known to have it.
dfc.cachedef "pixi" {
  target = function(ctx)
    local moved = ctx.env.RATTLER_CACHE_DIR
    if moved and moved:starts "/" then return moved end
    return python.cache(ctx, "rattler/cache")
  end,
  env = "PIXI_CACHE_DIR", sharing = "locked", distro = true, arch = true, copies_out = true,
}

dfc.directive "pixi" {
  summary = "Run a pixi command with its package cache in a cache mount",
  examples_from = "ghcr.io/prefix-dev/pixi:0.55.0-bookworm",
  examples = { "@pixi install --locked", "@pixi install --locked -e prod && pixi run build" },
  family = "command",
  caches = { "pixi" },
  tools = { "pixi" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a credentials.json" },
  expand = function(ctx, a)
    python.check_redirection(ctx, a)
    python.warn_defeating(ctx, a, "pixi", { "clean cache" })
    local secret = ctx:secret(a.secret)
    return dfc.run {
      mounts = { ctx:cache("pixi", { id = a.id, sharing = a.sharing }), secret },
      env = { RATTLER_AUTH_FILE = secret and secret.target },
      cmds = { a.command },
      script = a.script,
    }
  end,
}
