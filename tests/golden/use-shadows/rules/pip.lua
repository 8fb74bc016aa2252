local dfc = require "dfc.v1"

dfc.directive "pip" {
    summary = "not quite the one of the standard library",
    args = { { "package", many = true, min = 1 } },
    expand = function(ctx, a)
        return dfc.run { mounts = { ctx:cache "pip" }, cmds = { dfc.argv("corp-pip", a.package) } }
    end,
}

dfc.rewrite "pip-cache" {
    summary = "nor is this",
    match = "^pip",
    check = function() end,
}

-- Data may be replaced without a word.
dfc.cachedef "pip" {
    sharing = "locked",
    target = function()
        return "/var/cache/corp-pip"
    end,
}
dfc.image "python" { distro = "debian", release = "sid" }
dfc.mirror "tuna" { base = "https://tuna.corp.example" }
