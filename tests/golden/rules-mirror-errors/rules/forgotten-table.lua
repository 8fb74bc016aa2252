local dfc = require "dfc.v1"
dfc.mirror "forgotten"
