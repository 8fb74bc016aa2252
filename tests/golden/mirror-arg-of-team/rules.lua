local dfc = require "dfc.v1"

dfc.mirror "corp" { pypi = "https://pypi.corp.example/simple" }

local function directive(name, expand)
    dfc.directive(name) { summary = name, args = { dfc.opt.mirror "pypi" }, expand = expand }
end

directive("environment", function(ctx)
    return dfc.run { env = { A = ctx:mirror "pypi", B = 1 }, cmds = { "fetch" } }
end)

directive("word", function(ctx)
    return dfc.run { cmds = { dfc.argv("fetch", "--from", ctx:mirror "pypi") } }
end)

directive("shell", function(ctx)
    return dfc.run { cmds = { "fetch --from '" .. ctx:mirror "pypi" .. "'" } }
end)

-- One that knows.
directive("own", function(ctx)
    local arg = ctx:mirror_arg "pypi"
    return dfc.run { cmds = { ('fetch ${%s:+--from "$%s"}'):format(arg, arg) } }
end)

directive("once", function(ctx)
    ctx:once("once", dfc.run { cmds = { "fetch " .. ctx:mirror "pypi" } })
end)

directive("helper", function(ctx)
    ctx:stage("helper", "debian:12", dfc.run { cmds = { "fetch " .. ctx:mirror "pypi" } })
end)

directive("copied", function(ctx)
    return dfc.add { src = ctx:mirror "pypi" .. "/x", dest = "/x" }
end)
