-- @cabal and @stack: Haskell's build tools with their packages in cache mounts.
local dfc = require "dfc.v1"
local common = require "common"

-- ---- cabal
-- Since 3.10 cabal spreads its files over ~/.cache, ~/.local/state and ~/.config, unless ~/.cabal
-- is there or CABAL_DIR is set (haskell/cabal#7386): with CABAL_DIR every version has one layout.
-- packages/ holds the package list and sources, store/ what was compiled of them, for one version
-- of GHC in a directory of its name, linked to the libraries of the image. Both are used in place.
-- dist-newstyle stays in the image: what was built there is copied from it later.

local function cabal_dir(ctx)
  local moved = ctx.env.CABAL_DIR
  if moved and moved:starts "/" then return moved end
  return ctx.user.home and ctx.user.home .. "/.cabal"
end

local function below_cabal_dir(name)
  return function(ctx)
    local directory = cabal_dir(ctx)
    return directory and directory .. "/" .. name
  end
end

dfc.cachedef "cabal-packages" {
  target = below_cabal_dir "packages", env = "CABAL_DIR", below = "packages",
  sharing = "locked", copies_out = false, beside = true,
}

dfc.cachedef "cabal-store" {
  target = below_cabal_dir "store", env = "CABAL_DIR", below = "store",
  sharing = "locked", distro = true, arch = true, copies_out = false, beside = true,
}

-- The name stays, so that packages lie in the same directory and are checked with Hackage's keys
-- (tried with cabal-install 3.4).
local CONFIG = [[
repository hackage.haskell.org
  url: %s/
]]

local CONFIG_PLACE = "/var/cache/dfc/cabal-config"

-- Gives the mount of the configuration, the variable that names it, and commands that come before.
local function use_mirror(ctx)
  local mirror = ctx:mirror "hackage"
  local own = (ctx.user.home or "") .. "/.cabal/config"
  if not mirror or ctx.env.CABAL_CONFIG or ctx:copied(own) then return nil, nil, {} end
  local text = CONFIG:format((re.gsub("/+$", mirror, "")))
  if ctx.builder == "legacy" then
    return nil, nil, common.temporary_file(text, 'CABAL_CONFIG="$dfc"')
  end
  return common.bound_file(ctx, "cabal", "config", mirror, CONFIG_PLACE, text), CONFIG_PLACE, {}
end

local function warn_cabal(ctx, a)
  if ctx.builder == "legacy" then return end
  local tool = common.program "cabal"
  local updates, others = false, false
  for _, command in ipairs(a.commands) do
    local is_update = re.match(tool .. [[.*\s(?:v2-|new-)?update(?=\s|$)]], command)
    updates, others = updates or is_update, others or not is_update
    if re.match(tool .. [[.*\s(?:v2-|new-)?install(?=\s|$)]], command)
      and not re.match([[\s--(?:install-method=copy|lib\b|only-dependencies)]], command) then
      ctx:warn("cabal install makes links into the cache mount, which lead nowhere afterwards", {
        code = "link-into-cache", help = "write cabal install --install-method=copy" })
    end
  end
  if updates and not others then
    ctx:warn("the package list is in the cache mount, where a later RUN may not find it", {
      code = "needs-cache", help = "write @cabal update && cabal build …, in one" })
  end
  common.warn_if(ctx, a, [[^rm\s.*/\.cabal\b]], "'rm' of ~/.cabal empties the cache mounts",
    "leave it out: they are not in the image")
end

dfc.directive "cabal" {
  summary = "Run cabal with its packages and its store in cache mounts",
  examples_from = "haskell:9.6-slim-bullseye",
  examples = { "@cabal update && cabal build exe:app",
               "@cabal update && cabal install --install-method=copy --installdir=/out" },
  family = "command",
  caches = { "cabal-packages", "cabal-store" },
  tools = { "cabal" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "hackage", dfc.opt.uid(),
           dfc.opt.gid() },
  expand = function(ctx, a)
    warn_cabal(ctx, a)
    local directory = cabal_dir(ctx)
    local file, place, cmds = use_mirror(ctx)
    cmds[#cmds + 1] = a.command
    local id = a.id
    return dfc.run {
      -- Without a known home all is in the one mount, which CABAL_DIR names then.
      mounts = common.list(3,
        directory and ctx:cache("cabal-packages",
          { id = id and id .. "-packages", sharing = a.sharing }),
        ctx:cache("cabal-store", { id = id and id .. "-store", sharing = a.sharing }), file),
      env = { CABAL_DIR = directory ~= ctx.env.CABAL_DIR and directory or nil,
              CABAL_CONFIG = place },
      cmds = cmds,
      script = a.script,
    }
  end,
}

-- ---- stack
-- The root holds packages, GHC and the databases that tell of them, which belong together, so it is
-- mounted whole. It also holds config.yaml, in which the image haskell says that its own GHC is to
-- be used (haskell/docker-haskell, every Dockerfile: stack config set --global): so the mount has
-- another place, and the configuration is read from where it is (tried with 2.7.5). Nothing is said
-- about several processes, so it is locked.

dfc.cachedef "stack" {
  target = function() return nil end, -- elsewhere, and STACK_ROOT is set
  env = "STACK_ROOT", id = "stack-root",
  sharing = "locked", distro = true, arch = true, copies_out = false,
}

dfc.cachedef "stack-work" {
  target = function(ctx)
    local directory = ctx.workdir == "/" and "" or ctx.workdir
    return directory .. "/" .. (ctx.env.STACK_WORK or ".stack-work")
  end,
  project = function(ctx)
    local text = ctx:file "package.yaml"
    local m = text and re.match([[(?m)^name:\s*["']?([\w-]+)]], text)
    return m and m[1]
  end,
  sharing = "locked", distro = true, arch = true, copies_out = false,
}

-- What stack has built is below .stack-work; only what it copies out can be used without the mount.
local STACK = common.program "stack"
local COPIES = STACK .. [[.*\s(?:install|--copy-bins|--local-bin-path)(?:[\s=]|$)]]

dfc.directive "stack" {
  summary = "Run Haskell's stack with its root, and what it copies out of, in cache mounts",
  examples_from = "haskell:9.6-slim-bullseye",
  examples = { "@stack build --only-dependencies",
               "@stack --id=shop install --local-bin-path /out" },
  family = "command",
  caches = { "stack", "stack-work" },
  tools = { "stack" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.uid(), dfc.opt.gid() },
  expand = function(ctx, a)
    common.warn_if(ctx, a, [[^rm\s.*\.stack-work\b]], "'rm' of .stack-work empties the cache mount",
      "leave it out: what is in it is not in the image")
    common.warn_if(ctx, a, STACK .. [[.*\s(?:clean|purge)(?=\s|$)]],
      "'stack clean' empties the cache mount", "leave it out: what is in it is not in the image")
    local root = ctx:cache("stack", { id = a.id and a.id .. "-root", sharing = a.sharing })
    local home = ctx.user.home
    local keeps_config = home and not ctx.env.STACK_ROOT and not ctx.env.STACK_CONFIG
      and ctx.builder ~= "legacy"
    return dfc.run {
      mounts = common.list(2, root, common.has_command(a, COPIES)
        and ctx:cache("stack-work", { id = a.id and a.id .. "-work", sharing = a.sharing })),
      env = { STACK_CONFIG = keeps_config and home .. "/.stack/config.yaml" or nil },
      cmds = { a.command },
      script = a.script,
    }
  end,
}
