local dfc = require "dfc.v1"

dfc.directive "publish" {
  summary = "Publish to the registry of the company",
  examples = { "@publish" },
  expand = function()
    return {
      dfc.run {
        mounts = { dfc.ssh(), dfc.tmpfs { target = "/tmp", size = "64m" } },
        secrets = { npm_token = "NPM_TOKEN", ["aws-key"] = "AWS_SECRET_ACCESS_KEY" },
        cmds = { "npm publish" },
      },
      dfc.run {
        secrets = {
          dfc.secret { id = "netrc", target = "/root/.netrc", mode = "0400", required = true },
        },
        network = "host",
        cmds = { dfc.argv("curl", "--netrc", "https://host.example/publish") },
      },
    }
  end,
}
