-- @pnpm: pnpm with its store in a cache mount. From a mount pnpm copies into node_modules, where it
-- would else make hard links, so the image has everything (pnpm.io docs/docker.md).
local dfc = require "dfc.v1"
local common = require "common"
local javascript = require "javascript"

local function absolute(...)
  for _, path in ipairs(common.list(select("#", ...), ...)) do
    if path:starts "/" then return path end
  end
end

-- Where the store is: up to 10 npm_config_store_dir, from 11 on only pnpm_config_store_dir, both in
-- either case (tried with 8 to 12); else PNPM_HOME, else the user's data (pnpm.io
-- docs/settings/store.md). Layouts of several versions are beside each other there (v3, v10, v11).
--
-- pnpm also keeps there what install scripts have built, by architecture and major version of Node,
-- but not by C library (sideEffectsCache; tried with 9, 10 and 12): a release has its own. pnpm's
-- own recipe for Docker shares the store between builds.
dfc.cachedef "pnpm" {
  target = function(ctx)
    local env, home = ctx.env, ctx.user.home
    local given = absolute(env.PNPM_CONFIG_STORE_DIR, env.npm_config_store_dir,
      env.NPM_CONFIG_STORE_DIR)
    if given then return given end
    if absolute(env.PNPM_HOME) then return env.PNPM_HOME .. "/store" end
    if absolute(env.XDG_DATA_HOME) then return env.XDG_DATA_HOME .. "/pnpm/store" end
    return home and home .. "/.local/share/pnpm/store"
  end,
  env = "pnpm_config_store_dir", sharing = "shared", distro = true, copies_out = true,
}

-- An ENV, or the place of a cache without a home, is to count for every version.
local function add_store(ctx, env, mount)
  local old = ctx.env.npm_config_store_dir or ctx.env.NPM_CONFIG_STORE_DIR
  local new = ctx.env.pnpm_config_store_dir or ctx.env.PNPM_CONFIG_STORE_DIR
  local target = mount.target
  if old and not new and target == old then env.pnpm_config_store_dir = target end
  if new and not old and target == new or target:starts "/var/cache/dfc/" and target ~= old then
    env.npm_config_store_dir = target
  end
end

-- In a global virtual store packages are links into the store, which would lead nowhere in the
-- image: from 11 on that is so for what is installed with --global, and in a project that asks for
-- it (pnpm.io docs/settings/node-modules.md; tried with 11 and 12, which follow this variable;
-- 10 does as the project says).
local GLOBAL = common.program "pnpm" .. [[.*\s(?:-\w*g\w*|--global)(?=\s|$)]]
local ON = [[(?m)^enable-?[gG]lobal-?[vV]irtual-?[sS]tore\s*[:=]\s*true\b]]

local function add_links(ctx, a, env)
  local asked = re.match(ON, ctx:file "pnpm-workspace.yaml" or "")
    or re.match(ON, ctx:file ".npmrc" or "")
  local by_env = ctx.env.pnpm_config_enable_global_virtual_store
    or ctx.env.PNPM_CONFIG_ENABLE_GLOBAL_VIRTUAL_STORE
  local major = javascript.major(ctx, "pnpm")
  if asked and major and major <= 10 then
    ctx:warn("with enableGlobalVirtualStore node_modules leads into the cache mount, "
      .. "which the image does not have", {
        code = "links-into-cache", help = "leave it out of pnpm-workspace.yaml for the image" })
  elseif asked or by_env == "true" or common.has_command(a, GLOBAL) then
    env.pnpm_config_enable_global_virtual_store = "false"
  end
end

-- "hardlink" copies where it can't link, "clone" fails (EXDEV; tried with 10 and 12).
local CLONE = common.program "pnpm" .. [[.*\s--(?:config\.)?package-import-method[=\s]clone\b]]

dfc.directive "pnpm" {
  summary = "Run pnpm with its store in a cache mount",
  examples_from = "node:22",
  examples = { "@pnpm install --frozen-lockfile", "@pnpm install --prod --frozen-lockfile",
               "@pnpm fetch && pnpm install --offline" },
  family = "command",
  caches = { "pnpm" },
  tools = { "pnpm" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "npm", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "an .npmrc" },
  expand = function(ctx, a)
    javascript.warn(ctx, a, "pnpm", [[store\s+prune\b]], "--store-dir", [[/pnpm/store(?:/\S*)?]])
    if common.has_command(a, CLONE) then
      ctx:warn("pnpm can't clone files out of the cache mount: it is another file system",
        { code = "needs-copy", help = "leave --package-import-method out: then it copies" })
    end
    local secret = ctx:secret(a.secret)
    local mount = ctx:cache("pnpm", { id = a.id, sharing = a.sharing })
    local env = javascript.environment(ctx, a, secret)
    add_store(ctx, env, mount)
    add_links(ctx, a, env)
    return dfc.run {
      mounts = { mount, secret },
      env = env,
      cmds = { a.command },
      script = a.script,
    }
  end,
}
