-- @dnf, @dnf5, @yum, @microdnf: packages of Fedora, RHEL and their kin with a cache of downloads.
--
-- Which program a name is, and so where its cache lies, depends on the release:
--   dnf 4      /var/cache/dnf       (dnf.conf(5): cachedir)
--   dnf 5      /var/cache/libdnf5   (dnf5 doc/misc/caching.7.rst); "dnf" and "yum" of Fedora 41 and
--              later (dnf.spec: dnf5_obsoletes_dnf), "microdnf" of Fedora 38 and later (dnf5.spec)
--   yum 3      /var/cache/yum       (yum.conf(5)); up to CentOS, RHEL, Oracle Linux 7, and Amazon
--              Linux 2
--   microdnf   /var/cache/yum       (microdnf dnf/dnf-main.c)
-- All delete packages after an install unless keepcache is set; as an option it leaves no trace.
-- (microdnf knows it since 3.7.1, RHEL 8.4.) dnf 4 and microdnf take their locks inside the cache
-- and judge them by process ids, which mean nothing in another container: the mounts are locked.
-- Metadata in the cache counts as fresh for up to two days (metadata_expire), while repositories
-- drop old packages: hence --refresh, which yum 3 does not have.
local dfc = require "dfc.v1"
local repos = require "dnf_repos"
local sources = require "sources"

local function cache_at(target)
  return { target = function() return target end, sharing = "locked", distro = true, arch = true,
           copies_out = true }
end

dfc.cachedef "dnf" (cache_at "/var/cache/dnf")
dfc.cachedef "dnf5" (cache_at "/var/cache/libdnf5")
dfc.cachedef "yum" (cache_at "/var/cache/yum")
dfc.cachedef "microdnf" (cache_at "/var/cache/yum")

-- Which program is it? ----------------------------------------------------------------------------

-- The last release whose yum is yum 3; those of Amazon Linux 1 are years before 2023.
local LAST_YUM3 = { centos = 7, ubi = 7, rhel = 7, oraclelinux = 7, amazonlinux = 2 }

-- Names of caches, which are those of programs too: several where the image does not tell.
local function programs(ctx, name)
  local distro, release = ctx.base.distro, tonumber(ctx.base.release)
  if name == "dnf5" then return { "dnf5" } end
  if not distro or (distro == "fedora" and not release) then
    if name == "yum" and not distro then return { "yum", "dnf", "dnf5" } end
    return name == "microdnf" and { "microdnf", "dnf5" } or { "dnf", "dnf5" }
  end
  if distro == "fedora" and release >= (name == "microdnf" and 38 or 41) then return { "dnf5" } end
  if name == "yum" and LAST_YUM3[distro] then
    if not release then return { "yum", "dnf" } end
    local old = release <= LAST_YUM3[distro] or (distro == "amazonlinux" and release < 2022)
    return { old and "yum" or "dnf" }
  end
  return { name == "microdnf" and "microdnf" or "dnf" }
end

local function has(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then return true end
  end
  return false
end

-- Verbs of two words: "group install".
local function is_group(a) return a.verb == "group" or a.verb == "module" end

-- Options -----------------------------------------------------------------------------------------

local DISABLED = { ["0"] = true, ["false"] = true, no = true, off = true }

-- The user's --setopt: values by name, and those that stay.
local function read_setopts(ctx, a)
  local seen, kept = {}, {}
  for i, text in ipairs(a.setopt) do
    local pair = text:split("=", 2)
    seen[pair[1]] = pair[2] or ""
    if pair[1] == "keepcache" and DISABLED[(pair[2] or ""):lower()] and ctx.builder ~= "legacy" then
      sources.warn_defeating(ctx, { "setopt", i }, "--setopt=" .. text)
    elseif pair[1] ~= "keepcache" then
      kept[#kept + 1] = "--setopt=" .. text
    end
  end
  return { seen = seen, kept = kept }
end

-- Caches ------------------------------------------------------------------------------------------

-- A cachedir on the command line is a directory of the image itself; otherwise the cache is below
-- --installroot (tried with dnf 4; dnf5 doc/misc/installroot.7.rst).
local function place(a, seen, mount)
  if (seen.cachedir or ""):starts "/" then
    return dfc.cache { id = mount.id, target = seen.cachedir, sharing = a.sharing or "locked" }
  end
  return a.installroot and sources.mount_below(a.installroot, mount, a.sharing) or mount
end

local function mounts(ctx, a, names, seen)
  local list = {}
  for _, name in ipairs(names) do
    local id = a.id
    if id and #names > 1 then id = id .. "-" .. name end
    local mount = ctx:cache(name, { id = id, sharing = a.sharing, kept_out = true })
    if ctx.builder ~= "legacy" then list[#list + 1] = place(a, seen, mount) end
  end
  return list
end

-- What would stay in the layer without mounts.
local function clean_up(ctx, a, names, program)
  if ctx.builder ~= "legacy" then return {} end
  local clean = dfc.argv(program, "clean", "all")
  if a.installroot then clean:add("--installroot=" .. a.installroot) end
  if not has(names, "yum") then return { clean } end
  return { clean, "rm -rf /var/cache/yum" } -- yum 3 leaves what disabled repositories had
end

-- hadolint asks for "clean all" behind each install, and takes a cache mount in its place only
-- where dnf 5 has its cache (src/Hadolint/Rule/DL3040.hs, DL3032.hs).
local function not_for_hadolint(ctx, a, names)
  local installs = a.verb == "install" or (is_group(a) and a.package[1] == "install")
  if ctx.builder == "legacy" or not installs then return nil end
  if a.name == "yum" then return { "DL3032" } end
  return not has(names, "dnf5") and { "DL3040" } or nil
end

-- Mirrors -----------------------------------------------------------------------------------------

-- Small images have no find.
local function rewrite_image(ctx, stage)
  local rules = repos.without_epel(ctx, stage)
  if #rules == 0 then return nil end
  return dfc.run { cmds = {
    "sed -E -i\n" .. table.concat(rules, "\n") .. "\n/etc/yum.repos.d/*.repo",
  } }
end

local function rewrite_copy(rules)
  return {
    "dfc=$(mktemp -d)",
    'cp -a /etc/yum.repos.d/. "$dfc"',
    "sed -E -i\n" .. table.concat(rules, "\n") .. '\n"$dfc"/*.repo',
  }
end

local function use_mirror(ctx, a, seen)
  if seen.reposdir then return { before = {}, after = {} } end -- the user's own
  return sources.plan(ctx, a, {
    key = "dnf-mirror", copy = rewrite_copy,
    image = function(rules) return rewrite_image(ctx, rules) end,
    rules = function(of) return repos.rewrites(ctx, of) end,
    back = function() return repos.returns(ctx) end,
  })
end

-- EPEL's release package brings files of its own.
local function rewrite_epel(ctx, a, mirror)
  local _, rules = repos.without_epel(ctx, mirror.rewritten or {})
  if #rules == 0 then return {} end
  for _, package in ipairs(a.package) do
    if re.match([[(?:^|/)epel-(?:next-)?release(?:-|$)]], package) then
      return { "sed -E -i\n" .. table.concat(rules, "\n") .. "\n/etc/yum.repos.d/epel*.repo" }
    end
  end
  return {}
end

-- The directives ----------------------------------------------------------------------------------

local function command_of(ctx, a, names, opts, mirror)
  local program = a.exe or a.name
  local command = dfc.argv(program, "-y")
  local yum3 = has(names, "yum")
  if ctx.builder ~= "legacy" then
    if not yum3 then command:add("--refresh") end
    command:add("--setopt=keepcache=1")
  end
  if not yum3 and not a.recommends and not opts.seen.install_weak_deps then
    command:add("--setopt=install_weak_deps=0")
  end
  if mirror.copy then command:add("--setopt=reposdir=$dfc") end
  command:add(opts.kept)
  if a.installroot then command:add("--installroot=" .. a.installroot) end
  command:add(a.verb)
  local packages = sources.chain(a.package)
  if is_group(a) then command:add(table.remove(packages, 1)) end
  return command:add(a.flag, a.rest, packages)
end

local NEED_PACKAGES = { install = true, reinstall = true, groupinstall = true, group = true,
                        localinstall = true, builddep = true, module = true, swap = true }

local function expand(ctx, a)
  if #a.package + #a.rest == 0 and NEED_PACKAGES[a.verb] then
    return sources.need_packages(ctx, a)
  end
  local names, opts = programs(ctx, a.name), read_setopts(ctx, a)
  local mirror = use_mirror(ctx, a, opts.seen)
  return dfc.run {
    hadolint = not_for_hadolint(ctx, a, names),
    mounts = mounts(ctx, a, names, opts.seen),
    cmds = sources.chain(mirror.before, { command_of(ctx, a, names, opts, mirror) },
                         rewrite_epel(ctx, a, mirror), clean_up(ctx, a, names, a.exe or a.name),
                         mirror.after),
  }
end

local function directive(name, examples_from, examples)
  local remove = "write RUN " .. name .. " remove -y …: removing needs no cache"
  local fresh = "leave it out: @" .. name .. " brings the metadata up to date before it installs"
  local config = "write @dnf-repo, or RUN " .. name .. " config-manager …"
  return {
    summary = "Install Fedora, RHEL, Rocky … packages with " .. name .. ", keeping its downloads",
    examples = examples,
    examples_from = examples_from,
    family = "install",
    caches = { "dnf", "dnf5", "yum", "microdnf" },
    needs = { family = "redhat", user = "root" },
    body = "words",
    verbs = { "install", "upgrade", "update", "upgrade-minimal", "update-minimal", "reinstall",
              "downgrade", "distro-sync", "group", "groupinstall", "groupupdate", "module", "swap",
              "builddep", "localinstall" },
    default_verb = "install",
    refused = {
      remove = remove, erase = remove, autoremove = remove,
      clean = "leave it out: the downloads are in a cache mount, not in the image",
      makecache = fresh,
      ["check-update"] = "leave it out: it only tells, and its status 100 fails a build",
      ["config-manager"] = config, ["copr"] = "write RUN " .. name .. " copr enable -y …",
    },
    tools = { "dnf", "dnf5", "yum", "microdnf" },
    noop_verbs = { "makecache", "makecache fast", "clean all", "clean metadata", "clean packages",
                   "clean expire-cache", "clean dbcache" },
    cleans = { "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum" },
    implied = { "-y", "--yes", "--assumeyes", "--refresh" },
    args = {
      { "package", many = true, doc = "name, name-version, ./file.rpm, a URL; @group" },
      { "--recommends", type = "switch", doc = "also install weak dependencies" },
      { "--setopt", many = true, doc = "option of dnf.conf: NAME=VALUE" },
      { "--installroot", doc = "install into this directory" },
      { "--flag", type = "passthrough", doc = "option of the program",
        values = { "--nodocs", "--nobest", "--best", "-b", "--allowerasing", "--skip-broken",
                   "--enablerepo=", "--enable-repo=", "--disablerepo=", "--disable-repo=",
                   "--repo=", "--repoid=", "--repofrompath=", "--releasever=", "--exclude=", "-x=",
                   "--excludepkgs=", "--nogpgcheck", "--no-gpgchecks", "--noplugins",
                   "--disableplugin=", "--enableplugin=", "--forcearch=", "--advisory=",
                   "--security", "--sec-severity=", "--bugfix", "--enhancement", "--newpackage",
                   "--cve=", "--downloadonly", "--downloaddir=", "--destdir=", "--with-optional",
                   "--skip-unavailable", "--allow-downgrade", "--no-allow-downgrade",
                   "--use-host-config", "--noautoremove", "--obsoletes", "--comment=", "--config=",
                   "-c=", "--debuglevel=", "-d=", "--errorlevel=", "-e=", "--color=", "--quiet",
                   "-q", "--verbose", "-v", "--tolerant", "-t" } },
      dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror(),
    },
    expand = expand,
  }
end

dfc.directive "dnf" (directive("dnf", "rockylinux:9", {
  "@dnf git make", "@dnf upgrade", "@dnf group install 'Development Tools'",
  "@dnf module install nodejs:20",
  "@dnf https://dl.fedoraproject.org/pub/epel/epel-release-latest-9.noarch.rpm" }))
dfc.directive "dnf5" (directive("dnf5", "fedora:43", { "@dnf5 git" }))
dfc.directive "yum" (directive("yum", "centos:7", { "@yum git", "@yum update" }))
dfc.directive "microdnf" (directive("microdnf", "registry.access.redhat.com/ubi9/ubi-minimal", {
  "@microdnf --nodocs java-21-openjdk-headless", "@microdnf update" }))
