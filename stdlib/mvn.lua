-- @mvn: Maven with its local repository in a cache mount.
--
-- Maven 3 locks the repository inside one process only (apache/maven-resolver, rwlock-local; files
-- are locked since resolver 2, Maven 4), so the mount is locked. It is ~/.m2/repository, not
-- ~/.m2: that holds settings.xml, and a file mounted inside a cache mount leaves an empty one there
-- for later builds. Artifacts are the same for every architecture; what a build installs there
-- (mvn install, SNAPSHOTs) is seen by other projects, as on a developer's machine.
local dfc = require "dfc.v1"
local common = require "common"

-- MavenCli reads maven.repo.local from the JVM's properties when no argument has it, in every
-- version; MAVEN_ARGS only since 3.9 (MNG-7038), and never by a wrapper that starts Maven itself.
dfc.cachedef "maven" {
  target = function(ctx)
    local moved = common.option_in(ctx.env.MAVEN_ARGS, "-Dmaven.repo.local=")
      or common.option_in(ctx.env.MAVEN_OPTS, "-Dmaven.repo.local=")
    local home = common.java_home(ctx)
    return moved or home and home .. "/.m2/repository"
  end,
  env = "MAVEN_OPTS", option = "-Dmaven.repo.local=",
  id = "maven-repo", sharing = "locked", copies_out = false,
}

-- What mvnw downloads (apache/maven-wrapper, bin/mvnw: ${MAVEN_USER_HOME:-${HOME}/.m2}/wrapper).
dfc.cachedef "maven-wrapper" {
  target = function(ctx) return ctx.user.home and ctx.user.home .. "/.m2/wrapper" end,
  env = "MAVEN_USER_HOME", below = "wrapper", sharing = "locked", copies_out = false, beside = true,
}

-- The id of the mirror is the one of the repository in whose place it is: Maven notes beside each
-- artifact from which id it came, and would not take it for another (tested with 3.8.7). `central`
-- and not `*`: a company's own repositories are not on the mirror.
local SETTINGS = [[
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>%s</url>
    </mirror>
  </mirrors>
</settings>
]]

-- Settings go where every Maven looks, ~/.m2/settings.xml, beside the cache, unless the stage has
-- put its own there; without a known home Maven is told of them, which works since 3.9. Gives the
-- mount, the arguments, and commands that come before.
local function settings(ctx, a)
  local home = common.java_home(ctx)
  local place = home and home .. "/.m2/settings.xml"
  local mirror = ctx:mirror "maven"
  if a.secret then
    if mirror then
      ctx:note("the mirror is left out: the settings of --secret say where artifacts come from",
        { help = "name the mirror in that settings.xml" })
    end
    local secret = ctx:secret(a.secret, place)
    return secret, not place and "-s " .. secret.target or nil, {}
  end
  local has_own = place and ctx:copied(place) or common.was_run(ctx, [[settings\.xml]])
  if not mirror or has_own then return nil, nil, {} end
  local text = SETTINGS:format(mirror)
  if ctx.builder == "legacy" then
    return nil, nil, common.temporary_file(text, 'MAVEN_ARGS="${MAVEN_ARGS-} -s $dfc"')
  end
  local target = place or "/var/cache/dfc/settings.xml"
  return common.bound_file(ctx, "maven", "settings.xml", mirror, target, text),
    not place and "-s " .. target or nil, {}
end

local MAVEN, WRAPPER = common.program "mvnw?", common.program "mvnw"

local function warn(ctx, a)
  common.warn_offline(ctx, a, MAVEN, [[\s(-o|--offline)(?=\s|$)]],
    "leave it out: what is in the cache is not fetched again")
  common.warn_if(ctx, a, [[\bdependency:(?:[\d.]+:)?purge-local-repository\b]],
    "dependency:purge-local-repository empties the cache mount",
    "leave it out: the repository is not in the image")
  common.warn_if(ctx, a, [[^rm\s.*/\.m2\b]], "'rm' of ~/.m2 empties the cache mount",
    "leave it out: the repository is not in the image")
  common.warn_if(ctx, a, [[\s-Dmaven\.repo\.local=]],
    "-Dmaven.repo.local takes the repository out of the cache mount",
    "leave it out, or write ENV MAVEN_OPTS=-Dmaven.repo.local=… above: the mount goes there")
end

dfc.directive "mvn" {
  summary = "Run Maven with its local repository in a cache mount",
  examples_from = "maven:3.9-eclipse-temurin-21",
  examples = { "@mvn -B package -DskipTests", "@mvn --exe=./mvnw verify",
               "@mvn --secret=settings deploy" },
  family = "command",
  caches = { "maven", "maven-wrapper" },
  tools = { "mvn", "./mvnw", "mvnw" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "maven", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a settings.xml" },
  expand = function(ctx, a)
    warn(ctx, a)
    local wrapped = (a.exe or ""):ends "mvnw" or common.has_command(a, WRAPPER)
    local file, arguments, before = settings(ctx, a)
    local env = { MAVEN_ARGS = arguments and "${MAVEN_ARGS-} " .. arguments }
    -- The image maven names a directory in MAVEN_CONFIG for its entrypoint; mvnw hands the variable
    -- on to Maven as arguments (takari/maven-wrapper#128, carlossg/docker-maven#301).
    if wrapped and (ctx.env.MAVEN_CONFIG or ""):starts "/" then env.MAVEN_CONFIG = "" end
    before[#before + 1] = a.command
    return dfc.run {
      mounts = common.list(3, ctx:cache("maven", { id = a.id, sharing = a.sharing }),
        wrapped and ctx:cache("maven-wrapper",
          { id = a.id and a.id .. "-wrapper", sharing = a.sharing }), file),
      env = env,
      cmds = before,
      script = a.script,
    }
  end,
}
