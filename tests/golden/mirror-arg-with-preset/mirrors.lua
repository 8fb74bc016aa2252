local dfc = require "dfc.v1"

dfc.mirror "corp" {
    base = "http://mirror.corp.example",
    debian = "apt/debian",
    debian_security = "apt/security",
    pypi = "http://pypi.corp.example:8080/simple",
    goproxy = { "https://go.corp.example", "https://go2.corp.example" },
}
