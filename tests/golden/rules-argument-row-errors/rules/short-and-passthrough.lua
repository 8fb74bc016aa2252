local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--one", short = "-o" }, { "flag", type = "passthrough", values = { "-o=" } } },
  expand = function() end,
}
