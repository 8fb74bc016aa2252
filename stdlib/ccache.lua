-- @cmake, @make: C and C++ builds with a compiler cache in a cache mount. @ccache, @sccache: these
-- programs themselves.
--
-- The compiler cache is to be in the image: without it the RUN fails with the shell's "ccache: not
-- found", since a build that goes on without its cache would be slow each time and nobody would see
-- why. --launcher=none, or @set cmake.launcher = none, does without.
local dfc = require "dfc.v1"

-- ccache(1): SHARING A LOCAL CACHE. Its place depends on its version (~/.ccache before 4, and as
-- long as that exists), so it is always said by CCACHE_DIR.
dfc.cachedef "ccache" {
  target = function() end,
  env = "CCACHE_DIR", sharing = "shared", distro = true, arch = true, copies_out = true,
}

-- mozilla/sccache docs/Local.md: a directory is for one server at a time.
dfc.cachedef "sccache" {
  target = function() end,
  env = "SCCACHE_DIR", sharing = "locked", libc = true, arch = true, copies_out = true,
}

-- Where packages put links to ccache by the names of compilers: Debian, Ubuntu; Alpine, Arch;
-- Fedora, openSUSE. A directory that is not there does no harm.
local LINKS = "/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache"

-- The sources that CPM.cmake downloads (cpm-cmake/CPM.cmake README.md, CPM_SOURCE_CACHE). They are
-- compiled in place; what is built of them is not there.
dfc.cachedef "cpm" {
  target = function() end,
  env = "CPM_SOURCE_CACHE", sharing = "locked", copies_out = false,
}

-- The launcher that the directive or a setting names, else the one that ENV has for CMake.
local function launcher_of(ctx, a)
  local named = re.match("(?:^|/)(s?ccache)$", ctx.env.CMAKE_C_COMPILER_LAUNCHER or "")
  return a.launcher or (named and named[1]) or "ccache"
end

local function warn_defeating(ctx, a, launcher)
  local found = re.match([[(?m)^\S*ccache (?:-C|--clear)\b]], table.concat(a.commands, "\n"))
  if found then
    ctx:warn("'" .. found[0] .. "' defeats the compiler cache", { code = "defeats-cache",
      help = "leave it out: the cache is in a mount, not in the image" })
  end
  if launcher == "ccache" and (ctx.env.CCACHE_DISABLE or "") ~= "" then
    ctx:warn("ENV CCACHE_DISABLE switches the compiler cache off", { code = "defeats-cache" })
  end
end

-- A RUN whose compilers go through the launcher, as `environment` says. Without mounts there is no
-- cache that would be worth it.
local function build(ctx, a, environment, mounts)
  local launcher = launcher_of(ctx, a)
  if launcher == "none" or ctx.builder == "legacy" then
    return dfc.run { mounts = mounts, cmds = { a.command }, script = a.script }
  end
  warn_defeating(ctx, a, launcher)
  mounts[#mounts + 1] = ctx:cache(launcher, { id = a.id, sharing = a.sharing })
  local commands = { a.command }
  if not a.script then table.insert(commands, 1, launcher .. " --version > /dev/null") end
  return dfc.run { mounts = mounts, env = environment(ctx, launcher), cmds = commands,
    script = a.script }
end

local LAUNCHER = { "--launcher", type = "enum", values = { "ccache", "sccache", "none" },
  doc = "the compiler cache, which must be in the image; ccache if nothing else is said" }

-- cmake-env-variables(7): CMAKE_<LANG>_COMPILER_LAUNCHER, since 3.17. They count when a build tree
-- is configured, and stay with it.
local function cmake_environment(ctx, launcher)
  local env = {}
  for _, language in ipairs { "C", "CXX", "CUDA" } do
    local name = "CMAKE_" .. language .. "_COMPILER_LAUNCHER"
    local wanted = language ~= "CUDA" or (ctx.base.repo or ""):find("cuda", 1, true)
    if wanted and not ctx.env[name] then env[name] = launcher end
  end
  return env
end

dfc.directive "cmake" {
  summary = "Run a cmake command with a compiler cache in a cache mount",
  examples = { "@cmake -S . -B build && cmake --build build -j4 && cmake --install build",
               "@cmake --launcher=sccache --build build" },
  family = "command",
  caches = { "ccache", "sccache" },
  tools = { "cmake" },
  reads = [[^cmake (?!--install\b|-E\b)]],
  args = {
    LAUNCHER,
    { "--cpm", type = "switch", doc = "keep the sources that CPM.cmake downloads, too" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.uid(), dfc.opt.gid(),
  },
  expand = function(ctx, a)
    local cpm = a.cpm and ctx:cache("cpm", { id = a.id and a.id .. "-cpm" })
    return build(ctx, a, cmake_environment, cpm and { cpm } or {})
  end,
}

-- Links by the names of the compilers, so that makefiles which say CC = gcc use them too. sccache
-- has none: makefiles that set CC and CXX themselves are built without it.
local function make_environment(ctx, launcher)
  if launcher == "ccache" then return { PATH = LINKS .. ":$PATH" } end
  return { CC = "sccache " .. (ctx.env.CC or "cc"), CXX = "sccache " .. (ctx.env.CXX or "c++") }
end

dfc.directive "make" {
  summary = "Run make with a compiler cache in a cache mount",
  examples = { "@make -j4 && make install", "@make --launcher=none docs",
               "@make <<EOF\n./configure --prefix=/usr\nmake -j4\nmake install\nEOF" },
  family = "command",
  caches = { "ccache", "sccache" },
  tools = { "make", "gmake" },
  bare = true, assigns = true,
  args = { LAUNCHER, dfc.opt.id(), dfc.opt.sharing(), dfc.opt.uid(), dfc.opt.gid() },
  expand = function(ctx, a) return build(ctx, a, make_environment, {}) end,
}

-- "@ccache make" would compile make.
local BUILDERS = [[^(?:cmake|make|gmake|ninja|meson|cargo|\S*/?configure)\b]]

local function itself(ctx, a)
  local builder = a.command and re.match(BUILDERS, a.command.text)
  if builder then
    return ctx:error(("%s runs compilers, '%s' is none"):format(a.name, builder[0]), {
      help = ("write @make --launcher=%s …, or @cmake"):format(a.name) })
  end
  local run = { mounts = ctx:cache(a.name, { id = a.id, sharing = a.sharing, kept_out = true }),
    cmds = { a.command }, script = a.script }
  if ctx.builder == "legacy" and a.name == "ccache" then run.env = { CCACHE_DISABLE = "1" } end
  if ctx.builder == "legacy" and a.name == "sccache" then -- it has no such variable
    run.env, run.cmds[2] = { SCCACHE_DIR = "/tmp/sccache" }, "rm -rf /tmp/sccache"
  end
  return dfc.run(run)
end

local function of_program(name, examples)
  return {
    summary = ("Run %s itself with its cache in a cache mount"):format(name),
    examples = examples,
    family = "command",
    caches = { name },
    tools = { name },
    args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.uid(), dfc.opt.gid() },
    expand = itself,
  }
end

dfc.directive "ccache" (of_program("ccache", { "@ccache gcc -c main.c && ccache --show-stats" }))
dfc.directive "sccache" (of_program("sccache",
  { "@sccache gcc -c main.c && sccache --show-stats" }))
