local dfc = require "dfc.v1"
dfc.cachedef "x" { target = function() return "/x" end, sharing = "shared", env = "A", below = "y", option = "-D" }
