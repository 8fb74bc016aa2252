-- @zypper: openSUSE and SLE packages with a cache of metadata and packages.
--
-- zypper deletes packages after an install unless the repository says keeppackages=1, which
-- modifyrepo writes into the files in /etc/zypp/repos.d (zypper(8)); a changed copy of them and
-- --reposd-dir leave the image as it is (tried with zypper 1.14). The lock of libzypp is not in the
-- cache, so nothing else guards it: the mount is locked.
local dfc = require "dfc.v1"
local sources = require "sources"

dfc.cachedef "zypper" {
  target = function() return "/var/cache/zypp" end, clean = "zypper clean --all",
  id = "zypp", sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- Mirrors -----------------------------------------------------------------------------------------

-- SLE's packages are on no public mirror. Signed metadata, so plain http will do.
local function mirror_of(ctx, of)
  return ctx.base.distro ~= "sles" and ctx:mirror("opensuse", "http", of) or nil
end

local function rewrites(ctx, of)
  local url = mirror_of(ctx, of)
  if not url then return {} end
  return { sources.substitute([[https?://(download|cdn)\.opensuse\.org]], url) }
end

local function returns(ctx)
  local url = mirror_of(ctx, "stage")
  if not url then return {} end
  return { sources.substitute(sources.literal(url), "http://download.opensuse.org") }
end

-- Newer images have their repositories from a service whose index the package openSUSE-repos
-- brings: each refresh of it writes the files again. Small images have no find.
local SERVICES = "/usr/share/zypp/local/service"

local function rewrite_image(rules)
  local sed = "sed -E -i --follow-symlinks\n" .. table.concat(rules, "\n")
  return dfc.run { cmds = {
    "test ! -d " .. SERVICES .. " || " .. sed .. "\n" .. SERVICES .. "/*/repo/*.xml",
    sed .. "\n/etc/zypp/repos.d/*.repo",
  } }
end

-- Without the service (see the mount in `expand`) its repositories would be orphans, and removed.
local function rewrite_copy(rules)
  local cmds = { "dfc=$(mktemp -d)", 'cp -a /etc/zypp/repos.d/. "$dfc"' }
  if #rules > 0 then
    cmds[3] = "sed -E -i\n" .. table.concat(rules, "\n") .. "\n-e '/^service=/d'\n\"$dfc\"/*.repo"
  end
  return cmds
end

-- Commands ----------------------------------------------------------------------------------------

local function zypper(a, copied)
  local command = dfc.argv(a.exe or "zypper", "--non-interactive")
  if copied then command:add("--reposd-dir", '"$dfc"') end
  return command
end

local function command_of(a, copied)
  local command = zypper(a, copied)
  if a.gpg_auto_import_keys then command:add "--gpg-auto-import-keys" end
  command:add(a.global, a.verb)
  if not a.recommends then command:add("--no-recommends") end
  return command:add(a.flag, a.rest, a.package)
end

dfc.directive "zypper" {
  summary = "Install openSUSE or SLE packages, keeping zypper's downloads in a locked cache mount",
  examples = { "@zypper git make", "@zypper in -y --from repo-oss git", "@zypper update" },
  examples_from = "opensuse/leap:15.6",
  family = "install",
  caches = { "zypper" },
  needs = { family = "suse", user = "root" },
  body = "words",
  verbs = { "install", "in", "update", "up", "dist-upgrade", "dup", "patch" },
  default_verb = "install",
  refused = {
    remove = "write RUN zypper --non-interactive remove …: removing needs no cache",
    rm = "write RUN zypper --non-interactive remove …: removing needs no cache",
    refresh = "leave it out: zypper refreshes its repositories before it installs",
    ref = "leave it out: zypper refreshes its repositories before it installs",
    clean = "leave it out: the downloads are in a cache mount, not in the image",
    addrepo = "write RUN zypper --non-interactive addrepo …",
    ar = "write RUN zypper --non-interactive addrepo …",
  },
  tools = { "zypper" },
  noop_verbs = { "refresh", "ref", "refresh-services", "refs", "clean", "cc" },
  cleans = { "/var/cache/zypp" },
  implied = { "-n", "--non-interactive", "-y", "--no-confirm", "--no-recommends" },
  args = {
    { "package", many = true, doc = "name, name=version, name>version, ./file.rpm or a URL" },
    { "--recommends", type = "switch", doc = "also install recommended packages" },
    { "--gpg-auto-import-keys", type = "switch", doc = "trust new keys of repositories" },
    { "--global", type = "passthrough", doc = "option of zypper before the command",
      values = { "--no-gpg-checks", "--no-refresh", "--no-cd", "--no-remote", "--quiet", "-q",
                 "--verbose", "-v", "--root=", "-R=", "--installroot=", "--releasever=",
                 "--plus-content=", "--plus-repo=", "-p=", "--disable-system-resolvables",
                 "--ignore-unknown", "-i", "--non-interactive-include-reboot-patches" } },
    { "--flag", type = "passthrough", doc = "option of zypper's command",
      values = { "--auto-agree-with-licenses", "-l", "--auto-agree-with-product-licenses",
                 "--force", "-f", "--force-resolution", "--no-force-resolution", "--oldpackage",
                 "--from=", "--repo=", "-r=", "--type=", "-t=", "--name", "--capability", "-C",
                 "--allow-unsigned-rpm", "--allow-downgrade", "--no-allow-downgrade",
                 "--allow-name-change", "--no-allow-name-change", "--allow-arch-change",
                 "--no-allow-arch-change", "--allow-vendor-change", "--no-allow-vendor-change",
                 "--replacefiles", "--dry-run", "-D", "--details", "--download=",
                 "--download-only", "-d", "--download-in-advance", "--download-in-heaps",
                 "--download-as-needed", "--solver-focus=", "--skip-interactive",
                 "--with-interactive", "--with-update", "--without-update", "--with-optional",
                 "--bugzilla=", "--cve=", "--category=", "--severity=", "--best-effort" } },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror(),
  },
  expand = function(ctx, a)
    if #a.package + #a.rest == 0 and (a.verb == "install" or a.verb == "in") then
      return sources.need_packages(ctx, a)
    end
    local keeps = ctx.builder ~= "legacy"
    local mirror = sources.plan(ctx, a, {
      key = "zypper-mirror", image = rewrite_image, copy = rewrite_copy, always = keeps,
      rules = function(of) return rewrites(ctx, of) end,
      back = function() return returns(ctx) end,
    })
    local keep = {}
    if keeps then
      keep[1] = zypper(a, mirror.copy):add("modifyrepo", "--keep-packages", "--all")
    end
    return dfc.run {
      mounts = {
        ctx:cache("zypper", { id = a.id, sharing = a.sharing }),
        mirror.changed and dfc.tmpfs { target = "/etc/zypp/services.d" } or {},
      },
      cmds = sources.chain(mirror.before, keep, { command_of(a, mirror.copy) }, mirror.after),
    }
  end,
}
