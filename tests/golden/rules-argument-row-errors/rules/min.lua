local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", min = 2 } },
  expand = function() end,
}
