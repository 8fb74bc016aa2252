-- @julia: Julia with what only its package manager reads in cache mounts.
--
-- packages/, artifacts/ and compiled/ of a depot are used when a program runs: in a cache mount
-- they would be missing from the image, and copied out of one, before Julia 1.11, what is compiled
-- would be compiled again. So they stay in the layer. registries/ and clones/ (git repositories of
-- packages) serve to install only (Julia's manual, DEPOT_PATH).
local dfc = require "dfc.v1"

-- The first depot is written to (Julia's manual, environment-variables: JULIA_DEPOT_PATH; an empty
-- entry stands for the default).
local function depot(ctx)
  local first = re.match("^[^:]+", ctx.env.JULIA_DEPOT_PATH or "")
  if first and first[0]:starts "/" then return first[0] end
  return ctx.user.home and ctx.user.home .. "/.julia"
end

-- No locks are said to be taken: locked. Of a depot that another user owns nothing could be written
-- beside them.
dfc.cachedef "julia-registries" {
  target = function(ctx) return depot(ctx) and depot(ctx) .. "/registries" end,
  sharing = "locked", copies_out = true, beside = true,
}

dfc.cachedef "julia-clones" {
  target = function(ctx) return depot(ctx) and depot(ctx) .. "/clones" end,
  sharing = "locked", copies_out = true, beside = true,
}

-- Pkg.jl src/PlatformEngines.jl, get_server_dir: servers/HOST/auth.toml in the first depot; the
-- newest replace what no file name may hold, of which a host has ':' only.
local function auth_mount(ctx, secret, server)
  local host = re.match("^\\w+://([^/]+)", server)
  if not host then
    return ctx:error("the package server that the secret is for is not known: '" .. server .. "'", {
      at = "secret", code = "unknown-server", help = "write --mirror=https://HOST" })
  end
  local place = depot(ctx) or "~/.julia"
  return ctx:secret(secret, place .. "/servers/" .. re.gsub(":", host[1], "_") .. "/auth.toml")
end

local function warn_defeating(ctx, a)
  if ctx.builder == "legacy" then return end -- what is removed there is not kept
  local text = table.concat(a.commands, "\n")
  local found =
    re.match([[(?m)^rm -\w+ (?:\S+ )*?\S*(?:\.julia|/registries|/clones)/?(?=\s|$)]], text)
  if found then
    ctx:warn("'" .. found[0] .. "' defeats the cache mounts", { code = "defeats-cache",
      help = "leave it out: registries/ and clones/ are not in the image" })
  end
end

dfc.directive "julia" {
  summary = "Run Julia with the package manager's registries in cache mounts",
  examples_from = "julia:1.11",
  examples = { "@julia --project -e 'using Pkg; Pkg.instantiate(); Pkg.precompile()'" },
  family = "command",
  caches = { "julia-registries", "julia-clones" },
  tools = { "julia" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "julia", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "an auth.toml for the package server" },
  expand = function(ctx, a)
    if not depot(ctx) and ctx.builder ~= "legacy" then
      return ctx:error("the home of the user is not known, Julia's depot would be there", {
        code = "unknown-home", help = "write ENV JULIA_DEPOT_PATH=/opt/julia above it" })
    end
    warn_defeating(ctx, a)
    local mirror = ctx:mirror "julia"
    local server = mirror or ctx.env.JULIA_PKG_SERVER or "https://pkg.julialang.org"
    local mounts = {}
    for _, name in ipairs { "registries", "clones" } do
      mounts[#mounts + 1] =
        ctx:cache("julia-" .. name, { id = a.id and a.id .. "-" .. name, sharing = a.sharing })
    end
    if a.secret then mounts[#mounts + 1] = auth_mount(ctx, a.secret, server) end
    return dfc.run { mounts = mounts, env = { JULIA_PKG_SERVER = mirror }, cmds = { a.command },
      script = a.script }
  end,
}
