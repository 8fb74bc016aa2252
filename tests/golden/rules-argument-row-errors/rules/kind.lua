local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", kind = "pypi" } },
  expand = function() end,
}
