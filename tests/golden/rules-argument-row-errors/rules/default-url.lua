local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "url", default = "host.example/x" } },
  expand = function() end,
}
