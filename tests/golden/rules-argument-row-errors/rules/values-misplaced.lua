local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", values = { "b" } } },
  expand = function() end,
}
