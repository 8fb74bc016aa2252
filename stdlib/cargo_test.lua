-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "cargo" {
  from = "rust:1.90",

  -- the command
  { name = "runs the command with the registry and the git checkouts",
    input = "@cargo build --release --locked",
    output = [[
# @cargo build --release --locked
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build --release --locked
]] },
  { name = "gives the command its environment",
    input = [[@cargo RUSTFLAGS="-C target-cpu=native" cargo build && strip target/debug/app]],
    output = [[
# @cargo RUSTFLAGS="-C target-cpu=native" cargo build && strip target/debug/app
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    RUSTFLAGS="-C target-cpu=native" cargo build && strip target/debug/app
]] },
  { name = "runs a script",
    input = [[
@cargo <<EOF
cargo fetch --locked
cargo build --offline
EOF]],
    output = [[
# @cargo <<EOF
# cargo fetch --locked
# cargo build --offline
# EOF
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    <<EOF
set -e
cargo fetch --locked
cargo build --offline
EOF
]] },
  { name = "takes the id and the sharing that are given",
    input = "@cargo --id=app --sharing=shared --out=/app build",
    output = [[
# @cargo --id=app --sharing=shared --out=/app build
RUN --mount=type=cache,id=app-registry,target=/usr/local/cargo/registry,sharing=shared \
    --mount=type=cache,id=app-git,target=/usr/local/cargo/git,sharing=shared \
    --mount=type=cache,id=app-target,target=/target,sharing=shared \
    export CARGO_TARGET_DIR=/target \
    && cargo build \
    && install -D /target/debug/app /app
]] },

  -- where the caches are, and whose
  { name = "finds them at home in other images", from = "debian:bookworm",
    input = "@cargo build",
    output = [[
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/root/.cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/root/.cargo/git,sharing=locked \
    cargo build
]] },
  { name = "follows CARGO_HOME",
    input = [[
ENV CARGO_HOME=/opt/cargo
@cargo build]],
    output = [[
ENV CARGO_HOME=/opt/cargo
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/opt/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/opt/cargo/git,sharing=locked \
    cargo build
]] },
  { name = "belongs to another user",
    input = [[
USER 1000
@cargo build]],
    output = [[
USER 1000
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked,uid=1000 \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked,uid=1000 \
    cargo build
]] },
  { name = "follows a user home", from = "debian:bookworm",
    input = [[
RUN useradd -u 1001 -m app
USER app
@cargo build]],
    output = [[
RUN useradd -u 1001 -m app
USER app
RUN mkdir -p /home/app/.cargo
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/home/app/.cargo/registry,sharing=locked,uid=1001 \
    --mount=type=cache,id=cargo-git,target=/home/app/.cargo/git,sharing=locked,uid=1001 \
    cargo build
]] },
  { name = "moves CARGO_HOME where no home is known", from = "debian:bookworm",
    input = [[
USER 1000
@cargo build]],
    output = [[
USER 1000
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/var/cache/dfc/cargo-home/registry,sharing=locked,uid=1000 \
    --mount=type=cache,id=cargo-git,target=/var/cache/dfc/cargo-home/git,sharing=locked,uid=1000 \
    CARGO_HOME=/var/cache/dfc/cargo-home cargo build
]] },
  { name = "asks for the uid of a user by name",
    input = [[
USER app
@cargo build]],
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @cargo --uid=1000 …, or a number in USER" } },
  { name = "does the same on Alpine", from = "rust:1.90-alpine3.22",
    input = "@cargo build",
    output = [[
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build
]] },
  { name = "is for Buildah as well", builder = "buildah",
    input = "@cargo build",
    output = [[
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build
]] },
  { name = "has no mounts without them", builder = "legacy",
    input = "@cargo build",
    output = [[
# @cargo build
RUN cargo build
]] },

  -- what defeats the caches
  { name = "warns of cargo clean",
    input = "@cargo build && cargo clean",
    output = [[
# @cargo build && cargo clean
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build && cargo clean
]],
    warnings = { "1:1: warning: what is compiled would be compiled again each time [defeats-cache]\nhelp: leave out 'cargo clean'" } },
  { name = "warns of an offline build",
    input = "@cargo build --frozen",
    output = [[
# @cargo build --frozen
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build --frozen
]],
    warnings = { "1:1: warning: --frozen fails where the cache mount does not hold all crates [needs-cache]\nhelp: write --locked, or fetch in the same command: @cargo fetch --locked && cargo build --offline" } },
  { name = "lets what was fetched be built offline",
    input = "@cargo fetch --locked && cargo build --offline",
    output = [[
# @cargo fetch --locked && cargo build --offline
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo fetch --locked && cargo build --offline
]] },
  { name = "lets vendored crates be built offline",
    files = { [".cargo/config.toml"] = [[
[source.crates-io]
replace-with = "vendored-sources"
]] },
    input = "@cargo build --frozen",
    output = [[
# @cargo build --frozen
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build --frozen
]] },

  -- --out
  { name = "copies a binary out of target",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = [[
WORKDIR /app
@cargo --out=/usr/local/bin/app build --release]],
    output = [[
WORKDIR /app
ARG TARGETARCH
# @cargo --out=/usr/local/bin/app build --release
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/app/target,sharing=locked \
    export CARGO_TARGET_DIR=/app/target \
    && cargo build --release \
    && install -D /app/target/release/app /usr/local/bin/app
]] },
  { name = "takes the project by its setting",
    input = [[
@set dfc.project = shop
@cargo --out=/out/app build -qr]],
    output = [[
ARG TARGETARCH
# @cargo --out=/out/app build -qr
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-shop-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build -qr \
    && install -D /target/release/app /out/app
]] },
  { name = "finds the name behind other keys",
    files = { ["Cargo.toml"] = [[
[workspace]
members = ["x"]

[package] # the app
version = "1.0"
name="my-app"
[dependencies]
]] },
    input = "@cargo --out=/app build",
    output = [[
ARG TARGETARCH
# @cargo --out=/app build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-my-app-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build \
    && install -D /target/debug/app /app
]] },
  { name = "does without a cache for a project without a name",
    files = { ["Cargo.toml"] = [=[
[workspace]
members = ["x"]

[[bin]]
name = "y"
]=] },
    input = "@cargo --out=/app build",
    output = [[
# @cargo --out=/app build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build \
    && install -D /target/debug/app /app
]],
    notes = { "1:1: note: the cache mount 'cargo-target' is left out: it is for one project, and the project's name is not known [unknown-project]\nhelp: write @set dfc.project = NAME, or give --id=NAME" } },
  { name = "copies several, from where it is said",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = "@cargo --out=/out/a,/out/b --out=release/libx.so:/out/ build --release --target x86_64-unknown-linux-musl",
    output = [[
ARG TARGETARCH
# @cargo --out=/out/a,/out/b --out=release/libx.so:/out/ build --release --target x86_64-unknown-linux-musl
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build --release --target x86_64-unknown-linux-musl \
    && install -D /target/x86_64-unknown-linux-musl/release/a /out/a \
    && install -D /target/x86_64-unknown-linux-musl/release/b /out/b \
    && install -D /target/release/libx.so /out/libx.so
]] },
  { name = "looks at the command that builds",
    input = [[
@cargo --out=/a fetch && cargo build --release -p a && rm -r x
@cargo --out=/a install --path .
@cargo --out=/a build -p server]],
    output = [[
# @cargo --out=/a fetch && cargo build --release -p a && rm -r x
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo fetch && cargo build --release -p a && rm -r x \
    && install -D /target/release/a /a
# @cargo --out=/a install --path .
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo install --path . \
    && install -D /target/release/a /a
# @cargo --out=/a build -p server
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build -p server \
    && install -D /target/debug/a /a
]],
    notes = { "1:1: note: the cache mount 'cargo-target' is left out: it is for one project, and the project's name is not known [unknown-project]\nhelp: write @set dfc.project = NAME, or give --id=NAME" } },
  { name = "knows profiles",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = [[
@cargo --out=/a build --profile dist
@cargo --out=/b build --profile=dev]],
    output = [[
ARG TARGETARCH
# @cargo --out=/a build --profile dist
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build --profile dist \
    && install -D /target/dist/a /a
# @cargo --out=/b build --profile=dev
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build --profile=dev \
    && install -D /target/debug/b /b
]] },
  { name = "knows the target of ENV, and leaves variables to the shell",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = [[
ENV CARGO_BUILD_TARGET=wasm32-wasip1
ARG P
@cargo --out=/$P/app build --profile $P]],
    output = [[
ENV CARGO_BUILD_TARGET=wasm32-wasip1
ARG P
ARG TARGETARCH
# @cargo --out=/$P/app build --profile $P
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build --profile $P \
    && install -D "/target/wasm32-wasip1/$P/app" "/$P/app"
]] },
  { name = "follows CARGO_TARGET_DIR",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = [[
ENV CARGO_TARGET_DIR=/target
@cargo --out=/app build]],
    output = [[
ENV CARGO_TARGET_DIR=/target
ARG TARGETARCH
# @cargo --out=/app build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    cargo build \
    && install -D /target/debug/app /app
]] },
  { name = "does not follow a relative CARGO_TARGET_DIR",
    input = [[
ENV CARGO_TARGET_DIR=build
@cargo --id=x --out=/app build]],
    output = [[
ENV CARGO_TARGET_DIR=build
# @cargo --id=x --out=/app build
RUN --mount=type=cache,id=x-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=x-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=x-target,target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build \
    && install -D /target/debug/app /app
]] },
  { name = "keeps the compiled of another user apart",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = [[
WORKDIR /home/x
USER 1000
@cargo --out=/tmp/app build]],
    output = [[
WORKDIR /home/x
USER 1000
ARG TARGETARCH
# @cargo --out=/tmp/app build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked,uid=1000 \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked,uid=1000 \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/home/x/target,sharing=locked,uid=1000 \
    export CARGO_TARGET_DIR=/home/x/target \
    && cargo build \
    && install -D /home/x/target/debug/app /tmp/app
]] },
  { name = "names an unknown image", from = "corp.example/rust:3",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = "@cargo --out=/app build",
    output = [[
ARG TARGETARCH
# @cargo --out=/app build
RUN --mount=type=cache,id=cargo-registry,target=/root/.cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/root/.cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-corp.example-rust-3-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build \
    && install -D /target/debug/app /app
]] },
  { name = "removes what is compiled without mounts", builder = "legacy",
    input = [[
WORKDIR /app
@cargo --out=/bin/app build --release]],
    output = [[
WORKDIR /app
# @cargo --out=/bin/app build --release
RUN export CARGO_TARGET_DIR=/app/target \
    && cargo build --release \
    && install -D /app/target/release/app /bin/app \
    && rm -rf /app/target
]] },
  { name = "copies what is compiled by another user", builder = "buildah",
    input = [[
WORKDIR /app
@cargo --id=x --out=out/app build]],
    output = [[
WORKDIR /app
# @cargo --id=x --out=out/app build
RUN --mount=type=cache,id=x-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=x-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=x-target,target=/app/target,sharing=locked \
    export CARGO_TARGET_DIR=/app/target \
    && cargo build \
    && install -D /app/target/debug/app out/app
]] },
  { name = "does not take a source for it",
    input = "@cargo --out=target/release/app build",
    errors = { "1:14: error: --out must name where the binary goes, found 'target/release/app' [bad-value]\nhelp: target/ is in a cache mount: write --out=/usr/local/bin/NAME" } },
  { name = "does not take a directory for it",
    input = "@cargo --out=/out/ build",
    errors = { "1:14: error: --out must name where the binary goes, found '/out/' [bad-value]\nhelp: target/ is in a cache mount: write --out=/usr/local/bin/NAME" } },
  { name = "can not copy behind a script",
    input = [[
@cargo --out=/app <<EOF
cargo build
EOF]],
    errors = { "1:14: error: --out can't be given with a heredoc\nhelp: give the command in one line: @cargo --out=/usr/local/bin/NAME build --release" } },
  { name = "can not copy behind an operator",
    input = "@cargo --out=/app build;",
    errors = { "1:14: error: --out can't copy behind this command\nhelp: leave out the operator or comment at its end" } },
  { name = "can not copy from another directory",
    input = "@cargo --out=/app build --target-dir=/x",
    errors = { "1:14: error: --out and --target-dir can't both be given\nhelp: target/ is in a cache mount; ENV CARGO_TARGET_DIR moves it" } },
  { name = "makes the name of a project fit for an id",
    input = [[
@set dfc.project = a b
@cargo --out=/app build]],
    output = [[
ARG TARGETARCH
# @cargo --out=/app build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-a-b-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build \
    && install -D /target/debug/app /app
]] },
  { name = "warns of removing target",
    files = { ["Cargo.toml"] = [[
[package]
name = "demo"
version = "0.1.0"
]] },
    input = "@cargo --out=/app build && rm -rf target",
    output = [[
ARG TARGETARCH
# @cargo --out=/app build && rm -rf target
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=cargo-target-demo-debian-trixie-${TARGETARCH},target=/target,sharing=locked \
    export CARGO_TARGET_DIR=/target \
    && cargo build && rm -rf target \
    && install -D /target/debug/app /app
]],
    warnings = { "1:1: warning: what is compiled would be compiled again each time [defeats-cache]\nhelp: leave out 'rm -rf target'" } },

  -- later RUNs
  { name = "tells of cargo without the mounts",
    input = [[
@cargo fetch --locked
RUN cargo build --offline
RUN cargo +nightly fmt && cargo --version]],
    output = [[
# @cargo fetch --locked
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo fetch --locked
RUN cargo build --offline
RUN cargo +nightly fmt && cargo --version
]],
    notes = { "2:5: note: 'cargo' runs without the cache at /usr/local/cargo/registry and /usr/local/cargo/git, which @cargo has filled: it is not in the image [in-place-cache]\nhelp: write @cargo in place of RUN cargo" } },

  -- sccache
  { name = "compiles by sccache",
    input = "@cargo --launcher=sccache build",
    output = [[
ARG TARGETARCH
# @cargo --launcher=sccache build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    CARGO_INCREMENTAL=0 RUSTC_WRAPPER=sccache SCCACHE_DIR=/var/cache/dfc/sccache cargo build
]] },
  { name = "compiles by sccache as a setting says",
    input = [[
@set cargo.launcher = sccache
@cargo build
@cargo --launcher=none test]],
    output = [[
ARG TARGETARCH
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    CARGO_INCREMENTAL=0 RUSTC_WRAPPER=sccache SCCACHE_DIR=/var/cache/dfc/sccache cargo build
# @cargo --launcher=none test
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo test
]] },
  { name = "needs no sccache without mounts", builder = "legacy",
    input = "@cargo --launcher=sccache build",
    output = [[
# @cargo --launcher=sccache build
RUN cargo build
]] },

  -- mirrors
  { name = "finds the mirror of crates above all directories", mirror = "tuna",
    input = [[
FROM rust:1.90
@cargo build
@cargo install cargo-chef
]],
    output = [[

FROM scratch AS crates-mirrors.tuna.tsinghua.edu.cn-crates.io-index
COPY <<EOF /config.toml
[source.crates-io]
replace-with = "dfc"
[source.dfc]
registry = "sparse+https://mirrors.tuna.tsinghua.edu.cn/crates.io-index/"
EOF

FROM rust:1.90
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=bind,from=crates-mirrors.tuna.tsinghua.edu.cn-crates.io-index,target=/.cargo \
    RUSTUP_DIST_SERVER=https://mirrors.tuna.tsinghua.edu.cn/rustup RUSTUP_UPDATE_ROOT=https://mirrors.tuna.tsinghua.edu.cn/rustup/rustup cargo build
# @cargo install cargo-chef
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=bind,from=crates-mirrors.tuna.tsinghua.edu.cn-crates.io-index,target=/.cargo \
    RUSTUP_DIST_SERVER=https://mirrors.tuna.tsinghua.edu.cn/rustup RUSTUP_UPDATE_ROOT=https://mirrors.tuna.tsinghua.edu.cn/rustup/rustup cargo install cargo-chef
]] },
  { name = "takes the URL of an index",
    input = [[
FROM rust:1.90
@cargo --mirror=http://nexus.corp.example:8081/cargo/ build
@cargo --mirror=https://x.example/i build
]],
    output = [[

FROM scratch AS crates-nexus.corp.example-8081-cargo
COPY <<EOF /config.toml
[source.crates-io]
replace-with = "dfc"
[source.dfc]
registry = "sparse+http://nexus.corp.example:8081/cargo/"
EOF

FROM scratch AS crates-x.example-i
COPY <<EOF /config.toml
[source.crates-io]
replace-with = "dfc"
[source.dfc]
registry = "sparse+https://x.example/i/"
EOF

FROM rust:1.90
# @cargo --mirror=http://nexus.corp.example:8081/cargo/ build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=bind,from=crates-nexus.corp.example-8081-cargo,target=/.cargo \
    cargo build
# @cargo --mirror=https://x.example/i build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=bind,from=crates-x.example-i,target=/.cargo \
    cargo build
]] },
  { name = "leaves the mirror out once", mirror = "tuna",
    input = "@cargo --mirror=off build",
    output = [[
# @cargo --mirror=off build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build
]] },
  { name = "leaves the mirror out of an old cargo", from = "rust:1.67", mirror = "ustc",
    input = "@cargo build",
    output = [[
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    RUSTUP_DIST_SERVER=https://mirrors.ustc.edu.cn/rust-static RUSTUP_UPDATE_ROOT=https://mirrors.ustc.edu.cn/rust-static/rustup cargo build
]],
    warnings = { "1:1: warning: the mirror of crates is left out [mirror-left-out]\nnote: sparse registries came with Rust 1.68" } },
  { name = "makes the file in the RUN without mounts", mirror = "tuna", builder = "legacy",
    input = "@cargo build",
    output = [[
# @cargo build
RUN export RUSTUP_DIST_SERVER=https://mirrors.tuna.tsinghua.edu.cn/rustup RUSTUP_UPDATE_ROOT=https://mirrors.tuna.tsinghua.edu.cn/rustup/rustup \
    && mkdir /.cargo \
    && printf '%s\n' '[source.crates-io]' \
        'replace-with = "dfc"' \
        '[source.dfc]' \
        'registry = "sparse+https://mirrors.tuna.tsinghua.edu.cn/crates.io-index/"' \
        > /.cargo/config.toml \
    && cargo build \
    && rm -r /.cargo
]] },
  { name = "can not make it as another user", mirror = "ustc", builder = "legacy",
    input = [[
USER 1000
@cargo build]],
    output = [[
USER 1000
# @cargo build
RUN RUSTUP_DIST_SERVER=https://mirrors.ustc.edu.cn/rust-static RUSTUP_UPDATE_ROOT=https://mirrors.ustc.edu.cn/rust-static/rustup cargo build
]],
    warnings = { "2:1: warning: the mirror of crates is left out [mirror-left-out]\nnote: without mounts only root can put it where cargo looks" } },
  { name = "does not hide the configuration of a project in /", mirror = "tuna",
    files = { [".cargo/config.toml"] = [[
[net]
]] },
    input = "@cargo --mirror=https://x.example/ build",
    output = [[
# @cargo --mirror=https://x.example/ build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    cargo build
]],
    warnings = { "1:1: warning: the mirror of crates is left out [mirror-left-out]\nnote: in / the project's own .cargo would be hidden: write WORKDIR above it" } },
  { name = "can not leave the mirror of crates to docker build",
    input = [[
@set dfc.mirror-arg = CRATES=crates
@cargo build
@cargo --mirror=off build]],
    errors = { "2:1: error: @cargo can't take its mirror from ARG CRATES: it puts it into a file [mirror-arg]\nhelp: name a mirror for this directive: --mirror=NAME, or off" } },
  { name = "leaves that of rustup to docker build",
    input = [[
@set dfc.mirror-arg = RUSTUP_DIST_SERVER
@cargo build]],
    output = [[
ARG RUSTUP_DIST_SERVER
# @cargo build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    if [ -n "$RUSTUP_DIST_SERVER" ]; then export RUSTUP_DIST_SERVER="${RUSTUP_DIST_SERVER}"; else unset RUSTUP_DIST_SERVER; fi \
    && cargo build
]] },

  -- secrets
  { name = "mounts credentials beside the caches",
    input = "@cargo --secret=crates build",
    output = [[
# @cargo --secret=crates build
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=cargo-git,target=/usr/local/cargo/git,sharing=locked \
    --mount=type=secret,id=crates,target=/usr/local/cargo/credentials.toml,required=true \
    cargo build
]] },
  { name = "has no secret without mounts", from = "debian:bookworm", builder = "legacy",
    input = [[
USER 1000
@cargo --secret=crates build]],
    errors = { "2:1: error: the builder legacy can't mount a secret, as @cargo asks [builder]\nhelp: a secret in a layer is no secret: use BuildKit" } },
  { name = "mounts credentials at home, for its user", from = "debian:bookworm",
    input = [[
ENV HOME=/home/app
USER 1000
@cargo --secret=crates build]],
    output = [[
ENV HOME=/home/app
USER 1000
RUN mkdir -p /home/app/.cargo
# @cargo --secret=crates build
RUN --mount=type=cache,id=cargo-registry,target=/home/app/.cargo/registry,sharing=locked,uid=1000 \
    --mount=type=cache,id=cargo-git,target=/home/app/.cargo/git,sharing=locked,uid=1000 \
    --mount=type=secret,id=crates,target=/home/app/.cargo/credentials.toml,required=true,uid=1000 \
    cargo build
]] },
}

dfc.test "rustup" {
  from = "rust:1.90",
  { name = "runs the command",
    input = "@rustup target add wasm32-wasip1",
    output = [[
# @rustup target add wasm32-wasip1
RUN rustup target add wasm32-wasip1
]] },
  { name = "loads from the mirror", mirror = "ustc",
    input = "@rustup component add clippy && cargo clippy",
    output = [[
# @rustup component add clippy && cargo clippy
RUN export RUSTUP_DIST_SERVER=https://mirrors.ustc.edu.cn/rust-static RUSTUP_UPDATE_ROOT=https://mirrors.ustc.edu.cn/rust-static/rustup \
    && rustup component add clippy && cargo clippy
]] },
  { name = "loads from the mirror that is given",
    input = "@rustup --mirror=https://rustup.corp.example show",
    output = [[
# @rustup --mirror=https://rustup.corp.example show
RUN RUSTUP_DIST_SERVER=https://rustup.corp.example RUSTUP_UPDATE_ROOT=https://rustup.corp.example/rustup rustup show
]] },
}
