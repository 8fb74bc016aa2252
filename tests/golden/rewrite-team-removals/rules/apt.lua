local dfc = require "dfc.v1"

dfc.rewrite "corp-apt" {
  summary = "apt without a cache",
  match = [[^apt-get (?:-\S+ )*install\b]],
  needs = { family = "debian" },
  check = function(ctx, run, m)
    local cache = dfc.cache { target = "/var/cache/apt", id = "apt", sharing = "locked" }
    ctx:once("keep", dfc.run { cmds = { "rm -f /etc/apt/apt.conf.d/docker-clean" } })
    ctx:report {
      at = m, message = "apt-get install without a cache",
      fix = { run.add_mount(cache), run.remove_cmd [[^apt-get clean$]],
              run.remove_cmd [[^rm -rf /var/lib/apt/lists]] },
    }
  end,
}
