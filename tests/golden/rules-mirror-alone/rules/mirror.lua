-- No directive that is loaded here asks for the kind "releases".
local dfc = require "dfc.v1"

dfc.mirror "corp" {
  pypi = "https://nexus.corp.example/pypi/simple",
  releases = "https://nexus.corp.example/releases",
}
