local dfc = require "dfc.v1"

dfc.cachedef "tool" { target = function() return "/var/cache/tool" end, sharing = "shared" }

dfc.directive "good" {
  summary = "Names its caches, one of them of the standard library",
  examples = { "@good" },
  caches = { "tool", "pip" },
  expand = function(ctx) return dfc.run { mounts = { ctx:cache "tool" }, cmds = { "tool" } } end,
}

dfc.directive "bad" {
  summary = "Names a cache that is not there",
  examples = { "@bad" },
  caches = { "tool", "toool" },
  expand = function() end,
}
