-- The company's base images: what dfc can't know of them, and needs for ids of caches, for the
-- owner of a mount and for a home.
local dfc = require "dfc.v1"

local RELEASE = { ["11"] = "bullseye", ["12"] = "bookworm", ["13"] = "trixie" }

-- All of them have the company's CA certificates and a user for services.
local function image(name, spec)
  spec.distro, spec.ca = "debian", true
  spec.users = { app = { uid = 10001, gid = 10001, home = "/srv/app" } }
  dfc.image("registry.corp.example/base/" .. name)(spec)
end

-- registry.corp.example/base/debian:12
image("debian", {
  facts = function(tag)
    local major = re.match([[^\d+]], tag)
    return { release = major and RELEASE[major[0]] }
  end,
})

-- registry.corp.example/base/python:3.12-debian12, which starts as that user
image("python", {
  user = "app",
  facts = function(tag)
    local major = re.match([[-debian(\d+)$]], tag)
    return { release = major and RELEASE[major[1]] }
  end,
})
