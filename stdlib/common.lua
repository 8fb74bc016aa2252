-- What several rules need; a module for `require "common"`.
local dfc = require "dfc.v1"

-- The home that Java knows, nil when that can't be said: user.home comes from the passwd file,
-- whatever HOME says, and of a user who is not in it is "?", a directory of that name in the
-- working directory (tried with OpenJDK 17; newer ones may take HOME then, JDK-8280357).
local function java_home(ctx)
  if ctx.user.root then return "/root" end
  if ctx.env.HOME then return nil end
  return ctx.user.home
end

-- A file for one RUN: bound from a stage of its own, so that it needs no room in the image and lies
-- in no cache mount. `tool` and the mirror's URL, which decide what is in it, name the stage.
local function bound_file(ctx, tool, name, url, target, text)
  local directory, home = re.match("(.*)/", target)[1], ctx.user.home
  if not ctx.user.root and home and directory:starts(home .. "/") then
    -- as the core sees to it for caches and secrets; with the same key it is made once
    ctx:once("mkdir " .. directory, dfc.run { cmds = { dfc.argv("mkdir", "-p", directory) } })
  end
  local key = "dfc-" .. tool
  if url then
    local place = re.gsub([[^https?://|/+$]], url:lower(), "")
    key = key .. "-" .. table.concat(re.split("[^a-z0-9.]+", place), "-")
  end
  local stage = ctx:stage(key, "scratch",
    dfc.raw("COPY <<'EOF' /" .. name .. "\n" .. text .. "EOF"))
  return dfc.bind { from = stage, source = "/" .. name, target = target }
end

-- The command that writes a text to a file; `path` is shell text.
local function write(text, path)
  local lines = {}
  for i, line in ipairs(text:lines()) do
    lines[i] = "'" .. table.concat(line:split "'", [['\'']]) .. "'"
  end
  return [[printf '%s\n' ]] .. table.concat(lines, "\n") .. " > " .. path
end

-- A file for one RUN without mounts: commands that write a temporary one. `assign` is what tells
-- the tool, with "$dfc" in it. The trap needs nothing behind the user's command.
local function temporary_file(text, assign)
  return { "dfc=$(mktemp)", [[trap 'rm -f "$dfc"' EXIT]], write(text, '"$dfc"'),
    "export " .. assign }
end

-- A directory or option that a variable of options holds: "-Dmaven.repo.local=/x".
local function option_in(text, option)
  local m = text and re.match(re.escape(option) .. [[(/[^\s"',]+)]], text)
  return m and m[1]
end

-- Whether an earlier RUN of the stage speaks of something.
local function was_run(ctx, pattern)
  for _, before in ipairs(ctx.previous) do
    if before.instruction == "RUN" and re.match(pattern, before.text) then return true end
  end
  return false
end

-- The beginning of a command line of a program, wherever that is: "./mvnw package".
local function program(name) return [[^(?:\S*/)?(?:]] .. name .. [[)(?=\s|$)]] end

-- Whether a command of the directive matches.
local function has_command(a, pattern)
  for _, command in ipairs(a.commands) do
    if re.match(pattern, command) then return true end
  end
  return false
end

-- Where there are no mounts there is nothing to warn of.
local function warn_if(ctx, a, pattern, message, help)
  if ctx.builder ~= "legacy" and has_command(a, pattern) then
    ctx:warn(message, { code = "defeats-cache", help = help })
  end
end

-- The words of a command may rely on what only the cache has. That is so where the first of the
-- tool's commands does; a later one finds what those before it have fetched.
local function warn_offline(ctx, a, tool, option, help)
  if ctx.builder == "legacy" then return end
  for _, command in ipairs(a.commands) do
    if re.match(tool, command) then
      local m = re.match(option, command)
      if m then
        ctx:warn("'" .. m[1] .. "' relies on the cache mount, which may be empty", {
          code = "needs-cache", help = help,
          note = "builders remove what is in a cache mount, and other builds change it",
        })
      end
      return
    end
  end
end

-- The lists of mounts and commands without what is nil.
local function list(n, ...)
  local result = {}
  for i = 1, n do
    local value = select(i, ...)
    if value then result[#result + 1] = value end
  end
  return result
end

return { java_home = java_home, bound_file = bound_file, write = write,
  temporary_file = temporary_file, program = program, option_in = option_in,
  was_run = was_run, has_command = has_command, warn_if = warn_if,
  warn_offline = warn_offline, list = list }
