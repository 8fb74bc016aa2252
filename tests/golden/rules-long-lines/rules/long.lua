local dfc = require "dfc.v1"

local NAMES = { ("a"):rep(60), ("b"):rep(60) }
local FETCH = "curl https://host.example/x\n| tar -x\n--one\n--two"

dfc.directive "long" {
  summary = "Commands of several lines, in each place of a RUN",
  examples = { "@long" },
  expand = function()
    local install = dfc.argv("install", NAMES)
    return {
      dfc.run { cmds = { install, install } },
      dfc.run { cmds = { dfc.argv(NAMES) } },
      dfc.run { cmds = { FETCH, FETCH } },
      dfc.run { cmds = { "test -d /a\n|| mkdir\n/a", install } },
      dfc.run { cmds = { install }, env = { A = "1" } },
      dfc.run { cmds = { install, "true" }, env = { A = "1" } },
      dfc.run { cmds = { install }, network = "none" },
      dfc.run { cmds = { install, FETCH }, mounts = { dfc.tmpfs { target = "/tmp" } },
        network = "none" },
    }
  end,
}
