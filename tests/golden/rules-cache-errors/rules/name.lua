local dfc = require "dfc.v1"
dfc.cachedef "X" { target = function() return "/x" end, sharing = "shared" }
