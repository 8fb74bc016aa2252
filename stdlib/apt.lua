-- @apt: Debian and Ubuntu packages with an apt cache that really caches.
--
-- The mounts are /var/cache/apt and /var/lib/apt/lists, not all of /var/lib/apt: that also holds
-- extended_states, the marks of what was installed automatically, which belong into the image.
-- apt takes its locks inside these directories and does not wait for them, so the mounts are
-- locked. Ids keep distribution, release and architecture apart: apt accepts a .deb of the same
-- name, version and size from another distribution without checking its hash.
local dfc = require "dfc.v1"
local sources = require "sources"

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
local function add(rules, from, to, tail, unless)
  if to then
    rules[#rules + 1] = ("-e '%ss#%s#%s%s#g'"):format(unless or "", from, to, tail or "")
  end
end

-- From upstream to the mirror, which has these trees.
local function rewrites(ctx, tree)
  local rules = {}
  local archive = [[/archive\.debian\.org/!]]
  local security = not sources.is_off(ctx:setting "apt.mirror-security")
  if ctx.base.distro ~= "ubuntu" then
    local debian = tree "debian"
    add(rules, [=[https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)]=], debian, [[\1]],
        archive)
    if security then
      local url = tree "debian_security"
      add(rules, [=[https?://[a-z0-9.-]+\.debian\.org/debian-security]=], url, nil, archive)
      add(rules, [=[https?://security\.debian\.org/?([[:space:]]|$)]=], url, [[\1]])
    end
  end
  if ctx.base.distro ~= "debian" then
    local ubuntu, ports = tree "ubuntu", tree "ubuntu_ports"
    add(rules, [=[https?://([a-z0-9.-]+\.)?archive\.ubuntu\.com/ubuntu]=], ubuntu)
    if security then add(rules, [=[https?://security\.ubuntu\.com/ubuntu]=], ubuntu) end
    add(rules, [=[https?://ports\.ubuntu\.com/ubuntu-ports]=], ports)
    add(rules, [=[https?://ports\.ubuntu\.com/?([[:space:]]|$)]=], ports, [[\1]])
  end
  return rules
end

-- Back from the mirror to upstream, for a directive that wants another one than the stage's.
local UPSTREAM = {
  { "debian_security", "http://security.debian.org/debian-security" },
  { "debian", "http://ftp.debian.org/debian" },
  { "ubuntu_ports", "http://ports.ubuntu.com/ubuntu-ports" },
  { "ubuntu", "http://archive.ubuntu.com/ubuntu" },
}

local function returns(_, tree)
  local rules = {}
  for _, upstream in ipairs(UPSTREAM) do
    local url = tree(upstream[1])
    if url then
      local pattern = table.concat(url:split ".", [[\.]])
      add(rules, pattern .. [=[(/|[[:space:]]|$)]=], upstream[2], [[\1]])
    end
  end
  return rules
end

-- Releases that have ended are on hosts of their own, which mirrors do not have: without this no
-- update works in such an image. archive.debian.org has no "-updates" suites, and what is signed
-- there has expired (https://www.debian.org/releases/, https://old-releases.ubuntu.com/releases/;
-- as of November 2026).
local ENDED = {
  debian = "squeeze wheezy jessie stretch buster",
  ubuntu = "lucid precise quantal raring saucy utopic vivid wily yakkety zesty artful cosmic disco "
    .. "eoan groovy hirsute impish kinetic lunar mantic oracular",
}

local function has_ended(ctx)
  local distro, release = ctx.base.distro, ctx.base.release
  if not ENDED[distro or ""] or sources.is_off(ctx:setting "apt.archive") then return false end
  for _, name in ipairs(ENDED[distro]:split()) do
    if name == release then return true end
  end
  return false
end

local function to_archive(ctx)
  local rules = {}
  if ctx.base.distro == "debian" then
    local url = "http://archive.debian.org/debian"
    rules[1] = "-e '/-updates/d'"
    add(rules, [=[https?://[a-z0-9.-]+\.debian\.org/debian(/|[[:space:]]|$)]=], url, [[\1]])
    add(rules, [=[https?://[a-z0-9.-]+\.debian\.org/debian-security]=], url .. "-security")
    add(rules, [=[https?://security\.debian\.org/?([[:space:]]|$)]=], url .. "-security", [[\1]])
  else
    local url = "http://old-releases.ubuntu.com/ubuntu"
    add(rules, [=[https?://([a-z0-9.-]+\.)?(archive|security)\.ubuntu\.com/ubuntu]=], url)
    add(rules, [=[https?://ports\.ubuntu\.com/ubuntu-ports]=], url)
  end
  return rules
end

-- A mirror by ARG is a base with the trees by their usual names, or only a host. The text is put
-- between the single quotes of sed's rules.
local TREES = { debian = "debian", debian_security = "debian-security", ubuntu = "ubuntu",
                ubuntu_ports = "ubuntu-ports" }
local BASE = [[dfc_mirror=$(printf %%s "$%s" | sed -E -e 's#/*$##' -e '\#://#!s#^#http://#')]]

local function tree_by_arg(kind)
  return [['"$dfc_mirror"'/]] .. TREES[kind]
end

-- What sed has to do: `rules`; with the ARG `arg` that is not empty `by_arg` in place of them.
-- `make` is `rewrites` or `returns`; `of` is "stage" for the stage's mirror, nil for the one in
-- force.
local function plan(ctx, make, of)
  if has_ended(ctx) then return { rules = make == rewrites and to_archive(ctx) or {} } end
  local arg = ctx:mirror_arg("apt", of)
  return {
    rules = make(ctx, function(kind) return ctx:mirror(kind, "http", of) end),
    arg = arg, by_arg = arg and make(ctx, tree_by_arg),
  }
end

local function is_empty(p) return not p.arg and #p.rules == 0 end

local function is_same(p, q)
  return p.arg == q.arg and table.concat(p.rules) == table.concat(q.rules)
end

local SED = "-type f '(' -name '*.list' -o -name '*.sources' ')' -exec sed -E -i\n"

local function sed(where, rules, indent)
  local lines = { "find " .. where .. " " .. SED:trim() }
  for _, rule in ipairs(rules) do lines[#lines + 1] = indent .. rule end
  lines[#lines + 1] = indent .. "'{}' +"
  return table.concat(lines, "\n")
end

-- The command that carries a plan out in a directory.
local function command_of(where, p)
  if not p.arg then return sed(where, p.rules, "") end
  local text = ('if [ -n "$%s" ]; then\n    '):format(p.arg) .. BASE:format(p.arg)
    .. "\n    && " .. sed(where, p.by_arg, "        ") .. ";\n"
  if #p.rules > 0 then
    text = text .. "else\n    " .. sed(where, p.rules, "        ") .. ";\n"
  end
  return text .. "fi"
end

-- The sources of the image are rewritten once a stage, in the files that there are.
local function rewrite_image(ctx, p)
  ctx:once("apt-mirror", dfc.run { cmds = { command_of("/etc/apt", p) } })
end

-- Another mirror than the stage's, or one that leaves no trace, for one RUN: apt reads a rewritten
-- copy of the sources.
local function rewrite_copy(...)
  local cmds = { 'dfc=$(mktemp -d)', 'cp -a /etc/apt/sources.list* "$dfc"' }
  for _, p in ipairs { ... } do
    if not is_empty(p) then cmds[#cmds + 1] = command_of('"$dfc"', p) end
  end
  cmds[#cmds + 1] = [[printf 'Dir::Etc::sourcelist "%s/sources.list";\n]]
    .. [[Dir::Etc::sourceparts "%s/sources.list.d";\n']] .. '\n"$dfc" "$dfc" > "$dfc/apt.conf"'
  cmds[#cmds + 1] = 'export APT_CONFIG="$dfc/apt.conf"'
  return cmds
end

-- One plan after the other in one call of sed, where no ARG decides.
local function join(p, q)
  if p.arg or q.arg then return p, q end
  local rules = {}
  for _, list in ipairs { p.rules, q.rules } do
    for _, rule in ipairs(list) do rules[#rules + 1] = rule end
  end
  return { rules = rules }
end

-- Commands before and after the install, and whether it uses a mirror.
local function use_mirror(ctx, a)
  local own, stage = plan(ctx, rewrites), plan(ctx, rewrites, "stage")
  if ctx.footprint == "none" then
    if is_empty(own) then return {}, {}, false end
    return rewrite_copy(own), { 'rm -r "$dfc"' }, true
  end
  if not a.mirror or is_same(own, stage) then
    if not is_empty(stage) then rewrite_image(ctx, stage) end
    return {}, {}, not is_empty(stage)
  end
  local back = plan(ctx, returns, "stage")
  if is_empty(back) and is_empty(own) then return {}, {}, false end
  return rewrite_copy(join(back, own)), { 'rm -r "$dfc"' }, not is_empty(own)
end

-- A caching proxy, for this RUN only: apt takes it from the option, and the names of its lists stay
-- those of upstream. https goes through it, too, unless Acquire::https::Proxy says otherwise
-- (apt-transport-https(1)).
local function add_proxy(ctx, a, update, command)
  if not a.proxy or sources.is_off(a.proxy) then return false end
  if not re.match([=[^(?:https?://|\$)[^\s"';]+$]=], a.proxy) then
    ctx:error("apt's proxy must be a URL such as http://cache.example:3142, found '" .. a.proxy
      .. "'", { at = "proxy", code = "bad-value" })
  end
  for _, words in ipairs { update, command } do
    words:add("-o", "Acquire::http::Proxy=" .. a.proxy)
  end
  return true
end

local function install(ctx, a)
  local update = dfc.argv("apt-get", "update")
  local command = dfc.argv(a.exe or "apt-get", a.verb, "-y")
  keep_downloads(ctx, command)
  -- With a mirror or proxy that does not answer, update gives a warning and the status 0, and
  -- install then complains about packages that it does not know.
  local before, after, mirrored = use_mirror(ctx, a)
  local proxied = add_proxy(ctx, a, update, command)
  if mirrored or proxied then update:add("-o", "APT::Update::Error-Mode=any") end
  if has_ended(ctx) and ctx.base.distro == "debian" then
    update:add("-o", "Acquire::Check-Valid-Until=false")
  end
  if not a.recommends then command:add("--no-install-recommends") end
  command:add(a.flag)
  if a.target_release then command:add("-t", a.target_release) end
  command:add(a.rest)
  command:env("DEBIAN_FRONTEND", "noninteractive"):add(a.package)
  return sources.chain(before, { update, command }, after)
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
    { "--proxy", doc = "URL of a caching proxy such as apt-cacher-ng; or off" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror(),
  },
  expand = function(ctx, a)
    if #a.package == 0 and (a.verb == "install" or a.verb == "build-dep") then
      return sources.need_packages(ctx, a)
    end
    sources.refuse_urls(ctx, a.package, "apt",
      "fetch the file with ADD --checksum=sha256:… and install it as ./NAME.deb")
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
