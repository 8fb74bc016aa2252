-- @deno: Deno with DENO_DIR, its cache, in a cache mount.
--
-- Deno reads modules from there when it runs. What is to run from the image needs them in it: from
-- `deno compile`, from node_modules, or with "vendor" (tried with 2.9.6).
local dfc = require "dfc.v1"
local common = require "common"

-- denoland/deno has ENV DENO_DIR=/deno-dir/. What may fill it at the same time is said nowhere:
-- locked. It has compiled code as well.
local function deno_dir(ctx)
  local xdg = ctx.env.XDG_CACHE_HOME
  if xdg and xdg:starts "/" then return xdg .. "/deno" end
  return ctx.user.home and ctx.user.home .. "/.cache/deno"
end

dfc.cachedef "deno" {
  target = deno_dir, env = "DENO_DIR", sharing = "locked", arch = true, copies_out = false,
}

-- The same one, of a project that has its modules itself.
dfc.cachedef "deno-copied" {
  target = deno_dir, env = "DENO_DIR", id = "deno", sharing = "locked", arch = true,
  copies_out = true,
}

local DENO = common.program "deno"

-- Whether packages come into the project, too: with a package.json they do, else when deno.json
-- says so (docs.deno.com, runtime/fundamentals/node).
local function keeps_modules(ctx)
  local config = ctx:file "deno.json" or ctx:file "deno.jsonc" or ""
  if re.match([["vendor"\s*:\s*true]], config) then return true end
  local m = re.match([["nodeModulesDir"\s*:\s*"?(\w+)]], config)
  if m then return m[1] ~= "none" and m[1] ~= "false" end
  return ctx:file "package.json" ~= nil
end

-- In a stage that is only for building, what comes later finds the modules in the mount.
local function warn_in_place(ctx, a)
  if ctx.builder == "legacy" or not ctx.stage.final then return end
  if common.has_command(a, DENO .. [[\s+compile\b]]) then return end
  if common.has_command(a, DENO .. [[\s+(?:cache|install|add|i)\b]]) then
    ctx:warn("what @deno loads is in the cache mount only, the image does not have it", {
      code = "in-place-cache",
      help = [[use deno compile, or "vendor": true in deno.json; ]]
        .. "or write RUN deno …, for an image that runs with DENO_DIR",
    })
  end
end

-- Deno reads this variable in capitals only, and none for the place of .npmrc (tried with 2.9.6).
local function environment(ctx, a)
  if not a.mirror and (ctx.env.NPM_CONFIG_REGISTRY or "") ~= "" then return {} end
  return { NPM_CONFIG_REGISTRY = ctx:mirror "npm" }
end

dfc.directive "deno" {
  summary = "Run Deno with its cache in a cache mount",
  examples_from = "denoland/deno:2.1.4",
  examples = { "@deno compile -o /app main.ts", "@deno install --frozen && deno task build" },
  family = "command",
  caches = { "deno", "deno-copied" },
  tools = { "deno" },
  reads = [[^\S*deno\s+(?:run|serve|task|test|bench|check|compile|x)\b]],
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "npm", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "an .npmrc" },
  expand = function(ctx, a)
    common.warn_if(ctx, a, DENO .. [[\s+clean\b]], "deno clean empties the cache mount",
      "leave it out: the cache is in a mount, it does not make the image larger")
    common.warn_offline(ctx, a, DENO, [[\s(--cached-only)(?=\s|$)]],
      "leave it out: what is in the cache is not fetched again")
    local copied = keeps_modules(ctx) and ctx.builder ~= "legacy"
    if not copied then warn_in_place(ctx, a) end
    return dfc.run {
      mounts = { ctx:cache(copied and "deno-copied" or "deno", { id = a.id, sharing = a.sharing }),
                 ctx:secret(a.secret, "~/.npmrc") },
      env = environment(ctx, a),
      cmds = { a.command },
      script = a.script,
    }
  end,
}
