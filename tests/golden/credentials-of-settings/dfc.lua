local dfc = require "dfc.v1"

dfc.settings {
    ["npm.registry"] = "https://user:secret@npm.example",
}
