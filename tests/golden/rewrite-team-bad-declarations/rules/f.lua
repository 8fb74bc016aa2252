local dfc = require "dfc.v1"
dfc.rewrite "f" { check = function() end }
