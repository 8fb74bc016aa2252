local dfc = require "dfc.v1"

-- Stages that rules add stand before the first FROM: they change neither number nor end.
dfc.directive "show" {
  summary = "Which stage this is", examples = { "@show" },
  args = { { "helper", many = true } },
  expand = function(ctx, a)
    for _, name in ipairs(a.helper) do ctx:stage(name, "scratch", dfc.copy { src = "a", dest = "/" }) end
    ctx:note(("stage %d, final: %s"):format(ctx.stage.index, tostring(ctx.stage.final)))
  end,
}
