-- @apk: Alpine packages with a cache of packages and indexes.
--
-- apk keeps packages only where its cache directory is set, by /etc/apk/cache or --cache-dir; else
-- /var/cache/apk holds the indexes alone (apk-tools src/database.c: setup_cache, in 2.12, 2.14 and
-- 3.0). The directory is the one that hadolint knows (DL3019). Names in it carry a hash, but apk's
-- lock is in the image and not in the mount, so the mount is locked. An index in the cache counts
-- as fresh for four hours (src/context.c: cache_max_age), hence -U. An absolute cache directory is
-- the same with --root, since it is opened by openat().
local dfc = require "dfc.v1"
local sources = require "sources"

dfc.cachedef "apk" {
  target = function() return "/var/cache/apk" end,
  sharing = "locked", distro = true, arch = true, copies_out = true,
}

local UPSTREAM = "https://dl-cdn.alpinelinux.org/alpine"

-- Wolfi has apk, but other packages at an address of its own.
local function mirror_of(ctx, of)
  return ctx.base.distro ~= "wolfi" and ctx:mirror("alpine", "http", of) or nil
end

local BEHIND = [=[(/|[[:space:]]|$)]=]

local function rewrites(ctx, of)
  local url = mirror_of(ctx, of)
  if not url then return {} end
  return { sources.substitute([[https?://[a-z0-9-]+\.alpinelinux\.org/alpine]] .. BEHIND,
                              url .. [[\1]]) }
end

local function returns(ctx)
  local url = mirror_of(ctx, "stage")
  if not url then return {} end
  return { sources.substitute(sources.literal(url) .. BEHIND, UPSTREAM .. [[\1]]) }
end

-- /etc/apk/repositories, and what apk 3 reads besides (doc/apk-repositories.5.scd).
local FIND = "find /etc/apk /lib/apk -type f '(' -name repositories -o "
  .. "-path '*/repositories.d/*.list' ')' -exec sed -E"

local function rewrite_image(rules)
  return dfc.run { cmds = { FIND .. " -i\n" .. table.concat(rules, "\n") .. "\n'{}' +" } }
end

local function rewrite_copy(rules)
  return {
    "dfc=$(mktemp -d)",
    FIND .. "\n" .. table.concat(rules, "\n") .. "\n'{}' + > \"$dfc/repositories\"",
  }
end

-- The user's own file of repositories, or that of another root.
local function names_repositories(a)
  for _, word in ipairs(a.flag) do
    if re.match([[^(?:--repositories-file|--root|-p)]], word) then return true end
  end
  return false
end

local function command_of(ctx, a, copied)
  local command = dfc.argv(a.exe or "apk", a.verb)
  if ctx.builder == "legacy" then
    command:add "--no-cache"
  else
    command:add("-U", "--cache-dir", "/var/cache/apk")
  end
  if copied then command:add("--repositories-file", "$dfc/repositories") end
  return command:add(a.flag, a.rest, a.package)
end

dfc.directive "apk" {
  summary = "Install Alpine packages, keeping apk's packages and indexes in a locked cache mount",
  examples = { "@apk git 'curl>8'", "@apk --virtual .build gcc musl-dev",
               "@apk -X https://dl-cdn.alpinelinux.org/alpine/edge/testing hexyl",
               "@apk upgrade" },
  family = "install",
  caches = { "apk" },
  needs = { family = "alpine", user = "root" },
  body = "words",
  verbs = { "add", "upgrade" },
  default_verb = "add",
  refused = {
    del = "write RUN apk del …: removing needs no cache",
    update = "leave it out: @apk updates the indexes before it installs",
    cache = "leave it out: the packages are in a cache mount, not in the image",
    fetch = "write RUN apk fetch …",
    fix = "write RUN apk fix …",
    info = "write RUN apk info …",
    search = "write RUN apk search …",
  },
  tools = { "apk" },
  noop_verbs = { "update", "cache clean", "cache purge" },
  cleans = { "/var/cache/apk", "/etc/apk/cache" },
  implied = { "-U", "--update-cache", "--update", "--no-interactive" },
  args = {
    { "package", many = true, doc = "name, name=version, name>version, name@tag or ./file.apk" },
    { "--no-cache", type = "switch", doc = "left out: it would defeat the cache mount" },
    { "--flag", type = "passthrough", doc = "option of apk",
      values = { "--root=", "-p=", "--virtual=", "-t=", "--repository=", "-X=",
                 "--repositories-file=", "--repository-config=", "--allow-untrusted", "--upgrade",
                 "-u", "--latest", "-l", "--available", "-a", "--prune", "--ignore",
                 "--self-upgrade-only", "--no-self-upgrade", "--initdb", "--arch=", "--keys-dir=",
                 "--no-scripts", "--no-commit-hooks", "--clean-protected", "--overlay-from-stdin",
                 "--no-chown", "--usermode", "--no-network", "--no-check-certificate",
                 "--no-logfile", "--preserve-env", "--purge", "--simulate", "-s", "--force", "-f",
                 "--force-overwrite", "--force-broken-world", "--force-missing-repositories",
                 "--force-no-chroot", "--force-non-repository", "--force-old-apk",
                 "--force-refresh", "--timeout=", "--wait=", "--progress", "--no-progress",
                 "--quiet", "-q", "--verbose", "-v" } },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror(),
  },
  expand = function(ctx, a)
    if #a.package + #a.rest == 0 and a.verb == "add" then
      return sources.need_packages(ctx, a)
    end
    sources.refuse_urls(ctx, a.package, "apk", "fetch the file with ADD --checksum=sha256:… "
      .. "and install it as ./NAME.apk with --allow-untrusted")
    if a.no_cache and ctx.builder ~= "legacy" then
      sources.warn_defeating(ctx, "no_cache", "--no-cache")
    end
    local mirror = { before = {}, after = {} }
    if not names_repositories(a) then
      mirror = sources.plan(ctx, a, {
        key = "apk-mirror", image = rewrite_image, copy = rewrite_copy,
        rules = function(of) return rewrites(ctx, of) end,
        back = function() return returns(ctx) end,
      })
    end
    return dfc.run {
      mounts = ctx:cache("apk", { id = a.id, sharing = a.sharing, kept_out = true }),
      cmds = sources.chain(mirror.before, { command_of(ctx, a, mirror.copy) }, mirror.after),
    }
  end,
}
