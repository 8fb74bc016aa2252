local dfc = require "dfc.v1"

dfc.directive "cron" {
  summary = "Lines of a crontab",
  examples = { "@cron --to=/etc/cron.d/x" },
  body = "lines",
  args = { { "--to", type = "path", default = "/etc/crontab" } },
  expand = function(ctx, a)
    if #a.lines == 0 then return ctx:error "@cron needs lines" end
    return dfc.run { cmds = { dfc.argv("write-lines", a.to, a.lines) } }
  end,
}
