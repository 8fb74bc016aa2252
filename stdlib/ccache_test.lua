-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "cmake" {

  -- the command
  { name = "compiles by ccache",
    input = "@cmake -S . -B build -DCMAKE_BUILD_TYPE=Release",
    output = [[
ARG TARGETARCH
# @cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
]] },
  { name = "takes options of cmake for the command",
    input = "@cmake --build build -j4 && cmake --install build --prefix /out",
    output = [[
ARG TARGETARCH
# @cmake --build build -j4 && cmake --install build --prefix /out
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build -j4 && cmake --install build --prefix /out
]] },
  { name = "knows a pasted cmake and the environment of the command",
    input = "@cmake CXXFLAGS=-O3 cmake -B build -G Ninja",
    output = [[
ARG TARGETARCH
# @cmake CXXFLAGS=-O3 cmake -B build -G Ninja
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && CXXFLAGS=-O3 cmake -B build -G Ninja
]] },
  { name = "runs a script",
    input = [[
@cmake <<EOF
cmake -B build
cmake --build build
EOF]],
    output = [[
ARG TARGETARCH
# @cmake <<EOF
# cmake -B build
# cmake --build build
# EOF
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    <<EOF
set -e
export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
cmake -B build
cmake --build build
EOF
]] },
  { name = "takes the id and the sharing that are given",
    input = "@cmake --id=app --sharing=locked --build build",
    output = [[
# @cmake --id=app --sharing=locked --build build
RUN --mount=type=cache,id=app,target=/var/cache/dfc/ccache,sharing=locked \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]] },

  -- the compiler cache
  { name = "compiles by sccache",
    input = "@cmake --launcher=sccache -B build",
    output = [[
ARG TARGETARCH
# @cmake --launcher=sccache -B build
RUN --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export CMAKE_CXX_COMPILER_LAUNCHER=sccache CMAKE_C_COMPILER_LAUNCHER=sccache SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache --version > /dev/null \
    && cmake -B build
]] },
  { name = "compiles by what a setting says",
    input = [[
@set cmake.launcher = sccache
@cmake -B build
@set cmake.launcher = none
@cmake -B build]],
    output = [[
ARG TARGETARCH
# @cmake -B build
RUN --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export CMAKE_CXX_COMPILER_LAUNCHER=sccache CMAKE_C_COMPILER_LAUNCHER=sccache SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache --version > /dev/null \
    && cmake -B build
# @cmake -B build
RUN cmake -B build
]] },
  { name = "compiles by what ENV says",
    input = [[
ENV CMAKE_C_COMPILER_LAUNCHER=/usr/bin/sccache CMAKE_CXX_COMPILER_LAUNCHER=/usr/bin/sccache
@cmake -B build]],
    output = [[
ENV CMAKE_C_COMPILER_LAUNCHER=/usr/bin/sccache CMAKE_CXX_COMPILER_LAUNCHER=/usr/bin/sccache
ARG TARGETARCH
# @cmake -B build
RUN --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache --version > /dev/null \
    && cmake -B build
]] },
  { name = "compiles CUDA by it, too", from = "nvidia/cuda:12.6.2-devel-ubuntu24.04",
    input = "@cmake -B build",
    output = [[
ARG TARGETARCH
# @cmake -B build
RUN --mount=type=cache,id=ccache-ubuntu-noble-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CUDA_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake -B build
]] },
  { name = "knows no other compiler cache",
    input = "@cmake --launcher=distcc -B build",
    errors = { "1:19: error: --launcher must be one of ccache, sccache, none, found 'distcc' [bad-value]" } },
  { name = "keeps sources for CPM",
    input = [[
@cmake --cpm --id=x -B build
ENV CPM_SOURCE_CACHE=/cpm
@cmake --cpm --launcher=none -B build]],
    output = [[
# @cmake --cpm --id=x -B build
RUN --mount=type=cache,id=x-cpm,target=/var/cache/dfc/cpm,sharing=locked \
    --mount=type=cache,id=x,target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache CPM_SOURCE_CACHE=/var/cache/dfc/cpm \
    && ccache --version > /dev/null \
    && cmake -B build
ENV CPM_SOURCE_CACHE=/cpm
# @cmake --cpm --launcher=none -B build
RUN --mount=type=cache,id=cpm,target=/cpm,sharing=locked \
    cmake -B build
]] },
  { name = "tells of sources for CPM that a later RUN will miss",
    input = [[
@cmake --cpm --launcher=none -B build
RUN cmake --build build
RUN cmake --install build]],
    output = [[
# @cmake --cpm --launcher=none -B build
RUN --mount=type=cache,id=cpm,target=/var/cache/dfc/cpm,sharing=locked \
    CPM_SOURCE_CACHE=/var/cache/dfc/cpm cmake -B build
RUN cmake --build build
RUN cmake --install build
]],
    notes = { "2:5: note: 'cmake' runs without the cache at /var/cache/dfc/cpm, which @cmake has filled: it is not in the image [in-place-cache]\nhelp: write @cmake in place of RUN cmake" } },

  -- where it is, and whose
  { name = "follows CCACHE_DIR",
    input = [[
ENV CCACHE_DIR=/ccache
@cmake --build build]],
    output = [[
ENV CCACHE_DIR=/ccache
ARG TARGETARCH
# @cmake --build build
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/ccache,sharing=shared \
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]] },
  { name = "is at the same place for another user",
    input = [[
USER 1000:100
@cmake --build build]],
    output = [[
USER 1000:100
ARG TARGETARCH
# @cmake --build build
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared,uid=1000,gid=100 \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]] },
  { name = "tells distributions apart", from = "alpine:3.22",
    input = "@cmake --build build",
    output = [[
ARG TARGETARCH
# @cmake --build build
RUN --mount=type=cache,id=ccache-alpine-3.22-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]] },
  { name = "tells C libraries apart for sccache", from = "alpine:3.22",
    input = "@cmake --launcher=sccache --build build",
    output = [[
ARG TARGETARCH
# @cmake --launcher=sccache --build build
RUN --mount=type=cache,id=sccache-musl-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export CMAKE_CXX_COMPILER_LAUNCHER=sccache CMAKE_C_COMPILER_LAUNCHER=sccache SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache --version > /dev/null \
    && cmake --build build
]] },
  { name = "names the architecture that a stage for building has", from = "--platform=$BUILDPLATFORM debian:bookworm",
    input = "@cmake --build build",
    output = [[
ARG BUILDARCH
# @cmake --build build
RUN --mount=type=cache,id=ccache-debian-bookworm-${BUILDARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]] },
  { name = "asks for the uid of a user by name",
    input = [[
USER app
@cmake --build build]],
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @cmake --uid=1000 …, or a number in USER" } },

  -- builders
  { name = "is for Buildah as well", builder = "buildah",
    input = "@cmake --build build",
    output = [[
ARG TARGETARCH
# @cmake --build build
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]] },
  { name = "does without a compiler cache without mounts", builder = "legacy",
    input = "@cmake --cpm -B build",
    output = [[
# @cmake --cpm -B build
RUN cmake -B build
]] },

  -- what defeats it
  { name = "warns of clearing it",
    input = "@cmake --build build && ccache --clear",
    output = [[
ARG TARGETARCH
# @cmake --build build && ccache --clear
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build && ccache --clear
]],
    warnings = { "1:1: warning: 'ccache --clear' defeats the compiler cache [defeats-cache]\nhelp: leave it out: the cache is in a mount, not in the image" } },
  { name = "warns of ENV that switches it off",
    input = [[
ENV CCACHE_DISABLE=1
@cmake --build build]],
    output = [[
ENV CCACHE_DISABLE=1
ARG TARGETARCH
# @cmake --build build
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache \
    && ccache --version > /dev/null \
    && cmake --build build
]],
    warnings = { "2:1: warning: ENV CCACHE_DISABLE switches the compiler cache off [defeats-cache]" } },
}

dfc.test "make" {

  -- the command
  { name = "needs no arguments",
    input = "@make",
    output = [[
ARG TARGETARCH
# @make
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && make
]] },
  { name = "finds the links to ccache first",
    input = [[@make -j"$(nproc)" && make install]],
    output = [[
ARG TARGETARCH
# @make -j"$(nproc)" && make install
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && make -j"$(nproc)" && make install
]] },
  { name = "knows a pasted make and the environment of the command",
    input = "@make CFLAGS=-O3 make V=1",
    output = [[
ARG TARGETARCH
# @make CFLAGS=-O3 make V=1
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && CFLAGS=-O3 make V=1
]] },
  { name = "runs a script, such as for configure",
    input = [[
@make <<EOF
./configure --prefix=/usr
make -j4
make install
EOF]],
    output = [[
ARG TARGETARCH
# @make <<EOF
# ./configure --prefix=/usr
# make -j4
# make install
# EOF
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    <<EOF
set -e
export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH"
./configure --prefix=/usr
make -j4
make install
EOF
]] },
  { name = "hands variables to make",
    input = [[
@make --launcher=none PREFIX=/usr DESTDIR="$D" install
@make --launcher=none --env=V=1 CC=clang
@make --launcher=none V=1 make CC=clang
@make --launcher=none V=1]],
    output = [[
# @make --launcher=none PREFIX=/usr DESTDIR="$D" install
RUN make PREFIX=/usr DESTDIR="$D" install
# @make --launcher=none --env=V=1 CC=clang
RUN V=1 make CC=clang
# @make --launcher=none V=1 make CC=clang
RUN V=1 make CC=clang
# @make --launcher=none V=1
RUN make V=1
]] },
  { name = "runs another make",
    input = "@make --exe=gmake all",
    output = [[
ARG TARGETARCH
# @make --exe=gmake all
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && gmake all
]] },
  { name = "compiles by sccache",
    input = "@make --launcher=sccache all",
    output = [[
ARG TARGETARCH
# @make --launcher=sccache all
RUN --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export CC='sccache cc' CXX='sccache c++' SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache --version > /dev/null \
    && make all
]] },
  { name = "compiles the compiler of ENV by sccache",
    input = [[
ENV CC=clang CXX=clang++
@set make.launcher = sccache
@make]],
    output = [[
ENV CC=clang CXX=clang++
ARG TARGETARCH
# @make
RUN --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export CC='sccache clang' CXX='sccache clang++' SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache --version > /dev/null \
    && make
]] },
  { name = "can do without",
    input = "@make --launcher=none docs",
    output = [[
# @make --launcher=none docs
RUN make docs
]] },
  { name = "does not take an option for one of dfc",
    input = [[
@make --silent all
@make --jobs=4]],
    output = [[
ARG TARGETARCH
# @make --silent all
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && make --silent all
# @make --jobs=4
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && make --jobs=4
]] },
  { name = "belongs to another user", from = "gcc:14",
    input = [[
USER 1000
@make]],
    output = [[
USER 1000
ARG TARGETARCH
# @make
RUN --mount=type=cache,id=ccache-gcc-14-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared,uid=1000 \
    export CCACHE_DIR=/var/cache/dfc/ccache PATH="/usr/lib/ccache:/usr/lib/ccache/bin:/usr/lib64/ccache:$PATH" \
    && ccache --version > /dev/null \
    && make
]] },
  { name = "does without a compiler cache without mounts", builder = "legacy",
    input = "@make -j4",
    output = [[
# @make -j4
RUN make -j4
]] },
}

dfc.test "ccache" {
  { name = "runs itself",
    input = [[
@ccache gcc -O2 -o /app main.c
@ccache --show-stats]],
    output = [[
ARG TARGETARCH
# @ccache gcc -O2 -o /app main.c
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    CCACHE_DIR=/var/cache/dfc/ccache ccache gcc -O2 -o /app main.c
# @ccache --show-stats
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared \
    CCACHE_DIR=/var/cache/dfc/ccache ccache --show-stats
]] },
  { name = "belongs to another user",
    input = [[
USER 1000
@ccache -s]],
    output = [[
USER 1000
ARG TARGETARCH
# @ccache -s
RUN --mount=type=cache,id=ccache-debian-bookworm-${TARGETARCH},target=/var/cache/dfc/ccache,sharing=shared,uid=1000 \
    CCACHE_DIR=/var/cache/dfc/ccache ccache -s
]] },
  { name = "is no compiler cache for make",
    input = [[
@ccache make -j4
@ccache ./configure
@ccache cmake -B build]],
    errors = { "1:1: error: ccache runs compilers, 'make' is none\nhelp: write @make --launcher=ccache …, or @cmake", "2:1: error: ccache runs compilers, './configure' is none\nhelp: write @make --launcher=ccache …, or @cmake", "3:1: error: ccache runs compilers, 'cmake' is none\nhelp: write @make --launcher=ccache …, or @cmake" } },
  { name = "has no cache without mounts", builder = "legacy",
    input = "@ccache gcc -c x.c",
    output = [[
# @ccache gcc -c x.c
RUN CCACHE_DISABLE=1 ccache gcc -c x.c
]] },
}

dfc.test "sccache" {
  { name = "runs itself",
    input = "@sccache sccache gcc -c main.c && sccache --show-stats",
    output = [[
ARG TARGETARCH
# @sccache sccache gcc -c main.c && sccache --show-stats
RUN --mount=type=cache,id=sccache-glibc-${TARGETARCH},target=/var/cache/dfc/sccache,sharing=locked \
    export SCCACHE_DIR=/var/cache/dfc/sccache \
    && sccache gcc -c main.c && sccache --show-stats
]] },
  { name = "is for one server at a time",
    input = "@sccache --id=x --show-stats",
    output = [[
# @sccache --id=x --show-stats
RUN --mount=type=cache,id=x,target=/var/cache/dfc/sccache,sharing=locked \
    SCCACHE_DIR=/var/cache/dfc/sccache sccache --show-stats
]] },
  { name = "keeps no cache without mounts", builder = "legacy",
    input = "@sccache gcc -c x.c",
    output = [[
# @sccache gcc -c x.c
RUN export SCCACHE_DIR=/tmp/sccache \
    && sccache gcc -c x.c \
    && rm -rf /tmp/sccache
]] },
}
