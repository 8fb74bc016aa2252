-- @sbt: sbt with the caches of Coursier and Ivy and its boot directory in cache mounts.
--
-- Not mounted: ~/.ivy2/local, where publishLocal puts what later steps use, and the rest of ~/.sbt,
-- which holds the user's plugins, repositories and credentials. Whether the three can be filled by
-- several processes is not known, so they are locked.
local dfc = require "dfc.v1"
local common = require "common"

-- ~/.cache/coursier since sbt 1.3.12 (sbt/sbt#5120); get-coursier.io, docs/cache.
dfc.cachedef "coursier" {
  target = function(ctx)
    local xdg = ctx.env.XDG_CACHE_HOME
    if xdg and xdg:starts "/" then return xdg .. "/coursier" end
    local home = common.java_home(ctx)
    return home and home .. "/.cache/coursier"
  end,
  env = "COURSIER_CACHE", sharing = "locked", copies_out = false,
}

-- sbt.ivy.home and sbt.boot.directory: scala-sbt.org, docs/Command-Line-Reference.
dfc.cachedef "ivy2" {
  target = function(ctx)
    local moved = common.option_in(ctx.env.SBT_OPTS, "-Dsbt.ivy.home=")
    local home = common.java_home(ctx)
    return moved and moved .. "/cache" or home and home .. "/.ivy2/cache"
  end,
  env = "SBT_OPTS", option = "-Dsbt.ivy.home=", sharing = "locked", copies_out = false,
}

dfc.cachedef "sbt-boot" {
  target = function(ctx)
    local moved = common.option_in(ctx.env.SBT_OPTS, "-Dsbt.boot.directory=")
    local home = common.java_home(ctx)
    return moved or home and home .. "/.sbt/boot"
  end,
  env = "SBT_OPTS", option = "-Dsbt.boot.directory=", sharing = "locked", copies_out = false,
}

-- get-coursier.io, docs/reference-mirrors. sbt's own launcher does not read it.
local MIRROR = [[
central.from=https://repo1.maven.org/maven2;https://repo.maven.apache.org/maven2
central.to=%s
]]

local PLACE = "/var/cache/dfc/coursier-mirror.properties"

-- Gives the mount of the file, the variable that names it, and commands that come before.
local function use_mirror(ctx)
  local mirror = ctx:mirror "maven"
  if not mirror or ctx.env.COURSIER_MIRRORS then return nil, nil, {} end
  local text = MIRROR:format(mirror)
  if ctx.builder == "legacy" then
    return nil, nil, common.temporary_file(text, 'COURSIER_MIRRORS="$dfc"')
  end
  return common.bound_file(ctx, "sbt", "mirror.properties", mirror, PLACE, text), PLACE, {}
end

dfc.directive "sbt" {
  summary = "Run sbt with what it downloads in cache mounts",
  examples_from = "eclipse-temurin:21",
  examples = { "@sbt -Dsbt.supershell=false stage", "@sbt test && sbt Universal/packageBin" },
  family = "command",
  caches = { "coursier", "ivy2", "sbt-boot" },
  tools = { "sbt" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "maven", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "sbt's .credentials" },
  expand = function(ctx, a)
    common.warn_if(ctx, a, [[^rm\s.*/(?:\.ivy2|\.sbt|coursier)\b]],
      "'rm' of sbt's caches empties the cache mounts", "leave it out: they are not in the image")
    local home = common.java_home(ctx)
    if a.secret and not home then
      return ctx:error("the home that Java knows, where sbt looks for .credentials, is not known", {
        at = "secret", code = "unknown-home", help = "run it as root, or as a user of the image" })
    end
    local file, place, cmds = use_mirror(ctx)
    -- ~/.sbt/.credentials: scala-sbt.org, docs/Publishing; a build names it itself
    local secret = a.secret and ctx:secret(a.secret, home .. "/.sbt/.credentials")
    cmds[#cmds + 1] = a.command
    local function cache(name)
      return ctx:cache(name, { id = a.id and a.id .. "-" .. name, sharing = a.sharing })
    end
    return dfc.run {
      mounts = common.list(5, cache "coursier", cache "ivy2", cache "sbt-boot", file, secret),
      env = { COURSIER_MIRRORS = place },
      cmds = cmds,
      script = a.script,
    }
  end,
}
