local dfc = require "dfc.v1"

dfc.directive "typed" {
  summary = "One argument of each type",
  examples = { "@typed" },
  args = {
    { "--int", type = "int", range = { -5, 100 } },
    { "--enum", type = "enum", values = { "fast", "slow" } },
    { "--text", type = "text" },
    { "--path", type = "path" },
    { "--url", type = "url" },
    { "--duration", type = "duration" },
    { "--switch", type = "switch" },
  },
  expand = function(ctx, a)
    local found = {}
    for _, key in ipairs { "int", "enum", "text", "path", "url", "duration", "switch" } do
      local value = a[key]
      if value ~= nil then
        found[#found + 1] = key .. " " .. type(value) .. " " .. tostring(value)
      end
    end
    ctx:note(table.concat(found, ", "))
  end,
}
