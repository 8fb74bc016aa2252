-- @bundle, @gem: Ruby's gems with what is downloaded in cache mounts.
--
-- Bundler and RubyGems keep each .gem file they install in the directory "cache" beside the gems.
-- Only that one is mounted: the gems themselves belong into the image. Docker's own guide mounts
-- ~/.gem, where the official image has nothing. Bundler's global_gem_cache would be one place for
-- all, but it also keeps compiled extensions, and not all of those work from there
-- (ruby/rubygems#6616, #8867).
local dfc = require "dfc.v1"
local common = require "common"

-- The version in the names of directories, of Ruby itself: docker-library/ruby by its tag, Debian's
-- and Ubuntu's own by their releases.
local OF_RELEASE = { bullseye = "2.7.0", bookworm = "3.1.0", trixie = "3.3.0",
                     focal = "2.7.0", jammy = "3.0.0", noble = "3.2.0" }

local function abi(ctx)
  if ctx.base.repo ~= "ruby" then return OF_RELEASE[ctx.base.release or ""] end
  local m = re.match([[^(\d+\.\d+)(?!\d)]], ctx.base.tag or "")
  return m and m[1] .. ".0"
end

-- GEM_HOME, which the image ruby sets; Debian's place (`gem env` of 3.1.2), which only root can
-- write to.
local function gem_home(ctx)
  local home = ctx.env.GEM_HOME
  if home then return home:starts "/" and re.gsub("/+$", home, "") or nil end
  if ctx.base.repo ~= "debian" and ctx.base.repo ~= "ubuntu" then return nil end
  local version = OF_RELEASE[ctx.base.release or ""]
  return ctx.user.root and version and "/var/lib/gems/" .. version or nil
end

local function is_on(value)
  return value ~= nil and not re.match([[^(?:|0|f|n|no|false)$]], value:lower())
end

-- What puts gems elsewhere than GEM_HOME without an ENV: a configuration.
local CONFIG = [[\bbundle3?(?:\.\d)?\s(?:.*\s)?(?:config\s(?:.*\s)?(?:path|deployment)|]]
  .. [[--path|--deployment)(?=[\s=]|$)]]

local function is_configured(ctx)
  for _, before in ipairs(ctx.previous) do
    if before.instruction == "RUN" and re.match(CONFIG, before.text) then return true end
  end
  return false
end

-- Bundler's directory of gems: with BUNDLE_PATH or BUNDLE_DEPLOYMENT one below that for each
-- version of Ruby (tried with 2.3.15).
local function bundle_home(ctx)
  if is_configured(ctx) then return nil end
  local path, version = ctx.env.BUNDLE_PATH, abi(ctx)
  if (path or "") == "" then
    if not is_on(ctx.env.BUNDLE_DEPLOYMENT) then return gem_home(ctx) end
    path = "vendor/bundle"
  end
  if not version then return nil end
  if not path:starts "/" then path = ctx.workdir .. "/" .. path end
  return re.gsub("/+$", path, "") .. "/ruby/" .. version
end

local function below(directory) return directory and directory .. "/cache" end

-- A .gem file is written where it belongs at once, and is taken for good when it is there: a second
-- process must wait (rubygems/remote_fetcher.rb, bundler/source/rubygems.rb).
dfc.cachedef "gem" {
  target = function(ctx) return below(gem_home(ctx)) end,
  id = "gem-cache", sharing = "locked", copies_out = true,
}
dfc.cachedef "bundle-gem" {
  target = function(ctx) return below(bundle_home(ctx)) end,
  id = "gem-cache", sharing = "locked", copies_out = true, beside = true, -- the gems
}

-- Bundler's copy of the index of rubygems.org, some 20 MB (Bundler.user_cache;
-- bundler/fetcher/compact_index.rb). Beside it, not in it, is the user's configuration. Shared:
-- Bundler compares it with a checksum and fetches it again (compact_index_client/updater.rb), and
-- two locks in one RUN are in no certain order, since the place of the gems varies.
dfc.cachedef "bundle-index" {
  target = function(ctx)
    local own = ctx.env.BUNDLE_USER_HOME
    if own and own:starts "/" then return own .. "/cache" end
    return ctx.user.home and ctx.user.home .. "/.bundle/cache"
  end,
  env = "BUNDLE_USER_CACHE", sharing = "shared", copies_out = true,
}

local function note_no_place(ctx, help)
  ctx:note("the cache mount is left out: where gems are installed is not known", {
    code = "no-cache-mount", help = help })
end

local IN_MOUNT = "leave it out: the cache is in a mount, it does not make the image larger"

local function warn_rm(ctx, a)
  common.warn_if(ctx, a, [[^rm\s.*(?:/\.bundle|/bundle/(?:\S*/)?cache)(?:/\*|/?(?:\s|$))]],
    "'rm' empties the cache mounts, and fails where it is to remove one itself", IN_MOUNT)
end

-- @bundle -----------------------------------------------------------------------------------------

local function gems_mount(ctx, a)
  if not bundle_home(ctx) or common.has_command(a, CONFIG) then
    note_no_place(ctx, "say it above with ENV GEM_HOME=…, BUNDLE_PATH=… or BUNDLE_DEPLOYMENT=1")
    return nil
  end
  local name = bundle_home(ctx) == gem_home(ctx) and "gem" or "bundle-gem"
  return ctx:cache(name, { id = a.id, sharing = a.sharing })
end

-- Whether gems come from elsewhere, too. BUNDLE_MIRROR__ALL would stand for that source as well
-- (bundler/mirror.rb).
local function has_other_source(ctx)
  local path = ctx.env.BUNDLE_GEMFILE or "Gemfile"
  local text = not path:starts "/" and ctx:file(path) or ctx:file "Gemfile" or ""
  for _, line in ipairs(text:lines()) do
    local m = re.match([[^\s*source[\s(]+["']([^"']+)]], line)
    if m and not re.match([[^https?://(?:www\.)?rubygems\.org/?$]], m[1]) then return true end
  end
  return false
end

local MIRROR = [[
---
BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "%s"
]]

-- The variable for rubygems.org alone has a name that the shell can't write
-- (BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/), but the file in the place of ~/.bundle/config can have
-- it (bundle-config(1); tried with 2.3.15).
local function mirror(ctx, a)
  if ctx:mirror_arg "rubygems" and has_other_source(ctx) then
    ctx:note("the mirror is left out: by ARG it would stand for all sources of the Gemfile",
      { code = "mirror-left-out", help = "name one for this directive with --mirror" })
    return nil, {}
  end
  local url = ctx:mirror "rubygems"
  if not url then return nil, {} end
  if a.secret and not a.mirror then
    ctx:note("the mirror is left out: the configuration of --secret says where gems come from",
      { code = "mirror-left-out", help = "name the mirror there, or write --mirror" })
    return nil, {}
  end
  if a.secret or ctx.builder == "legacy" or not has_other_source(ctx) then
    return nil, { BUNDLE_MIRROR__ALL = url }
  end
  local target = "/tmp/dfc-bundle-config"
  return common.bound_file(ctx, "bundle", "config", url, target, MIRROR:format(url)),
    { BUNDLE_USER_CONFIG = target }
end

dfc.directive "bundle" {
  summary = "Run Bundler with the gems it downloads in a cache mount",
  examples_from = "ruby:3.3",
  examples = { "@bundle install", "@bundle BUNDLE_FROZEN=1 install --jobs 4" },
  family = "command",
  bare = true, -- bundle alone installs
  caches = { "gem", "bundle-gem", "bundle-index" },
  tools = { "bundle", "bundler" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "rubygems", dfc.opt.uid(),
           dfc.opt.gid(), dfc.opt.secret "a configuration such as ~/.bundle/config" },
  expand = function(ctx, a)
    warn_rm(ctx, a)
    local file, env = mirror(ctx, a)
    local secret = ctx:secret(a.secret)
    if secret then env.BUNDLE_USER_CONFIG = secret.target end
    return dfc.run {
      mounts = common.list(4, gems_mount(ctx, a),
        ctx:cache("bundle-index", { id = a.id and a.id .. "-index", sharing = a.sharing }),
        file, secret),
      env = env,
      cmds = { a.command },
      script = a.script,
    }
  end,
}

-- @gem --------------------------------------------------------------------------------------------

local function has_flag(a, pattern)
  for _, flag in ipairs(a.flag) do
    if re.match(pattern, flag) then return true end
  end
  return false
end

local function has_file(a) return has_flag(a, [[^(?:--file|-g)\b]]) end

local function elsewhere(a)
  return has_flag(a, [[^(?:-i|--install-dir|--user-install|--build-root)]])
end

local function gem_mount(ctx, a)
  if not gem_home(ctx) or elsewhere(a) then
    note_no_place(ctx, "say it above with ENV GEM_HOME=…")
    return nil
  end
  return ctx:cache("gem", { id = a.id, sharing = a.sharing })
end

-- Options rather than a file: `gem` has no variable for sources (tried with 3.3.15). Gives them,
-- and the environment.
local function sources(ctx, a)
  if #a.sources > 0 or a.secret and not a.mirror then return {}, {} end
  local url = ctx:mirror "rubygems"
  if not url then return {}, {} end
  if ctx:mirror_arg "rubygems" and not url:find(":-", 1, true) then -- it may be empty
    return { "${dfc_source:+--clear-sources}", "${dfc_source:+--source=$dfc_source}" },
      { dfc_source = url }
  end
  return { "--clear-sources", "--source", url }, {}
end

dfc.directive "gem" {
  summary = "Install Ruby gems, keeping what is downloaded in a cache mount",
  examples_from = "ruby:3.3",
  examples = { "@gem rails:7.1.3", "@gem install bundler -v 2.5.4", "@gem update --system 3.5.22" },
  family = "install",
  caches = { "gem" },
  body = "words",
  verbs = { "install", "update" },
  default_verb = "install",
  refused = {
    uninstall = "write RUN gem uninstall …: removing needs no cache",
    cleanup = "write RUN gem cleanup: removing needs no cache",
    sources = "write RUN gem sources …, or @gem --mirror=URL for one directive",
    fetch = "write RUN gem fetch …: it puts the file into the working directory",
  },
  noop_verbs = { "sources -c" },
  cleans = { "/root/.gem", "~/.gem", "/usr/local/bundle/cache" },
  tools = { "gem" },
  implied = { "--no-document", "-N", "--no-doc", "--no-rdoc", "--no-ri" },
  args = {
    { "gem", many = true, doc = "gem, perhaps with its version, such as rails:7.1.3; a .gem file" },
    { "--version", short = "-v", doc = "version of the gem: \"~> 1.2\"" },
    { "--sources", type = "passthrough", doc = "other sources of gems",
      values = { "--source=", "-s=", "--clear-sources", "--local", "-l" } },
    { "--documents", type = "passthrough", doc = "install documentation, which is left out else",
      values = { "--document=", "--ri", "--rdoc" } },
    { "--self", type = "passthrough", doc = "update RubyGems itself", values = { "--system" } },
    { "--flag", type = "passthrough", doc = "option of gem", values = {
      "--platform=", "--prerelease", "--pre", "--install-dir=", "-i=", "--bindir=", "-n=",
      "--build-root=", "--user-install", "--no-user-install", "--env-shebang", "-E", "--force",
      "-f", "--no-force", "--wrappers", "-w", "--no-wrappers", "--trust-policy=", "-P=",
      "--ignore-dependencies", "--include-dependencies", "-y", "--format-executable",
      "--no-format-executable", "--minimal-deps", "--conservative", "--suggestions",
      "--no-suggestions", "--no-post-install-message", "--post-install-message", "--without=",
      "--development", "--development-all", "--explain", "--lock", "--no-lock", "--default",
      "--file=", "-g=", "--bulk-threshold=", "-B=", "--http-proxy=", "-p=", "--no-http-proxy",
      "--remote", "-r", "--both", "-b", "--verbose", "-V", "--no-verbose", "--quiet", "-q",
      "--silent", "--config-file=", "--backtrace", "--debug", "--norc" } },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "rubygems", dfc.opt.uid(), dfc.opt.gid(),
    dfc.opt.secret "a .gemrc",
  },
  expand = function(ctx, a)
    if a.verb == "install" and #a.gem + #a.rest == 0 and not has_file(a) then
      return ctx:error("@gem has nothing to install",
        { code = "missing-argument", help = "name a gem" })
    end
    local secret = ctx:secret(a.secret)
    local mirror_options, env = sources(ctx, a)
    local command = dfc.argv(a.exe or "gem", a.verb, mirror_options, a.sources, a.documents)
    command:add(a.flag)
    if #a.documents == 0 then command:add "--no-document" end
    if a.version then command:add("-v", a.version) end
    command:add(a.self) -- the version of it is the next word
    env.GEMRC = secret and secret.target
    return dfc.run {
      mounts = common.list(2, gem_mount(ctx, a), secret),
      env = env,
      cmds = { command:add(a.gem):add(#a.rest > 0 and { "--" } or {}, a.rest) }, -- for extconf.rb
    }
  end,
}
