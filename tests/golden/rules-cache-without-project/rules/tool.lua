-- Caches that a variable moves which does not name them, and caches of one project.
local dfc = require "dfc.v1"

local function at_home(path)
  return function(ctx) return ctx.user.home and ctx.user.home .. path end
end

dfc.cachedef "below" {
  target = at_home "/.tool/cache", env = "TOOL_HOME", below = "cache",
  sharing = "locked", beside = true,
}

dfc.cachedef "one" {
  target = at_home "/.one", env = "TOOL_OPTS", option = "-Done=", sharing = "locked",
}

dfc.cachedef "two" {
  target = at_home "/.two", env = "TOOL_OPTS", option = "-Dtwo=", sharing = "locked",
}

dfc.cachedef "project" {
  target = at_home "/.project", env = "PROJECT_CACHE", arch = true, sharing = "locked",
  project = function(ctx)
    local text = ctx:file "tool.json"
    local m = text and re.match([["name": *"([^"]*)"]], text)
    return m and m[1]
  end,
}

dfc.directive "tool" {
  summary = "Run the tool",
  examples = { "@tool build" },
  family = "command",
  caches = { "below", "one", "two", "project" },
  args = { dfc.opt.id() },
  expand = function(ctx, a)
    return dfc.run {
      mounts = { ctx:cache "below", ctx:cache "one", ctx:cache "two",
                 ctx:cache("project", { id = a.id }) },
      cmds = { a.command },
    }
  end,
}
