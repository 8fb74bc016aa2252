-- @pip: Python packages with pip's cache in a cache mount.
local dfc = require "dfc.v1"
local python = require "python"

-- A wheel that pip built from source links to the libraries of its image, so the cache of one
-- release is not for another.
dfc.cachedef "pip" {
  target = function(ctx) return python.cache(ctx, "pip") end,
  env = "PIP_CACHE_DIR", sharing = "shared", distro = true, arch = true, copies_out = true,
}

local MAX_DEPTH = 8

-- "../x" and "a/../../x": there is no such file in the build context.
local function leaves_context(path)
  local depth = 0
  for _, part in ipairs(path:split "/") do
    if part == ".." then
      depth = depth - 1
    elseif part ~= "" and part ~= "." then
      depth = depth + 1
    end
    if depth < 0 then return true end
  end
  return path:starts "/"
end

-- Bind a requirements file, and those it names with -r or -c: pip reads them relative to it.
local function bind(ctx, run, path, depth)
  local file = run:bind(path)
  if depth == MAX_DEPTH or leaves_context(path) or path:find("$", 1, true) then return file end
  local text = ctx:file(path)
  if not text then return file end
  local directory = re.match([[^(.*/)]], path)
  for _, line in ipairs(text:lines()) do
    local m = re.match([[^\s*(?:-[rc]|--requirement|--constraint)[\s=]*([^\s#]+)]], line)
    if m and not m[1]:starts("/") and not m[1]:find("://", 1, true) then
      bind(ctx, run, (directory and directory[1] or "") .. m[1], depth + 1)
    end
  end
  return file
end

local function environment(ctx, a, secret)
  local index = python.index(ctx, a, { "PIP_INDEX_URL" }, secret)
  if #a.index > 0 then index = nil end -- the directive names its own
  local env = python.pip_environment(ctx, index)
  env.PIP_CONFIG_FILE = secret and secret.target
  return env
end

local function warn_defeating(ctx, a)
  if ctx.builder == "legacy" then return end -- it is what is done there
  for key, option in pairs { no_cache = "--no-cache", no_cache_dir = "--no-cache-dir" } do
    if a[key] then
      ctx:warn(option .. " defeats the cache mount and is left out", {
        at = key, code = "defeats-cache",
        help = "the cache is in a mount, it does not make the image larger",
      })
    end
  end
end

-- PEP 668: Debian's and Ubuntu's own Python refuses to be changed by pip. The python images bring
-- their own interpreter, which does not.
local MANAGED = { bookworm = true, trixie = true, forky = true, sid = true, lunar = true,
                  mantic = true, noble = true, oracular = true, plucky = true, questing = true,
                  resolute = true, stonking = true }

-- pip only looks when it installs, and not where it installs into a directory.
local function writes_to_system(a)
  for _, word in ipairs(a.flag) do
    if re.match([[^(?:--(?:target|prefix|root|dry-run)\b|-t)]], word) then return false end
  end
  return a.verb == "install" and not a.break_system_packages
end

-- A PATH that begins elsewhere than with the system's directories is taken for that of a venv.
local function has_own_python(ctx, a)
  local path = ctx.env.PATH
  return ctx.env.VIRTUAL_ENV or ctx.env.PIP_BREAK_SYSTEM_PACKAGES
    or (a.exe and a.exe:find("/", 1, true))
    or (path and not re.match([[^(?:/usr)?(?:/local)?/s?bin:|^\$]], path))
end

local function warn_managed(ctx, a)
  local own = ctx.base.repo == "debian" or ctx.base.repo == "ubuntu"
  if not own or not MANAGED[ctx.base.release or ""] then return end
  if not writes_to_system(a) or has_own_python(ctx, a) then return end
  ctx:warn("pip of " .. ctx.base.image .. " refuses to install outside a virtual environment", {
    code = "managed-environment",
    help = "use a venv (ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH), "
      .. "or write --break-system-packages",
  })
end

local pip = {
  summary = "Install Python packages, keeping pip's cache in a cache mount",
  examples_from = "python:3.12-slim",
  examples = { "@pip flask>=3,<4 gunicorn", "@pip -r requirements.txt --no-deps",
               "@pip wheel -w /wheels -r requirements.txt" },
  family = "install",
  caches = { "pip" },
  body = "words",
  verbs = { "install", "wheel", "download" },
  default_verb = "install",
  refused = {
    uninstall = "write RUN pip uninstall -y …: removing needs no cache",
    freeze = "write RUN pip freeze",
    cache = "leave it out: the cache is in a mount, not in the image",
  },
  tools = { "pip", "pip3" },
  noop_verbs = { "cache purge" },
  cleans = { "/root/.cache", "~/.cache" },
  implied = { "--disable-pip-version-check", "--no-input" },
  args = {
    { "spec", many = true, doc = "requirement, such as flask>=3; a path or URL" },
    { "--requirement", short = "-r", type = "path", many = true,
      doc = "requirements file; a relative one is bind-mounted from the build context" },
    { "--constraint", short = "-c", type = "path", many = true,
      doc = "constraints file, likewise" },
    { "--find-links", short = "-f", many = true,
      doc = "URL or directory of packages; a relative directory is bind-mounted" },
    { "--editable", short = "-e", many = true, doc = "install a project in place" },
    { "--index", type = "passthrough", doc = "another index",
      values = { "--index-url=", "-i=", "--no-index" } },
    { "--flag", type = "passthrough", doc = "option of pip", values = {
      "--extra-index-url=", "--trusted-host=", "--upgrade", "-U", "--upgrade-strategy=",
      "--no-deps", "--pre", "--user", "--target=", "-t=", "--prefix=", "--root=", "--src=",
      "--ignore-installed", "-I", "--ignore-requires-python", "--force-reinstall",
      "--no-build-isolation", "--use-pep517", "--no-use-pep517", "--config-settings=", "-C=",
      "--global-option=", "--install-option=", "--compile", "--no-compile",
      "--no-warn-script-location", "--no-warn-conflicts", "--no-binary=", "--only-binary=",
      "--prefer-binary", "--require-hashes", "--progress-bar=", "--root-user-action=",
      "--no-clean", "--quiet", "-q", "-qq", "--verbose", "-v", "-vv", "-vvv", "--timeout=",
      "--default-timeout=", "--retries=", "--proxy=", "--cert=", "--client-cert=",
      "--exists-action=", "--isolated", "--log=", "--require-virtualenv", "--python=",
      "--platform=", "--python-version=", "--implementation=", "--abi=", "--wheel-dir=", "-w=",
      "--dest=", "-d=", "--no-verify", "--build-option=", "--use-deprecated=", "--use-feature=",
      "--dry-run", "--report=", "--group=", "--keyring-provider=" } },
    { "--break-system-packages", type = "switch",
      doc = "change an environment that the system manages" },
    { "--no-cache-dir", type = "switch", doc = "left out: it would defeat the cache mount" },
    { "--no-cache", type = "switch", doc = "pip's abbreviation of it" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "pypi", dfc.opt.uid(), dfc.opt.gid(),
    dfc.opt.secret "a pip.conf",
  },
  expand = function(ctx, a)
    if #a.spec + #a.requirement + #a.editable + #a.rest == 0 then
      return ctx:error("@" .. a.name .. " has nothing to " .. a.verb, {
        code = "missing-argument", help = "name a package, or give -r FILE" })
    end
    warn_defeating(ctx, a)
    warn_managed(ctx, a)
    local command = dfc.argv(a.exe or a.name, a.verb, a.index, a.flag)
    local secret = ctx:secret(a.secret)
    local run = dfc.run {
      mounts = { ctx:cache("pip", { id = a.id, sharing = a.sharing, kept_out = true }), secret },
      env = environment(ctx, a, secret),
      cmds = { command },
    }
    if ctx.builder == "legacy" then command:add "--no-cache-dir" end
    if a.break_system_packages then command:add "--break-system-packages" end
    for _, link in ipairs(a.find_links) do
      command:add("--find-links", link:find("://", 1, true) and link or run:bind(link))
    end
    for _, file in ipairs(a.constraint) do command:add("-c", bind(ctx, run, file, 1)) end
    for _, file in ipairs(a.requirement) do command:add("-r", bind(ctx, run, file, 1)) end
    for _, path in ipairs(a.editable) do command:add("-e", path) end
    command:add(a.rest):add(a.spec)
    return run
  end,
}

dfc.directive "pip" (pip)
dfc.directive "pip3" (pip)

local function has_word(words, wanted)
  for _, word in ipairs(words) do
    if word == wanted then return true end
  end
  return false
end

dfc.rewrite "pip-cache" {
  summary = "RUN pip install without a cache mount downloads everything again",
  on = "RUN",
  match = [[^(?:python[\d.]* -m )?pip[\d.]* (?:install|wheel|download)\b]],
  check = function(ctx, run, m)
    local user = ctx.user
    -- whose cache it would be is not known
    if not user.root and (m.sudo or not (user.uid and user.home)) then return end
    if (ctx.env.PIP_NO_CACHE_DIR or "") ~= "" then return end -- switched off on purpose
    local mount = ctx:cache "pip"
    local defeated = m.remove_arg "--no-cache-dir"
    if not run.has_mount(mount.target) then
      ctx:report {
        at = m, message = "pip " .. m[0]:split()[#m[0]:split()] .. " has no cache mount",
        help = "each build downloads all packages again", fix = { run.add_mount(mount), defeated },
      }
    elseif has_word(m.argv, "--no-cache-dir") then
      ctx:report { at = m, message = "--no-cache-dir defeats the cache mount", fix = defeated }
    end
  end,
}
