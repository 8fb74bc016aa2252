local dfc = require "dfc.v1"
dfc.cachedef "x" { sharing = "shared" }
