local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", default = "a\nb" } },
  expand = function() end,
}
