local dfc = require "dfc.v1"

dfc.mirror "near" { base = "https://near.example", pypi = "pypi/simple" }
dfc.settings { ["dfc.mirror"] = "near", rules = { "rules/hello.lua" } }
