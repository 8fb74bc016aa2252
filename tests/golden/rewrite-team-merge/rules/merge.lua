local dfc = require "dfc.v1"

for _, name in ipairs { "one", "two" } do
  dfc.rewrite(name) {
    summary = "asks for the same as the other",
    match = [[^fetch\b]],
    check = function(ctx, run, m)
      ctx:report {
        message = "something",
        fix = { run.add_mount(dfc.cache { target = "/f", id = "fetch" }), m.remove_arg "--insecure",
                run.remove_cmd "^tidy$", m.insert_arg("--" .. name), run.prepend_cmd "set -u" },
      }
    end,
  }
end
