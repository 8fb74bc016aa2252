local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  family = "installs",
  expand = function() end,
}
