local dfc = require "dfc.v1"

local function keep(ctx)
  ctx:once("keep", dfc.run { cmds = { "echo keep" } })
end

dfc.directive "keep" {
  summary = "needs the set-up, too",
  args = { { "word" } },
  expand = function(ctx, a)
    keep(ctx)
    return dfc.run { cmds = { dfc.argv("echo", a.word) } }
  end,
}

-- Its set-up is placed only when its fix is made.
dfc.rewrite "cached" {
  summary = "a cache for install",
  match = [[^install\b]],
  check = function(ctx, run, m)
    keep(ctx)
    ctx:report { at = m, message = "no cache",
                 fix = { run.add_mount(dfc.cache { target = "/c" }), run.remove_cmd "^tee" } }
  end,
}
