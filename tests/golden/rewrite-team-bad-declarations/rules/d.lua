local dfc = require "dfc.v1"
dfc.rewrite "d" { summary = "unknown field", matches = "x", check = function() end }
