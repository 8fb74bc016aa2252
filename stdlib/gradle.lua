-- @gradle: Gradle with what it downloads and computes in cache mounts.
--
-- Of GRADLE_USER_HOME (docs.gradle.org, userguide/directory_layout) two directories are mounted:
-- caches/ and wrapper/. Not the whole: gradle.properties and init.d are configuration, and a file
-- mounted inside a cache mount leaves an empty one there; daemon/ holds addresses of processes that
-- are gone. Gradle locks caches/ by messages to the owner of the lock, over the loopback device,
-- which another RUN has not in common (argoproj/argo-workflows#16871): so it is locked, and one a
-- project, or every build would wait for every other. What is in it is kept apart by the versions
-- of Gradle and of the JDK. The wrapper has a lock of the file system beside each distribution
-- (gradle/gradle, ExclusiveFileAccessManager): it is shared, by all projects.
local dfc = require "dfc.v1"
local common = require "common"

-- In the image gradle root's ~/.gradle is a link to that of the user gradle (gradle/docker-gradle,
-- every Dockerfile).
local function user_home(ctx)
  local moved = ctx.env.GRADLE_USER_HOME
  if moved and moved:starts "/" then return moved end
  if ctx.user.root and ctx.base.repo == "gradle" then return "/home/gradle/.gradle" end
  local home = common.java_home(ctx)
  return home and home .. "/.gradle"
end

local NAME = [[(?m)^\s*rootProject\.name\s*=\s*["']([^"'$]+)["']\s*;?\s*$]]

local function project_name(ctx)
  for _, file in ipairs { "settings.gradle", "settings.gradle.kts" } do
    local text = ctx:file(file)
    local m = text and re.match(NAME, text)
    if m then return m[1] end
  end
end

dfc.cachedef "gradle" {
  target = function(ctx)
    local home = user_home(ctx)
    return home and home .. "/caches"
  end,
  env = "GRADLE_USER_HOME", below = "caches", project = project_name,
  sharing = "locked", copies_out = false, beside = true,
}

dfc.cachedef "gradle-wrapper" {
  target = function(ctx)
    local home = user_home(ctx)
    return home and home .. "/wrapper"
  end,
  env = "GRADLE_USER_HOME", below = "wrapper",
  sharing = "shared", copies_out = false, beside = true,
}

-- The URL of a repository is changed wherever one is declared; none is added, which a build may
-- forbid (FAIL_ON_PROJECT_REPOS, gradle/gradle#15772). The plugin portal stays: it sends to Maven
-- Central for what it does not have itself. Run with Gradle 4.4.1; dependencyResolutionManagement
-- came with 6.8.
local INIT = [[
def mirror = '%s'
def central = /https?:\/\/(repo\.maven\.apache\.org|repo1\.maven\.org)\/maven2\/?/
def redirect = { repositories ->
    repositories.all { repository ->
        if (repository.hasProperty('url') && repository.url.toString() ==~ central) {
            repository.url = mirror
        }
    }
}
settingsEvaluated { settings ->
    for (place in ['pluginManagement', 'dependencyResolutionManagement']) {
        if (settings.hasProperty(place)) {
            redirect(settings[place].repositories)
        }
    }
}
allprojects {
    redirect(buildscript.repositories)
    redirect(repositories)
}
]]

-- Gives the mount of the script, and commands that come before.
local function use_mirror(ctx)
  local mirror = ctx:mirror "maven"
  if not mirror then return nil, {} end
  local home = user_home(ctx)
  if not home then
    ctx:note("the mirror is left out: where Gradle looks for init scripts is not known", {
      help = "write ENV GRADLE_USER_HOME=/… above" })
    return nil, {}
  end
  local text, directory = INIT:format(mirror), home .. "/init.d"
  local file = directory .. "/dfc-mirror.gradle"
  if ctx.builder == "legacy" then
    return nil, { "mkdir -p " .. directory, "trap 'rm -f " .. file .. "' EXIT",
      common.write(text, file) }
  end
  return common.bound_file(ctx, "gradle", "mirror.gradle", mirror, file, text), {}
end

-- The daemon dies with the RUN, and may leave a cache half written. A property in GRADLE_OPTS wins
-- over gradle.properties (tried with 4.4.1).
local function options(ctx, a)
  local own = ctx.env.GRADLE_OPTS or ""
  if own:find("-Dorg.gradle.daemon=", 1, true)
    or common.has_command(a, [[\s(?:--(?:no-)?daemon|-Dorg\.gradle\.daemon=)]]) then return nil end
  local option = "-Dorg.gradle.daemon=false"
  local is_unset = own == "" and ctx.base.repo == "gradle" -- the image does not set it
  return is_unset and option or "${GRADLE_OPTS-} " .. option
end

local GRADLE, WRAPPER = common.program "gradlew?", common.program "gradlew"

local function warn(ctx, a)
  common.warn_offline(ctx, a, GRADLE, [[\s(--offline)(?=\s|$)]],
    "leave it out: what is in the cache is not fetched again")
  common.warn_if(ctx, a, GRADLE .. [[.*\s--refresh-dependencies\b]],
    "--refresh-dependencies defeats the cache mount",
    "leave it out: it fetches again what is in the cache")
  common.warn_if(ctx, a, GRADLE .. [[.*\s(?:-g|--gradle-user-home)(?:[\s=]|$)]],
    "--gradle-user-home takes the caches out of the cache mounts",
    "leave it out, or write ENV GRADLE_USER_HOME=/… above: the mounts go there")
  common.warn_if(ctx, a, [[^rm\s.*/\.gradle(?:/caches|/wrapper)?/?(?=\s|$)]],
    "'rm' of Gradle's caches empties the cache mount", "leave it out: they are not in the image")
end

dfc.directive "gradle" {
  summary = "Run Gradle with its caches in a cache mount of the project, without a daemon",
  examples_from = "gradle:8-jdk21",
  examples = { "@gradle --id=shop build -x test", "@gradle --id=shop --exe=./gradlew bootJar" },
  family = "command",
  caches = { "gradle", "gradle-wrapper" },
  tools = { "gradle", "./gradlew", "gradlew" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "maven", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "a gradle.properties" },
  expand = function(ctx, a)
    warn(ctx, a)
    local home = user_home(ctx)
    if a.secret and not home then
      return ctx:error("where Gradle looks for gradle.properties is not known",
        { at = "secret", code = "unknown-home", help = "write ENV GRADLE_USER_HOME=/… above" })
    end
    -- Without a known home all of it is in the one mount, which GRADLE_USER_HOME names then.
    local wrapped = home and (a.script or (a.exe or ""):ends "gradlew"
      or common.has_command(a, WRAPPER))
    local script, cmds = use_mirror(ctx)
    cmds[#cmds + 1] = a.command
    return dfc.run {
      mounts = common.list(4, ctx:cache("gradle", { id = a.id, sharing = a.sharing }),
        wrapped and ctx:cache("gradle-wrapper", { id = a.id and a.id .. "-wrapper" }),
        script, a.secret and ctx:secret(a.secret, home .. "/gradle.properties")),
      env = { GRADLE_OPTS = options(ctx, a) },
      cmds = cmds,
      script = a.script,
    }
  end,
}
