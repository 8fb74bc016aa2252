-- @apt-repo, @apk-repo, @dnf-repo: repositories besides those of the distribution.
--
-- The key comes by ADD with its checksum, or from the build context, so that neither curl nor gnupg
-- gets into the image; its file is only trusted for this repository where the tool can do that.
local dfc = require "dfc.v1"

-- Words -------------------------------------------------------------------------------------------

local function is_url(word) return word:find("://", 1, true) ~= nil end

-- A line of a file as one word of the shell, whose variables are live. What it is made of has been
-- checked to hold no quotes and blanks; a literal dollar sign has a backslash before it already.
local function line(text)
  local quote = text:find("$", 1, true) and '"' or "'"
  return quote .. text .. quote
end

-- "printf" is a builtin of every shell, and writes lines as they are.
local function write(lines, into)
  local words = {}
  for i, text in ipairs(lines) do words[i] = line(text) end
  return "printf '%s\\n'\n" .. table.concat(words, "\n") .. "\n" .. into
end

-- Whether `word` would break out of its line, or of its quotes.
local function check_word(ctx, word, at, what)
  if re.match([=[^(?:[^\s"'`\\]|\\\$)+$]=], word) then return true end
  ctx:error(what .. " must have no blanks, quotes and backslashes, found '" .. word .. "'",
    { at = at, code = "bad-value" })
  return false
end

local function check_name(ctx, a)
  if re.match("^[A-Za-z0-9][A-Za-z0-9_.-]*$", a.repository) then return true end
  ctx:error("the name must be one of a file: letters, digits, '.', '_' and '-', found '"
    .. a.repository .. "'", { at = "repository", code = "bad-value" })
  return false
end

local function check_checksum(ctx, a, url)
  if not a.checksum then
    if url and url:starts "http://" then
      ctx:warn("what http gives can be changed on its way", {
        at = is_url(a.key or "") and "key" or nil, code = "unverified-key",
        help = "write https, or --checksum=sha256:…" })
    end
    return true
  end
  if not url then
    ctx:error("--checksum is for what comes from a URL", { at = "checksum", code = "bad-value" })
    return false
  end
  if re.match("^sha256:[0-9a-f]{64}$", a.checksum) then return true end
  ctx:error("--checksum must be sha256: and 64 digits, found '" .. a.checksum .. "'",
    { at = "checksum", code = "bad-value" })
  return false
end

-- Files -------------------------------------------------------------------------------------------

-- A file from a URL or the build context at `dest`: nodes, and commands that a builder needs which
-- knows no flags of ADD and COPY.
local function put(ctx, from, dest, checksum)
  local plain = ctx.builder == "legacy"
  local chmod = not plain and "644" or nil
  if not is_url(from) then
    local cmds = plain and { "chmod 644 " .. dest } or {}
    return { dfc.copy { src = from, dest = dest, chmod = chmod } }, cmds
  end
  local node = dfc.add { src = from, dest = dest, chmod = chmod,
                         checksum = not plain and checksum or nil }
  local cmds = {}
  if plain and checksum then
    cmds[1] = ([[test "$(sha256sum < %s)" = '%s  -']]):format(dest, checksum:sub(8))
  end
  if plain then cmds[#cmds + 1] = "chmod 644 " .. dest end
  return { node }, cmds
end

-- The key of a repository: nodes, commands, and the path that the repository names.
local function put_key(ctx, a, dest)
  if not a.key then return {}, {}, nil end
  if a.key:starts "/" then return {}, {}, a.key end -- the image has it
  local nodes, cmds = put(ctx, a.key, dest, a.checksum)
  return nodes, cmds, dest
end

local function check_key(ctx, a)
  local from = a.key and is_url(a.key) and a.key or nil
  if a.key and not check_word(ctx, a.key, "key", "--key") then return false end
  if a.key and not from and re.match([[(?:^|/)\.\.(?:/|$)]], a.key) then
    ctx:error("'" .. a.key .. "' leads out of the build context",
      { at = "key", code = "outside-context" })
    return false
  end
  return check_checksum(ctx, a, from)
end

local function finish(nodes, cmds)
  nodes[#nodes + 1] = dfc.run { cmds = cmds }
  return nodes
end

local KEY = { "--key", doc = "its public key: URL, file of the build context, /path in the image" }
local CHECKSUM = { "--checksum", doc = "digest of what comes from a URL: sha256:…" }

-- apt ---------------------------------------------------------------------------------------------

-- apt tells armored keys from binary ones by the file's name, before version 3 (apt-key(8)). Most
-- that are not called .gpg are armored.
local function key_type(ctx, a)
  if a.key_type then return a.key_type end
  local readable = not re.match([[://|^/|\$]], a.key)
  local text = readable and ctx:file(a.key)
  if text then return text:starts "-----BEGIN" and "asc" or "gpg" end
  return a.key:ends ".gpg" and "gpg" or "asc"
end

local function has_certificates(ctx)
  if ctx.base.ca or not ctx.base.distro then return true end
  for _, instruction in ipairs(ctx.previous) do
    if instruction.text:find("ca-certificates", 1, true) then return true end
  end
  return false
end

local function check_words(ctx, a)
  local good = check_name(ctx, a) and check_key(ctx, a)
  for _, key in ipairs { "url", "suite" } do
    good = check_word(ctx, a[key], key, key) and good
  end
  for i, component in ipairs(a.component) do
    good = check_word(ctx, component, { "component", i }, "a component") and good
  end
  if #a.component == 0 and not a.suite:ends "/" then
    ctx:error("@apt-repo needs a component behind the suite", { code = "missing-argument",
      help = "such as main; only a suite that is a path, with a '/' at its end, has none" })
    return false
  end
  return good
end

dfc.directive "apt-repo" {
  summary = "Add an apt repository, with a key that is trusted for it alone",
  examples_from = "python:3.12-bookworm",
  examples = {
    "@apt-repo docker https://download.docker.com/linux/debian bookworm stable "
      .. "--key=https://download.docker.com/linux/debian/gpg",
    "@apt-repo tools https://apt.example.com/ ./ --key=keys/tools.asc",
  },
  family = "install",
  needs = { family = "debian", user = "root" },
  args = {
    { "repository", min = 1, doc = "a name for it, and for its files" },
    { "url", type = "url", min = 1, doc = "its address" },
    { "suite", min = 1, doc = "such as bookworm; or a path, './'" },
    { "component", many = true, doc = "such as main" },
    KEY, CHECKSUM,
    { "--key-type", type = "enum", values = { "asc", "gpg" },
      doc = "what the key is: armored or binary; by its name when not given" },
    { "--arch", doc = "only for these architectures: amd64,arm64" },
  },
  expand = function(ctx, a)
    if not check_words(ctx, a) then return nil end
    if a.url:starts "https://" and not has_certificates(ctx) then
      ctx:warn(ctx.base.image .. " has no CA certificates, which https needs", {
        at = "url", code = "no-certificates", help = "write @apt ca-certificates above it" })
    end
    local dest = a.key and "/etc/apt/keyrings/" .. a.repository .. "." .. key_type(ctx, a)
    local nodes, cmds, key = put_key(ctx, a, dest)
    local lines = { "Types: deb", "URIs: " .. a.url, "Suites: " .. a.suite }
    if #a.component > 0 then
      lines[#lines + 1] = "Components: " .. table.concat(a.component, " ")
    end
    if a.arch then lines[#lines + 1] = "Architectures: " .. table.concat(a.arch:split ",", " ") end
    if key then lines[#lines + 1] = "Signed-By: " .. key end
    cmds[#cmds + 1] = write(lines, "> /etc/apt/sources.list.d/" .. a.repository .. ".sources")
    return finish(nodes, cmds)
  end,
}

-- apk ---------------------------------------------------------------------------------------------

local ALPINE = "https://dl-cdn.alpinelinux.org/alpine"

-- The address as it is to stand in the image: of the mirror, where the rest of the file is.
local function apk_url(ctx, word)
  local url = is_url(word) and word or ALPINE .. "/" .. word
  local mirror = ctx.footprint ~= "none" and ctx.base.distro ~= "wolfi"
    and ctx:mirror("alpine", "http")
  if mirror and url:starts(ALPINE .. "/") then return mirror .. url:sub(#ALPINE + 1) end
  return url
end

local function apk_lines(ctx, a)
  local lines, good = {}, true
  for i, word in ipairs(a.url) do
    local at = { "url", i }
    if not is_url(word) and not re.match([[^[a-z0-9.]+/[a-z0-9/]+$]], word) then
      ctx:error("a repository is a URL or a part of Alpine such as edge/testing, found '" .. word
        .. "'", { at = at, code = "bad-value" })
      good = false
    end
    good = check_word(ctx, word, at, "a URL") and good
    lines[i] = (a.tag and "@" .. a.tag .. " " or "") .. apk_url(ctx, word)
  end
  return good and lines
end

dfc.directive "apk-repo" {
  summary = "Add apk repositories, with their key",
  examples = {
    "@apk-repo --tag=edge edge/main edge/community",
    "@apk-repo https://apk.example.com/v3.20/main --key=https://apk.example.com/ops.rsa.pub",
  },
  family = "install",
  needs = { family = "alpine", user = "root" },
  args = {
    { "url", many = true, min = 1, doc = "its address; or a part of Alpine: edge/testing" },
    { "--tag", doc = "use it only for packages that are written NAME@TAG" },
    KEY, CHECKSUM,
    { "--key-name", doc = "file name of the key, which signatures name; that of the key's URL" },
    dfc.opt.mirror(),
  },
  expand = function(ctx, a)
    local lines = apk_lines(ctx, a)
    if not (check_key(ctx, a) and lines) then return nil end
    if a.tag and not re.match("^[A-Za-z0-9_.-]+$", a.tag) then
      return ctx:error("--tag must be letters and digits, found '" .. a.tag .. "'",
        { at = "tag", code = "bad-value" })
    end
    local name = a.key_name or (a.key and re.match("[^/]+$", a.key)[0])
    local nodes, cmds = put_key(ctx, a, "/etc/apk/keys/" .. (name or ""))
    cmds[#cmds + 1] = write(lines, ">> /etc/apk/repositories")
    return finish(nodes, cmds)
  end,
}

-- dnf ---------------------------------------------------------------------------------------------

-- Variables of dnf.conf(5), which are not the shell's.
local DNF_VARIABLES = [=[(?<!\\)\$(\{)?(?=(?:releasever(?:_major|_minor)?|basearch|arch|stream|]=]
  .. [=[contentdir|infra|rltype|uuid)\b)]=]

local function for_dnf(word) return (re.gsub(DNF_VARIABLES, word, [[\$$${1}]])) end

local function repo_lines(a, key)
  local lines = {
    "[" .. a.repository .. "]", "name=" .. a.repository, "baseurl=" .. for_dnf(a.url),
    "enabled=" .. (a.disabled and "0" or "1"), "gpgcheck=" .. (key and "1" or "0"),
  }
  if key then lines[#lines + 1] = "gpgkey=file://" .. key end
  for _, text in ipairs(a.set) do lines[#lines + 1] = for_dnf(text) end
  return lines
end

-- "@dnf-repo https://…/docker-ce.repo": the vendor's own file.
local function vendor_file(ctx, a)
  local url = a.repository
  local name = re.match([[[^/]+\.repo$]], url)
  if not name then
    return ctx:error("@dnf-repo needs a name before the URL, or the URL of a .repo file",
      { at = "repository", code = "missing-argument" })
  end
  if not (check_word(ctx, url, "repository", "the URL") and check_checksum(ctx, a, url)) then
    return nil
  end
  local nodes, cmds = put(ctx, url, "/etc/yum.repos.d/" .. name[0], a.checksum)
  return #cmds > 0 and finish(nodes, cmds) or nodes
end

dfc.directive "dnf-repo" {
  summary = "Add a repository for dnf, yum and microdnf, with its key",
  examples = {
    "@dnf-repo nginx 'https://nginx.org/packages/rhel/$releasever/$basearch/' "
      .. "--key=https://nginx.org/keys/nginx_signing.key --set=module_hotfixes=1",
    "@dnf-repo https://download.docker.com/linux/rhel/docker-ce.repo",
  },
  family = "install",
  needs = { family = "redhat", user = "root" },
  args = {
    { "repository", min = 1, doc = "a name for it; or the URL of a .repo file, and nothing else" },
    { "url", doc = "its address; $releasever, $basearch and the like are dnf's" },
    KEY, CHECKSUM,
    { "--no-gpgcheck", type = "switch", doc = "packages that nobody has signed" },
    { "--disabled", type = "switch", doc = "only for @dnf --enablerepo=NAME" },
    { "--set", many = true, doc = "another line of the file: NAME=VALUE" },
  },
  expand = function(ctx, a)
    if is_url(a.repository) then return vendor_file(ctx, a) end
    if not a.url then
      return ctx:error("@dnf-repo needs a url", { code = "missing-argument" })
    end
    if not a.key and not a.no_gpgcheck then
      return ctx:error("@dnf-repo needs --key, for packages are to be signed", {
        code = "missing-argument", help = "write --key=URL or --key=FILE; --no-gpgcheck without" })
    end
    local good = check_name(ctx, a) and check_key(ctx, a) and check_word(ctx, a.url, "url", "url")
    for i, text in ipairs(a.set) do
      good = check_word(ctx, text, { "set", i }, "--set") and good
    end
    if not good then return nil end
    local nodes, cmds, key = put_key(ctx, a, "/etc/pki/rpm-gpg/RPM-GPG-KEY-" .. a.repository)
    cmds[#cmds + 1] = write(repo_lines(a, key),
      "> /etc/yum.repos.d/" .. a.repository .. ".repo")
    return finish(nodes, cmds)
  end,
}
