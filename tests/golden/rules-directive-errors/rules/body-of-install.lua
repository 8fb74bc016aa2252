local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  body = "script",
  expand = function() end,
}
