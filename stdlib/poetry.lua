-- @poetry: Poetry's commands with its downloads in cache mounts.
--
-- By default a virtual environment lies inside Poetry's cache directory, in virtualenvs
-- (virtualenvs.path in poetry docs/configuration.md): a mount over all of it would take the
-- environment out of the image. So the mounts are the two directories that are caches: cache, with
-- what repositories answered, and artifacts, with files and the wheels built from them
-- (src/poetry/config/config.py). Nothing says that several Poetrys may fill them: locked.
local dfc = require "dfc.v1"
local python = require "python"

local function place(ctx, name)
  local directory = python.cache(ctx, "pypoetry")
  return directory and directory .. "/" .. name
end

dfc.cachedef "poetry-cache" {
  target = function(ctx) return place(ctx, "cache") end,
  env = "POETRY_CACHE_DIR", below = "cache", sharing = "locked", copies_out = true,
}

dfc.cachedef "poetry-artifacts" {
  target = function(ctx) return place(ctx, "artifacts") end,
  env = "POETRY_CACHE_DIR", below = "artifacts", sharing = "locked", distro = true, arch = true,
  copies_out = true,
}

-- Without a home the caches move, and with them the place for environments, which only root could
-- write to. They go into the project then, where Poetry finds them again without being told.
local function in_project(ctx)
  if ctx.env.POETRY_CACHE_DIR or place(ctx, "cache") or ctx.builder == "legacy" then return nil end
  for _, name in ipairs { "CREATE", "IN_PROJECT", "PATH" } do
    if ctx.env["POETRY_VIRTUALENVS_" .. name] then return nil end
  end
  return "true"
end

-- Poetry itself takes no mirror from its environment; this variable is of the plugin
-- poetry-plugin-pypi-mirror, and means nothing without it.
local function mirror(ctx, a)
  local url = python.index(ctx, a, { "POETRY_PYPI_MIRROR_URL" })
  if not url then return nil end
  for _, instruction in ipairs(ctx.previous) do
    if instruction.text:find("poetry-plugin-pypi-mirror", 1, true) then return url end
  end
  ctx:note("poetry takes a mirror only with the plugin poetry-plugin-pypi-mirror", {
    code = "mirror-needs-plugin", help = "RUN poetry self add poetry-plugin-pypi-mirror" })
  return url
end

dfc.directive "poetry" {
  summary = "Run a Poetry command with its downloads in cache mounts, the environment in the image",
  examples_from = "python:3.12-slim",
  examples = { "@poetry install --no-root --only main --no-interaction",
               "@poetry POETRY_VIRTUALENVS_CREATE=false install" },
  family = "command",
  caches = { "poetry-cache", "poetry-artifacts" },
  tools = { "poetry" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "pypi", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a .netrc" },
  expand = function(ctx, a)
    python.check_redirection(ctx, a)
    python.warn_defeating(ctx, a, "poetry", { "--no-cache", "cache clear" })
    local secret = ctx:secret(a.secret)
    -- Poetry sends its requests with the Python library requests, which reads NETRC.
    local env = { POETRY_PYPI_MIRROR_URL = mirror(ctx, a), NETRC = secret and secret.target,
                  POETRY_VIRTUALENVS_IN_PROJECT = in_project(ctx) }
    local function cache(part)
      return ctx:cache("poetry-" .. part, {
        id = a.id and a.id .. "-" .. part, sharing = a.sharing })
    end
    return dfc.run {
      mounts = { cache "artifacts", cache "cache", secret },
      env = env,
      cmds = { a.command },
      script = a.script,
    }
  end,
}
