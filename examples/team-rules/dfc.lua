-- Configuration of dfc for all that lies below this directory.
local dfc = require "dfc.v1"

dfc.settings {
  rules = { "rules" },
  committed = true, -- Dockerfile is in git: nobody's own mirror or rules may get into it
  ["dfc.mirror"] = "corp",
  ["dfc.auto"] = true, -- rewrites such as no-distro-jdk look at plain instructions, too
}
