local dfc = require "dfc.v1"
local words = require "words"

dfc.directive "goodbye" {
    summary = "say goodbye",
    expand = function()
        return dfc.run { cmds = { "echo " .. words.farewell } }
    end,
}
