-- What the rules for package managers of distributions share: rewriting where packages come from,
-- once a stage or for one RUN, and looking at what is to be installed.

local dfc = require "dfc.v1"

local OFF = { [""] = true, ["0"] = true, off = true, no = true, ["false"] = true }

-- Whether a setting switches something off.
local function is_off(value) return value ~= nil and OFF[value] == true end

-- Text as an extended regular expression that matches it; mirrors' URLs hold no blanks and quotes.
local function literal(text) return (re.gsub([=[[.+?^()\[\]]]=], text, [[\$0]])) end

-- One sed command. A comma is the delimiter: no URL of a mirror has one.
local function substitute(from, to, options)
  options = options or {}
  return ("-e '%ss,%s,%s,%s'"):format(options.only or "", from, to, options.flags or "")
end

-- How the mirror gets into the sources: commands before and behind the install.
--   t.rules(of)   sed commands from upstream to the mirror; `of` is "stage" for the stage's mirror,
--                 nil for the one in force
--   t.back()      from the stage's mirror to upstream
--   t.image(rules)  the node that rewrites the image's files; nil when there is nothing to do yet
--   t.copy(rules)   the commands that make a rewritten copy of them, at $dfc
-- The image's files are rewritten once a stage. A copy is for a directive that wants another mirror
-- than the stage's, and for images that are to stay as they are; `t.always`: they need a copy even
-- without a mirror.
local function plan(ctx, a, t)
  local own, stage = t.rules(nil), t.rules "stage"
  local function copied(rules)
    return { before = t.copy(rules), after = { 'rm -r "$dfc"' }, copy = true,
             changed = #rules > 0, mirrored = #own > 0 }
  end
  if ctx.footprint == "none" then
    if #own > 0 or t.always then return copied(own) end
    return { before = {}, after = {} }
  end
  if not a.mirror or table.concat(own) == table.concat(stage) then
    local node = #stage > 0 and t.image(stage)
    if node then ctx:once(t.key, node) end
    return { before = {}, after = {}, mirrored = #stage > 0, rewritten = stage }
  end
  local rules = t.back()
  for _, rule in ipairs(own) do rules[#rules + 1] = rule end
  if #rules == 0 then return { before = {}, after = {} } end
  return copied(rules)
end

local function chain(...)
  local cmds = {}
  for _, list in ipairs { ... } do
    for _, cmd in ipairs(list) do cmds[#cmds + 1] = cmd end
  end
  return cmds
end

-- For tools that install nothing from a URL: `instead` says what to do.
local function refuse_urls(ctx, packages, tool, instead)
  for i, package in ipairs(packages) do
    if package:find("://", 1, true) then
      ctx:error(tool .. " installs no package from a URL, found '" .. package .. "'",
        { at = { "package", i }, code = "package-url", help = instead })
    end
  end
end

local function need_packages(ctx, a)
  return ctx:error("@" .. a.name .. " needs a package to install", { code = "missing-argument" })
end

-- An option of the user's that would leave nothing in the cache mount.
local function warn_defeating(ctx, key, option)
  ctx:warn(option .. " defeats the cache mount and is left out", {
    at = key, code = "defeats-cache",
    help = "the cache is in a mount, it does not make the image larger",
  })
end

-- The mount of a cache for packages that go into another root: the tool's cache lies below it.
local function mount_below(root, mount, sharing)
  return dfc.cache { id = mount.id, target = re.gsub("/+$", root, "") .. mount.target,
                     sharing = sharing or "locked" }
end

return { is_off = is_off, literal = literal, substitute = substitute, plan = plan, chain = chain,
  refuse_urls = refuse_urls, need_packages = need_packages,
  warn_defeating = warn_defeating, mount_below = mount_below }
