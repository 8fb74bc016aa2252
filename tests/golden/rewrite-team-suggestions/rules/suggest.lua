local dfc = require "dfc.v1"

dfc.rewrite "old" {
  summary = "what may change the image is only said", match = "^old (.)",
  check = function(ctx, run, m)
    ctx:report { at = m, message = "old " .. m[1], suggest = {
      m.replace_arg("old", "new"), run.remove_cmd "^echo", run.prepend_cmd "set -x" } }
  end,
}

dfc.rewrite "pipe" {
  summary = "a fix that can't be made is said", match = "^pipe",
  check = function(ctx, run, m)
    ctx:report { at = m, message = "pipe", help = "use another way", fix = run.remove_cmd "^pipe" }
  end,
}
