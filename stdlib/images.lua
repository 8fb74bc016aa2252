-- What base images are: distribution, release, users, and the environment that moves caches.
--
-- A tag says most of it: "3.12-slim-bookworm", "20-alpine3.20", "12.4-devel-ubuntu22.04". Where it
-- says nothing, the release is what the image's builders take by default as of November 2026, and
-- only where that is certain: a missing release means a cache shared by fewer images, a wrong one
-- mixes two. Sources: library/ of docker-library/official-images, the images' own Dockerfiles, and
-- the threads named below.
local dfc = require "dfc.v1"

-- Names of releases -------------------------------------------------------------------------------

-- "6 squeeze 7 wheezy" as a table by number; DISTRO_OF has the distribution of each code name.
local DISTRO_OF = { sid = "debian" }
local function releases(distro, text)
  local words, by_number = text:split(), {}
  for i = 1, #words, 2 do
    by_number[words[i]], DISTRO_OF[words[i + 1]] = words[i + 1], distro
  end
  return by_number
end
local DEBIAN = releases("debian", [[6 squeeze 7 wheezy 8 jessie 9 stretch 10 buster 11 bullseye
  12 bookworm 13 trixie 14 forky]])
local UBUNTU = releases("ubuntu", [[10.04 lucid 12.04 precise 12.10 quantal 13.04 raring 13.10 saucy
  14.04 trusty 14.10 utopic 15.04 vivid 15.10 wily 16.04 xenial 16.10 yakkety 17.04 zesty
  17.10 artful 18.04 bionic 18.10 cosmic 19.04 disco 19.10 eoan 20.04 focal 20.10 groovy
  21.04 hirsute 21.10 impish 22.04 jammy 22.10 kinetic 23.04 lunar 23.10 mantic 24.04 noble
  24.10 oracular 25.04 plucky 25.10 questing 26.04 resolute 26.10 stonking]])

-- Words of tags that name a distribution, often with a version behind: "alpine3.20", "ubuntu2204".
local WORD = { alpine = "alpine", ubuntu = "ubuntu", debian = "debian", ubi = "ubi",
  centos = "centos", stream = "centos", fedora = "fedora", rockylinux = "rockylinux",
  rocky = "rockylinux", almalinux = "almalinux", alma = "almalinux", oraclelinux = "oraclelinux",
  oracle = "oraclelinux", ol = "oraclelinux", amazonlinux = "amazonlinux", amzn = "amazonlinux",
  al = "amazonlinux", azurelinux = "azurelinux", mariner = "mariner", photon = "photon",
  opensuse = "opensuse", archlinux = "archlinux", openeuler = "openeuler", wolfi = "wolfi",
  windowsservercore = "windows", nanoserver = "windows" }
local NEEDS_VERSION = { al = true, ol = true, stream = true }

-- Distributions whose release has two numbers; those whose images carry CA certificates.
local TWO_NUMBERS = { alpine = true, photon = true, azurelinux = true, mariner = true,
  opensuse = true, openeuler = true, sles = true }
local HAS_CA = { fedora = true, centos = true, rockylinux = true, almalinux = true, ubi = true,
  oraclelinux = true, amazonlinux = true, wolfi = true }

-- A distribution's version as a release; nil when it is none.
local function release_of(distro, version)
  if distro == "debian" then return DEBIAN[version:split "."[1]] end
  if distro == "ubuntu" then
    local c = re.match([[^(\d\d)\.?(\d\d)(?:\.|$)]], version)
    return c and UBUNTU[c[1] .. "." .. c[2]]
  end
  if distro == "windows" then return nil end
  if version:starts "2018.03" then return "2018.03" end -- Amazon Linux 1
  local two = TWO_NUMBERS[distro]
  local c = re.match(two and [[^(\d{1,2}\.\d+)(?:\.|$)]] or [[^(\d+)]], version)
  return c and c[1]
end

local function words_of(tag)
  local list = {}
  for _, part in ipairs(tag:split "-") do
    for _, word in ipairs(part:split "_") do list[#list + 1] = word end
  end
  return list
end

-- Whether one of the tag's words matches.
local function has(tag, pattern)
  return re.match("(?:^|[-_])(?:" .. pattern .. ")(?:[-_]|$)", tag) ~= nil
end

-- The distribution and release that a tag spells out; nothing when it does not.
local function os_in(tag)
  local words = words_of(tag)
  for i, word in ipairs(words) do
    if DISTRO_OF[word] then return DISTRO_OF[word], word end
    local c = re.match([[^([a-z]+)(\d[\d.]*)?$]], word)
    local distro = c and WORD[c[1]]
    local version, behind = c and c[2], words[i + 1]
    if distro and not version and behind and release_of(distro, behind) then
      -- "ubuntu-22.04", "debian-12-r3"; "alpine-3.7", but not "alpine-2.1.4" of a program
      local is_alpine = distro == "alpine" and not words[i + 2] and re.match([[^3\.\d+$]], behind)
      if distro == "ubuntu" or distro == "debian" or is_alpine then version = behind end
    end
    if distro and (version or not NEEDS_VERSION[c[1]]) then
      return distro, version and release_of(distro, version) or nil
    end
  end
end
-- Releases by version -----------------------------------------------------------------------------
-- "3.13 0 bookworm 6 ? 7 trixie": 3.13.0 to 3.13.5 are bookworm, 3.13.6 is not known, 3.13.7 and
-- later and what "3.13" floats to are trixie. A key of one number has minor versions behind it;
-- "21-25" and "1.21-23" are several keys. Newest first: the first line is "latest", the first of a
-- major version is what its number alone means.
--
-- docker-library moves its defaults when Debian releases (buster 2019-07, bullseye 2021-08,
-- bookworm 2023-06, trixie 2025-08: docker-library/golang#564, drupal#292) for what is maintained
-- then; older lines stay as they are.
-- Tags without a version that mean the newest one.
local NEWEST = [[^(?:(?:latest|slim|cli|fpm|apache|zts|mainline|current|perl|curl|scm)(?:-|$))+$]]
local EARLY = [[\d(?:a|b|rc)\d|(?:^|-)(?:rc|beta|preview)]]

-- The numbers of the version that a tag begins with, up to three. No number: nothing.
local function version_of(tag)
  local c = re.match([[^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![\du])]], tag)
  if c then return tonumber(c[1]), c[2] and tonumber(c[2]), c[3] and tonumber(c[3]) end
end

-- Whether a line's key, "21-25" or "1.21-23", is about a version; and the number that decides
-- within the line: the patch behind two numbers, the minor version behind one.
local function line_for(key, major, minor, patch)
  local c = re.match([[^(\d+)(?:\.(\d+))?(?:-(\d+))?$]], key)
  local low = tonumber(c[2] or c[1])
  local high = c[3] and tonumber(c[3]) or low
  if not c[2] then return major >= low and major <= high, minor end
  return major == tonumber(c[1]) and (not minor or minor >= low and minor <= high), minor and patch
end

-- The release that `lines` give for a tag.
local function floating(lines, tag)
  local major, minor, patch = version_of(tag)
  if re.match(EARLY, tag) then return nil end
  if not major and (lines.latest == false or not re.match(NEWEST, tag)) then return nil end
  for _, line in ipairs(lines) do
    local fields = line:split()
    local about, number = true, nil
    if major then about, number = line_for(fields[1], major, minor, patch) end
    if about then
      local found
      for i = 2, #fields, 2 do
        if number and number < tonumber(fields[i]) then break end
        found = fields[i + 1]
      end
      return found ~= "?" and found or nil
    end
  end
end

-- Declaring images --------------------------------------------------------------------------------
-- Fields of `t`:
--   user, users, env   as in dfc.image
--   lines, alias  the releases by version; names of versions
--   default       the distribution of a tag that names none; family: when that is not known
--   single        all images of the repository are of `default`: a digest without a tag is enough
--   ca, slim_ca   whether images on Debian and Ubuntu carry CA certificates, and the -slim ones
--   more          function(facts, tag, spelt, name): what else there is to say; `spelt`: the tag
--                 names its distribution
local function add_ca(f, t, tag)
  if f.distro == "alpine" then -- ca-certificates-bundle came with 3.13
    local c = re.match([[^3\.(\d+)$]], f.release or "")
    if not c or tonumber(c[1]) >= 13 then f.ca = true end
  elseif HAS_CA[f.distro or ""] and f.manager == nil then
    f.ca = true
  elseif f.distro == "debian" or f.distro == "ubuntu" then
    if has(tag, "slim") then f.ca = t.slim_ca else f.ca = t.ca end
  end
end

local function facts_of(t)
  return function(tag, name)
    tag = tag:lower()
    local distro, release = os_in(tag)
    local f = { distro = distro, release = release, user = t.user, users = t.users, env = t.env }
    if not distro and (tag ~= "" or t.single) then
      f.release = t.lines and floating(t.lines, t.alias and t.alias[words_of(tag)[1]] or tag)
      f.distro = DISTRO_OF[f.release or ""] or t.default
      if not f.distro and t.family then f.family, f.libc = t.family, "glibc" end
    end
    if t.more and (tag ~= "" or t.single) then t.more(f, tag, distro ~= nil, name) end
    if f.distro == "windows" then f.os = "windows" end
    if f.manager == false and f.distro ~= "busybox" then f.family = "none" end
    add_ca(f, t, tag)
    f.manager = nil -- only what dfc.image knows is for dfc
    return f
  end
end

-- `names`: repositories, as dfc.image takes them.
local function image(names, t)
  local facts = facts_of(t)
  for _, name in ipairs(names:split()) do
    dfc.image(name) { facts = facts }
  end
end

local function user(name, uid, gid, home)
  return { [name] = { uid = uid, gid = gid, home = home or "/home/" .. name } }
end

-- `t` with a user that the image starts with.
local function runs_as(t, name, uid, gid, home)
  t.user, t.users = name, user(name, uid, gid, home)
  return t
end

-- No package manager.
local function bare(f, distro) f.distro, f.release, f.manager = distro, nil, false end

-- Images of one distribution and release, whatever the tag.
local function fixed(distro, release, names)
  image(names, { default = distro, single = true, more = function(f)
    f.distro, f.release = distro, release
  end })
end

return { image = image, user = user, runs_as = runs_as, bare = bare, fixed = fixed, has = has,
  words_of = words_of, version_of = version_of, release_of = release_of, DEBIAN = DEBIAN }
