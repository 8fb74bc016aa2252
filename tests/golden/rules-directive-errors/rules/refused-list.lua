local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  refused = { "remove" },
  expand = function() end,
}
