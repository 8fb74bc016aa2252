local dfc = require "dfc.v1"
dfc.rewrite "b" { summary = "wrong pattern", match = "a(b", check = function() end }
