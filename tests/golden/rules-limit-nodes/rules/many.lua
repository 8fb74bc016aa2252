local dfc = require "dfc.v1"

dfc.directive "many" {
  summary = "Makes more nodes than a rule may",
  examples = { "@many" },
  expand = function()
    for i = 1, 10001 do dfc.workdir("/" .. i) end
  end,
}
