local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", min = 0.5 } },
  expand = function() end,
}
