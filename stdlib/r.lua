-- @r: R packages by pak. @renv: those of a project's renv.lock.
local dfc = require "dfc.v1"

-- tools::R_user_dir(package, "cache").
local function user_cache(ctx, package)
  local base = ctx.env.R_USER_CACHE_DIR or ctx.env.XDG_CACHE_HOME
  if not (base and base:starts "/") then base = ctx.user.home and ctx.user.home .. "/.cache" end
  return base and base .. "/R/" .. package
end

-- What pak has downloaded and built; it is installed from there (r-lib/pkgcache R/cache-dirs.R:
-- with R_PKG_CACHE_DIR it is R/pkgcache below that). Its metadata has a lock, packages have none.
dfc.cachedef "pak" {
  target = function(ctx) return user_cache(ctx, "pkgcache") end,
  env = "R_PKG_CACHE_DIR", sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- All of renv's own directory: cache/ of installed packages, which has the version of R in its
-- paths, and source/ and binary/ of downloads (rstudio/renv R/paths.R). Nothing on locks: locked.
dfc.cachedef "renv" {
  target = function(ctx) return user_cache(ctx, "renv") end,
  env = "RENV_PATHS_ROOT", sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- A string of R.
local function quoted(text) return '"' .. re.gsub([=[["\\]]=], text, "\\$0") .. '"' end

-- "f(a, b = c)" of those arguments that are there.
local function call(name, ...)
  local list = {}
  for i = 1, select("#", ...) do list[#list + 1] = select(i, ...) or nil end
  return name .. "(" .. table.concat(list, ", ") .. ")"
end

-- rocker's images install binaries from Posit's repository, a mirror of CRAN has sources only.
local function cran_mirror(ctx)
  local url = ctx:mirror "cran"
  if url and (ctx.base.repo or ""):starts "rocker/" then
    ctx:note("packages are compiled: the mirror of CRAN has no binaries as Posit's has, "
      .. "which " .. ctx.base.image .. " takes", { help = "write --mirror=off" })
  end
  return url
end

-- ?Startup of R: in place of .Renviron in the working directory or at home.
local function renviron(secret) return secret and secret.target end

-- @r ----------------------------------------------------------------------------------------------

-- install.packages() only warns of what it could not install.
local BASE = "p <- commandArgs(TRUE); install.packages(p%s); "
  .. "stopifnot(p %%in%% rownames(installed.packages(%s)))"

local function expression(a)
  local lib = a.lib and "lib = " .. quoted(a.lib)
  if a.installer == "pak" then
    return call("pak::pkg_install", "commandArgs(TRUE)", lib, a.upgrade and "upgrade = TRUE",
      "ask = FALSE")
  end
  return BASE:format(lib and ", " .. lib or "", a.lib and quoted(a.lib) or "")
end

dfc.directive "r" {
  summary = "Install R packages by pak, keeping its cache in a cache mount",
  examples_from = "rocker/r-ver:4.5",
  examples = { "@r --installer=base pak", "@r dplyr ggplot2 r-lib/cli@v3.6.0" },
  family = "install",
  caches = { "pak" },
  body = "words",
  verbs = { "install" },
  default_verb = "install",
  args = {
    { "package", many = true, min = 1, doc = "a package of CRAN, or another reference of pak's" },
    { "--installer", type = "enum", values = { "pak", "base" }, default = "pak",
      doc = "pak, which must be in the image; base: R's own, without a cache, such as for pak" },
    { "--lib", doc = "library to install into" },
    { "--upgrade", type = "switch", doc = "upgrade what they depend on (pak)" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "cran", dfc.opt.uid(), dfc.opt.gid(),
    dfc.opt.secret "an .Renviron",
  },
  expand = function(ctx, a)
    local url, secret, mounts = cran_mirror(ctx), ctx:secret(a.secret), {}
    if a.installer == "pak" then
      mounts[1] = ctx:cache("pak", { id = a.id, sharing = a.sharing })
    end
    mounts[#mounts + 1] = secret
    local command = dfc.argv(a.exe or "Rscript")
    if url then command:add("-e", "options(repos = c(CRAN = " .. quoted(url) .. "))") end
    command:add("-e", expression(a)):add(a.rest):add(a.package)
    return dfc.run { mounts = mounts, env = { R_ENVIRON_USER = renviron(secret) },
      cmds = { command } }
  end,
}

-- @renv -------------------------------------------------------------------------------------------

-- Whether the lock file takes packages from one repository, which a mirror can stand in for:
-- RENV_CONFIG_REPOS_OVERRIDE takes the place of all.
local function has_one_repository(text)
  local list = re.match([=["Repositories"\s*:\s*\[([^\]]*)\]]=], text)
  local count = 0
  for _ in ipairs(list and re.split([["URL"\s*:]], list[1]) or {}) do count = count + 1 end
  return count <= 2
end

local function repository(ctx, lockfile)
  local url = cran_mirror(ctx)
  local text = url and ctx:file(lockfile)
  if not text or has_one_repository(text) then return url end
  ctx:note("the mirror of CRAN is left out: " .. lockfile .. " names other repositories, too")
  return nil
end

-- renv links packages from its cache into the library: in the image the links would lead to
-- nothing. So they are copied (renv's ?config, cache.symlinks). Before renv 1.0 nothing is done
-- without consent, which RENV_PATHS_ROOT gives (R/consent.R).
local function environment(ctx, cache, secret, lockfile)
  local root = cache.target ~= "" and cache.target or nil
  return {
    RENV_CONFIG_CACHE_SYMLINKS = "FALSE",
    RENV_PATHS_ROOT = not ctx.env.RENV_PATHS_ROOT and root or nil,
    RENV_PATHS_CACHE = ctx.env.RENV_PATHS_CACHE and root and root .. "/cache" or nil,
    RENV_CONFIG_REPOS_OVERRIDE = repository(ctx, lockfile),
    R_ENVIRON_USER = renviron(secret),
  }
end

local function check(ctx, a)
  if a.verb == "restore" and #a.package > 0 then
    return ctx:error("@renv restore takes no packages, found '" .. a.package[1] .. "'", {
      at = { "package", 1 }, help = "write @renv install " .. a.package[1] })
  end
  if a.verb == "install" and #a.package == 0 then
    return ctx:error("@renv install needs a package", { code = "missing-argument",
      help = "write @renv to restore what is in renv.lock" })
  end
  return true
end

dfc.directive "renv" {
  summary = "Restore the R packages of renv.lock, keeping renv's cache in a cache mount",
  examples_from = "rocker/r-ver:4.5",
  examples = { "@renv", "@renv restore --lockfile=deploy/renv.lock", "@renv install dplyr@1.1.4" },
  family = "install",
  caches = { "renv" },
  body = "words",
  verbs = { "restore", "install" },
  default_verb = "restore",
  refused = {
    purge = "leave it out: the cache is in a mount, not in the image",
    isolate = "leave it out: packages are copied from the cache, not linked",
  },
  args = {
    { "package", many = true, doc = "of install: a package, or another reference of renv's" },
    { "--lockfile", type = "path", default = "renv.lock",
      doc = "of restore; a relative one is bind-mounted from the build context" },
    { "--library", doc = "library to install into; by default the project's" },
    { "--clean", type = "switch", doc = "of restore: remove what is not in the lock file" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "cran", dfc.opt.uid(), dfc.opt.gid(),
    dfc.opt.secret "an .Renviron",
  },
  expand = function(ctx, a)
    if not check(ctx, a) then return end
    local cache, secret = ctx:cache("renv", { id = a.id, sharing = a.sharing }),
      ctx:secret(a.secret)
    local command = dfc.argv(a.exe or "Rscript", "-e")
    local run = dfc.run { mounts = { cache, secret }, cmds = { command },
      env = environment(ctx, cache, secret, a.lockfile) }
    local library = a.library and "library = " .. quoted(a.library)
    if a.verb == "install" then
      command:add(call("renv::install", "commandArgs(TRUE)", library, "prompt = FALSE"))
      command:add(a.rest):add(a.package)
      return run
    end
    local lockfile = run:bind(a.lockfile)
    command:add(call("renv::restore", lockfile ~= "renv.lock" and "lockfile = " .. quoted(lockfile),
      library, a.clean and "clean = TRUE", "prompt = FALSE"))
    return run
  end,
}
