local dfc = require "dfc.v1"

for _, name in ipairs { "second", "first" } do
  dfc.rewrite(name) {
    summary = "adds an option", match = "^pip install",
    check = function(ctx, run, m)
      ctx:report { message = name, fix = {
        m.insert_arg("--" .. name), run.prepend_cmd("echo " .. name),
        run.add_mount(dfc.cache { target = "/" .. name }) } }
    end,
  }
end
