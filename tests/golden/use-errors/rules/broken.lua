local dfc = require "dfc.v1"
local missing = require "missing"

dfc.directive "broken" { summary = missing.summary }
