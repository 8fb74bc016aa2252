local dfc = require "dfc.v1"

dfc.directive "long" {
  summary = "Makes more text than a rule may",
  examples = { "@long" },
  expand = function()
    local text, command = ("x"):rep(1024 * 1024), dfc.argv("echo")
    for _ = 1, 5 do command:add(text) end
    return dfc.run { cmds = { command } }
  end,
}
