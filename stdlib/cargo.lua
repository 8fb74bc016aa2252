-- @cargo: cargo commands with the registry and the git checkouts in cache mounts; with --out also
-- target/, from which the binaries are copied out. @rustup: toolchains by the mirror in force.
--
-- Cargo's lock is CARGO_HOME/.package-cache (rust-lang/cargo src/cargo/util/cache_lock.rs), which
-- is beside these directories and not in them: so the mounts are locked. CARGO_HOME itself is no
-- cache: bin/ in it has cargo. It need not be writable, cargo does without its lock then (tried
-- with cargo 1.95).
local dfc = require "dfc.v1"

local function cargo_home(ctx, directory)
  return ctx.user.home and ctx.user.home .. "/.cargo/" .. directory
end

-- The crates' index, archives and unpacked sources (cargo's book, guide/cargo-home.md). The
-- compiler reads the sources there, so later RUNs need the mount. Nothing in it is compiled.
dfc.cachedef "cargo-registry" {
  target = function(ctx) return cargo_home(ctx, "registry") end,
  env = "CARGO_HOME", below = "registry", sharing = "locked", copies_out = false,
}

-- git/db and git/checkouts: with db alone, all checkouts would be made again.
dfc.cachedef "cargo-git" {
  target = function(ctx) return cargo_home(ctx, "git") end,
  env = "CARGO_HOME", below = "git", sharing = "locked", copies_out = false,
}

-- "[package]" with a name; a workspace alone has none.
local NAME =
  [=[(?m)^\[package\][^\n]*\n(?:(?!\[)[^\n]*\n)*?\s*name\s*=\s*["']([\w-]+)["']]=]

local function default_target(ctx)
  return (ctx.workdir == "/" and "" or ctx.workdir) .. "/target"
end

-- What is compiled belongs to a project, to a toolchain, which cargo keeps apart by itself, and to
-- the libraries of the image that build scripts find. Cargo goes by the times of files: sources
-- older than the last build, from another clone, are taken for unchanged (tried with 1.95).
dfc.cachedef "cargo-target" {
  target = default_target,
  project = function(ctx)
    local manifest = ctx:file "Cargo.toml"
    local found = manifest and re.match(NAME, manifest)
    return found and found[1]
  end,
  env = "CARGO_TARGET_DIR", sharing = "locked", distro = true, arch = true, copies_out = true,
}

-- Mirrors -----------------------------------------------------------------------------------------

-- Sparse registries came with 1.68.
local function is_too_old(ctx)
  local version = ctx.base.repo == "rust" and re.match([[^1\.(\d+)]], ctx.base.tag or "")
  return version and tonumber(version[1]) < 68
end

local function sparse_url(url)
  if not url:starts "sparse+" then url = "sparse+" .. url end
  return url:ends "/" and url or url .. "/"
end

local function project_config(ctx)
  return ctx:file ".cargo/config.toml" or ctx:file ".cargo/config"
end

-- Why the mirror can't be given; nil: it can.
local function obstacle(ctx)
  if is_too_old(ctx) then return "sparse registries came with Rust 1.68" end
  if ctx.workdir == "/" and project_config(ctx) then
    return "in / the project's own .cargo would be hidden: write WORKDIR above it"
  end
  if ctx.builder == "legacy" and not ctx.user.root then
    return "without mounts only root can put it where cargo looks"
  end
end

local function crates_mirror(ctx)
  local arg = ctx:mirror_arg "crates"
  if arg then -- the file can't leave out what is empty
    return ctx:error("@cargo can't take its mirror from ARG " .. arg .. ": it puts it into a file",
      { code = "mirror-arg", help = "name a mirror for this directive: --mirror=NAME, or off" })
  end
  local url = ctx:mirror "crates"
  local why = url and obstacle(ctx)
  if why then
    ctx:warn("the mirror of crates is left out", { code = "mirror-left-out", note = why })
    return nil
  end
  return url and sparse_url(url)
end

local function config_lines(url)
  return { "[source.crates-io]", 'replace-with = "dfc"', "[source.dfc]",
    ('registry = "%s"'):format(url) }
end

-- No variable replaces a source (CARGO_SOURCE_… is ignored: tried with 1.85), and "--config" would
-- have to stand in each command and does not reach cargo-chef. A file /.cargo/config.toml is found
-- from everywhere: cargo looks in all directories above the working one, and "cargo install" in
-- those above CARGO_HOME (tried with 1.95). The project's own configuration wins over it.
local function config_mount(ctx, url)
  local place = re.gsub("[^A-Za-z0-9._]+", re.match("^sparse\\+[a-z]+://(.*?)/*$", url)[1], "-")
  local lines = table.concat(config_lines(url), "\n")
  local stage = ctx:stage("crates-" .. place, "scratch",
    dfc.raw("COPY <<EOF /config.toml\n" .. lines .. "\nEOF\n"))
  return dfc.bind { from = stage, target = "/.cargo" }
end

-- Without mounts the file is made for this RUN and removed at its end. There are no quotes in a URL
-- of a mirror.
local function config_commands(url)
  local lines = {}
  for i, line in ipairs(config_lines(url)) do lines[i] = "'" .. line .. "'" end
  return { "mkdir /.cargo", "printf '%s\\n' " .. table.concat(lines, "\n")
    .. "\n> /.cargo/config.toml" }, { "rm -r /.cargo" }
end

-- rustup's book, environment-variables.md. A rust-toolchain.toml makes cargo load a toolchain.
local function rustup_environment(ctx)
  local rustup = ctx:mirror "rustup" or {}
  if type(rustup) == "string" then rustup = { dist = rustup, update_root = rustup .. "/rustup" } end
  return { RUSTUP_DIST_SERVER = rustup.dist, RUSTUP_UPDATE_ROOT = rustup.update_root }
end

-- What is in the command --------------------------------------------------------------------------

local function has_word(text, pattern)
  return re.match("(?:^|\\s)(?:" .. pattern .. ")(?=\\s|$)", text)
end

local function is_vendored(ctx)
  local config = project_config(ctx)
  return config and re.match("(?m)^\\s*replace-with\\s*=", config) ~= nil
end

-- All of it, so that a word of it can be looked for.
local function joined(commands) return table.concat(commands, "\n") end

local function warn_defeating(ctx, a, cached)
  local text = joined(a.commands)
  local clean = re.match("(?m)^\\S*cargo clean\\b", text)
  local remove = cached and re.match("(?m)^rm -\\w+ (?:\\S+ )*?\\S*\\btarget/?(?=\\s|$)", text)
  if clean or remove then
    ctx:warn("what is compiled would be compiled again each time", {
      code = "defeats-cache", help = "leave out '" .. (clean or remove)[0] .. "'" })
  end
  local offline = has_word(text, "--offline|--frozen")
  if offline and not has_word(text, "fetch|vendor") and not is_vendored(ctx) then
    ctx:warn(offline[0]:trim() .. " fails where the cache mount does not hold all crates", {
      code = "needs-cache", help = "write --locked, or fetch in the same command: "
        .. "@cargo fetch --locked && cargo build --offline" })
  end
end

-- --out -------------------------------------------------------------------------------------------

-- The command that builds: the last but for those that only fetch or test.
local function build_command(commands)
  local found = ""
  for _, command in ipairs(commands) do
    local m = re.match([[^\S*cargo\s.*]], command)
    if m and (found == "" or has_word(m[0], "build|b|rustc|install|zigbuild")) then found = m[0] end
  end
  return found
end

-- The directory of the results below target/ (cargo's book, reference/build-cache.md): the
-- triple's, when it is given, and the profile's; "dev" and "test" are in debug/.
local DIRECTORY = { dev = "debug", test = "debug", bench = "release" }
local function result_directory(ctx, commands)
  local command = build_command(commands)
  local triple = re.match([[(?:^|\s)--target[\s=]\s*["']?([^\s"']+)]], command)
  local profile = re.match([[(?:^|\s)--profile[\s=]\s*["']?([^\s"']+)]], command)
  local is_release = has_word(command, "--release|-[qv]*r[qv]*")
    or (has_word(command, "install") and not has_word(command, "--debug"))
  local directory = profile and (DIRECTORY[profile[1]] or profile[1])
    or is_release and "release" or "debug"
  local base = triple and triple[1] or ctx.env.CARGO_BUILD_TARGET
  return base and base .. "/" .. directory or directory
end

local function base_name(path) return re.match("[^/]*$", path)[0] end

-- "PATH" or "SOURCE:PATH", the value of that index, as a source below target/ and a path. nil:
-- reported.
local function parse_out(ctx, a, item, index)
  local parts = item:split(":", 2)
  local source, path = parts[2] and parts[1], parts[2] or parts[1]
  if path == "" or path:starts "target/" or (path:ends "/" and not source) then
    return ctx:error(("--out must name where the binary goes, found '%s'"):format(item), {
      at = { "out", index }, code = "bad-value",
      help = "target/ is in a cache mount: write --out=/usr/local/bin/NAME" })
  end
  if not source then source = result_directory(ctx, a.commands) .. "/" .. base_name(path) end
  if path:ends "/" then path = path .. base_name(source) end
  return { source = source, path = path }
end

local function check_out(ctx, a)
  if a.script then
    return ctx:error("--out can't be given with a heredoc", { at = "out",
      help = "give the command in one line: @cargo --out=/usr/local/bin/NAME build --release" })
  end
  if has_word(a.command.text, "--target-dir(?:=\\S*)?") then
    return ctx:error("--out and --target-dir can't both be given", { at = "out",
      help = "target/ is in a cache mount; ENV CARGO_TARGET_DIR moves it" })
  end
  if re.match("[;&|]\\s*$|(?:^|\\s)#", a.command.text) then
    return ctx:error("--out can't copy behind this command", { at = "out",
      help = "leave out the operator or comment at its end" })
  end
  return true
end

-- All that --out asks for. nil: reported.
local function read_out(ctx, a)
  local outs, good = {}, #a.out == 0 or check_out(ctx, a)
  for i, value in ipairs(good and a.out or {}) do
    for _, item in ipairs(value:split ",") do
      local out = parse_out(ctx, a, item, i)
      good = good and out ~= nil
      outs[#outs + 1] = out
    end
  end
  return good and outs or nil
end

-- The commands that copy out, the environment and the mount for it.
local function copy_out(ctx, a, outs)
  if #outs == 0 then return {}, {}, nil end
  local mount =
    ctx:cache("cargo-target", { id = a.id and a.id .. "-target", sharing = a.sharing })
  local named = ctx.env.CARGO_TARGET_DIR
  if named and not named:starts "/" then named = nil end -- below what is not known: not followed
  local target, commands = named or default_target(ctx), {}
  for _, out in ipairs(outs) do
    commands[#commands + 1] = dfc.argv("install", "-D", target .. "/" .. out.source, out.path)
  end
  return commands, { CARGO_TARGET_DIR = not named and target or nil }, mount
end

-- -------------------------------------------------------------------------------------------------

local function merge(into, from)
  for key, value in pairs(from) do into[key] = value end
  return into
end

local function append(list, more)
  for _, value in ipairs(more) do list[#list + 1] = value end
  return list
end

-- What stands before and behind the command for the mirror of crates; it may be a mount, too.
local function use_mirror(ctx, mounts)
  local url = crates_mirror(ctx)
  if url and ctx.builder == "legacy" then return config_commands(url) end
  mounts[#mounts + 1] = url and config_mount(ctx, url)
  return {}, {}
end

-- mozilla/sccache README.md: crates that are compiled incrementally are not cached.
local function use_launcher(ctx, a, env, mounts)
  if a.launcher ~= "sccache" or ctx.builder == "legacy" then return end
  env.RUSTC_WRAPPER, env.CARGO_INCREMENTAL = "sccache", 0
  mounts[#mounts + 1] = ctx:cache "sccache"
end

dfc.directive "cargo" {
  summary = "Run a cargo command with crates in cache mounts, and target/ with --out",
  examples_from = "rust:1.90",
  examples = { "@cargo build --release --locked",
               "@cargo --out=/usr/local/bin/app build --release --locked",
               "@cargo install --locked cargo-chef" },
  family = "command",
  caches = { "cargo-registry", "cargo-git" },
  tools = { "cargo" },
  reads = "^cargo (?:\\+\\S+ |--?\\S+ )*"
    .. "(?:b|build|c|check|clippy|d|doc|r|run|t|test|bench|rustc|chef)\\b",
  args = {
    { "--out", many = true,
      doc = "where binaries go, PATH[,PATH…]: they are copied there from target/, which is in a "
        .. "cache mount then; SOURCE:PATH: from another place below target/" },
    { "--launcher", type = "enum", values = { "sccache", "none" }, default = "none",
      doc = "compile by sccache, which must be in the image, with its cache in a cache mount" },
    dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "crates", dfc.opt.uid(), dfc.opt.gid(),
    dfc.opt.secret "cargo's credentials.toml",
  },
  expand = function(ctx, a)
    local outs = read_out(ctx, a)
    if not outs then return end
    local copies, env, target = copy_out(ctx, a, outs)
    if ctx.builder ~= "legacy" then warn_defeating(ctx, a, target) end
    local registry =
      ctx:cache("cargo-registry", { id = a.id and a.id .. "-registry", sharing = a.sharing })
    local mounts = { registry,
      ctx:cache("cargo-git", { id = a.id and a.id .. "-git", sharing = a.sharing }), target }
    local commands, behind = use_mirror(ctx, mounts)
    use_launcher(ctx, a, env, mounts)
    -- beside registry/, where cargo looks for it: not in a cache
    local home = re.match("^(.*)/registry$", registry.target)
    if a.secret then
      mounts[#mounts + 1] = ctx:secret(a.secret, home and home[1] .. "/credentials.toml")
    end
    return dfc.run {
      mounts = mounts,
      env = merge(env, rustup_environment(ctx)),
      cmds = append(append(append(commands, { a.command }), copies), behind),
      script = a.script,
    }
  end,
}

dfc.directive "rustup" {
  summary = "Run a rustup command by the mirror in force",
  examples_from = "rust:1.90",
  examples = { "@rustup target add x86_64-unknown-linux-musl" },
  family = "command",
  tools = { "rustup" },
  args = { dfc.opt.mirror "rustup" },
  expand = function(ctx, a)
    return dfc.run { env = rustup_environment(ctx), cmds = { a.command }, script = a.script }
  end,
}
