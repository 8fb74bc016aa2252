local dfc = require "dfc.v1"

local function mistake(name, check, on, match)
  dfc.rewrite(name) { summary = "is wrong", on = on, match = match or [[^\S+]], check = check }
end

mistake("raises", function() error "the rule's own words" end)
mistake("no-message", function(ctx) ctx:report {} end)
mistake("unknown-field", function(ctx) ctx:report { mesage = "x" } end)
mistake("level", function(ctx) ctx:report { message = "x", level = "fatal" } end)
mistake("place", function(ctx) ctx:report { message = "x", at = "b" } end)
mistake("fix", function(ctx) ctx:report { message = "x", fix = { "b" } } end)
mistake("fix-of-other-type", function(ctx, _, m) ctx:report { message = "x", fix = m } end)
mistake("suggestion", function(ctx) ctx:report { message = "x", suggest = 1 } end)
mistake("mount", function(_, run) run.add_mount "/x" end)
mistake("mount-of-from", function(_, run) run.add_mount(dfc.cache { target = "/x" }) end, "FROM")
mistake("field-of-run", function(_, run) return run.txt end)
mistake("field-of-match", function(_, _, m) return m.argc end)
mistake("group", function(_, _, m) return m.span "a" end)
mistake("pattern", function(_, run) return run.remove_cmd "(" end)
mistake("lines", function(_, run) return run.prepend_cmd "a\nb" end)
mistake("word", function(_, _, m) return m.insert_arg "a\nb" end)
mistake("no-word", function(_, _, m) return m.remove_arg() end)
mistake("words-of-from", function(_, _, m) return m.insert_arg "a b" end, "FROM")
mistake("stage", function(ctx) ctx:stage("x", "scratch", {}) end)
mistake("once", function(ctx) ctx:once("x", dfc.run { cmds = { "x" } }) end, "FROM")
mistake("write", function(_, run) run.text = "x" end)
mistake("finding", function(ctx) ctx:error "this is no way to report" end, nil, "^a c")

local kept
mistake("edit-of-another", function(ctx, _, m)
  kept = kept or m.remove_arg "b"
  ctx:report { message = "x", fix = kept }
end)
