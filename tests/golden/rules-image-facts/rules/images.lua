local dfc = require "dfc.v1"

local function image(name, facts) dfc.image(name) { facts = function() return facts end } end

image("corp/field", { familly = "debian" })
image("corp/type", "debian")
image("corp/user", { users = { app = { uid = "app" } } })
image("corp/nothing", nil)
dfc.image "corp/error" { facts = function(tag) error("no " .. tag) end }
dfc.image "corp/good" {
  family = "debian", distro = "debian", users = { app = { uid = 1234, gid = 99, home = "/srv" } },
  facts = function(tag)
    return { release = tag, user = "app", env = { PIP_CACHE_DIR = "/pip" } }
  end,
}
