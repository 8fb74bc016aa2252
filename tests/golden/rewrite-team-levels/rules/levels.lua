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
