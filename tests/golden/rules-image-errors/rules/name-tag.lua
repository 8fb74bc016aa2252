local dfc = require "dfc.v1"
dfc.image "corp/python:3.12" { distro = "debian" }
