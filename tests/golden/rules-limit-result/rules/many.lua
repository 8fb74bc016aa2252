local dfc = require "dfc.v1"

dfc.directive "twice" {
  summary = "Returns one node more often than a rule may",
  examples = { "@twice" },
  expand = function()
    local list, node = {}, dfc.workdir "/a"
    for i = 1, 10001 do list[i] = node end
    return list
  end,
}
