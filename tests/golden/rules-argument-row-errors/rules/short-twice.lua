local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--one", short = "-o" }, { "--other", short = "-o" } },
  expand = function() end,
}
