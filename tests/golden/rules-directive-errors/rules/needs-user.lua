local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  needs = { user = "app" },
  expand = function() end,
}
