local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "enum", values = { "b", "c" }, default = "d" } },
  expand = function() end,
}
