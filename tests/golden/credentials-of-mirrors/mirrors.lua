local dfc = require "dfc.v1"

dfc.mirror "corp" {
    base = "https://mirror.example",
    pypi = "https://user:secret@pypi.example/simple",
}
