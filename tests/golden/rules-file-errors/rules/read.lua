local dfc = require "dfc.v1"

dfc.directive "read" {
  summary = "Say what is in a file of the build context",
  examples = { "@read a.txt" },
  args = { { "path", type = "path", many = true } },
  expand = function(ctx, a)
    for _, path in ipairs(a.path) do
      local found, why = ctx:file(path)
      if found then why = #found .. " bytes, " .. (found:lines()[1] or "empty") end
      ctx:note(path .. ": " .. why)
    end
  end,
}
