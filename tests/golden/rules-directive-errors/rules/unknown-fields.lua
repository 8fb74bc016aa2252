local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  zeta = 1, beta = 2,
  expand = function() end,
}
