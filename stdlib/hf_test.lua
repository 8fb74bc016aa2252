-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "hf" {
  from = "python:3.12-slim-bookworm",

  -- what is downloaded
  { name = "downloads into the cache, and copies from there",
    input = "@hf Qwen/Qwen3-0.6B --revision=c1899de --local-dir=/models/qwen3",
    output = [[
# @hf Qwen/Qwen3-0.6B --revision=c1899de --local-dir=/models/qwen3
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download Qwen/Qwen3-0.6B --revision=c1899de \
    && hf download Qwen/Qwen3-0.6B --revision=c1899de --local-dir /models/qwen3
]] },
  { name = "takes files and patterns",
    input = "@hf download gpt2 config.json art/ --include *.json --local-dir /models/gpt2",
    output = [[
# @hf download gpt2 config.json art/ --include *.json --local-dir /models/gpt2
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 config.json art/ --include '*.json' \
    && hf download gpt2 config.json art/ --include '*.json' --local-dir /models/gpt2
]] },
  { name = "leaves variables to the shell",
    input = "@hf $MODEL --local-dir=/models/$NAME",
    output = [[
# @hf $MODEL --local-dir=/models/$NAME
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download $MODEL \
    && hf download $MODEL --local-dir "/models/$NAME"
]] },
  { name = "knows a pasted command",
    input = "@hf HF_HUB_DISABLE_PROGRESS_BARS=1 hf download gpt2 --local-dir /m && rm -rf ~/.cache/huggingface",
    output = [[
# @hf HF_HUB_DISABLE_PROGRESS_BARS=1 hf download gpt2 --local-dir /m && rm -rf ~/.cache/huggingface
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    export HF_HUB_DISABLE_PROGRESS_BARS=1 \
    && hf download gpt2 \
    && hf download gpt2 --local-dir /m
]],
    notes = { "1:71: note: 'rm -rf ~/.cache/huggingface' is left out: @hf sees to it [dropped-command]" } },
  { name = "runs another program",
    input = "@hf --exe=/venv/bin/hf gpt2 --local-dir /m",
    output = [[
# @hf --exe=/venv/bin/hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    /venv/bin/hf download gpt2 \
    && /venv/bin/hf download gpt2 --local-dir /m
]] },
  { name = "needs a directory",
    input = "@hf gpt2",
    errors = { "1:1: error: @hf has no directory to put the files into [missing-argument]\nhelp: write --local-dir=DIRECTORY: hf's own cache is in a mount, not in the image" } },
  { name = "needs a repository",
    input = "@hf --local-dir=/m",
    errors = { "1:1: error: @hf needs a repo [missing-argument]" } },
  { name = "does not log in",
    input = "@hf auth login --token x",
    errors = { "1:5: error: @hf does not do 'auth' [unsupported-verb]\nhelp: write --secret=ID: the file of that build secret has the token" } },
  { name = "takes no token",
    input = "@hf gpt2 --local-dir /m --token $TOKEN",
    errors = { "1:33: error: the token would stay readable in the image's history [credentials]\nhelp: write --secret=ID, and build with --secret id=ID,src=FILE" } },
  { name = "suggests the option that is meant",
    input = "@hf gpt2 --local-dr /m",
    errors = { "1:10: error: @hf has no option '--local-dr' [unknown-option]\nhelp: did you mean '--local-dir'?" } },
  { name = "leaves options out that defeat the cache",
    input = "@hf gpt2 --local-dir /m --cache-dir /c --force-download --local-dir-use-symlinks False",
    output = [[
# @hf gpt2 --local-dir /m --cache-dir /c --force-download --local-dir-use-symlinks False
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]],
    warnings = { "1:37: warning: --cache-dir defeats the cache mount and is left out [defeats-cache]\nhelp: the cache is in a mount, it does not make the image larger",
      "1:40: warning: --force-download defeats the cache mount and is left out [defeats-cache]\nhelp: the cache is in a mount, it does not make the image larger" } },

  -- where the caches are, and whose
  { name = "follows HF_HOME",
    input = "ENV HF_HOME=/hf\n@hf gpt2 --local-dir /m",
    output = [[
ENV HF_HOME=/hf
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/hf/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/hf/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "follows HF_HUB_CACHE",
    input = "ENV HF_HUB_CACHE=/hub\n@hf gpt2 --local-dir /m",
    output = [[
ENV HF_HUB_CACHE=/hub
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "follows the older name of that",
    input = "ENV HUGGINGFACE_HUB_CACHE=/hub\n@hf gpt2 --local-dir /m",
    output = [[
ENV HUGGINGFACE_HUB_CACHE=/hub
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "follows XDG_CACHE_HOME",
    input = "ENV XDG_CACHE_HOME=/cache\n@hf gpt2 --local-dir /m",
    output = [[
ENV XDG_CACHE_HOME=/cache
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "makes the directory above the caches as its user", from = "node:22-bookworm",
    input = "USER node\n@hf gpt2 --local-dir /home/node/m",
    output = [[
USER node
RUN mkdir -p /home/node/.cache/huggingface
# @hf gpt2 --local-dir /home/node/m
RUN --mount=type=cache,id=hf-hub,target=/home/node/.cache/huggingface/hub,sharing=locked,uid=1000,gid=1000 \
    --mount=type=cache,id=hf-xet,target=/home/node/.cache/huggingface/xet,sharing=locked,uid=1000,gid=1000 \
    hf download gpt2 \
    && hf download gpt2 --local-dir /home/node/m
]] },
  { name = "puts the caches of a user without a home elsewhere",
    input = "USER 1000\n@hf gpt2 --local-dir /tmp/m",
    output = [[
USER 1000
# @hf gpt2 --local-dir /tmp/m
RUN --mount=type=cache,id=hf-hub,target=/var/cache/dfc/hf,sharing=locked,uid=1000 \
    --mount=type=cache,id=hf-xet,target=/var/cache/dfc/hf-xet,sharing=locked,uid=1000 \
    export HF_HUB_CACHE=/var/cache/dfc/hf HF_XET_CACHE=/var/cache/dfc/hf-xet \
    && hf download gpt2 \
    && hf download gpt2 --local-dir /tmp/m
]] },
  { name = "has one cache for all distributions", from = "alpine:3.20",
    input = "@hf gpt2 --local-dir /m",
    output = [[
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "uses the id and the sharing that are given",
    input = "@hf --id=app --sharing=shared gpt2 --local-dir /m",
    output = [[
# @hf --id=app --sharing=shared gpt2 --local-dir /m
RUN --mount=type=cache,id=app,target=/root/.cache/huggingface/hub,sharing=shared \
    --mount=type=cache,id=app-xet,target=/root/.cache/huggingface/xet,sharing=shared \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },

  -- builders
  { name = "downloads once without mounts", builder = "legacy",
    input = "@hf gpt2 --local-dir /m",
    output = [[
# @hf gpt2 --local-dir /m
RUN hf download gpt2 --local-dir /m \
    && rm -rf /root/.cache/huggingface/xet
]] },
  { name = "works with Buildah", builder = "buildah",
    input = "@hf gpt2 --local-dir /m",
    output = [[
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },

  -- mirrors and credentials
  { name = "uses the mirror for this RUN only", mirror = "cn",
    input = "@hf gpt2 --local-dir /m",
    output = [[
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    export HF_ENDPOINT=https://hf-mirror.com \
    && hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "takes an endpoint by its URL",
    input = "@hf --mirror=https://hf.example gpt2 --local-dir /m",
    output = [[
# @hf --mirror=https://hf.example gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    export HF_ENDPOINT=https://hf.example \
    && hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "can leave the mirror out once", mirror = "cn",
    input = "@hf --mirror=off gpt2 --local-dir /m",
    output = [[
# @hf --mirror=off gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "leaves the endpoint to ENV", mirror = "cn",
    input = "ENV HF_ENDPOINT=https://hf.example\n@hf gpt2 --local-dir /m",
    output = [[
ENV HF_ENDPOINT=https://hf.example
# @hf gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    hf download gpt2 \
    && hf download gpt2 --local-dir /m
]] },
  { name = "reads the token",
    input = "@hf --secret=hf_token meta-llama/Llama-3.2-1B --local-dir /m",
    output = [[
# @hf --secret=hf_token meta-llama/Llama-3.2-1B --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    --mount=type=secret,id=hf_token,target=/run/secrets/hf_token,required=true \
    export HF_TOKEN_PATH=/run/secrets/hf_token \
    && hf download meta-llama/Llama-3.2-1B \
    && hf download meta-llama/Llama-3.2-1B --local-dir /m
]] },
}

dfc.test "huggingface-cli" {
  from = "python:3.12-slim-bookworm",

  { name = "lets older versions make no links into the cache",
    input = "@huggingface-cli download gpt2 --local-dir /m",
    output = [[
# @huggingface-cli download gpt2 --local-dir /m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    export HF_HUB_LOCAL_DIR_AUTO_SYMLINK_THRESHOLD=1000000000000000 \
    && huggingface-cli download gpt2 \
    && huggingface-cli download gpt2 --local-dir /m
]] },
  { name = "knows a pasted command",
    input = "@huggingface-cli huggingface-cli download gpt2 --local-dir=/m",
    output = [[
# @huggingface-cli huggingface-cli download gpt2 --local-dir=/m
RUN --mount=type=cache,id=hf-hub,target=/root/.cache/huggingface/hub,sharing=locked \
    --mount=type=cache,id=hf-xet,target=/root/.cache/huggingface/xet,sharing=locked \
    export HF_HUB_LOCAL_DIR_AUTO_SYMLINK_THRESHOLD=1000000000000000 \
    && huggingface-cli download gpt2 \
    && huggingface-cli download gpt2 --local-dir /m
]] },
}
