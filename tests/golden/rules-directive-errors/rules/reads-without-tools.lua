local dfc = require "dfc.v1"
dfc.directive "x" { summary = "x", reads = "^x", expand = function() end }
