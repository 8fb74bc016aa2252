local dfc = require "dfc.v1"

dfc.settings {
    ["dfc.miror"] = "tuna",
    mirror = "tuna",
    version = "1.2",
    ["dfc.base"] = "debain/12",
    ["dfc.mirror"] = "tunna",
    ["dfc.syntax"] = 1,
    ["pip."] = "x",
    ["pip.sharing"] = "locked\nshared",
    rules = { "rules", "../../../../../../../../../../../../../../../../elsewhere", "/etc/dfc" },
    committed = "yes",
}
