-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "conda" {
  from = "condaforge/miniforge3",

  -- what is installed
  { name = "quotes what the shell would eat",
    input = "@conda -n base -c conda-forge numpy>=2 scipy=1.14.*",
    output = [[
ARG TARGETARCH
# @conda -n base -c conda-forge numpy>=2 scipy=1.14.*
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y -n base -c conda-forge 'numpy>=2' 'scipy=1.14.*'
]] },
  { name = "knows a pasted command and its cleaning",
    input = "@conda conda install -y -c conda-forge numpy && conda clean -afy && rm -rf /opt/conda/pkgs/*",
    output = [[
ARG TARGETARCH
# @conda conda install -y -c conda-forge numpy && conda clean -afy && rm -rf /opt/conda/pkgs/*
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y -c conda-forge numpy
]],
    notes = { "1:49: note: 'conda clean -afy' is left out: @conda sees to it [dropped-command]",
      "1:69: note: 'rm -rf /opt/conda/pkgs/*' is left out: @conda sees to it [dropped-command]" } },
  { name = "creates an environment",
    input = "@conda create -n app python=3.12",
    output = [[
ARG TARGETARCH
# @conda create -n app python=3.12
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda create -y -n app python=3.12
]] },
  { name = "creates an empty one",
    input = "@conda create --prefix /app",
    output = [[
ARG TARGETARCH
# @conda create --prefix /app
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda create -y --prefix /app
]] },
  { name = "updates",
    input = "@conda update --all",
    output = [[
ARG TARGETARCH
# @conda update --all
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda update -y --all
]] },
  { name = "hands on what stands behind --",
    input = "@conda numpy -- --no-lock",
    output = [[
ARG TARGETARCH
# @conda numpy -- --no-lock
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y --no-lock numpy
]] },
  { name = "runs another program",
    input = "@conda --exe=/opt/miniconda/bin/conda numpy",
    output = [[
ARG TARGETARCH
# @conda --exe=/opt/miniconda/bin/conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    /opt/miniconda/bin/conda install -y numpy
]] },
  { name = "takes packages a line",
    input = "@conda <<PKGS\nnumpy>=2 # arrays\nscipy\nPKGS",
    output = [[
ARG TARGETARCH
# @conda <<PKGS
# numpy>=2 # arrays
# scipy
# PKGS
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y 'numpy>=2' scipy
]] },
  { name = "needs something to install",
    input = "@conda -c conda-forge",
    errors = { "1:1: error: @conda has nothing to install [missing-argument]\nhelp: name a package, or give --file=FILE" } },
  { name = "does not clean",
    input = "@conda clean --all",
    errors = { "1:8: error: @conda does not do 'clean' [unsupported-verb]\nhelp: leave it out: the packages are in a cache mount, not in the image" } },
  { name = "does not remove",
    input = "@conda remove numpy",
    errors = { "1:8: error: @conda does not do 'remove' [unsupported-verb]\nhelp: write RUN conda remove -y …: removing needs no cache" } },
  { name = "does not export environments",
    input = "@conda env export",
    errors = { "1:12: error: @conda env needs create or update [unsupported-verb]\nhelp: write RUN conda env … for others: they need no cache" } },
  { name = "does not list environments",
    input = "@conda env -n x",
    errors = { "1:8: error: @conda env needs create or update [unsupported-verb]\nhelp: write RUN conda env … for others: they need no cache" } },
  { name = "suggests the option that is meant",
    input = "@conda --chanel=x numpy",
    errors = { "1:8: error: @conda has no option '--chanel' [unknown-option]\nhelp: did you mean '--channel'?" } },
  { name = "knows no links into the cache",
    input = "@conda --always-softlink numpy",
    errors = { "1:8: error: @conda has no option '--always-softlink' [unknown-option]\nhelp: what stands behind '--' is handed to the tool as it is" } },

  -- files of the build context
  { name = "binds an environment file", files = { ["environment.yml"] = "name: app\ndependencies:\n  - numpy\n" },
    input = "@conda env create -f environment.yml",
    output = [[
ARG TARGETARCH
# @conda env create -f environment.yml
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=bind,source=environment.yml,target=environment.yml \
    conda env create --file environment.yml
]] },
  { name = "binds the one that conda looks for", files = { ["environment.yml"] = "name: app\ndependencies:\n  - numpy\n" },
    input = "@conda env update -n base",
    output = [[
ARG TARGETARCH
# @conda env update -n base
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=bind,source=environment.yml,target=environment.yml \
    conda env update -n base
]] },
  { name = "uses one that was copied", files = { ["environment.yml"] = "name: app\ndependencies:\n  - numpy\n" },
    input = "WORKDIR /app\nCOPY . .\n@conda env create --file=environment.yml",
    output = [[
WORKDIR /app
COPY . .
ARG TARGETARCH
# @conda env create --file=environment.yml
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda env create --file environment.yml
]] },
  { name = "has pip's cache for what pip installs", files = { ["env/app.yaml"] = "name: app\ndependencies:\n  - python\n  - pip:\n    - flask\n" },
    input = "@conda env update -n base -f env/app.yaml",
    output = [[
ARG TARGETARCH
# @conda env update -n base -f env/app.yaml
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=cache,id=pip-condaforge-miniforge3-${TARGETARCH},target=/root/.cache/pip,sharing=shared \
    --mount=type=bind,source=env/app.yaml,target=env/app.yaml \
    PIP_ROOT_USER_ACTION=ignore conda env update -n base --file env/app.yaml
]] },
  { name = "has it for a file that can't be read",
    input = "@conda env create -f /srv/environment.yml",
    output = [[
ARG TARGETARCH
# @conda env create -f /srv/environment.yml
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=cache,id=pip-condaforge-miniforge3-${TARGETARCH},target=/root/.cache/pip,sharing=shared \
    PIP_ROOT_USER_ACTION=ignore conda env create --file /srv/environment.yml
]] },
  { name = "binds a list of packages", files = { ["packages.txt"] = "numpy\n" },
    input = "@conda --file=packages.txt",
    output = [[
ARG TARGETARCH
# @conda --file=packages.txt
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=bind,source=packages.txt,target=packages.txt \
    conda install -y --file packages.txt
]] },

  -- where the cache is, and whose
  { name = "knows Anaconda's images", from = "continuumio/miniconda3:24.9.2-0",
    input = "@conda numpy",
    output = [[
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y numpy
]] },
  { name = "knows Jupyter's images, and their user", from = "quay.io/jupyter/base-notebook",
    input = "@conda numpy",
    output = [[
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked,uid=1000,gid=100 \
    conda install -y numpy
]] },
  { name = "follows CONDA_DIR", from = "debian:12",
    input = "ENV CONDA_DIR=/miniconda\n@conda numpy",
    output = [[
ENV CONDA_DIR=/miniconda
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/miniconda/pkgs,sharing=locked \
    conda install -y numpy
]] },
  { name = "follows CONDA_PKGS_DIRS",
    input = "ENV CONDA_PKGS_DIRS=/pkgs\n@conda numpy",
    output = [[
ENV CONDA_PKGS_DIRS=/pkgs
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/pkgs,sharing=locked \
    conda install -y numpy
]] },
  { name = "moves the cache where conda is at an unknown place", from = "debian:12",
    input = "@conda numpy",
    output = [[
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/var/cache/dfc/conda,sharing=locked \
    CONDA_PKGS_DIRS=/var/cache/dfc/conda conda install -y numpy
]] },
  { name = "does so for another user", from = "debian:12",
    input = "USER 1000\n@conda numpy",
    output = [[
USER 1000
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/var/cache/dfc/conda,sharing=locked,uid=1000 \
    CONDA_PKGS_DIRS=/var/cache/dfc/conda conda install -y numpy
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@conda numpy",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @conda --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given", files = { ["env/app.yaml"] = "name: app\ndependencies:\n  - python\n  - pip:\n    - flask\n" },
    input = "@conda --id=app --sharing=shared env create -f env/app.yaml",
    output = [[
# @conda --id=app --sharing=shared env create -f env/app.yaml
RUN --mount=type=cache,id=app,target=/opt/conda/pkgs,sharing=shared \
    --mount=type=cache,id=app-pip,target=/root/.cache/pip,sharing=shared \
    --mount=type=bind,source=env/app.yaml,target=env/app.yaml \
    PIP_ROOT_USER_ACTION=ignore conda env create --file env/app.yaml
]] },
  { name = "answers variables that allow links into the cache",
    input = "ENV CONDA_ALWAYS_SOFTLINK=true CONDA_ALLOW_SOFTLINKS=false\n@conda numpy",
    output = [[
ENV CONDA_ALWAYS_SOFTLINK=true CONDA_ALLOW_SOFTLINKS=false
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    CONDA_ALWAYS_SOFTLINK=false conda install -y numpy
]] },

  -- builders
  { name = "cleans up without mounts", builder = "legacy", files = { ["env/app.yaml"] = "name: app\ndependencies:\n  - python\n  - pip:\n    - flask\n" },
    input = "@conda env create -f env/app.yaml",
    output = [[
# @conda env create -f env/app.yaml
COPY env/app.yaml env/app.yaml
RUN export PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore \
    && conda env create --file env/app.yaml \
    && conda clean --all --force-pkgs-dirs --yes
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@conda numpy",
    output = [[
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y numpy
]] },

  -- mirrors and credentials
  { name = "names the mirror in a file of this RUN", mirror = "tuna",
    input = "@conda -c conda-forge numpy",
    output = [[
ARG TARGETARCH
# @conda -c conda-forge numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    dfc=$(mktemp -d) \
    && printf '%s\n' \
        'default_channels:' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/main' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/r' \
        'custom_channels:' \
        '  bioconda: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  conda-forge: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  pytorch: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        > "$dfc/condarc" \
    && CONDARC="$dfc/condarc" conda install -y -c conda-forge numpy \
    && rm -r "$dfc"
]] },
  { name = "does so in a stage whose configuration must not change", mirror = "tuna", footprint = "none",
    input = "@conda numpy",
    output = [[
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    dfc=$(mktemp -d) \
    && printf '%s\n' \
        'default_channels:' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/main' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/r' \
        'custom_channels:' \
        '  bioconda: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  conda-forge: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  pytorch: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        > "$dfc/condarc" \
    && CONDARC="$dfc/condarc" conda install -y numpy \
    && rm -r "$dfc"
]] },
  { name = "has a mirror for pip, too", mirror = "tuna", files = { ["env/app.yaml"] = "name: app\ndependencies:\n  - python\n  - pip:\n    - flask\n" },
    input = "@conda env create -f env/app.yaml",
    output = [[
ARG TARGETARCH
# @conda env create -f env/app.yaml
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=cache,id=pip-condaforge-miniforge3-${TARGETARCH},target=/root/.cache/pip,sharing=shared \
    --mount=type=bind,source=env/app.yaml,target=env/app.yaml \
    export PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple PIP_ROOT_USER_ACTION=ignore \
    && dfc=$(mktemp -d) \
    && printf '%s\n' \
        'default_channels:' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/main' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/r' \
        'custom_channels:' \
        '  bioconda: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  conda-forge: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  pytorch: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        > "$dfc/condarc" \
    && CONDARC="$dfc/condarc" conda env create --file env/app.yaml \
    && rm -r "$dfc"
]] },
  { name = "takes a mirror by its URL",
    input = "@conda --mirror=https://conda.example/anaconda/ numpy",
    output = [[
ARG TARGETARCH
# @conda --mirror=https://conda.example/anaconda/ numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    dfc=$(mktemp -d) \
    && printf '%s\n' \
        'default_channels:' \
        '- https://conda.example/anaconda/pkgs/main' \
        '- https://conda.example/anaconda/pkgs/r' \
        'custom_channels:' \
        '  bioconda: https://conda.example/anaconda/cloud' \
        '  conda-forge: https://conda.example/anaconda/cloud' \
        '  pytorch: https://conda.example/anaconda/cloud' \
        > "$dfc/condarc" \
    && CONDARC="$dfc/condarc" conda install -y numpy \
    && rm -r "$dfc"
]] },
  { name = "does without a mirror that has no channels", mirror = "aliyun",
    input = "@conda numpy",
    output = [[
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y numpy
]] },
  { name = "can leave the mirror out once", mirror = "tuna",
    input = "@conda --mirror=off numpy",
    output = [[
ARG TARGETARCH
# @conda --mirror=off numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y numpy
]] },
  { name = "cleans up before it removes that file", builder = "legacy", mirror = "tuna",
    input = "@conda numpy",
    output = [[
# @conda numpy
RUN dfc=$(mktemp -d) \
    && printf '%s\n' \
        'default_channels:' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/main' \
        '- https://mirrors.tuna.tsinghua.edu.cn/anaconda/pkgs/r' \
        'custom_channels:' \
        '  bioconda: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  conda-forge: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        '  pytorch: https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud' \
        > "$dfc/condarc" \
    && CONDARC="$dfc/condarc" conda install -y numpy \
    && conda clean --all --force-pkgs-dirs --yes \
    && rm -r "$dfc"
]] },
  { name = "leaves the channels to a configuration", mirror = "tuna",
    input = "@conda --secret=condarc numpy",
    output = [[
ARG TARGETARCH
# @conda --secret=condarc numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=secret,id=condarc,target=/run/secrets/condarc,required=true \
    CONDARC=/run/secrets/condarc conda install -y numpy
]] },
  { name = "leaves the channels to ENV", mirror = "tuna",
    input = "ENV CONDARC=/etc/condarc.yml\n@conda numpy",
    output = [[
ENV CONDARC=/etc/condarc.yml
ARG TARGETARCH
# @conda numpy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    conda install -y numpy
]] },
}

dfc.test "mamba" {
  from = "condaforge/miniforge3",

  { name = "runs mamba",
    input = "@mamba -c conda-forge numpy && mamba clean -afy",
    output = [[
ARG TARGETARCH
# @mamba -c conda-forge numpy && mamba clean -afy
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    mamba install -y -c conda-forge numpy
]],
    notes = { "1:32: note: 'mamba clean -afy' is left out: @mamba sees to it [dropped-command]" } },
  { name = "lets mamba ask nothing", files = { ["environment.yml"] = "name: app\ndependencies:\n  - numpy\n" },
    input = "@mamba env create -f environment.yml",
    output = [[
ARG TARGETARCH
# @mamba env create -f environment.yml
RUN --mount=type=cache,id=conda-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    --mount=type=bind,source=environment.yml,target=environment.yml \
    MAMBA_ALWAYS_YES=true mamba env create --file environment.yml
]] },
}

dfc.test "micromamba" {
  from = "mambaorg/micromamba:2.3-debian12-slim",

  { name = "has the cache of the image's user", files = { ["environment.yml"] = "name: app\ndependencies:\n  - numpy\n" },
    input = "@micromamba -n base -f environment.yml",
    output = [[
ARG TARGETARCH
# @micromamba -n base -f environment.yml
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked,uid=57439,gid=57439 \
    --mount=type=bind,source=environment.yml,target=environment.yml \
    micromamba install -y -n base --file environment.yml
]] },
  { name = "has that of root",
    input = "USER root\n@micromamba create -n app numpy",
    output = [[
USER root
ARG TARGETARCH
# @micromamba create -n app numpy
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked \
    micromamba create -y -n app numpy
]] },
  { name = "knows the user of older images", from = "mambaorg/micromamba:0.27.0",
    input = "@micromamba -n base numpy",
    output = [[
ARG TARGETARCH
# @micromamba -n base numpy
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked,uid=1000,gid=1000 \
    micromamba install -y -n base numpy
]] },
  { name = "lets micromamba ask nothing", files = { ["environment.yml"] = "name: app\ndependencies:\n  - numpy\n" },
    input = "@micromamba env create -f environment.yml && micromamba clean --all --yes",
    output = [[
ARG TARGETARCH
# @micromamba env create -f environment.yml && micromamba clean --all --yes
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked,uid=57439,gid=57439 \
    --mount=type=bind,source=environment.yml,target=environment.yml \
    micromamba env create -y --file environment.yml
]],
    notes = { "1:46: note: 'micromamba clean --all --yes' is left out: @micromamba sees to it [dropped-command]" } },
  { name = "follows MAMBA_ROOT_PREFIX", from = "debian:12",
    input = "ENV MAMBA_ROOT_PREFIX=/mamba\n@micromamba numpy",
    output = [[
ENV MAMBA_ROOT_PREFIX=/mamba
ARG TARGETARCH
# @micromamba numpy
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/mamba/pkgs,sharing=locked \
    micromamba install -y numpy
]] },
  { name = "moves the cache where the prefix is unknown", from = "debian:12",
    input = "@micromamba numpy",
    output = [[
ARG TARGETARCH
# @micromamba numpy
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/var/cache/dfc/micromamba,sharing=locked \
    CONDA_PKGS_DIRS=/var/cache/dfc/micromamba micromamba install -y numpy
]] },
  { name = "answers variables that allow links into the cache",
    input = "ENV MAMBA_ALLOW_SOFTLINKS=1\n@micromamba numpy",
    output = [[
ENV MAMBA_ALLOW_SOFTLINKS=1
ARG TARGETARCH
# @micromamba numpy
RUN --mount=type=cache,id=micromamba-pkgs-${TARGETARCH},target=/opt/conda/pkgs,sharing=locked,uid=57439,gid=57439 \
    MAMBA_ALLOW_SOFTLINKS=false micromamba install -y numpy
]] },
  { name = "cleans up without mounts", builder = "legacy",
    input = "@micromamba -n base numpy",
    output = [[
# @micromamba -n base numpy
RUN micromamba install -y -n base numpy \
    && micromamba clean --all --force-pkgs-dirs --yes
]] },
}
