local dfc = require "dfc.v1"

dfc.directive "helper" {
  summary = "A stage before those of the file",
  examples = { "@helper" },
  expand = function(ctx)
    local stage = ctx:stage("helper", "busybox", dfc.run { cmds = { "echo $BUILDPLATFORM > /a" } })
    return dfc.copy { from = stage, src = "/a", dest = "/b" }
  end,
}
