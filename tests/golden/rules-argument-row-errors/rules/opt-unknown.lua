local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { dfc.opt.shring() },
  expand = function() end,
}
