-- Base images of programming languages.
--
-- The names, so that this file is loaded only for them:
-- dfc.image: astral/uv composer denoland/deno drupal dunglas/frankenphp elixir erlang gcc
-- dfc.image: ghcr.io/astral-sh/uv ghcr.io/pnpm/pnpm golang golangci/golangci-lint joomla
-- dfc.image: lukemathwalker/cargo-chef mcr.microsoft.com/dotnet/* mediawiki nextcloud node
-- dfc.image: ocaml/opam oven/bun perl php phpmyadmin python ruby rust rustlang/rust swift
-- dfc.image: swiftlang/swift wordpress
local images = require "images"
local image, user, runs_as, bare, has, version_of =
  images.image, images.user, images.runs_as, images.bare, images.has, images.version_of

local PYTHON = { "3.14-15 0 trixie", "3.13 0 bookworm 6 ? 7 trixie", "3.12 0 bookworm 11 trixie",
  "3.11 0 bullseye 4 bookworm 13 trixie", "3.10 0 bullseye 12 bookworm 18 trixie",
  "3.9 0 buster 6 bullseye 17 bookworm 23 trixie", "3.8 0 buster 11 bullseye 17 bookworm",
  "3.7 0 stretch 4 buster 11 bullseye 17 bookworm", "3.6 9 buster 14 bullseye", "3.5 8 buster",
  "2.7 17 buster" }

local PHP = { "8.5 0 trixie", "8.4 0 bookworm 11 trixie", "8.3 0 bookworm 24 trixie",
  "8.2 0 bullseye 7 bookworm 29 trixie", "8.1 0 bullseye 20 bookworm 33 trixie",
  "8.0 0 buster 9 ? 10 bullseye 29 bookworm", "7.4 0 buster 22 ? 23 bullseye",
  "7.3 0 stretch 7 ? 8 buster 29 ? 30 bullseye", "7.2 0 stretch 20 ? 21 buster", "7.1 31 buster",
  "7.0 33 stretch", "5.6 40 stretch" }

local RUBY = { "4.0 0 trixie", "3.4 0 bookworm 5 trixie", "3.3 0 bookworm 9 trixie",
  "3.2 0 bullseye 2 bookworm 9 trixie", "3.1 0 bullseye 4 bookworm",
  "3.0 0 buster 2 bullseye", -- does not build with OpenSSL 3
  "2.7 0 buster 4 bullseye", "2.6 0 stretch 3 ? 4 buster 8 bullseye", "2.5 0 stretch 5 ? 6 buster",
  "2.4 7 buster" }

local GOLANG = { "1.25-27 0 trixie", "1.24 0 bookworm 6 trixie", "1.21-23 0 bookworm",
  "1.20 0 bullseye 5 bookworm", "1.19 0 bullseye 10 bookworm", "1.18 0 bullseye", "1.17 1 bullseye",
  "1.16 0 buster 7 ? 8 bullseye", "1.13-14 0 buster", "1.12 0 stretch 7 ? 8 buster",
  "1.9-10 0 stretch" }

-- rust-lang/docker-rust#246
local RUST = { "1 37 buster 53 ? 55 bullseye 70 ? 71 bookworm 89 trixie" }

-- A major version keeps its default (nodejs/docker-node#1068, versions.json); 25 was still bookworm
-- (#2365), new ones from 26 on take Debian stable (#2435, #2558).
local NODE = { "26 0 trixie", "21-25 0 bookworm", "20 6 bookworm", "19 0 bullseye",
  "18 0 bullseye 16 ? 18 bookworm", "17 0 bullseye", "16 11 buster", "15 0 stretch",
  "14 0 stretch 20 buster", "12-13 0 stretch", "11 7 stretch", "10 0 jessie 10 ? 16 stretch",
  "9 0 jessie", "8 0 jessie 12 ? 16 stretch", "7 0 jessie", "6 0 jessie 15 ?", "4-5 0 jessie",
  "0 10 jessie" }

local NODE_NAMES = { argon = "4", boron = "6", carbon = "8", dubnium = "10", erbium = "12",
  fermium = "14", gallium = "16", hydrogen = "18", iron = "20", jod = "22", krypton = "24" }

-- dotnet-docker#6860 (10: Ubuntu), #7094 (11 has resolute only), #3273 (6)
local DOTNET = { "11 0 resolute", "10 0 noble", "8-9 0 bookworm", "6-7 0 bullseye", "5 0 buster",
  "3 0 buster", "2 0 stretch", latest = false }

local SWIFT = { "6.1-2 0 noble", "5.8-10 0 jammy", latest = false }

-- CA certificates: images FROM buildpack-deps have them, python's -slim installs them, node's
-- -slim does not.

local NODE_USER = user("node", 1000, 1000)
image("python", { default = "debian", lines = PYTHON, ca = true, slim_ca = true })
image("node", { default = "debian", lines = NODE, alias = NODE_NAMES, users = NODE_USER,
  ca = true, slim_ca = false })
image("golang", { default = "debian", lines = GOLANG, ca = true, env = { GOPATH = "/go" } })
image("golangci/golangci-lint", { default = "debian", ca = true, env = { GOPATH = "/go" } })
local CARGO = { CARGO_HOME = "/usr/local/cargo", RUSTUP_HOME = "/usr/local/rustup" }
image("rust", { default = "debian", lines = RUST, ca = true, env = CARGO })
image("rustlang/rust lukemathwalker/cargo-chef", { default = "debian", ca = true, env = CARGO })
image("ruby", { default = "debian", lines = RUBY, ca = true,
  env = { GEM_HOME = "/usr/local/bundle", BUNDLE_APP_CONFIG = "/usr/local/bundle" } })
image("perl gcc erlang elixir", { default = "debian", ca = true })
image("swift swiftlang/swift", { default = "ubuntu", lines = SWIFT })

local function www_data(f, tag, _, name)
  if name == "wordpress" and has(tag, "cli") then f.distro = "alpine" end
  local id = f.distro == "alpine" and 82 or 33
  f.users = user("www-data", id, id, "/var/www")
end
image("php", { default = "debian", lines = PHP, ca = true, more = www_data })
image("wordpress drupal nextcloud joomla mediawiki phpmyadmin dunglas/frankenphp",
  { default = "debian", ca = true, more = www_data })

-- Tags of the program alone, or of it with next to nothing
local function program(f, tag)
  if has(tag, "bin") then bare(f, "scratch") end
  if has(tag, "distroless") then bare(f, "distroless") end
end
image("composer", { default = "alpine", env = { COMPOSER_HOME = "/tmp" }, more = program })
image("denoland/deno", { default = "debian", env = { DENO_DIR = "/deno-dir" },
  users = user("deno", 1993, 1993), more = program })
image("oven/bun", { default = "debian", users = user("bun", 1000, 1000), more = program })
image("ghcr.io/astral-sh/uv astral/uv", { ca = true, more = function(f, _, spelt)
  if not spelt then bare(f, "scratch") end -- astral-sh/uv#11052
end })
image("ghcr.io/pnpm/pnpm", { family = "debian", env = { PNPM_HOME = "/pnpm" } })
image("ocaml/opam", runs_as({ default = "debian" }, "opam", 1000, 1000))

-- .NET: runtime-deps has CA certificates; "app" exists since 8, -chiseled and -distroless run as it
image("mcr.microsoft.com/dotnet/*", { lines = DOTNET, ca = true, slim_ca = true,
  more = function(f, tag)
    local major = version_of(tag)
    if f.distro ~= "windows" and major and major >= 8 then f.users = user("app", 1654, 1654) end
    if has(tag, "chiseled|distroless") then f.manager, f.user = false, "app" end
  end })
