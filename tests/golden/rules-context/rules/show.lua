local dfc = require "dfc.v1"

local function text(value) return value == nil and "-" or tostring(value) end

dfc.directive "show" {
  summary = "Say all that is known of the stage",
  examples = { "@show" },
  args = { { "--label", default = "it" } },
  expand = function(ctx, a)
    local stage, base, user = ctx.stage, ctx.base, ctx.user
    local lines = {
      ("stage %s %s, parent %s, platform %s, final %s"):format(text(stage.index),
        text(stage.name), text(stage.parent), text(stage.platform), text(stage.final)),
      ("base %s = %s/%s:%s@%s"):format(base.image, text(base.registry), text(base.repo),
        text(base.tag), text(base.digest)),
      ("family %s, distro %s, release %s, libc %s, windows %s, ca %s"):format(text(base.family),
        text(base.distro), text(base.release), text(base.libc), text(base.windows),
        text(base.ca)),
      ("user %s %s:%s %s, root %s"):format(text(user.name), text(user.uid), text(user.gid),
        text(user.home), text(user.root)),
      ("workdir %s, shell %s, posix %s, builder %s, footprint %s"):format(ctx.workdir,
        ctx.shell.kind, text(ctx.shell.posix), ctx.builder, ctx.footprint),
      ("color %s, mirror %s, nothing %s"):format(text(ctx.vars.color),
        text(ctx.vars["dfc.mirror"]), text(ctx:setting "nothing")),
      "env " .. table.concat(dfc.keys(ctx.env), " "),
      "args " .. table.concat(dfc.keys(ctx.args), " "),
    }
    for i, one in ipairs(ctx.previous) do
      lines[#lines + 1] = ("%d %s (%d flags) %s"):format(i, one.instruction, #one.flags, one.text)
    end
    ctx:note(a.label .. ":\n" .. table.concat(lines, "\n"))
  end,
}

dfc.directive "both" {
  summary = "Two instructions, which the next directive sees",
  examples = { "@both" },
  expand = function() return { dfc.arg("MODE", "fast"), dfc.run { cmds = { "make $MODE" } } } end,
}
