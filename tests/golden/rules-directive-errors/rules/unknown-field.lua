local dfc = require "dfc.v1"
dfc.directive "x" {
  sumary = "…", summary = "…",
  expand = function() end,
}
