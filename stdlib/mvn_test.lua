-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "mvn" {
  from = "maven:3.9-eclipse-temurin-21",

  -- the command
  { name = "runs the command with the repository in a cache",
    input = "@mvn -B package -DskipTests",
    output = [[
# @mvn -B package -DskipTests
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn -B package -DskipTests
]] },
  { name = "copies what belongs to the shell as it is",
    input = [[@mvn -q verify -Dname="a b" && cp target/*.jar /app.jar]],
    output = [[
# @mvn -q verify -Dname="a b" && cp target/*.jar /app.jar
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn -q verify -Dname="a b" && cp target/*.jar /app.jar
]] },
  { name = "runs a script",
    input = "@mvn <<EOF\nmvn -B verify\ncp target/*.jar /\nEOF",
    output = [[
# @mvn <<EOF
# mvn -B verify
# cp target/*.jar /
# EOF
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    <<EOF
set -e
mvn -B verify
cp target/*.jar /
EOF
]] },
  { name = "knows a pasted mvn",
    input = "@mvn mvn -B package",
    output = [[
# @mvn mvn -B package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn -B package
]] },
  { name = "keeps the directory of MAVEN_CONFIG from the arguments of mvnw",
    input = "@mvn --exe=./mvnw -B package",
    output = [[
# @mvn --exe=./mvnw -B package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=cache,id=maven-wrapper,target=/root/.m2/wrapper,sharing=locked \
    MAVEN_CONFIG='' ./mvnw -B package
]] },
  { name = "runs the wrapper that is written, with the distribution it downloads in a cache", from = "eclipse-temurin:21",
    input = "@mvn ./mvnw package",
    output = [[
# @mvn ./mvnw package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=cache,id=maven-wrapper,target=/root/.m2/wrapper,sharing=locked \
    ./mvnw package
]] },
  { name = "sees the wrapper among the commands",
    input = "@mvn -v && cd app && ./mvnw package",
    output = [[
# @mvn -v && cd app && ./mvnw package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=cache,id=maven-wrapper,target=/root/.m2/wrapper,sharing=locked \
    export MAVEN_CONFIG='' \
    && mvn -v && cd app && ./mvnw package
]] },
  { name = "uses the id and the sharing that are given",
    input = "@mvn --id=shop --sharing=private ./mvnw package",
    output = [[
# @mvn --id=shop --sharing=private ./mvnw package
RUN --mount=type=cache,id=shop,target=/root/.m2/repository,sharing=private \
    --mount=type=cache,id=shop-wrapper,target=/root/.m2/wrapper,sharing=private \
    MAVEN_CONFIG='' ./mvnw package
]] },

  -- where the repository is, and whose
  { name = "lets another user make the parent first",
    input = "RUN useradd -m -u 1001 app\nUSER app\n@mvn package",
    output = [[
RUN useradd -m -u 1001 app
USER app
RUN mkdir -p /home/app/.m2
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/home/app/.m2/repository,sharing=locked,uid=1001 \
    mvn package
]] },
  { name = "tells Maven of another place when the home is not known",
    input = "USER 1000\n@mvn package",
    output = [[
USER 1000
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/var/cache/dfc/maven,sharing=locked,uid=1000 \
    MAVEN_OPTS="${MAVEN_OPTS-} -Dmaven.repo.local=/var/cache/dfc/maven" mvn package
]] },
  { name = "adds to the options that are there",
    input = "USER 1000\nENV MAVEN_OPTS=-Xmx1g\n@mvn --env=MAVEN_OPTS=-Xmx2g package",
    output = [[
USER 1000
ENV MAVEN_OPTS=-Xmx1g
# @mvn --env=MAVEN_OPTS=-Xmx2g package
RUN --mount=type=cache,id=maven-repo,target=/var/cache/dfc/maven,sharing=locked,uid=1000 \
    MAVEN_OPTS='-Xmx2g -Dmaven.repo.local=/var/cache/dfc/maven' mvn package
]] },
  { name = "does not believe HOME, which Java does not read",
    input = "USER 1000\nENV HOME=/srv\n@mvn package",
    output = [[
USER 1000
ENV HOME=/srv
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/var/cache/dfc/maven,sharing=locked,uid=1000 \
    MAVEN_OPTS="${MAVEN_OPTS-} -Dmaven.repo.local=/var/cache/dfc/maven" mvn package
]] },
  { name = "is root's home for Java, whatever HOME says",
    input = "ENV HOME=/srv\n@mvn package",
    output = [[
ENV HOME=/srv
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },
  { name = "follows the options of the stage",
    input = [[
ENV MAVEN_OPTS="-Xmx1g -Dmaven.repo.local=/m2"
@mvn package]],
    output = [[
ENV MAVEN_OPTS="-Xmx1g -Dmaven.repo.local=/m2"
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/m2,sharing=locked \
    mvn package
]] },
  { name = "follows MAVEN_ARGS before that",
    input = "ENV MAVEN_ARGS=-Dmaven.repo.local=/a MAVEN_OPTS=-Dmaven.repo.local=/b\n@mvn package",
    output = [[
ENV MAVEN_ARGS=-Dmaven.repo.local=/a MAVEN_OPTS=-Dmaven.repo.local=/b
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/a,sharing=locked \
    mvn package
]] },
  { name = "follows the variable of the wrapper",
    input = "ENV MAVEN_USER_HOME=/w\n@mvn ./mvnw package",
    output = [[
ENV MAVEN_USER_HOME=/w
# @mvn ./mvnw package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=cache,id=maven-wrapper,target=/w/wrapper,sharing=locked \
    MAVEN_CONFIG='' ./mvnw package
]] },
  { name = "has one repository for all distributions", from = "maven:3.9-amazoncorretto-21-alpine",
    input = "@mvn package",
    output = [[
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@mvn package",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\n"
      .. "help: write @mvn --uid=1000 …, or a number in USER" } },

  -- mirrors
  { name = "binds settings beside the repository", mirror = "aliyun",
    input = "FROM maven:3.9-eclipse-temurin-21\n@mvn package\n@mvn verify",
    output = [[

FROM scratch AS dfc-maven-maven.aliyun.com-repository-public
COPY <<'EOF' /settings.xml
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>https://maven.aliyun.com/repository/public</url>
    </mirror>
  </mirrors>
</settings>
EOF

FROM maven:3.9-eclipse-temurin-21
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=bind,from=dfc-maven-maven.aliyun.com-repository-public,source=/settings.xml,target=/root/.m2/settings.xml \
    mvn package
# @mvn verify
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=bind,from=dfc-maven-maven.aliyun.com-repository-public,source=/settings.xml,target=/root/.m2/settings.xml \
    mvn verify
]] },
  { name = "takes a repository by its URL",
    input = "FROM maven:3.9-eclipse-temurin-21\n@mvn --mirror=http://maven.example/public/ package",
    output = [[

FROM scratch AS dfc-maven-maven.example-public
COPY <<'EOF' /settings.xml
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>http://maven.example/public/</url>
    </mirror>
  </mirrors>
</settings>
EOF

FROM maven:3.9-eclipse-temurin-21
# @mvn --mirror=http://maven.example/public/ package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=bind,from=dfc-maven-maven.example-public,source=/settings.xml,target=/root/.m2/settings.xml \
    mvn package
]] },
  { name = "binds them for a script that it can give no environment", mirror = "huawei",
    input = "FROM maven:3.9-eclipse-temurin-21\n@mvn <<EOF\n#!/bin/bash\nmvn package\nEOF",
    output = [[

FROM scratch AS dfc-maven-repo.huaweicloud.com-repository-maven
COPY <<'EOF' /settings.xml
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>https://repo.huaweicloud.com/repository/maven</url>
    </mirror>
  </mirrors>
</settings>
EOF

FROM maven:3.9-eclipse-temurin-21
# @mvn <<EOF
# #!/bin/bash
# mvn package
# EOF
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=bind,from=dfc-maven-repo.huaweicloud.com-repository-maven,source=/settings.xml,target=/root/.m2/settings.xml \
    <<EOF
#!/bin/bash
mvn package
EOF
]] },
  { name = "tells Maven of them when the home is not known", mirror = "aliyun",
    input = "FROM maven:3.9-eclipse-temurin-21\nUSER 1000\n@mvn package",
    output = [[

FROM scratch AS dfc-maven-maven.aliyun.com-repository-public
COPY <<'EOF' /settings.xml
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>https://maven.aliyun.com/repository/public</url>
    </mirror>
  </mirrors>
</settings>
EOF

FROM maven:3.9-eclipse-temurin-21
USER 1000
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/var/cache/dfc/maven,sharing=locked,uid=1000 \
    --mount=type=bind,from=dfc-maven-maven.aliyun.com-repository-public,source=/settings.xml,target=/var/cache/dfc/settings.xml \
    MAVEN_ARGS="${MAVEN_ARGS-} -s /var/cache/dfc/settings.xml" MAVEN_OPTS="${MAVEN_OPTS-} -Dmaven.repo.local=/var/cache/dfc/maven" mvn package
]] },
  { name = "leaves settings alone that were copied", mirror = "aliyun", files = { ["ci/settings.xml"] = "<settings/>" },
    input = "FROM maven:3.9-eclipse-temurin-21 AS base\nCOPY ci/settings.xml /root/.m2/\nFROM base\n@mvn package",
    output = [[
FROM maven:3.9-eclipse-temurin-21 AS base
COPY ci/settings.xml /root/.m2/
FROM base
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },
  { name = "leaves settings alone that were written", mirror = "aliyun",
    input = "RUN echo '<settings/>' > ~/.m2/settings.xml\n@mvn package",
    output = [[
RUN echo '<settings/>' > ~/.m2/settings.xml
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },
  { name = "can leave the mirror out once", mirror = "aliyun",
    input = "@mvn --mirror=off package",
    output = [[
# @mvn --mirror=off package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },
  { name = "does without a mirror that has no repository", mirror = "tuna",
    input = "@mvn package",
    output = [[
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },

  -- secrets
  { name = "mounts settings.xml beside the repository",
    input = "@mvn --secret=settings deploy",
    output = [[
# @mvn --secret=settings deploy
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=secret,id=settings,target=/root/.m2/settings.xml,required=true \
    mvn deploy
]] },
  { name = "makes them readable for another user",
    input = "RUN useradd -m -u 1001 app\nUSER app\n@mvn --secret=settings deploy",
    output = [[
RUN useradd -m -u 1001 app
USER app
RUN mkdir -p /home/app/.m2
# @mvn --secret=settings deploy
RUN --mount=type=cache,id=maven-repo,target=/home/app/.m2/repository,sharing=locked,uid=1001 \
    --mount=type=secret,id=settings,target=/home/app/.m2/settings.xml,required=true,uid=1001 \
    mvn deploy
]] },
  { name = "names them where the home is not known",
    input = "USER 1000\n@mvn --secret=settings deploy",
    output = [[
USER 1000
# @mvn --secret=settings deploy
RUN --mount=type=cache,id=maven-repo,target=/var/cache/dfc/maven,sharing=locked,uid=1000 \
    --mount=type=secret,id=settings,target=/run/secrets/settings,required=true,uid=1000 \
    MAVEN_ARGS="${MAVEN_ARGS-} -s /run/secrets/settings" MAVEN_OPTS="${MAVEN_OPTS-} -Dmaven.repo.local=/var/cache/dfc/maven" mvn deploy
]] },
  { name = "says that the mirror is in them, or nowhere", mirror = "aliyun",
    input = "@mvn --secret=settings package",
    notes = { "1:1: note: the mirror is left out: the settings of --secret say where artifacts come from\n"
      .. "help: name the mirror in that settings.xml" },
    output = [[
# @mvn --secret=settings package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=secret,id=settings,target=/root/.m2/settings.xml,required=true \
    mvn package
]] },

  -- other builders, and without a trace
  { name = "is the same for Buildah", builder = "buildah",
    input = "@mvn package",
    output = [[
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package
]] },
  { name = "leaves the repository in the layer where there are no mounts: later steps need it", builder = "legacy",
    input = "@mvn package\nRUN mvn -o test",
    output = [[
# @mvn package
RUN mvn package
RUN mvn -o test
]] },
  { name = "writes the mirror to a temporary file where there are no mounts", mirror = "aliyun", builder = "legacy",
    input = "@mvn package; echo $?",
    output = [[
# @mvn package; echo $?
RUN dfc=$(mktemp) \
    && trap 'rm -f "$dfc"' EXIT \
    && printf '%s\n' '<settings>' \
        '  <mirrors>' \
        '    <mirror>' \
        '      <id>central</id>' \
        '      <mirrorOf>central</mirrorOf>' \
        '      <url>https://maven.aliyun.com/repository/public</url>' \
        '    </mirror>' \
        '  </mirrors>' \
        '</settings>' > "$dfc" \
    && export MAVEN_ARGS="${MAVEN_ARGS-} -s $dfc" \
    && mvn package; echo $?
]] },
  { name = "can mount no secret there", builder = "legacy",
    input = "@mvn --secret=settings package",
    errors = { "1:1: error: the builder legacy can't mount a secret, as @mvn asks [builder]\n"
      .. "help: a secret in a layer is no secret: use BuildKit" } },
  { name = "changes nothing of the image's configuration anyway", mirror = "aliyun", footprint = "none",
    input = "FROM maven:3.9-eclipse-temurin-21\n@mvn package",
    output = [[

FROM scratch AS dfc-maven-maven.aliyun.com-repository-public
COPY <<'EOF' /settings.xml
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>https://maven.aliyun.com/repository/public</url>
    </mirror>
  </mirrors>
</settings>
EOF

FROM maven:3.9-eclipse-temurin-21
# @mvn package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    --mount=type=bind,from=dfc-maven-maven.aliyun.com-repository-public,source=/settings.xml,target=/root/.m2/settings.xml \
    mvn package
]] },

  -- what defeats the cache
  { name = "warns of a repository that may be empty",
    input = "@mvn -B -o package",
    warnings = { "1:1: warning: '-o' relies on the cache mount, which may be empty [needs-cache]\n"
      .. "note: builders remove what is in a cache mount, and other builds change it\n"
      .. "help: leave it out: what is in the cache is not fetched again" },
    output = [[
# @mvn -B -o package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn -B -o package
]] },
  { name = "does not warn when it has just been filled",
    input = "@mvn dependency:go-offline && mvn --offline package",
    output = [[
# @mvn dependency:go-offline && mvn --offline package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn dependency:go-offline && mvn --offline package
]] },
  { name = "warns of another repository",
    input = "@mvn -Dmaven.repo.local=.m2 package",
    warnings = { "1:1: warning: -Dmaven.repo.local takes the repository out of the cache mount [defeats-cache]\n"
      .. "help: leave it out, or write ENV MAVEN_OPTS=-Dmaven.repo.local=… above: the mount goes there" },
    output = [[
# @mvn -Dmaven.repo.local=.m2 package
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn -Dmaven.repo.local=.m2 package
]] },
  { name = "warns of its removal",
    input = "@mvn package && rm -rf ~/.m2/repository",
    warnings = { "1:1: warning: 'rm' of ~/.m2 empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: the repository is not in the image" },
    output = [[
# @mvn package && rm -rf ~/.m2/repository
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn package && rm -rf ~/.m2/repository
]] },
  { name = "warns of its purge",
    input = "@mvn dependency:purge-local-repository",
    warnings = { "1:1: warning: dependency:purge-local-repository empties the cache mount [defeats-cache]\n"
      .. "help: leave it out: the repository is not in the image" },
    output = [[
# @mvn dependency:purge-local-repository
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn dependency:purge-local-repository
]] },
  { name = "tells of a RUN without it",
    input = "@mvn dependency:go-offline\nCOPY . .\nRUN mvn package\nRUN mvn --version",
    notes = { "3:5: note: 'mvn' runs without the cache at /root/.m2/repository, which @mvn has filled: it is not in the image [in-place-cache]\n"
      .. "help: write @mvn in place of RUN mvn" },
    output = [[
# @mvn dependency:go-offline
RUN --mount=type=cache,id=maven-repo,target=/root/.m2/repository,sharing=locked \
    mvn dependency:go-offline
COPY . .
RUN mvn package
RUN mvn --version
]] },
}
