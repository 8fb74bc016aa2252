local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  verbs = { "install", 5, {} },
  expand = function() end,
}
