local dfc = require "dfc.v1"
dfc.directive "forgotten"
