-- Mirrors for dnf and its kin: sed commands for the files in /etc/yum.repos.d.
--
-- mirrorlist= and metalink= win over baseurl=, which mostly is there as a comment: so the first is
-- made a comment, and the second comes to life with the mirror's address. CentOS Stream 9 and 10
-- have no baseurl at all. Lists of debug and source packages stay, since many mirrors have none of
-- those; and Cisco's openh264, enabled in Fedora, is on no mirror and has no baseurl. Running it
-- twice changes nothing more.
local sources = require "sources"
local substitute, literal = sources.substitute, sources.literal

local BASEURL = [=[^#?[[:space:]]*baseurl=]=]
local KEPT = "/cisco|debug|source/!"

-- The list of a host is not asked any more.
local function comment(rules, place)
  rules[#rules + 1] = substitute("^(mirrorlist|metalink)=https?://" .. place, "#&", { only = KEPT })
end

local function base(rules, place, url, only)
  rules[#rules + 1] = substitute(BASEURL .. place, "baseurl=" .. url, { only = only })
end

-- By kind of mirror: what is done for `url`.
local BY_KIND = {
  rocky = function(rules, url)
    comment(rules, [[mirrors\.rockylinux\.org/]])
    base(rules, [[https?://dl\.rockylinux\.org/(\$contentdir|pub/rocky)/]], url .. "/")
  end,
  almalinux = function(rules, url)
    comment(rules, [[mirrors\.almalinux\.org/]])
    base(rules, [[https?://repo\.almalinux\.org/almalinux/]], url .. "/")
  end,
  fedora = function(rules, url)
    comment(rules, [[mirrors\.fedoraproject\.org/.*repo=(fedora|rawhide|updates)-]])
    base(rules, [[https?://download\.(example|fedoraproject\.org)/pub/fedora/linux/]], url .. "/")
  end,
  -- EPEL 7 has ended, mirrors do not have it.
  epel = function(rules, url)
    rules[#rules + 1] = substitute(
      [[^(mirrorlist|metalink)=https?://mirrors\.fedoraproject\.org/.*repo=[a-z-]*epel]], "#&",
      { only = "/cisco|debug|source|[-l]7&/!" })
    base(rules, [[https?://download\.(example|fedoraproject\.org)/pub/epel/]], url .. "/",
         [[/\/epel\/(testing\/)?7\//!]])
  end,
  openeuler = function(rules, url)
    comment(rules, [[mirrors\.openeuler\.org/]])
    base(rules, [[https?://repo\.openeuler\.org/]], url .. "/")
  end,
  centos_stream = function(rules, url)
    for name, tree in pairs {
      baseos = "BaseOS/$basearch/os", appstream = "AppStream/$basearch/os",
      crb = "CRB/$basearch/os", highavailability = "HighAvailability/$basearch/os" } do
      rules[#rules + 1] = substitute(
        [[^metalink=https?://mirrors\.centos\.org/metalink\?repo=centos-]] .. name
        .. [[-\$stream&.*]], "baseurl=" .. url .. "/$stream/" .. tree .. "/")
    end
    rules[#rules + 1] = substitute(
      [[^metalink=https?://mirrors\.centos\.org/metalink\?repo=centos-extras-sig-extras-common-]]
      .. [[\$stream&.*]], "baseurl=" .. url .. "/SIGs/$stream/extras/$basearch/extras-common/")
    base(rules, [[https?://mirror\.stream\.centos\.org/]], url .. "/")
  end,
}

-- CentOS Linux and Stream 8 have ended, the hosts in their files are gone: without this nothing can
-- be installed in such an image. Their last versions are in the vault. Other architectures of
-- CentOS 7 have a tree of their own, which few mirrors carry.
local VAULT = "http://vault.centos.org"
local LAST = { ["6"] = "6.10", ["7"] = "7.9.2009" }

local function vault(rules, url, release)
  local last = LAST[release or "7"]
  comment(rules, [[mirrorlist\.centos\.org/]])
  if last then
    base(rules, [[https?://mirror\.centos\.org/centos/\$releasever/]], url .. "/" .. last .. "/")
    base(rules, [[https?://mirror\.centos\.org/altarch/\$releasever/]],
         VAULT .. "/altarch/" .. last .. "/")
  end
  if release == "8" or not release then
    base(rules, [[https?://mirror\.centos\.org/\$contentdir/\$releasever/]], url .. "/8.5.2111/")
    base(rules, [[https?://mirror\.centos\.org/\$contentdir/\$stream/]], url .. "/$stream/")
  end
  if url ~= VAULT then
    rules[#rules + 1] = substitute([[^baseurl=http://vault\.centos\.org/([0-9]|\$stream)]],
                                   "baseurl=" .. url .. [[/\1]])
  end
end

-- Whether a CentOS has ended: Linux 6 to 8, Stream 8.
local function has_ended(ctx)
  local release = tonumber(ctx.base.release)
  return ctx.base.distro == "centos" and release ~= nil and release <= 8
    and not sources.is_off(ctx:setting "dnf.vault")
end

-- Mirrors keep the Fedoras that are maintained, and the last one for some months (as of November
-- 2026): older ones come from upstream, whose list knows the archive.
local OLDEST_FEDORA = 43

local KINDS = {
  rockylinux = { "rocky", "epel" }, almalinux = { "almalinux", "epel" },
  fedora = { "fedora" }, openeuler = { "openeuler" }, centos = { "centos_stream", "epel" },
  ubi = { "epel" }, rhel = { "epel" }, oraclelinux = { "epel" },
}
local ALL = { "rocky", "almalinux", "fedora", "openeuler", "centos_stream", "epel" }

-- The kinds of mirror that the image has a use for; of an unknown image, all.
local function kinds_of(ctx)
  local distro, release = ctx.base.distro, tonumber(ctx.base.release)
  if not distro then return ALL end
  if distro == "fedora" and release and release < OLDEST_FEDORA then return {} end
  return KINDS[distro] or {}
end

-- The vault is for what has ended, the mirror of Stream for what has not.
local function kinds_and_vault(ctx)
  local kinds, ended, known = {}, has_ended(ctx), ctx.base.distro ~= nil
  for _, kind in ipairs(kinds_of(ctx)) do
    if not (ended and kind == "centos_stream") then kinds[#kinds + 1] = kind end
  end
  if ended or not known or (ctx.base.distro == "centos" and not ctx.base.release) then
    kinds[#kinds + 1] = "centos_vault"
  end
  return kinds
end

-- `of`: as ctx:mirror takes it.
local function rewrites(ctx, of)
  local rules = {}
  for _, kind in ipairs(kinds_and_vault(ctx)) do
    local url = ctx:mirror(kind, "", of)
    if kind == "centos_vault" then
      if not url and has_ended(ctx) then url = VAULT end
      if url then vault(rules, url, ctx.base.release) end
    elseif url then
      BY_KIND[kind](rules, url)
    end
  end
  return rules
end

-- No official image comes with EPEL: its files are rewritten where it is installed. `rules`:
-- those of the stage; gives them without EPEL's, and EPEL's.
local function without_epel(ctx, rules)
  local epel = {}
  local url = ctx:mirror("epel", "", "stage")
  if not url or not ctx.base.distro then return rules, epel end
  BY_KIND.epel(epel, url)
  local others = {}
  for _, rule in ipairs(rules) do
    if rule ~= epel[1] and rule ~= epel[2] then others[#others + 1] = rule end
  end
  return others, #others < #rules and epel or {}
end

local UPSTREAM = {
  rocky = "https://dl.rockylinux.org/pub/rocky", almalinux = "https://repo.almalinux.org/almalinux",
  fedora = "https://download.fedoraproject.org/pub/fedora/linux",
  epel = "https://download.fedoraproject.org/pub/epel", openeuler = "https://repo.openeuler.org",
  centos_stream = "https://mirror.stream.centos.org", centos_vault = VAULT,
}

-- Back from the stage's mirror to upstream, for a directive that wants another one.
local function returns(ctx)
  local rules = {}
  for _, kind in ipairs(kinds_and_vault(ctx)) do
    local url = ctx:mirror(kind, "", "stage")
    if url then
      rules[#rules + 1] = substitute("^baseurl=" .. literal(url) .. "/",
                                     "baseurl=" .. UPSTREAM[kind] .. "/")
    end
  end
  return rules
end

return { rewrites = rewrites, without_epel = without_epel, returns = returns }
