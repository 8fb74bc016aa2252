local dfc = require "dfc.v1"

dfc.directive "all" {
  summary = "A helper stage, text and an ENV of two lines in a file whose lines end in CR LF",
  examples = { "@all" },
  expand = function(ctx)
    local helper = ctx:stage("helper", "scratch", {
      dfc.add { src = "https://host.example/x", dest = "/x" },
    })
    return {
      dfc.raw "LABEL a=b \\\n    c=d\nCOPY <<EOF /motd\nwelcome\nEOF",
      dfc.copy { from = helper, src = { "/x", "/y" }, dest = "/z/" },
      dfc.env { A = "b", C = "d" },
    }
  end,
}
