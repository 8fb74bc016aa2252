local dfc = require "dfc.v1"
dfc.rewrite "No Name" { summary = "wrong name", check = function() end }
