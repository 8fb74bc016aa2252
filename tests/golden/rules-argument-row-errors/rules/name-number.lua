local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { 5 } },
  expand = function() end,
}
