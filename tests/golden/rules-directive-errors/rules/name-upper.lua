local dfc = require "dfc.v1"
dfc.directive "Big" {
  summary = "…",
  expand = function() end,
}
