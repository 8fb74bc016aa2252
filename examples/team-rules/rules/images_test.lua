-- luacheck: no max string line length
local dfc = require "dfc.v1"

-- Images and mirrors have no tests by their own names: a directive shows what they do.
dfc.test "pip" {
  { name = "knows the user of the company's Python image",
    from = "registry.corp.example/base/python:3.12-debian12", input = "@pip flask", output = [[
ARG TARGETARCH
RUN mkdir -p /srv/app/.cache
# @pip flask
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/srv/app/.cache/pip,sharing=shared,uid=10001,gid=10001 \
    pip install flask
]] },
  { name = "knows that user in the Debian image", from = "registry.corp.example/base/debian:13",
    input = "USER app\n@pip --break-system-packages flask", output = [[
USER app
ARG TARGETARCH
RUN mkdir -p /srv/app/.cache
# @pip --break-system-packages flask
RUN --mount=type=cache,id=pip-debian-trixie-${TARGETARCH},target=/srv/app/.cache/pip,sharing=shared,uid=10001,gid=10001 \
    pip install --break-system-packages flask
]] },
}
