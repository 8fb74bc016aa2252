-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "dotnet" {
  from = "mcr.microsoft.com/dotnet/sdk:9.0",

  -- the command
  { name = "runs the command with the packages in a cache",
    input = "@dotnet restore -a $TARGETARCH",
    output = [[
# @dotnet restore -a $TARGETARCH
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore -a $TARGETARCH
]] },
  { name = "copies what belongs to the shell as it is",
    input = [[@dotnet build -p:Name="a b" && dotnet test]],
    output = [[
# @dotnet build -p:Name="a b" && dotnet test
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet build -p:Name="a b" && dotnet test
]] },
  { name = "runs a script",
    input = "@dotnet <<EOF\ndotnet restore\ndotnet publish --no-restore -c Release -o /out\nEOF",
    output = [[
# @dotnet <<EOF
# dotnet restore
# dotnet publish --no-restore -c Release -o /out
# EOF
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    <<EOF
set -e
dotnet restore
dotnet publish --no-restore -c Release -o /out
EOF
]] },
  { name = "uses the id and the sharing that are given",
    input = "@dotnet --id=shop --sharing=private build",
    output = [[
# @dotnet --id=shop --sharing=private build
RUN --mount=type=cache,id=shop,target=/root/.nuget/packages,sharing=private \
    --mount=type=cache,id=shop-http,target=/root/.local/share/NuGet,sharing=private \
    dotnet build
]] },

  -- where the packages are, and whose
  { name = "follows the user of the image",
    input = "USER app\n@dotnet build",
    output = [[
USER app
RUN mkdir -p /home/app/.nuget
RUN mkdir -p /home/app/.local/share
# @dotnet build
RUN --mount=type=cache,id=nuget,target=/home/app/.nuget/packages,sharing=locked,uid=1654,gid=1654 \
    --mount=type=cache,id=nuget-http,target=/home/app/.local/share/NuGet,sharing=locked,uid=1654,gid=1654 \
    dotnet build
]] },
  { name = "gives a user without a home another place",
    input = "USER 2000\n@dotnet build",
    output = [[
USER 2000
# @dotnet build
RUN --mount=type=cache,id=nuget,target=/var/cache/dfc/nuget,sharing=locked,uid=2000 \
    --mount=type=cache,id=nuget-http,target=/var/cache/dfc/nuget-http,sharing=locked,uid=2000 \
    DOTNET_CLI_HOME=/tmp NUGET_HTTP_CACHE_PATH=/var/cache/dfc/nuget-http NUGET_PACKAGES=/var/cache/dfc/nuget dotnet build
]] },
  { name = "follows the variables of the stage",
    input = "ENV NUGET_PACKAGES=/p NUGET_HTTP_CACHE_PATH=/h\n@dotnet build",
    output = [[
ENV NUGET_PACKAGES=/p NUGET_HTTP_CACHE_PATH=/h
# @dotnet build
RUN --mount=type=cache,id=nuget,target=/p,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/h,sharing=locked \
    dotnet build
]] },
  { name = "follows the home of the command line",
    input = "ENV DOTNET_CLI_HOME=/cli XDG_DATA_HOME=/data\n@dotnet build",
    output = [[
ENV DOTNET_CLI_HOME=/cli XDG_DATA_HOME=/data
# @dotnet build
RUN --mount=type=cache,id=nuget,target=/cli/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/data/NuGet,sharing=locked \
    dotnet build
]] },
  { name = "has one cache for all distributions", from = "mcr.microsoft.com/dotnet/sdk:9.0-alpine",
    input = "@dotnet build",
    output = [[
# @dotnet build
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet build
]] },

  -- mirrors
  { name = "binds a configuration above all projects", mirror = "cn",
    input = "FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /src\n@dotnet restore",
    output = [[

FROM scratch AS dfc-nuget-repo.huaweicloud.com-repository-nuget-v3-index.json
COPY <<'EOF' /NuGet.Config
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="nuget.org" value="https://repo.huaweicloud.com/repository/nuget/v3/index.json" protocolVersion="3" />
  </packageSources>
</configuration>
EOF

FROM mcr.microsoft.com/dotnet/sdk:9.0
WORKDIR /src
# @dotnet restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    --mount=type=bind,from=dfc-nuget-repo.huaweicloud.com-repository-nuget-v3-index.json,source=/NuGet.Config,target=/NuGet.Config \
    dotnet restore
]] },
  { name = "takes a feed by its URL",
    input = [[
FROM mcr.microsoft.com/dotnet/sdk:9.0
WORKDIR /src
USER app
@dotnet --mirror=http://nuget.example/api/v2/ restore]],
    output = [[

FROM scratch AS dfc-nuget-nuget.example-api-v2
COPY <<'EOF' /NuGet.Config
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="nuget.org" value="http://nuget.example/api/v2/" allowInsecureConnections="true" />
  </packageSources>
</configuration>
EOF

FROM mcr.microsoft.com/dotnet/sdk:9.0
WORKDIR /src
USER app
RUN mkdir -p /home/app/.nuget
RUN mkdir -p /home/app/.local/share
# @dotnet --mirror=http://nuget.example/api/v2/ restore
RUN --mount=type=cache,id=nuget,target=/home/app/.nuget/packages,sharing=locked,uid=1654,gid=1654 \
    --mount=type=cache,id=nuget-http,target=/home/app/.local/share/NuGet,sharing=locked,uid=1654,gid=1654 \
    --mount=type=bind,from=dfc-nuget-nuget.example-api-v2,source=/NuGet.Config,target=/NuGet.Config \
    dotnet restore
]] },
  { name = "leaves one in the root alone that was copied", mirror = "cn", files = { ["nuget.config"] = "<configuration/>" },
    input = "COPY . .\n@dotnet restore",
    output = [[
COPY . .
# @dotnet restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore
]] },
  { name = "leaves sources alone that were changed", mirror = "cn",
    input = "RUN dotnet nuget remove source nuget.org\n@dotnet restore",
    output = [[
RUN dotnet nuget remove source nuget.org
# @dotnet restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore
]] },
  { name = "goes with sources that were added", mirror = "cn",
    input = [[
FROM mcr.microsoft.com/dotnet/sdk:9.0
RUN dotnet nuget add source https://corp.example/v3/index.json
@dotnet restore]],
    output = [[

FROM scratch AS dfc-nuget-repo.huaweicloud.com-repository-nuget-v3-index.json
COPY <<'EOF' /NuGet.Config
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="nuget.org" value="https://repo.huaweicloud.com/repository/nuget/v3/index.json" protocolVersion="3" />
  </packageSources>
</configuration>
EOF

FROM mcr.microsoft.com/dotnet/sdk:9.0
RUN dotnet nuget add source https://corp.example/v3/index.json
# @dotnet restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    --mount=type=bind,from=dfc-nuget-repo.huaweicloud.com-repository-nuget-v3-index.json,source=/NuGet.Config,target=/NuGet.Config \
    dotnet restore
]] },
  { name = "can leave the mirror out once", mirror = "cn",
    input = "@dotnet --mirror=off restore",
    output = [[
# @dotnet --mirror=off restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore
]] },

  -- secrets
  { name = "mounts NuGet.Config beside the packages",
    input = "@dotnet --secret=nuget restore",
    output = [[
# @dotnet --secret=nuget restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    --mount=type=secret,id=nuget,target=/root/.nuget/NuGet/NuGet.Config,required=true \
    dotnet restore
]] },
  { name = "lets the user make its directory",
    input = "USER app\n@dotnet --secret=nuget restore",
    output = [[
USER app
RUN mkdir -p /home/app/.nuget/NuGet
RUN mkdir -p /home/app/.local/share
# @dotnet --secret=nuget restore
RUN --mount=type=cache,id=nuget,target=/home/app/.nuget/packages,sharing=locked,uid=1654,gid=1654 \
    --mount=type=cache,id=nuget-http,target=/home/app/.local/share/NuGet,sharing=locked,uid=1654,gid=1654 \
    --mount=type=secret,id=nuget,target=/home/app/.nuget/NuGet/NuGet.Config,required=true,uid=1654,gid=1654 \
    dotnet restore
]] },
  { name = "says that the mirror is in it, or nowhere", mirror = "cn",
    input = "@dotnet --secret=nuget restore",
    notes = { "1:1: note: the mirror is left out: the NuGet.Config of --secret says where packages come from\n"
      .. "help: name the mirror in that NuGet.Config" },
    output = [[
# @dotnet --secret=nuget restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    --mount=type=secret,id=nuget,target=/root/.nuget/NuGet/NuGet.Config,required=true \
    dotnet restore
]] },
  { name = "needs a home",
    input = "USER 2000\n@dotnet --secret=nuget restore",
    errors = { "2:1: error: the home of user '2000' is not known, a secret belongs there [unknown-home]\n"
      .. "help: write ENV HOME=/home/… above it" } },

  -- other builders
  { name = "is the same for Buildah", builder = "buildah",
    input = "@dotnet build",
    output = [[
# @dotnet build
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet build
]] },
  { name = "keeps the packages and not the downloads where there are no mounts", builder = "legacy",
    input = "@dotnet restore",
    output = [[
# @dotnet restore
RUN dotnet restore \
    && rm -rf /root/.local/share/NuGet
]] },
  { name = "takes the mirror's file away again there", mirror = "cn", builder = "legacy",
    input = "@dotnet restore",
    output = [[
# @dotnet restore
RUN trap 'rm -f /NuGet.Config' EXIT \
    && printf '%s\n' '<?xml version="1.0" encoding="utf-8"?>' \
        '<configuration>' \
        '  <packageSources>' \
        '    <add key="nuget.org" value="https://repo.huaweicloud.com/repository/nuget/v3/index.json" protocolVersion="3" />' \
        '  </packageSources>' \
        '</configuration>' > /NuGet.Config \
    && dotnet restore \
    && rm -rf /root/.local/share/NuGet
]] },
  { name = "says where it can't", mirror = "cn", builder = "legacy",
    input = "USER app\n@dotnet restore",
    notes = { "2:1: note: the mirror is left out: without mounts only root can tell NuGet of it\n"
      .. "help: copy a NuGet.Config that names it beside the project" },
    output = [[
USER app
# @dotnet restore
RUN dotnet restore \
    && rm -rf /home/app/.local/share/NuGet
]] },

  -- what defeats the cache
  { name = "warns of packages that may be missing",
    input = "@dotnet publish --no-restore -c Release",
    warnings = { "1:1: warning: '--no-restore' relies on the cache mount, which may be empty [needs-cache]\n"
      .. "note: builders remove what is in a cache mount, and other builds change it\n"
      .. "help: leave it out: with what is in the cache a restore takes no time" },
    output = [[
# @dotnet publish --no-restore -c Release
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet publish --no-restore -c Release
]] },
  { name = "does not warn behind a restore",
    input = "@dotnet restore && dotnet publish --no-restore",
    output = [[
# @dotnet restore && dotnet publish --no-restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore && dotnet publish --no-restore
]] },
  { name = "warns of requests without a cache",
    input = "@dotnet restore --no-cache",
    warnings = { "1:1: warning: --no-cache defeats the cache mount [defeats-cache]\n"
      .. "help: leave it out: the cache is not in the image" },
    output = [[
# @dotnet restore --no-cache
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore --no-cache
]] },
  { name = "warns of another place",
    input = "@dotnet restore --packages /p",
    warnings = { "1:1: warning: --packages takes the packages out of the cache mount [defeats-cache]\n"
      .. "help: leave it out, or write ENV NUGET_PACKAGES=/… above: the mount goes there" },
    output = [[
# @dotnet restore --packages /p
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore --packages /p
]] },
  { name = "warns of its removal",
    input = "@dotnet nuget locals all --clear && rm -rf ~/.nuget",
    warnings = { "1:1: warning: 'dotnet nuget locals --clear' empties the cache mounts [defeats-cache]\n"
      .. "help: leave it out: the packages are not in the image",
      "1:1: warning: 'rm' of ~/.nuget empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: the packages are not in the image" },
    output = [[
# @dotnet nuget locals all --clear && rm -rf ~/.nuget
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet nuget locals all --clear && rm -rf ~/.nuget
]] },
  { name = "tells of a RUN without it, but not of what starts a program",
    input = [=[
@dotnet restore
RUN dotnet publish -c Release -o /out
RUN dotnet /out/migrate.dll
ENTRYPOINT ["dotnet", "/out/app.dll"]]=],
    notes = { "2:5: note: 'dotnet' runs without the cache at /root/.nuget/packages, which @dotnet has filled: it is not in the image [in-place-cache]\n"
      .. "help: write @dotnet in place of RUN dotnet" },
    output = [[
# @dotnet restore
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages,sharing=locked \
    --mount=type=cache,id=nuget-http,target=/root/.local/share/NuGet,sharing=locked \
    dotnet restore
RUN dotnet publish -c Release -o /out
RUN dotnet /out/migrate.dll
ENTRYPOINT ["dotnet", "/out/app.dll"]
]] },
}
