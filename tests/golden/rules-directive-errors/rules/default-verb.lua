local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  verbs = { "install" }, default_verb = "instal",
  expand = function() end,
}
