local dfc = require "dfc.v1"

dfc.mirror "corp" { base = "https://mirror.corp.example", goproxy = { "https://go.corp.example" } }

dfc.directive "x" {
  summary = "Tries to change a preset",
  examples = { "@x" },
  expand = function(ctx) table.insert(ctx:mirror "goproxy", "https://evil.example") end,
}
