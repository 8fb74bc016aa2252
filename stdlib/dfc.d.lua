---@meta dfc.v1
-- What rule files can use: definitions for lua-language-server, of no meaning to dfc itself.
-- Put this file where the editor looks for libraries, or beside the rules; "dfc rules --meta"
-- writes it. Rule files run in a sandbox: of Lua's own libraries only assert, error, ipairs, pairs,
-- print, select, tonumber, tostring, type, require and parts of string, table and math are there.
-- luacheck: globals re, ignore 212 241

-- Declaring ---------------------------------------------------------------------------------------

---`local dfc = require "dfc.v1"`. Declarations are made while a rule file is loaded:
---`dfc.directive "NAME" { … }`.
---@class dfc
---@field version string version of dfc
---@field opt dfc.Opt ready-made options
local dfc = {}

---Declare a directive: what `@NAME` takes and what it becomes.
---@param name string lower-case letters, digits and '-'
---@return fun(spec: dfc.DirectiveSpec)
function dfc.directive(name) end

---@class dfc.DirectiveSpec
---@field summary string one line: what it does
---@field examples? string[] directives as one would write them; each must compile
---@field examples_from? string image for them and for tests; else one of `needs.family`, or debian
---@field family? "install"|"command" arguments are words (the default), or a shell command
---@field bare? boolean of the family command: the program alone is a command, as `make` is
---@field assigns? boolean of the family command: NAME=value words in front are arguments, as those
--- of `make` are, and not the environment
---@field verbs? string[] words that may stand first, such as `install`
---@field default_verb? string the verb when none is given
---@field refused? table<string, string> verbs that are errors: VERB = what to write instead
---@field noop_verbs? string[] verbs of a pasted command line that do nothing here: `update`
---@field cleans? string[] directories whose removal in a pasted command line does nothing here
---@field tools? string[] programs whose command lines the directive stands for: `apt-get`
---@field reads? string PCRE2 pattern of those command lines that read a cache in place, for the
--- note about a later RUN that has no mount; all of `tools` when it is not given
---@field implied? string[] options that are accepted and dropped, since they are always given
---@field args? dfc.ArgSpec[] arguments and options, in the order in which they are described
---@field body? "words"|"lines"|"script" what a heredoc holds
---@field needs? dfc.NeedsSpec what the stage must be
---@field caches? string[] names of the caches it uses
---@field override? boolean replace a directive of that name on purpose
---@field expand fun(ctx: dfc.Ctx, a: dfc.Args): dfc.Result what it becomes

---@alias dfc.Node dfc.Run|dfc.OtherNode
---@alias dfc.Result dfc.Node|dfc.Result[]|nil

---An argument: `{ "package", many = true }`, or an option: `{ "--file", short = "-f" }`.
---@class dfc.ArgSpec
---@field [1] string its name; that of an option begins with `--`
---@field type? dfc.ArgType `word` when it is not given
---@field short? string a letter for an option: `-f`
---@field many? boolean it may be given several times; the rule gets a list
---@field min? integer how many there must be
---@field values? string[] of `enum` and `passthrough`; `--index-url=` there takes a value
---@field kind? string of `mirror`: the tree whose URL may be given: `pypi`
---@field range? integer[] of `int`: the lowest and the highest
---@field default? string the value when it is not given
---@field doc? string one line: what it is for

---@alias dfc.ArgType
---| "word" a word that may hold variables of the build
---| "text" a constant text
---| "switch" present or not
---| "int" a whole number
---| "enum" one of `values`
---| "path" a path; a relative one is in the build context
---| "url"
---| "duration" `30s`, `5m`, `1h`
---| "mirror" a preset, a URL, or `off`
---| "passthrough" options of the tool, `values`, handed on as they are written

---@class dfc.NeedsSpec
---@field family? string family of the base image: `debian`, `alpine`, `redhat`, `suse`, `arch`
---@field user? "root"
---@field shell? "posix"

---Options that the directives of many tools have.
---@class dfc.Opt
local opt = {}

---`--id`: id of the cache mount.
---@param default? string
---@return dfc.ArgSpec
function opt.id(default) end

---`--sharing`: how parallel builds share the cache mount.
---@param default? "shared"|"locked"|"private"
---@return dfc.ArgSpec
function opt.sharing(default) end

---`--mirror`: mirror for this directive.
---@param kind? string the tree whose URL may be given: `pypi`
---@return dfc.ArgSpec
function opt.mirror(kind) end

---`--uid`: owner of the cache mount.
---@return dfc.ArgSpec
function opt.uid() end

---`--gid`: group of the cache mount.
---@return dfc.ArgSpec
function opt.gid() end

---`--secret`: id of a build secret, for `ctx:secret`.
---@param what? string what the secret holds
---@return dfc.ArgSpec
function opt.secret(what) end

---Declare a rewrite: a finding in plain instructions, with its fix.
---@param name string lower-case letters, digits and '-'
---@return fun(spec: dfc.RewriteSpec)
function dfc.rewrite(name) end

---@class dfc.RewriteSpec
---@field summary string one line: what it finds
---@field on? string the instruction it looks at; `RUN` when it is not given
---@field match? string PCRE2 pattern, tried on each simple command; without it all are checked
---@field needs? dfc.RewriteNeedsSpec
---@field override? boolean replace a rewrite of that name on purpose
---@field check fun(ctx: dfc.Ctx, run: dfc.PlainRun, m: dfc.Match) reports with `ctx:report`

---@class dfc.RewriteNeedsSpec
---@field family? string family of the base image

---Test a directive or a rewrite, in files whose name ends in `_test.lua`; `dfc test` runs them.
---@param name string of the directive or rewrite
---@return fun(spec: dfc.TestSpec)
function dfc.test(name) end

---Settings of a test, for all cases of a `dfc.test` or for one.
---@class dfc.TestSettings
---@field from? string operand of the FROM line that is put above the input
---@field mirror? string as `dfc build --mirror`
---@field builder? string as `dfc build --builder`
---@field footprint? string as `dfc build --footprint`
---@field syntax? string as `dfc build --syntax`
---@field auto? boolean carry out fixes; so it is in tests of a rewrite
---@field files? table<string, string> the build context: PATH = TEXT

---@class dfc.TestSpec: dfc.TestSettings
---@field [integer] dfc.TestCase

---A case states its whole output or its errors, and all that is reported.
---@class dfc.TestCase: dfc.TestSettings
---@field name string unique among the cases of the rule
---@field input string what stands below FROM; one that begins with FROM has its own
---@field output? string what comes out below FROM; `"same"`: the input as it is
---@field errors? string[] "LINE:COLUMN: error: MESSAGE", lines counted in the input
---@field warnings? string[] likewise; `" [CODE]"` and `"\nhelp: …"` may follow
---@field notes? string[]

---Declare a mirror preset: what `@mirror NAME` stands for.
---@param name string
---@return fun(spec: dfc.MirrorSpec)
function dfc.mirror(name) end

---Trees by name: a path below `base`, or a whole URL: `debian = "debian"`, `pypi = "https://…"`.
---@class dfc.MirrorSpec
---@field summary? string whose it is
---@field base? string URL that paths are below
---@field http? boolean the base answers plain http, too
---@field override? boolean replace a preset of that name on purpose
---@field [string] string|string[]|table<string, string>

---Declare what a base image is. A name may end in `*`.
---@param name string repository without a tag: `corp/python`
---@return fun(spec: dfc.ImageSpec)
function dfc.image(name) end

---@class dfc.ImageSpec
---@field distro? string `debian`, `ubuntu`, `alpine` …
---@field release? string `bookworm`, `3.20` …
---@field family? string follows from `distro` where that is known
---@field libc? string `glibc` or `musl`; follows from `distro` where that is known
---@field os? "linux"|"windows"
---@field ca? boolean whether it carries CA certificates
---@field user? string the user it starts with; root when it is not given
---@field users? table<string, dfc.ImageUserSpec>
---@field env? table<string, string> its environment, as far as it moves caches
---@field facts? fun(tag: string, name: string): dfc.ImageSpec? what a tag says over all this
---@field override? boolean replace an image of that name on purpose

---@class dfc.ImageUserSpec
---@field uid? integer|string
---@field gid? integer|string
---@field home? string

---Declare a cache: what `ctx:cache` makes a mount of.
---@param name string lower-case letters, digits and '-'
---@return fun(spec: dfc.CacheSpec)
function dfc.cachedef(name) end

---@class dfc.CacheSpec
---@field target fun(ctx: dfc.Ctx): string? where it lies; nil when that is not known
---@field id? string first part of the mount's id; the name when it is not given
---@field sharing "shared"|"locked"|"private"
---@field distro? boolean what is in it belongs to one release of a distribution
---@field libc? boolean it belongs to one C library
---@field arch? boolean it belongs to one architecture
---@field env? string the tool's variable that moves it
---@field below? string it is this directory below what that variable names: `registry`
---@field option? string the variable holds options of the tool; this one, "-Dx=", moves the cache
---@field project? fun(ctx: dfc.Ctx): string? it is for one project; the name when it is in a file
--- of the project. The setting `dfc.project` goes before; without a name there is no mount
---@field copies_out? boolean what is installed from it is in the image as well
---@field clean? string without mounts: takes away what would stay in the layer; nil: `rm -rf` of it
---@field beside? boolean the tool writes beside the target, too: its parent must be the user's
---@field override? boolean replace a cache of that name on purpose

---Say what is in force: only in a project's `dfc.lua` and the user's `config.lua`.
---@param spec dfc.SettingsSpec
function dfc.settings(spec) end

---Settings by name: `["dfc.mirror"] = "tuna"`, `["pip.sharing"] = "locked"`.
---@class dfc.SettingsSpec
---@field rules? string[] files and directories of rules, as seen from this file
---@field committed? boolean the output depends on nobody's surroundings; only in `dfc.lua`
---@field [string] string|boolean

---An error in a dfc that is older than that: `dfc.since "0.1"`.
---@param version string
function dfc.since(version) end

---The keys of a table, sorted.
---@param t table
---@return (string|integer)[]
function dfc.keys(t) end

-- Making instructions -----------------------------------------------------------------------------

---A RUN instruction.
---@param spec dfc.RunSpec
---@return dfc.Run
function dfc.run(spec) end

---@class dfc.RunSpec
---@field mounts? dfc.Mount|dfc.Mount[] may hold lists
---@field env? table<string, string|number> environment of its commands only
---@field cmds? (string|dfc.Argv)[] joined by `&&`; a string is shell, its line breaks continue it
---@field script? boolean the directive's heredoc is the command
---@field secrets? table<string, string>|dfc.Mount[] ID = VARIABLE that gets it, or mounts
---@field network? string `none`, `host`, `default`
---@field hadolint? string[] what hadolint is not to report for it: `DL3040`

---@class dfc.Run
local run = {}

---Make a file of the build context visible under the path as written, if it is one.
---@param path string
---@return string path the path to use in the command
function run:bind(path) end

---Another instruction.
---@class dfc.OtherNode

---An ARG instruction.
---@param name string
---@param default? string
---@return dfc.OtherNode
function dfc.arg(name, default) end

---An ENV instruction.
---@param vars table<string, string|number>
---@return dfc.OtherNode
function dfc.env(vars) end

---A COPY instruction.
---@param spec dfc.CopySpec
---@return dfc.OtherNode
function dfc.copy(spec) end

---@class dfc.CopySpec
---@field src string|string[]
---@field dest string
---@field from? string a stage or an image; `ctx:stage` gives the name of one
---@field chown? string `USER` or `USER:GROUP`
---@field chmod? string
---@field link? boolean
---@field parents? boolean
---@field exclude? string|string[]

---An ADD instruction.
---@param spec dfc.AddSpec
---@return dfc.OtherNode
function dfc.add(spec) end

---@class dfc.AddSpec
---@field src string|string[]
---@field dest string
---@field checksum? string `sha256:…`, of one remote source
---@field chown? string `USER` or `USER:GROUP`
---@field chmod? string
---@field link? boolean
---@field unpack? boolean
---@field keep_git_dir? boolean
---@field exclude? string|string[]

---A WORKDIR instruction.
---@param path string
---@return dfc.OtherNode
function dfc.workdir(path) end

---A USER instruction.
---@param user string|integer `NAME`, `NAME:GROUP` or numbers
---@return dfc.OtherNode
function dfc.user(user) end

---Instructions as they stand; FROM and directives are errors.
---@param text string
---@return dfc.OtherNode
function dfc.raw(text) end

---Words of a command, quoted when they are written; `$NAME` stays live.
---@param ... string|number|(string|number)[]|nil
---@return dfc.Argv
function dfc.argv(...) end

---@class dfc.Argv
---@field text string of the user's command (`a.command`): its text as one line
local argv = {}

---Add words.
---@param ... string|number|(string|number)[]|nil
---@return dfc.Argv self
function argv:add(...) end

---Set a variable for this command only.
---@param name string
---@param value string|number|nil nil adds nothing
---@return dfc.Argv self
function argv:env(name, value) end

---A word in which every `$` is literal.
---@param text string
---@return string
function dfc.lit(text) end

---@class dfc.Mount
---@field target string
---@field id string

---A cache mount. `ctx:cache` makes one of a declared cache, with the right id and owner.
---@param spec dfc.CacheMountSpec
---@return dfc.Mount
function dfc.cache(spec) end

---@class dfc.CacheMountSpec
---@field target string
---@field id? string
---@field sharing? "shared"|"locked"|"private"
---@field uid? string|integer
---@field gid? string|integer
---@field mode? string|integer
---@field from? string
---@field source? string

---A bind mount. `run:bind` makes one of a file of the build context.
---@param spec dfc.BindMountSpec
---@return dfc.Mount
function dfc.bind(spec) end

---@class dfc.BindMountSpec
---@field target string
---@field source? string
---@field from? string a stage or an image
---@field rw? boolean

---A secret.
---@param spec dfc.SecretMountSpec
---@return dfc.Mount
function dfc.secret(spec) end

---@class dfc.SecretMountSpec
---@field id? string
---@field target? string
---@field env? string the variable that gets the value
---@field required? boolean
---@field uid? string|integer
---@field gid? string|integer
---@field mode? string|integer

---The SSH agent.
---@param spec? dfc.SshMountSpec
---@return dfc.Mount
function dfc.ssh(spec) end

---@class dfc.SshMountSpec
---@field id? string
---@field target? string
---@field required? boolean
---@field uid? string|integer
---@field gid? string|integer
---@field mode? string|integer

---A file system in memory.
---@param spec dfc.TmpfsMountSpec
---@return dfc.Mount
function dfc.tmpfs(spec) end

---@class dfc.TmpfsMountSpec
---@field target string
---@field size? string|integer

-- What a rule is told -----------------------------------------------------------------------------

---The stage in which the directive or instruction stands. Read-only.
---@class dfc.Ctx
---@field stage dfc.Stage
---@field base dfc.Base the base image
---@field user dfc.User the user that runs the commands
---@field shell dfc.Shell
---@field env table<string, string> ENV so far
---@field args table<string, string> ARGs in scope
---@field vars table<string, string> settings and variables of `@set` and `-D`
---@field previous dfc.Instruction[] instructions of the stage so far
---@field workdir string the working directory
---@field builder 'buildkit'|'buildah'|'legacy' what the output is for
---@field footprint 'keep'|'none' what may stay in the image
local ctx = {}

---The stage. Called as `ctx:stage(KEY, FROM, NODES)` it makes a helper stage, once a file and key,
---that stands before all others, and gives its name.
---@class dfc.Stage
---@overload fun(ctx: dfc.Ctx, key: string, from: string, nodes: dfc.Result): string
---@field name? string
---@field index integer from 0
---@field parent? string name of the stage it is made from
---@field platform? string as written
---@field final boolean it is the last stage of the file

---@class dfc.Base
---@field image string as written
---@field registry? string nil for Docker Hub
---@field repo? string
---@field tag? string
---@field digest? string
---@field family? string `debian`, `alpine`, `redhat`, `suse`, `arch`, `none`
---@field distro? string
---@field release? string
---@field libc? string `glibc` or `musl`
---@field windows boolean
---@field ca boolean it is known to carry CA certificates

---@class dfc.User
---@field root boolean
---@field name? string
---@field uid? string may be a variable reference
---@field gid? string
---@field home? string

---@class dfc.Shell
---@field kind? string `sh`, `bash` …
---@field posix boolean

---@class dfc.Instruction
---@field instruction string `RUN`
---@field text string what stands behind the flags
---@field flags string[]

---The mount of a declared cache, fitted to the stage.
---@param name string
---@param options? dfc.CacheUseSpec
---@return dfc.Mount? mount nil, with a note: it is for one project, whose name is not known
function ctx:cache(name, options) end

---@class dfc.CacheUseSpec
---@field id? string
---@field sharing? string
---@field kept_out? boolean without mounts the rule sees to it that nothing comes there

---The mount of a build secret at the place where a tool looks for it, readable for the user of the
---stage; nil for the id nil.
---@param id string|nil
---@param path? string absolute, or below the home: `~/.netrc`; nil: `/run/secrets/ID`
---@return dfc.Mount?
function ctx:secret(id, path) end

---What the mirror in force offers for a tree; nil: upstream.
---@param kind string `debian`, `pypi` …
---@param scheme? "http"|"" "http": a plain http URL, if the image may have no CA certificates
---@param of? "stage" leave the directive's own `--mirror` out of account
---@return string|string[]|table<string, string>|nil
function ctx:mirror(kind, scheme, of) end

---The name of the ARG by which docker build chooses the mirror of a kind; nil: by none. The ARG is
---declared in the stage, and may be empty: upstream, or the mirror in force. `ctx:mirror` gives
---`"${NAME}"` then, which can only become a variable of the environment: a rule that does more with
---it asks this first. `apt` is a base URL with the trees that apt reads.
---@param kind string `pypi` …, or `apt`
---@param of? "stage" leave the directive's own `--mirror` out of account
---@return string?
function ctx:mirror_arg(kind, of) end

---The text of a file of the build context; nil and why when it is none.
---@param path string
---@return string? text
---@return "missing"|"directory"|nil problem
function ctx:file(path) end

---Whether an earlier COPY or ADD of the stage or its parents may have put a file there.
---@param path string in the image; a relative one is below the working directory
---@return boolean
function ctx:copied(path) end

---Set-up that a stage needs once: placed before its first use.
---@param key string
---@param nodes dfc.Result
function ctx:once(key, nodes) end

---The value of a setting or variable.
---@param name string `pip.sharing`
---@return string?
function ctx:setting(name) end

---Report a mistake of the user. `return ctx:error(…)` ends the rule.
---@param message string lower case, without a full stop
---@param options? dfc.MessageSpec
function ctx:error(message, options) end

---Warn the user.
---@param message string
---@param options? dfc.MessageSpec
function ctx:warn(message, options) end

---Tell the user.
---@param message string
---@param options? dfc.MessageSpec
function ctx:note(message, options) end

---@class dfc.MessageSpec
---@field at? string|{ [1]: string, [2]: integer }|dfc.Match|dfc.Span an argument or one of its
--- values; `verb`
---@field note? string a line that explains
---@field help? string what to write instead
---@field fix? string what is to stand in place of what `at` names: `dfc lint --fix` writes it
---@field code? string stable name of the finding, shown in brackets

---Report a finding of a rewrite.
---@param finding dfc.ReportSpec
function ctx:report(finding) end

---@class dfc.ReportSpec
---@field message string lower case, without a full stop
---@field at? dfc.Match|dfc.Span
---@field level? "error"|"warn"|"warning"|"note"
---@field note? string a line that explains
---@field help? string what to write instead
---@field fix? dfc.Edits|dfc.Edits[] what keeps the meaning of the image
---@field suggest? dfc.Edits|dfc.Edits[] what may change it; is never applied by itself

---The arguments of the directive, by the names under which they are declared: `--target-release` is
---`a.target_release`. Read-only.
---@class dfc.Args
---@field name string the directive as written: `apt-get`
---@field verb string `""` when there is none
---@field exe? string `--exe`: the program to run
---@field rest string[] words behind `--`
---@field command? dfc.Argv the command of a command directive
---@field commands string[] of a command directive: its simple commands, the program first, one
--- blank between the words; of its script, too
---@field script boolean a command directive has a heredoc
---@field lines string[] the heredoc of a directive with `body = "lines"`
---@field [string] any

-- What a rewrite sees -----------------------------------------------------------------------------

---The instruction. Its methods may be called with `.` or with `:`.
---@class dfc.PlainRun
---@field text string what stands behind the flags, or the heredoc of a script
---@field instruction string `RUN`
---@field flags string[]
---@field commands string[] its simple commands, one blank between their words
local plain_run = {}

---Whether the user has mounted something there, or a cache above it.
---@param target string
---@return boolean
function plain_run.has_mount(target) end

---Add mounts.
---@param mounts dfc.Mount|dfc.Mount[]
---@return dfc.Edits
function plain_run.add_mount(mounts) end

---Remove all commands that match.
---@param pattern string PCRE2
---@return dfc.Edits
function plain_run.remove_cmd(pattern) end

---Put a command before all others.
---@param text string
---@return dfc.Edits
function plain_run.prepend_cmd(text) end

---A command that the pattern has matched; `m[0]`, `m[1]` and `m.NAME` are what its groups have.
---Its methods may be called with `.` or with `:`.
---@class dfc.Match
---@field text string the command, one blank between its words
---@field argv string[]
---@field nested boolean it is part of a larger construct: removals become suggestions
---@field sudo boolean it is run by sudo
---@field [integer|string] string|false|nil
local match = {}

---Remove a word, if the command has it.
---@param word string
---@return dfc.Edits
function match.remove_arg(word) end

---Replace a word, if the command has it.
---@param word string
---@param text string
---@return dfc.Edits
function match.replace_arg(word, text) end

---Insert words behind the last one that the pattern has matched.
---@param word string
---@param ... string
---@return dfc.Edits
function match.insert_arg(word, ...) end

---Where a group stands.
---@param group integer|string
---@return dfc.Span
function match.span(group) end

---Changes that `ctx:report` takes.
---@class dfc.Edits

---A place in the file.
---@class dfc.Span

-- Libraries of the sandbox ------------------------------------------------------------------------

---Regular expressions: PCRE2 patterns, in UTF-8.
---@class dfc.Re
re = {}

---The groups of the first match by number, from 0, and by name; a group that took no part is false.
---@param pattern string
---@param subject string
---@param init? integer byte at which the search begins
---@return table<integer|string, string|false>?
function re.match(pattern, subject, init) end

---First and last byte of the first match.
---@param pattern string
---@param subject string
---@param init? integer byte at which the search begins
---@return integer?
---@return integer?
function re.find(pattern, subject, init) end

---Replace matches; `$1` and `${name}` in a replacement are groups, `$$` is a dollar sign. A
---function that gives nil or false leaves the match as it is.
---@param pattern string
---@param subject string
---@param replacement string|fun(m: table<integer|string, string|false>): string|number|false|nil
---@param most? integer
---@return string
---@return integer count
function re.gsub(pattern, subject, replacement, most) end

---The pieces between matches.
---@param pattern string
---@param subject string
---@return string[]
function re.split(pattern, subject) end

---A pattern that matches just this text.
---@param text string
---@return string
function re.escape(text) end

---What Lua's own library lacks. Lua's patterns are not there: `find` takes plain text.
---@class stringlib
---@field starts fun(self: string, prefix: string): boolean
---@field ends fun(self: string, suffix: string): boolean
---@field trim fun(self: string): string
---@field split fun(self: string, separator?: string, most?: integer): string[] words by default
---@field lines fun(self: string): string[] without their line ends

return dfc
