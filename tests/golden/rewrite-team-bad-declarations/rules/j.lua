local dfc = require "dfc.v1"
local twice = dfc.rewrite "j"
twice { summary = "the first", check = function() end }
twice { summary = "a second one", check = function() end }
dfc.rewrite "forgotten"
