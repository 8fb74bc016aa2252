local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { dfc.opt.id(5) },
  expand = function() end,
}
