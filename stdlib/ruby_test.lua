-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "bundle" {
  from = "ruby:3.3",

  -- the command
  { name = "runs the command with its caches",
    input = "@bundle install --jobs 4",
    output = [[
# @bundle install --jobs 4
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install --jobs 4
]] },
  { name = "runs bundle alone, which installs",
    input = "@bundle",
    output = [[
# @bundle
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle
]] },
  { name = "sets its environment",
    input = "@bundle BUNDLE_FROZEN=1 bundle install && bundle exec rake",
    output = [[
# @bundle BUNDLE_FROZEN=1 bundle install && bundle exec rake
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    BUNDLE_FROZEN=1 bundle install && bundle exec rake
]] },
  { name = "runs a script",
    input = "@bundle <<EOF\nbundle install\nbundle exec rake\nEOF",
    output = [[
# @bundle <<EOF
# bundle install
# bundle exec rake
# EOF
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    <<EOF
set -e
bundle install
bundle exec rake
EOF
]] },

  -- where the caches are, and whose
  { name = "follows GEM_HOME",
    input = "ENV GEM_HOME=/gems/\n@bundle install",
    output = [[
ENV GEM_HOME=/gems/
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/gems/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "follows BUNDLE_PATH, which has a directory for each version",
    input = "ENV BUNDLE_PATH=/usr/local/bundle BUNDLE_DEPLOYMENT=1\n@bundle install",
    output = [[
ENV BUNDLE_PATH=/usr/local/bundle BUNDLE_DEPLOYMENT=1
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/ruby/3.3.0/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "follows a deployment",
    input = "WORKDIR /app\nENV BUNDLE_DEPLOYMENT=true\n@bundle install",
    output = [[
WORKDIR /app
ENV BUNDLE_DEPLOYMENT=true
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/app/vendor/bundle/ruby/3.3.0/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "not one that is off",
    input = "ENV BUNDLE_DEPLOYMENT=false\n@bundle install",
    output = [[
ENV BUNDLE_DEPLOYMENT=false
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "follows the variables of its home",
    input = "ENV BUNDLE_USER_HOME=/b\n@bundle install\nENV BUNDLE_USER_CACHE=/c\n@bundle install",
    output = [[
ENV BUNDLE_USER_HOME=/b
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/b/cache,sharing=shared \
    bundle install
ENV BUNDLE_USER_CACHE=/c
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/c,sharing=shared \
    bundle install
]] },
  { name = "knows the place of the distribution",
    from = "ubuntu:24.04",
    input = "@bundle install",
    output = [[
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/var/lib/gems/3.2.0/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "leaves the gems out when it does not know their place",
    from = "alpine:3.20",
    input = "@bundle install",
    notes = { "1:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…, BUNDLE_PATH=… or BUNDLE_DEPLOYMENT=1" },
    output = [[
# @bundle install
RUN --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "leaves them out when a configuration has it",
    input = "RUN bundle config set --local path /gems\n@bundle install",
    notes = { "2:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…, BUNDLE_PATH=… or BUNDLE_DEPLOYMENT=1" },
    output = [[
RUN bundle config set --local path /gems
# @bundle install
RUN --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "also when the command says so",
    input = "@bundle config set --local deployment true && bundle install\n@bundle install --path=vendor/bundle",
    notes = { "1:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…, BUNDLE_PATH=… or BUNDLE_DEPLOYMENT=1",
      "2:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…, BUNDLE_PATH=… or BUNDLE_DEPLOYMENT=1" },
    output = [[
# @bundle config set --local deployment true && bundle install
RUN --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle config set --local deployment true && bundle install
# @bundle install --path=vendor/bundle
RUN --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install --path=vendor/bundle
]] },
  { name = "does not know BUNDLE_PATH without the version of Ruby",
    from = "ruby:latest",
    input = "ENV BUNDLE_PATH=/b\n@bundle install",
    notes = { "2:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…, BUNDLE_PATH=… or BUNDLE_DEPLOYMENT=1" },
    output = [[
ENV BUNDLE_PATH=/b
# @bundle install
RUN --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "follows a user by number",
    input = "USER 2000\n@bundle install",
    output = [[
USER 2000
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked,uid=2000 \
    --mount=type=cache,id=bundle-index,target=/var/cache/dfc/bundle-index,sharing=shared,uid=2000 \
    BUNDLE_USER_CACHE=/var/cache/dfc/bundle-index bundle install
]] },
  { name = "makes the directory of gems that a user can write to",
    input = "USER 2000\nWORKDIR /app\nENV BUNDLE_DEPLOYMENT=1\n@bundle install",
    output = [[
USER 2000
WORKDIR /app
ENV BUNDLE_DEPLOYMENT=1
RUN mkdir -p /app/vendor/bundle/ruby/3.3.0
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/app/vendor/bundle/ruby/3.3.0/cache,sharing=locked,uid=2000 \
    --mount=type=cache,id=bundle-index,target=/var/cache/dfc/bundle-index,sharing=shared,uid=2000 \
    BUNDLE_USER_CACHE=/var/cache/dfc/bundle-index bundle install
]] },
  { name = "follows a user with a home",
    input = "ENV HOME=/home/app\nUSER 2000:2000\n@bundle install",
    output = [[
ENV HOME=/home/app
USER 2000:2000
RUN mkdir -p /home/app/.bundle
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked,uid=2000,gid=2000 \
    --mount=type=cache,id=bundle-index,target=/home/app/.bundle/cache,sharing=shared,uid=2000,gid=2000 \
    bundle install
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@bundle install",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @bundle --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given",
    input = "@bundle --id=web --sharing=shared install",
    output = [[
# @bundle --id=web --sharing=shared install
RUN --mount=type=cache,id=web,target=/usr/local/bundle/cache,sharing=shared \
    --mount=type=cache,id=web-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@bundle install",
    output = [[
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "leaves nothing in a layer",
    builder = "legacy",
    input = "@bundle install",
    output = [[
# @bundle install
RUN bundle install \
    && rm -rf /usr/local/bundle/cache \
    && rm -rf /root/.bundle/cache
]] },
  { name = "changes nothing of the image",
    footprint = "none",
    input = "@bundle install",
    output = [[
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },

  -- mirrors and secrets
  { name = "uses the mirror for this RUN only",
    mirror = "cn",
    files = { ["Gemfile"] = "source \"https://rubygems.org\"\ngem \"rails\"\n" },
    input = "@bundle install && bundle exec rake",
    output = [[
# @bundle install && bundle exec rake
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    export BUNDLE_MIRROR__ALL=https://gems.ruby-china.com \
    && bundle install && bundle exec rake
]] },
  { name = "uses it for rubygems.org alone when there are other sources",
    mirror = "cn",
    files = { ["Gemfile"] = "source \"https://rubygems.org\"\ngem \"rails\"\nsource \"https://gems.corp.example\" do\n  gem \"x\"\nend\n" },
    input = "FROM ruby:3.3\n@bundle install",
    output = [[

FROM scratch AS dfc-bundle-gems.ruby-china.com
COPY <<'EOF' /config
---
BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "https://gems.ruby-china.com"
EOF

FROM ruby:3.3
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    --mount=type=bind,from=dfc-bundle-gems.ruby-china.com,source=/config,target=/tmp/dfc-bundle-config \
    BUNDLE_USER_CONFIG=/tmp/dfc-bundle-config bundle install
]] },
  { name = "reads the Gemfile that ENV names",
    mirror = "cn",
    files = { ["Gemfile"] = "source \"https://rubygems.org\"\ngem \"rails\"\n", ["g/Gemfile"] = "source \"https://rubygems.org\"\ngem \"rails\"\nsource \"https://gems.corp.example\" do\n  gem \"x\"\nend\n" },
    input = "FROM ruby:3.3\nENV BUNDLE_GEMFILE=g/Gemfile\n@bundle install",
    output = [[

FROM scratch AS dfc-bundle-gems.ruby-china.com
COPY <<'EOF' /config
---
BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "https://gems.ruby-china.com"
EOF

FROM ruby:3.3
ENV BUNDLE_GEMFILE=g/Gemfile
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    --mount=type=bind,from=dfc-bundle-gems.ruby-china.com,source=/config,target=/tmp/dfc-bundle-config \
    BUNDLE_USER_CONFIG=/tmp/dfc-bundle-config bundle install
]] },
  { name = "uses a URL as the mirror",
    input = "@bundle --mirror=https://gems.example install",
    output = [[
# @bundle --mirror=https://gems.example install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    BUNDLE_MIRROR__ALL=https://gems.example bundle install
]] },
  { name = "can leave the mirror out once",
    mirror = "cn",
    input = "@bundle --mirror=off install",
    output = [[
# @bundle --mirror=off install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "lets docker build choose the mirror",
    files = { ["Gemfile"] = "source \"https://rubygems.org\"\ngem \"rails\"\n" },
    input = "@mirror --arg GEMS=rubygems\n@bundle install\n@mirror cn --arg GEMS=rubygems\n@bundle install",
    output = [[
ARG GEMS
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    if [ -n "$GEMS" ]; then export BUNDLE_MIRROR__ALL="${GEMS}"; else unset GEMS; fi \
    && bundle install
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    BUNDLE_MIRROR__ALL="${GEMS:-https://gems.ruby-china.com}" bundle install
]] },
  { name = "but not one for all of several sources",
    files = { ["Gemfile"] = "source \"https://rubygems.org\"\ngem \"rails\"\nsource \"https://gems.corp.example\" do\n  gem \"x\"\nend\n" },
    input = "@mirror --arg GEMS=rubygems\n@bundle install",
    notes = { "2:1: note: the mirror is left out: by ARG it would stand for all sources of the Gemfile [mirror-left-out]\nhelp: name one for this directive with --mirror" },
    output = [[
ARG GEMS
# @bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install
]] },
  { name = "gives it the secret in the place of its configuration",
    input = "@bundle --secret=bundle install",
    output = [[
# @bundle --secret=bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    --mount=type=secret,id=bundle,target=/run/secrets/bundle,required=true \
    BUNDLE_USER_CONFIG=/run/secrets/bundle bundle install
]] },
  { name = "leaves the mirror out when a secret says where gems come from",
    mirror = "cn",
    input = "@bundle --secret=bundle install\n@bundle --secret=bundle --mirror=cn install",
    notes = { "1:1: note: the mirror is left out: the configuration of --secret says where gems come from [mirror-left-out]\nhelp: name the mirror there, or write --mirror" },
    output = [[
# @bundle --secret=bundle install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    --mount=type=secret,id=bundle,target=/run/secrets/bundle,required=true \
    BUNDLE_USER_CONFIG=/run/secrets/bundle bundle install
# @bundle --secret=bundle --mirror=cn install
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    --mount=type=secret,id=bundle,target=/run/secrets/bundle,required=true \
    BUNDLE_MIRROR__ALL=https://gems.ruby-china.com BUNDLE_USER_CONFIG=/run/secrets/bundle bundle install
]] },

  -- what defeats the cache
  { name = "warns of what empties the mounts",
    input = "@bundle install && rm -rf ~/.bundle/ /usr/local/bundle/ruby/3.3.0/cache",
    warnings = { "1:1: warning: 'rm' empties the cache mounts, and fails where it is to remove one itself [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
# @bundle install && rm -rf ~/.bundle/ /usr/local/bundle/ruby/3.3.0/cache
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=cache,id=bundle-index,target=/root/.bundle/cache,sharing=shared \
    bundle install && rm -rf ~/.bundle/ /usr/local/bundle/ruby/3.3.0/cache
]] },
}

dfc.test "gem" {
  from = "ruby:3.3",

  -- words
  { name = "installs gems",
    input = "@gem rails:7.1.3 \"puma\"",
    output = [[
# @gem rails:7.1.3 "puma"
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --no-document rails:7.1.3 puma
]] },
  { name = "knows a pasted command",
    input = "@gem install bundler -v 2.5.4 --no-document",
    output = [[
# @gem install bundler -v 2.5.4 --no-document
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --no-document -v 2.5.4 bundler
]] },
  { name = "keeps its options",
    input = "@gem install -N --pre --conservative rails -v \"~> 7.1\" -- --with-x=/y",
    output = [[
# @gem install -N --pre --conservative rails -v "~> 7.1" -- --with-x=/y
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --pre --conservative --no-document -v '~> 7.1' rails -- --with-x=/y
]] },
  { name = "quotes what is special to the shell",
    input = "@gem rails -v \">= 7, < 8\"",
    output = [[
# @gem rails -v ">= 7, < 8"
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --no-document -v '>= 7, < 8' rails
]] },
  { name = "reads a list",
    input = "@gem <<EOF\nrails:7.1.3 # web\npuma\nEOF",
    output = [[
# @gem <<EOF
# rails:7.1.3 # web
# puma
# EOF
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --no-document rails:7.1.3 puma
]] },
  { name = "installs documentation when that is wanted",
    input = "@gem rails --document=ri",
    output = [[
# @gem rails --document=ri
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --document=ri rails
]] },
  { name = "updates RubyGems",
    input = "@gem update --system 3.5.22",
    output = [[
# @gem update --system 3.5.22
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem update --no-document --system 3.5.22
]] },
  { name = "updates gems",
    input = "@gem update",
    output = [[
# @gem update
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem update --no-document
]] },
  { name = "installs what a Gemfile names",
    input = "@gem install -g Gemfile",
    output = [[
# @gem install -g Gemfile
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install -g Gemfile --no-document
]] },
  { name = "understands the idiom",
    input = "@gem install rails && rm -rf /root/.gem",
    notes = { "1:23: note: 'rm -rf /root/.gem' is left out: @gem sees to it [dropped-command]" },
    output = [[
# @gem install rails && rm -rf /root/.gem
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --no-document rails
]] },
  { name = "needs a gem",
    input = "@gem install",
    errors = { "1:1: error: @gem has nothing to install [missing-argument]\nhelp: name a gem" } },
  { name = "refuses other verbs",
    input = "@gem uninstall rails",
    errors = { "1:6: error: @gem does not do 'uninstall' [unsupported-verb]\nhelp: write RUN gem uninstall …: removing needs no cache" } },
  { name = "knows its options",
    input = "@gem rails --no-documents",
    errors = { "1:12: error: @gem has no option '--no-documents' [unknown-option]\nhelp: did you mean '--no-document'?" } },

  -- where the cache is, and whose
  { name = "follows GEM_HOME",
    input = "ENV GEM_HOME=/gems\n@gem rails",
    output = [[
ENV GEM_HOME=/gems
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/gems/cache,sharing=locked \
    gem install --no-document rails
]] },
  { name = "knows the place of the distribution",
    from = "debian:12",
    input = "@gem rails",
    output = [[
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/var/lib/gems/3.1.0/cache,sharing=locked \
    gem install --no-document rails
]] },
  { name = "has none when it does not know the place",
    from = "alpine:3.20",
    input = "@gem rails",
    notes = { "1:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…" },
    output = [[
# @gem rails
RUN gem install --no-document rails
]] },
  { name = "has none when the gems go elsewhere",
    input = "@gem rails -i /opt/gems",
    notes = { "1:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…" },
    output = [[
# @gem rails -i /opt/gems
RUN gem install -i /opt/gems --no-document rails
]] },
  { name = "has none for a user who cannot write there",
    from = "debian:12",
    input = "USER 2000\n@gem rails",
    notes = { "2:1: note: the cache mount is left out: where gems are installed is not known [no-cache-mount]\nhelp: say it above with ENV GEM_HOME=…" },
    output = [[
USER 2000
# @gem rails
RUN gem install --no-document rails
]] },
  { name = "follows a user by number",
    input = "USER 2000:2000\n@gem rails",
    output = [[
USER 2000:2000
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked,uid=2000,gid=2000 \
    gem install --no-document rails
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@gem rails",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @gem --uid=1000 …, or a number in USER" } },
  { name = "uses the id and the sharing that are given",
    input = "@gem --id=web --sharing=shared rails",
    output = [[
# @gem --id=web --sharing=shared rails
RUN --mount=type=cache,id=web,target=/usr/local/bundle/cache,sharing=shared \
    gem install --no-document rails
]] },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@gem rails",
    output = [[
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --no-document rails
]] },
  { name = "leaves nothing in a layer",
    builder = "legacy",
    input = "@gem rails",
    output = [[
# @gem rails
RUN gem install --no-document rails \
    && rm -rf /usr/local/bundle/cache
]] },

  -- mirrors and secrets
  { name = "uses the mirror for this RUN only",
    mirror = "cn",
    input = "@gem rails",
    output = [[
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --clear-sources --source https://gems.ruby-china.com --no-document rails
]] },
  { name = "keeps to the sources that are named",
    mirror = "cn",
    input = "@gem rails --source https://gems.example",
    output = [[
# @gem rails --source https://gems.example
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --source https://gems.example --no-document rails
]] },
  { name = "uses a URL as the mirror",
    input = "@gem --mirror=https://gems.example rails",
    output = [[
# @gem --mirror=https://gems.example rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --clear-sources --source https://gems.example --no-document rails
]] },
  { name = "lets docker build choose the mirror",
    input = "@mirror --arg GEMS=rubygems\n@gem rails\n@mirror cn --arg GEMS=rubygems\n@gem rails",
    output = [[
ARG GEMS
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    if [ -n "$GEMS" ]; then export dfc_source="${GEMS}"; else unset GEMS; fi \
    && gem install ${dfc_source:+--clear-sources} ${dfc_source:+--source=$dfc_source} --no-document rails
# @gem rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    gem install --clear-sources --source ${GEMS:-https://gems.ruby-china.com} --no-document rails
]] },
  { name = "gives it the secret in its variable",
    mirror = "cn",
    input = "@gem --secret=gemrc rails",
    output = [[
# @gem --secret=gemrc rails
RUN --mount=type=cache,id=gem-cache,target=/usr/local/bundle/cache,sharing=locked \
    --mount=type=secret,id=gemrc,target=/run/secrets/gemrc,required=true \
    GEMRC=/run/secrets/gemrc gem install --no-document rails
]] },
}
