-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "gradle" {
  from = "gradle:8-jdk21",

  -- the command
  { name = "runs the command without a daemon, in the cache of the project", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build -x test",
    output = [[
# @gradle build -x test
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build -x test
]] },
  { name = "copies what belongs to the shell as it is", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = [[@gradle -q build -Pname="a b" && cp build/libs/*.jar /app.jar]],
    output = [[
# @gradle -q build -Pname="a b" && cp build/libs/*.jar /app.jar
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    export GRADLE_OPTS=-Dorg.gradle.daemon=false \
    && gradle -q build -Pname="a b" && cp build/libs/*.jar /app.jar
]] },
  { name = "shares what the wrapper downloads with all projects", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle ./gradlew build",
    output = [[
# @gradle ./gradlew build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    --mount=type=cache,id=gradle-wrapper,target=/home/gradle/.gradle/wrapper,sharing=shared \
    GRADLE_OPTS=-Dorg.gradle.daemon=false ./gradlew build
]] },
  { name = "runs a script, which may use the wrapper", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle <<EOF\n./gradlew build\nEOF",
    output = [[
# @gradle <<EOF
# ./gradlew build
# EOF
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    --mount=type=cache,id=gradle-wrapper,target=/home/gradle/.gradle/wrapper,sharing=shared \
    <<EOF
set -e
export GRADLE_OPTS=-Dorg.gradle.daemon=false
./gradlew build
EOF
]] },
  { name = "adds to the options of an image that it does not know", from = "eclipse-temurin:21", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle --exe=./gradlew build",
    output = [[
# @gradle --exe=./gradlew build
RUN --mount=type=cache,id=gradle-shop,target=/root/.gradle/caches,sharing=locked \
    --mount=type=cache,id=gradle-wrapper,target=/root/.gradle/wrapper,sharing=shared \
    GRADLE_OPTS="${GRADLE_OPTS-} -Dorg.gradle.daemon=false" ./gradlew build
]] },
  { name = "adds to the options of the stage", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "ENV GRADLE_OPTS=-Xmx2g\n@gradle build",
    output = [[
ENV GRADLE_OPTS=-Xmx2g
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS="${GRADLE_OPTS-} -Dorg.gradle.daemon=false" gradle build
]] },
  { name = "leaves the choice of a daemon to the command", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle --no-daemon build",
    output = [[
# @gradle --no-daemon build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    gradle --no-daemon build
]] },
  { name = "leaves it to the stage", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "ENV GRADLE_OPTS=-Dorg.gradle.daemon=true\n@gradle build",
    output = [[
ENV GRADLE_OPTS=-Dorg.gradle.daemon=true
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    gradle build
]] },

  -- the project
  { name = "finds its name in settings.gradle.kts", files = { ["settings.gradle.kts"] = [[
plugins {}
rootProject.name = "web shop"
]] },
    input = "@gradle build",
    output = [[
# @gradle build
RUN --mount=type=cache,id=gradle-web-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "takes the name that is set", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@set dfc.project = other\n@gradle build",
    output = [[
# @gradle build
RUN --mount=type=cache,id=gradle-other,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "takes the id that is given",
    input = "@gradle --id=mine --sharing=private ./gradlew build",
    output = [[
# @gradle --id=mine --sharing=private ./gradlew build
RUN --mount=type=cache,id=mine,target=/home/gradle/.gradle/caches,sharing=private \
    --mount=type=cache,id=mine-wrapper,target=/home/gradle/.gradle/wrapper,sharing=shared \
    GRADLE_OPTS=-Dorg.gradle.daemon=false ./gradlew build
]] },
  { name = "has no cache for a project without a name",
    input = "@gradle build",
    notes = { "1:1: note: the cache mount 'gradle' is left out: it is for one project, and the project's name is not known [unknown-project]\n"
      .. "help: write @set dfc.project = NAME, or give --id=NAME" },
    output = [[
# @gradle build
RUN GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "does not take a name that is computed", files = { ["settings.gradle"] = [[
rootProject.name = "$prefix-shop"
// rootProject.name = 'old'
]] },
    input = "@gradle --exe=./gradlew build",
    notes = { "1:1: note: the cache mount 'gradle' is left out: it is for one project, and the project's name is not known [unknown-project]\n"
      .. "help: write @set dfc.project = NAME, or give --id=NAME" },
    output = [[
# @gradle --exe=./gradlew build
RUN --mount=type=cache,id=gradle-wrapper,target=/home/gradle/.gradle/wrapper,sharing=shared \
    GRADLE_OPTS=-Dorg.gradle.daemon=false ./gradlew build
]] },

  -- where the caches are, and whose
  { name = "follows the user of the image", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "USER gradle\n@gradle ./gradlew build",
    output = [[
USER gradle
RUN mkdir -p /home/gradle/.gradle
# @gradle ./gradlew build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked,uid=1000,gid=1000 \
    --mount=type=cache,id=gradle-wrapper,target=/home/gradle/.gradle/wrapper,sharing=shared,uid=1000,gid=1000 \
    GRADLE_OPTS=-Dorg.gradle.daemon=false ./gradlew build
]] },
  { name = "has root's home in other images", from = "eclipse-temurin:21", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build",
    output = [[
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/root/.gradle/caches,sharing=locked \
    GRADLE_OPTS="${GRADLE_OPTS-} -Dorg.gradle.daemon=false" gradle build
]] },
  { name = "follows GRADLE_USER_HOME", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "ENV GRADLE_USER_HOME=/cache\n@gradle ./gradlew build",
    output = [[
ENV GRADLE_USER_HOME=/cache
# @gradle ./gradlew build
RUN --mount=type=cache,id=gradle-shop,target=/cache/caches,sharing=locked \
    --mount=type=cache,id=gradle-wrapper,target=/cache/wrapper,sharing=shared \
    GRADLE_OPTS=-Dorg.gradle.daemon=false ./gradlew build
]] },
  { name = "moves the whole of it when the home is not known", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "USER 2000\n@gradle ./gradlew build",
    output = [[
USER 2000
# @gradle ./gradlew build
RUN --mount=type=cache,id=gradle-shop,target=/var/cache/dfc/gradle,sharing=locked,uid=2000 \
    GRADLE_OPTS=-Dorg.gradle.daemon=false GRADLE_USER_HOME=/var/cache/dfc/gradle ./gradlew build
]] },
  { name = "is one for all distributions", from = "gradle:8-jdk21-alpine", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build",
    output = [[
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },

  -- mirrors
  { name = "binds a script that changes the address of Maven Central", mirror = "aliyun", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "FROM gradle:8-jdk21\n@gradle build",
    output = [[

FROM scratch AS dfc-gradle-maven.aliyun.com-repository-public
COPY <<'EOF' /mirror.gradle
def mirror = 'https://maven.aliyun.com/repository/public'
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
EOF

FROM gradle:8-jdk21
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    --mount=type=bind,from=dfc-gradle-maven.aliyun.com-repository-public,source=/mirror.gradle,target=/home/gradle/.gradle/init.d/dfc-mirror.gradle \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "lets the user make the script's directory", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "FROM gradle:8-jdk21\nUSER gradle\n@gradle --mirror=https://maven.example/public build",
    output = [[

FROM scratch AS dfc-gradle-maven.example-public
COPY <<'EOF' /mirror.gradle
def mirror = 'https://maven.example/public'
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
EOF

FROM gradle:8-jdk21
USER gradle
RUN mkdir -p /home/gradle/.gradle/init.d
# @gradle --mirror=https://maven.example/public build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked,uid=1000,gid=1000 \
    --mount=type=bind,from=dfc-gradle-maven.example-public,source=/mirror.gradle,target=/home/gradle/.gradle/init.d/dfc-mirror.gradle \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "says where it can't", mirror = "aliyun", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "USER 2000\n@gradle build",
    notes = { "2:1: note: the mirror is left out: where Gradle looks for init scripts is not known\n"
      .. "help: write ENV GRADLE_USER_HOME=/… above" },
    output = [[
USER 2000
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/var/cache/dfc/gradle,sharing=locked,uid=2000 \
    GRADLE_OPTS=-Dorg.gradle.daemon=false GRADLE_USER_HOME=/var/cache/dfc/gradle gradle build
]] },
  { name = "can leave the mirror out once", mirror = "aliyun", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle --mirror=off build",
    output = [[
# @gradle --mirror=off build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },

  -- secrets
  { name = "mounts gradle.properties beside the caches", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle --secret=props publish",
    output = [[
# @gradle --secret=props publish
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    --mount=type=secret,id=props,target=/home/gradle/.gradle/gradle.properties,required=true \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle publish
]] },
  { name = "needs to know where that is", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "USER 2000\n@gradle --secret=props publish",
    errors = { "2:18: error: where Gradle looks for gradle.properties is not known [unknown-home]\n"
      .. "help: write ENV GRADLE_USER_HOME=/… above" } },

  -- other builders
  { name = "is the same for Buildah", builder = "buildah", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build",
    output = [[
# @gradle build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "needs no name where there are no mounts", builder = "legacy",
    input = "@gradle build",
    output = [[
# @gradle build
RUN GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build
]] },
  { name = "takes the mirror's script away again there", mirror = "aliyun", builder = "legacy",
    input = "@gradle build",
    output = [[
# @gradle build
RUN export GRADLE_OPTS=-Dorg.gradle.daemon=false \
    && mkdir -p /home/gradle/.gradle/init.d \
    && trap 'rm -f /home/gradle/.gradle/init.d/dfc-mirror.gradle' EXIT \
    && printf '%s\n' 'def mirror = '\''https://maven.aliyun.com/repository/public'\''' \
        'def central = /https?:\/\/(repo\.maven\.apache\.org|repo1\.maven\.org)\/maven2\/?/' \
        'def redirect = { repositories ->' \
        '    repositories.all { repository ->' \
        '        if (repository.hasProperty('\''url'\'') && repository.url.toString() ==~ central) {' \
        '            repository.url = mirror' \
        '        }' \
        '    }' \
        '}' \
        'settingsEvaluated { settings ->' \
        '    for (place in ['\''pluginManagement'\'', '\''dependencyResolutionManagement'\'']) {' \
        '        if (settings.hasProperty(place)) {' \
        '            redirect(settings[place].repositories)' \
        '        }' \
        '    }' \
        '}' \
        'allprojects {' \
        '    redirect(buildscript.repositories)' \
        '    redirect(repositories)' \
        '}' > /home/gradle/.gradle/init.d/dfc-mirror.gradle \
    && gradle build
]] },

  -- what defeats the cache
  { name = "warns of a cache that may be empty", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle --offline build",
    warnings = { "1:1: warning: '--offline' relies on the cache mount, which may be empty [needs-cache]\n"
      .. "note: builders remove what is in a cache mount, and other builds change it\n"
      .. "help: leave it out: what is in the cache is not fetched again" },
    output = [[
# @gradle --offline build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle --offline build
]] },
  { name = "warns of what fetches everything again", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build --refresh-dependencies",
    warnings = { "1:1: warning: --refresh-dependencies defeats the cache mount [defeats-cache]\n"
      .. "help: leave it out: it fetches again what is in the cache" },
    output = [[
# @gradle build --refresh-dependencies
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle build --refresh-dependencies
]] },
  { name = "warns of another place", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle -g /tmp/g build",
    warnings = { "1:1: warning: --gradle-user-home takes the caches out of the cache mounts [defeats-cache]\n"
      .. "help: leave it out, or write ENV GRADLE_USER_HOME=/… above: the mounts go there" },
    output = [[
# @gradle -g /tmp/g build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle -g /tmp/g build
]] },
  { name = "warns of its removal", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build && rm -rf ~/.gradle/caches",
    warnings = { "1:1: warning: 'rm' of Gradle's caches empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: they are not in the image" },
    output = [[
# @gradle build && rm -rf ~/.gradle/caches
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    export GRADLE_OPTS=-Dorg.gradle.daemon=false \
    && gradle build && rm -rf ~/.gradle/caches
]] },
  { name = "does not warn of the project's own directory", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle build && rm -rf build",
    output = [[
# @gradle build && rm -rf build
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    export GRADLE_OPTS=-Dorg.gradle.daemon=false \
    && gradle build && rm -rf build
]] },
  { name = "tells of a RUN without it", files = { ["settings.gradle"] = "rootProject.name = 'shop'\n" },
    input = "@gradle dependencies\nRUN ./gradlew build",
    notes = { "2:5: note: './gradlew' runs without the cache at /home/gradle/.gradle/caches, which @gradle has filled: it is not in the image [in-place-cache]\n"
      .. "help: write @gradle --exe=./gradlew in place of RUN ./gradlew" },
    output = [[
# @gradle dependencies
RUN --mount=type=cache,id=gradle-shop,target=/home/gradle/.gradle/caches,sharing=locked \
    GRADLE_OPTS=-Dorg.gradle.daemon=false gradle dependencies
RUN ./gradlew build
]] },
}
