local dfc = require "dfc.v1"

local corp = {
  summary = "the mirror of the company", base = "https://mirror.corp.example/", http = true,
  debian = "debian", pypi = "https://pypi.corp.example/simple",
  goproxy = { "https://go.corp.example", "go" }, gosumdb = "off", artifacts = "jdk",
}
dfc.mirror "corp" (corp)

-- A kind of the team's own is one that a directive takes a URL of.
dfc.directive "artifact" {
  summary = "What the mirror in force offers",
  examples = { "@artifact" },
  args = { dfc.opt.mirror "artifacts" },
  expand = function(ctx)
    corp.pypi = "https://changed.example" -- dfc has taken a copy
    local proxies = ctx:mirror "goproxy"
    ctx:note((ctx:mirror "artifacts" or "upstream") .. ", " .. (ctx:mirror "debian" or "upstream")
      .. ", " .. (ctx:mirror("debian", "http") or "upstream")
      .. ", " .. (proxies and table.concat(proxies, " and ") or "upstream"))
  end,
}
