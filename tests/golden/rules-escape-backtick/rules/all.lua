local dfc = require "dfc.v1"

dfc.directive "all" {
  summary = "Values that need the escape character of the file",
  examples = { "@all" },
  expand = function()
    return {
      dfc.env { QUOTED = [[say "hi"]], DOLLAR = dfc.lit "costs $5", BACK = [[C:\x y]], TICK = "a`b",
                LIVE = "$PATH:/x", PLAIN = "a/b", NOTHING = "" },
      dfc.arg("WORDS", "a b"),
      dfc.raw "LABEL a=b `\n    c=d",
      dfc.copy { src = { "one", ("y"):rep(80) }, dest = "/z/" },
    }
  end,
}
