local dfc = require "dfc.v1"

dfc.directive "helper" {
  summary = "A stage before those of the file",
  examples = { "@helper" },
  expand = function(ctx)
    return dfc.copy { from = ctx:stage("helper", "debian:12"), src = "/a", dest = "/b" }
  end,
}
