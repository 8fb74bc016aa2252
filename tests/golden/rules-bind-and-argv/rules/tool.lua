local dfc = require "dfc.v1"

dfc.directive "tool" {
  summary = "A command with files of the build context",
  examples = { "@tool a.txt" },
  args = {
    { "file", type = "path", many = true },
    { "--set", many = true, doc = "NAME=VALUE" },
    { "--fast", type = "switch" },
  },
  expand = function(_, a)
    local command = dfc.argv("tool", { "--level", 3 }, a.fast and "--fast" or nil)
    local run = dfc.run {
      env = { TOOL_HOME = "/opt/tool" },
      cmds = { "tool --version", command, dfc.argv("echo", dfc.lit "costs $5", "$HOME") },
    }
    for _, file in ipairs(a.file) do command:add("--file", run:bind(file)) end
    command:env("MODE", "a b"):env("NOTHING", nil):add(a.set, {})
    return run
  end,
}

-- A list may stand in the place of the program.
dfc.directive "lists" {
  summary = "Words in lists",
  expand = function()
    local long = { "first" }
    for i = 1, 12 do long[#long + 1] = "package-" .. i end
    return {
      dfc.run { cmds = { dfc.argv({ "echo", "x" }) } },
      dfc.run {
        cmds = {
          dfc.argv({}, { "echo" }), dfc.argv({ "echo" }, { "x" }), dfc.argv():add({ "echo", 1 }),
        },
      },
      dfc.run { cmds = { dfc.argv(long):env("A", "b") } },
    }
  end,
}
