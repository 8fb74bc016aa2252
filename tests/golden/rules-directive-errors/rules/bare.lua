local dfc = require "dfc.v1"
dfc.directive "x" { summary = "s", bare = true, expand = function() end }
