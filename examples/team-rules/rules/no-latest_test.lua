local dfc = require "dfc.v1"

dfc.test "no-latest" {
  from = "debian:12",
  { name = "wants a version", input = "FROM debian\nFROM --platform=linux/arm64 debian:latest AS x",
    errors = { "1:6: error: 'debian' names no version [no-latest]\n"
                 .. "help: name one: NAME:TAG or NAME@sha256:DIGEST",
               "2:29: error: 'debian:latest' names no version" } },
  { name = "takes tags, digests and what it can't know", output = "same", input = [[
FROM debian:bookworm
FROM debian@sha256:65da53e895b30994fbb6125c4ad8ff2e7495afd3ccc2b779c4c09feb09679dcd
FROM ${IMAGE}
FROM scratch
]] },
  { name = "takes stages of the file", output = "same", input = [[
FROM debian:12 AS tools
FROM tools
]] },
}
