-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "playwright" {
  from = "node:22-bookworm",

  -- what is installed
  { name = "copies the browsers that are asked for into the image",
    input = "@playwright install chromium firefox --only-shell",
    output = [[
ARG TARGETARCH
# @playwright install chromium firefox --only-shell
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install --only-shell chromium firefox \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run --only-shell chromium firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "installs the default ones",
    input = "@playwright",
    output = [[
ARG TARGETARCH
# @playwright
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "keeps apt's lists out of the image",
    input = "@playwright install --with-deps chromium",
    output = [[
ARG TARGETARCH
# @playwright install --with-deps chromium
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    --mount=type=cache,id=apt-lists-debian-bookworm-${TARGETARCH},target=/var/lib/apt/lists,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install --with-deps chromium \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run chromium \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "runs the program of the Python package", from = "python:3.12-slim-bookworm",
    input = "@playwright install chromium",
    output = [[
ARG TARGETARCH
# @playwright install chromium
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && playwright install chromium \
    && mkdir -p /root/.cache/ms-playwright \
    && playwright install --dry-run chromium \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "runs that of a venv", from = "ubuntu:24.04",
    input = "ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH\n@playwright install webkit",
    output = [[
ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH
ARG TARGETARCH
# @playwright install webkit
RUN --mount=type=cache,id=playwright-ubuntu-noble-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && playwright install webkit \
    && mkdir -p /root/.cache/ms-playwright \
    && playwright install --dry-run webkit \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "runs another program",
    input = "@playwright --exe='pnpm exec playwright' chromium",
    output = [[
ARG TARGETARCH
# @playwright --exe='pnpm exec playwright' chromium
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && pnpm exec playwright install chromium \
    && mkdir -p /root/.cache/ms-playwright \
    && pnpm exec playwright install --dry-run chromium \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "refuses what is none",
    input = "@playwright --exe='npx playwright; true' chromium",
    errors = { "1:1: error: --exe must be a program, found 'npx playwright; true' [bad-value]" } },
  { name = "knows the browsers",
    input = "@playwright install chrmium",
    errors = { "1:21: error: browser must be one of chromium, chromium-headless-shell, chromium-tip-of-tree, chrome, chrome-beta, msedge, msedge-beta, msedge-dev, firefox, firefox-beta, webkit, ffmpeg, found 'chrmium' [bad-value]\nhelp: did you mean 'chromium'?" } },
  { name = "leaves an option out that defeats the cache",
    input = "@playwright install --force chromium",
    output = [[
ARG TARGETARCH
# @playwright install --force chromium
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install chromium \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run chromium \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]],
    warnings = { "1:21: warning: --force defeats the cache mount and is left out [defeats-cache]\nhelp: the cache is in a mount, it does not make the image larger" } },
  { name = "runs no tests",
    input = "@playwright test",
    errors = { "1:13: error: @playwright does not do 'test' [unsupported-verb]\nhelp: write RUN npx playwright test" } },
  { name = "installs no packages alone",
    input = "@playwright install-deps chromium",
    errors = { "1:13: error: @playwright does not do 'install-deps' [unsupported-verb]\nhelp: write --with-deps, or RUN npx playwright install-deps" } },

  -- where the browsers are, and whose
  { name = "follows PLAYWRIGHT_BROWSERS_PATH",
    input = "ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright\n@playwright firefox",
    output = [[
ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright
ARG TARGETARCH
# @playwright firefox
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /ms-playwright
]] },
  { name = "knows where Playwright's images have them", from = "mcr.microsoft.com/playwright:v1.50.0-noble",
    input = "@playwright firefox",
    output = [[
ARG TARGETARCH
# @playwright firefox
RUN --mount=type=cache,id=playwright-ubuntu-noble-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /ms-playwright
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@playwright firefox",
    output = [[
ENV XDG_CACHE_HOME=/cache
ARG TARGETARCH
# @playwright firefox
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /cache/ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /cache/ms-playwright
]] },
  { name = "installs for another user",
    input = "USER node\n@playwright install --with-deps firefox",
    output = [[
USER node
ARG TARGETARCH
# @playwright install --with-deps firefox
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked,uid=1000,gid=1000 \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install --with-deps firefox \
    && mkdir -p /home/node/.cache/ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /home/node/.cache/ms-playwright
]] },
  { name = "needs a place for a user without a home",
    input = "USER 2000\n@playwright firefox",
    errors = { "2:1: error: it is not known where Playwright keeps its browsers [unknown-home]\nhelp: write ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright above it" } },
  { name = "installs for a user without a home",
    input = "USER 2000\nENV PLAYWRIGHT_BROWSERS_PATH=/tmp/browsers\n@playwright firefox",
    output = [[
USER 2000
ENV PLAYWRIGHT_BROWSERS_PATH=/tmp/browsers
ARG TARGETARCH
# @playwright firefox
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked,uid=2000 \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /tmp/browsers \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /tmp/browsers
]] },
  { name = "has no cache for browsers in the package",
    input = "ENV PLAYWRIGHT_BROWSERS_PATH=0\n@playwright firefox",
    output = [[
ENV PLAYWRIGHT_BROWSERS_PATH=0
# @playwright firefox
RUN npx playwright install firefox
]],
    notes = { "2:1: note: browsers in the package itself are downloaded by each build\nhelp: write ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright in place of 0" } },
  { name = "needs an absolute path",
    input = "ENV PLAYWRIGHT_BROWSERS_PATH=browsers\n@playwright firefox",
    errors = { "2:1: error: it is not known where Playwright keeps its browsers [unknown-home]\nhelp: write ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright above it" } },
  { name = "needs a path that the shell takes as it is",
    input = "ENV PLAYWRIGHT_BROWSERS_PATH=\"/my browsers\"\n@playwright firefox",
    errors = { "2:1: error: it is not known where Playwright keeps its browsers [unknown-home]\nhelp: write ENV PLAYWRIGHT_BROWSERS_PATH=/ms-playwright above it" } },
  { name = "can't use musl", from = "node:22-alpine",
    input = "@playwright firefox",
    errors = { "1:1: error: Playwright's browsers need glibc, node:22-alpine has musl [wrong-libc]\nhelp: use an image of Debian or Ubuntu" } },
  { name = "asks for the uid of a user by name",
    input = "USER app\nENV PLAYWRIGHT_BROWSERS_PATH=/b\n@playwright firefox",
    errors = { "3:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @playwright --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given",
    input = "@playwright --id=app --sharing=shared firefox",
    output = [[
# @playwright --id=app --sharing=shared firefox
RUN --mount=type=cache,id=app,target=/var/cache/dfc/playwright,sharing=shared \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },

  -- builders and mirrors
  { name = "installs in place without mounts", builder = "legacy",
    input = "@playwright install --with-deps chromium",
    output = [[
# @playwright install --with-deps chromium
RUN npx playwright install --with-deps chromium \
    && rm -rf /var/lib/apt/lists/*
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@playwright install --with-deps chromium",
    output = [[
ARG TARGETARCH
# @playwright install --with-deps chromium
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    --mount=type=cache,id=apt-lists-debian-bookworm-${TARGETARCH},target=/var/lib/apt/lists,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install --with-deps chromium \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run chromium \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "takes a host by its URL",
    input = "@playwright --mirror=https://playwright.example firefox",
    output = [[
ARG TARGETARCH
# @playwright --mirror=https://playwright.example firefox
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_DOWNLOAD_HOST=https://playwright.example PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
  { name = "does without a mirror that has no browsers", mirror = "tuna",
    input = "@playwright firefox",
    output = [[
ARG TARGETARCH
# @playwright firefox
RUN --mount=type=cache,id=playwright-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/playwright,sharing=locked \
    export PLAYWRIGHT_BROWSERS_PATH=/var/cache/dfc/playwright PLAYWRIGHT_SKIP_BROWSER_GC=1 \
    && npx playwright install firefox \
    && mkdir -p /root/.cache/ms-playwright \
    && npx playwright install --dry-run firefox \
    | sed -n 's|^ *Install location: *\(/.*\)|\1|p' | xargs cp -a -t /root/.cache/ms-playwright
]] },
}
