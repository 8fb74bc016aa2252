local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--long", short = "l" } },
  expand = function() end,
}
