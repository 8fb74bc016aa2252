local dfc = require "dfc.v1"

-- What a rule gives changes the stage: the next directive sees it.
dfc.directive "app-user" {
  summary = "Make the user of the application and become it",
  examples = { "@app-user 1234 /srv/app" },
  args = { { "uid", type = "int" }, { "home", type = "path" } },
  needs = { user = "root" },
  expand = function(_, a)
    local add = dfc.argv("useradd", "--uid", a.uid, "--home-dir", a.home, "--create-home", "app")
    return {
      dfc.run { cmds = { add } },
      dfc.env { HOME = a.home, APP_ENV = 'say "hi" for $USER' },
      dfc.workdir(a.home),
      dfc.user(a.uid),
    }
  end,
}

dfc.directive "root" {
  summary = "Become root again",
  examples = { "@root" },
  expand = function() return dfc.user "root" end,
}

dfc.directive "show" {
  summary = "Say what is known of the stage",
  examples = { "@show" },
  expand = function(ctx)
    local u = ctx.user
    ctx:note(("user %s, uid %s, home %s, workdir %s"):format(u.name or "-", u.uid or "-",
                                                             u.home or "-", ctx.workdir))
  end,
}
