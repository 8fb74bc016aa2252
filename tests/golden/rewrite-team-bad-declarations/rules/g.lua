local dfc = require "dfc.v1"
dfc.rewrite "forgotten"
