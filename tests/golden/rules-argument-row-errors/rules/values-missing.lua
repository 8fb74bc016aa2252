local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", type = "enum" } },
  expand = function() end,
}
