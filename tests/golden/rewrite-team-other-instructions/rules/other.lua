local dfc = require "dfc.v1"

dfc.rewrite "corp-registry" {
  summary = "images come from the company's registry",
  on = "FROM", match = [[^(?<image>\S+)(?: AS (\S+))?$]],
  check = function(ctx, run, m)
    if ctx.base.registry or ctx.stage.parent or m.image == "scratch" then return end
    ctx:report {
      at = m.span "image", message = "not from the company's registry: " .. ctx.base.repo,
      fix = m.replace_arg(m.image, "reg.corp.example/" .. m.image),
    }
  end,
}

dfc.rewrite "level" {
  summary = "two is better", on = "ENV", match = [[\bLEVEL=1\b]],
  check = function(ctx, _, m)
    ctx:report { at = m, message = "level", fix = { m.replace_arg("LEVEL=1", "LEVEL=2"),
                                                    m.insert_arg "MORE=1" } }
  end,
}

dfc.rewrite "sources" {
  summary = "all sources are copied", on = "COPY", match = [[^app\b]],
  check = function(ctx, run, m)
    if run.flags[1] == "--link" and run.instruction == "COPY" then
      ctx:report { message = "lib is missing", fix = m:insert_arg("lib") }
    end
  end,
}

dfc.rewrite "number" {
  summary = "a number is better than a name", on = "USER", match = "^app$",
  check = function(ctx, _, m)
    ctx:report { message = "name", fix = m.replace_arg("app", "1000:1000") }
  end,
}

-- What follows sees the instruction as it is in the end.
dfc.rewrite "who" {
  summary = "tells the user", match = "^whoami$",
  check = function(ctx, _, m)
    ctx:report { level = "note", at = m, message = "it is " .. ctx.user.uid }
  end,
}

dfc.rewrite "debug" {
  summary = "not in production", on = "cmd", match = [[ --debug\b]],
  check = function(ctx, _, m)
    ctx:report { message = "debug", fix = m.remove_arg "--debug" }
  end,
}

dfc.rewrite "no-labels" {
  summary = "labels are set by CI", on = "LABEL",
  check = function(ctx, run, m)
    if m == nil then
      ctx:report { at = run, level = "warn", message = "label " .. run.text .. " of hand" }
    end
  end,
}
