local dfc = require "dfc.v1"

dfc.directive "owned" {
  summary = "Who owns the image: no command runs, so it works on every base",
  examples = { "@owned platform" },
  args = { { "team", min = 1 } },
  expand = function(_, a) return dfc.raw('LABEL owner="' .. a.team .. '"') end,
}

dfc.directive "strict" {
  summary = "Says that it needs a POSIX shell",
  examples = { "@strict" },
  needs = { shell = "posix" },
  expand = function() return dfc.env { A = "b" } end,
}

dfc.directive "hello" {
  summary = "Runs something without having said so",
  examples = { "@hello" },
  expand = function(ctx)
    local hello = dfc.run { cmds = { "echo hello" } }
    if ctx.base.image ~= "debian:12" then return hello end
    ctx:once("hello", hello)
  end,
}
