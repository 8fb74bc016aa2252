local dfc = require "dfc.v1"

dfc.rewrite "heredoc" {
  summary = "begins a heredoc", match = "^a",
  check = function(ctx, run) ctx:report { message = "x", fix = run.prepend_cmd "cat <<EOF" } end,
}
dfc.rewrite "flag" {
  summary = "brings a flag", match = "^c",
  check = function(ctx, run) ctx:report { message = "x", fix = run.prepend_cmd "--network=none" } end,
}
