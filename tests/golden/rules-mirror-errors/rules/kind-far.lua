local dfc = require "dfc.v1"
dfc.mirror "other" { base = "https://mirror.corp.example", artifacts = "x" }
