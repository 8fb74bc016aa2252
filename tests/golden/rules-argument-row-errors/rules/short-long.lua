local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--long", short = "-lo" } },
  expand = function() end,
}
