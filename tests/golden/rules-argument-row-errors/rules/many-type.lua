local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", many = 1 } },
  expand = function() end,
}
