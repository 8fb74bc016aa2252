local dfc = require "dfc.v1"

local SUM = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

dfc.directive "fetch" {
  summary = "Fetch files in the ways that ADD has",
  examples = { "@fetch" },
  expand = function()
    return {
      dfc.add { src = "https://host.example/x.tar.gz", dest = "/x.tar.gz", checksum = SUM },
      dfc.add { src = "data.tar", dest = "/data/", unpack = false },
      dfc.add { src = "https://host.example/$VERSION/y.tar", dest = "/y/", unpack = true,
                chown = "0:0", chmod = 644, link = true, exclude = "*.md" },
      dfc.add { src = "https://host.example/repo.git#v1.2", dest = "/src", keep_git_dir = true,
                checksum = "0123456789abcdef0123456789abcdef01234567" },
      dfc.add { src = "git@host.example:team/repo.git", dest = "/src2" },
      dfc.add { src = { "a", "b" }, dest = "/c/" },
    }
  end,
}
