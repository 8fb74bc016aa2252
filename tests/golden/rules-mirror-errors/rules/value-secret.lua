local dfc = require "dfc.v1"
dfc.mirror "corp" {
  base = "https://mirror.corp.example",
  pypi = "https://$USER@mirror.corp.example/simple",
}
