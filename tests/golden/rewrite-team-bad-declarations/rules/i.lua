local dfc = require "dfc.v1"
dfc.rewrite "i" ({ summary = "two tables", check = function() end }, {})
