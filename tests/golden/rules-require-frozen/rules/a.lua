local dfc = require "dfc.v1"

local shared = require "shared"

dfc.directive "x" {
  summary = "Tries to change what another file gave",
  examples = { "@x" },
  expand = function() shared.list[1] = "b" end,
}
