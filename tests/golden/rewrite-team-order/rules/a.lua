local dfc = require "dfc.v1"

-- Takes the place of the standard library's, without a fix.
dfc.rewrite "pip-cache" {
  override = true,
  summary = "only says", match = "^pip",
  check = function(ctx, _, m)
    ctx:report { at = m, level = "note", message = "seen: " .. m.text .. ", " .. #m.argv .. " words" }
  end,
}
