local dfc = require "dfc.v1"

dfc.settings { "tuna" }
