-- The company JDK, pinned, from its own store.
local dfc = require "dfc.v1"

local STORE = "https://artifacts.corp.example/jdk"
local JDKS = {
  ["17.0.13"] = { amd64 = ("4a"):rep(32), arm64 = ("9c"):rep(32) },
  ["21.0.5"] = { amd64 = ("7e"):rep(32), arm64 = ("1b"):rep(32) },
}

dfc.directive "jdk" {
  summary = "Install the company JDK and set JAVA_HOME",
  examples = { "@jdk 21.0.5", "@jdk 17.0.13 --to=/usr/lib/jvm/17" },
  args = {
    { "version", type = "enum", values = dfc.keys(JDKS), min = 1, doc = "release of the JDK" },
    { "--to", type = "path", default = "/opt/jdk", doc = "directory to install into" },
  },
  expand = function(ctx, a)
    local name = "jdk-" .. a.version
    for arch, sum in pairs(JDKS[a.version]) do
      ctx:stage(name .. "-" .. arch, "scratch", {
        dfc.add { checksum = "sha256:" .. sum, dest = "/jdk.tar.gz",
                  src = ("%s/jdk-%s-linux-%s.tar.gz"):format(STORE, a.version, arch) },
      })
    end
    local download = ctx:stage(name, name .. "-$TARGETARCH")
    return {
      dfc.run {
        mounts = {
          dfc.bind { from = download, source = "/jdk.tar.gz", target = "/tmp/jdk.tar.gz" },
        },
        cmds = { dfc.argv("mkdir", "-p", a.to),
                 dfc.argv("tar", "-xzf", "/tmp/jdk.tar.gz", "-C", a.to, "--strip-components=1") },
      },
      dfc.env { JAVA_HOME = a.to, PATH = a.to .. "/bin:$PATH" },
    }
  end,
}

dfc.directive "tool" {
  summary = "Build a tool of the team in a stage of its own",
  examples = { "@tool" },
  expand = function(ctx)
    local built = ctx:stage("Team/Tool", "golang:1.23", {
      dfc.env { CGO_ENABLED = "0" },
      dfc.run {
        mounts = { dfc.cache { target = "/root/.cache/go-build", id = "tool-${TARGETARCH}" } },
        cmds = { "go install corp.example/tool@v1 # for $TARGETOS/$TARGETARCH" },
      },
    })
    return dfc.copy { from = built, src = "/go/bin/tool", dest = "/usr/local/bin/" }
  end,
}
