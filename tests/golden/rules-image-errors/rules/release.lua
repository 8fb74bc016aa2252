local dfc = require "dfc.v1"
dfc.image "corp/python" { release = "12 (bookworm)" }
