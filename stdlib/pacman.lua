-- @pacman: Arch Linux packages with pacman's downloads in a cache mount.
--
-- Only the packages are in the mount: /var/lib/pacman holds what is installed, and the lock, which
-- so guards nothing in the mount (pacman.conf(5): CacheDir, DBPath). A file in the cache is checked
-- against the database before it is used, so one cache will do for all images of an architecture.
-- -Sy without -u leaves a system half upgraded, which Arch does not support: always -Syu.
local dfc = require "dfc.v1"
local sources = require "sources"

-- "pacman -Scc --noconfirm" answers its question with no, and removes nothing (tried with 6.0).
dfc.cachedef "pacman" {
  target = function() return "/var/cache/pacman/pkg" end, clean = "rm -rf /var/cache/pacman/pkg/*",
  id = "pacman-pkg", sharing = "locked", arch = true, copies_out = true,
}

-- The first server is asked first, the others are what pacman falls back to. The image carries CA
-- certificates.
local function server(url) return "Server = " .. url .. "/$repo/os/$arch" end

local function without(url) return [[-e '\,^Server = ]] .. sources.literal(url) .. "/,d'" end

local function rewrites(ctx, of)
  local url = ctx:mirror("archlinux", "", of)
  return url and { "-e '1i " .. server(url) .. "'", without(url) } or {}
end

local function returns(ctx)
  local url = ctx:mirror("archlinux", "", "stage")
  return url and { without(url) } or {}
end

local LIST = "/etc/pacman.d/mirrorlist"

local function rewrite_image(rules)
  return dfc.run { cmds = { "sed -E -i\n" .. table.concat(rules, "\n") .. "\n" .. LIST } }
end

local function rewrite_copy(rules)
  return {
    "dfc=$(mktemp -d)",
    "sed -E\n" .. table.concat(rules, "\n") .. "\n" .. LIST .. ' > "$dfc/mirrorlist"',
    [[sed "s,/etc/pacman\.d/mirrorlist,$dfc/mirrorlist," /etc/pacman.conf > "$dfc/pacman.conf"]],
  }
end

-- "-Syu" and the like say that the system is to be upgraded, which is done in any case.
local function upgrades(a)
  for _, word in ipairs(a.operation) do
    if word == "--sysupgrade" or word:find("u", 1, true) then return true end
  end
  return false
end

local function command_of(a, copied)
  local command = dfc.argv(a.exe or "pacman")
  if copied then command:add("--config", "$dfc/pacman.conf") end
  return command:add(a.files and "-U" or "-Syu", "--noconfirm", "--needed", a.flag, a.rest,
                     a.package)
end

dfc.directive "pacman" {
  summary = "Install Arch Linux packages, keeping pacman's downloads in a locked cache mount",
  examples = { "@pacman git base-devel", "@pacman -Syu", "@pacman -U ./tool-1-1-any.pkg.tar.zst" },
  examples_from = "archlinux",
  family = "install",
  caches = { "pacman" },
  needs = { family = "arch", user = "root" },
  body = "words",
  tools = { "pacman" },
  noop_verbs = { "-Sc", "-Scc", "-Sy", "-Syy", "-Su", "-Syu", "-Syyu" },
  cleans = { "/var/cache/pacman" },
  implied = { "--noconfirm", "--needed" },
  args = {
    { "package", many = true, doc = "name, group or repository/name; with -U a file or a URL" },
    { "--files", short = "-U", type = "switch", doc = "install files, or what URLs give" },
    { "--operation", type = "passthrough", doc = "accepted: what is done is -Syu",
      values = { "-S", "-Sy", "-Syy", "-Su", "-Syu", "-Syyu", "-Syuu", "--sync", "--refresh", "-y",
                 "-yy", "--sysupgrade", "-u", "-uu" } },
    { "--flag", type = "passthrough", doc = "option of pacman",
      values = { "--asdeps", "--asexplicit", "--ignore=", "--ignoregroup=", "--overwrite=",
                 "--nodeps", "-d", "-dd", "--assume-installed=", "--dbonly", "--noscriptlet",
                 "--noprogressbar", "--noprogress", "--downloadonly", "-w", "--root=", "-r=",
                 "--sysroot=", "--dbpath=", "-b=", "--arch=", "--color=", "--debug", "--gpgdir=",
                 "--hookdir=", "--disable-download-timeout", "--quiet", "-q", "--verbose", "-v" } },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror(),
  },
  expand = function(ctx, a)
    if #a.package + #a.rest == 0 and (a.files or not upgrades(a)) then
      return sources.need_packages(ctx, a)
    end
    if not a.files then
      sources.refuse_urls(ctx, a.package, "pacman -S", "write -U before it")
    end
    local mirror = sources.plan(ctx, a, {
      key = "pacman-mirror", image = rewrite_image, copy = rewrite_copy,
      rules = function(of) return rewrites(ctx, of) end,
      back = function() return returns(ctx) end,
    })
    return dfc.run {
      mounts = ctx:cache("pacman", { id = a.id, sharing = a.sharing }),
      cmds = sources.chain(mirror.before, { command_of(a, mirror.copy) }, mirror.after),
    }
  end,
}
