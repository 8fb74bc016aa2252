local dfc = require "dfc.v1"

dfc.directive "show" {
  summary = "Say which commands there are, and whether a file was copied",
  examples = { "@show a" },
  family = "command",
  tools = { "show", "./show" },
  args = { { "--file" } },
  expand = function(ctx, a)
    for i, command in ipairs(a.commands) do ctx:note(i .. ": " .. command) end
    if a.file then ctx:note(a.file .. (ctx:copied(a.file) and " was copied" or " was not copied")) end
    return dfc.run { cmds = { a.command }, script = a.script }
  end,
}
