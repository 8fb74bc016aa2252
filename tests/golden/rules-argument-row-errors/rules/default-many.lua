local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", many = true, default = "on" } },
  expand = function() end,
}
