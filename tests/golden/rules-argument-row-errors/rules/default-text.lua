local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "text", default = "$HOME" } },
  expand = function() end,
}
