local dfc = require "dfc.v1"
dfc.cachedef "forgotten"
