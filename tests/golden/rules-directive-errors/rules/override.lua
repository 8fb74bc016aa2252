local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  override = "yes",
  expand = function() end,
}
