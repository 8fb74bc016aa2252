-- @go: Go commands with the module cache and the build cache in cache mounts.
--
-- Both caches are safe for several processes (go help cache; cmd/go/internal/modfetch has locks in
-- the cache). The module cache is read in place: a later RUN that builds needs the mount too. Its
-- files are read-only, which only matters to those who want to delete them: no -modcacherw.
local dfc = require "dfc.v1"

dfc.cachedef "go-mod" {
  target = function(ctx)
    local path = ctx.env.GOPATH and re.match("^[^:]+", ctx.env.GOPATH)
    if path and path[0]:starts("/") then return path[0] .. "/pkg/mod" end
    return ctx.user.home and ctx.user.home .. "/go/pkg/mod"
  end,
  env = "GOMODCACHE", sharing = "shared", copies_out = false, beside = true, -- GOPATH/pkg/sumdb
}

-- What cgo has compiled depends on the C library, everything on the architecture. Nothing in it is
-- needed by what was built.
dfc.cachedef "go-build" {
  target = function(ctx)
    local xdg = ctx.env.XDG_CACHE_HOME
    if xdg and xdg:starts "/" then return xdg .. "/go-build" end
    return ctx.user.home and ctx.user.home .. "/.cache/go-build"
  end,
  env = "GOCACHE", sharing = "shared", libc = true, arch = true, copies_out = true,
}

-- With '|' Go goes to the next proxy after any failure, with ',' only when a module is missing.
-- Before 1.15 there was only ','.
local function separator(ctx)
  local version = ctx.base.repo == "golang" and re.match([[^1\.(\d+)]], ctx.base.tag or "")
  return version and tonumber(version[1]) < 15 and "," or "|"
end

-- GOPRIVATE keeps modules from the proxies and from the checksum database, a mirror or not. Of the
-- database only presets say another name: a company's proxy mostly answers for sum.golang.org, too.
local function environment(ctx, a)
  local proxy = ctx:mirror "goproxy"
  if not proxy then return { GOPRIVATE = a.private } end
  local urls = {}
  for _, url in ipairs(type(proxy) == "string" and { proxy } or proxy) do urls[#urls + 1] = url end
  urls[#urls + 1] = "direct"
  return { GOPROXY = table.concat(urls, separator(ctx)), GOSUMDB = ctx:mirror "gosumdb",
    GOPRIVATE = a.private }
end

local function warn_defeating(ctx, a)
  if ctx.builder == "legacy" then return end -- what is removed there is not kept
  local text = table.concat(a.commands, "\n")
  local found = re.match([[(?m)^\S*go clean (?:-\S+ )*-(?:cache|modcache|testcache)\b]], text)
    or re.match([[(?m)^rm -\w+ (?:\S+ )*?\S*(?:/pkg/mod|/go-build)(?=[\s/]|$)]], text)
  if found then
    ctx:warn("'" .. found[0] .. "' empties the cache mounts", { code = "defeats-cache",
      help = "leave it out: the caches are in mounts, not in the image" })
  end
end

dfc.directive "go" {
  summary = "Run a Go command with the module and build caches in cache mounts",
  examples_from = "golang:1.25",
  examples = { "@go build -o /app ./cmd/app", "@go mod download",
               "@go CGO_ENABLED=0 build -o /app" },
  family = "command",
  caches = { "go-mod", "go-build" },
  tools = { "go" },
  args = {
    { "--private", doc = "modules to fetch from where they are, not by a proxy: GOPRIVATE" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "goproxy", dfc.opt.uid(), dfc.opt.gid(),
    dfc.opt.secret "a .netrc",
  },
  expand = function(ctx, a)
    warn_defeating(ctx, a)
    return dfc.run {
      mounts = {
        ctx:cache("go-mod", { id = a.id and a.id .. "-mod", sharing = a.sharing }),
        ctx:cache("go-build", { id = a.id and a.id .. "-build", sharing = a.sharing }),
        ctx:secret(a.secret, "~/.netrc"), -- git looks only there, NETRC is for go alone
      },
      env = environment(ctx, a),
      cmds = { a.command },
      script = a.script,
    }
  end,
}
