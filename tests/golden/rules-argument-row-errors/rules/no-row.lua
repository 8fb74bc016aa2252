local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { "a" },
  expand = function() end,
}
