local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  examples = { "@xy" },
  expand = function() end,
}
