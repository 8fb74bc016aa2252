-- @apt: Debian and Ubuntu packages with an apt cache that really caches.
--
-- The mounts are /var/cache/apt and /var/lib/apt/lists, not all of /var/lib/apt: that also holds
-- extended_states, the marks of what was installed automatically, which belong into the image.
-- apt takes its locks inside these directories and does not wait for them, so the mounts are
-- locked. Ids keep distribution, release and architecture apart: apt accepts a .deb of the same
-- name, version and size from another distribution without checking its hash.
local dfc = require "dfc.v1"

dfc.cachedef "apt" {
  target = function() return "/var/cache/apt" end,
  id = "apt-cache", sharing = "locked", distro = true, arch = true, copies_out = true,
}

dfc.cachedef "apt-lists" {
  target = function() return "/var/lib/apt/lists" end,
  id = "apt-lists", sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- Official images delete every .deb after an install (docker-clean) and so would empty the cache;
-- apt, unlike apt-get, also deletes them by its own default.
local function keep_downloads(ctx)
  ctx:once("apt-keep-cache", dfc.run { cmds = {
    "rm -f /etc/apt/apt.conf.d/docker-clean",
    [[echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache]],
  } })
end

-- One rewrite for every layout: host by host, so that the same text is right for one-line and
-- deb822 sources, for Debian and Ubuntu, for amd64 and the ports. `(/|[[:space:]]|$)` keeps
-- debian-security out of the rule for debian. Running it twice changes nothing more.
local function rewrites(ctx)
  local rules = {}
  local function rule(from, to, tail)
    if to then rules[#rules + 1] = ("-e 's#https?://%s#%s%s#g'"):format(from, to, tail or "") end
  end
  local debian, ubuntu = ctx:mirror("debian", "http"), ctx:mirror("ubuntu", "http")
  local ports = ctx:mirror("ubuntu_ports", "http")
  local security = ctx:setting "apt.mirror-security" ~= "off"
  if ctx.base.distro ~= "ubuntu" then
    rule([=[[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)]=], debian, [[\1]])
    if security then
      local url = ctx:mirror("debian_security", "http")
      rule([=[[a-z0-9.-]+\.debian\.org/debian-security]=], url)
      rule([=[security\.debian\.org/?([[:space:]]|$)]=], url, [[\1]])
    end
  end
  if ctx.base.distro ~= "debian" then
    rule([=[([a-z0-9.-]+\.)?archive\.ubuntu\.com/ubuntu]=], ubuntu)
    if security then rule([=[security\.ubuntu\.com/ubuntu]=], ubuntu) end
    rule([=[ports\.ubuntu\.com/ubuntu-ports]=], ports)
    rule([=[ports\.ubuntu\.com/?([[:space:]]|$)]=], ports, [[\1]])
  end
  return rules
end

-- The sources are rewritten once a stage, in the files that there are.
local function use_mirror(ctx)
  local rules = rewrites(ctx)
  if #rules == 0 then return false end
  ctx:once("apt-mirror", dfc.run { cmds = {
    "find /etc/apt -type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i\n"
      .. table.concat(rules, "\n") .. "\n'{}' +",
  } })
  return true
end

local function check_packages(ctx, a)
  for i, package in ipairs(a.package) do
    if package:find("://", 1, true) then
      ctx:error("apt installs no package from a URL, found '" .. package .. "'", {
        at = { "package", i }, code = "package-url",
        help = "fetch the file with ADD --checksum=sha256:… and install it as ./NAME.deb",
      })
    end
  end
end

local function install(ctx, a)
  local update = dfc.argv("apt-get", "update")
  local command = dfc.argv(a.exe or "apt-get", a.verb, "-y")
  -- With a mirror that does not answer, update gives a warning and the status 0, and install then
  -- complains about packages that it does not know.
  if use_mirror(ctx) then update:add("-o", "APT::Update::Error-Mode=any") end
  if not a.recommends then command:add("--no-install-recommends") end
  command:add(a.flag)
  if a.target_release then command:add("-t", a.target_release) end
  command:add(a.rest)
  return update, command:env("DEBIAN_FRONTEND", "noninteractive"):add(a.package)
end

local apt = {
  summary = "Install Debian or Ubuntu packages, keeping apt's downloads in locked cache mounts",
  examples = { "@apt git curl=7.88.1-10+deb12u8", "@apt -t bookworm-backports golang", "@apt upgrade" },
  family = "install",
  needs = { family = "debian", user = "root" },
  body = "words",
  verbs = { "install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep" },
  default_verb = "install",
  refused = {
    remove = "write RUN apt-get purge -y …: removing needs no cache",
    purge = "write RUN apt-get purge -y …: removing needs no cache",
    autoremove = "write RUN apt-get autoremove -y: removing needs no cache",
    update = "leave it out: @apt updates the package lists before it installs",
    clean = "leave it out: the downloads are in a cache mount, not in the image",
  },
  tools = { "apt", "apt-get" },
  noop_verbs = { "update", "clean", "autoclean", "distclean", "dist-clean" },
  cleans = { "/var/lib/apt/lists", "/var/cache/apt" },
  implied = { "-y", "--yes", "--assume-yes", "-q", "-qq", "--quiet", "--no-install-recommends",
              "DEBIAN_FRONTEND=noninteractive" },
  args = {
    { "package", many = true, doc = "name, name=version, name/release or ./file.deb" },
    { "--target-release", short = "-t", doc = "take packages from this release" },
    { "--recommends", type = "switch", doc = "also install recommended packages" },
    { "--flag", type = "passthrough", doc = "option of apt-get",
      values = { "--allow-downgrades", "--allow-change-held-packages", "--allow-unauthenticated",
                 "--fix-missing", "-m", "--fix-broken", "-f", "--reinstall", "--install-suggests",
                 "--only-upgrade", "--no-upgrade", "-V", "--verbose-versions", "--auto-remove",
                 "--option=", "-o=", "--force-yes" } },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror(),
  },
  expand = function(ctx, a)
    if #a.package == 0 and (a.verb == "install" or a.verb == "build-dep") then
      return ctx:error("@" .. a.name .. " needs a package to install", { code = "missing-argument" })
    end
    check_packages(ctx, a)
    keep_downloads(ctx)
    local update, command = install(ctx, a)
    local id = a.id
    return dfc.run {
      mounts = {
        ctx:cache("apt", { id = id and id .. "-cache", sharing = a.sharing }),
        ctx:cache("apt-lists", { id = id and id .. "-lists", sharing = a.sharing }),
      },
      cmds = { update, command },
    }
  end,
}

dfc.directive "apt" (apt)
dfc.directive "apt-get" (apt)
