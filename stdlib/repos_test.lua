-- luacheck: no max line length
local dfc = require "dfc.v1"

local SUM = "5ec4b14931dc1d325ab1916241f7b5c26c4cd637ddcf90cbacbf657acff51bdf"
local DOCKER = "https://download.docker.com/linux/debian"
local NO_CA = "debian:12 has no CA certificates, which https needs [no-certificates]\nhelp: write @apt ca-certificates above it"

local function sources(name, lines, indent)
  indent = indent or "    "
  local text = "printf '%s\\n' \\\n"
  for _, line in ipairs(lines) do text = text .. indent .. line .. " \\\n" end
  return text .. indent .. "> /etc/apt/sources.list.d/" .. name .. ".sources\n"
end
local DOCKER_LINES = { "'Types: deb'", "'URIs: " .. DOCKER .. "'", "'Suites: bookworm'", "'Components: stable'",
                       "'Signed-By: /etc/apt/keyrings/docker.asc'" }

dfc.test "apt-repo" {
  from = "python:3.12-bookworm",
  { name = "gets the key by its checksum, without a program of the image",
    input = "@apt-repo docker " .. DOCKER .. " bookworm stable --key=" .. DOCKER .. "/gpg --checksum=sha256:" .. SUM,
    output = "# @apt-repo docker " .. DOCKER .. " bookworm stable --key=" .. DOCKER .. "/gpg --checksum=sha256:" .. SUM
      .. "\nADD --checksum=sha256:" .. SUM .. " --chmod=644 " .. DOCKER .. "/gpg /etc/apt/keyrings/docker.asc\nRUN " .. sources("docker", DOCKER_LINES) },
  { name = "checks the sum itself where ADD can't", builder = "legacy",
    input = "@apt-repo docker " .. DOCKER .. " bookworm stable --key=" .. DOCKER .. "/gpg --checksum=sha256:" .. SUM,
    output = "# @apt-repo docker " .. DOCKER .. " bookworm stable --key=" .. DOCKER .. "/gpg --checksum=sha256:" .. SUM
      .. "\nADD " .. DOCKER .. "/gpg /etc/apt/keyrings/docker.asc\nRUN test \"$(sha256sum < /etc/apt/keyrings/docker.asc)\" = '" .. SUM
      .. "  -' \\\n    && chmod 644 /etc/apt/keyrings/docker.asc \\\n    && " .. sources("docker", DOCKER_LINES, "        ") },
  { name = "takes an armored key of the build context", files = { ["keys/t.gpg"] = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n" },
    input = "@apt-repo tools https://apt.example/ ./ --key=keys/t.gpg",
    output = "# @apt-repo tools https://apt.example/ ./ --key=keys/t.gpg\nCOPY --chmod=644 keys/t.gpg /etc/apt/keyrings/tools.asc\nRUN "
      .. sources("tools", { "'Types: deb'", "'URIs: https://apt.example/'", "'Suites: ./'", "'Signed-By: /etc/apt/keyrings/tools.asc'" }) },
  { name = "tells a binary key by its name", input = "@apt-repo gh https://cli.example/packages stable main --arch=amd64,arm64 --key=https://cli.example/keyring.gpg",
    output = "# @apt-repo gh https://cli.example/packages stable main --arch=amd64,arm64 --key=https://cli.example/keyring.gpg\n"
      .. "ADD --chmod=644 https://cli.example/keyring.gpg /etc/apt/keyrings/gh.gpg\nRUN "
      .. sources("gh", { "'Types: deb'", "'URIs: https://cli.example/packages'", "'Suites: stable'", "'Components: main'",
                         "'Architectures: amd64 arm64'", "'Signed-By: /etc/apt/keyrings/gh.gpg'" }) },
  { name = "is told what a key is", input = "@apt-repo k https://k.example/apt stable main --key=https://k.example/apt-key.gpg --key-type=asc",
    output = "# @apt-repo k https://k.example/apt stable main --key=https://k.example/apt-key.gpg --key-type=asc\n"
      .. "ADD --chmod=644 https://k.example/apt-key.gpg /etc/apt/keyrings/k.asc\nRUN "
      .. sources("k", { "'Types: deb'", "'URIs: https://k.example/apt'", "'Suites: stable'", "'Components: main'", "'Signed-By: /etc/apt/keyrings/k.asc'" }) },
  { name = "names a key of the image, and leaves variables to the build", from = "debian:12",
    input = "ARG SUITE=bookworm\n@apt-repo backports http://ftp.debian.org/debian $SUITE-backports main contrib --key=/usr/share/keyrings/debian-archive-keyring.gpg",
    output = "ARG SUITE=bookworm\n# @apt-repo backports http://ftp.debian.org/debian $SUITE-backports main contrib --key=/usr/share/keyrings/debian-archive-keyring.gpg\nRUN "
      .. sources("backports", { "'Types: deb'", "'URIs: http://ftp.debian.org/debian'", "\"Suites: $SUITE-backports\"", "'Components: main contrib'",
                                "'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg'" }) },
  { name = "warns where https can't work", from = "debian:12", files = { ["t.asc"] = "-----BEGIN" }, input = "@apt-repo x https://apt.example x main --key=t.asc",
    warnings = { "1:13: warning: " .. NO_CA },
    output = "# @apt-repo x https://apt.example x main --key=t.asc\nCOPY --chmod=644 t.asc /etc/apt/keyrings/x.asc\nRUN "
      .. sources("x", { "'Types: deb'", "'URIs: https://apt.example'", "'Suites: x'", "'Components: main'", "'Signed-By: /etc/apt/keyrings/x.asc'" }) },
  { name = "sees that certificates are installed", from = "debian:12", files = { ["t.asc"] = "-----BEGIN" },
    input = "RUN apt-get update && apt-get install -y ca-certificates\n@apt-repo x https://apt.example x main --key=t.asc",
    output = "RUN apt-get update && apt-get install -y ca-certificates\n# @apt-repo x https://apt.example x main --key=t.asc\nCOPY --chmod=644 t.asc /etc/apt/keyrings/x.asc\nRUN "
      .. sources("x", { "'Types: deb'", "'URIs: https://apt.example'", "'Suites: x'", "'Components: main'", "'Signed-By: /etc/apt/keyrings/x.asc'" }) },
  { name = "warns of a key that anybody could change", input = "@apt-repo x http://apt.example x main --key=http://apt.example/k",
    warnings = { "1:45: warning: what http gives can be changed on its way [unverified-key]\nhelp: write https, or --checksum=sha256:…" },
    output = "# @apt-repo x http://apt.example x main --key=http://apt.example/k\nADD --chmod=644 http://apt.example/k /etc/apt/keyrings/x.asc\nRUN "
      .. sources("x", { "'Types: deb'", "'URIs: http://apt.example'", "'Suites: x'", "'Components: main'", "'Signed-By: /etc/apt/keyrings/x.asc'" }) },
  { name = "needs a component", input = "@apt-repo x https://apt.example bookworm",
    errors = { "1:1: error: @apt-repo needs a component behind the suite [missing-argument]" } },
  { name = "needs a name of a file", input = "@apt-repo a/b https://apt.example x main",
    errors = { "1:11: error: the name must be one of a file: letters, digits, '.', '_' and '-', found 'a/b' [bad-value]" } },
  { name = "keeps to the build context", input = "@apt-repo x https://apt.example x main --key=../k.asc",
    errors = { "1:46: error: '../k.asc' leads out of the build context [outside-context]" } },
  { name = "wants a whole checksum", input = "@apt-repo x https://apt.example x main --key=https://apt.example/k --checksum=sha256:5ec4",
    errors = { "1:79: error: --checksum must be sha256: and 64 digits, found 'sha256:5ec4' [bad-value]" } },
  { name = "wants a checksum for URLs only", files = { ["k.asc"] = "-----BEGIN" }, input = "@apt-repo x https://apt.example x main --key=k.asc --checksum=sha256:" .. SUM,
    errors = { "1:63: error: --checksum is for what comes from a URL [bad-value]" } },
  { name = "lets nothing break out of a line", input = "@apt-repo x https://apt.example \"a b\" main",
    errors = { "1:33: error: suite must have no blanks, quotes and backslashes, found 'a b' [bad-value]" } },
  { name = "refuses Alpine", from = "alpine:3.20", input = "@apt-repo x https://apt.example x main",
    errors = { "1:1: error: @apt-repo needs a Debian or Ubuntu base image, alpine:3.20 is alpine [wrong-base]" } },
  { name = "refuses a user other than root", input = "USER 1000\n@apt-repo x https://apt.example x main",
    errors = { "2:1: error: @apt-repo needs root, the user here is '1000' [needs-root]" } },
}

local function repositories(...)
  return "RUN printf '%s\\n' \\\n    " .. table.concat({ ... }, " \\\n    ") .. " \\\n    >> /etc/apk/repositories\n"
end

dfc.test "apk-repo" {
  from = "alpine:3.20",
  { name = "knows the parts of Alpine", input = "@apk-repo --tag=edge edge/main edge/community",
    output = "# @apk-repo --tag=edge edge/main edge/community\n"
      .. repositories("'@edge https://dl-cdn.alpinelinux.org/alpine/edge/main'", "'@edge https://dl-cdn.alpinelinux.org/alpine/edge/community'") },
  { name = "takes them from the mirror", mirror = "tuna", input = "@apk-repo edge/testing https://dl-cdn.alpinelinux.org/alpine/v3.19/main",
    output = "# @apk-repo edge/testing https://dl-cdn.alpinelinux.org/alpine/v3.19/main\n"
      .. repositories("'https://mirrors.tuna.tsinghua.edu.cn/alpine/edge/testing'", "'https://mirrors.tuna.tsinghua.edu.cn/alpine/v3.19/main'") },
  { name = "writes no mirror where none is to stay", mirror = "tuna", footprint = "none", input = "@apk-repo edge/testing",
    output = "# @apk-repo edge/testing\n" .. repositories("'https://dl-cdn.alpinelinux.org/alpine/edge/testing'") },
  { name = "gives the key the name that signatures have", input = "@apk-repo https://apk.example/main --key=https://apk.example/ops.rsa.pub",
    output = "# @apk-repo https://apk.example/main --key=https://apk.example/ops.rsa.pub\n"
      .. "ADD --chmod=644 https://apk.example/ops.rsa.pub /etc/apk/keys/ops.rsa.pub\n" .. repositories("'https://apk.example/main'") },
  { name = "takes a key of the build context by another name", input = "@apk-repo https://apk.example/$V/main --key=keys/k.pub --key-name=ops-1.rsa.pub",
    output = "# @apk-repo https://apk.example/$V/main --key=keys/k.pub --key-name=ops-1.rsa.pub\n"
      .. "COPY --chmod=644 keys/k.pub /etc/apk/keys/ops-1.rsa.pub\n" .. repositories('"https://apk.example/$V/main"') },
  { name = "works without flags of ADD", builder = "legacy", input = "@apk-repo https://apk.example/main --key=https://apk.example/ops.rsa.pub",
    output = "# @apk-repo https://apk.example/main --key=https://apk.example/ops.rsa.pub\n"
      .. "ADD https://apk.example/ops.rsa.pub /etc/apk/keys/ops.rsa.pub\nRUN chmod 644 /etc/apk/keys/ops.rsa.pub \\\n    && printf '%s\\n' \\\n        'https://apk.example/main' \\\n        >> /etc/apk/repositories\n" },
  { name = "needs a repository", input = "@apk-repo --tag=edge", errors = { "1:1: error: @apk-repo needs a url [missing-argument]" } },
  { name = "knows no other words", input = "@apk-repo testing",
    errors = { "1:11: error: a repository is a URL or a part of Alpine such as edge/testing, found 'testing' [bad-value]" } },
  { name = "refuses Debian", from = "debian:12", input = "@apk-repo edge/main",
    errors = { "1:1: error: @apk-repo needs an Alpine base image, debian:12 is debian [wrong-base]" } },
}

local function repo(name, lines)
  return "RUN printf '%s\\n' \\\n    " .. table.concat(lines, " \\\n    ") .. " \\\n    > /etc/yum.repos.d/" .. name .. ".repo\n"
end

dfc.test "dnf-repo" {
  from = "rockylinux:9",
  { name = "leaves dnf's variables to dnf, others to the build", input = "@dnf-repo nginx https://nginx.example/$BRANCH/$releasever/${basearch}/ --key=https://nginx.example/key --set=module_hotfixes=1",
    output = "# @dnf-repo nginx https://nginx.example/$BRANCH/$releasever/${basearch}/ --key=https://nginx.example/key --set=module_hotfixes=1\n"
      .. "ADD --chmod=644 https://nginx.example/key /etc/pki/rpm-gpg/RPM-GPG-KEY-nginx\n"
      .. repo("nginx", { "'[nginx]'", "'name=nginx'", '"baseurl=https://nginx.example/$BRANCH/\\$releasever/\\${basearch}/"', "'enabled=1'", "'gpgcheck=1'",
                         "'gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-nginx'", "'module_hotfixes=1'" }) },
  { name = "takes a key of the build context", input = "@dnf-repo ops https://rpm.example/el9 --key=keys/ops --disabled",
    output = "# @dnf-repo ops https://rpm.example/el9 --key=keys/ops --disabled\nCOPY --chmod=644 keys/ops /etc/pki/rpm-gpg/RPM-GPG-KEY-ops\n"
      .. repo("ops", { "'[ops]'", "'name=ops'", "'baseurl=https://rpm.example/el9'", "'enabled=0'", "'gpgcheck=1'", "'gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-ops'" }) },
  { name = "names a key of the image", input = "@dnf-repo ops https://rpm.example/el9 --key=/etc/pki/k",
    output = "# @dnf-repo ops https://rpm.example/el9 --key=/etc/pki/k\n"
      .. repo("ops", { "'[ops]'", "'name=ops'", "'baseurl=https://rpm.example/el9'", "'enabled=1'", "'gpgcheck=1'", "'gpgkey=file:///etc/pki/k'" }) },
  { name = "takes packages that nobody has signed when told to", input = "@dnf-repo ops https://rpm.example/el9 --no-gpgcheck",
    output = "# @dnf-repo ops https://rpm.example/el9 --no-gpgcheck\n"
      .. repo("ops", { "'[ops]'", "'name=ops'", "'baseurl=https://rpm.example/el9'", "'enabled=1'", "'gpgcheck=0'" }) },
  { name = "takes the vendor's own file", input = "@dnf-repo https://download.docker.com/linux/rhel/docker-ce.repo --checksum=sha256:" .. SUM,
    output = "# @dnf-repo https://download.docker.com/linux/rhel/docker-ce.repo --checksum=sha256:" .. SUM .. "\nADD --checksum=sha256:" .. SUM
      .. " --chmod=644 https://download.docker.com/linux/rhel/docker-ce.repo /etc/yum.repos.d/docker-ce.repo\n" },
  { name = "takes it without flags of ADD", builder = "legacy", input = "@dnf-repo https://rpm.example/x.repo",
    output = "# @dnf-repo https://rpm.example/x.repo\nADD https://rpm.example/x.repo /etc/yum.repos.d/x.repo\nRUN chmod 644 /etc/yum.repos.d/x.repo\n" },
  { name = "wants a key", input = "@dnf-repo ops https://rpm.example/el9",
    errors = { "1:1: error: @dnf-repo needs --key, for packages are to be signed [missing-argument]\nhelp: write --key=URL or --key=FILE; --no-gpgcheck without" } },
  { name = "wants an address", input = "@dnf-repo ops", errors = { "1:1: error: @dnf-repo needs a url [missing-argument]" } },
  { name = "wants a name", input = "@dnf-repo https://rpm.example/el9",
    errors = { "1:11: error: @dnf-repo needs a name before the URL, or the URL of a .repo file [missing-argument]" } },
  { name = "lets nothing break out of a line", input = "@dnf-repo ops https://rpm.example/el9 --no-gpgcheck \"--set=a=b'c\"",
    errors = { "1:53: error: --set must have no blanks, quotes and backslashes, found 'a=b'c' [bad-value]" } },
  { name = "refuses SUSE", from = "opensuse/leap:15.6", input = "@dnf-repo ops https://rpm.example/el9 --no-gpgcheck",
    errors = { "1:1: error: @dnf-repo needs a Fedora, RHEL or a clone base image, opensuse/leap:15.6 is opensuse [wrong-base]" } },
}
