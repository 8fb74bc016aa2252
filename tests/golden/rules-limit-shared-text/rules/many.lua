local dfc = require "dfc.v1"

dfc.directive "shared" {
  summary = "Returns one long text more often than a rule may",
  examples = { "@shared" },
  expand = function()
    local list, node = {}, dfc.raw("LABEL a=" .. ("x"):rep(50 * 1024))
    for i = 1, 100 do list[i] = node end
    return list
  end,
}
