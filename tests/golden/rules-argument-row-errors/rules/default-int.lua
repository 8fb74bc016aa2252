local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "int", default = "1x" } },
  expand = function() end,
}
