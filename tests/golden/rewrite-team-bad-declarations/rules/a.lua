local dfc = require "dfc.v1"
dfc.rewrite "a" { summary = "wrong on", on = "RUNS", check = function() end }
