local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { type = "word" } },
  expand = function() end,
}
