local dfc = require "dfc.v1"

dfc.directive "pip" {
    summary = "install from the company's index",
    override = true,
    args = { { "package", many = true, min = 1 } },
    expand = function(_, a)
        return dfc.run { cmds = { dfc.argv("corp-pip", a.package) } }
    end,
}
