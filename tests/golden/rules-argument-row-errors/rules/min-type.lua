local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", min = "1" } },
  expand = function() end,
}
