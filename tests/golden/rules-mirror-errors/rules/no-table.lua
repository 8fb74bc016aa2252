local dfc = require "dfc.v1"
dfc.mirror "corp" "https://mirror.corp.example"
