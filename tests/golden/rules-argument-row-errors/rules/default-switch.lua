local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "switch", default = "on" } },
  expand = function() end,
}
