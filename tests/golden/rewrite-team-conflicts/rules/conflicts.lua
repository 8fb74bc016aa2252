local dfc = require "dfc.v1"

local function rewrite(name, match, fix)
  dfc.rewrite(name) {
    summary = "contradicts another one",
    match = match,
    check = function(ctx, run, m)
      ctx:report { at = m, message = name, fix = fix(run, m) }
    end,
  }
end

local function mount(run, id) return run.add_mount(dfc.cache { target = "/x", id = id }) end

rewrite("word-one", "^word", function(_, m) return m.replace_arg("a", "b") end)
rewrite("word-two", "^word", function(_, m) return m.replace_arg("a", "c") end)
rewrite("mount-one", "^mount", function(run) return mount(run, "one") end)
rewrite("mount-two", "^mount", function(run) return mount(run, "two") end)
rewrite("remove-word", "^remove", function(_, m) return m.remove_arg "a" end)
rewrite("remove-all", "^remove", function(run) return run.remove_cmd "^remove" end)
rewrite("alone", "^alone", function(_, m)
  return { m.replace_arg("a", "b"), m.replace_arg("a", "c") }
end)
