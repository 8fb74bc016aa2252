-- @mix: Elixir's Mix with the packages of Hex in a cache mount.
--
-- Only ~/.hex/packages: hex.config beside it may hold keys, and ~/.mix holds Hex and Rebar
-- themselves, which mix local.hex installs and later steps need in the image. Packages are unpacked
-- into deps/. A download is renamed into its place (hexpm/hex, lib/hex/scm.ex), but that several
-- processes may use it is said nowhere, so it is locked.
local dfc = require "dfc.v1"
local common = require "common"

local function hex_home(ctx)
  local moved = ctx.env.HEX_HOME
  if moved and moved:starts "/" then return moved end
  return ctx.user.home and ctx.user.home .. "/.hex"
end

-- hexpm/hex, lib/hex/scm.ex: CACHE_HOME/packages/REPOSITORY; HEX_HOME: lib/hex/state.ex.
dfc.cachedef "hex" {
  target = function(ctx)
    local home = hex_home(ctx)
    return home and home .. "/packages"
  end,
  env = "HEX_HOME", below = "packages", id = "hex-packages",
  sharing = "locked", copies_out = true, beside = true,
}

local function warn(ctx, a)
  common.warn_if(ctx, a, [[^rm\s.*/\.hex\b]], "'rm' of ~/.hex empties the cache mount",
    "leave it out: the packages are not in the image")
  if (ctx.env.HEX_OFFLINE or "0") ~= "0" and ctx.builder ~= "legacy" then
    ctx:warn("ENV HEX_OFFLINE makes mix rely on the cache mount, which may be empty", {
      code = "needs-cache", help = "write it behind the last @mix deps.get" })
  end
end

dfc.directive "mix" {
  summary = "Run a Mix command with Hex's packages in a cache mount",
  examples_from = "elixir:1.17",
  examples = { "@mix deps.get --only prod", "@mix local.hex --force && mix local.rebar --force",
               "@mix deps.get --only prod && MIX_ENV=prod mix release" },
  family = "command",
  caches = { "hex" },
  tools = { "mix" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "hex", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a hex.config" },
  expand = function(ctx, a)
    warn(ctx, a)
    return dfc.run {
      mounts = common.list(2, ctx:cache("hex", { id = a.id, sharing = a.sharing }),
        ctx:secret(a.secret, (hex_home(ctx) or "~/.hex") .. "/hex.config")),
      env = { HEX_MIRROR = ctx:mirror "hex" }, -- mix help hex.config
      cmds = { a.command },
      script = a.script,
    }
  end,
}
