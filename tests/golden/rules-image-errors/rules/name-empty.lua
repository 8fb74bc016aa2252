local dfc = require "dfc.v1"
dfc.image "" { distro = "debian" }
