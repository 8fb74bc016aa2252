local dfc = require "dfc.v1"

-- two
dfc.directive "hello" {
    override = true,
    summary = "say hello",
    expand = function()
        return dfc.run { cmds = { "echo two" } }
    end,
}

dfc.rewrite "no-echo" {
    override = true,
    summary = "finds echo",
    match = "^echo",
    check = function(ctx, _, m)
        ctx:report { at = m, message = "echo" }
    end,
}

dfc.mirror "corp" { override = true, base = "https://two.corp.example" }
dfc.image "corp/base" { override = true, distro = "debian", release = "trixie" }
dfc.cachedef "corp" {
    override = true,
    sharing = "shared",
    target = function()
        return "/var/cache/two"
    end,
}
