-- luacheck: no max line length
local dfc = require "dfc.v1"

local function mounts(build)
  return ([[
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-%s,target=/root/.cache/go-build,sharing=shared \
]]):format(build)
end

local GLIBC = mounts "glibc-${TARGETARCH}"
local ARG = "ARG TARGETARCH\n"

dfc.test "go" {
  from = "golang:1.25",

  -- the command
  { name = "runs the command in both caches", input = "@go build -o /app ./cmd/app",
    output = ARG .. "# @go build -o /app ./cmd/app\n" .. GLIBC
      .. "    go build -o /app ./cmd/app\n" },
  { name = "copies what belongs to the shell as it is",
    input = [[@go build -ldflags "-s -w -X main.version=$V" ./... && strip app]],
    output = ARG .. [[# @go build -ldflags "-s -w -X main.version=$V" ./... && strip app
]] .. GLIBC .. [[
    go build -ldflags "-s -w -X main.version=$V" ./... && strip app
]] },
  { name = "gives the command its environment", input = "@go CGO_ENABLED=0 GOOS=linux build",
    output = ARG .. "# @go CGO_ENABLED=0 GOOS=linux build\n" .. GLIBC
      .. "    CGO_ENABLED=0 GOOS=linux go build\n" },
  { name = "knows a pasted go", input = "@go CGO_ENABLED=0 go build",
    output = ARG .. "# @go CGO_ENABLED=0 go build\n" .. GLIBC .. "    CGO_ENABLED=0 go build\n" },
  { name = "runs a script", input = "@go <<EOF\ngo vet ./...\ngo build\nEOF",
    output = ARG .. "# @go <<EOF\n# go vet ./...\n# go build\n# EOF\n" .. GLIBC .. [[
    <<EOF
set -e
go vet ./...
go build
EOF
]] },
  { name = "leaves a script with its own interpreter alone",
    input = "@go <<EOF\n#!/bin/bash -eu\ngo build\nEOF",
    output = ARG .. "# @go <<EOF\n# #!/bin/bash -eu\n# go build\n# EOF\n" .. GLIBC .. [[
    <<EOF
#!/bin/bash -eu
go build
EOF
]] },
  { name = "can't give that script an environment", mirror = "aliyun",
    input = "@go <<EOF\n#!/bin/bash -eu\ngo build\nEOF",
    errors = { "1:1: error: the environment of @go (GOPROXY, GOSUMDB) can't be given to "
      .. "a script that begins with '#!'" } },

  -- where the caches are, and whose
  { name = "keeps what cgo compiled for musl apart", from = "golang:1.25-alpine3.20",
    input = "@go build",
    output = ARG .. "# @go build\n" .. mounts "musl-${TARGETARCH}" .. "    go build\n" },
  { name = "names the architecture that a stage for building has",
    from = "--platform=$BUILDPLATFORM golang:1.25", input = "@go build",
    output = "ARG BUILDARCH\n# @go build\n" .. mounts "glibc-${BUILDARCH}" .. "    go build\n" },
  { name = "declares no variable that is declared", input = "ARG TARGETARCH\n@go build",
    output = "ARG TARGETARCH\n# @go build\n" .. GLIBC .. "    go build\n" },
  { name = "finds the module cache below GOPATH", input = "ENV GOPATH=/code:/more\n@go build",
    output = [[
ENV GOPATH=/code:/more
ARG TARGETARCH
# @go build
RUN --mount=type=cache,id=go-mod,target=/code/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go build
]] },
  { name = "follows Go's own variables", input = "ENV GOMODCACHE=/m GOCACHE=/c\n@go build",
    output = [[
ENV GOMODCACHE=/m GOCACHE=/c
ARG TARGETARCH
# @go build
RUN --mount=type=cache,id=go-mod,target=/m,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/c,sharing=shared \
    go build
]] },
  { name = "has its module cache at home in other images", from = "debian:12", input = "@go build",
    output = [[
ARG TARGETARCH
# @go build
RUN --mount=type=cache,id=go-mod,target=/root/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go build
]] },
  { name = "lets a user without a home write", input = "USER 1000\n@go build", output = [[
USER 1000
ARG TARGETARCH
RUN mkdir -p /go/pkg
# @go build
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared,uid=1000 \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/var/cache/dfc/go-build,sharing=shared,uid=1000 \
    GOCACHE=/var/cache/dfc/go-build go build
]] },
  { name = "asks for the uid of a user by name", input = "USER app\n@go build",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]" } },
  { name = "uses the id and the sharing that are given",
    input = "@go --id=app --sharing=locked build", output = [[
# @go --id=app --sharing=locked build
RUN --mount=type=cache,id=app-mod,target=/go/pkg/mod,sharing=locked \
    --mount=type=cache,id=app-build,target=/root/.cache/go-build,sharing=locked \
    go build
]] },
  { name = "needs a POSIX shell", input = [[
SHELL ["pwsh", "-Command"]
@go build]],
    errors = { "2:1: error: @go needs a POSIX shell, SHELL has set another one" } },

  -- mirrors
  { name = "goes on to the next proxy after any failure", mirror = "cn", input = "@go build",
    output = ARG .. "# @go build\n" .. GLIBC .. [[
    GOPROXY='https://goproxy.cn|https://mirrors.aliyun.com/goproxy/|direct' GOSUMDB=sum.golang.google.cn go build
]] },
  { name = "separates proxies as Go before 1.15 wants it", from = "golang:1.14", mirror = "cn",
    input = "@go build",
    output = ARG .. "# @go build\n" .. GLIBC .. [[
    GOPROXY=https://goproxy.cn,https://mirrors.aliyun.com/goproxy/,direct GOSUMDB=sum.golang.google.cn go build
]] },
  { name = "takes a proxy by its URL", input = "@go --mirror=https://proxy.example mod download",
    output = ARG .. "# @go --mirror=https://proxy.example mod download\n" .. GLIBC .. [[
    GOPROXY='https://proxy.example|direct' go mod download
]] },
  { name = "can leave the mirror out once", mirror = "cn", input = "@go --mirror=off build",
    output = ARG .. "# @go --mirror=off build\n" .. GLIBC .. "    go build\n" },

  -- private modules
  { name = "keeps private modules from the proxies", mirror = "cn",
    input = "@go --private=git.corp.example,*.corp.example mod download",
    output = [[
ARG TARGETARCH
# @go --private=git.corp.example,*.corp.example mod download
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    GOPRIVATE='git.corp.example,*.corp.example' GOPROXY='https://goproxy.cn|https://mirrors.aliyun.com/goproxy/|direct' GOSUMDB=sum.golang.google.cn go mod download
]] },
  { name = "keeps them from the proxies as a setting says",
    input = [[
@set go.private = git.corp.example/*
@go --ssh build]],
    output = [[
ARG TARGETARCH
# @go --ssh build
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    --mount=type=ssh \
    GOPRIVATE='git.corp.example/*' go build
]] },
  { name = "mounts a .netrc at home",
    input = "@go --secret=netrc build",
    output = [[
ARG TARGETARCH
# @go --secret=netrc build
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    --mount=type=secret,id=netrc,target=/root/.netrc,required=true \
    go build
]] },
  { name = "mounts a .netrc for its user",
    input = [[
ENV HOME=/home/app
USER 1000
@go --secret=netrc build]],
    output = [[
ENV HOME=/home/app
USER 1000
ARG TARGETARCH
RUN mkdir -p /go/pkg
RUN mkdir -p /home/app/.cache
# @go --secret=netrc build
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared,uid=1000 \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/home/app/.cache/go-build,sharing=shared,uid=1000 \
    --mount=type=secret,id=netrc,target=/home/app/.netrc,required=true,uid=1000 \
    go build
]] },
  { name = "needs a home for a .netrc",
    input = [[
USER 1000
@go --secret=netrc build]],
    errors = { "2:1: error: the home of user '1000' is not known, a secret belongs there [unknown-home]\nhelp: write ENV HOME=/home/… above it" } },
  { name = "takes one proxy",
    input = "@go --mirror=https://a.example,https://b.example build",
    errors = { "1:14: error: 'https://a.example,https://b.example' is no URL of a mirror: http:// or https:// and no blanks, quotes or variables are expected [bad-value]" } },

  -- builders
  { name = "is for Buildah as well", builder = "buildah",
    input = "@go build",
    output = [[
ARG TARGETARCH
# @go build
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go build
]] },
  { name = "leaves no build cache in the layer", builder = "legacy",
    input = "@go build -o /app . && strip /app",
    output = [[
# @go build -o /app . && strip /app
RUN go build -o /app . && strip /app \
    && rm -rf /root/.cache/go-build
]] },
  { name = "leaves that of ENV in none", builder = "legacy",
    input = [[
ENV GOCACHE=/c
@go build]],
    output = [[
ENV GOCACHE=/c
# @go build
RUN go build \
    && rm -rf /c
]] },

  -- what defeats the caches
  { name = "warns of emptying them",
    input = [[
@go build ./... && go clean -cache -modcache
@go clean -modcache]],
    output = [[
ARG TARGETARCH
# @go build ./... && go clean -cache -modcache
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go build ./... && go clean -cache -modcache
# @go clean -modcache
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go clean -modcache
]],
    warnings = { "1:1: warning: 'go clean -cache -modcache' empties the cache mounts [defeats-cache]\nhelp: leave it out: the caches are in mounts, not in the image", "2:1: warning: 'go clean -modcache' empties the cache mounts [defeats-cache]\nhelp: leave it out: the caches are in mounts, not in the image" } },
  { name = "warns of removing them",
    input = "@go build && rm -rf /root/.cache/go-build /tmp/x",
    output = [[
ARG TARGETARCH
# @go build && rm -rf /root/.cache/go-build /tmp/x
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go build && rm -rf /root/.cache/go-build /tmp/x
]],
    warnings = { "1:1: warning: 'rm -rf /root/.cache/go-build' empties the cache mounts [defeats-cache]\nhelp: leave it out: the caches are in mounts, not in the image" } },
  { name = "does not warn of other cleaning",
    input = "@go clean ./... && rm -rf /go/src",
    output = [[
ARG TARGETARCH
# @go clean ./... && rm -rf /go/src
RUN --mount=type=cache,id=go-mod,target=/go/pkg/mod,sharing=shared \
    --mount=type=cache,id=go-build-glibc-${TARGETARCH},target=/root/.cache/go-build,sharing=shared \
    go clean ./... && rm -rf /go/src
]] },
}
