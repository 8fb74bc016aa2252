-- luacheck: no max line length
local dfc = require "dfc.v1"

local ARG = "ARG TARGETARCH\n"
local function mount(id)
  return ("RUN --mount=type=cache,id=zypp-%s-${TARGETARCH},target=/var/cache/zypp,sharing=locked \\\n"):format(id)
end
local LEAP = mount "opensuse-15.6"
local KEEP = "    zypper --non-interactive modifyrepo --keep-packages --all \\\n"
local GIT = KEEP .. "    && zypper --non-interactive install --no-recommends git\n"
local COPY = "    dfc=$(mktemp -d) \\\n    && cp -a /etc/zypp/repos.d/. \"$dfc\" \\\n"
local FROM_COPY = [[
    && zypper --non-interactive --reposd-dir "$dfc" modifyrepo --keep-packages --all \
    && zypper --non-interactive --reposd-dir "$dfc" install --no-recommends git \
    && rm -r "$dfc"
]]
local NO_SERVICE = "    --mount=type=tmpfs,target=/etc/zypp/services.d \\\n"

dfc.test "zypper" {
  from = "opensuse/leap:15.6",

  -- where it runs
  { name = "keeps packages, as its repositories then say", input = "@zypper git", output = ARG .. "# @zypper git\n" .. LEAP .. GIT },
  { name = "has a cache of its own for Tumbleweed", from = "opensuse/tumbleweed", input = "@zypper git",
    output = ARG .. "# @zypper git\n" .. mount "opensuse-tumbleweed" .. GIT },
  { name = "works on SLE", from = "registry.suse.com/bci/bci-base:15.6", input = "@zypper git",
    output = ARG .. "# @zypper git\n" .. mount "sles-15.6" .. GIT },
  { name = "takes an unknown image for SUSE", from = "team/base:1", input = "@zypper git",
    output = ARG .. "# @zypper git\n" .. mount "team-base-1" .. GIT },
  { name = "refuses Fedora", from = "fedora:43", input = "@zypper git",
    errors = { "1:1: error: @zypper needs a SUSE base image, fedora:43 is fedora [wrong-base]\nhelp: use @dnf" } },
  { name = "refuses a user other than root", input = "USER 1000\n@zypper git",
    errors = { "2:1: error: @zypper needs root, the user here is '1000' [needs-root]\nhelp: write it above USER 1000, or between USER root and USER 1000" } },
  { name = "cleans up where there are no mounts", builder = "legacy", input = "@zypper git",
    output = "# @zypper git\nRUN zypper --non-interactive install --no-recommends git \\\n    && zypper clean --all\n" },
  { name = "is the same for Buildah", builder = "buildah", input = "@zypper git", output = ARG .. "# @zypper git\n" .. LEAP .. GIT },
  { name = "leaves the repositories as they are where no trace is wanted", footprint = "none", input = "@zypper git",
    output = ARG .. "# @zypper git\n" .. LEAP .. COPY .. FROM_COPY },
  { name = "leaves no trace without mounts either", footprint = "none", builder = "legacy", input = "@zypper git",
    output = "# @zypper git\nRUN zypper --non-interactive install --no-recommends git \\\n    && zypper clean --all\n" },

  -- what is installed
  { name = "keeps options of zypper and of its command apart", input = "@zypper --gpg-auto-import-keys --no-refresh in -l --from oss --oldpackage git=2.43 ./x.rpm",
    output = ARG .. "# @zypper --gpg-auto-import-keys --no-refresh in -l --from oss --oldpackage git=2.43 ./x.rpm\n" .. LEAP .. KEEP .. [[
    && zypper --non-interactive --gpg-auto-import-keys --no-refresh in --no-recommends -l --from oss --oldpackage \
        git=2.43 \
        ./x.rpm
]] },
  { name = "installs recommended packages when told to", input = "@zypper --recommends git",
    output = ARG .. "# @zypper --recommends git\n" .. LEAP .. KEEP .. "    && zypper --non-interactive install git\n" },
  { name = "updates", input = "@zypper up",
    output = ARG .. "# @zypper up\n" .. LEAP .. KEEP .. "    && zypper --non-interactive up --no-recommends\n" },
  { name = "needs a package", input = "@zypper in", errors = { "1:1: error: @zypper needs a package to install [missing-argument]" } },
  { name = "does not remove", input = "@zypper rm git",
    errors = { "1:9: error: @zypper does not do 'rm' [unsupported-verb]\nhelp: write RUN zypper --non-interactive remove …: removing needs no cache" } },

  -- what people paste
  { name = "understands the pasted idiom", input = "@zypper ref && zypper --non-interactive install -y git && zypper clean --all",
    output = ARG .. "# @zypper ref && zypper --non-interactive install -y git && zypper clean --all\n" .. LEAP .. GIT,
    notes = { "1:9: note: 'ref' is left out: @zypper sees to it", "1:59: note: 'zypper clean --all' is left out: @zypper sees to it" } },
  { name = "does not lose the keys that a refresh imports", input = "@zypper --gpg-auto-import-keys ref && zypper in -y git",
    errors = { "1:36: error: the words of @zypper are not a shell command, found the operator '&&'" } },
  { name = "uses the id and the sharing that are given", input = "@zypper --id=mine --sharing=shared git",
    output = "# @zypper --id=mine --sharing=shared git\nRUN --mount=type=cache,id=mine,target=/var/cache/zypp,sharing=shared \\\n" .. GIT },

  -- mirrors
  { name = "rewrites the repositories of the image, and the service that would write them again", mirror = "tuna", input = "@zypper git",
    output = ARG .. [==[
RUN test ! -d /usr/share/zypp/local/service || sed -E -i --follow-symlinks \
    -e 's,https?://(download|cdn)\.opensuse\.org,http://mirrors.tuna.tsinghua.edu.cn/opensuse,' \
    /usr/share/zypp/local/service/*/repo/*.xml \
    && sed -E -i --follow-symlinks \
        -e 's,https?://(download|cdn)\.opensuse\.org,http://mirrors.tuna.tsinghua.edu.cn/opensuse,' \
        /etc/zypp/repos.d/*.repo
# @zypper git
]==] .. LEAP .. GIT },
  { name = "takes another mirror for one RUN from a copy, without the service", mirror = "tuna", input = "@zypper --mirror=off git",
    output = ARG .. "# @zypper --mirror=off git\n" .. LEAP .. NO_SERVICE .. COPY .. [==[
    && sed -E -i \
        -e 's,http://mirrors\.tuna\.tsinghua\.edu\.cn/opensuse,http://download.opensuse.org,' \
        -e '/^service=/d' \
        "$dfc"/*.repo \
]==] .. FROM_COPY },
  { name = "leaves no trace of a mirror where none is wanted", mirror = "http://m.example", footprint = "none", input = "@zypper git",
    output = ARG .. "# @zypper git\n" .. LEAP .. NO_SERVICE .. COPY .. [==[
    && sed -E -i \
        -e 's,https?://(download|cdn)\.opensuse\.org,http://m.example/opensuse,' \
        -e '/^service=/d' \
        "$dfc"/*.repo \
]==] .. FROM_COPY },
  { name = "has no mirror of SLE", from = "registry.suse.com/bci/bci-base:15.6", mirror = "tuna", input = "@zypper git",
    output = ARG .. "# @zypper git\n" .. mount "sles-15.6" .. GIT },
}
