-- @jdk: the JDK that the platform team builds and patches, from the company's own store.
local dfc = require "dfc.v1"

local STORE = "https://artifacts.corp.example/jdk"

-- sha256 of jdk-VERSION-linux-ARCHITECTURE.tar.gz. A new release is an entry here, nothing else.
local RELEASES = {
  ["17.0.13"] = {
    amd64 = "5ec4b14931dc1d325ab1916241f7b5c26c4cd637ddcf90cbacbf657acff51bdf",
    arm64 = "deb504c2c4d975ba2d47482492c42221008379b3677828e53c9b5275c78a1bf6",
  },
  ["21.0.5"] = {
    amd64 = "65da53e895b30994fbb6125c4ad8ff2e7495afd3ccc2b779c4c09feb09679dcd",
    arm64 = "3eb7fc18a2eea864a8519a20bfba1e725d462c1dc1c26fe763a283f65578de32",
  },
}

local function keys(map)
  local list = {}
  for key in pairs(map) do list[#list + 1] = key end
  return list
end

-- A stage an architecture, since each has a checksum of its own, and one that is the right of them.
-- BuildKit loads only what the platform at hand needs, at the same time as other stages are built.
local function download(ctx, version)
  local name = "jdk-" .. version
  for architecture, checksum in pairs(RELEASES[version]) do
    ctx:stage(name .. "-" .. architecture, "scratch", {
      dfc.add {
        src = ("%s/jdk-%s-linux-%s.tar.gz"):format(STORE, version, architecture),
        dest = "/jdk.tar.gz",
        checksum = "sha256:" .. checksum,
      },
    })
  end
  return ctx:stage(name, name .. "-$TARGETARCH", {})
end

dfc.directive "jdk" {
  summary = "Install the company's JDK and set JAVA_HOME",
  examples = { "@jdk 21.0.5", "@jdk 17.0.13 --to=/usr/lib/jvm/17" },
  needs = { user = "root" },
  args = {
    { "version", type = "enum", values = keys(RELEASES), min = 1, doc = "an approved release" },
    { "--to", default = "/opt/jdk", doc = "directory to install it to" },
  },
  expand = function(ctx, a)
    if ctx.base.libc == "musl" then
      return ctx:error("the company's JDK is linked with glibc, which " .. ctx.base.image
        .. " does not have", { help = "take registry.corp.example/base/debian" })
    end
    if not a.to:starts "/" then
      return ctx:error("--to must be an absolute path, found '" .. a.to .. "'", { at = "to" })
    end
    return {
      dfc.run {
        mounts = { dfc.bind { from = download(ctx, a.version), source = "/jdk.tar.gz",
                              target = "/tmp/jdk.tar.gz" } },
        cmds = { dfc.argv("mkdir", "-p", a.to),
                 dfc.argv("tar", "-xzf", "/tmp/jdk.tar.gz", "-C", a.to, "--strip-components=1") },
      },
      dfc.env { JAVA_HOME = a.to, PATH = a.to .. "/bin:$PATH" },
    }
  end,
}

-- The JDK of a distribution in a RUN of one's own. There is no fix: which release is meant, and
-- where it is expected, dfc can't know.
dfc.rewrite "no-distro-jdk" {
  summary = "The platform team does not patch the distributions' JDKs",
  match = [[^(?:apt|apt-get|apk|dnf|microdnf|yum) .*?\b]]
    .. [[(?<package>openjdk-?\d\S*|default-j(?:dk|re)\S*|java-\d\S*-openjdk\S*)]],
  check = function(ctx, _, m)
    ctx:report {
      at = m.span "package", level = "error",
      message = "'" .. m.package .. "' is not patched by the platform team",
      help = "write @jdk 21.0.5, on a line of its own",
    }
  end,
}
