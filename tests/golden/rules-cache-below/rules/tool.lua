local dfc = require "dfc.v1"

local function home(ctx) return ctx.user.home and ctx.user.home .. "/.tool" end

dfc.cachedef "tool-a" {
  target = function(ctx) return home(ctx) and home(ctx) .. "/a" end,
  env = "TOOL_HOME", below = "a", sharing = "shared",
}

dfc.cachedef "tool-b" {
  target = function(ctx) return home(ctx) and home(ctx) .. "/b/c" end,
  env = "TOOL_HOME", below = "b/c", sharing = "shared",
}

dfc.directive "tool" {
  summary = "Two directories of one home",
  family = "command",
  caches = { "tool-a", "tool-b" },
  expand = function(ctx, a)
    return dfc.run { mounts = { ctx:cache "tool-a", ctx:cache "tool-b" }, cmds = { a.command } }
  end,
}
