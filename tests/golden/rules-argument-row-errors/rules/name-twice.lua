local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--one" }, { "--one" } },
  expand = function() end,
}
