-- Base images with a JDK, and of the build tools and servers that name theirs.
--
-- The names, so that this file is loaded only for them:
-- dfc.image: eclipse-temurin gradle java maven openjdk tomcat
local images = require "images"
local image, user, has, version_of =
  images.image, images.user, images.has, images.version_of

-- Temurin's floating tags moved to Ubuntu 26.04 in May 2026 (adoptium.net#1054,
-- official-images#21448), and with them those of maven (carlossg/docker-maven#652) and gradle
-- (gradle/docker-gradle#402). Exact versions are older.

local TEMURIN = [[(?:8|11|17|21|25|26)]] -- what is maintained
image("eclipse-temurin", { default = "ubuntu", ca = true,
  env = { JAVA_HOME = "/opt/java/openjdk" }, more = function(f, tag)
  if re.match("^(?:latest|" .. TEMURIN .. "(?:-jdk|-jre)?)$", tag) then f.release = "resolute" end
end })

-- library/openjdk: Debian up to 11 and for -slim, Oracle Linux from 12 on; 9 and 10 are sid
local function openjdk(f, major, slim, exact)
  f.distro = (slim or major and major <= 11) and "debian" or "oraclelinux"
  if exact then return end
  local is_last = major == 17 or major == 18
  if f.distro == "oraclelinux" then
    f.release = is_last and "8" or nil
  elseif major == 8 or major == 11 or is_last then
    f.release = "bullseye"
  elseif major == 9 or major == 10 then
    f.release = "sid"
  end
end
image("openjdk", { more = function(f, tag, spelt)
  if spelt then return end
  local c = re.match([[^(\d+)]], tag)
  local floats = re.match([[^\d+(?:-jdk|-jre)?(?:-slim)?$]], tag)
  openjdk(f, c and tonumber(c[1]), has(tag, "slim"), not floats)
end })
image("java", { default = "debian", ca = true, more = function(f, tag, spelt) -- ended in 2016
  if not spelt and re.match([[(?:^|-)[78](?:u|-|$)]], tag) then f.release = "jessie" end
end })

-- Other images name the JDK they stand on: "3.9-eclipse-temurin-21", "8-jdk17-corretto". True when
-- that settles the distribution; and the number in "3-jdk-8".
local function jdk_in(f, tag)
  local c = re.match([[(?:^|-)(?:openjdk|jdk|jre)-?(\d+)]], tag)
  local jdk = c and tonumber(c[1])
  if tag:find("corretto", 1, true) then
    f.distro = "amazonlinux"
  elseif re.match([[temurin|ibmjava|semeru|sapmachine|adoptopenjdk]], tag) then
    f.distro = "ubuntu"
  elseif has(tag, [[openjdk(?:-?\d+)?]]) and jdk then
    openjdk(f, jdk, has(tag, "slim"), true)
  else
    return re.match([[graal|azulzulu|liberica|microsoft]], tag) ~= nil, jdk
  end
  return true, jdk
end
local MAVEN_NOW = [[^(?:latest|\d(?:\.\d+)?)?(?:(?:^|-)eclipse-temurin-]] .. TEMURIN .. ")?$"
image("maven", { ca = true, env = { MAVEN_CONFIG = "/root/.m2" }, more = function(f, tag, spelt)
  if spelt then return end
  local known, jdk = jdk_in(f, tag)
  local major, minor = version_of(tag)
  local old = major and (major < 3 or major == 3 and minor and minor < 9)
  if not old and re.match(MAVEN_NOW, tag) then
    f.distro, f.release = "ubuntu", "resolute"
  elseif not known and jdk then
    openjdk(f, jdk, has(tag, "slim"), true)
  elseif not known and major and not old then
    f.distro = "ubuntu"
  end
end })
image("gradle", { ca = true, users = user("gradle", 1000, 1000), more = function(f, tag, spelt)
  if spelt or jdk_in(f, tag) then return end
  local major = version_of(tag)
  if not major or major >= 7 then f.distro = "ubuntu" else f.family, f.libc = "debian", "glibc" end
  if re.match([[^(?:latest|9|(?:9-)?jdk(?:17|21|25))$]], tag) then f.release = "resolute" end
end })
image("tomcat", { more = function(f, tag, spelt)
  if spelt or jdk_in(f, tag) then return end
  local major, minor, patch = version_of(tag)
  if major and (major < 8 or major == 8 and minor == 0) then
    f.distro = "debian"
  elseif patch or major == 8 or has(tag, "jre8") then
    f.family, f.libc = "debian", "glibc" -- Debian once, Ubuntu now
  else
    f.distro = "ubuntu"
  end
end })
