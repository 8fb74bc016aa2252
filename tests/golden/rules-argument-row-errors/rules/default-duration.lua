local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "duration", default = "5" } },
  expand = function() end,
}
