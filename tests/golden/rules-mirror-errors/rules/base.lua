local dfc = require "dfc.v1"
dfc.mirror "corp" { base = "mirror.corp.example" }
