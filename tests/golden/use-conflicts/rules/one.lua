local dfc = require "dfc.v1"

-- one
dfc.directive "hello" {
    summary = "say hello",
    expand = function()
        return dfc.run { cmds = { "echo one" } }
    end,
}

dfc.rewrite "no-echo" {
    summary = "finds echo",
    match = "^echo",
    check = function(ctx, _, m)
        ctx:report { at = m, message = "echo" }
    end,
}

dfc.mirror "corp" { base = "https://one.corp.example" }
dfc.image "corp/base" { distro = "debian", release = "bookworm" }
dfc.cachedef "corp" {
    sharing = "shared",
    target = function()
        return "/var/cache/one"
    end,
}
