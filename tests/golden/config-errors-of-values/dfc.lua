local dfc = require "dfc.v1"

dfc.settings {
    ["dfc.base"] = "debain/12",
    ["dfc.mirror"] = "tunna",
    ["dfc.auto"] = true,
}
