local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "-x" } },
  expand = function() end,
}
