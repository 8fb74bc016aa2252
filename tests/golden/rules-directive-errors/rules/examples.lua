local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  examples = { "@x a", "x b" },
  expand = function() end,
}
