local dfc = require "dfc.v1"

dfc.rewrite "say" {
  summary = "says it", match = [[^say (?<level>\w+)]],
  check = function(ctx, run, m)
    ctx:report {
      at = m.span(1), level = m.level, message = "a finding of level " .. m[1],
      note = "the note", help = "the help",
      suggest = { m.replace_arg("say", "write it"), run.remove_cmd "warn", m.insert_arg("$X", "a b") },
    }
  end,
}

-- What ctx:error and its like report has no level and no edits of its own.
dfc.rewrite "tell" {
  summary = "tells it", match = [[^tell (\w+)]],
  check = function(ctx, _, m)
    ctx:error("an error of a check", { at = m, code = "told" })
    ctx:warn("a warning of a check", { at = m.span(1) })
    ctx:note("a note of a check")
  end,
}
