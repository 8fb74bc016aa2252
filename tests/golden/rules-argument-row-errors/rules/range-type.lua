local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", range = { 1, 2 } } },
  expand = function() end,
}
