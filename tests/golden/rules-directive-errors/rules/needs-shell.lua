local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  needs = { shell = "bash" },
  expand = function() end,
}
