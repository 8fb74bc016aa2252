local dfc = require "dfc.v1"
dfc.mirror "off" { npm = "https://npm.corp.example" }
