local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a b" } },
  expand = function() end,
}
