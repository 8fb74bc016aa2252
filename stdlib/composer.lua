-- @composer: Composer for PHP with its download cache in a cache mount.
local dfc = require "dfc.v1"
local common = require "common"

-- Composer writes a file under another name first, but copies some (Cache.php, copyFrom): locked.
-- Without COMPOSER_HOME the place depends on which directories the image has (Factory.php,
-- getCacheDir), so the cache is put elsewhere rather than guessed.
dfc.cachedef "composer" {
  target = function(ctx)
    local home = ctx.env.COMPOSER_HOME
    return home and home:starts "/" and re.gsub("/+$", home, "") .. "/cache" or nil
  end,
  env = "COMPOSER_CACHE_DIR", sharing = "locked", copies_out = true,
}

local COMPOSER = common.program "composer(?:\\.phar)?"
local OWN = [[\bcomposer(?:\.phar)?\s(?:.*\s)?(?:global|config\s(?:.*\s)?(?:-g|--global))(?=\s|$)]]

-- Whether COMPOSER_HOME has something of the user's: packages, or a configuration.
local function uses_home(ctx, a)
  for _, before in ipairs(ctx.previous) do
    local text = before.instruction .. " " .. before.text
    local copied = re.match([[^(?:COPY|ADD)\s.*composer\S*/(?:config|auth)\.json$]], text)
    if copied or re.match(OWN, text) then return true end
  end
  return common.has_command(a, OWN)
end

local CONFIG = [[{"repositories":{"packagist.org":{"type":"composer","url":"%s"}}%s}]]

-- The configuration lies in a stage of its own, so that it needs no room in the image.
local function stage_with(ctx, url, text)
  local place = re.gsub([[^https?://|/+$]], url:lower(), "")
  return ctx:stage("dfc-composer-" .. table.concat(re.split("[^a-z0-9.]+", place), "-"), "scratch",
    dfc.raw("COPY <<'EOF' /config.json\n" .. text .. "\nEOF"))
end

local function leave_out(ctx, why, help)
  ctx:note("the mirror is left out: " .. why, { code = "mirror-left-out", help = help })
  return nil, {}, {}
end

-- A directory of its own in the place of COMPOSER_HOME, which the RUN takes away again; `file` is
-- the command that writes the configuration.
local function temporary_home(file)
  return { "dfc=$(mktemp -d)", [[trap 'rm -rf "$dfc"' EXIT]], file,
    [[export COMPOSER_HOME="$dfc"]] }
end

-- The mirror that docker build chooses, or none. It has to be https, since Composer is not told
-- otherwise.
local function by_arg(url, cache)
  local config = CONFIG:format("%s", "")
  local file = [[if [ -n "$dfc_mirror" ]; then printf ']] .. config
    .. [[\n' "$dfc_mirror" > "$dfc/config.json"; fi]]
  return nil, { dfc_mirror = url, COMPOSER_CACHE_DIR = cache.target }, temporary_home(file)
end

-- No variable has the address of packagist.org, but the configuration in COMPOSER_HOME, which may
-- be read-only (tried with 2.5.5). Where that is known, the file is put there; else a directory
-- takes its place for this RUN. Gives a mount, the environment, and commands that come before.
local function mirror(ctx, a, cache)
  local arg = ctx:mirror_arg "composer"
  if arg and a.script then
    return leave_out(ctx, "by ARG it needs commands, which a script has no place for",
      "name one for this directive with --mirror")
  end
  local url = ctx:mirror "composer"
  if not url then return nil, {}, {} end
  if uses_home(ctx, a) then
    return leave_out(ctx, "it would take the place of what is in COMPOSER_HOME",
      "write RUN composer config --global repo.packagist composer " .. url)
  end
  if arg then return by_arg(url, cache) end
  local text = CONFIG:format(url, url:starts "http:" and [[,"config":{"secure-http":false}]] or "")
  if ctx.builder == "legacy" then
    return nil, {}, temporary_home(common.write(text, '"$dfc/config.json"'))
  end
  local stage, home = stage_with(ctx, url, text), ctx.env.COMPOSER_HOME
  if home and home:starts "/" then
    return dfc.bind { from = stage, source = "/config.json",
                      target = re.gsub("/+$", home, "") .. "/config.json" }, {}, {}
  end
  return dfc.bind { from = stage, target = "/tmp/dfc-composer" },
    { COMPOSER_HOME = "/tmp/dfc-composer" }, {}
end

-- COMPOSER_AUTH has what an auth.json would; it is added to what the image has, and there is none
-- that names a file (getcomposer.org doc/03-cli.md).
local function add_secret(secret, a, env, before)
  if not secret then return end
  local value = "$(cat " .. secret.target .. ")"
  if a.script or #a.commands < 2 then
    env.COMPOSER_AUTH = value
  else
    before[#before + 1] = [[COMPOSER_AUTH="]] .. value .. [["]]
    before[#before + 1] = "export COMPOSER_AUTH"
  end
end

local function warn(ctx, a)
  local in_mount = "leave it out: the cache is in a mount, it does not make the image larger"
  common.warn_if(ctx, a, COMPOSER .. [[.*\s--no-cache(?=\s|$)]],
    "--no-cache defeats the cache mount", in_mount)
  common.warn_if(ctx, a, COMPOSER .. [[(?:\s+-\S+)*\s+(?:clear-?cache|cc)\b]],
    "composer clear-cache empties the cache mount", in_mount)
  common.warn_if(ctx, a,
    [[^rm\s.*(?:/\.composer|/composer/cache|/tmp/cache|/\.cache/composer)(?:/\*|/?(?:\s|$))]],
    "'rm' empties the cache mount, and fails where it is to remove the mount itself", in_mount)
end

dfc.directive "composer" {
  summary = "Run Composer with its download cache in a cache mount",
  examples_from = "php:8.3-cli",
  examples = { "@composer install --no-dev --no-scripts --no-autoloader",
               "@composer --secret=auth install --no-dev" },
  family = "command",
  caches = { "composer" },
  tools = { "composer" },
  args = { dfc.opt.id(), dfc.opt.sharing(), dfc.opt.mirror "composer", dfc.opt.uid(), dfc.opt.gid(),
           dfc.opt.secret "an auth.json" },
  expand = function(ctx, a)
    warn(ctx, a)
    local cache = ctx:cache("composer", { id = a.id, sharing = a.sharing, kept_out = true })
    local file, env, before = mirror(ctx, a, cache)
    local secret = ctx:secret(a.secret)
    add_secret(secret, a, env, before)
    -- As root and without a terminal Composer runs no plugins, unless it is told that this is meant
    -- (Console/Application.php); the official image tells it.
    if ctx.user.root and not ctx.env.COMPOSER_ALLOW_SUPERUSER and ctx.base.repo ~= "composer" then
      env.COMPOSER_ALLOW_SUPERUSER = "1"
    end
    -- What --no-cache does (Console/Application.php).
    if ctx.builder == "legacy" then env.COMPOSER_CACHE_DIR = "/dev/null" end
    before[#before + 1] = a.command
    return dfc.run {
      mounts = common.list(3, cache, file, secret),
      env = env,
      cmds = before,
      script = a.script,
    }
  end,
}
