local dfc = require "dfc.v1"

dfc.test "jdk" {
  from = "registry.corp.example/base/debian:12",
  -- What stands before the FROM line of the case is part of its output.
  { name = "loads the archive in stages of its own", input = "@jdk 21.0.5", output = [[

FROM scratch AS jdk-21.0.5-amd64
ADD --checksum=sha256:65da53e895b30994fbb6125c4ad8ff2e7495afd3ccc2b779c4c09feb09679dcd https://artifacts.corp.example/jdk/jdk-21.0.5-linux-amd64.tar.gz /jdk.tar.gz

FROM scratch AS jdk-21.0.5-arm64
ADD --checksum=sha256:3eb7fc18a2eea864a8519a20bfba1e725d462c1dc1c26fe763a283f65578de32 https://artifacts.corp.example/jdk/jdk-21.0.5-linux-arm64.tar.gz /jdk.tar.gz

FROM jdk-21.0.5-$TARGETARCH AS jdk-21.0.5

FROM registry.corp.example/base/debian:12
# @jdk 21.0.5
RUN --mount=type=bind,from=jdk-21.0.5,source=/jdk.tar.gz,target=/tmp/jdk.tar.gz \
    mkdir -p /opt/jdk \
    && tar -xzf /tmp/jdk.tar.gz -C /opt/jdk --strip-components=1
ENV JAVA_HOME=/opt/jdk \
    PATH="/opt/jdk/bin:$PATH"
]] },
  { name = "installs where --to says", input = "@jdk 17.0.13 --to=/usr/lib/jvm/17", output = [[

FROM scratch AS jdk-17.0.13-amd64
ADD --checksum=sha256:5ec4b14931dc1d325ab1916241f7b5c26c4cd637ddcf90cbacbf657acff51bdf https://artifacts.corp.example/jdk/jdk-17.0.13-linux-amd64.tar.gz /jdk.tar.gz

FROM scratch AS jdk-17.0.13-arm64
ADD --checksum=sha256:deb504c2c4d975ba2d47482492c42221008379b3677828e53c9b5275c78a1bf6 https://artifacts.corp.example/jdk/jdk-17.0.13-linux-arm64.tar.gz /jdk.tar.gz

FROM jdk-17.0.13-$TARGETARCH AS jdk-17.0.13

FROM registry.corp.example/base/debian:12
# @jdk 17.0.13 --to=/usr/lib/jvm/17
RUN --mount=type=bind,from=jdk-17.0.13,source=/jdk.tar.gz,target=/tmp/jdk.tar.gz \
    mkdir -p /usr/lib/jvm/17 \
    && tar -xzf /tmp/jdk.tar.gz -C /usr/lib/jvm/17 --strip-components=1
ENV JAVA_HOME=/usr/lib/jvm/17 \
    PATH="/usr/lib/jvm/17/bin:$PATH"
]] },
  { name = "lists the releases", input = "@jdk 21",
    errors = { "1:6: error: version must be one of 17.0.13, 21.0.5, found '21' [bad-value]" } },
  { name = "needs a release", input = "@jdk",
    errors = { "1:1: error: @jdk needs a version [missing-argument]" } },
  { name = "needs glibc", from = "alpine:3.20", input = "@jdk 21.0.5", errors = {
    "1:1: error: the company's JDK is linked with glibc, which alpine:3.20 does not have\n"
      .. "help: take registry.corp.example/base/debian" } },
  { name = "needs root", input = "USER app\n@jdk 21.0.5", errors = {
    "2:1: error: @jdk needs root, the user here is 'app' [needs-root]" } },
  { name = "takes no relative directory", input = "@jdk 21.0.5 --to=jdk",
    errors = { "1:18: error: --to must be an absolute path, found 'jdk'" } },
}

dfc.test "no-distro-jdk" {
  from = "debian:12",
  { name = "finds it among others",
    input = "RUN apt-get update && apt-get install -y curl openjdk-17-jdk-headless",
    errors = { "1:47: error: 'openjdk-17-jdk-headless' is not patched by the platform team\n"
      .. "help: write @jdk 21.0.5, on a line of its own" } },
  { name = "knows other names for it",
    input = "RUN apt-get install -y default-jre\nRUN microdnf install java-21-openjdk-devel",
    errors = { "1:24: error: 'default-jre' is not patched by the platform team",
               "2:22: error: 'java-21-openjdk-devel' is not patched by the platform team" } },
  { name = "looks at commands, not at text", output = "same",
    input = 'RUN echo "apt-get install openjdk-17-jdk"' },
}
