local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "word", short = "-w" } },
  expand = function() end,
}
