local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  family = "command", body = "words",
  expand = function() end,
}
