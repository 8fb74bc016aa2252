local dfc = require "dfc.v1"
dfc.mirror "corp" { base = "https://user:secret@mirror.corp.example" }
