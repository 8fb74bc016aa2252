local dfc = require "dfc.v1"
dfc.directive "x" { summary = "x", tools = { "x" }, reads = "(", expand = function() end }
