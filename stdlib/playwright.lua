-- @playwright: browsers for Playwright, kept in a cache mount and copied into the image.
--
-- Playwright has no cache of downloads: it unpacks browsers in place, in the directory from which
-- it runs them (registryDirectory in playwright-core). A mount there would take them out of the
-- image. So they are unpacked in a mount elsewhere, and those that are asked for, as `install
-- --dry-run` names them, are copied to where Playwright looks. It finds them there: what it goes by
-- is the file INSTALLATION_COMPLETE of each (tried with 1.65). Its lock is judged by its age, so
-- the mount is locked.
local dfc = require "dfc.v1"
local python = require "python"

-- No variable moves this: PLAYWRIGHT_BROWSERS_PATH of the stage is where browsers run from.
dfc.cachedef "playwright" {
  target = function() return "/var/cache/dfc/playwright" end,
  sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- Where the browsers go; "0" is a directory of the npm package.
local function directory(ctx)
  local moved = ctx.env.PLAYWRIGHT_BROWSERS_PATH or ""
  if moved == "0" or re.match([=[^/[\w./@+-]*$]=], moved) then return moved end
  local default = moved == "" and python.cache(ctx, "ms-playwright")
  return default or ctx:error("it is not known where Playwright keeps its browsers", {
    code = "unknown-home", help = "write ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright above it" })
end

-- The package is in Node, or in Python.
local function program(ctx, a)
  if a.exe then return a.exe end
  local repo = ctx.base.repo or ""
  if repo == "python" or repo:ends "playwright/python" or ctx.env.VIRTUAL_ENV then
    return "playwright"
  end
  return "npx playwright"
end

local function check(ctx, a)
  if ctx.base.libc == "musl" then
    return ctx:error("Playwright's browsers need glibc, " .. ctx.base.image .. " has musl", {
      code = "wrong-libc", help = "use an image of Debian or Ubuntu" })
  end
  if a.exe and not re.match([[^[\w./@+ -]+$]], a.exe) then
    return ctx:error("--exe must be a program, found '" .. a.exe .. "'", { code = "bad-value" })
  end
  if a.force then
    ctx:warn("--force defeats the cache mount and is left out", {
      at = "force", code = "defeats-cache",
      help = "the cache is in a mount, it does not make the image larger" })
  end
  return true
end

-- --with-deps runs apt-get update and install. Its downloads are left to docker-clean, which would
-- empty apt's cache if that were mounted.
local function packages(ctx, a)
  return a.with_deps and ctx.user.root and ctx:cache "apt-lists" or {}
end

-- Where the list is empty, as that of a failed --dry-run, cp fails.
local FOUND = [[sed -n 's|^ *Install location: *\(/.*\)|\1|p']]

-- The browsers in the mount, and copies of them in the image. Browsers of other versions that
-- other builds want stay in the mount: otherwise Playwright would remove them.
local function cached(ctx, a, install, list, path)
  return dfc.run {
    mounts = { ctx:cache("playwright", { id = a.id, sharing = a.sharing }), packages(ctx, a) },
    env = {
      PLAYWRIGHT_BROWSERS_PATH = "/var/cache/dfc/playwright", PLAYWRIGHT_SKIP_BROWSER_GC = "1",
      PLAYWRIGHT_DOWNLOAD_HOST = ctx:mirror "playwright",
    },
    cmds = { install, dfc.argv("mkdir", "-p", path),
             list .. "\n| " .. FOUND .. " | xargs cp -a -t " .. path },
  }
end

dfc.directive "playwright" {
  summary = "Install browsers for Playwright, keeping them in a cache mount as well",
  examples_from = "node:22-bookworm",
  examples = { "@playwright install chromium --with-deps", "@playwright install --only-shell",
               "@playwright --exe='pnpm exec playwright' install firefox webkit" },
  family = "install",
  caches = { "playwright", "apt-lists" },
  verbs = { "install" },
  default_verb = "install",
  refused = {
    ["install-deps"] = "write --with-deps, or RUN npx playwright install-deps",
    uninstall = "write RUN npx playwright uninstall: removing needs no cache",
    test = "write RUN npx playwright test",
  },
  tools = { "playwright" },
  args = {
    { "browser", type = "enum", many = true, doc = "the default ones if none is given", values = {
      "chromium", "chromium-headless-shell", "chromium-tip-of-tree", "chrome", "chrome-beta",
      "msedge", "msedge-beta", "msedge-dev", "firefox", "firefox-beta", "webkit", "ffmpeg" } },
    { "--with-deps", type = "switch", doc = "also install the packages that the browsers need" },
    { "--flag", type = "passthrough", doc = "option of playwright install",
      values = { "--only-shell", "--no-shell" } },
    { "--force", type = "switch", doc = "left out: it would defeat the cache mount" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "playwright", dfc.opt.uid(), dfc.opt.gid(),
  },
  expand = function(ctx, a)
    local path = check(ctx, a) and directory(ctx)
    if not path then return end
    local install = dfc.argv(program(ctx, a):split(), "install", a.flag)
    if a.with_deps then install:add "--with-deps" end
    install:add(a.browser)
    if path == "0" or ctx.builder == "legacy" then
      if path == "0" and ctx.builder ~= "legacy" then
        ctx:note("browsers in the package itself are downloaded by each build", {
          help = "write ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright in place of 0" })
      end
      return dfc.run { mounts = packages(ctx, a), cmds = { install },
                       env = { PLAYWRIGHT_DOWNLOAD_HOST = ctx:mirror "playwright" } }
    end
    local words = { program(ctx, a), "install --dry-run" }
    for _, word in ipairs(a.flag) do words[#words + 1] = word end
    for _, word in ipairs(a.browser) do words[#words + 1] = word end
    return cached(ctx, a, install, table.concat(words, " "), path)
  end,
}
