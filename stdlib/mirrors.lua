-- Package mirrors in China, by the name that `@mirror NAME` and `--mirror NAME` take.
--
-- A value is a path below `base` or a whole URL; the keys are the upstream trees. A tree that a
-- preset does not name is taken from upstream. `http`: the station is known to serve plain http
-- without a redirect, which apt needs in images without CA certificates (apt checks signatures).
--
-- Only addresses that two independent sources give are here (two of: the stations' own help pages,
-- tuna/mirror-web, ustclug/mirrorhelp, mirrorz-org/mirrorz-help, RubyMetric/chsrc,
-- SuperManito/LinuxMirrors, DaoCloud/public-image-mirror, cnpm/binary-mirror-config and others,
-- read in 2026). Those that one source gives are named in a comment and left out. No mirror has an
-- address for hex that two sources give, and Julia's package server is nju's and pku's by one only.
local dfc = require "dfc.v1"

-- What the go command makes of "sum.golang.google.cn", the checksum database's name inside China
-- (go help module-auth). A value without "://" would be taken as a path below the base.
local GOSUMDB = "sum.golang.google.cn"

-- Registries that hold Docker Hub's images, for "dfc mirrors --daemon-json"; nothing else uses
-- them. They come and go within months; these were listed by two sources in June 2026. Daocloud's
-- has a list of images that it serves; 1panel.live answers to addresses in China only. What is
-- for others: mirror.gcr.io (outside China), mirror.ccs.tencentyun.com (in Tencent's own network).
local DOCKER_HUB = { "https://docker.m.daocloud.io", "https://docker.1ms.run",
                     "https://dockerproxy.net", "https://docker.1panel.live" }

-- The base is TUNA: its maintainers promise plain http (tuna/issues#2396), it has Ubuntu's ports
-- for arm64 (aliyun's has one source) and most of the language trees. What it lacks or only
-- forwards comes from those who run it: Rocky and AlmaLinux from Aliyun, npm and the Python builds
-- of uv from npmmirror, Go from goproxy.cn.
-- One source only: crates of rsproxy.cn.
dfc.mirror "cn" {
  summary = "a mix for China: TUNA, and where it has no tree the station that runs one",
  base = "https://mirrors.tuna.tsinghua.edu.cn", http = true,
  debian = "debian", debian_security = "debian-security",
  ubuntu = "ubuntu", ubuntu_ports = "ubuntu-ports",
  alpine = "alpine", archlinux = "archlinux", opensuse = "opensuse", openeuler = "openeuler",
  fedora = "fedora", epel = "epel", centos_stream = "centos-stream", centos_vault = "centos-vault",
  rocky = "https://mirrors.aliyun.com/rockylinux",
  almalinux = "https://mirrors.aliyun.com/almalinux",
  pypi = "https://pypi.tuna.tsinghua.edu.cn/simple", conda = "anaconda",
  uv_python = "https://registry.npmmirror.com/-/binary/python-build-standalone",
  npm = "https://registry.npmmirror.com", node_dist = "nodejs-release",
  goproxy = { "https://goproxy.cn", "https://mirrors.aliyun.com/goproxy/" }, gosumdb = GOSUMDB,
  crates = "sparse+https://mirrors.tuna.tsinghua.edu.cn/crates.io-index/",
  rustup = { dist = "https://rsproxy.cn", update_root = "https://rsproxy.cn/rustup" },
  maven = "https://maven.aliyun.com/repository/public",
  gradle_dist = "https://mirrors.cloud.tencent.com/gradle",
  rubygems = "https://gems.ruby-china.com", composer = "https://mirrors.aliyun.com/composer",
  nuget = "https://repo.huaweicloud.com/repository/nuget/v3/index.json",
  cran = "CRAN", cpan = "CPAN", hackage = "hackage", huggingface = "https://hf-mirror.com",
  docker_hub = DOCKER_HUB,
}

-- No Rocky, no AlmaLinux, no npm, no proxy for Go. Answers 403 to clients that load too much.
dfc.mirror "tuna" {
  summary = "Tsinghua University (TUNA)",
  base = "https://mirrors.tuna.tsinghua.edu.cn", http = true,
  debian = "debian", debian_security = "debian-security",
  ubuntu = "ubuntu", ubuntu_ports = "ubuntu-ports",
  alpine = "alpine", archlinux = "archlinux", opensuse = "opensuse", openeuler = "openeuler",
  fedora = "fedora", epel = "epel", centos_stream = "centos-stream", centos_vault = "centos-vault",
  pypi = "https://pypi.tuna.tsinghua.edu.cn/simple", conda = "anaconda",
  uv_python = "github-release/astral-sh/python-build-standalone", node_dist = "nodejs-release",
  crates = "sparse+https://mirrors.tuna.tsinghua.edu.cn/crates.io-index/",
  rustup = { dist = "https://mirrors.tuna.tsinghua.edu.cn/rustup",
    update_root = "https://mirrors.tuna.tsinghua.edu.cn/rustup/rustup" },
  rubygems = "rubygems", cran = "CRAN", cpan = "CPAN", hackage = "hackage",
}

-- No AlmaLinux; npm ended in June 2026, Julia before.
-- One source only: centos_vault (centos-vault/centos), cran (CRAN).
dfc.mirror "ustc" {
  summary = "University of Science and Technology of China (USTC)",
  base = "https://mirrors.ustc.edu.cn", http = true,
  debian = "debian", debian_security = "debian-security",
  ubuntu = "ubuntu", ubuntu_ports = "ubuntu-ports",
  alpine = "alpine", archlinux = "archlinux", opensuse = "opensuse", openeuler = "openeuler",
  fedora = "fedora", epel = "epel", rocky = "rocky", centos_stream = "centos-stream",
  pypi = "pypi/simple", uv_python = "github-release/astral-sh/python-build-standalone",
  node_dist = "node", crates = "sparse+https://mirrors.ustc.edu.cn/crates.io-index/",
  rustup = { dist = "https://mirrors.ustc.edu.cn/rust-static",
    update_root = "https://mirrors.ustc.edu.cn/rust-static/rustup" },
  rubygems = "rubygems", cpan = "CPAN", hackage = "hackage",
}

-- One source only: ubuntu_ports, centos_stream, centos_vault, node_dist (nodejs-release), crates
-- (crates.io-index), rustup, cran (CRAN), cpan (CPAN).
dfc.mirror "aliyun" {
  summary = "Alibaba Cloud",
  base = "https://mirrors.aliyun.com", http = true,
  debian = "debian", debian_security = "debian-security", ubuntu = "ubuntu",
  alpine = "alpine", archlinux = "archlinux", opensuse = "opensuse", openeuler = "openeuler",
  fedora = "fedora", epel = "epel", rocky = "rockylinux", almalinux = "almalinux",
  pypi = "pypi/simple/", goproxy = { "https://mirrors.aliyun.com/goproxy/" }, gosumdb = GOSUMDB,
  maven = "https://maven.aliyun.com/repository/public", rubygems = "rubygems",
  composer = "composer",
}

-- This host serves http; mirrors.tencent.com redirects to https, which apt cannot follow without
-- CA certificates.
-- One source only: ubuntu_ports, rocky, almalinux, centos_stream, centos_vault, pypi (pypi/simple),
-- goproxy (go).
dfc.mirror "tencent" {
  summary = "Tencent Cloud",
  base = "https://mirrors.cloud.tencent.com", http = true,
  debian = "debian", debian_security = "debian-security", ubuntu = "ubuntu",
  alpine = "alpine", archlinux = "archlinux", opensuse = "opensuse", openeuler = "openeuler",
  fedora = "fedora", epel = "epel",
  npm = "npm", node_dist = "nodejs-release", maven = "nexus/repository/maven-public",
  gradle_dist = "gradle", rubygems = "rubygems", composer = "composer", nuget = "nuget/",
}

-- One source only: rocky (rockylinux), almalinux, centos_stream, centos_vault, openeuler, composer
-- (repository/php). Its proxy for Go is said to be broken.
dfc.mirror "huawei" {
  summary = "Huawei Cloud",
  base = "https://mirrors.huaweicloud.com", http = true,
  debian = "debian", debian_security = "debian-security",
  ubuntu = "ubuntu", ubuntu_ports = "ubuntu-ports",
  alpine = "alpine", archlinux = "archlinux", opensuse = "opensuse", fedora = "fedora",
  epel = "epel",
  pypi = "repository/pypi/simple", npm = "repository/npm", node_dist = "nodejs",
  maven = "https://repo.huaweicloud.com/repository/maven", rubygems = "repository/rubygems",
  nuget = "https://repo.huaweicloud.com/repository/nuget/v3/index.json",
}

-- The university stations below have few trees that two sources give, and none of them Debian's
-- security suites or Ubuntu's ports: those come from upstream.

-- One source only: alpine, epel, openeuler, archlinux, pypi (pypi/web/simple), conda, crates, cran,
-- cpan, hackage.
dfc.mirror "bfsu" {
  summary = "Beijing Foreign Studies University",
  base = "https://mirrors.bfsu.edu.cn", http = true,
  debian = "debian", ubuntu = "ubuntu", fedora = "fedora", opensuse = "opensuse",
  rubygems = "rubygems",
}

-- One source only: rocky, centos_stream, centos_vault, epel, openeuler, conda, rustup, rubygems,
-- cpan, hackage, julia.
dfc.mirror "nju" {
  summary = "Nanjing University",
  base = "https://mirrors.nju.edu.cn", http = true,
  debian = "debian", ubuntu = "ubuntu", alpine = "alpine", archlinux = "archlinux",
  fedora = "fedora", almalinux = "almalinux", opensuse = "opensuse",
  pypi = "https://mirror.nju.edu.cn/pypi/web/simple",
  uv_python = "https://mirror.nju.edu.cn/github-release/astral-sh/python-build-standalone",
}

-- Sources disagree about the path of PyPI. One source only: centos_stream, centos_vault, opensuse,
-- conda, and crates, cran, maven on mirrors.sjtug.sjtu.edu.cn.
dfc.mirror "sjtu" {
  summary = "Shanghai Jiao Tong University",
  base = "https://mirror.sjtu.edu.cn", http = true,
  debian = "debian", ubuntu = "ubuntu", alpine = "alpine", archlinux = "archlinux",
  rocky = "rocky", almalinux = "almalinux", openeuler = "openeuler",
  rustup = { dist = "https://mirror.sjtu.edu.cn/rust-static",
    update_root = "https://mirror.sjtu.edu.cn/rust-static/rustup" },
}

-- PyPI is redirected to TUNA off the campus. One source only: centos_stream, centos_vault,
-- openeuler, opensuse, archlinux, conda, crates, rustup, cpan.
dfc.mirror "zju" {
  summary = "Zhejiang University",
  base = "https://mirrors.zju.edu.cn", http = true,
  debian = "debian", ubuntu = "ubuntu", alpine = "alpine", fedora = "fedora", epel = "epel",
  rocky = "rocky", almalinux = "almalinux",
}

-- Nobody is known to use it over plain http: https only.
-- One source only: rocky, almalinux, centos_stream, centos_vault, epel, openeuler, archlinux, pypi
-- (pypi/web/simple), conda, julia.
dfc.mirror "pku" {
  summary = "Peking University",
  base = "https://mirrors.pku.edu.cn", http = false,
  debian = "debian", ubuntu = "ubuntu", opensuse = "opensuse",
}
