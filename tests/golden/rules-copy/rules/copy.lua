local dfc = require "dfc.v1"

dfc.directive "app" {
  summary = "Copy the application in the ways that COPY has",
  examples = { "@app" },
  expand = function()
    return {
      dfc.copy { src = "app.py", dest = "/app/" },
      dfc.copy { src = { "a", "b", "c" }, dest = "/app/", chown = "app:app", chmod = "755" },
      dfc.copy { from = "build", src = "/out/app", dest = "/usr/bin/app", link = true },
      dfc.copy { src = "docs/**/*.md", dest = "/docs/", parents = true,
                 exclude = { "draft-*.md", "*.tmp" } },
      dfc.copy { src = "$DIR/x", dest = "/app/${NAME}" },
      dfc.copy { src = "with blank.txt", dest = "/app/" },
      dfc.copy { src = "#notes", dest = "/app/" },
      dfc.copy { src = { "[a]", "b" }, dest = "/app/" },
      dfc.copy { src = "x", dest = "/app/x", chmod = "u=rwX,go=rX", chown = 1000 },
      dfc.copy {
        from = "registry.example/team/image-with-a-long-name:2.1", chown = "1000:1000", link = true,
        src = { "/usr/lib/one.so", "/usr/lib/two.so" }, dest = "/usr/local/lib/",
      },
    }
  end,
}
