local dfc = require "dfc.v1"
dfc.cachedef "x" { target = "/x", sharing = "shared" }
