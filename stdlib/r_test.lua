-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "r" {
  from = "r-base:4.5.1",

  -- the command
  { name = "installs by pak",
    input = "@r dplyr ggplot2@3.5.0 r-lib/cli",
    output = [[
ARG TARGETARCH
# @r dplyr ggplot2@3.5.0 r-lib/cli
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr ggplot2@3.5.0 r-lib/cli
]] },
  { name = "takes a list",
    input = [[
@r install <<PKGS
dplyr   # data
bioc::limma
PKGS]],
    output = [[
ARG TARGETARCH
# @r install <<PKGS
# dplyr   # data
# bioc::limma
# PKGS
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr bioc::limma
]] },
  { name = "hands on what the shell would read otherwise, and variables",
    input = "@r any::dplyr? $PKGS url::https://x.example/a.tar.gz",
    output = [[
ARG TARGETARCH
# @r any::dplyr? $PKGS url::https://x.example/a.tar.gz
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    'any::dplyr?' \
    $PKGS \
    url::https://x.example/a.tar.gz
]] },
  { name = "installs into a library, and upgrades",
    input = [[@r --lib="/opt/my lib" --upgrade dplyr]],
    output = [[
ARG TARGETARCH
# @r --lib="/opt/my lib" --upgrade dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), lib = "/opt/my lib", upgrade = TRUE, ask = FALSE)' \
    dplyr
]] },
  { name = "installs pak by what R has",
    input = [[
@r --installer=base pak
@r --installer=base --lib=/opt/r pak]],
    output = [[
# @r --installer=base pak
RUN Rscript -e 'p <- commandArgs(TRUE); install.packages(p); stopifnot(p %in% rownames(installed.packages()))' \
    pak
# @r --installer=base --lib=/opt/r pak
RUN Rscript -e 'p <- commandArgs(TRUE); install.packages(p, lib = "/opt/r"); stopifnot(p %in% rownames(installed.packages("/opt/r")))' \
    pak
]] },
  { name = "takes the installer of a setting",
    input = [[
@set r.installer = base
@r jsonlite]],
    output = [[
# @r jsonlite
RUN Rscript -e 'p <- commandArgs(TRUE); install.packages(p); stopifnot(p %in% rownames(installed.packages()))' \
    jsonlite
]] },
  { name = "runs another R",
    input = "@r --exe=/opt/R/4.4/bin/Rscript dplyr",
    output = [[
ARG TARGETARCH
# @r --exe=/opt/R/4.4/bin/Rscript dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    /opt/R/4.4/bin/Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "takes the id and the sharing that are given",
    input = "@r --id=x --sharing=shared dplyr",
    output = [[
# @r --id=x --sharing=shared dplyr
RUN --mount=type=cache,id=x,target=/root/.cache/R/pkgcache,sharing=shared \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "needs a package",
    input = "@r install",
    errors = { "1:1: error: @r needs a package [missing-argument]" } },
  { name = "knows no other installer",
    input = "@r --installer=conda dplyr",
    errors = { "1:16: error: --installer must be one of pak, base, found 'conda' [bad-value]" } },

  -- where the cache is, and whose
  { name = "is in the user cache of R",
    input = [[
ENV R_USER_CACHE_DIR=/rcache
@r dplyr
ENV R_PKG_CACHE_DIR=/pak
@r dplyr]],
    output = [[
ENV R_USER_CACHE_DIR=/rcache
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/rcache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
ENV R_PKG_CACHE_DIR=/pak
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/pak,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "is in the user cache of all",
    input = [[
ENV XDG_CACHE_HOME=/xdg
@r dplyr]],
    output = [[
ENV XDG_CACHE_HOME=/xdg
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/xdg/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "belongs to the user of the image", from = "rocker/rstudio:4.5",
    input = [[
USER rstudio
@r --uid=1000 dplyr]],
    output = [[
USER rstudio
ARG TARGETARCH
RUN mkdir -p /home/rstudio/.cache/R
# @r --uid=1000 dplyr
RUN --mount=type=cache,id=pak-ubuntu-noble-${TARGETARCH},target=/home/rstudio/.cache/R/pkgcache,sharing=locked,uid=1000,gid=1000 \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "moves where no home is known",
    input = [[
USER 1000
@r dplyr]],
    output = [[
USER 1000
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/var/cache/dfc/pak,sharing=locked,uid=1000 \
    R_PKG_CACHE_DIR=/var/cache/dfc/pak Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    dplyr
]] },
  { name = "tells releases apart", from = "rocker/r-ver:4.4",
    input = "@r dplyr",
    output = [[
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-rocker-r-ver-4.4-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },

  -- builders
  { name = "is for Buildah as well", builder = "buildah",
    input = "@r dplyr",
    output = [[
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "leaves no download in the layer", builder = "legacy",
    input = "@r dplyr",
    output = [[
# @r dplyr
RUN Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr \
    && rm -rf /root/.cache/R/pkgcache
]] },

  -- mirrors and secrets
  { name = "takes packages from the mirror", mirror = "tuna",
    input = [[
@r dplyr
@r --installer=base pak]],
    output = [[
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'options(repos = c(CRAN = "https://mirrors.tuna.tsinghua.edu.cn/CRAN"))' -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    dplyr
# @r --installer=base pak
RUN Rscript -e 'options(repos = c(CRAN = "https://mirrors.tuna.tsinghua.edu.cn/CRAN"))' -e 'p <- commandArgs(TRUE); install.packages(p); stopifnot(p %in% rownames(installed.packages()))' \
    pak
]] },
  { name = "takes packages from a URL",
    input = "@r --mirror=https://cran.corp.example dplyr",
    output = [[
ARG TARGETARCH
# @r --mirror=https://cran.corp.example dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'options(repos = c(CRAN = "https://cran.corp.example"))' -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    dplyr
]] },
  { name = "leaves the mirror out once", mirror = "tuna",
    input = "@r --mirror=off dplyr",
    output = [[
ARG TARGETARCH
# @r --mirror=off dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' dplyr
]] },
  { name = "takes the mirror of docker build where there is another one, too", mirror = "tuna",
    input = [[
@set dfc.mirror-arg = CRAN=cran
@r dplyr]],
    output = [[
ARG TARGETARCH
ARG CRAN
# @r dplyr
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e "options(repos = c(CRAN = \"${CRAN:-https://mirrors.tuna.tsinghua.edu.cn/CRAN}\"))" -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    dplyr
]] },
  { name = "can not do without a mirror in a command",
    input = [[
@set dfc.mirror-arg = CRAN=cran
@r dplyr]],
    errors = { "2:1: error: @r can't take its mirror from ARG CRAN: it does more with it than set a variable of the environment [mirror-arg]\nhelp: name a mirror for this directive: --mirror=NAME, or --mirror=off" } },
  { name = "says that the mirror has no binaries", from = "rocker/r-ver:4.5", mirror = "tuna",
    input = "@r dplyr",
    output = [[
ARG TARGETARCH
# @r dplyr
RUN --mount=type=cache,id=pak-ubuntu-noble-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    Rscript -e 'options(repos = c(CRAN = "https://mirrors.tuna.tsinghua.edu.cn/CRAN"))' -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    dplyr
]],
    notes = { "1:1: note: packages are compiled: the mirror of CRAN has no binaries as Posit's has, which rocker/r-ver:4.5 takes\nhelp: write --mirror=off" } },
  { name = "mounts an .Renviron",
    input = [[
@r --secret=env corp/pkg
ENV HOME=/home/app
USER 1000
@r --secret=env corp/pkg]],
    output = [[
ARG TARGETARCH
# @r --secret=env corp/pkg
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/pkgcache,sharing=locked \
    --mount=type=secret,id=env,target=/run/secrets/env,required=true \
    R_ENVIRON_USER=/run/secrets/env Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    corp/pkg
ENV HOME=/home/app
USER 1000
RUN mkdir -p /home/app/.cache/R
# @r --secret=env corp/pkg
RUN --mount=type=cache,id=pak-r-base-4.5.1-${TARGETARCH},target=/home/app/.cache/R/pkgcache,sharing=locked,uid=1000 \
    --mount=type=secret,id=env,target=/run/secrets/env,required=true,uid=1000 \
    R_ENVIRON_USER=/run/secrets/env Rscript -e 'pak::pkg_install(commandArgs(TRUE), ask = FALSE)' \
    corp/pkg
]] },
}

dfc.test "renv" {
  from = "r-base:4.5.1",

  -- the command
  { name = "restores, and copies from the cache",
    input = "@renv",
    output = [[
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "binds the lock file",
    files = { ["renv.lock"] = [[
{
  "R": { "Version": "4.5.1", "Repositories": [
    { "Name": "CRAN", "URL": "https://cloud.r-project.org" }
  ] },
  "Packages": { "a": { "RemoteURL": "x", "URL": "y" } }
}
]] },
    input = [[
WORKDIR /app
@renv restore]],
    output = [[
WORKDIR /app
ARG TARGETARCH
# @renv restore
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    --mount=type=bind,source=renv.lock,target=renv.lock \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "takes the lock file of the image",
    files = { ["renv.lock"] = [[
{
  "R": { "Version": "4.5.1", "Repositories": [
    { "Name": "CRAN", "URL": "https://cloud.r-project.org" }
  ] },
  "Packages": { "a": { "RemoteURL": "x", "URL": "y" } }
}
]] },
    input = [[
WORKDIR /app
COPY renv.lock .
@renv restore --clean]],
    output = [[
WORKDIR /app
COPY renv.lock .
ARG TARGETARCH
# @renv restore --clean
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(clean = TRUE, prompt = FALSE)'
]] },
  { name = "binds another lock file, and installs elsewhere",
    files = { ["deploy/renv.lock"] = [[
{
  "R": { "Version": "4.5.1", "Repositories": [
    { "Name": "CRAN", "URL": "https://cloud.r-project.org" }
  ] },
  "Packages": { "a": { "RemoteURL": "x", "URL": "y" } }
}
]] },
    input = "@renv --lockfile=deploy/renv.lock --library=/opt/r",
    output = [[
ARG TARGETARCH
# @renv --lockfile=deploy/renv.lock --library=/opt/r
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    --mount=type=bind,source=deploy/renv.lock,target=deploy/renv.lock \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(lockfile = "deploy/renv.lock", library = "/opt/r", prompt = FALSE)'
]] },
  { name = "quotes for R",
    input = [[@renv --library='/opt/a "b" \\c']],
    output = [[
ARG TARGETARCH
# @renv --library='/opt/a "b" \\c'
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(library = "/opt/a \"b\" \\\\c", prompt = FALSE)'
]] },
  { name = "installs packages",
    input = "@renv install dplyr@1.1.4 $MORE",
    output = [[
ARG TARGETARCH
# @renv install dplyr@1.1.4 $MORE
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::install(commandArgs(TRUE), prompt = FALSE)' \
    dplyr@1.1.4 \
    $MORE
]] },
  { name = "installs only what is named",
    input = "@renv install",
    errors = { "1:1: error: @renv install needs a package [missing-argument]\nhelp: write @renv to restore what is in renv.lock" } },
  { name = "restores all",
    input = "@renv restore dplyr",
    errors = { "1:15: error: @renv restore takes no packages, found 'dplyr'\nhelp: write @renv install dplyr" } },
  { name = "needs no purge",
    input = [[
@renv purge
@renv isolate]],
    errors = { "1:7: error: @renv does not do 'purge' [unsupported-verb]\nhelp: leave it out: the cache is in a mount, not in the image", "2:7: error: @renv does not do 'isolate' [unsupported-verb]\nhelp: leave it out: packages are copied from the cache, not linked" } },
  { name = "takes the id and the sharing that are given",
    input = "@renv --id=x --sharing=shared",
    output = [[
# @renv --id=x --sharing=shared
RUN --mount=type=cache,id=x,target=/root/.cache/R/renv,sharing=shared \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },

  -- where the cache is, and whose
  { name = "follows RENV_PATHS_ROOT",
    input = [[
ENV RENV_PATHS_ROOT=/renv
@renv]],
    output = [[
ENV RENV_PATHS_ROOT=/renv
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "brings a cache of its own back",
    input = [[
ENV RENV_PATHS_CACHE=/cache
@renv]],
    output = [[
ENV RENV_PATHS_CACHE=/cache
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_CACHE=/root/.cache/R/renv/cache RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "moves where no home is known",
    input = [[
USER 1000
@renv]],
    output = [[
USER 1000
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/var/cache/dfc/renv,sharing=locked,uid=1000 \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/var/cache/dfc/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "belongs to another user",
    input = [[
ENV HOME=/home/app
USER 1000
@renv]],
    output = [[
ENV HOME=/home/app
USER 1000
ARG TARGETARCH
RUN mkdir -p /home/app/.cache/R
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/home/app/.cache/R/renv,sharing=locked,uid=1000 \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/home/app/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "is for Buildah as well", builder = "buildah",
    input = "@renv",
    output = [[
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "leaves no download in the layer", builder = "legacy",
    files = { ["renv.lock"] = [[
{
  "R": { "Version": "4.5.1", "Repositories": [
    { "Name": "CRAN", "URL": "https://cloud.r-project.org" }
  ] },
  "Packages": { "a": { "RemoteURL": "x", "URL": "y" } }
}
]] },
    input = "@renv",
    output = [[
# @renv
COPY renv.lock renv.lock
RUN export RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv \
    && Rscript -e 'renv::restore(prompt = FALSE)' \
    && rm -rf /root/.cache/R/renv
]] },

  -- mirrors and secrets
  { name = "puts the mirror in place of the repository", mirror = "tuna",
    files = { ["renv.lock"] = [[
{
  "R": { "Version": "4.5.1", "Repositories": [
    { "Name": "CRAN", "URL": "https://cloud.r-project.org" }
  ] },
  "Packages": { "a": { "RemoteURL": "x", "URL": "y" } }
}
]] },
    input = "@renv",
    output = [[
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    --mount=type=bind,source=renv.lock,target=renv.lock \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_CONFIG_REPOS_OVERRIDE=https://mirrors.tuna.tsinghua.edu.cn/CRAN RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "leaves several repositories as they are", mirror = "tuna",
    files = { ["renv.lock"] = [[
{
  "R": { "Version": "4.5.1", "Repositories": [
    { "Name": "CRAN", "URL": "https://cloud.r-project.org" },
    { "Name": "corp", "URL": "https://r.corp.example" }
  ] },
  "Packages": { "a": { "RemoteURL": "x", "URL": "y" } }
}
]] },
    input = "@renv",
    output = [[
ARG TARGETARCH
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    --mount=type=bind,source=renv.lock,target=renv.lock \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]],
    notes = { "1:1: note: the mirror of CRAN is left out: renv.lock names other repositories, too" } },
  { name = "leaves the mirror to docker build",
    input = [[
@set dfc.mirror-arg = CRAN=cran
@renv]],
    output = [[
ARG TARGETARCH
ARG CRAN
# @renv
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    if [ -n "$CRAN" ]; then export RENV_CONFIG_REPOS_OVERRIDE="${CRAN}"; else unset CRAN; fi \
    && RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "trusts a mirror where the lock file can not be read",
    input = "@renv --mirror=https://cran.corp.example",
    output = [[
ARG TARGETARCH
# @renv --mirror=https://cran.corp.example
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_CONFIG_REPOS_OVERRIDE=https://cran.corp.example RENV_PATHS_ROOT=/root/.cache/R/renv Rscript -e 'renv::restore(prompt = FALSE)'
]] },
  { name = "mounts an .Renviron",
    input = "@renv --secret=env",
    output = [[
ARG TARGETARCH
# @renv --secret=env
RUN --mount=type=cache,id=renv-r-base-4.5.1-${TARGETARCH},target=/root/.cache/R/renv,sharing=locked \
    --mount=type=secret,id=env,target=/run/secrets/env,required=true \
    RENV_CONFIG_CACHE_SYMLINKS=FALSE RENV_PATHS_ROOT=/root/.cache/R/renv R_ENVIRON_USER=/run/secrets/env Rscript -e 'renv::restore(prompt = FALSE)'
]] },
}
