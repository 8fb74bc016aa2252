local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", many = true }, { "b" } },
  expand = function() end,
}
