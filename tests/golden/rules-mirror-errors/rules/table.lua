local dfc = require "dfc.v1"
dfc.mirror "corp" {
  base = "https://mirror.corp.example",
  rustup = { dist = "https://one.example", update_root = "a b" },
}
