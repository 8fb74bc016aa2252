local dfc = require "dfc.v1"
dfc.mirror "Corp" { npm = "https://npm.corp.example" }
