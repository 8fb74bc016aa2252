local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", type = "wrd" } },
  expand = function() end,
}
