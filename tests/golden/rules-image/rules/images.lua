local dfc = require "dfc.v1"

-- What require gives is frozen; its tables can be used all the same.
local users = require "users"

dfc.image "corp/*" {
  family = "debian", distro = "debian", users = users,
  facts = function(tag, name)
    if name == "corp/none" then return end
    return { release = tag, user = "app", users = users, env = { PIP_CACHE_DIR = "/pip" } }
  end,
}
