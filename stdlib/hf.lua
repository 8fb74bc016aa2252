-- @hf: files of the Hugging Face hub, the downloads kept in a cache mount.
--
-- What `hf download` puts into its own cache is not in the image, so the files go to --local-dir.
-- With that option the cache is only read, and never filled (_hf_hub_download_to_local_dir in
-- huggingface_hub src/huggingface_hub/file_download.py). So the directive downloads twice: into the
-- cache, and from there, by copying, to the directory. Copying the snapshot by hand would also take
-- what other builds have left there.
local dfc = require "dfc.v1"
local python = require "python"

-- HF_HOME, in src/huggingface_hub/constants.py. It also has the token, so that it is no mount.
local function home(ctx)
  local moved = ctx.env.HF_HOME
  if moved and moved:starts "/" then return moved end
  return python.cache(ctx, "huggingface")
end

-- Only one at a time fills it: the hub's lock files are waited for, but nothing promises that this
-- is enough.
dfc.cachedef "hf" {
  target = function(ctx)
    local moved = ctx.env.HUGGINGFACE_HUB_CACHE -- the older name
    if moved and moved:starts "/" then return moved end
    return home(ctx) and home(ctx) .. "/hub"
  end,
  env = "HF_HUB_CACHE", id = "hf-hub", sharing = "locked", copies_out = true,
}

-- Chunks that hf_xet keeps: up to 10 GB in its first versions.
dfc.cachedef "hf-xet" {
  target = function(ctx) return home(ctx) and home(ctx) .. "/xet" end,
  env = "HF_XET_CACHE", sharing = "locked", copies_out = true,
}

local function warn_defeating(ctx, a)
  for key, option in pairs { cache_dir = "--cache-dir", force_download = "--force-download" } do
    if a[key] then
      ctx:warn(option .. " defeats the cache mount and is left out", {
        at = key, code = "defeats-cache",
        help = "the cache is in a mount, it does not make the image larger",
      })
    end
  end
end

local function check(ctx, a)
  if a.token then
    return ctx:error("the token would stay readable in the image's history", {
      at = "token", code = "credentials",
      help = "write --secret=ID, and build with --secret id=ID,src=FILE" })
  end
  if not a.local_dir then
    return ctx:error("@" .. a.name .. " has no directory to put the files into", {
      code = "missing-argument",
      help = "write --local-dir=DIRECTORY: hf's own cache is in a mount, not in the image" })
  end
  return true
end

local function hf(tool)
  return {
    summary = "Download from the Hugging Face hub into a directory of the image",
    examples_from = "python:3.12-slim",
    examples = { "@" .. tool .. " Qwen/Qwen3-0.6B --revision=c1899de --local-dir=/models/qwen3",
                 "@" .. tool .. " download gpt2 config.json --local-dir /models/gpt2" },
    family = "install",
    caches = { "hf", "hf-xet" },
    verbs = { "download" },
    default_verb = "download",
    refused = {
      auth = "write --secret=ID: the file of that build secret has the token",
      login = "write --secret=ID: the file of that build secret has the token",
      cache = "leave it out: the cache is in a mount, not in the image",
      upload = "write RUN " .. tool .. " upload …: it needs no cache",
    },
    tools = { tool },
    noop_verbs = { "cache prune" },
    cleans = { "/root/.cache", "~/.cache" },
    args = {
      { "repo", min = 1, doc = "ORGANISATION/NAME" },
      { "file", many = true, doc = "file of it; all if none is given" },
      { "--local-dir", doc = "directory of the image that the files go to" },
      { "--flag", type = "passthrough", doc = "option of " .. tool, values = {
        "--revision=", "--repo-type=", "--include=", "--exclude=", "--max-workers=", "--quiet",
        "-q" } },
      { "--cache-dir", doc = "left out: it would defeat the cache mount" },
      { "--force-download", type = "switch", doc = "left out: it would defeat the cache mount" },
      { "--local-dir-use-symlinks", doc = "left out: files are copied" },
      { "--token", doc = "an error: use --secret" },
      dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "huggingface", dfc.opt.uid(), dfc.opt.gid(),
      dfc.opt.secret "the token",
    },
    expand = function(ctx, a)
      if not check(ctx, a) then return end
      warn_defeating(ctx, a)
      local secret = ctx:secret(a.secret)
      local env = { HF_TOKEN_PATH = secret and secret.target }
      if a.mirror or (ctx.env.HF_ENDPOINT or "") == "" then
        env.HF_ENDPOINT = ctx:mirror "huggingface"
      end
      -- Before 0.23 larger files became links into the cache; this is the size above which.
      if tool == "huggingface-cli" then
        env.HF_HUB_LOCAL_DIR_AUTO_SYMLINK_THRESHOLD = "1000000000000000"
      end
      -- Options last: --include of older versions takes all words that follow.
      local function download(...)
        return dfc.argv(a.exe or tool, "download", a.repo, a.file, a.flag, a.rest, ...)
      end
      local cmds = { download(), download("--local-dir", a.local_dir) }
      return dfc.run {
        mounts = {
          ctx:cache("hf", { id = a.id, sharing = a.sharing, kept_out = true }),
          ctx:cache("hf-xet", { id = a.id and a.id .. "-xet", sharing = a.sharing }), secret },
        env = env,
        cmds = ctx.builder == "legacy" and { cmds[2] } or cmds,
      }
    end,
  }
end

dfc.directive "hf" (hf "hf")
dfc.directive "huggingface-cli" (hf "huggingface-cli")
