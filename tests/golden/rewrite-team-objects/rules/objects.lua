local dfc = require "dfc.v1"

dfc.rewrite "objects" {
  summary = "tells what it sees", match = [[^(?<name>\S+)(?: (x))?]],
  check = function(ctx, run, m)
    local words = {}
    for i, word in ipairs(m.argv) do words[i] = "<" .. word .. ">" end
    ctx:report { level = "note", at = m, message = table.concat({
      run.instruction, "flags " .. table.concat(run.flags, " "), "text " .. run.text,
      "commands " .. table.concat(run.commands, "; "), "command " .. m.text,
      "argv " .. table.concat(words), "nested " .. tostring(m.nested), "sudo " .. tostring(m.sudo),
      "groups " .. m.name .. " " .. tostring(m[2]) .. " " .. tostring(m[3]),
      "mount " .. tostring(run:has_mount "/x"),
    }, "\n") }
  end,
}
