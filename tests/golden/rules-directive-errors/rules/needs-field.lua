local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  needs = { famly = "debian" },
  expand = function() end,
}
