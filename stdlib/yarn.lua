-- @yarn: Yarn, its first line ("classic", 1) and those from 2 on ("berry"): two programs of one
-- name, with different caches and variables.
local dfc = require "dfc.v1"
local common = require "common"
local javascript = require "javascript"

-- yarn 1 takes /usr/local/share for the home of root, whatever HOME says (lib/cli.js of 1.22.22,
-- user-home-dir; `yarn cache dir`). Nothing guards the cache against a second process (--mutex is
-- for that), so the mount is locked. It has packages as they were downloaded.
dfc.cachedef "yarn1" {
  target = function(ctx)
    local xdg = ctx.env.XDG_CACHE_HOME
    if xdg and xdg:starts "/" then return xdg .. "/yarn" end
    local home = ctx.user.root and "/usr/local/share" or ctx.user.home
    return home and home .. "/.cache/yarn"
  end,
  env = "YARN_CACHE_FOLDER", sharing = "locked", copies_out = true,
}

-- Only the packages, not all of ~/.yarn/berry: the linker "pnpm" makes hard links from the index
-- beside them, which it can't across two file systems (EXDEV with 4.18.1). Where the folder has to
-- be moved it is mounted as a whole: yarn writes beside the packages, too. Whether several
-- processes may fill it is said nowhere: locked.
dfc.cachedef "yarn-berry" {
  target = function(ctx) return ctx.user.home and ctx.user.home .. "/.yarn/berry/cache" end,
  env = "YARN_GLOBAL_FOLDER", sharing = "locked", copies_out = true,
}

local BERRY = 4 -- when all that is known is that it is not 1

-- Only one of the two has these commands.
local function by_words(a)
  if common.has_command(a, common.program "yarn" .. [[\s+global\b]]) then return 1 end
  if common.has_command(a, common.program "yarn"
    .. [[.*\s(?:dlx|--immutable|--inline-builds|workspaces\s+focus)\b]]) then return BERRY end
end

-- The major version, nil when it can be either. Corepack and yarn itself look at these files.
local function version(ctx, a)
  if a.line == "classic" then return 1 end
  local major = javascript.major(ctx, "yarn")
  if a.line == "berry" then return major and major > 1 and major or BERRY end
  if major then return major end
  if ctx:file ".yarnrc.yml" then return BERRY end
  local lock = ctx:file "yarn.lock" or ""
  if re.match([[(?m)^__metadata:]], lock) then return BERRY end
  if re.match([[(?m)^# yarn lockfile v1]], lock) then return 1 end
  return by_words(a)
end

-- A setting of yarn from 2 on: the variable wins over the file.
local function configured(ctx, variable, key)
  local value = ctx.env[variable]
  if value then return value end
  local m = re.match([[(?m)^]] .. key .. [[:\s*["']?([\w-]+)]], ctx:file ".yarnrc.yml" or "")
  return m and m[1]
end

local LINKS_COPY = { ["node-modules"] = true, pnpm = true }

-- With Plug'n'Play, the default, the program loads its packages from the cache when it runs, and
-- from 4 on that is the global one, which is in the mount. With this variable they are also in the
-- project's .yarn/cache, which stays in the image, and the global one is a mirror of it
-- (yarnpkg/berry#6499; tried with 3.8.6 and 4.18.1, the lock file stays as it is).
local function needs_own_cache(ctx, major)
  if major == 1 or major == 2 or major == 3 then return false end
  local global = configured(ctx, "YARN_ENABLE_GLOBAL_CACHE", "enableGlobalCache")
  if global == "false" or global == "0" then return false end
  return not LINKS_COPY[configured(ctx, "YARN_NODE_LINKER", "nodeLinker") or "pnp"]
end

local function note_left_out(ctx, what, help)
  ctx:note("the cache mount of " .. what, { code = "no-cache-mount", help = help })
end

local HOW_TO_SAY = "write packageManager into package.json, or @yarn --line=classic or --line=berry"

local function classic_mount(ctx, a, major)
  local xdg = (ctx.env.XDG_CACHE_HOME or ""):starts "/"
  local moved = (ctx.env.YARN_CACHE_FOLDER or ""):starts "/"
  -- Yarn 2 and later would keep in YARN_CACHE_FOLDER what belongs into the image.
  if not major and not (ctx.user.root or ctx.user.home or xdg or moved) then
    note_left_out(ctx, "yarn 1 is left out: the home of the user is not known", HOW_TO_SAY)
    return nil
  end
  return ctx:cache("yarn1", { id = a.id, sharing = a.sharing })
end

local function berry_mount(ctx, a)
  local id = a.id and (a.line == "berry" and a.id or a.id .. "-berry")
  local mount = ctx:cache("yarn-berry", { id = id, sharing = a.sharing })
  local linker = configured(ctx, "YARN_NODE_LINKER", "nodeLinker")
  if linker == "pnpm" and ctx.builder ~= "legacy" and not mount.target:ends "/cache" then
    note_left_out(ctx, "yarn is left out: nodeLinker pnpm can't link out of it",
      ctx.env.YARN_GLOBAL_FOLDER and "leave YARN_GLOBAL_FOLDER out of the image"
        or "write ENV HOME=/home/… above it")
    return nil
  end
  return mount
end

local function secret_mount(ctx, a, major)
  if not a.secret or major == 1 then return ctx:secret(a.secret) end
  if major then return ctx:secret(a.secret, "~/.yarnrc.yml") end
  ctx:error("yarn 1 reads an .npmrc, later ones a .yarnrc.yml: which one it is is not known",
    { at = "secret", code = "unknown-yarn", help = HOW_TO_SAY })
end

local INSTALL = common.program "yarn" .. [[(?:\s+-\S+)*(?:\s+install\b|$)]]

-- yarn 1 loads from where its lock file says (tried with 1.22.22).
local function note_lock(ctx, a, mirror)
  local lock = mirror and common.has_command(a, INSTALL) and ctx:file "yarn.lock" or ""
  local m = re.match([[(?m)^\s+resolved "(https?://registry\.(?:yarnpkg\.com|npmjs\.org))/]], lock)
  if m then
    ctx:note("yarn 1 loads what is in yarn.lock from " .. m[1] .. ", not from the mirror",
      { code = "mirror-ignored", help = "yarn 2 and later load it from the mirror" })
  end
end

local function environment(ctx, a, major, secret)
  local mirror = javascript.mirror(ctx, a, major == 1 and ".npmrc" or ".yarnrc.yml")
  local env = javascript.registry(mirror)
  if major == 1 then
    note_lock(ctx, a, mirror)
    env.npm_config_userconfig = secret and secret.target
  elseif needs_own_cache(ctx, major) then
    env.YARN_ENABLE_GLOBAL_CACHE = "false"
  end
  return env
end

dfc.directive "yarn" {
  summary = "Run Yarn with its download cache in a cache mount",
  examples_from = "node:22",
  examples = { "@yarn install --frozen-lockfile --non-interactive", "@yarn && yarn build",
               "@yarn --line=berry install --immutable" },
  family = "command",
  bare = true, -- yarn alone installs
  caches = { "yarn1", "yarn-berry" },
  tools = { "yarn" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "npm", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "an .npmrc for yarn 1, a .yarnrc.yml for later ones",
           { "--line", type = "enum", values = { "classic", "berry" },
             doc = "yarn 1, or 2 and later; without it, what package.json, .yarnrc.yml and "
               .. "yarn.lock of the build context say, and both caches where they say nothing" } },
  expand = function(ctx, a)
    javascript.warn(ctx, a, "yarn", [[cache\s+clean\b]], "--cache-folder",
      [[/\.(?:cache/yarn|yarn/berry)(?:/\S*)?]])
    local major = version(ctx, a)
    local secret = secret_mount(ctx, a, major)
    local classic = (major or 1) == 1 and classic_mount(ctx, a, major)
    -- hadolint knows only the place of yarn 1, which later ones don't have (DL3060)
    local unknown = not classic or ctx.builder == "legacy"
    return dfc.run {
      mounts = common.list(3, classic, major ~= 1 and berry_mount(ctx, a), secret),
      env = environment(ctx, a, major, secret),
      cmds = { a.command },
      script = a.script,
      hadolint = unknown and common.has_command(a, common.program "yarn" .. [[.*\sinstall\b]])
        and { "DL3060" } or nil,
    }
  end,
}
