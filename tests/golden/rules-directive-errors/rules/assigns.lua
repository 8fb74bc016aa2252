local dfc = require "dfc.v1"
dfc.directive "x" { summary = "s", assigns = true, expand = function() end }
