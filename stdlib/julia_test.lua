-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "julia" {
  from = "julia:1.11",

  -- the command
  { name = "keeps registries and clones, and no packages",
    input = "@julia --project -e 'using Pkg; Pkg.instantiate()'",
    output = [[
# @julia --project -e 'using Pkg; Pkg.instantiate()'
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia --project -e 'using Pkg; Pkg.instantiate()'
]] },
  { name = "runs a script",
    input = [[
@julia <<EOF
julia --project=. -e "using Pkg; Pkg.instantiate()"
EOF]],
    output = [[
# @julia <<EOF
# julia --project=. -e "using Pkg; Pkg.instantiate()"
# EOF
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    <<EOF
set -e
julia --project=. -e "using Pkg; Pkg.instantiate()"
EOF
]] },
  { name = "knows a pasted julia and the environment of the command",
    input = "@julia JULIA_NUM_THREADS=4 julia a.jl && ls",
    output = [[
# @julia JULIA_NUM_THREADS=4 julia a.jl && ls
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    JULIA_NUM_THREADS=4 julia a.jl && ls
]] },
  { name = "takes the id and the sharing that are given",
    input = "@julia --id=x --sharing=shared a.jl",
    output = [[
# @julia --id=x --sharing=shared a.jl
RUN --mount=type=cache,id=x-registries,target=/root/.julia/registries,sharing=shared \
    --mount=type=cache,id=x-clones,target=/root/.julia/clones,sharing=shared \
    julia a.jl
]] },

  -- where the depot is, and whose
  { name = "follows the first depot",
    input = [[
ENV JULIA_DEPOT_PATH=/opt/a:/opt/b:
@julia a.jl]],
    output = [[
ENV JULIA_DEPOT_PATH=/opt/a:/opt/b:
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/opt/a/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/opt/a/clones,sharing=locked \
    julia a.jl
]] },
  { name = "finds the default of an empty first depot",
    input = [[
ENV JULIA_DEPOT_PATH=:/opt/b
@julia a.jl]],
    output = [[
ENV JULIA_DEPOT_PATH=:/opt/b
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia a.jl
]] },
  { name = "belongs to another user",
    input = [[
ENV JULIA_DEPOT_PATH=/opt/depot
USER 1000
@julia a.jl]],
    output = [[
ENV JULIA_DEPOT_PATH=/opt/depot
USER 1000
RUN mkdir -p /opt/depot
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/opt/depot/registries,sharing=locked,uid=1000 \
    --mount=type=cache,id=julia-clones,target=/opt/depot/clones,sharing=locked,uid=1000 \
    julia a.jl
]] },
  { name = "belongs to a user with a home",
    input = [[
RUN useradd -m -u 1001 j
USER j
@julia a.jl]],
    output = [[
RUN useradd -m -u 1001 j
USER j
RUN mkdir -p /home/j/.julia
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/home/j/.julia/registries,sharing=locked,uid=1001 \
    --mount=type=cache,id=julia-clones,target=/home/j/.julia/clones,sharing=locked,uid=1001 \
    julia a.jl
]] },
  { name = "needs a depot",
    input = [[
USER 1000
@julia a.jl]],
    errors = { "2:1: error: the home of the user is not known, Julia's depot would be there [unknown-home]\nhelp: write ENV JULIA_DEPOT_PATH=/opt/julia above it" } },
  { name = "is for Buildah as well", builder = "buildah",
    input = "@julia a.jl",
    output = [[
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia a.jl
]] },
  { name = "removes what only serves to install", builder = "legacy",
    input = "@julia a.jl",
    output = [[
# @julia a.jl
RUN julia a.jl \
    && rm -rf /root/.julia/registries \
    && rm -rf /root/.julia/clones
]] },
  { name = "needs no depot without mounts", builder = "legacy",
    input = [[
USER 1000
@julia a.jl]],
    output = [[
USER 1000
# @julia a.jl
RUN julia a.jl
]] },

  -- mirrors and secrets
  { name = "takes packages from a server",
    input = "@julia --mirror=https://julia.corp.example a.jl",
    output = [[
# @julia --mirror=https://julia.corp.example a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    JULIA_PKG_SERVER=https://julia.corp.example julia a.jl
]] },
  { name = "has no mirror of that", mirror = "tuna",
    input = "@julia a.jl",
    output = [[
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia a.jl
]] },
  { name = "mounts the authentication for the usual server",
    input = "@julia --secret=auth a.jl",
    output = [[
# @julia --secret=auth a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    --mount=type=secret,id=auth,target=/root/.julia/servers/pkg.julialang.org/auth.toml,required=true \
    julia a.jl
]] },
  { name = "mounts the authentication for the server of ENV",
    input = [[
ENV JULIA_PKG_SERVER=https://pkg.corp.example:8443/julia
@julia --secret=auth a.jl]],
    output = [[
ENV JULIA_PKG_SERVER=https://pkg.corp.example:8443/julia
# @julia --secret=auth a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    --mount=type=secret,id=auth,target=/root/.julia/servers/pkg.corp.example_8443/auth.toml,required=true \
    julia a.jl
]] },
  { name = "leaves the server to docker build",
    input = [[
@set dfc.mirror-arg = JULIA_PKG_SERVER
@julia a.jl]],
    output = [[
ARG JULIA_PKG_SERVER
# @julia a.jl
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    if [ -n "$JULIA_PKG_SERVER" ]; then export JULIA_PKG_SERVER="${JULIA_PKG_SERVER}"; else unset JULIA_PKG_SERVER; fi \
    && julia a.jl
]] },
  { name = "needs to know whom a secret is for",
    input = [[
@set dfc.mirror-arg = JULIA_PKG_SERVER
@julia --secret=auth a.jl]],
    errors = { "2:17: error: the package server that the secret is for is not known: '${JULIA_PKG_SERVER}' [unknown-server]\nhelp: write --mirror=https://HOST" } },

  -- what defeats the caches
  { name = "warns of removing what is mounted",
    input = "@julia a.jl && rm -rf /root/.julia/registries",
    output = [[
# @julia a.jl && rm -rf /root/.julia/registries
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia a.jl && rm -rf /root/.julia/registries
]],
    warnings = { "1:1: warning: 'rm -rf /root/.julia/registries' defeats the cache mounts [defeats-cache]\nhelp: leave it out: registries/ and clones/ are not in the image" } },
  { name = "warns of removing the depot",
    input = "@julia a.jl && rm -r ~/.julia",
    output = [[
# @julia a.jl && rm -r ~/.julia
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia a.jl && rm -r ~/.julia
]],
    warnings = { "1:1: warning: 'rm -r ~/.julia' defeats the cache mounts [defeats-cache]\nhelp: leave it out: registries/ and clones/ are not in the image" } },
  { name = "does not warn of other directories",
    input = "@julia a.jl && rm -rf /tmp/x ~/.julia/logs",
    output = [[
# @julia a.jl && rm -rf /tmp/x ~/.julia/logs
RUN --mount=type=cache,id=julia-registries,target=/root/.julia/registries,sharing=locked \
    --mount=type=cache,id=julia-clones,target=/root/.julia/clones,sharing=locked \
    julia a.jl && rm -rf /tmp/x ~/.julia/logs
]] },
}
