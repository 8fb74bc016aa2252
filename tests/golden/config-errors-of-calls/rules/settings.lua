local dfc = require "dfc.v1"

dfc.settings { ["dfc.auto"] = true }
