-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "sbt" {
  from = "eclipse-temurin:21",

  -- the command
  { name = "runs the command in three caches",
    input = "@sbt -Dsbt.supershell=false stage",
    output = [[
# @sbt -Dsbt.supershell=false stage
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt -Dsbt.supershell=false stage
]] },
  { name = "copies what belongs to the shell as it is",
    input = [[@sbt "testOnly *Fast" && sbt stage]],
    output = [[
# @sbt "testOnly *Fast" && sbt stage
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt "testOnly *Fast" && sbt stage
]] },
  { name = "uses the id and the sharing that are given",
    input = "@sbt --id=shop --sharing=private stage",
    output = [[
# @sbt --id=shop --sharing=private stage
RUN --mount=type=cache,id=shop-coursier,target=/root/.cache/coursier,sharing=private \
    --mount=type=cache,id=shop-ivy2,target=/root/.ivy2/cache,sharing=private \
    --mount=type=cache,id=shop-sbt-boot,target=/root/.sbt/boot,sharing=private \
    sbt stage
]] },

  -- where they are, and whose
  { name = "follows a user that it knows",
    input = "RUN useradd -m -u 1001 app\nUSER app\n@sbt stage",
    output = [[
RUN useradd -m -u 1001 app
USER app
RUN mkdir -p /home/app/.cache
RUN mkdir -p /home/app/.ivy2
RUN mkdir -p /home/app/.sbt
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/home/app/.cache/coursier,sharing=locked,uid=1001 \
    --mount=type=cache,id=ivy2,target=/home/app/.ivy2/cache,sharing=locked,uid=1001 \
    --mount=type=cache,id=sbt-boot,target=/home/app/.sbt/boot,sharing=locked,uid=1001 \
    sbt stage
]] },
  { name = "tells sbt of other places when the home is not known",
    input = "USER 1000\n@sbt stage",
    output = [[
USER 1000
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/var/cache/dfc/coursier,sharing=locked,uid=1000 \
    --mount=type=cache,id=ivy2,target=/var/cache/dfc/ivy2,sharing=locked,uid=1000 \
    --mount=type=cache,id=sbt-boot,target=/var/cache/dfc/sbt-boot,sharing=locked,uid=1000 \
    COURSIER_CACHE=/var/cache/dfc/coursier SBT_OPTS="${SBT_OPTS-} -Dsbt.ivy.home=/var/cache/dfc/ivy2 -Dsbt.boot.directory=/var/cache/dfc/sbt-boot" sbt stage
]] },
  { name = "follows the variables of the stage",
    input = [[
ENV COURSIER_CACHE=/c SBT_OPTS="-Xmx2g -Dsbt.ivy.home=/i -Dsbt.boot.directory=/b"
@sbt stage]],
    output = [[
ENV COURSIER_CACHE=/c SBT_OPTS="-Xmx2g -Dsbt.ivy.home=/i -Dsbt.boot.directory=/b"
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/c,sharing=locked \
    --mount=type=cache,id=ivy2,target=/i/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/b,sharing=locked \
    sbt stage
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/x\n@sbt stage",
    output = [[
ENV XDG_CACHE_HOME=/x
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/x/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt stage
]] },

  -- mirrors
  { name = "binds a file of Coursier", mirror = "aliyun",
    input = "FROM eclipse-temurin:21\n@sbt stage",
    output = [[

FROM scratch AS dfc-sbt-maven.aliyun.com-repository-public
COPY <<'EOF' /mirror.properties
central.from=https://repo1.maven.org/maven2;https://repo.maven.apache.org/maven2
central.to=https://maven.aliyun.com/repository/public
EOF

FROM eclipse-temurin:21
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    --mount=type=bind,from=dfc-sbt-maven.aliyun.com-repository-public,source=/mirror.properties,target=/var/cache/dfc/coursier-mirror.properties \
    COURSIER_MIRRORS=/var/cache/dfc/coursier-mirror.properties sbt stage
]] },
  { name = "leaves one that the stage names", mirror = "aliyun",
    input = "ENV COURSIER_MIRRORS=/m.properties\n@sbt stage",
    output = [[
ENV COURSIER_MIRRORS=/m.properties
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt stage
]] },
  { name = "can leave the mirror out once", mirror = "aliyun",
    input = "@sbt --mirror=off stage",
    output = [[
# @sbt --mirror=off stage
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt stage
]] },

  -- secrets
  { name = "mounts the credentials where sbt's documentation has them",
    input = "@sbt --secret=sbt publish",
    output = [[
# @sbt --secret=sbt publish
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    --mount=type=secret,id=sbt,target=/root/.sbt/.credentials,required=true \
    sbt publish
]] },
  { name = "needs the home that Java knows",
    input = "USER 1000\n@sbt --secret=sbt publish",
    errors = { "2:15: error: the home that Java knows, where sbt looks for .credentials, is not known [unknown-home]\n"
      .. "help: run it as root, or as a user of the image" } },

  -- other builders, and what defeats the caches
  { name = "is the same for Buildah", builder = "buildah",
    input = "@sbt stage",
    output = [[
# @sbt stage
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt stage
]] },
  { name = "leaves them in the layer where there are no mounts", builder = "legacy",
    input = "@sbt stage",
    output = [[
# @sbt stage
RUN sbt stage
]] },
  { name = "writes the mirror to a temporary file there", mirror = "aliyun", builder = "legacy",
    input = "@sbt stage",
    output = [[
# @sbt stage
RUN dfc=$(mktemp) \
    && trap 'rm -f "$dfc"' EXIT \
    && printf '%s\n' 'central.from=https://repo1.maven.org/maven2;https://repo.maven.apache.org/maven2' \
        'central.to=https://maven.aliyun.com/repository/public' > "$dfc" \
    && export COURSIER_MIRRORS="$dfc" \
    && sbt stage
]] },
  { name = "warns of their removal",
    input = "@sbt stage && rm -rf ~/.ivy2 ~/.sbt",
    warnings = { "1:1: warning: 'rm' of sbt's caches empties the cache mounts [defeats-cache]\n"
      .. "help: leave it out: they are not in the image" },
    output = [[
# @sbt stage && rm -rf ~/.ivy2 ~/.sbt
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt stage && rm -rf ~/.ivy2 ~/.sbt
]] },
  { name = "tells of a RUN without them",
    input = "@sbt update\nRUN sbt stage",
    notes = { "2:5: note: 'sbt' runs without the cache at /root/.cache/coursier, /root/.ivy2/cache and /root/.sbt/boot, which @sbt has filled: it is not in the image [in-place-cache]\n"
      .. "help: write @sbt in place of RUN sbt" },
    output = [[
# @sbt update
RUN --mount=type=cache,id=coursier,target=/root/.cache/coursier,sharing=locked \
    --mount=type=cache,id=ivy2,target=/root/.ivy2/cache,sharing=locked \
    --mount=type=cache,id=sbt-boot,target=/root/.sbt/boot,sharing=locked \
    sbt update
RUN sbt stage
]] },
}
