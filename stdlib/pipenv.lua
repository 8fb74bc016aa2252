-- @pipenv: Pipenv's commands with its cache in a cache mount.
--
-- Pipenv tells the pip that it runs to keep its cache in Pipenv's own (PIP_CACHE_DIR in
-- pipenv/utils/pip.py), so one mount is enough. Environments are elsewhere: in .venv or
-- WORKON_HOME. Nothing says that several Pipenvs may fill the cache: locked.
local dfc = require "dfc.v1"
local python = require "python"

dfc.cachedef "pipenv" {
  target = function(ctx) return python.cache(ctx, "pipenv") end, -- pipenv/environments.py
  env = "PIPENV_CACHE_DIR", sharing = "locked", distro = true, arch = true, copies_out = true,
}

dfc.directive "pipenv" {
  summary = "Run a Pipenv command with its cache in a cache mount",
  examples_from = "python:3.12-slim",
  examples = { "@pipenv sync --system", "@pipenv PIPENV_VENV_IN_PROJECT=1 install --deploy" },
  family = "command",
  caches = { "pipenv" },
  tools = { "pipenv" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "pypi", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a .netrc" },
  expand = function(ctx, a)
    python.check_redirection(ctx, a)
    python.warn_defeating(ctx, a, "pipenv", { "--clear" })
    local secret = ctx:secret(a.secret)
    local env = {
      -- in place of pypi.org in the sources of Pipfile and lock; Pipenv trusts an http one itself
      PIPENV_PYPI_MIRROR = python.index(ctx, a, { "PIPENV_PYPI_MIRROR" }),
      -- Pipenv's pip reads no pip.conf, but does read this.
      NETRC = secret and secret.target,
      PIP_NO_CACHE_DIR = python.pip_environment(ctx).PIP_NO_CACHE_DIR,
    }
    return dfc.run {
      mounts = { ctx:cache("pipenv", { id = a.id, sharing = a.sharing }), secret },
      env = env,
      cmds = { a.command },
      script = a.script,
    }
  end,
}
