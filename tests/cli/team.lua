-- Rules of a team, for test_rules.sh and test_explain.sh.
local dfc = require "dfc.v1"

dfc.cachedef "jdk" {
  target = function(ctx) return ctx.user.home and ctx.user.home .. "/.jdk" end,
  env = "JDK_CACHE", sharing = "locked", libc = true, arch = true, copies_out = true,
}

dfc.directive "jdk" {
  summary = "Install the JDK of the company",
  examples = { "@jdk 21", "@jdk --to=/opt/java 17" },
  caches = { "jdk" },
  needs = { user = "root" },
  args = {
    { "release", type = "enum", values = { "17", "21" }, min = 1, doc = "release of the JDK" },
    { "--to", short = "-t", type = "path", default = "/opt/jdk", doc = "where it goes" },
    { "--flag", type = "passthrough", values = { "--quiet", "--mode=" }, doc = "option of getjdk" },
    dfc.opt.id(),
  },
  expand = function(ctx, a)
    return dfc.run {
      mounts = { ctx:cache("jdk", { id = a.id }) },
      cmds = { dfc.argv("getjdk", a.flag, a.release, a.to) },
    }
  end,
}

dfc.rewrite "no-distro-jdk" {
  summary = "JDKs of distributions are not looked after",
  match = [[\bopenjdk-\d+]], needs = { family = "debian" },
  check = function(ctx, _, m) ctx:report { at = m, message = "use @jdk" } end,
}

dfc.mirror "corp" {
  summary = "the company's own", base = "https://mirror.example/", http = true,
  debian = "deb", pypi = "https://pypi.example/simple",
  goproxy = { "https://go.example", "https://go2.example" },
  rustup = { dist = "rust", update_root = "rust/rustup" },
}

dfc.image "corp/python" { distro = "debian", release = "bookworm" }
