local dfc = require "dfc.v1"

dfc.directive "hello" {
    summary = "say hello",
    override = true,
    expand = function()
        return dfc.run { cmds = { "echo use" } }
    end,
}

dfc.directive "goodbye" {
    summary = "say goodbye",
    override = true,
    expand = function()
        return dfc.run { cmds = { "echo use" } }
    end,
}
