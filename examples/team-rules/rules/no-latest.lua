-- A lint: an image without a tag, or with "latest", is another one tomorrow. There is no fix, since
-- dfc can't know which tag was meant.
local dfc = require "dfc.v1"

dfc.rewrite "no-latest" {
  summary = "An image that names no version is another one tomorrow",
  on = "FROM",
  match = [[^\S+]],
  check = function(ctx, _, m)
    local base = ctx.base
    local is_image = base.repo and base.repo ~= "scratch" and not ctx.stage.parent
    if is_image and not base.digest and (base.tag or "latest") == "latest" then
      ctx:report {
        at = m.span(0), level = "error",
        message = "'" .. base.image .. "' names no version",
        help = "name one: NAME:TAG or NAME@sha256:DIGEST",
      }
    end
  end,
}
