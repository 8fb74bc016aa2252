local dfc = require "dfc.v1"

local SUM = "sha256:" .. ("0"):rep(64)
local cases = {
  ["run-field"] = function() return dfc.run { cmd = { "a" } } end,
  ["run-empty"] = function() return dfc.run {} end,
  ["run-no-table"] = function() return dfc.run "a" end,
  ["run-cmds-string"] = function() return dfc.run { cmds = "a" } end,
  ["run-cmds-type"] = function() return dfc.run { cmds = { "a", {} } } end,
  ["run-cmds-gap"] = function() return dfc.run { cmds = { "a", nil, "b" } } end,
  ["run-cmds-empty"] = function() return dfc.run { cmds = { " " } } end,
  ["run-cmds-return"] = function() return dfc.run { cmds = { "a\r\nb" } } end,
  ["run-mounts"] = function() return dfc.run { mounts = { "type=cache" }, cmds = { "a" } } end,
  ["run-mounts-field"] = function()
    return dfc.run { mounts = { target = "/x" }, cmds = { "a" } }
  end,
  ["run-env-name"] = function() return dfc.run { env = { ["A-B"] = "c" }, cmds = { "a" } } end,
  ["run-env-value"] = function() return dfc.run { env = { A = true }, cmds = { "a" } } end,
  ["run-env-list"] = function() return dfc.run { env = { "A=b" }, cmds = { "a" } } end,
  ["run-env-lines"] = function() return dfc.run { env = { A = "b\nc" }, cmds = { "a" } } end,
  ["run-network"] = function() return dfc.run { network = "bridge", cmds = { "a" } } end,
  ["run-script"] = function() return dfc.run { script = true } end,
  ["run-secrets-list"] = function() return dfc.run { secrets = { "token" }, cmds = { "a" } } end,
  ["run-secrets-mount"] = function()
    return dfc.run { secrets = { dfc.ssh() }, cmds = { "a" } }
  end,
  ["run-secrets-name"] = function()
    return dfc.run { secrets = { token = "TO-KEN" }, cmds = { "a" } }
  end,
  ["run-secrets-id"] = function()
    return dfc.run { secrets = { ["a b"] = "TOKEN" }, cmds = { "a" } }
  end,
  ["run-secrets-type"] = function() return dfc.run { secrets = { token = 1 }, cmds = { "a" } } end,
  ["cache-target"] = function() return dfc.cache { id = "x" } end,
  ["cache-root"] = function() return dfc.cache { target = "/" } end,
  ["cache-home"] = function() return dfc.cache { target = "~/.cache" } end,
  ["cache-comma"] = function() return dfc.cache { target = "/a,b" } end,
  ["cache-sharing"] = function() return dfc.cache { target = "/a", sharing = "lock" } end,
  ["cache-uid"] = function() return dfc.cache { target = "/a", uid = "app" } end,
  ["cache-mode"] = function() return dfc.cache { target = "/a", mode = "0789" } end,
  ["cache-from"] = function() return dfc.cache { target = "/a", from = "$BASE" } end,
  ["bind-field"] = function() return dfc.bind { target = "/a", readonly = true } end,
  ["bind-rw"] = function() return dfc.bind { target = "/a", rw = "yes" } end,
  ["secret-id"] = function() return dfc.secret { env = "A" } end,
  ["secret-env"] = function() return dfc.secret { id = "a", env = "A B" } end,
  ["ssh-field"] = function() return dfc.ssh { ids = "a" } end,
  ["tmpfs-size"] = function() return dfc.tmpfs { target = "/tmp", size = "64 MB" } end,
  ["copy-src"] = function() return dfc.copy { dest = "/x" } end,
  ["copy-src-empty"] = function() return dfc.copy { src = {}, dest = "/x" } end,
  ["copy-src-type"] = function() return dfc.copy { src = true, dest = "/x" } end,
  ["copy-src-quote"] = function() return dfc.copy { src = "a'b", dest = "/x" } end,
  ["copy-src-heredoc"] = function() return dfc.copy { src = "<<EOF", dest = "/x" } end,
  ["copy-src-variable"] = function() return dfc.copy { src = "${A", dest = "/x" } end,
  ["copy-src-control"] = function() return dfc.copy { src = "a\1b", dest = "/x" } end,
  ["copy-dest"] = function() return dfc.copy { src = "a" } end,
  ["copy-from-variable"] = function()
    return dfc.copy { from = "$BASE", src = "a", dest = "/x" }
  end,
  ["copy-from-number"] = function() return dfc.copy { from = 0, src = "a", dest = "/x" } end,
  ["copy-from-blank"] = function() return dfc.copy { from = "a b", src = "a", dest = "/x" } end,
  ["copy-chown"] = function() return dfc.copy { chown = "a:", src = "a", dest = "/x" } end,
  ["copy-chmod"] = function() return dfc.copy { chmod = "79", src = "a", dest = "/x" } end,
  ["copy-chmod-words"] = function()
    return dfc.copy { chmod = "writable", src = "a", dest = "/x" }
  end,
  ["copy-link"] = function() return dfc.copy { link = 1, src = "a", dest = "/x" } end,
  ["copy-exclude"] = function() return dfc.copy { exclude = "$A", src = "a", dest = "/x" } end,
  ["copy-checksum"] = function()
    return dfc.copy { checksum = "sha256:0", src = "a", dest = "/x" }
  end,
  ["add-checksum"] = function()
    return dfc.add { checksum = "sha256:0", src = "https://host/a", dest = "/x" }
  end,
  ["add-checksum-file"] = function() return dfc.add { checksum = SUM, src = "a", dest = "/x" } end,
  ["add-checksum-two"] = function()
    return dfc.add { checksum = SUM, src = { "https://h/a", "b" }, dest = "/x/" }
  end,
  ["add-secret"] = function()
    return dfc.add { src = "https://user:secret@host/a", dest = "/x" }
  end,
  ["add-secret-ssh"] = function()
    return dfc.add { src = "ssh://git:secret@host/a.git", dest = "/x" }
  end,
  ["add-unpack"] = function() return dfc.add { unpack = "yes", src = "a", dest = "/x" } end,
  ["add-from"] = function() return dfc.add { from = "a", src = "a", dest = "/x" } end,
  ["workdir"] = function() return dfc.workdir() end,
  ["workdir-type"] = function() return dfc.workdir {} end,
  ["workdir-quote"] = function() return dfc.workdir "a\\b" end,
  ["workdir-blank"] = function() return dfc.workdir "/a " end,
  ["workdir-variable"] = function() return dfc.workdir "/a/${B" end,
  ["user"] = function() return dfc.user "a b" end,
  ["user-empty"] = function() return dfc.user "" end,
  ["arg-name"] = function() return dfc.arg "A B" end,
  ["arg-default"] = function() return dfc.arg("A", {}) end,
  ["arg-lines"] = function() return dfc.arg("A", "b\nc") end,
  ["env-empty"] = function() return dfc.env {} end,
  ["env-list"] = function() return dfc.env { "A" } end,
  ["env-type"] = function() return dfc.env "A=b" end,
  ["argv-word"] = function() return dfc.argv("a", {}, true) end,
  ["argv-words"] = function() return dfc.argv({ "a", { "b" } }) end,
  ["argv-lines"] = function() return dfc.argv("a\nb") end,
  ["argv-empty"] = function() return dfc.run { cmds = { "a", dfc.argv() } } end,
  ["argv-field"] = function() return dfc.argv("a").append end,
  ["argv-dot"] = function() return dfc.argv("a").add("b") end,
  ["argv-env"] = function() return dfc.argv("a"):env("A", {}) end,
  ["argv-env-name"] = function() return dfc.argv("a"):env("A B", "c") end,
  ["argv-write"] = function() return (function() local c = dfc.argv("a") c.text = "b" end)() end,
  ["lit"] = function() return dfc.lit(5) end,
  ["node-field"] = function() return dfc.workdir("/a").path end,
  ["run-field-read"] = function() return dfc.run { cmds = { "a" } }.mounts end,
  ["bind-path"] = function() return dfc.run { cmds = { "a" } }:bind() end,
  ["raw-none"] = function() return dfc.raw "# nothing" end,
  ["raw-empty"] = function() return dfc.raw "" end,
  ["raw-type"] = function() return dfc.raw { "RUN a" } end,
  ["raw-directive"] = function() return dfc.raw "RUN a\n@apt curl" end,
  ["raw-from"] = function() return dfc.raw "RUN a\nFROM b" end,
  ["raw-unknown"] = function() return dfc.raw "RUN a\n\nRUNN b" end,
  ["raw-flag"] = function() return dfc.raw "COPY --fom=a b c" end,
  ["raw-heredoc"] = function() return dfc.raw "COPY <<EOF /a\nb" end,
  ["raw-goes-on"] = function() return dfc.raw "RUN a \\" end,
  ["raw-goes-on-behind-comment"] = function() return dfc.raw "RUN a \\\n# b" end,
  ["raw-return"] = function() return dfc.raw "RUN a\r\n" end,
  ["keys"] = function() return dfc.keys "a" end,
  ["keys-mixed"] = function() return dfc.keys { [true] = 1 } end,
  ["field"] = function() return dfc.rum {} end,
  ["write"] = function() dfc.run = nil end,
  ["declare"] = function() dfc.directive "late" end,
  ["declare-rewrite"] = function() dfc.rewrite "late" { summary = "late", check = error } end,
  ["fix-type"] = function(ctx) ctx:error("a", { fix = {} }) end,
  ["fix-empty"] = function(ctx) ctx:error("a", { at = "case", fix = "" }) end,
  ["fix-lines"] = function(ctx) ctx:warn("a", { at = "case", fix = "b\nc" }) end,
  ["fix-continued"] = function(ctx) ctx:note("a", { at = "case", fix = "b \\" }) end,
  ["run-comment"] = function() return dfc.run { cmds = { "a # b", "c" } } end,
  ["run-comment-behind"] = function() return dfc.run { cmds = { "a;#b", "c" } } end,
  ["run-comment-lines"] = function() return dfc.run { cmds = { "a # b\nc" } } end,
  ["run-escape"] = function() return dfc.run { cmds = { "a \\\\\\", "c" } } end,
  ["run-no-comment"] = function()
    return dfc.run { cmds = { [[a#b '# x' " # " \# ${x#y} ${x##*/} $# "$#" \\]], "c # d" } }
  end,
  ["error-length"] = function(ctx) ctx:error(("x"):rep(4097)) end,
  ["help-length"] = function(ctx) ctx:warn("x", { help = ("x"):rep(4097) }) end,
  ["write-new"] = function() dfc.more = 1 end,
  ["write-opt"] = function() dfc.opt.id = 1 end,
  ["run-hadolint"] = function() return dfc.run { hadolint = { "3040" }, cmds = { "a" } } end,
}

dfc.directive "try" {
  summary = "One mistake of a rule",
  examples = { "@try x" },
  args = { { "case", type = "enum", values = dfc.keys(cases) }, { "word", many = true } },
  expand = function(ctx, a) return cases[a.case](ctx, a) end,
}
