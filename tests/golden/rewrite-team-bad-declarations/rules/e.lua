local dfc = require "dfc.v1"
dfc.rewrite "e" { summary = "unknown need", needs = { famly = "debian" }, check = function() end }
