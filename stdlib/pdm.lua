-- @pdm: PDM's commands with its cache in a cache mount.
--
-- The cache has downloads, metadata and built wheels (pdm src/pdm/project/config.py, cache_dir).
-- Nothing says that several PDMs may fill it: locked. Environments are elsewhere: in .venv,
-- __pypackages__ or below the data directory.
local dfc = require "dfc.v1"
local python = require "python"

dfc.cachedef "pdm" {
  target = function(ctx) return python.cache(ctx, "pdm") end,
  env = "PDM_CACHE_DIR", -- not yet in PDM 2.2
  sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- With install.cache, which is off by default and has no variable, the environment gets links into
-- the cache.
local LINKS = { [[^\s*install\.cache\s*=\s*true]], [[^\[install\][^\[]*^\s*cache\s*=\s*true]] }

local function uses_links(ctx)
  local settings = ctx:file "pdm.toml" or ""
  for _, pattern in ipairs(LINKS) do
    if re.match("(?m)" .. pattern, settings) then return true end
  end
  for i = #ctx.previous, 1, -1 do
    local m = re.match([[\bpdm\s+config\s[^;&|]*\binstall\.cache\s+(\S+)]], ctx.previous[i].text)
    if m then return python.is_on(m[1]) end
  end
  return false
end

local function uses_uv(ctx)
  return python.is_on(ctx.env.PDM_USE_UV)
    or re.match([[(?m)^\s*use_uv\s*=\s*true]], ctx:file "pdm.toml" or "") ~= nil
end

local function check(ctx, a)
  python.check_redirection(ctx, a)
  python.warn_defeating(ctx, a, "pdm", { "--no-cache", "cache clear" })
  if uses_links(ctx) and ctx.builder ~= "legacy" then
    ctx:warn("install.cache makes links into the cache mount, which is not in the image", {
      code = "links-into-cache", help = "switch it off: pdm config --local install.cache false" })
  end
end

dfc.directive "pdm" {
  summary = "Run a PDM command with its cache in a cache mount",
  examples_from = "python:3.12-slim",
  examples = { "@pdm sync --prod --no-self --no-editable", "@pdm install --frozen-lockfile" },
  family = "command",
  caches = { "pdm", "uv" },
  tools = { "pdm" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "pypi", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "PDM's config.toml" },
  expand = function(ctx, a)
    check(ctx, a)
    local secret = ctx:secret(a.secret)
    local url = python.index(ctx, a, { "PDM_PYPI_URL" }, secret)
    local env = { PDM_PYPI_URL = url, PDM_CONFIG_FILE = secret and secret.target }
    -- PDM ignores an http index otherwise
    if python.http_host(url) then env.PDM_PYPI_VERIFY_SSL = "false" end
    local mounts = { ctx:cache("pdm", { id = a.id, sharing = a.sharing }), secret }
    if uses_uv(ctx) then -- which then has the downloads, in its own cache
      mounts[#mounts + 1] = ctx:cache("uv", { id = a.id and a.id .. "-uv", kept_out = true })
      env[ctx.builder == "legacy" and "UV_NO_CACHE" or "UV_LINK_MODE"] =
        ctx.builder == "legacy" and "1" or "copy"
    end
    -- any value but an empty one switches the cache off (src/pdm/cli/options.py)
    if ctx.builder ~= "legacy" and (ctx.env.PDM_NO_CACHE or "") ~= "" then env.PDM_NO_CACHE = "" end
    return dfc.run { mounts = mounts, env = env, cmds = { a.command }, script = a.script }
  end,
}
