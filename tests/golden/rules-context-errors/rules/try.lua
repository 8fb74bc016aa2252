local dfc = require "dfc.v1"

local cases = {
  ["field"] = function(ctx) return ctx.bas end,
  ["field-base"] = function(ctx) return ctx.base.relase end,
  ["field-user"] = function(ctx) return ctx.user.shell end,
  ["field-shell"] = function(ctx) return ctx.shell.name end,
  ["field-stage"] = function(ctx) return ctx.stage.last end,
  ["write"] = function(ctx) ctx.workdir = "/" end,
  ["write-base"] = function(ctx) ctx.base.family = "alpine" end,
  ["write-env"] = function(ctx) ctx.env.A = "b" end,
  ["write-previous"] = function(ctx) ctx.previous[1] = nil end,
  ["write-vars"] = function(ctx) ctx.vars.a = "b" end,
  ["vars"] = function(ctx) return ctx.vars[1] end,
  ["argument"] = function(_, a) return a.wrod end,
  ["argument-write"] = function(_, a) a.word = {} end,
  ["argument-list"] = function(_, a) a.word[1] = "b" end,
  ["dot"] = function(ctx) ctx.file("a") end,
  ["file"] = function(ctx) ctx:file() end,
  ["setting"] = function(ctx) ctx:setting {} end,
  ["mirror"] = function(ctx) ctx:mirror "pipy" end,
  ["mirror-far"] = function(ctx) ctx:mirror "artifacts" end,
  ["mirror-scheme"] = function(ctx) ctx:mirror("pypi", "https") end,
  ["cache"] = function(ctx) ctx:cache "pop" end,
  ["cache-far"] = function(ctx) ctx:cache "nothing-like-it" end,
  ["cache-field"] = function(ctx) ctx:cache("pip", { shared = true }) end,
  ["cache-sharing"] = function(ctx) ctx:cache("pip", { sharing = "lock" }) end,
  ["cache-id"] = function(ctx) ctx:cache("pip", { id = "a b" }) end,
  ["cache-target-type"] = function(ctx) ctx:cache "no-path" end,
  ["cache-target"] = function(ctx) ctx:cache "relative" end,
  ["cache-target-blank"] = function(ctx) ctx:cache "blank" end,
  ["cache-project"] = function(ctx) ctx:cache "no-name" end,
  ["copied"] = function(ctx) ctx:copied() end,
  ["once"] = function(ctx) ctx:once("key") end,
  ["once-key"] = function(ctx) ctx:once(nil, dfc.workdir "/a") end,
  ["once-text"] = function(ctx) ctx:once("key", "RUN a") end,
  ["error"] = function(ctx) ctx:error() end,
  ["error-empty"] = function(ctx) ctx:error "" end,
  ["error-field"] = function(ctx) ctx:error("a", { hlp = "b" }) end,
  ["error-at"] = function(ctx) ctx:error("a", { at = "wrod" }) end,
  ["error-at-type"] = function(ctx) ctx:error("a", { at = 5 }) end,
  ["error-at-list"] = function(ctx) ctx:error("a", { at = { "word" } }) end,
  ["error-at-index"] = function(ctx) ctx:error("a", { at = { "word", 9 } }) end,
  ["error-code"] = function(ctx) ctx:error("a", { code = "Big One" }) end,
  ["error-help"] = function(ctx) ctx:error("a", { help = {} }) end,
  ["error-table"] = function(ctx) ctx:error("a", "b") end,
}

dfc.directive "try" {
  summary = "One mistake of a rule",
  examples = { "@try x" },
  args = { { "case", type = "enum", values = dfc.keys(cases) }, { "word", many = true } },
  expand = function(ctx, a) return cases[a.case](ctx, a) end,
}

dfc.cachedef "no-path" { target = function() return 5 end, sharing = "shared" }
dfc.cachedef "relative" { target = function() return "a" end, sharing = "shared" }
dfc.cachedef "blank" { target = function() return "/a b" end, sharing = "shared" }
dfc.cachedef "no-name" {
  target = function() return "/a" end, sharing = "shared", project = function() return 5 end,
}
