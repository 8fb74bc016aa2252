-- The company's Nexus. It has a repository, and so a URL, for each tree: nothing stands below a
-- common base as on the public mirrors, so each value is a whole URL.
local dfc = require "dfc.v1"

local function repository(name) return "https://nexus.corp.example/repository/" .. name end

dfc.mirror "corp" {
  summary = "the company's Nexus",
  debian = repository "debian",
  debian_security = repository "debian-security",
  pypi = repository "pypi" .. "/simple",
  npm = repository "npm",
  goproxy = repository "go",
}
