-- @apt: Debian and Ubuntu packages with an apt cache that really caches.
--
-- The mounts are /var/cache/apt and /var/lib/apt/lists, not all of /var/lib/apt: that also holds
-- extended_states, the marks of what was installed automatically, which belong into the image.
-- apt takes its locks inside these directories and does not wait for them, so the mounts are
-- locked. Ids keep distribution, release and architecture apart: apt accepts a .deb of the same
-- name, version and size from another distribution without checking its hash.
local dfc = require "dfc.v1"

dfc.cachedef "apt" {
  target = function() return "/var/cache/apt" end, clean = "apt-get clean",
  id = "apt-cache", sharing = "locked", distro = true, arch = true, copies_out = true,
}

dfc.cachedef "apt-lists" {
  target = function() return "/var/lib/apt/lists" end, clean = "rm -rf /var/lib/apt/lists/*",
  id = "apt-lists", sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- Official images delete every .deb after an install (docker-clean) and so would empty the cache;
-- apt, unlike apt-get, also deletes them by its own default. docker-clean names the directory, so
-- that where the image's configuration is to stay, another one beside it is enough.
local function keep_downloads(ctx, command)
  if ctx.builder == "legacy" then return end
  if ctx.footprint == "none" then
    command:add("-o", "Dir::Cache::archives=/var/cache/apt/keep/")
    return
  end
  ctx:once("apt-keep-cache", dfc.run { cmds = {
    "rm -f /etc/apt/apt.conf.d/docker-clean",
    [[echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache]],
  } })
end

-- One rewrite for every layout: host by host, so that the same text is right for one-line and
-- deb822 sources, for Debian and Ubuntu, for amd64 and the ports. `(/|[[:space:]]|$)` keeps
-- debian-security out of the rule for debian. Running it twice changes nothing more. What is on
-- archive.debian.org, releases that have ended, mirrors do not have.
local OFF = { [""] = true, ["0"] = true, off = true, no = true, ["false"] = true }

local function add(rules, from, to, tail, unless)
  if to then
    rules[#rules + 1] = ("-e '%ss#%s#%s%s#g'"):format(unless or "", from, to, tail or "")
  end
end

-- From upstream to the mirror; `of` is "stage" for the stage's mirror, nil for the one in force.
local function rewrites(ctx, of)
  local rules = {}
  local archive = [[/archive\.debian\.org/!]]
  local security = not OFF[ctx:setting "apt.mirror-security" or "on"]
  if ctx.base.distro ~= "ubuntu" then
    local debian = ctx:mirror("debian", "http", of)
    add(rules, [=[https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)]=], debian, [[\1]],
        archive)
    if security then
      local url = ctx:mirror("debian_security", "http", of)
      add(rules, [=[https?://[a-z0-9.-]+\.debian\.org/debian-security]=], url, nil, archive)
      add(rules, [=[https?://security\.debian\.org/?([[:space:]]|$)]=], url, [[\1]])
    end
  end
  if ctx.base.distro ~= "debian" then
    local ubuntu = ctx:mirror("ubuntu", "http", of)
    local ports = ctx:mirror("ubuntu_ports", "http", of)
    add(rules, [=[https?://([a-z0-9.-]+\.)?archive\.ubuntu\.com/ubuntu]=], ubuntu)
    if security then add(rules, [=[https?://security\.ubuntu\.com/ubuntu]=], ubuntu) end
    add(rules, [=[https?://ports\.ubuntu\.com/ubuntu-ports]=], ports)
    add(rules, [=[https?://ports\.ubuntu\.com/?([[:space:]]|$)]=], ports, [[\1]])
  end
  return rules
end

-- Back from the stage's mirror to upstream, for a directive that wants another one.
local UPSTREAM = {
  { "debian_security", "http://security.debian.org/debian-security" },
  { "debian", "http://ftp.debian.org/debian" },
  { "ubuntu_ports", "http://ports.ubuntu.com/ubuntu-ports" },
  { "ubuntu", "http://archive.ubuntu.com/ubuntu" },
}

local function returns(ctx, rules)
  for _, tree in ipairs(UPSTREAM) do
    local url = ctx:mirror(tree[1], "http", "stage")
    if url then
      local pattern = table.concat(url:split ".", [[\.]])
      add(rules, pattern .. [=[(/|[[:space:]]|$)]=], tree[2], [[\1]])
    end
  end
end

local SED = "-type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i\n"

-- The sources of the image are rewritten once a stage, in the files that there are.
local function rewrite_image(ctx, rules)
  ctx:once("apt-mirror", dfc.run { cmds = {
    "find /etc/apt " .. SED .. table.concat(rules, "\n") .. "\n'{}' +",
  } })
end

-- Another mirror than the stage's, or one that leaves no trace, for one RUN: apt reads a rewritten
-- copy of the sources.
local function rewrite_copy(rules)
  return {
    'dfc=$(mktemp -d)',
    'cp -a /etc/apt/sources.list* "$dfc"',
    'find "$dfc" ' .. SED .. table.concat(rules, "\n") .. "\n'{}' +",
    [[printf 'Dir::Etc::sourcelist "%s/sources.list";\n]]
      .. [[Dir::Etc::sourceparts "%s/sources.list.d";\n']] .. '\n"$dfc" "$dfc" > "$dfc/apt.conf"',
    'export APT_CONFIG="$dfc/apt.conf"',
  }
end

-- Commands before and after the install, and whether it uses a mirror.
local function use_mirror(ctx, a)
  local own, stage = rewrites(ctx), rewrites(ctx, "stage")
  if ctx.footprint == "none" then
    if #own == 0 then return {}, {}, false end
    return rewrite_copy(own), { 'rm -r "$dfc"' }, true
  end
  if not a.mirror or table.concat(own) == table.concat(stage) then
    if #stage > 0 then rewrite_image(ctx, stage) end
    return {}, {}, #stage > 0
  end
  local rules = {}
  returns(ctx, rules)
  for _, rule in ipairs(own) do rules[#rules + 1] = rule end
  if #rules == 0 then return {}, {}, false end
  return rewrite_copy(rules), { 'rm -r "$dfc"' }, #own > 0
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
  keep_downloads(ctx, command)
  -- With a mirror that does not answer, update gives a warning and the status 0, and install then
  -- complains about packages that it does not know.
  local before, after, mirrored = use_mirror(ctx, a)
  if mirrored then update:add("-o", "APT::Update::Error-Mode=any") end
  if not a.recommends then command:add("--no-install-recommends") end
  command:add(a.flag)
  if a.target_release then command:add("-t", a.target_release) end
  command:add(a.rest)
  command:env("DEBIAN_FRONTEND", "noninteractive"):add(a.package)
  local cmds = {}
  for _, list in ipairs { before, { update, command }, after } do
    for _, cmd in ipairs(list) do cmds[#cmds + 1] = cmd end
  end
  return cmds
end

local apt = {
  summary = "Install Debian or Ubuntu packages, keeping apt's downloads in locked cache mounts",
  examples = { "@apt git curl=7.88.1-10+deb12u8", "@apt -t bookworm-backports golang",
               "@apt upgrade" },
  family = "install",
  caches = { "apt", "apt-lists" },
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
      return ctx:error("@" .. a.name .. " needs a package to install",
        { code = "missing-argument" })
    end
    check_packages(ctx, a)
    local cmds = install(ctx, a)
    local id = a.id
    return dfc.run {
      mounts = {
        ctx:cache("apt", { id = id and id .. "-cache", sharing = a.sharing }),
        ctx:cache("apt-lists", { id = id and id .. "-lists", sharing = a.sharing }),
      },
      cmds = cmds,
    }
  end,
}

dfc.directive "apt" (apt)
dfc.directive "apt-get" (apt)
