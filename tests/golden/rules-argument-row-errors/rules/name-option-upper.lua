local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--Up" } },
  expand = function() end,
}
