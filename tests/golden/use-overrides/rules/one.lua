local dfc = require "dfc.v1"

-- one
dfc.directive "hello" {
    override = true,
    summary = "say hello",
    expand = function()
        return dfc.run { cmds = { "echo one" } }
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

dfc.mirror "corp" { override = true, base = "https://one.corp.example" }
dfc.image "corp/base" { override = true, distro = "debian", release = "bookworm" }
dfc.cachedef "corp" {
    override = true,
    sharing = "shared",
    target = function()
        return "/var/cache/one"
    end,
}
