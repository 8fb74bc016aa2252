local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "int", range = { 1 } } },
  expand = function() end,
}
