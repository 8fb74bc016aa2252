local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", type = "passthrough", values = { "b" } } },
  expand = function() end,
}
