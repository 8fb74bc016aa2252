-- @dotnet: .NET commands with NuGet's packages in cache mounts.
--
-- Projects with PackageReference use the packages where they are, ~/.nuget/packages, when they are
-- built: publish and test need the mount that restore had. NuGet's locks between processes are
-- files in the temporary directory (NuGet.Client, NuGet.Common/ConcurrencyUtilities.cs), outside of
-- the mount, so it is locked. Packages are the same for every architecture.
local dfc = require "dfc.v1"
local common = require "common"

-- NuGet asks DOTNET_CLI_HOME before HOME (NuGet.Client, NuGet.Common/PathUtil/NuGetEnvironment.cs).
local function home_of(ctx)
  local moved = ctx.env.DOTNET_CLI_HOME
  if moved and moved:starts "/" then return moved end
  return ctx.user.home
end

dfc.cachedef "nuget" {
  target = function(ctx)
    local home = home_of(ctx)
    return home and home .. "/.nuget/packages"
  end,
  env = "NUGET_PACKAGES", sharing = "locked", copies_out = false,
}

-- What was downloaded, by source. The directory below ~/.local/share/NuGet is v3-cache or
-- http-cache, by version, so the mount is above both.
dfc.cachedef "nuget-http" {
  target = function(ctx)
    local xdg = ctx.env.XDG_DATA_HOME
    if xdg and xdg:starts "/" then return xdg .. "/NuGet" end
    local home = home_of(ctx)
    return home and home .. "/.local/share/NuGet"
  end,
  env = "NUGET_HTTP_CACHE_PATH", sharing = "locked", copies_out = true,
}

-- NuGet reads the configuration of every directory above the project, too, up to the root; one that
-- is nearer to the project wins (learn.microsoft.com, nuget/consume-packages,
-- configuring-nuget-behavior). In the root it changes the address of nuget.org and nothing else:
-- the project's sources stay, and the user's, which "dotnet nuget add source" writes. There is no
-- variable for it, and --source would put all others out.
local CONFIG = [[
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="nuget.org" value="%s"%s />
  </packageSources>
</configuration>
]]
local PLACE = "/NuGet.Config"

-- A feed without a service index is one of version 2.
local function config(url)
  local is_v3 = re.match([[/index\.json$]], url)
  local insecure = url:starts "http://" and ' allowInsecureConnections="true"' or ""
  return CONFIG:format(url, (is_v3 and ' protocolVersion="3"' or "") .. insecure)
end

-- Whether the project lies in the root, with a configuration, or nuget.org was put out.
local function has_own(ctx)
  for _, name in ipairs { "/NuGet.Config", "/NuGet.config", "/nuget.config" } do
    if ctx:copied(name) then return true end
  end
  return common.was_run(ctx, [[\bnuget\s+(?:remove|disable|update)\s+source\b]])
end

-- Gives the mount, and commands that come before.
local function use_mirror(ctx, a)
  local mirror = ctx:mirror "nuget"
  if not mirror or has_own(ctx) then return nil, {} end
  if a.secret then
    ctx:note("the mirror is left out: the NuGet.Config of --secret says where packages come from",
      { help = "name the mirror in that NuGet.Config" })
    return nil, {}
  end
  local text = config(mirror)
  if ctx.builder ~= "legacy" then
    return common.bound_file(ctx, "nuget", "NuGet.Config", mirror, PLACE, text), {}
  elseif ctx.user.root then
    return nil, { "trap 'rm -f " .. PLACE .. "' EXIT", common.write(text, PLACE) }
  end
  ctx:note("the mirror is left out: without mounts only root can tell NuGet of it",
    { help = "copy a NuGet.Config that names it beside the project" })
  return nil, {}
end

local function warn(ctx, a)
  local tool = common.program "dotnet"
  if not common.has_command(a, tool .. [[.*\srestore\b]]) then
    common.warn_offline(ctx, a, tool, [[\s(--no-restore)(?=\s|$)]],
      "leave it out: with what is in the cache a restore takes no time")
  end
  common.warn_if(ctx, a, tool .. [[.*\s--no-(?:http-)?cache\b]],
    "--no-cache defeats the cache mount", "leave it out: the cache is not in the image")
  common.warn_if(ctx, a, tool .. [[\s+nuget\s+locals\s.*(?:--clear|-c)\b]],
    "'dotnet nuget locals --clear' empties the cache mounts",
    "leave it out: the packages are not in the image")
  common.warn_if(ctx, a, tool .. [[.*\s(?:--packages[\s=]|-p:RestorePackagesPath=)]],
    "--packages takes the packages out of the cache mount",
    "leave it out, or write ENV NUGET_PACKAGES=/… above: the mount goes there")
  common.warn_if(ctx, a, [[^rm\s.*/\.nuget\b]], "'rm' of ~/.nuget empties the cache mount",
    "leave it out: the packages are not in the image")
end

dfc.directive "dotnet" {
  summary = "Run a .NET command with NuGet's packages in cache mounts",
  examples_from = "mcr.microsoft.com/dotnet/sdk:9.0",
  examples = { "@dotnet restore -a $TARGETARCH", "@dotnet publish -c Release -o /out",
               "@dotnet --secret=nuget publish -c Release -o /out" },
  family = "command",
  caches = { "nuget", "nuget-http" },
  tools = { "dotnet" },
  -- "dotnet app.dll" and "dotnet exec" start what has been built
  reads = [[^dotnet\s+(?:build|run|publish|test|pack|msbuild|vstest|watch|restore|tool|ef)\b]],
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "nuget", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a NuGet.Config" },
  expand = function(ctx, a)
    warn(ctx, a)
    local home = home_of(ctx)
    local file, cmds = use_mirror(ctx, a)
    local secret = ctx:secret(a.secret, (home or "~") .. "/.nuget/NuGet/NuGet.Config")
    cmds[#cmds + 1] = a.command
    return dfc.run {
      mounts = common.list(4, ctx:cache("nuget", { id = a.id, sharing = a.sharing }),
        ctx:cache("nuget-http", { id = a.id and a.id .. "-http", sharing = a.sharing }),
        file, secret),
      -- The command line writes below its home, too; a user without one has no other place.
      env = { DOTNET_CLI_HOME = not home and "/tmp" or nil },
      cmds = cmds,
      script = a.script,
    }
  end,
}
