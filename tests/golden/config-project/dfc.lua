local dfc = require "dfc.v1"

dfc.settings {
    ["dfc.mirror"] = "tuna",
    ["pip.sharing"] = "locked",
    rules = { "rules" },
}

dfc.directive "goodbye" {
    summary = "say goodbye",
    expand = function()
        return dfc.run { cmds = { "echo goodbye" } }
    end,
}
