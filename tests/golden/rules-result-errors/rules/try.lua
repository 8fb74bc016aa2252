local dfc = require "dfc.v1"

local KEPT = dfc.argv("a")
local KEPT_RUN = dfc.run { cmds = { "a" } }
local cases = {
  ["text"] = function() return "RUN a" end,
  ["number"] = function() return 5 end,
  ["mount"] = function() return dfc.ssh() end,
  ["argv"] = function() return dfc.argv("a") end,
  ["list-text"] = function() return { dfc.workdir "/a", "RUN a" } end,
  ["list-gap"] = function() return { dfc.workdir "/a", nil, dfc.workdir "/b" } end,
  ["list-field"] = function() return { dfc.workdir "/a", also = dfc.workdir "/b" } end,
  ["false"] = function() return false end,
  ["list-deep"] = function() return { { { { { { { { { { dfc.workdir "/a" } } } } } } } } } } end,
  ["kept-argv"] = function() return dfc.run { cmds = { KEPT:add "x" } } end,
  ["kept-run"] = function() KEPT_RUN:bind "Dockerfile.in" end,
}

dfc.directive "try" {
  summary = "One mistake of a rule",
  examples = { "@try x" },
  args = { { "case", type = "enum", values = dfc.keys(cases) }, { "word", many = true } },
  expand = function(ctx, a) return cases[a.case](ctx, a) end,
}
