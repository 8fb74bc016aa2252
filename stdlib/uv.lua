-- @uv: uv's commands with its cache in a cache mount.
--
-- The cache is safe for several processes that read and write it (uv docs/concepts/cache.md), so it
-- is shared. Wheels that uv has built link to the libraries of their image.
local dfc = require "dfc.v1"
local python = require "python"

dfc.cachedef "uv" {
  target = function(ctx) return python.cache(ctx, "uv") end, -- uv docs/concepts/cache.md
  env = "UV_CACHE_DIR", sharing = "shared", distro = true, arch = true, copies_out = true,
}

-- uv.lock names the index of each package. With another one `--locked` fails, as the lock would
-- have to be written anew, and `--frozen` takes the files from the URLs of the lock
-- (SatisfiesResult::MissingRemoteIndex in uv crates/uv-resolver/src/lock/mod.rs; uv#19625).
local LOCKED = { "--locked", "--frozen", "lock .*--check(?:-exists)?" }

local function is_locked(ctx, a)
  return python.is_on(ctx.env.UV_LOCKED) or python.is_on(ctx.env.UV_FROZEN)
    or python.has(a, "uv", LOCKED, "whole")
end

local function index(ctx, a)
  -- UV_DEFAULT_INDEX is of uv 0.4.23; UV_INDEX_URL, its older name, is deprecated.
  local url = python.index(ctx, a, { "UV_DEFAULT_INDEX", "UV_INDEX_URL" })
  if not url or not is_locked(ctx, a) then return url end
  ctx:note("uv takes the packages from where uv.lock says, not from the mirror", {
    code = "mirror-unused",
    help = "what uv export writes can be installed from a mirror: @uv pip install -r FILE",
  })
  return nil
end

local function environment(ctx, a, cache, secret)
  local env = { UV_DEFAULT_INDEX = index(ctx, a), NETRC = secret and secret.target }
  if (ctx.env.UV_PYTHON_INSTALL_MIRROR or "") == "" then
    env.UV_PYTHON_INSTALL_MIRROR = ctx:mirror "uv_python"
  end
  if ctx.builder == "legacy" then
    env.UV_NO_CACHE = "1" -- a temporary directory, which uv removes
    return env
  end
  -- The mount is another file system than the environment: hard links are impossible, and uv warns
  -- before it copies. Symbolic links would lead out of the image. docs/guides/integration/docker.md
  -- has "copy").
  if ctx.env.UV_LINK_MODE ~= "copy" then env.UV_LINK_MODE = "copy" end
  if python.is_on(ctx.env.UV_NO_CACHE) then env.UV_NO_CACHE = "false" end
  -- By itself uv does not keep the archives of interpreters (UV_PYTHON_CACHE_DIR in
  -- docs/reference/environment.md; the Docker guide has this directory).
  if python.has(a, "uv", { "python (?:install|upgrade)" }) and not ctx.env.UV_PYTHON_CACHE_DIR then
    env.UV_PYTHON_CACHE_DIR = cache.target .. "/python"
  end
  return env
end

local function check(ctx, a)
  python.check_redirection(ctx, a)
  python.warn_defeating(ctx, a, "uvx?", {
    "--no-cache(?:-dir)?", "-n", "cache (?:clean|prune)", [[--cache-dir[= ]\S+]] })
  local link = python.has(a, "uvx?", { "--link-mode[= ]symlink" })
  if link and ctx.builder ~= "legacy" then
    ctx:warn("'" .. link .. "' makes links into the cache mount, which is not in the image", {
      code = "links-into-cache", help = "leave it out: @uv copies what it installs" })
  end
end

local function uv(tool)
  return {
    summary = "Run " .. tool .. " with uv's cache in a cache mount",
    examples_from = "ghcr.io/astral-sh/uv:python3.12-bookworm-slim",
    examples = tool == "uvx" and { "@uvx ruff check" }
      or { "@uv sync --locked --no-install-project", "@uv pip install --system 'flask>=3'",
           "@uv UV_COMPILE_BYTECODE=1 sync --locked --no-dev", "@uv python install 3.13" },
    family = "command",
    caches = { "uv" },
    tools = { tool },
    args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "pypi", dfc.opt.uid(), dfc.opt.gid(),
             dfc.opt.secret "a .netrc" },
    expand = function(ctx, a)
      check(ctx, a)
      local secret = ctx:secret(a.secret)
      local cache = ctx:cache("uv", { id = a.id, sharing = a.sharing, kept_out = true })
      return dfc.run {
        mounts = { cache, secret },
        env = environment(ctx, a, cache, secret),
        cmds = { a.command },
        script = a.script,
      }
    end,
  }
end

dfc.directive "uv" (uv "uv")
dfc.directive "uvx" (uv "uvx")
