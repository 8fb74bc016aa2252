local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  body = "text",
  expand = function() end,
}
