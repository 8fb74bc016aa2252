local dfc = require "dfc.v1"
local words = require "words"

dfc.directive "hello" {
    summary = "say hello",
    expand = function()
        return dfc.run { cmds = { "echo " .. words.greeting } }
    end,
}
