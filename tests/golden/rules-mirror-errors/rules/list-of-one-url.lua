local dfc = require "dfc.v1"
dfc.mirror "corp" { npm = { "https://npm.corp.example" } }
