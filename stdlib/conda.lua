-- @conda, @mamba, @micromamba: conda packages with the package cache in a cache mount.
--
-- Packages are linked from the package cache into the environment: by hard links, or, where those
-- are impossible, as from a mount, by copying (hardlink_supported in conda gateways/disk/test.py).
-- So the environment is whole without the mount, unless somebody has allowed symbolic links.
-- Nothing says that several condas may fill the cache: locked. What is in it is for one
-- architecture, which is not in its names, and for any distribution.
local dfc = require "dfc.v1"
local python = require "python"

-- The package cache is pkgs below the root prefix (conda docs, user-guide/configuration/
-- custom-env-and-pkg-locations). Where that is unknown it moves: CONDA_PKGS_DIRS.
local function root_prefix(ctx)
  local directory = ctx.env.CONDA_DIR
  if directory and directory:starts "/" then return directory end
  local repo = ctx.base.repo or ""
  if repo:starts "continuumio/" or repo:starts "condaforge/" then return "/opt/conda" end
  return nil
end

dfc.cachedef "conda" {
  target = function(ctx)
    local prefix = root_prefix(ctx)
    return prefix and prefix .. "/pkgs"
  end,
  env = "CONDA_PKGS_DIRS", id = "conda-pkgs", sharing = "locked", arch = true, copies_out = true,
  clean = "conda clean --all --force-pkgs-dirs --yes",
}

dfc.cachedef "micromamba" {
  target = function(ctx)
    local prefix = ctx.env.MAMBA_ROOT_PREFIX -- the default differs between micromamba 1 and 2
    return prefix and prefix:starts "/" and prefix .. "/pkgs" or nil
  end,
  env = "CONDA_PKGS_DIRS", id = "micromamba-pkgs", sharing = "locked", arch = true,
  copies_out = true, clean = "micromamba clean --all --force-pkgs-dirs --yes",
}

-- Channels that stations have below cloud, by the name that TUNA's help page and the .condarc of
-- others give; all others come from upstream.
local CLOUD = { "bioconda", "conda-forge", "pytorch" }

-- conda has no variable for a map of channels, so that it goes into a file of this RUN. conda and
-- libmamba read $CONDARC over all other files; conda wants it to be called condarc (conda docs,
-- use-condarc; mamba libmamba/src/api/configuration.cpp).
local function mirror(ctx, a, cmd)
  local url = (a.mirror or not (a.secret or ctx.env.CONDARC)) and ctx:mirror "conda"
  if not url then return {}, {} end
  url = re.gsub("/+$", url, "")
  local lines = { "default_channels:", "- " .. url .. "/pkgs/main", "- " .. url .. "/pkgs/r",
                  "custom_channels:" }
  for _, name in ipairs(CLOUD) do lines[#lines + 1] = "  " .. name .. ": " .. url .. "/cloud" end
  cmd:env("CONDARC", "$dfc/condarc")
  return { "dfc=$(mktemp -d)",
           [[printf '%s\n']] .. "\n'" .. table.concat(lines, "'\n'") .. "'\n> \"$dfc/condarc\"" },
         { 'rm -r "$dfc"' }
end

-- An environment file may have a list for pip, which has a cache of its own.
local function uses_pip(ctx, files)
  for _, file in ipairs(files) do
    if re.match([[\.ya?ml$]], file) then
      local text = not re.match([[^/|\$|(?:^|/)\.\.(?:/|$)]], file) and ctx:file(file)
      if not text or re.match([[(?m)^\s*-\s*pip\s*:]], text) then return true end
    end
  end
  return false
end

local SOFTLINKS = { "CONDA_ALLOW_SOFTLINKS", "CONDA_ALWAYS_SOFTLINK", "MAMBA_ALLOW_SOFTLINKS",
                    "MAMBA_ALWAYS_SOFTLINK" }

local function environment(ctx, a, pip, secret)
  local env = pip and python.pip_environment(ctx, python.index(ctx, a, { "PIP_INDEX_URL" })) or {}
  if pip and ctx.builder == "legacy" then env.PIP_NO_CACHE_DIR = "1" end
  for _, name in ipairs(SOFTLINKS) do
    if python.is_on(ctx.env[name]) then env[name] = "false" end -- links into the mount
  end
  env.CONDARC = secret and secret.target
  return env
end

-- `env create` and `env update` of conda ask nothing, and had no --yes before 24.3; mamba 2 asks.
local function command(a, tool)
  local cmd = dfc.argv(a.exe or tool, a.verb)
  if a.verb == "env" then cmd:add(a.spec[1]) end
  if a.verb ~= "env" or tool == "micromamba" then
    cmd:add "-y"
  elseif tool == "mamba" then
    cmd:env("MAMBA_ALWAYS_YES", "true")
  end
  return cmd:add(a.flag)
end

local function check(ctx, a)
  if a.verb == "env" and a.spec[1] ~= "create" and a.spec[1] ~= "update" then
    return ctx:error("@" .. a.name .. " env needs create or update", {
      at = a.spec[1] and { "spec", 1 } or "verb", code = "unsupported-verb",
      help = "write RUN " .. a.name .. " env … for others: they need no cache" })
  end
  if a.verb == "install" and #a.spec + #a.file + #a.rest == 0 then
    return ctx:error("@" .. a.name .. " has nothing to install", {
      code = "missing-argument", help = "name a package, or give --file=FILE" })
  end
  return true
end

-- Files that the command reads; `env` looks for environment.yml by itself.
local function files_of(a)
  return a.verb == "env" and #a.file + #a.spec == 1 and { "environment.yml" } or a.file
end

local function finish(run, cmd, a)
  for _, file in ipairs(files_of(a)) do
    local path = run:bind(file)
    if #a.file > 0 then cmd:add("--file", path) end
  end
  cmd:add(a.rest)
  local specs = {}
  for i, spec in ipairs(a.spec) do
    if i > 1 or a.verb ~= "env" then specs[#specs + 1] = spec end
  end
  cmd:add(specs)
  return run
end

local function conda(tool)
  local cache = tool == "micromamba" and "micromamba" or "conda"
  return {
    summary = "Install conda packages with " .. tool .. ", its package cache in a cache mount",
    examples_from = tool == "micromamba" and "mambaorg/micromamba:2.3-debian12-slim"
      or "condaforge/miniforge3:24.11.3-2",
    examples = { "@" .. tool .. " -n base -c conda-forge numpy>=2 pandas",
                 "@" .. tool .. " create -n app -f environment.yml",
                 "@" .. tool .. " env update -n base -f environment.yml" },
    family = "install",
    caches = { cache, "pip" },
    body = "words",
    verbs = { "install", "create", "update", "upgrade", "env" },
    default_verb = "install",
    refused = {
      clean = "leave it out: the packages are in a cache mount, not in the image",
      remove = "write RUN " .. tool .. " remove -y …: removing needs no cache",
      uninstall = "write RUN " .. tool .. " remove -y …: removing needs no cache",
      config = "write RUN " .. tool .. " config …",
      run = "write RUN " .. tool .. " run …",
    },
    tools = { tool },
    noop_verbs = { "clean" },
    cleans = { "/opt/conda/pkgs" },
    implied = { "-y", "--yes" },
    args = {
      { "spec", many = true, doc = "package, such as numpy>=2; behind env: create or update" },
      { "--file", short = "-f", type = "path", many = true,
        doc = "file of packages; a relative one is bind-mounted from the build context" },
      { "--flag", type = "passthrough", doc = "option of " .. tool, values = {
        "--name=", "-n=", "--prefix=", "-p=", "--channel=", "-c=", "--override-channels",
        "--strict-channel-priority", "--no-channel-priority", "--channel-priority=", "--clone=",
        "--no-deps", "--only-deps", "--no-pin", "--no-py-pin", "--freeze-installed",
        "--no-update-deps", "--update-deps", "--update-specs", "--update-all", "--all", "-a",
        "--force-reinstall", "--satisfied-skip-solve", "-S", "--prune", "--no-default-packages",
        "--solver=", "--experimental=", "--repodata-fn=", "--use-local", "--insecure", "-k",
        "--copy", "--always-copy", "--platform=", "--subdir=", "--root-prefix=", "-r=",
        "--category=", "--no-pyc", "--dev", "--json", "--quiet", "-q", "--verbose", "-v", "-vv" } },
      dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "conda", dfc.opt.uid(), dfc.opt.gid(),
      dfc.opt.secret "a .condarc",
    },
    expand = function(ctx, a)
      if not check(ctx, a) then return end
      local pip = uses_pip(ctx, files_of(a))
      local secret = ctx:secret(a.secret, a.secret and "/run/secrets/condarc")
      local cmd = command(a, tool)
      local cmds, after = mirror(ctx, a, cmd)
      cmds[#cmds + 1] = cmd
      if ctx.builder == "legacy" then
        cmds[#cmds + 1] = dfc.argv(a.exe or tool, "clean", "--all", "--force-pkgs-dirs", "--yes")
      end
      for _, line in ipairs(after) do cmds[#cmds + 1] = line end
      local mounts = {
        ctx:cache(cache, { id = a.id, sharing = a.sharing, kept_out = true }),
        pip and ctx:cache("pip", { id = a.id and a.id .. "-pip", kept_out = true }) or {}, secret,
      }
      local run = dfc.run {
        mounts = mounts, env = environment(ctx, a, pip, secret), cmds = cmds }
      return finish(run, cmd, a)
    end,
  }
end

dfc.directive "conda" (conda "conda")
dfc.directive "mamba" (conda "mamba")
dfc.directive "micromamba" (conda "micromamba")
