-- luacheck: no max line length
local dfc = require "dfc.v1"

local MOUNT = "--mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/root/.cache/pip,sharing=shared"
local RUN = "RUN " .. MOUNT .. " \\\n"
local PIP = RUN .. "    PIP_ROOT_USER_ACTION=ignore pip "
local ARG = "ARG TARGETARCH\n"

dfc.test "pip" {
  from = "python:3.12-slim-bookworm",

  -- what is installed
  { name = "quotes what the shell would eat", input = "@pip flask>=3,<4 uvicorn[standard]",
    output = ARG .. "# @pip flask>=3,<4 uvicorn[standard]\n" .. PIP
      .. "install 'flask>=3,<4' 'uvicorn[standard]'\n" },
  { name = "leaves variables to the shell", input = "@pip torch==$TORCH $EXTRA '$literal'",
    output = ARG .. "# @pip torch==$TORCH $EXTRA '$literal'\n" .. PIP
      .. [[install "torch==$TORCH" $EXTRA '$literal'
]] },
  { name = "hands on options of pip, and what stands behind --",
    input = "@pip --no-deps -U flask -- --pre",
    output = ARG .. "# @pip --no-deps -U flask -- --pre\n" .. PIP
      .. "install --no-deps -U --pre flask\n" },
  { name = "builds wheels", input = "@pip wheel -w /wheels flask",
    output = ARG .. "# @pip wheel -w /wheels flask\n" .. PIP .. "wheel -w /wheels flask\n" },
  { name = "does not uninstall", input = "@pip uninstall flask",
    errors = { "1:6: error: @pip does not do 'uninstall' [unsupported-verb]\n"
      .. "help: write RUN pip uninstall -y …: removing needs no cache" } },
  { name = "needs something to install", input = "@pip --no-deps",
    errors = { "1:1: error: @pip has nothing to install [missing-argument]\n"
      .. "help: name a package, or give -r FILE" } },
  { name = "needs something for each verb", input = "@pip download",
    errors = { "1:1: error: @pip has nothing to download [missing-argument]" } },
  { name = "suggests the option that is meant", input = "@pip --upgrad flask",
    errors = { "1:6: error: @pip has no option '--upgrad' [unknown-option]\n"
      .. "help: did you mean '--upgrade'?" } },
  { name = "runs the pip of a venv", input = "@pip --exe=/venv/bin/pip flask",
    output = ARG .. "# @pip --exe=/venv/bin/pip flask\n" .. RUN
      .. "    PIP_ROOT_USER_ACTION=ignore /venv/bin/pip install flask\n" },

  -- files of the build context
  { name = "binds a file that is not in the image", input = "@pip -r requirements.txt",
    files = { ["requirements.txt"] = "flask\n" },
    output = ARG .. "# @pip -r requirements.txt\n" .. RUN .. [[
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    PIP_ROOT_USER_ACTION=ignore pip install -r requirements.txt
]] },
  { name = "binds the files that a file names", input = "WORKDIR /app\n@pip -r req/all.txt",
    files = { ["req/all.txt"] = "-r base.txt\n-c ../pins.txt\nflask\n",
              ["req/base.txt"] = "click\n", ["pins.txt"] = "click==8\n" },
    output = "WORKDIR /app\n" .. ARG .. "# @pip -r req/all.txt\n" .. RUN .. [[
    --mount=type=bind,source=req/all.txt,target=req/all.txt \
    --mount=type=bind,source=req/base.txt,target=req/base.txt \
    --mount=type=bind,source=pins.txt,target=pins.txt \
    PIP_ROOT_USER_ACTION=ignore pip install -r req/all.txt
]] },
  { name = "uses a file that was copied", input = "WORKDIR /app\nCOPY . .\n@pip -r requirements.txt",
    files = { ["requirements.txt"] = "flask\n" },
    output = "WORKDIR /app\nCOPY . .\n" .. ARG .. "# @pip -r requirements.txt\n" .. PIP
      .. "install -r requirements.txt\n" },
  { name = "uses a file of the image when there is no other", input = "@pip -r requirements.txt",
    output = ARG .. "# @pip -r requirements.txt\n" .. PIP .. "install -r requirements.txt\n" },
  { name = "binds nothing when told not to", input = "@pip --no-bind -r requirements.txt",
    files = { ["requirements.txt"] = "flask\n" },
    output = ARG .. "# @pip --no-bind -r requirements.txt\n" .. PIP
      .. "install -r requirements.txt\n" },
  { name = "binds a directory of packages", input = "@pip --no-index -f wheels flask",
    files = { ["wheels/flask-3.0-py3-none-any.whl"] = "" },
    output = ARG .. "# @pip --no-index -f wheels flask\n" .. RUN .. [[
    --mount=type=bind,source=wheels,target=wheels \
    PIP_ROOT_USER_ACTION=ignore pip install --no-index --find-links wheels flask
]] },

  -- where the cache is, and whose
  { name = "keeps wheels built for musl apart", from = "python:3.12-alpine3.20",
    input = "@pip flask", output = [[
ARG TARGETARCH
# @pip flask
RUN --mount=type=cache,id=pip-alpine-3.20-${TARGETARCH},target=/root/.cache/pip,sharing=shared \
    PIP_ROOT_USER_ACTION=ignore pip install flask
]] },
  { name = "puts the cache of a user without a home elsewhere", input = "USER 1000\n@pip flask",
    output = [[
USER 1000
ARG TARGETARCH
# @pip flask
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/pip,sharing=shared,uid=1000 \
    PIP_CACHE_DIR=/var/cache/dfc/pip pip install flask
]] },
  { name = "makes the directory above the cache as its user", from = "node:22-bookworm",
    input = "USER node\n@pip flask", output = [[
USER node
ARG TARGETARCH
RUN mkdir -p /home/node/.cache
# @pip flask
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/home/node/.cache/pip,sharing=shared,uid=1000,gid=1000 \
    pip install flask
]] },
  { name = "asks for the uid of a user by name", input = "USER app\n@pip flask",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]" } },
  { name = "follows XDG_CACHE_HOME", input = "ENV XDG_CACHE_HOME=/cache\n@pip flask", output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @pip flask
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/cache/pip,sharing=shared \
    PIP_ROOT_USER_ACTION=ignore pip install flask
]] },
  { name = "follows pip's own variable", input = "ENV PIP_CACHE_DIR=/cache\n@pip flask", output = [[
ENV PIP_CACHE_DIR=/cache
ARG TARGETARCH
# @pip flask
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/cache,sharing=shared \
    PIP_ROOT_USER_ACTION=ignore pip install flask
]] },

  -- what defeats the cache
  { name = "leaves --no-cache-dir out", input = "@pip install --no-cache-dir flask",
    output = ARG .. "# @pip install --no-cache-dir flask\n" .. PIP .. "install flask\n",
    warnings = { "1:14: warning: --no-cache-dir defeats the cache mount and is left out [defeats-cache]\n"
      .. "help: the cache is in a mount, it does not make the image larger" } },
  { name = "answers a variable that switches the cache off",
    input = "ENV PIP_NO_CACHE_DIR=0\n@pip flask",
    output = "ENV PIP_NO_CACHE_DIR=0\n" .. ARG .. "# @pip flask\n" .. RUN
      .. "    PIP_NO_CACHE_DIR='' PIP_ROOT_USER_ACTION=ignore pip install flask\n" },

  -- the system's own Python
  { name = "warns where pip will refuse", from = "debian:12", input = "@pip flask",
    output = ARG .. "# @pip flask\n" .. PIP .. "install flask\n",
    warnings = { "1:1: warning: pip of debian:12 refuses to install outside a virtual environment "
      .. "[managed-environment]\n"
      .. "help: use a venv (ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH), or write --break-system-packages" } },
  { name = "does not warn in a venv", from = "debian:12",
    input = "ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH\n@pip flask",
    output = "ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH\n" .. ARG .. "# @pip flask\n" .. PIP
      .. "install flask\n" },
  { name = "does not warn when that is meant", from = "debian:12",
    input = "@pip --break-system-packages flask",
    output = ARG .. "# @pip --break-system-packages flask\n" .. PIP
      .. "install --break-system-packages flask\n" },
  { name = "does not warn of an older release", from = "debian:11", input = "@pip flask", output = [[
ARG TARGETARCH
# @pip flask
RUN --mount=type=cache,id=pip-debian-bullseye-${TARGETARCH},target=/root/.cache/pip,sharing=shared \
    PIP_ROOT_USER_ACTION=ignore pip install flask
]] },

  -- mirrors
  { name = "uses the mirror for this RUN only", mirror = "tuna", input = "@pip x",
    output = ARG .. "# @pip x\n" .. RUN .. [[
    PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple PIP_ROOT_USER_ACTION=ignore pip install x
]] },
  { name = "trusts an index by http", input = "@pip --mirror=http://pypi.example/simple x",
    output = ARG .. "# @pip --mirror=http://pypi.example/simple x\n" .. RUN .. [[
    PIP_INDEX_URL=http://pypi.example/simple PIP_ROOT_USER_ACTION=ignore PIP_TRUSTED_HOST=pypi.example pip install \
    x
]] },
  { name = "trusts only the host of it", input = "@pip --mirror=http://[::1]:3141/simple x",
    output = ARG .. "# @pip --mirror=http://[::1]:3141/simple x\n" .. RUN .. [=[
    PIP_INDEX_URL='http://[::1]:3141/simple' PIP_ROOT_USER_ACTION=ignore PIP_TRUSTED_HOST='[::1]' pip install \
    x
]=] },
  { name = "leaves the index to ENV", mirror = "tuna",
    input = "ENV PIP_INDEX_URL=https://pypi.example/simple\n@pip x",
    output = "ENV PIP_INDEX_URL=https://pypi.example/simple\n" .. ARG .. "# @pip x\n" .. PIP
      .. "install x\n" },
  { name = "prefers the directive's own mirror to that", mirror = "off",
    input = "ENV PIP_INDEX_URL=https://pypi.example/simple\n@pip --mirror=tuna x",
    output = "ENV PIP_INDEX_URL=https://pypi.example/simple\n" .. ARG .. "# @pip --mirror=tuna x\n"
      .. RUN .. [[
    PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple PIP_ROOT_USER_ACTION=ignore pip install x
]] },
  { name = "leaves the index to a directive that names one", mirror = "tuna",
    input = "@pip --index-url https://pypi.example/simple x",
    output = ARG .. "# @pip --index-url https://pypi.example/simple x\n" .. PIP
      .. "install --index-url https://pypi.example/simple x\n" },
  { name = "can leave the mirror out once", mirror = "tuna", input = "@pip --mirror=off x",
    output = ARG .. "# @pip --mirror=off x\n" .. PIP .. "install x\n" },

  -- credentials
  { name = "reads a pip.conf, which has the index", mirror = "tuna", input = "@pip --secret=pip x",
    output = ARG .. "# @pip --secret=pip x\n" .. RUN .. [[
    --mount=type=secret,id=pip,target=/run/secrets/pip,required=true \
    PIP_CONFIG_FILE=/run/secrets/pip PIP_ROOT_USER_ACTION=ignore pip install x
]] },
  { name = "lets another user read it", from = "node:22-bookworm",
    input = "USER node\n@pip --secret=pip x", output = [[
USER node
ARG TARGETARCH
RUN mkdir -p /home/node/.cache
# @pip --secret=pip x
RUN --mount=type=cache,id=pip-debian-bookworm-${TARGETARCH},target=/home/node/.cache/pip,sharing=shared,uid=1000,gid=1000 \
    --mount=type=secret,id=pip,target=/run/secrets/pip,required=true,uid=1000,gid=1000 \
    PIP_CONFIG_FILE=/run/secrets/pip pip install x
]] },
  { name = "has no secret without mounts", builder = "legacy", input = "@pip --secret=pip x",
    errors = { "1:1: error: the builder legacy can't mount a secret, as @pip asks [builder]" } },

  -- builders
  { name = "keeps nothing in the layer without mounts", builder = "legacy",
    input = "@pip -r requirements.txt", files = { ["requirements.txt"] = "flask\n" }, output = [[
# @pip -r requirements.txt
COPY requirements.txt requirements.txt
RUN PIP_ROOT_USER_ACTION=ignore pip install --no-cache-dir -r requirements.txt
]] },
  { name = "does so with the options and variables that others defeat the cache with",
    builder = "legacy", input = "ENV PIP_NO_CACHE_DIR=1\n@pip wheel --no-cache-dir -w /w x",
    output = [[
ENV PIP_NO_CACHE_DIR=1
# @pip wheel --no-cache-dir -w /w x
RUN PIP_ROOT_USER_ACTION=ignore pip wheel -w /w --no-cache-dir x
]] },
  { name = "works with Buildah, which wants absolute targets", builder = "buildah",
    input = "WORKDIR /app\n@pip download -d /w -r requirements.txt",
    files = { ["requirements.txt"] = "flask\n" },
    output = "WORKDIR /app\n" .. ARG .. "# @pip download -d /w -r requirements.txt\n" .. RUN .. [[
    --mount=type=bind,source=requirements.txt,target=/app/requirements.txt \
    PIP_ROOT_USER_ACTION=ignore pip download -d /w -r requirements.txt
]] },
  { name = "does the same where the configuration must not change", footprint = "none",
    mirror = "tuna", input = "@pip x", output = ARG .. "# @pip x\n" .. RUN .. [[
    PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple PIP_ROOT_USER_ACTION=ignore pip install x
]] },
}

dfc.test "pip3" {
  from = "python:3.12-slim-bookworm",
  { name = "runs pip3", input = "@pip3 flask",
    output = ARG .. "# @pip3 flask\n" .. RUN
      .. "    PIP_ROOT_USER_ACTION=ignore pip3 install flask\n" },
}

dfc.test "pip-cache" {
  from = "python:3.12-slim-bookworm",
  { name = "adds the mount and drops --no-cache-dir", input = "RUN pip install --no-cache-dir flask",
    warnings = { "1:5: warning: pip install has no cache mount [pip-cache]\n"
      .. "help: each build downloads all packages again\nhelp: dfc lint --fix mends it" },
    output = ARG .. RUN .. "    pip install flask\n" },
  { name = "drops --no-cache-dir behind a mount that is there",
    input = "ARG TARGETARCH\n" .. RUN .. "    pip install --no-cache-dir flask",
    warnings = { "3:5: warning: --no-cache-dir defeats the cache mount [pip-cache]" },
    output = ARG .. RUN .. "    pip install flask\n" },
  { name = "sees python -m pip among other commands", input = "RUN make && python3 -m pip install flask",
    warnings = { "1:13: warning: pip install has no cache mount" },
    output = ARG .. RUN .. "    make && python3 -m pip install flask\n" },
  { name = "leaves a quoted pip install alone", input = [[RUN echo "pip install x"]],
    output = "same" },
  { name = "leaves pip list alone", input = "RUN pip list", output = "same" },
  { name = "leaves a cache alone that was switched off on purpose",
    input = "ENV PIP_NO_CACHE_DIR=1\nRUN pip install flask", output = "same" },
  { name = "leaves the cache of an unknown user alone", input = "USER app\nRUN pip install flask",
    output = "same" },
  { name = "is silenced by a comment", input = "# dfc ignore=pip-cache\nRUN pip install flask",
    output = "same" },
}
