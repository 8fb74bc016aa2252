/* dfc.directive, dfc.mirror, dfc.image and the ready-made options dfc.opt. */
#include "lua_api_internal.h"

#include "core_words.h"

#include <string.h>

/* ---- directives */

int api_keep_function(const struct fields *fields, const char *name)
{
    if (!fields_push(fields, name, LUA_TFUNCTION))
        fields_error(fields, name, "is missing");
    return luaL_ref(fields->L, LUA_REGISTRYINDEX);
}

static void read_family(const struct fields *fields, struct rule *rule)
{
    struct view family = fields_text(fields, "family");
    rule->is_command = view_is(family, "command");
    if (family.len > 0 && !rule->is_command && !view_is(family, "install"))
        fields_error(fields, "family", "must be \"install\" or \"command\", found '%s'",
                     family.ptr);
    rule->bare = fields_flag(fields, "bare");
    rule->assigns = fields_flag(fields, "assigns");
    if ((rule->bare || rule->assigns) && !rule->is_command)
        fields_error(fields, rule->bare ? "bare" : "assigns", "is only for the family \"command\"");
}

static void read_body(const struct fields *fields, struct rule *rule)
{
    struct view body = fields_text(fields, "body");
    if (body.len == 0)
        rule->body = rule->is_command ? BODY_SCRIPT : BODY_NONE;
    else if (view_is(body, "words"))
        rule->body = BODY_WORDS;
    else if (view_is(body, "lines"))
        rule->body = BODY_LINES;
    else if (view_is(body, "script"))
        rule->body = BODY_SCRIPT;
    else
        fields_error(fields, "body", "must be \"words\", \"lines\" or \"script\", found '%s'",
                     body.ptr);
    if (rule->body != BODY_NONE && rule->is_command != (rule->body == BODY_SCRIPT))
        fields_error(fields, "body",
                     "must be \"script\" for a command directive and \"words\" or "
                     "\"lines\" for another one, found '%s'",
                     body.ptr);
}

static void read_needs(const struct fields *fields, struct rule *rule)
{
    static const char *const names[] = {"family", "user", "shell", NULL};
    if (!fields_push(fields, "needs", LUA_TTABLE))
        return;
    struct fields needs = fields_open(fields->L, -1, "dfc.directive: needs", names);
    rule->needs_family = fields_text(&needs, "family");
    struct view user = fields_text(&needs, "user"), shell = fields_text(&needs, "shell");
    rule->needs_root = view_is(user, "root");
    rule->needs_posix_shell = view_is(shell, "posix");
    if (user.len > 0 && !rule->needs_root)
        fields_error(&needs, "user", "must be \"root\", found '%s'", user.ptr);
    if (shell.len > 0 && !rule->needs_posix_shell)
        fields_error(&needs, "shell", "must be \"posix\", found '%s'", shell.ptr);
    lua_pop(fields->L, 2);
}

static void add_refused(lua_State *L, void *context)
{
    struct rule *rule = context;
    struct view *help = ARENA_NEW(api_of(L)->arena, struct view);
    if (lua_type(L, -1) != LUA_TSTRING)
        lua_host_error(L,
                       "dfc.directive: field 'refused' must say what to write instead of '%s', "
                       "found %s",
                       lua_tostring(L, -2), api_type_name(L, -1));
    *help = api_text(L, -1);
    map_set(api_of(L)->arena, &rule->refused, api_text(L, -2), help);
}

static void read_refused(const struct fields *fields, struct rule *rule)
{
    if (!fields_push(fields, "refused", LUA_TTABLE))
        return;
    api_each_pair(fields->L, -1, "dfc.directive: field 'refused'", add_refused, rule);
    lua_pop(fields->L, 1);
}

static void read_verbs(const struct fields *fields, struct rule *rule)
{
    fields_names(fields, "verbs", &rule->verbs);
    rule->default_verb = fields_text(fields, "default_verb");
    if (rule->default_verb.len > 0 && !name_list_has(&rule->verbs, rule->default_verb))
        fields_error(fields, "default_verb", "must be among 'verbs', found '%s'",
                     rule->default_verb.ptr);
}

/* "pip" of "@pip flask". */
static struct view example_name(struct view example)
{
    size_t end = 1;
    while (end < example.len && !is_blank(example.ptr[end]) && example.ptr[end] != '\n')
        end++;
    return view_starts(example, "@") ? view_slice(example, 1, end) : VIEW("");
}

/* Whether a directive of another name was declared with the same function: "apt-get" and "apt". */
static bool is_alias(lua_State *L, const struct rule *rule, struct view name)
{
    const struct api *api = api_of(L);
    for (size_t i = 0; i < api->declared.count; i++) {
        if (!view_equal(api->declared.items[i]->name, name))
            continue;
        lua_rawgeti(L, LUA_REGISTRYINDEX, api->declared.items[i]->expand);
        lua_rawgeti(L, LUA_REGISTRYINDEX, rule->expand);
        bool same = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
        if (same)
            return true;
    }
    return false;
}

static void check_examples(const struct fields *fields, const struct rule *rule)
{
    for (size_t i = 0; i < rule->examples.count; i++) {
        struct view example = rule->examples.items[i], name = example_name(example);
        if (!view_equal(name, rule->name) && !is_alias(fields->L, rule, name))
            fields_error(fields, "examples", "must begin with '@%s', found '%s'", rule->name.ptr,
                         example.ptr);
    }
}

void api_complete(lua_State *L)
{
    struct api *api = api_of(L);
    api->begun.items[lua_tointeger(L, lua_upvalueindex(2))].complete = true;
}

void api_check_declaring(lua_State *L, const char *what)
{
    struct api *api = api_of(L);
    if (api->loading == NULL)
        lua_host_error(L, "%s can only be called while the rule file is loaded", what);
    if (api->loading->is_test)
        lua_host_error(L, "%s can't be called in a file of tests: rules have their own files",
                       what);
    if (lua_gettop(L) > 1)
        lua_host_error(L, "%s takes one table", what);
    api_complete(L);
}

void api_check_name(lua_State *L, struct view name, const char *what)
{
    bool good = name.len > 0 && is_lower(name.ptr[0]);
    for (size_t i = 0; i < name.len; i++)
        good = good && (is_lower(name.ptr[i]) || is_digit(name.ptr[i]) || name.ptr[i] == '-');
    if (!good)
        lua_host_error(L, "%s: '%s' is no name: lower-case letters, digits and '-' are expected",
                       what, name.ptr);
}

/* ---- two of one name */

bool api_is_trusted(lua_State *L)
{
    const struct rule_file *file = api_of(L)->loading;
    return file != NULL && file->source->trusted;
}

struct origin api_origin(lua_State *L, bool is_override)
{
    struct rule_file *file = api_of(L)->loading;
    struct origin origin = {lua_host_where(L, 1), file->layer, is_override};
    if (origin.at.source == NULL) /* "return dfc.directive …": a tail call has no line */
        origin.at.source = file->source;
    return origin;
}

static bool of_stdlib(const struct origin *origin)
{
    return origin->layer == LAYER_STDLIB;
}

bool api_takes_place(struct api *api, const struct origin *mine, const struct origin *old,
                     const char *what)
{
    if (old == NULL || of_stdlib(mine) != of_stdlib(old))
        return old == NULL || of_stdlib(old);
    /* dfc.lua is run before the user's config.lua, which it ranks above. */
    bool mine_is_later = mine->layer >= old->layer;
    const struct origin *later = mine_is_later ? mine : old, *first = mine_is_later ? old : mine;
    if (later->is_override)
        return mine_is_later;
    struct position at = source_position(first->at.source, first->at.begin);
    struct diag *diag = diag_add(api->diags, DIAG_ERROR, "declared-twice", later->at,
                                 "%s is declared a second time", what);
    diag_note(diag, "the first is at %s:%zu", first->at.source->name, at.line);
    diag_help(diag, "write override = true in this one if it is to replace the first");
    return false;
}

void api_note_team(struct api *api, const struct origin *origin, struct view name, bool is_rewrite)
{
    if (of_stdlib(origin) || origin->is_override)
        return;
    struct team_name team = {origin, name, is_rewrite};
    VEC_PUSH(api->arena, &api->team_names, team);
}

/* Whether a definition is still the one of its name. */
static bool is_in_force(const struct api *api, const struct team_name *team)
{
    const struct rule *rule = map_get(&api->rules.directives, team->name);
    const struct rewrite *rewrite = map_get(&api->rules.rewrites, team->name);
    return team->is_rewrite ? &rewrite->origin == team->origin : &rule->origin == team->origin;
}

void api_warn_shadows(struct api *api)
{
    for (size_t i = 0; i < api->team_names.count; i++) {
        const struct team_name *team = &api->team_names.items[i];
        enum stdlib_kind kind = team->is_rewrite ? STDLIB_REWRITE : STDLIB_DIRECTIVE;
        if (rule_files_find(api->files, kind, team->name) == NULL || !is_in_force(api, team))
            continue;
        struct diag *diag =
            diag_add(api->diags, DIAG_WARNING, "shadowed-directive", team->origin->at,
                     "%s%.*s replaces the %s of that name of the standard library",
                     team->is_rewrite ? "" : "@", VIEW_ARG(team->name),
                     team->is_rewrite ? "rewrite" : "directive");
        diag_help(diag, "write override = true in the rule if that is meant");
    }
    api->team_names.count = 0;
}

static void add_directive(struct api *api, struct rule *rule)
{
    const struct rule *old = map_get(&api->rules.directives, rule->name);
    struct view what = view_format(api->arena, "@%.*s", VIEW_ARG(rule->name));
    if (!api_takes_place(api, &rule->origin, old == NULL ? NULL : &old->origin, what.ptr))
        return;
    map_set(api->arena, &api->rules.directives, rule->name, rule);
    api_note_team(api, &rule->origin, rule->name, false);
}

/* A pattern on command lines of `tools`. */
static void read_reads(const struct fields *fields, struct rule *rule)
{
    struct view pattern = fields_text(fields, "reads");
    if (pattern.len == 0)
        return;
    if (rule->tools.count == 0)
        fields_error(fields, "reads", "needs the field 'tools', whose command lines it is about");
    rule->reads = lua_host_push_regex(fields->L, pattern);
    luaL_ref(fields->L, LUA_REGISTRYINDEX); /* for as long as the state lives */
}

static int declare_directive(lua_State *L)
{
    static const char *const names[] = {
        "summary", "examples", "family",        "verbs",    "default_verb", "args",       "implied",
        "body",    "needs",    "caches",        "override", "expand",       "noop_verbs", "cleans",
        "tools",   "refused",  "examples_from", "reads",    "bare",         "assigns",    NULL};
    struct api *api = api_of(L);
    api_check_declaring(L, "dfc.directive");
    struct fields fields = fields_open(L, 1, "dfc.directive", names);
    struct rule *rule = ARENA_NEW(api->arena, struct rule);
    rule->name = api_text(L, lua_upvalueindex(1));
    api_check_name(L, rule->name, "dfc.directive");
    rule->summary = fields_required_text(&fields, "summary");
    read_family(&fields, rule);
    read_body(&fields, rule);
    read_needs(&fields, rule);
    read_refused(&fields, rule);
    fields_names(&fields, "examples", &rule->examples);
    rule->examples_from = fields_text(&fields, "examples_from");
    read_verbs(&fields, rule);
    fields_names(&fields, "implied", &rule->implied);
    fields_names(&fields, "tools", &rule->tools);
    read_reads(&fields, rule);
    fields_names(&fields, "caches", &rule->caches);
    fields_names(&fields, "noop_verbs", &rule->noop_verbs);
    fields_names(&fields, "cleans", &rule->cleans);
    rule->origin = api_origin(L, fields_flag(&fields, "override"));
    if (!of_stdlib(&rule->origin) && core_words_has(rule->name))
        return lua_host_error(L, "dfc.directive: @%s is a word of dfc's own, a rule can't have it",
                              rule->name.ptr);
    api_read_args(&fields, rule);
    rule->expand = api_keep_function(&fields, "expand");
    check_examples(&fields, rule);
    VEC_PUSH(api->arena, &api->declared, rule);
    add_directive(api, rule);
    return 0;
}

/* ---- data: mirrors and images are read when they are asked for */

/* Push a copy of a table that was checked, so that it is not deep. */
static void push_copy(lua_State *L, int index)
{
    luaL_checkstack(L, 8, NULL);
    lua_host_thaw(L, index);
    int from = lua_gettop(L);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, from) != 0) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        if (lua_istable(L, -1)) {
            push_copy(L, -1);
            lua_remove(L, -2);
        }
        lua_rawset(L, from + 1);
    }
    lua_remove(L, from);
}

/* `kind` is what the table describes: "mirror". */
static void keep_table(lua_State *L, struct map *map, const char *kind)
{
    struct api *api = api_of(L);
    struct view function = view_format(api->arena, "dfc.%s", kind);
    api_check_declaring(L, function.ptr);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    bool is_override = lua_getfield(L, 1, "override") != LUA_TNIL && lua_toboolean(L, -1);
    lua_pop(L, 1);
    struct lua_ref *ref = ARENA_NEW(api->arena, struct lua_ref);
    ref->origin = api_origin(L, is_override);
    if (!api_is_trusted(L))
        push_copy(L, 1); /* the rule may hold the table itself, and change it later */
    ref->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    struct view name = api_text(L, lua_upvalueindex(1));
    const struct lua_ref *old = map_get(map, name);
    struct view what =
        old == NULL ? VIEW("") : view_format(api->arena, "the %s '%.*s'", kind, VIEW_ARG(name));
    if (api_takes_place(api, &ref->origin, old == NULL ? NULL : &old->origin, what.ptr))
        map_set(api->arena, map, name, ref);
}

/* Most tables are never asked for, so they are frozen when they are. */
void api_push_kept(lua_State *L, const struct lua_ref *kept)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, kept->ref);
    lua_host_freeze(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, LUA_REGISTRYINDEX, kept->ref);
}

static int declare_mirror(lua_State *L)
{
    struct view name = api_text(L, lua_upvalueindex(1));
    api_check_name(L, name, "dfc.mirror");
    if (view_is(name, "off"))
        lua_host_error(L, "dfc.mirror: 'off' means none, a mirror needs another name");
    if (!api_is_trusted(L))
        api_check_mirror_table(L, 1);
    keep_table(L, &api_of(L)->rules.mirrors, "mirror");
    return 0;
}

/* "registry.example/base/python", or the beginning of such names with '*' behind it. */
static void check_image_name(lua_State *L, struct view name)
{
    struct image_ref ref = image_ref_parse(name);
    bool good = name.len > 0 && ref.tag.len + ref.digest.len == 0;
    for (size_t i = 0; i < name.len; i++)
        good = good && (unsigned char)name.ptr[i] > ' ' && strchr("'\"\\$", name.ptr[i]) == NULL &&
               (name.ptr[i] != '*' || i + 1 == name.len);
    if (!good)
        lua_host_error(L,
                       "dfc.image: '%s' is no name of an image: a repository without tag and "
                       "digest is expected, or the beginning of one with '*' behind it",
                       name.ptr);
}

static int declare_image(lua_State *L)
{
    if (!api_is_trusted(L)) {
        check_image_name(L, api_text(L, lua_upvalueindex(1)));
        api_check_image_table(L, 1, "dfc.image", true);
    }
    keep_table(L, &api_of(L)->rules.images, "image");
    return 0;
}

/* `kind` is a string constant. Without a table the declaration would do nothing, unseen. */
static void note_begun(lua_State *L, const char *kind)
{
    struct api *api = api_of(L);
    struct span at =
        api_is_trusted(L) ? (struct span){api->loading->source, 0, 0} : lua_host_where(L, 1);
    struct begun begun = {kind, api_text(L, 1), at, false};
    lua_pushinteger(L, (lua_Integer)api->begun.count);
    VEC_PUSH(api->arena, &api->begun, begun);
}

void api_check_begun(lua_State *L)
{
    const struct api *api = api_of(L);
    for (size_t i = api->begun_before; i < api->begun.count; i++) {
        const struct begun *begun = &api->begun.items[i];
        if (!begun->complete)
            lua_host_error_at(L, begun->at, "dfc.%s \"%s\" has no table behind it", begun->kind,
                              begun->name.ptr);
    }
}

/* dfc.KIND "NAME" gives the function that takes the table. */
static int declare(lua_State *L)
{
    const char *kind = lua_tostring(L, lua_upvalueindex(2));
    if (lua_type(L, 1) != LUA_TSTRING)
        return lua_host_error(L, "dfc.%s: a name is expected, found %s", kind, api_type_name(L, 1));
    if (lua_gettop(L) > 1)
        return lua_host_error(L, "dfc.%s takes its name alone: write dfc.%s \"%s\" { … }", kind,
                              kind, lua_tostring(L, 1));
    if (api_of(L)->loading == NULL)
        return lua_host_error(L, "dfc.%s can only be called while the rule file is loaded", kind);
    note_begun(L, kind);
    lua_pushcclosure(L, lua_tocfunction(L, lua_upvalueindex(1)), 2);
    return 1;
}

static void set_declaration(lua_State *L, const char *name, lua_CFunction function)
{
    lua_pushcfunction(L, function);
    lua_pushstring(L, name);
    lua_pushcclosure(L, declare, 2);
    lua_setfield(L, -2, name);
}

/* "1.4" or "1.4.2" as numbers; false: it is something else. */
static bool read_version(struct view text, long long parts[3])
{
    size_t count = 0, at = 0;
    for (; at < text.len && count < 3; count++, at++) {
        size_t end = view_find(text, '.', at);
        for (parts[count] = 0; at < end; at++) {
            if (!is_digit(text.ptr[at]) || parts[count] > 99999)
                return false;
            parts[count] = parts[count] * 10 + (text.ptr[at] - '0');
        }
    }
    return count >= 2 && at == text.len + 1 && is_digit(text.ptr[0]) &&
           is_digit(text.ptr[text.len - 1]) && view_search(text, VIEW("..")) == text.len;
}

/* dfc.since(version): an older dfc would stumble over the rest of the file. */
static int since(lua_State *L)
{
    long long wanted[3] = {0, 0, 0}, mine[3] = {0, 0, 0};
    struct view text = api_check_text(L, 1, "dfc.since: the version");
    if (!read_version(text, wanted))
        return lua_host_error(
            L, "dfc.since: a version such as \"" DFC_VERSION "\" is expected, found '%s'",
            text.ptr);
    read_version(VIEW(DFC_VERSION), mine);
    for (size_t i = 0; i < 3 && wanted[i] >= mine[i]; i++)
        if (wanted[i] > mine[i])
            return lua_host_error(L, "these rules need dfc %s or later, this is " DFC_VERSION,
                                  text.ptr);
    return 0;
}

void api_open_declarations(lua_State *L)
{
    set_declaration(L, "directive", declare_directive);
    set_declaration(L, "rewrite", api_declare_rewrite);
    set_declaration(L, "mirror", declare_mirror);
    set_declaration(L, "image", declare_image);
    set_declaration(L, "cachedef", api_declare_cache);
    set_declaration(L, "test", api_declare_test);
    lua_pushcfunction(L, api_declare_settings);
    lua_setfield(L, -2, "settings");
    lua_pushcfunction(L, since);
    lua_setfield(L, -2, "since");
    api_push_ready_options(L);
    lua_setfield(L, -2, "opt");
}
