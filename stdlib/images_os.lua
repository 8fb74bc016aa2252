-- Base images that are distributions, and those without a package manager.
--
-- The names, so that this file is loaded only for them:
-- dfc.image: almalinux almalinux/8* almalinux/9* alpine amazonlinux archlinux archlinux/archlinux
-- dfc.image: base/archlinux buildpack-deps busybox centos cgr.dev/chainguard/*
-- dfc.image: cgr.dev/chainguard/wolfi-base chainguard/wolfi-base
-- dfc.image: container-registry.oracle.com/os/oraclelinux debian easypi/alpine-arm fedora
-- dfc.image: gcr.io/distroless/* ghcr.io/linuxserver/baseimage-alpine gliderlabs/alpine
-- dfc.image: lsiobase/alpine mcr.microsoft.com/azurelinux* mcr.microsoft.com/cbl-mariner/*
-- dfc.image: mcr.microsoft.com/dotnet/framework/* mcr.microsoft.com/windows*
-- dfc.image: microsoft/dotnet-framework microsoft/iis microsoft/nanoserver
-- dfc.image: microsoft/windowsservercore openanolis/anolisos openeuler openeuler/openeuler
-- dfc.image: opensuse opensuse/leap opensuse/tumbleweed oraclelinux photon
-- dfc.image: public.ecr.aws/amazonlinux/amazonlinux quay.io/almalinuxorg/almalinux
-- dfc.image: quay.io/centos/centos quay.io/fedora/* quay.io/pypa/manylinux2010*
-- dfc.image: quay.io/pypa/manylinux2014* quay.io/pypa/manylinux_2_28*
-- dfc.image: quay.io/pypa/manylinux_2_34* quay.io/pypa/musllinux* quay.io/rockylinux/rockylinux
-- dfc.image: redhat/ubi* registry.access.redhat.com/ubi* registry.fedoraproject.org/*
-- dfc.image: registry.opensuse.org/opensuse/leap registry.opensuse.org/opensuse/tumbleweed
-- dfc.image: registry.redhat.io/ubi* registry.suse.com/bci/* rockylinux rockylinux/rockylinux
-- dfc.image: scratch ubuntu vimagick/alpine-arm wener/app wener/base
local images = require "images"
local image, user, bare, fixed, has, words_of, release_of, DEBIAN =
  images.image, images.user, images.bare, images.fixed, images.has, images.words_of,
    images.release_of, images.DEBIAN

local DEBIAN_NAMES = { latest = "trixie", stable = "trixie", oldstable = "bookworm",
  oldoldstable = "bullseye", testing = "forky", unstable = "sid", experimental = "sid" }
image("debian", { default = "debian", single = true, ca = false, slim_ca = false,
  more = function(f, tag)
    local first = words_of(tag)[1] or ""
    f.release = f.release or DEBIAN_NAMES[first] or release_of("debian", first)
  end })
image("buildpack-deps", { default = "debian", lines = { "13 0 trixie" }, ca = true })

-- "latest" is the newest LTS (tianon/docker-brew-ubuntu-core#67); the user came with 23.04
local WITH_USER = "lunar mantic noble oracular plucky questing resolute stonking"
image("ubuntu", { default = "ubuntu", single = true, ca = false, slim_ca = false,
  more = function(f, tag)
    local first = words_of(tag)[1] or ""
    f.release = f.release or tag == "latest" and "resolute" or release_of("ubuntu", first)
    if f.release and WITH_USER:find(f.release, 1, true) then
      f.users = user("ubuntu", 1000, 1000)
    end
  end })

image([[alpine gliderlabs/alpine lsiobase/alpine ghcr.io/linuxserver/baseimage-alpine
  easypi/alpine-arm vimagick/alpine-arm wener/base wener/app]],
  { default = "alpine", single = true, more = function(f, tag)
    local first = words_of(tag)[1] or ""
    if first == "edge" or re.match([[^20\d{6}$]], first) then
      f.release = "edge" -- a date is a snapshot of edge
    elseif f.distro == "alpine" then
      f.release = f.release or release_of("alpine", first)
    end
  end })

-- Images whose tag is the version, or a word such as "centos7" or "stream9".
for distro, names in pairs {
  centos = "centos quay.io/centos/centos", photon = "photon",
  fedora = "fedora quay.io/fedora/* registry.fedoraproject.org/*",
  rockylinux = "rockylinux rockylinux/rockylinux quay.io/rockylinux/rockylinux",
  almalinux = "almalinux quay.io/almalinuxorg/almalinux",
  openeuler = "openeuler openeuler/openeuler",
  oraclelinux = "oraclelinux container-registry.oracle.com/os/oraclelinux",
  amazonlinux = "amazonlinux public.ecr.aws/amazonlinux/amazonlinux",
  opensuse = "opensuse opensuse/leap registry.opensuse.org/opensuse/leap",
  anolis = "openanolis/anolisos", sles = "registry.suse.com/bci/*",
  mariner = "mcr.microsoft.com/cbl-mariner/*", azurelinux = "mcr.microsoft.com/azurelinux*" } do
  image(names, { default = distro, single = true, more = function(f, tag, _, name)
    f.release = f.release or release_of(distro, words_of(tag)[1] or "")
    if distro == "centos" and tag == "latest" then f.release = "8" end -- frozen at 8.4
    if name:find("/distroless/", 1, true) then f.manager = false end
  end })
end

fixed("archlinux", nil, "archlinux archlinux/archlinux base/archlinux")
fixed("opensuse", "tumbleweed", "opensuse/tumbleweed registry.opensuse.org/opensuse/tumbleweed")
fixed("windows", nil, [[mcr.microsoft.com/dotnet/framework/* mcr.microsoft.com/windows*
  microsoft/dotnet-framework microsoft/iis microsoft/nanoserver microsoft/windowsservercore]])
fixed("centos", "6", "quay.io/pypa/manylinux2010*")
fixed("centos", "7", "quay.io/pypa/manylinux2014*")
fixed("almalinux", "8", "quay.io/pypa/manylinux_2_28* almalinux/8*")
fixed("almalinux", "9", "quay.io/pypa/manylinux_2_34* almalinux/9*")
fixed("alpine", nil, "quay.io/pypa/musllinux*")

-- Red Hat's universal base has the release in the name; the images for a language run as 1001:0
image("registry.access.redhat.com/ubi* registry.redhat.io/ubi* redhat/ubi*",
  { default = "ubi", single = true, more = function(f, _, _, name)
    local c = re.match([[/ubi(\d+)(?:-[a-z]+|/([a-z-]+))?]], name)
    f.distro, f.release = "ubi", c and c[1]
    if name:ends "micro" then f.manager = false end
    if c and c[2] and not c[2]:starts "ubi" then
      f.user, f.users = "1001", user("1001", 1001, 0, "/opt/app-root/src")
    end
  end })


-- Without a package manager -----------------------------------------------------------------------

image("scratch", { default = "scratch", single = true, more = function(f) f.manager = false end })
image("busybox", { default = "busybox", single = true, more = function(f, tag)
  f.manager = false
  if has(tag, "musl") then f.libc = "musl" elseif has(tag, "glibc") then f.libc = "glibc" end
end })
image("gcr.io/distroless/*", { default = "distroless", single = true,
  users = user("nonroot", 65532, 65532), more = function(f, tag, _, name)
    local c = re.match([[-debian(\d+)$]], name)
    f.release, f.manager, f.ca = c and DEBIAN[c[1]], false, true
    if has(tag, "nonroot") then f.user = "nonroot" end
  end })
-- Wolfi has apk and glibc; of the other images only the -dev tags hold apk
image("chainguard/wolfi-base cgr.dev/chainguard/wolfi-base", { default = "wolfi", single = true })
image("cgr.dev/chainguard/*", { default = "wolfi", users = user("nonroot", 65532, 65532),
  more = function(f, tag) if not has(tag, "dev") then bare(f, "wolfi") end end })
