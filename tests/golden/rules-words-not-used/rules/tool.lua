local dfc = require "dfc.v1"

dfc.directive "deaf" {
  summary = "Looks at neither the words behind '--' nor at --exe",
  examples = { "@deaf x" },
  args = { { "word", many = true } },
  expand = function(_, a) return dfc.run { cmds = { dfc.argv("tool", a.word) } } end,
}

dfc.directive "tool" {
  summary = "Looks at both",
  examples = { "@tool x" },
  args = { { "word", many = true } },
  expand = function(_, a) return dfc.run { cmds = { dfc.argv(a.exe or "tool", a.word, a.rest) } } end,
}

-- The core puts --exe into the command.
dfc.directive "command" {
  summary = "A command",
  family = "command",
  examples = { "@command x" },
  tools = { "command" },
  expand = function(_, a) return dfc.run { cmds = { a.command } } end,
}

dfc.directive "runless" {
  summary = "Makes no RUN",
  examples = { "@runless" },
  expand = function() return dfc.env { A = "b" } end,
}

dfc.directive "busy" {
  summary = "Has reported something else",
  examples = { "@busy" },
  expand = function(ctx) ctx:error "busy" end,
}
