local dfc = require "dfc.v1"

dfc.settings { committed = true }
