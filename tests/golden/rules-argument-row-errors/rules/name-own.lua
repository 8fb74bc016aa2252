local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--mount" } },
  expand = function() end,
}
