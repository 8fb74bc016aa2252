local dfc = require "dfc.v1"

dfc.settings { committed = true, ["dfc.mirror"] = "tunna", rules = "rules" }
