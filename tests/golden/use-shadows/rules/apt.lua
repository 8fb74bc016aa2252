local dfc = require "dfc.v1"

dfc.directive "apt" {
    summary = "said to replace the one of the standard library",
    override = true,
    args = { { "package", many = true, min = 1 } },
    expand = function(ctx, a)
        return dfc.run { cmds = { dfc.argv("corp-apt", ctx.base.release, a.package) } }
    end,
}
