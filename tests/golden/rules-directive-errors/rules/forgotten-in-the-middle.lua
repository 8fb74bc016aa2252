local dfc = require "dfc.v1"
local directive = dfc.directive
directive "first" { summary = "x", expand = function() end }
directive "middle"
directive "last" { summary = "x", expand = function() end }
