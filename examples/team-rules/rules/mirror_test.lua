-- luacheck: no max string line length
local dfc = require "dfc.v1"

dfc.test "pip" {
  mirror = "corp", from = "registry.corp.example/base/python:3.12-debian12",
  { name = "takes packages from the company's Nexus", input = "@pip flask", output = [[
ARG TARGETARCH
RUN mkdir -p /srv/app/.cache
# @pip flask
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/srv/app/.cache/pip,sharing=shared,uid=10001,gid=10001 \
    PIP_INDEX_URL=https://nexus.corp.example/repository/pypi/simple pip install flask
]] },
}
