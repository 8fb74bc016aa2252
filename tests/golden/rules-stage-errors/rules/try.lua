local dfc = require "dfc.v1"

local COPIED = dfc.copy { from = "build", src = "a", dest = "/" }
local MOUNTED = dfc.run {
  mounts = { dfc.bind { from = "build", target = "/a" } }, cmds = { "a" },
}
local cases = {
  ["name-clash"] = function(ctx) ctx:stage("build", "scratch") end,
  ["name-clash-case"] = function(ctx) ctx:stage("Build", "scratch") end,
  ["key-clash"] = function(ctx)
    ctx:stage("debian:12", "scratch")
    ctx:stage("debian-12", "scratch")
  end,
  ["from-clash"] = function(ctx) ctx:stage("busybox", "scratch") end,
  ["mount-clash"] = function(ctx) ctx:stage("tools", "scratch") end,
  ["name"] = function(ctx) ctx:stage("9lives", "scratch") end,
  ["name-scratch"] = function(ctx) ctx:stage("scratch", "debian:12") end,
  ["key"] = function(ctx) ctx:stage(nil, "scratch") end,
  ["from"] = function(ctx) ctx:stage("a") end,
  ["from-blank"] = function(ctx) ctx:stage("a", "debian 12") end,
  ["from-flag"] = function(ctx) ctx:stage("a", "--platform=linux/amd64") end,
  ["from-stage"] = function(ctx) ctx:stage("a", "build") end,
  ["nodes"] = function(ctx) ctx:stage("a", "scratch", "RUN a") end,
  ["copy-from-stage"] = function(ctx) ctx:stage("a", "scratch", COPIED) end,
  ["mount-from-stage"] = function(ctx) ctx:stage("a", "debian:12", MOUNTED) end,
  ["run-scratch"] = function(ctx) ctx:stage("a", "scratch", dfc.run { cmds = { "a" } }) end,
  ["other-image"] = function(ctx) ctx:stage("same", "alpine") ctx:stage("same", "debian:12") end,
  ["other-nodes"] = function(ctx) ctx:stage("same", "alpine", dfc.workdir "/a") end,
}

dfc.directive "try" {
  summary = "One mistake of a rule",
  examples = { "@try x" },
  args = { { "case", type = "enum", values = dfc.keys(cases) }, { "word", many = true } },
  expand = function(ctx, a) return cases[a.case](ctx, a) end,
}
