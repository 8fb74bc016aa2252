local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  verbs = { "a", x = "b" },
  expand = function() end,
}
