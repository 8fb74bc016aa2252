-- luacheck: no max line length
local dfc = require "dfc.v1"

local ARG = "ARG TARGETARCH\n"
local PLACES = { dnf = "/var/cache/dnf", dnf5 = "/var/cache/libdnf5", yum = "/var/cache/yum", microdnf = "/var/cache/yum" }

-- "dnf" and "rockylinux-9": the mount of that cache for that release.
local function mount(name, id)
  return ("--mount=type=cache,id=%s-%s-${TARGETARCH},target=%s,sharing=locked \\\n"):format(name, id, PLACES[name])
end
local function run(name, id) return "RUN " .. mount(name, id) end
local DNF = "    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 install "
local DL3040, DL3032 = "# hadolint ignore=DL3040\n", "# hadolint ignore=DL3032\n"
local ROCKY = DL3040 .. run("dnf", "rockylinux-9")

local ROCKY_TUNA = [==[
-e '/cisco|debug|source/!s,^(mirrorlist|metalink)=https?://mirrors\.rockylinux\.org/,#&,' \
%s-e 's,^#?[[:space:]]*baseurl=https?://dl\.rockylinux\.org/(\$contentdir|pub/rocky)/,baseurl=%s/,' \
]==]
local function rocky(url, indent) return indent .. ROCKY_TUNA:format(indent, url) end
local function epel(url, indent)
  return indent .. [==[-e '/cisco|debug|source|[-l]7&/!s,^(mirrorlist|metalink)=https?://mirrors\.fedoraproject\.org/.*repo=[a-z-]*epel,#&,' \]==] .. "\n"
    .. indent .. [==[-e '/\/epel\/(testing\/)?7\//!s,^#?[[:space:]]*baseurl=https?://download\.(example|fedoraproject\.org)/pub/epel/,baseurl=]==] .. url .. "/,' \\\n"
end
local USTC = "https://mirrors.ustc.edu.cn"
local NO_LIST = [==[-e '/cisco|debug|source/!s,^(mirrorlist|metalink)=https?://mirrorlist\.centos\.org/,#&,' \]==] .. "\n"
local VAULT7 = "RUN sed -E -i \\\n    " .. NO_LIST .. [==[
    -e 's,^#?[[:space:]]*baseurl=https?://mirror\.centos\.org/centos/\$releasever/,baseurl=http://vault.centos.org/7.9.2009/,' \
    -e 's,^#?[[:space:]]*baseurl=https?://mirror\.centos\.org/altarch/\$releasever/,baseurl=http://vault.centos.org/altarch/7.9.2009/,' \
    /etc/yum.repos.d/*.repo
]==]
local VAULT8 = NO_LIST .. [==[
    -e 's,^#?[[:space:]]*baseurl=https?://mirror\.centos\.org/\$contentdir/\$releasever/,baseurl=%s/8.5.2111/,' \
    -e 's,^#?[[:space:]]*baseurl=https?://mirror\.centos\.org/\$contentdir/\$stream/,baseurl=%s/$stream/,' \
]==]

dfc.test "dnf" {
  from = "rockylinux:9",

  -- where it runs
  { name = "keeps downloads", input = "@dnf git", output = ARG .. "# @dnf git\n" .. ROCKY .. DNF .. "git\n" },
  { name = "knows the place of dnf 5", from = "fedora:43", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. run("dnf5", "fedora-43") .. DNF .. "git\n" },
  { name = "knows when Fedora had dnf 4", from = "fedora:40", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. DL3040 .. run("dnf", "fedora-40") .. DNF .. "git\n" },
  { name = "mounts both places where the release is not known", from = "fedora:latest", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. run("dnf", "fedora-latest") .. "    " .. mount("dnf5", "fedora-latest") .. DNF .. "git\n" },
  { name = "mounts both places in an unknown image", from = "team/base:1", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. run("dnf", "team-base-1") .. "    " .. mount("dnf5", "team-base-1") .. DNF .. "git\n" },
  { name = "works on Amazon Linux 2023", from = "amazonlinux:2023", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. DL3040 .. run("dnf", "amazonlinux-2023") .. DNF .. "git\n" },
  { name = "works on UBI", from = "registry.access.redhat.com/ubi9/ubi:9.4", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. DL3040 .. run("dnf", "ubi-9") .. DNF .. "git\n" },
  { name = "refuses Debian", from = "debian:12", input = "@dnf git",
    errors = { "1:1: error: @dnf needs a Fedora, RHEL or a clone base image, debian:12 is debian [wrong-base]\nhelp: use @apt" } },
  { name = "refuses an image without a package manager", from = "registry.access.redhat.com/ubi9/ubi-micro", input = "@dnf git",
    errors = { "1:1: error: @dnf needs a Fedora, RHEL or a clone base image, registry.access.redhat.com/ubi9/ubi-micro is an image without a package manager [wrong-base]" } },
  { name = "refuses a user other than root", input = "USER app\n@dnf git",
    errors = { "2:1: error: @dnf needs root, the user here is 'app' [needs-root]\nhelp: write it above USER app, or between USER root and USER app" } },
  { name = "refuses the user of an image for a language", from = "registry.access.redhat.com/ubi9/python-312", input = "@dnf git",
    errors = { "1:1: error: @dnf needs root, the user here is '1001' [needs-root]\nhelp: that is the image's: write it between USER root and USER 1001" } },
  { name = "cleans up where there are no mounts", builder = "legacy", input = "@dnf git",
    output = "# @dnf git\nRUN dnf -y --setopt=install_weak_deps=0 install git \\\n    && dnf clean all\n" },
  { name = "is the same for Buildah", builder = "buildah", input = "@dnf git", output = ARG .. "# @dnf git\n" .. ROCKY .. DNF .. "git\n" },
  { name = "leaves no trace in any case", footprint = "none", input = "@dnf git", output = ARG .. "# @dnf git\n" .. ROCKY .. DNF .. "git\n" },

  -- what is installed
  { name = "takes URLs, files and groups", input = "@dnf https://rpm.example/x.rpm ./y.rpm @development glibc-2.*",
    output = ARG .. "# @dnf https://rpm.example/x.rpm ./y.rpm @development glibc-2.*\n" .. ROCKY .. DNF .. [[
\
    https://rpm.example/x.rpm \
    ./y.rpm \
    @development \
    'glibc-2.*'
]] },
  { name = "installs weak dependencies when told to", input = "@dnf --recommends git",
    output = ARG .. "# @dnf --recommends git\n" .. ROCKY .. "    dnf -y --refresh --setopt=keepcache=1 install git\n" },
  { name = "lets the user decide about weak dependencies", input = "@dnf install --setopt=install_weak_deps=True git",
    output = ARG .. "# @dnf install --setopt=install_weak_deps=True git\n" .. ROCKY .. "    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=True install git\n" },
  { name = "upgrades", input = "@dnf update",
    output = ARG .. "# @dnf update\n" .. run("dnf", "rockylinux-9") .. "    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 update\n" },
  { name = "installs groups and modules", input = "@dnf group install 'Development Tools'\n@dnf module install nodejs:20/common",
    output = ARG .. "# @dnf group install 'Development Tools'\n" .. ROCKY .. [[
    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 group install \
    'Development Tools'
# @dnf module install nodejs:20/common
]] .. ROCKY .. [[
    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 module install \
    nodejs:20/common
]] },
  { name = "hands options on", input = "@dnf --nodocs --enablerepo=crb -x kernel ninja-build",
    output = ARG .. "# @dnf --nodocs --enablerepo=crb -x kernel ninja-build\n" .. ROCKY
      .. "    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 install --nodocs --enablerepo=crb -x kernel \\\n    ninja-build\n" },
  { name = "has the cache below another root", input = "@dnf --installroot /mnt/ --releasever 9 bash",
    output = ARG .. "# @dnf --installroot /mnt/ --releasever 9 bash\n" .. DL3040 .. [[
RUN --mount=type=cache,id=dnf-rockylinux-9-${TARGETARCH},target=/mnt/var/cache/dnf,sharing=locked \
    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 --installroot=/mnt/ install --releasever 9 \
    bash
]] },
  { name = "has the cache where the user says", input = "@dnf --installroot=/mnt --setopt cachedir=/c bash",
    output = ARG .. "# @dnf --installroot=/mnt --setopt cachedir=/c bash\n" .. DL3040 .. [[
RUN --mount=type=cache,id=dnf-rockylinux-9-${TARGETARCH},target=/c,sharing=locked \
    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 --setopt=cachedir=/c --installroot=/mnt install \
    bash
]] },
  { name = "cleans up in another root", builder = "legacy", input = "@dnf --installroot=/mnt bash",
    output = "# @dnf --installroot=/mnt bash\n" .. [[
RUN dnf -y --setopt=install_weak_deps=0 --installroot=/mnt install bash \
    && dnf clean all --installroot=/mnt
]] },
  { name = "needs a package", input = "@dnf",
    errors = { "1:1: error: @dnf needs a package to install [missing-argument]" } },
  { name = "does not configure repositories", input = "@dnf config-manager crb",
    errors = { "1:6: error: @dnf does not do 'config-manager' [unsupported-verb]\nhelp: write @dnf-repo, or RUN dnf config-manager …" } },

  -- what people paste
  { name = "leaves out what would defeat the mount", input = "@dnf --setopt=keepcache=False git",
    output = ARG .. "# @dnf --setopt=keepcache=False git\n" .. ROCKY .. DNF .. "git\n",
    warnings = { "1:15: warning: --setopt=keepcache=False defeats the cache mount and is left out [defeats-cache]" } },
  { name = "understands the pasted idiom", input = "@dnf -y makecache && dnf install -y --refresh git && dnf clean all && rm -rf /var/cache/dnf",
    output = ARG .. "# @dnf -y makecache && dnf install -y --refresh git && dnf clean all && rm -rf /var/cache/dnf\n" .. ROCKY .. DNF .. "git\n",
    notes = { "1:6: note: '-y makecache' is left out: @dnf sees to it", "1:54: note: 'dnf clean all' is left out: @dnf sees to it",
              "1:71: note: 'rm -rf /var/cache/dnf' is left out: @dnf sees to it" } },
  { name = "takes no update before an install for nothing", input = "@dnf update -y && dnf install -y git",
    errors = { "1:16: error: the words of @dnf are not a shell command, found the operator '&&'" } },
  { name = "uses the id and the sharing that are given", input = "@dnf --id=mine --sharing=shared git",
    output = "# @dnf --id=mine --sharing=shared git\n" .. DL3040 .. "RUN --mount=type=cache,id=mine,target=/var/cache/dnf,sharing=shared \\\n" .. DNF .. "git\n" },
  { name = "tells two caches of one id apart", from = "fedora:latest", input = "@dnf --id=mine git",
    output = "# @dnf --id=mine git\n" .. [[
RUN --mount=type=cache,id=mine-dnf,target=/var/cache/dnf,sharing=locked \
    --mount=type=cache,id=mine-dnf5,target=/var/cache/libdnf5,sharing=locked \
]] .. DNF .. "git\n" },
  { name = "keeps what hadolint is told already", input = "# hadolint ignore=DL3041 # no versions\n@dnf git",
    output = ARG .. "# @dnf git\n# hadolint ignore=DL3041 # no versions\n# hadolint ignore=DL3041,DL3040\n" .. run("dnf", "rockylinux-9") .. DNF .. "git\n" },

  -- mirrors
  { name = "rewrites the repositories of the image once a stage", mirror = "ustc", input = "@dnf git\n@dnf jq",
    output = ARG .. "RUN sed -E -i \\\n" .. rocky(USTC .. "/rocky", "    ") .. "    /etc/yum.repos.d/*.repo\n# @dnf git\n" .. ROCKY .. DNF
      .. "git\n# @dnf jq\n" .. ROCKY .. DNF .. "jq\n" },
  { name = "has the mirror for EPEL from where it is installed", mirror = "ustc", input = "@dnf epel-release",
    output = ARG .. "RUN sed -E -i \\\n" .. rocky(USTC .. "/rocky", "    ") .. "    /etc/yum.repos.d/*.repo\n# @dnf epel-release\n" .. ROCKY
      .. DNF .. "epel-release \\\n    && sed -E -i \\\n" .. epel(USTC .. "/epel", "        ") .. "        /etc/yum.repos.d/epel*.repo\n" },
  { name = "takes another mirror for one RUN from a copy", mirror = "ustc", input = "@dnf --mirror=http://m.example git",
    output = ARG .. "# @dnf --mirror=http://m.example git\n" .. ROCKY .. [==[
    dfc=$(mktemp -d) \
    && cp -a /etc/yum.repos.d/. "$dfc" \
    && sed -E -i \
        -e 's,^baseurl=https://mirrors\.ustc\.edu\.cn/rocky/,baseurl=https://dl.rockylinux.org/pub/rocky/,' \
        -e 's,^baseurl=https://mirrors\.ustc\.edu\.cn/epel/,baseurl=https://download.fedoraproject.org/pub/epel/,' \
]==] .. rocky("http://m.example/rocky", "        ") .. epel("http://m.example/epel", "        ") .. [==[
        "$dfc"/*.repo \
    && dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 "--setopt=reposdir=$dfc" install \
        git \
    && rm -r "$dfc"
]==] },
  { name = "leaves no trace of a mirror where none is wanted", mirror = "ustc", footprint = "none", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. ROCKY .. [==[
    dfc=$(mktemp -d) \
    && cp -a /etc/yum.repos.d/. "$dfc" \
    && sed -E -i \
]==] .. rocky(USTC .. "/rocky", "        ") .. epel(USTC .. "/epel", "        ") .. [==[
        "$dfc"/*.repo \
    && dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 "--setopt=reposdir=$dfc" install \
        git \
    && rm -r "$dfc"
]==] },
  { name = "has no mirror where it is switched off", mirror = "off", input = "@dnf git", output = ARG .. "# @dnf git\n" .. ROCKY .. DNF .. "git\n" },
  { name = "does without a mirror that has no Rocky", mirror = "tuna", input = "@dnf git", output = ARG .. "# @dnf git\n" .. ROCKY .. DNF .. "git\n" },
  { name = "leaves the user's own repositories alone", mirror = "ustc", input = "@dnf --setopt=reposdir=/r git",
    output = ARG .. "# @dnf --setopt=reposdir=/r git\n" .. ROCKY .. "    dnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 --setopt=reposdir=/r install \\\n    git\n" },
  { name = "takes a Fedora that has ended from upstream", mirror = "ustc", from = "fedora:41", input = "@dnf git",
    output = ARG .. "# @dnf git\n" .. run("dnf5", "fedora-41") .. DNF .. "git\n" },

  -- releases that have ended
  { name = "finds CentOS 8 in the vault", from = "centos:8", input = "@dnf git",
    output = ARG .. "RUN sed -E -i \\\n    " .. VAULT8:format("http://vault.centos.org", "http://vault.centos.org") .. "    /etc/yum.repos.d/*.repo\n# @dnf git\n"
      .. DL3040 .. run("dnf", "centos-8") .. DNF .. "git\n" },
  { name = "finds CentOS 8 in a mirror's vault", from = "centos:8", mirror = "tuna", input = "@dnf git",
    output = ARG .. "RUN sed -E -i \\\n    " .. VAULT8:format("https://mirrors.tuna.tsinghua.edu.cn/centos-vault", "https://mirrors.tuna.tsinghua.edu.cn/centos-vault") .. [==[
    -e 's,^baseurl=http://vault\.centos\.org/([0-9]|\$stream),baseurl=https://mirrors.tuna.tsinghua.edu.cn/centos-vault/\1,' \
    /etc/yum.repos.d/*.repo
# @dnf git
]==] .. DL3040 .. run("dnf", "centos-8") .. DNF .. "git\n" },
  { name = "can leave the vault to the user", from = "centos:8", input = "@set dnf.vault = off\n@dnf git",
    output = ARG .. "# @dnf git\n" .. DL3040 .. run("dnf", "centos-8") .. DNF .. "git\n" },
}

dfc.test "yum" {
  from = "centos:7",
  { name = "knows yum 3, and the vault", input = "@yum -y install git",
    output = ARG .. VAULT7 .. "# @yum -y install git\n" .. DL3032 .. run("yum", "centos-7") .. "    yum -y --setopt=keepcache=1 install git\n" },
  { name = "cleans up where there are no mounts", from = "amazonlinux:2", builder = "legacy", input = "@yum git",
    output = "# @yum git\nRUN yum -y install git \\\n    && yum clean all \\\n    && rm -rf /var/cache/yum\n" },
  { name = "is dnf on later releases", from = "almalinux:9", input = "@yum git",
    output = ARG .. "# @yum git\n" .. DL3032 .. run("dnf", "almalinux-9") .. "    yum -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 install git\n" },
  { name = "is dnf 5 on later Fedoras", from = "fedora:42", input = "@yum upgrade",
    output = ARG .. "# @yum upgrade\n" .. run("dnf5", "fedora-42") .. "    yum -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 upgrade\n" },
  { name = "may be any of them in an unknown image", from = "team/base:1", input = "@yum git",
    output = ARG .. "# @yum git\n" .. DL3032 .. run("yum", "team-base-1") .. "    " .. mount("dnf", "team-base-1") .. "    "
      .. mount("dnf5", "team-base-1") .. "    yum -y --setopt=keepcache=1 install git\n" },
  { name = "understands the pasted idiom", from = "amazonlinux:2", input = "@yum install -y git && yum clean all && rm -rf /var/cache/yum/*",
    output = ARG .. "# @yum install -y git && yum clean all && rm -rf /var/cache/yum/*\n" .. DL3032 .. run("yum", "amazonlinux-2") .. "    yum -y --setopt=keepcache=1 install git\n",
    notes = { "1:24: note: 'yum clean all' is left out: @yum sees to it", "1:41: note: 'rm -rf /var/cache/yum/*' is left out: @yum sees to it" } },
}

dfc.test "microdnf" {
  from = "registry.access.redhat.com/ubi9/ubi-minimal",
  { name = "knows its own place", input = "@microdnf --nodocs git",
    output = ARG .. "# @microdnf --nodocs git\n" .. DL3040 .. run("microdnf", "ubi-9")
      .. "    microdnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 install --nodocs git\n" },
  { name = "is dnf 5 on later Fedoras", from = "quay.io/fedora/fedora-minimal:43", input = "@microdnf git",
    output = ARG .. "# @microdnf git\n" .. run("dnf5", "fedora-43") .. "    microdnf -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 install git\n" },
  { name = "cleans up where there are no mounts", builder = "legacy", input = "@microdnf update",
    output = "# @microdnf update\nRUN microdnf -y --setopt=install_weak_deps=0 update \\\n    && microdnf clean all\n" },
}

dfc.test "dnf5" {
  from = "fedora:40",
  { name = "is dnf 5 wherever it is", input = "@dnf5 git",
    output = ARG .. "# @dnf5 git\n" .. run("dnf5", "fedora-40") .. "    dnf5 -y --refresh --setopt=keepcache=1 --setopt=install_weak_deps=0 install git\n" },
}
