local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  verbs = { [1] = "a", [3] = "b" },
  expand = function() end,
}
