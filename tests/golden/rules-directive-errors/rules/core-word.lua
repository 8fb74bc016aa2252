local dfc = require "dfc.v1"
dfc.directive "mirror" { summary = "x", override = true, expand = function() end }
