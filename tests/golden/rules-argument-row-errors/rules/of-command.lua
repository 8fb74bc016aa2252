local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  family = "command",
  args = { { "a" } },
  expand = function() end,
}
