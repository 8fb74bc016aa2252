local dfc = require "dfc.v1"
dfc.directive "x" {
  summary = "…",
  args = { { "--a", type = "url", default = "https://u:p@host.example/x" } },
  expand = function() end,
}
