local dfc = require "dfc.v1"
dfc.mirror "corp" { rustup = { "https://rust.corp.example" } }
