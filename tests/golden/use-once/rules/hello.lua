local dfc = require "dfc.v1"

dfc.directive "hello" {
    summary = "say hello",
    expand = function()
        return dfc.run { cmds = { "echo hello" } }
    end,
}
