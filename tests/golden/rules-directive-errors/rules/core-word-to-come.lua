local dfc = require "dfc.v1"
dfc.directive "if" { summary = "x", expand = function() end }
