local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "a", typ = "word" } },
  expand = function() end,
}
