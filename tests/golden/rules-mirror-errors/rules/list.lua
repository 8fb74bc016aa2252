local dfc = require "dfc.v1"
dfc.mirror "corp" {
  base = "https://mirror.corp.example",
  goproxy = { "https://one.example", 2 },
}
