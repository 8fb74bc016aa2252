local dfc = require "dfc.v1"
dfc.image "corp/python"
