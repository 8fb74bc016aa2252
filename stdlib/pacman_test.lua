-- luacheck: no max line length
local dfc = require "dfc.v1"

local ARG = "ARG TARGETARCH\n"
local MOUNT = "RUN --mount=type=cache,id=pacman-pkg-${TARGETARCH},target=/var/cache/pacman/pkg,sharing=locked \\\n"
local GIT = "    pacman -Syu --noconfirm --needed git\n"
local ADD = [==[-e '1i Server = https://mirrors.tuna.tsinghua.edu.cn/archlinux/$repo/os/$arch' \]==] .. "\n"
local DROP = [==[-e '\,^Server = https://mirrors\.tuna\.tsinghua\.edu\.cn/archlinux/,d' \]==] .. "\n"
local FROM_COPY = [==[
        /etc/pacman.d/mirrorlist > "$dfc/mirrorlist" \
    && sed "s,/etc/pacman\.d/mirrorlist,$dfc/mirrorlist," /etc/pacman.conf > "$dfc/pacman.conf" \
    && pacman --config "$dfc/pacman.conf" -Syu --noconfirm --needed git \
    && rm -r "$dfc"
]==]

dfc.test "pacman" {
  from = "archlinux:base-devel",

  -- where it runs
  { name = "keeps packages, and upgrades the system with them", input = "@pacman git", output = ARG .. "# @pacman git\n" .. MOUNT .. GIT },
  { name = "has one cache for all images", from = "team/base:1", input = "@pacman git", output = ARG .. "# @pacman git\n" .. MOUNT .. GIT },
  { name = "refuses Alpine", from = "alpine:3.20", input = "@pacman git",
    errors = { "1:1: error: @pacman needs an Arch Linux base image, alpine:3.20 is alpine [wrong-base]\nhelp: use @apk" } },
  { name = "refuses a user other than root", input = "USER 1000\n@pacman git",
    errors = { "2:1: error: @pacman needs root, the user here is '1000' [needs-root]\nhelp: write it above USER 1000, or between USER root and USER 1000" } },
  { name = "cleans up where there are no mounts", builder = "legacy", input = "@pacman git",
    output = "# @pacman git\nRUN pacman -Syu --noconfirm --needed git \\\n    && rm -rf /var/cache/pacman/pkg/*\n" },
  { name = "is the same for Buildah", builder = "buildah", input = "@pacman git", output = ARG .. "# @pacman git\n" .. MOUNT .. GIT },
  { name = "leaves no trace in any case", footprint = "none", input = "@pacman git", output = ARG .. "# @pacman git\n" .. MOUNT .. GIT },

  -- what is installed
  { name = "knows the options that it gives anyway", input = "@pacman -S --noconfirm --needed git", output = ARG .. "# @pacman -S --noconfirm --needed git\n" .. MOUNT .. GIT },
  { name = "hands options on", input = "@pacman -Sy --overwrite=* --asdeps extra/git",
    output = ARG .. "# @pacman -Sy --overwrite=* --asdeps extra/git\n" .. MOUNT .. "    pacman -Syu --noconfirm --needed '--overwrite=*' --asdeps extra/git\n" },
  { name = "upgrades", input = "@pacman -Syu", output = ARG .. "# @pacman -Syu\n" .. MOUNT .. "    pacman -Syu --noconfirm --needed\n" },
  { name = "installs files", input = "@pacman -U ./x-1-1-any.pkg.tar.zst https://a.example/y-1-1-any.pkg.tar.zst",
    output = ARG .. "# @pacman -U ./x-1-1-any.pkg.tar.zst https://a.example/y-1-1-any.pkg.tar.zst\n" .. MOUNT
      .. "    pacman -U --noconfirm --needed ./x-1-1-any.pkg.tar.zst https://a.example/y-1-1-any.pkg.tar.zst\n" },
  { name = "needs a package", input = "@pacman -Sy", errors = { "1:1: error: @pacman needs a package to install [missing-argument]" } },
  { name = "installs from a URL with -U only", input = "@pacman https://a.example/y-1-1-any.pkg.tar.zst",
    errors = { "1:9: error: pacman -S installs no package from a URL, found 'https://a.example/y-1-1-any.pkg.tar.zst' [package-url]\nhelp: write -U before it" } },
  { name = "does not remove", input = "@pacman -Rns git", errors = { "1:9: error: @pacman has no option '-Rns' [unknown-option]" } },

  -- what people paste
  { name = "understands the pasted idiom", input = "@pacman -Syu --noconfirm && pacman -S --noconfirm git && pacman -Scc --noconfirm && rm -rf /var/cache/pacman/pkg/*",
    output = ARG .. "# @pacman -Syu --noconfirm && pacman -S --noconfirm git && pacman -Scc --noconfirm && rm -rf /var/cache/pacman/pkg/*\n" .. MOUNT .. GIT,
    notes = { "1:9: note: '-Syu --noconfirm' is left out: @pacman sees to it", "1:58: note: 'pacman -Scc --noconfirm' is left out: @pacman sees to it",
              "1:85: note: 'rm -rf /var/cache/pacman/pkg/*' is left out: @pacman sees to it" } },
  { name = "uses the id and the sharing that are given", input = "@pacman --id=mine --sharing=shared git",
    output = "# @pacman --id=mine --sharing=shared git\nRUN --mount=type=cache,id=mine,target=/var/cache/pacman/pkg,sharing=shared \\\n" .. GIT },

  -- mirrors
  { name = "asks the mirror first", mirror = "tuna", input = "@pacman git",
    output = ARG .. "RUN sed -E -i \\\n    " .. ADD .. "    " .. DROP .. "    /etc/pacman.d/mirrorlist\n# @pacman git\n" .. MOUNT .. GIT },
  { name = "takes another mirror for one RUN from a copy", mirror = "tuna", input = "@pacman --mirror=off git",
    output = ARG .. "# @pacman --mirror=off git\n" .. MOUNT .. "    dfc=$(mktemp -d) \\\n    && sed -E \\\n        " .. DROP .. FROM_COPY },
  { name = "leaves no trace of a mirror where none is wanted", mirror = "tuna", footprint = "none", input = "@pacman git",
    output = ARG .. "# @pacman git\n" .. MOUNT .. "    dfc=$(mktemp -d) \\\n    && sed -E \\\n        " .. ADD .. "        " .. DROP .. FROM_COPY },
}
