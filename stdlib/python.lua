-- What the rules of the Python tools, and of the tools for data, have in common. Declares nothing.
local python = {}

-- Where a tool keeps its cache by the XDG Base Directory Specification; nil when the home is not
-- known. A relative XDG_CACHE_HOME counts for nothing there.
function python.cache(ctx, name)
  local xdg = ctx.env.XDG_CACHE_HOME
  if xdg and xdg:starts "/" then return xdg .. "/" .. name end
  return ctx.user.home and ctx.user.home .. "/.cache/" .. name
end

local OFF = { [""] = true, ["0"] = true, no = true, off = true, n = true, f = true,
              ["false"] = true, False = true, FALSE = true }

-- Whether ENV switches something on.
function python.is_on(value)
  return value ~= nil and not OFF[value]
end

-- The package index that the mirror stands in for. What is nearer than the mirror of the stage says
-- it first: an ENV with an index of one's own, and `own`, a secret that holds one. A private index
-- would be lost if somebody's mirror came in its place.
function python.index(ctx, a, variables, own)
  if a.mirror then return ctx:mirror "pypi" end
  for _, variable in ipairs(variables) do
    if (ctx.env[variable] or "") ~= "" then return nil end
  end
  return not own and ctx:mirror "pypi" or nil
end

-- The host of a plain http URL, also of one that stands in for an ARG: "${NAME:-http://…}".
function python.http_host(url)
  local host = url and re.match([=[^(?:\$\{\w+:-)?http://(\[[^\]]*\]|[^/:}]+)]=], url)
  return host and host[1]
end

-- The environment of pip, for a RUN whose cache is in a mount.
function python.pip_environment(ctx, index)
  -- pip ignores an http index that it is not told to trust, and does not cache what it gives. For
  -- https it would no longer check the certificate.
  local env = { PIP_INDEX_URL = index, PIP_TRUSTED_HOST = python.http_host(index) }
  if ctx.user.root then env.PIP_ROOT_USER_ACTION = "ignore" end
  -- Any value switches the cache off, "0" and "false" too (pip's _handle_no_cache_dir keeps an old
  -- mistake alive on purpose); only an empty one is ignored.
  if ctx.builder ~= "legacy" and (ctx.env.PIP_NO_CACHE_DIR or "") ~= "" then
    env.PIP_NO_CACHE_DIR = ""
  end
  return env
end

-- What the tool itself would read of a command: what stands behind `run` is for another program.
local function own_text(command)
  local run = re.match([[^(?:\S*/)?(?:uvx|\S+ (?:tool )?run)(?: -\S+)*(?= |$)]], command)
  return run and run[0] or command
end

-- The first of some options that a command of the tool has, or one of its script; `tool` is a
-- pattern, too. In the "whole" command, or only where the tool itself would read it.
function python.has(a, tool, patterns, where)
  for _, command in ipairs(a.commands) do
    local text = where == "whole" and command or own_text(command)
    if re.find("^(?:\\S*/)?(?:" .. tool .. ")(?: |$)", command) then
      for _, pattern in ipairs(patterns) do
        local m = re.match("(?<= )(?:" .. pattern .. ")(?= |$)", text)
        if m then return m[0] end
      end
    end
  end
  return nil
end

-- "rm -rf ~/.cache/uv": rm fails at a mount point, when it has emptied the mount.
local REMOVAL = { [[-\w*r.* (?:\S*/\.cache|"?\$\{?\w*CACHE_DIR\}?"?)(?:/\S*)?]] }

-- The text of a command directive stays as it is, so that there is only a warning.
function python.warn_defeating(ctx, a, tool, patterns)
  if ctx.builder == "legacy" then return end
  local found = python.has(a, tool, patterns)
  local removal = python.has(a, "rm", REMOVAL)
  if not found and not removal then return end
  ctx:warn("'" .. (found or "rm " .. removal) .. "' defeats the cache mount", {
    code = "defeats-cache",
    help = "leave it out: the cache is in a mount, it does not make the image larger",
  })
end

-- "uv pip install flask>=3" in a command: the shell would write to a file "=3".
local REDIRECTION =
  [=[(?:install|add)\s(?:[^;&|]*\s)?([A-Za-z][\w.\[\],-]*([<>])=?\d[^\s;&|]*)]=]

function python.check_redirection(ctx, a)
  local m = re.match(REDIRECTION, a.command and a.command.text or "")
  if not m then return end
  ctx:error("the shell takes what follows '" .. m[2] .. "' in '" .. m[1] .. "' for a file", {
    code = "redirection", help = "put it in quotes: '" .. m[1] .. "'" })
end

return python
