-- luacheck: no max line length
local dfc = require "dfc.v1"

dfc.test "composer" {
  from = "php:8.3-cli",

  -- the command
  { name = "runs the command in the cache",
    input = "@composer install --no-dev",
    output = [[
# @composer install --no-dev
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install --no-dev
]] },
  { name = "runs another program",
    input = "@composer --exe=./composer.phar install",
    output = [[
# @composer --exe=./composer.phar install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer ./composer.phar install
]] },
  { name = "runs a script",
    input = "@composer <<EOF\ncomposer install\ncomposer dump-autoload\nEOF",
    output = [[
# @composer <<EOF
# composer install
# composer dump-autoload
# EOF
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    <<EOF
set -e
export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer
composer install
composer dump-autoload
EOF
]] },

  -- where the cache is, and whose
  { name = "is at home in its own image",
    from = "composer:2",
    input = "@composer install",
    output = [[
# @composer install
RUN --mount=type=cache,id=composer,target=/tmp/cache,sharing=locked \
    composer install
]] },
  { name = "follows its variables",
    input = "ENV COMPOSER_HOME=/composer/\n@composer install\nENV COMPOSER_CACHE_DIR=/c\n@composer install",
    output = [[
ENV COMPOSER_HOME=/composer/
# @composer install
RUN --mount=type=cache,id=composer,target=/composer/cache,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 composer install
ENV COMPOSER_CACHE_DIR=/c
# @composer install
RUN --mount=type=cache,id=composer,target=/c,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 composer install
]] },
  { name = "follows a user of the image",
    input = "USER www-data\n@composer install",
    output = [[
USER www-data
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked,uid=33,gid=33 \
    COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "follows a user by number",
    from = "php:8.3-fpm-alpine",
    input = "USER 82:82\n@composer install",
    output = [[
USER 82:82
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked,uid=82,gid=82 \
    COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "asks for the uid of a user by name",
    input = "USER app\n@composer install",
    errors = { "2:1: error: the uid of user 'app' is not known, a cache mount needs it [unknown-uid]\nhelp: write @composer --uid=1000 …, or a number in USER" } },
  { name = "lets plugins run as root only where that is not said",
    input = "ENV COMPOSER_ALLOW_SUPERUSER=0\n@composer install",
    output = [[
ENV COMPOSER_ALLOW_SUPERUSER=0
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "uses the id and the sharing that are given",
    input = "@composer --id=web --sharing=shared install",
    output = [[
# @composer --id=web --sharing=shared install
RUN --mount=type=cache,id=web,target=/var/cache/dfc/composer,sharing=shared \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },

  -- builders
  { name = "is the same for Buildah",
    builder = "buildah",
    input = "@composer install",
    output = [[
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "leaves nothing in a layer",
    builder = "legacy",
    input = "@composer install",
    output = [[
# @composer install
RUN COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/dev/null composer install
]] },
  { name = "leaves nothing of the mirror in a layer",
    mirror = "cn",
    builder = "legacy",
    input = "@composer install; ls",
    output = [[
# @composer install; ls
RUN export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/dev/null \
    && dfc=$(mktemp -d) \
    && trap 'rm -rf "$dfc"' EXIT \
    && printf '%s\n' '{"repositories":{"packagist.org":{"type":"composer","url":"https://mirrors.aliyun.com/composer"}}}' > "$dfc/config.json" \
    && export COMPOSER_HOME="$dfc" \
    && composer install; ls
]] },
  { name = "changes nothing of the image",
    footprint = "none",
    input = "@composer install",
    output = [[
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },

  -- mirrors
  { name = "binds a configuration with the mirror",
    mirror = "cn",
    input = "FROM php:8.3-cli\n@composer install && ls\n@composer dump-autoload",
    output = [[

FROM scratch AS dfc-composer-mirrors.aliyun.com-composer
COPY <<'EOF' /config.json
{"repositories":{"packagist.org":{"type":"composer","url":"https://mirrors.aliyun.com/composer"}}}
EOF

FROM php:8.3-cli
# @composer install && ls
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    --mount=type=bind,from=dfc-composer-mirrors.aliyun.com-composer,target=/tmp/dfc-composer \
    export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer COMPOSER_HOME=/tmp/dfc-composer \
    && composer install && ls
# @composer dump-autoload
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    --mount=type=bind,from=dfc-composer-mirrors.aliyun.com-composer,target=/tmp/dfc-composer \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer COMPOSER_HOME=/tmp/dfc-composer composer dump-autoload
]] },
  { name = "puts it where the configuration is",
    mirror = "cn",
    footprint = "none",
    input = "FROM composer:2\n@composer install",
    output = [[

FROM scratch AS dfc-composer-mirrors.aliyun.com-composer
COPY <<'EOF' /config.json
{"repositories":{"packagist.org":{"type":"composer","url":"https://mirrors.aliyun.com/composer"}}}
EOF

FROM composer:2
# @composer install
RUN --mount=type=cache,id=composer,target=/tmp/cache,sharing=locked \
    --mount=type=bind,from=dfc-composer-mirrors.aliyun.com-composer,source=/config.json,target=/tmp/config.json \
    composer install
]] },
  { name = "allows a mirror that has plain http",
    input = "FROM php:8.3-cli\n@composer --mirror=http://packages.example/php/ install",
    output = [[

FROM scratch AS dfc-composer-packages.example-php
COPY <<'EOF' /config.json
{"repositories":{"packagist.org":{"type":"composer","url":"http://packages.example/php/"}},"config":{"secure-http":false}}
EOF

FROM php:8.3-cli
# @composer --mirror=http://packages.example/php/ install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    --mount=type=bind,from=dfc-composer-packages.example-php,target=/tmp/dfc-composer \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer COMPOSER_HOME=/tmp/dfc-composer composer install
]] },
  { name = "does without where the image has a configuration",
    mirror = "cn",
    input = "RUN composer config --global process-timeout 2000\n@composer install",
    notes = { "2:1: note: the mirror is left out: it would take the place of what is in COMPOSER_HOME [mirror-left-out]\nhelp: write RUN composer config --global repo.packagist composer https://mirrors.aliyun.com/composer" },
    output = [[
RUN composer config --global process-timeout 2000
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "does without for packages of the user",
    mirror = "cn",
    input = "@composer global require phpunit/phpunit",
    notes = { "1:1: note: the mirror is left out: it would take the place of what is in COMPOSER_HOME [mirror-left-out]\nhelp: write RUN composer config --global repo.packagist composer https://mirrors.aliyun.com/composer" },
    output = [[
# @composer global require phpunit/phpunit
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer global require phpunit/phpunit
]] },
  { name = "does without where a configuration is copied",
    mirror = "cn",
    input = "COPY config.json /root/.composer/config.json\n@composer install",
    notes = { "2:1: note: the mirror is left out: it would take the place of what is in COMPOSER_HOME [mirror-left-out]\nhelp: write RUN composer config --global repo.packagist composer https://mirrors.aliyun.com/composer" },
    output = [[
COPY config.json /root/.composer/config.json
# @composer install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "can leave the mirror out once",
    mirror = "cn",
    input = "@composer --mirror=off install",
    output = [[
# @composer --mirror=off install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "lets docker build choose the mirror",
    input = "@mirror --arg PHP=composer\n@composer install && ls",
    output = [[
ARG PHP
# @composer install && ls
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    if [ -n "$PHP" ]; then export dfc_mirror="${PHP}"; else unset PHP; fi \
    && export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer \
    && dfc=$(mktemp -d) \
    && trap 'rm -rf "$dfc"' EXIT \
    && if [ -n "$dfc_mirror" ]; then printf '{"repositories":{"packagist.org":{"type":"composer","url":"%s"}}}\n' "$dfc_mirror" > "$dfc/config.json"; fi \
    && export COMPOSER_HOME="$dfc" \
    && composer install && ls
]] },
  { name = "lets docker build choose another one",
    from = "composer:2",
    input = "@mirror cn --arg PHP=composer\n@composer install\n@composer <<EOF\ncomposer install\nEOF",
    notes = { "3:1: note: the mirror is left out: by ARG it needs commands, which a script has no place for [mirror-left-out]\nhelp: name one for this directive with --mirror" },
    output = [[
ARG PHP
# @composer install
RUN --mount=type=cache,id=composer,target=/tmp/cache,sharing=locked \
    export COMPOSER_CACHE_DIR=/tmp/cache dfc_mirror="${PHP:-https://mirrors.aliyun.com/composer}" \
    && dfc=$(mktemp -d) \
    && trap 'rm -rf "$dfc"' EXIT \
    && if [ -n "$dfc_mirror" ]; then printf '{"repositories":{"packagist.org":{"type":"composer","url":"%s"}}}\n' "$dfc_mirror" > "$dfc/config.json"; fi \
    && export COMPOSER_HOME="$dfc" \
    && composer install
# @composer <<EOF
# composer install
# EOF
RUN --mount=type=cache,id=composer,target=/tmp/cache,sharing=locked \
    <<EOF
set -e
composer install
EOF
]] },

  -- secrets
  { name = "hands the secret over in its variable",
    input = "@composer --secret=auth install",
    output = [[
# @composer --secret=auth install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    --mount=type=secret,id=auth,target=/run/secrets/auth,required=true \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_AUTH="$(cat /run/secrets/auth)" COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },
  { name = "also to several commands",
    input = "@composer --secret=auth install && composer audit",
    output = [[
# @composer --secret=auth install && composer audit
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    --mount=type=secret,id=auth,target=/run/secrets/auth,required=true \
    export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer \
    && COMPOSER_AUTH="$(cat /run/secrets/auth)" \
    && export COMPOSER_AUTH \
    && composer install && composer audit
]] },
  { name = "and to a user",
    input = "USER www-data\n@composer --secret=auth install",
    output = [[
USER www-data
# @composer --secret=auth install
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked,uid=33,gid=33 \
    --mount=type=secret,id=auth,target=/run/secrets/auth,required=true,uid=33,gid=33 \
    COMPOSER_AUTH="$(cat /run/secrets/auth)" COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install
]] },

  -- what defeats the cache
  { name = "warns of what empties the mount",
    input = "@composer install && composer clear-cache && rm -rf /root/.composer",
    warnings = { "1:1: warning: composer clear-cache empties the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger",
      "1:1: warning: 'rm' empties the cache mount, and fails where it is to remove the mount itself [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
# @composer install && composer clear-cache && rm -rf /root/.composer
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer \
    && composer install && composer clear-cache && rm -rf /root/.composer
]] },
  { name = "warns of --no-cache",
    input = "@composer install --no-cache",
    warnings = { "1:1: warning: --no-cache defeats the cache mount [defeats-cache]\nhelp: leave it out: the cache is in a mount, it does not make the image larger" },
    output = [[
# @composer install --no-cache
RUN --mount=type=cache,id=composer,target=/var/cache/dfc/composer,sharing=locked \
    COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_CACHE_DIR=/var/cache/dfc/composer composer install --no-cache
]] },
}
