-- Base images of servers, data science and build services.
--
-- The names, so that this file is loaded only for them:
-- dfc.image: apache/airflow bitnami/minideb cimg/* circleci/* cypress/* httpd jenkins/agent
-- dfc.image: jenkins/inbound-agent jenkins/jenkins jupyter/* mambaorg/micromamba mariadb
-- dfc.image: mcr.microsoft.com/devcontainers/* mcr.microsoft.com/mssql/server
-- dfc.image: mcr.microsoft.com/playwright* mongo mysql nginx nginxinc/nginx-unprivileged osrf/ros
-- dfc.image: phusion/baseimage postgres quay.io/jupyter/* r-base redis rocker/* rocker/r-base ros
local images = require "images"
local image, user, runs_as, words_of, version_of =
  images.image, images.user, images.runs_as, images.words_of, images.version_of

local POSTGRES = { "18 0 trixie", "17 0 bookworm 5 ? 6 trixie", "16 0 bookworm 9 ? 10 trixie",
  "15 4 bookworm 13 ? 14 trixie", "14 9 bookworm 18 ? 19 trixie", "13 12 bookworm 21 ? 22 trixie",
  "12 16 bookworm", "11 21 bookworm", "10 19 bullseye" }

-- official-images#20037 (1.29.2), #20549 (1.28.1), #14847 (1.25.1), #11315 (1.20.2)
local NGINX = { "1.30-31 0 trixie", "1.29 0 bookworm 2 trixie", "1.28 0 bookworm 1 trixie",
  "1.26-27 0 bookworm", "1.25 0 bullseye 1 bookworm", "1.22-24 0 bullseye",
  "1.21 0 buster 2 ? 6 bullseye", "1.20 0 buster 2 bullseye", "1.18-19 0 buster", "1.17 3 buster",
  "1.16 1 buster", "1.14-15 0 stretch", "1.13 9 stretch" }

local HTTPD = { "2.4 49 bullseye 57 ? 58 bookworm 65 trixie" }

-- trixie "since 8.4" (redis/docker-library-redis#472), but 8.4.0 came on bookworm
-- (official-images#20315)
local REDIS = { "8.8 0 trixie", "8.6 0 trixie", "8.2 0 bookworm", "8.0 0 bookworm",
  "7.4 0 bookworm", "7.2 0 bookworm", "7.0 12 bookworm", "6.2 13 bookworm", "6.0 20 bookworm" }

-- A series keeps the Ubuntu LTS of its first release (MariaDB/mariadb-docker#611, #683), but for
-- 10.6 (official-images#19245)
local MARIADB = { "12.3 0 resolute", "12.0-2 0 noble", "11.4-8 0 noble", "11.0-3 0 jammy",
  "10.11 0 jammy", "10.6 0 focal 22 ? 23 jammy", "10.5 29 focal" }

local MONGO = { "8 0 noble", "6-7 0 jammy", "5 0 focal", "4.4 0 focal", "4.2 0 bionic",
  "4.0 0 xenial", "3.6 9 xenial" }

local ROCKER = { "4.5 0 noble", "4.3 0 jammy", "4.0-1 0 focal", latest = false }

local PHUSION = { "0.11 0 bionic", "0.10 0 xenial", "0.9 0 precise 10 ? 11 trusty 19 xenial",
  latest = false }

image("nginx nginxinc/nginx-unprivileged", { default = "debian", lines = NGINX,
  users = { nginx = { uid = 101, gid = 101 } }, more = function(f, tag, spelt, name)
    if not spelt and tag:starts "stable" then f.release = "trixie" end
    if name ~= "nginx" then f.user = "nginx" end
  end })
image("httpd", { default = "debian", lines = HTTPD })
image("redis", { default = "debian", lines = REDIS })
image("mariadb", { default = "ubuntu", lines = MARIADB })
image("mongo", { family = "debian", lines = MONGO })
image("phusion/baseimage", { default = "ubuntu", single = true, lines = PHUSION })
image("postgres", { default = "debian", lines = POSTGRES, more = function(f)
  local id = f.distro == "alpine" and 70 or 999
  f.users = user("postgres", id, id, "/var/lib/postgresql")
end })
image("mysql", { more = function(f, tag, spelt)
  local major, minor, patch = version_of(tag)
  if spelt or major == 5 and not minor then return end
  if not major or major >= 8 or minor >= 7 and not patch then
    f.distro = "oraclelinux"
    if not patch then f.release = major == 5 and "7" or "9" end
  elseif minor < 7 then
    f.distro = "debian"
  end
end })
image("mcr.microsoft.com/mssql/server", { default = "ubuntu", single = true, user = "mssql",
  users = { mssql = { uid = 10001, gid = 0 } } })

-- trixie since October 2025 (jenkinsci/docker#2062)
for names, home in pairs { ["jenkins/jenkins"] = "/var/jenkins_home",
  ["jenkins/agent jenkins/inbound-agent"] = "/home/jenkins" } do
  image(names, runs_as({ default = "debian", more = function(f, tag)
    if re.match([[^(?:latest|lts|(?:latest-|lts-)?jdk\d+)$]], tag) then f.release = "trixie" end
  end }, "jenkins", 1000, 1000, home))
end

image("mambaorg/micromamba", { default = "debian", user = "mambauser",
  env = { MAMBA_ROOT_PREFIX = "/opt/conda" }, more = function(f, tag)
    local id = version_of(tag) == 0 and 1000 or 57439
    f.users = user("mambauser", id, id)
  end })
image("jupyter/* quay.io/jupyter/*", runs_as({ default = "ubuntu", single = true,
  env = { CONDA_DIR = "/opt/conda" } }, "jovyan", 1000, 100))
image("rocker/*", { family = "debian", lines = ROCKER, users = user("rstudio", 1000, 1000) })
image("rocker/r-base r-base", { default = "debian" })
image("apache/airflow", runs_as({ default = "debian", single = true }, "airflow", 50000, 0))
local ROS = { kinetic = "xenial", melodic = "bionic", noetic = "focal", foxy = "focal",
  galactic = "focal", humble = "jammy", iron = "jammy", jazzy = "noble", kilted = "noble" }
image("ros osrf/ros", { default = "ubuntu", single = true, more = function(f, tag)
  f.release = f.release or ROS[words_of(tag)[1] or ""]
end })
image("mcr.microsoft.com/playwright*", { default = "ubuntu", single = true,
  env = { PLAYWRIGHT_BROWSERS_PATH = "/ms-playwright" } })
image("cypress/*", { default = "debian", single = true, users = user("node", 1000, 1000) })
image("cimg/*", runs_as({ default = "ubuntu", single = true }, "circleci", 1001, 1002))
image("circleci/*", runs_as({ default = "debian" }, "circleci", 3434, 3434))
image("mcr.microsoft.com/devcontainers/*", { family = "debian", more = function(f, _, _, name)
  f.users = name:ends "-node" and user("node", 1000, 1000) or user("vscode", 1000, 1000)
end })
image("bitnami/minideb", { default = "debian", single = true, ca = false })
