-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "deno" {
  from = "denoland/deno:2.1.4",

  -- the command
  { name = "runs the command with its cache",
    input = "@deno compile -o /app main.ts",
    output = [[
ARG TARGETARCH
# @deno compile -o /app main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno compile -o /app main.ts
]] },
  { name = "runs a script",
    input = "@deno <<EOF\ndeno install\ndeno compile main.ts\nEOF",
    output = [[
ARG TARGETARCH
# @deno <<EOF
# deno install
# deno compile main.ts
# EOF
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    <<EOF
set -e
deno install
deno compile main.ts
EOF
]] },

  -- where the cache is, and whose
  { name = "follows the user of the image",
    input = "USER deno\n@deno compile main.ts",
    output = [[
USER deno
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked,uid=1993,gid=1993 \
    deno compile main.ts
]] },
  { name = "is at home where deno was installed",
    from = "debian:12",
    input = "@deno compile main.ts\nENV XDG_CACHE_HOME=/x\n@deno compile main.ts",
    output = [[
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/root/.cache/deno,sharing=locked \
    deno compile main.ts
ENV XDG_CACHE_HOME=/x
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/x/deno,sharing=locked \
    deno compile main.ts
]] },
  { name = "follows its variable",
    input = "ENV DENO_DIR=/d\n@deno compile main.ts",
    output = [[
ENV DENO_DIR=/d
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/d,sharing=locked \
    deno compile main.ts
]] },
  { name = "puts the cache of a user without a home elsewhere",
    from = "debian:12",
    input = "USER 2000\n@deno compile main.ts",
    output = [[
USER 2000
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/var/cache/dfc/deno,sharing=locked,uid=2000 \
    DENO_DIR=/var/cache/dfc/deno deno compile main.ts
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@deno compile main.ts",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @deno --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given",
    input = "@deno --id=web --sharing=shared compile main.ts",
    output = [[
# @deno --id=web --sharing=shared compile main.ts
RUN --mount=type=cache,id=web,target=/deno-dir,sharing=shared \
    deno compile main.ts
]] },

  -- modules that the image does not have
  { name = "warns when nothing else has the modules",
    input = "@deno cache main.ts",
    warnings = { "1:1: warning: what @deno loads is in the cache mount only, the image does not have it [in-place-cache]\nhelp: use deno compile, or \"vendor\": true in deno.json; or write RUN deno …, for an image that runs with DENO_DIR" },
    output = [[
ARG TARGETARCH
# @deno cache main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno cache main.ts
]] },
  { name = "not where they are compiled",
    input = "@deno install && deno compile main.ts",
    output = [[
ARG TARGETARCH
# @deno install && deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno install && deno compile main.ts
]] },
  { name = "not in a stage that builds",
    input = "FROM denoland/deno:2.1.4 AS build\n@deno cache main.ts\nFROM scratch\nCOPY --from=build /x /x",
    output = [[
FROM denoland/deno:2.1.4 AS build
ARG TARGETARCH
# @deno cache main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno cache main.ts
FROM scratch
COPY --from=build /x /x
]] },
  { name = "not with a package.json",
    files = { ["package.json"] = "{}\n" },
    input = "@deno install\nCMD [\"deno\", \"run\", \"main.ts\"]",
    output = [[
ARG TARGETARCH
# @deno install
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno install
CMD ["deno", "run", "main.ts"]
]] },
  { name = "not with vendor",
    files = { ["deno.json"] = "{ \"vendor\": true }\n" },
    input = "@deno install",
    output = [[
ARG TARGETARCH
# @deno install
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno install
]] },
  { name = "not with nodeModulesDir",
    files = { ["deno.jsonc"] = "{ \"nodeModulesDir\": \"auto\" }\n" },
    input = "@deno install",
    output = [[
ARG TARGETARCH
# @deno install
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno install
]] },
  { name = "but without it",
    files = { ["deno.json"] = "{ \"nodeModulesDir\": \"none\" }\n", ["package.json"] = "{}\n" },
    input = "@deno install",
    warnings = { "1:1: warning: what @deno loads is in the cache mount only, the image does not have it [in-place-cache]\nhelp: use deno compile, or \"vendor\": true in deno.json; or write RUN deno …, for an image that runs with DENO_DIR" },
    output = [[
ARG TARGETARCH
# @deno install
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno install
]] },
  { name = "notes a later use without the mount",
    input = "@deno compile main.ts\nCMD [\"deno\", \"run\", \"main.ts\"]",
    notes = { "2:6: note: 'deno' runs without the cache at /deno-dir, which @deno has filled: it is not in the image [in-place-cache]\nhelp: a container has no cache mount: let CMD start what @deno has built" },
    output = [[
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno compile main.ts
CMD ["deno", "run", "main.ts"]
]] },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@deno compile main.ts",
    output = [[
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno compile main.ts
]] },
  { name = "leaves the modules in the image where there are no mounts",
    builder = "legacy",
    input = "@deno cache main.ts",
    output = [[
# @deno cache main.ts
RUN deno cache main.ts
]] },
  { name = "changes nothing of the image",
    footprint = "none",
    input = "@deno compile main.ts",
    output = [[
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno compile main.ts
]] },

  -- mirrors and secrets
  { name = "uses the mirror for this RUN only",
    mirror = "cn",
    input = "@deno compile main.ts",
    output = [[
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    NPM_CONFIG_REGISTRY=https://registry.npmmirror.com deno compile main.ts
]] },
  { name = "lets docker build choose the mirror",
    input = "@mirror --arg NPM_CONFIG_REGISTRY\n@deno compile main.ts",
    output = [[
ARG TARGETARCH
ARG NPM_CONFIG_REGISTRY
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    if [ -n "$NPM_CONFIG_REGISTRY" ]; then export NPM_CONFIG_REGISTRY="${NPM_CONFIG_REGISTRY}"; else unset NPM_CONFIG_REGISTRY; fi \
    && deno compile main.ts
]] },
  { name = "does without a mirror where ENV names a registry",
    mirror = "cn",
    input = "ENV NPM_CONFIG_REGISTRY=https://npm.example\n@deno compile main.ts",
    output = [[
ENV NPM_CONFIG_REGISTRY=https://npm.example
ARG TARGETARCH
# @deno compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno compile main.ts
]] },
  { name = "puts the secret where it looks",
    input = "@deno --secret=npmrc compile main.ts",
    output = [[
ARG TARGETARCH
# @deno --secret=npmrc compile main.ts
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    --mount=type=secret,id=npmrc,target=/root/.npmrc,required=true \
    deno compile main.ts
]] },
  { name = "has no place for it without a home",
    input = "USER 2000\n@deno --secret=npmrc compile main.ts",
    errors = { "2:1: error: the home of user '2000' is not known, a secret belongs there [unknown-home]\nhelp: write ENV HOME=/home/… above it" } },

  -- what defeats the cache
  { name = "warns of what empties the mount, and of what relies on it",
    input = "@deno compile --cached-only main.ts && deno clean",
    warnings = { "1:1: warning: deno clean empties the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger",
      "1:1: warning: '--cached-only' relies on the cache mount, which may be empty [needs-cache]\nnote: builders remove what is in a cache mount, and other builds change it\nhelp: leave it out: what is in the cache is not fetched again" },
    output = [[
ARG TARGETARCH
# @deno compile --cached-only main.ts && deno clean
RUN --mount=type=cache,id=deno-${TARGETARCH},target=/deno-dir,sharing=locked \
    deno compile --cached-only main.ts && deno clean
]] },
}
