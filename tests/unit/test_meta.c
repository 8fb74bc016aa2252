/*
 * stdlib/dfc.d.lua, which `dfc rules --meta` writes, against the API itself: all that a rule can
 * use is in it, and nothing else.
 *
 * How: every name that C code could know stands in quotes in compiler/lua_*.c. Each of these words,
 * and each name of the definitions, is tried on every object and on every table that the API takes;
 * what is accepted must be what the definitions have.
 */
#include "describe.h"
#include "edit.h"
#include "lua_api_internal.h"
#include "lua_rewrite.h"
#include "rule_sources.h"
#include "stdlib_embed.h"
#include "unit.h"

#include <lualib.h>

#include <errno.h>
#include <glob.h>
#include <stdio.h>

/* ---- the definitions -------------------------------------------------------------------------*/

struct member {
    struct view name;
    bool is_function;
    struct view comment; /* the lines above a function; the rest of a field's line */
};

struct class
{
    struct view name;    /* "dfc.RunSpec" */
    bool open;           /* it has fields of any name */
    struct view element; /* class of what stands in it as in a list, or "" */
    bool checked;
    VEC(struct member) members;
};

struct meta {
    struct arena *arena;
    VEC(struct class *) classes;
    struct map by_name;     /* struct class */
    struct map by_variable; /* struct class: "local run = {}" */
};

static bool is_name_char(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_';
}

static struct view name_at(struct view text, size_t at)
{
    size_t end = at;
    while (end < text.len && is_name_char(text.ptr[end]))
        end++;
    return view_slice(text, at, end);
}

static struct class *find_class(const struct meta *meta, struct view name)
{
    return map_get(&meta->by_name, name);
}

static const struct member *find_member(const struct class *class, struct view name)
{
    for (size_t i = 0; i < class->members.count; i++)
        if (view_equal(class->members.items[i].name, name))
            return &class->members.items[i];
    return NULL;
}

static void add_member(struct meta *meta, struct class *class, struct member member)
{
    if (find_member(class, member.name) != NULL)
        fail_msg("%.*s.%.*s is there twice", VIEW_ARG(class->name), VIEW_ARG(member.name));
    VEC_PUSH(meta->arena, &class->members, member);
}

/* "---@class dfc.TestSpec: dfc.TestSettings" */
static struct class *take_class(struct meta *meta, struct view line)
{
    struct class *class = ARENA_NEW(meta->arena, struct class);
    struct view text = view_slice(line, strlen("---@class "), line.len);
    size_t colon = view_search(text, VIEW(": "));
    class->name = view_slice(text, 0, colon);
    class->element = VIEW("");
    if (find_class(meta, class->name) != NULL)
        fail_msg("the class %.*s is there twice", VIEW_ARG(class->name));
    map_set(meta->arena, &meta->by_name, class->name, class);
    VEC_PUSH(meta->arena, &meta->classes, class);
    if (colon == text.len)
        return class;
    struct class *parent = find_class(meta, view_slice(text, colon + 2, text.len));
    assert_non_null(parent);
    parent->checked = true; /* with those that are made of it */
    for (size_t i = 0; i < parent->members.count; i++)
        add_member(meta, class, parent->members.items[i]);
    return class;
}

static void take_field(struct meta *meta, struct class *class, struct view line)
{
    struct view rest = view_slice(line, strlen("---@field "), line.len);
    struct view name = name_at(rest, 0);
    assert_non_null(class);
    if (name.len > 0)
        add_member(meta, class,
                   (struct member){name, view_search(rest, VIEW(" fun(")) == name.len, rest});
    else
        class->open |= view_starts(rest, "[string]") || view_starts(rest, "[integer|string]");
    if (view_starts(rest, "[integer] "))
        class->element = view_slice(rest, strlen("[integer] "), rest.len);
}

/* "function run:bind(path) end" */
static void take_function(struct meta *meta, struct view line, struct view comment)
{
    struct view variable = name_at(line, strlen("function "));
    size_t at = strlen("function ") + variable.len + 1;
    struct class *class = map_get(&meta->by_variable, variable);
    if (class == NULL)
        fail_msg("'%.*s' belongs to no class", VIEW_ARG(line));
    add_member(meta, class, (struct member){name_at(line, at), true, comment});
}

static void read_meta(struct meta *meta, struct view text)
{
    struct class *class = NULL;
    size_t comment = 0;
    for (size_t at = 0, next; at < text.len; at = next) {
        size_t end = view_find(text, '\n', at);
        struct view line = view_slice(text, at, end);
        next = end + 1;
        if (view_starts(line, "---@class "))
            class = take_class(meta, line);
        else if (view_starts(line, "---@field "))
            take_field(meta, class, line);
        else if (view_starts(line, "function "))
            take_function(meta, line, view_slice(text, comment, at));
        else if (view_ends(line, " = {}") && class != NULL)
            map_set(meta->arena, &meta->by_variable,
                    name_at(line, view_starts(line, "local ") ? strlen("local ") : 0), class);
        if (!view_starts(line, "---"))
            comment = next;
    }
}

/* The next class in a comment whose name ends in "Spec": what a function or field takes. */
static struct class *spec_in(const struct meta *meta, struct view comment)
{
    for (size_t at = 0; at < comment.len; at++) {
        if (!view_starts(view_slice(comment, at, comment.len), "dfc."))
            continue;
        size_t length = strlen("dfc.") + name_at(comment, at + strlen("dfc.")).len;
        struct view name = view_slice(comment, at, at + length);
        if (view_ends(name, "Spec"))
            return find_class(meta, name);
    }
    return NULL;
}

/* ---- the words -------------------------------------------------------------------------------*/

struct words {
    struct arena *arena;
    struct map set;
    VEC(struct view) all;
};

static void add_word(struct words *words, struct view word)
{
    if (map_find(&words->set, word) != NULL)
        return;
    word = view_copy(words->arena, word);
    map_set(words->arena, &words->set, word, words);
    VEC_PUSH(words->arena, &words->all, word);
}

/* All strings of a C file that are names. */
static void add_strings(struct words *words, struct view text, const char *before)
{
    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] != '"')
            continue;
        struct view rest = view_slice(text, at + 1, text.len);
        size_t skip = view_starts(rest, before) ? strlen(before) : 0;
        struct view name = name_at(rest, skip);
        size_t end = skip;
        while (end < rest.len &&
               (is_name_char(rest.ptr[end]) || (skip > 0 && rest.ptr[end] == '-')))
            end++;
        name = view_slice(rest, 0, end);
        if (name.len > skip && end < rest.len && rest.ptr[end] == '"')
            add_word(words, name);
    }
}

static struct view read_whole(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "r");
    struct str text;
    char buffer[4096];
    size_t length;
    str_init(&text, arena);
    assert_non_null(file);
    while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add(&text, (struct view){buffer, length});
    fclose(file);
    return str_view(&text);
}

static void read_words(struct words *words, const char *pattern)
{
    glob_t files;
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        add_strings(words, read_whole(words->arena, files.gl_pathv[i]), "");
    globfree(&files);
}

/* ---- the rig ---------------------------------------------------------------------------------*/

struct rig {
    struct arena arena;
    struct diag_list diags;
    struct dfc_config config;
    struct rule_files files;
    struct stages stages;
    struct api *api;
    struct meta meta;
    struct words words;
    struct view message; /* of the last call that failed */
    struct map seen;     /* struct words: keys of the tables of a class, by its name */
    struct configuration configuration; /* for dfc.settings */
    size_t expansions, checks, wrong;
};

/* What the probing functions are put in the place of. */
static const char rules[] = "local dfc = require \"dfc.v1\"\n"
                            "dfc.cachedef \"probe\" {\n"
                            "  target = function() return \"/probe\" end, sharing = \"shared\",\n"
                            "}\n"
                            "dfc.directive \"probe\" {\n"
                            "  summary = \"probe\", family = \"command\",\n"
                            "  expand = function() end,\n"
                            "}\n"
                            "dfc.rewrite \"probe\" {\n"
                            "  summary = \"probe\", match = \"^probe\", check = function() end,\n"
                            "}\n";

static int read_rules(void *context, const char *beneath, const char *path, size_t limit,
                      char **text, size_t *length)
{
    (void)context, (void)beneath, (void)limit;
    if (strcmp(path, "probe.lua") != 0)
        return ENOENT;
    *text = malloc(sizeof(rules));
    assert_non_null(*text);
    memcpy(*text, rules, sizeof(rules));
    *length = sizeof(rules) - 1;
    return 0;
}

static void complain(struct rig *rig, struct view class, struct view name, const char *what)
{
    print_error("%.*s: '%.*s' %s\n", VIEW_ARG(class), VIEW_ARG(name), what);
    rig->wrong++;
}

static struct view definitions(void)
{
    for (size_t i = 0; i < stdlib_file_count; i++)
        if (strcmp(stdlib_files[i].name, "dfc.d.lua") == 0)
            return (struct view){stdlib_files[i].text, stdlib_files[i].length};
    fail_msg("there is no dfc.d.lua");
    return VIEW("");
}

static int setup(void **state)
{
    static const char *const paths[] = {"probe.lua"};
    struct rig *rig = calloc(1, sizeof(*rig));
    struct map settings = {0};
    if (rig == NULL)
        return -1;
    arena_init(&rig->arena, unit_out_of_memory, NULL);
    diag_list_init(&rig->diags, &rig->arena);
    rig->config = dfc_default_config();
    rig->config.read_file = read_rules;
    rig->config.rules = paths;
    rig->config.rules_count = 1;
    rig->config.context_dir = rig->config.project_dir = ".";
    rule_files_init(&rig->files, &rig->arena, &rig->config);
    rig->api = api_new(&rig->arena, &rig->diags, &rig->config, &rig->files, &rig->stages);
    assert_non_null(rig->api);
    struct rule_sources sources = {&rig->arena, &rig->config, &rig->diags,
                                   &rig->files, rig->api,     VIEW("")};
    assert_true(rule_sources_open(&sources, &settings));
    rig->meta.arena = rig->words.arena = &rig->arena;
    read_meta(&rig->meta, definitions());
    read_words(&rig->words, "compiler/lua_*.c");
    for (size_t i = 0; i < rig->meta.classes.count; i++)
        for (size_t k = 0; k < rig->meta.classes.items[i]->members.count; k++)
            add_word(&rig->words, rig->meta.classes.items[i]->members.items[k].name);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    api_free(rig->api);
    arena_release(&rig->arena);
    free(rig);
    return 0;
}

static lua_State *state_of(struct rig *rig)
{
    return lua_host_state(rig->api->host);
}

/* Call what is on the stack; the message of a failure is kept and taken out of the diagnostics. */
static bool call(struct rig *rig, int arguments, int results)
{
    struct diag_list before = rig->diags;
    api_begin_call(rig->api);
    bool good = lua_host_call(rig->api->host, arguments, results);
    rig->message = VIEW("");
    if (rig->diags.limit_reached)
        fail_msg("a limit was reached");
    if (!good && rig->diags.all.count > before.all.count)
        rig->message = rig->diags.all.items[rig->diags.all.count - 1]->message;
    rig->diags = before;
    return good;
}

static bool says_unknown(const struct rig *rig, struct view word)
{
    struct view text = view_format(rig->meta.arena, "unknown field '%.*s'", VIEW_ARG(word));
    return view_search(rig->message, text) < rig->message.len;
}

/* ---- objects ---------------------------------------------------------------------------------*/

static int index_value(lua_State *L)
{
    lua_settop(L, 2);
    lua_gettable(L, 1);
    return 1;
}

/* Push object[word]; false, with nothing pushed, when that is an error. */
static bool push_field(struct rig *rig, int object, struct view word)
{
    lua_State *L = state_of(rig);
    object = lua_absindex(L, object);
    lua_pushcfunction(L, index_value);
    lua_pushvalue(L, object);
    lua_pushlstring(L, word.ptr, word.len);
    return call(rig, 2, 1);
}

/* The type of object[word], LUA_TNONE when there is no such field. An object that gives an error
 * for unknown fields may have fields that are nil. */
static int field_type(struct rig *rig, int object, struct view word, bool strict)
{
    if (!push_field(rig, object, word))
        return LUA_TNONE;
    int type = lua_type(state_of(rig), -1);
    lua_pop(state_of(rig), 1);
    return type == LUA_TNIL && !strict ? LUA_TNONE : type;
}

static struct class *want_class(struct rig *rig, const char *name)
{
    struct class *class = find_class(&rig->meta, view_of(name));
    if (class == NULL)
        fail_msg("the class %s is missing", name);
    class->checked = true;
    return class;
}

static void check_object(struct rig *rig, int object, const char *class_name)
{
    struct class *class = want_class(rig, class_name);
    bool strict = field_type(rig, object, VIEW("no_such_field"), true) == LUA_TNONE;
    for (size_t i = 0; i < rig->words.all.count; i++) {
        struct view word = rig->words.all.items[i];
        const struct member *member = find_member(class, word);
        int type = field_type(rig, object, word, strict);
        if (type == LUA_TNONE && member != NULL)
            complain(rig, class->name, word, "is defined, but is not there");
        else if (type != LUA_TNONE && member == NULL)
            complain(rig, class->name, word, "is there, but is not defined");
        else if (member != NULL && type != LUA_TNIL &&
                 member->is_function != (type == LUA_TFUNCTION))
            complain(rig, class->name, word, "is defined as another kind of thing");
    }
}

/* ---- tables whose fields differ from case to case: all that were seen, at the end ------------*/

static void note_keys(struct rig *rig, int table, struct view class_name)
{
    lua_State *L = state_of(rig);
    struct words *keys = map_get(&rig->seen, class_name);
    if (keys == NULL) {
        keys = ARENA_NEW(&rig->arena, struct words);
        keys->arena = &rig->arena;
        map_set(&rig->arena, &rig->seen, class_name, keys);
    }
    lua_host_push_keys(L, table);
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
        add_word(keys, view_of(lua_tostring(L, -1)));
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

static void check_seen(struct rig *rig)
{
    for (size_t i = 0; i < rig->seen.count; i++) {
        const struct words *keys = rig->seen.items[i].value;
        char name[64];
        snprintf(name, sizeof(name), "%.*s", VIEW_ARG(rig->seen.items[i].key));
        struct class *class = want_class(rig, name);
        for (size_t k = 0; k < keys->all.count; k++)
            if (find_member(class, keys->all.items[k]) == NULL)
                complain(rig, class->name, keys->all.items[k], "is there, but is not defined");
        for (size_t k = 0; k < class->members.count; k++)
            if (map_find(&keys->set, class->members.items[k].name) == NULL)
                complain(rig, class->name, class->members.items[k].name,
                         "is defined, but no case has it");
    }
}

/* The class that a field's type names: "dfc.Base the base image". */
static struct view class_of_field(const struct member *member)
{
    struct view rest = view_slice(member->comment, member->name.len, member->comment.len);
    size_t at = view_search(rest, VIEW(" dfc."));
    if (at > 1) /* "?" may stand before the blank */
        return VIEW("");
    size_t begin = at + 1, end = begin + strlen("dfc.");
    end += name_at(rest, end).len;
    return view_slice(rest, begin, end);
}

/* Note the keys of the tables in an object's fields. */
static void note_tables(struct rig *rig, int object, const char *class_name)
{
    struct class *class = want_class(rig, class_name);
    lua_State *L = state_of(rig);
    object = lua_absindex(L, object);
    for (size_t i = 0; i < class->members.count; i++) {
        const struct member *member = &class->members.items[i];
        struct view type = member->is_function ? VIEW("") : class_of_field(member);
        if (type.len == 0 || !push_field(rig, object, member->name))
            continue;
        if (view_search(member->comment, VIEW("[]")) < member->comment.len) {
            lua_geti(L, -1, 1); /* a list of them */
            lua_remove(L, -2);
        }
        if (lua_istable(L, -1))
            note_keys(rig, -1, type);
        else if (lua_isuserdata(L, -1))
            check_object(rig, -1, arena_strndup(&rig->arena, type.ptr, type.len));
        lua_pop(L, 1);
    }
}

/* ---- tables that functions take --------------------------------------------------------------*/

/* A way to give a table to a function: f([self,] [text,] { [outer] = { [1] = "x", … } }). */
struct taker {
    int function, self; /* on the stack; self 0: none */
    const char *text;   /* NULL: none */
    const char *base;   /* a table with the fields that must be there, as Lua; NULL: none */
    struct view outer;  /* the field whose table is tried; "": the table itself */
    bool list, named;   /* that field holds a list of such tables; or tables by name */
    bool element;       /* the table is a list of such tables */
};

/* Fields without which other fields are not looked at. */
static const struct {
    const char *class, *base;
} bases[] = {
    {"dfc.DirectiveSpec", "{ summary = 'x', family = 'command', expand = function() end }"},
    {"dfc.RewriteSpec", "{ summary = 'x', match = '^probe', check = function() end }"},
    {"dfc.CacheSpec", "{ sharing = 'shared', target = function() return '/x' end }"},
};

static const char *base_of(struct view class)
{
    for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
        if (view_is(class, bases[i].class))
            return bases[i].base;
    return NULL;
}

static void push_base(struct rig *rig, const struct taker *taker)
{
    lua_State *L = state_of(rig);
    if (taker->base == NULL) {
        lua_newtable(L);
        return;
    }
    struct view text = view_format(&rig->arena, "return %s", taker->base);
    assert_true(lua_host_run(rig->api->host, source_new(&rig->arena, "base.lua", text), 1));
}

/* Set `word` in the table on top of the stack, or in the one inside it. */
static void set_word(struct rig *rig, const struct taker *taker, struct view word)
{
    lua_State *L = state_of(rig);
    bool inside = taker->outer.len > 0 || taker->element;
    if (inside)
        lua_newtable(L);
    if (taker->list) {
        lua_pushstring(L, "x");
        lua_rawseti(L, -2, 1);
    }
    lua_pushlstring(L, word.ptr, word.len);
    lua_pushboolean(L, true);
    lua_settable(L, -3);
    if (taker->list || taker->named) {
        lua_createtable(L, 1, 1);
        lua_insert(L, -2);
        if (taker->list)
            lua_rawseti(L, -2, 1);
        else
            lua_setfield(L, -2, "probe");
    }
    if (taker->element) {
        lua_rawseti(L, -2, 1);
    } else if (inside) {
        lua_pushlstring(L, taker->outer.ptr, taker->outer.len);
        lua_insert(L, -2);
        lua_settable(L, -3);
    }
}

/* Whether the function knows the field. */
static bool takes_field(struct rig *rig, const struct taker *taker, struct view word)
{
    lua_State *L = state_of(rig);
    int arguments = 1;
    lua_pushvalue(L, taker->function);
    if (taker->self != 0) {
        lua_pushvalue(L, taker->self);
        arguments++;
    }
    if (taker->text != NULL) {
        lua_pushstring(L, taker->text);
        arguments++;
    }
    push_base(rig, taker);
    set_word(rig, taker, word);
    call(rig, arguments, 0);
    return !says_unknown(rig, word);
}

static bool looks_at_fields(struct rig *rig, const struct taker *taker)
{
    return !takes_field(rig, taker, VIEW("no_such_field"));
}

static void check_fields(struct rig *rig, struct taker *taker, struct class *class);

/* A field that takes a table with fields of its own: that has to be defined, too. */
static void check_nested(struct rig *rig, const struct taker *taker, struct class *class,
                         struct view word)
{
    struct taker nested = *taker;
    const struct member *member = find_member(class, word);
    if (member == NULL || taker->outer.len > 0 || taker->element)
        return;
    nested.outer = word;
    if (!looks_at_fields(rig, &nested)) {
        nested.list = true;
        if (!looks_at_fields(rig, &nested)) {
            nested.list = false;
            nested.named = true;
            if (!looks_at_fields(rig, &nested))
                return;
        }
    }
    struct class *inner = spec_in(&rig->meta, member->comment);
    if (inner == NULL)
        complain(rig, class->name, word, "takes a table whose fields are not defined");
    else
        check_fields(rig, &nested, inner);
}

static void check_fields(struct rig *rig, struct taker *taker, struct class *class)
{
    class->checked = true;
    if (taker->outer.len == 0 && !taker->element)
        taker->base = base_of(class->name);
    for (size_t i = 0; i < rig->words.all.count && !class->open; i++) {
        struct view word = rig->words.all.items[i];
        bool defined = find_member(class, word) != NULL, taken = takes_field(rig, taker, word);
        if (defined && !taken)
            complain(rig, class->name, word, "is defined, but is an unknown field");
        else if (!defined && taken)
            complain(rig, class->name, word, "is taken, but is not defined");
    }
    for (size_t i = 0; i < class->members.count; i++)
        check_nested(rig, taker, class, class->members.items[i].name);
    if (class->element.len == 0)
        return;
    struct taker element = *taker;
    element.element = true;
    struct class *inner = find_class(&rig->meta, class->element);
    if (inner == NULL || !looks_at_fields(rig, &element))
        complain(rig, class->name, class->element, "is not what stands in the list");
    else
        check_fields(rig, &element, inner);
}

/* The function on top of the stack, which `member` defines; self 0: none. */
static void check_function(struct rig *rig, int self, const struct class *class,
                           const struct member *member)
{
    int function = lua_gettop(state_of(rig));
    struct class *spec = spec_in(&rig->meta, member->comment);
    struct taker ways[] = {
        {.function = function, .self = self, .outer = VIEW("")},
        {.function = function, .self = self, .outer = VIEW(""), .text = "probe"}};
    struct taker *way = looks_at_fields(rig, &ways[0])   ? &ways[0]
                        : looks_at_fields(rig, &ways[1]) ? &ways[1]
                                                         : NULL;
    if (spec == NULL && way != NULL)
        complain(rig, class->name, member->name, "takes a table whose fields are not defined");
    else if (spec != NULL && way != NULL)
        check_fields(rig, way, spec);
    else if (spec != NULL && spec->open)
        spec->checked = true; /* as far as that can be done */
}

/* All functions of an object. */
static void check_functions(struct rig *rig, int object, const char *class_name, bool methods)
{
    struct class *class = want_class(rig, class_name);
    lua_State *L = state_of(rig);
    object = lua_absindex(L, object);
    for (size_t i = 0; i < class->members.count; i++) {
        const struct member *member = &class->members.items[i];
        if (!member->is_function || !push_field(rig, object, member->name))
            continue;
        rig->api->loading->is_test = view_is(member->name, "test");
        /* dfc.directive "NAME" gives the function that takes the table. */
        if (view_search(member->comment, VIEW("@return fun(spec: ")) < member->comment.len) {
            lua_pushstring(L, "probe");
            if (!call(rig, 1, 1)) {
                complain(rig, class->name, member->name, "does not take a name");
                continue;
            }
        }
        check_function(rig, methods ? object : 0, class, member);
        lua_pop(L, 1);
    }
    rig->api->loading->is_test = false;
}

/* ---- the tests -------------------------------------------------------------------------------*/

/* Push what an expression of a rule file gives. */
static void push_expression(struct rig *rig, const char *expression)
{
    struct view text =
        view_format(&rig->arena, "local dfc = require 'dfc.v1'\nreturn %s", expression);
    if (!lua_host_run(rig->api->host, source_new(&rig->arena, "x.lua", text), 1))
        fail_msg("%s does not work", expression);
}

static void check_expression(struct rig *rig, const char *expression, const char *class_name)
{
    push_expression(rig, expression);
    check_object(rig, -1, class_name);
    lua_pop(state_of(rig), 1);
}

/* Objects that a rule makes while it is expanded. */
static const struct {
    const char *expression, *class;
} made[] = {
    {"dfc.run { cmds = { 'true' } }", "dfc.Run"},
    {"dfc.arg 'X'", "dfc.OtherNode"},
    {"dfc.argv 'true'", "dfc.Argv"},
    {"dfc.cache { target = '/x' }", "dfc.Mount"},
};

static int probe_expand(lua_State *L)
{
    struct rig *rig = lua_touserdata(L, lua_upvalueindex(1));
    note_tables(rig, 1, "dfc.Ctx");
    if (rig->expansions++ > 0)
        return 0;
    check_object(rig, 1, "dfc.Ctx");
    check_functions(rig, 1, "dfc.Ctx", true);
    check_object(rig, 2, "dfc.Args");
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        check_expression(rig, made[i].expression, made[i].class);
    push_expression(rig, "dfc");
    check_functions(rig, -1, "dfc", false);
    lua_pop(L, 1);
    return 0;
}

static int probe_check(lua_State *L)
{
    struct rig *rig = lua_touserdata(L, lua_upvalueindex(1));
    struct class *ctx = want_class(rig, "dfc.Ctx");
    if (rig->checks++ > 0)
        return 0;
    check_object(rig, 2, "dfc.PlainRun");
    check_object(rig, 3, "dfc.Match");
    assert_true(push_field(rig, 1, VIEW("report")));
    check_function(rig, 1, ctx, find_member(ctx, VIEW("report")));
    lua_pop(L, 1);
    return 0;
}

struct installation {
    struct rig *rig;
    int place; /* in the registry */
    lua_CFunction function;
};

static int install(lua_State *L)
{
    struct installation *installation = lua_touserdata(L, 1);
    lua_pushlightuserdata(L, installation->rig);
    lua_pushcclosure(L, installation->function, 1);
    lua_rawseti(L, LUA_REGISTRYINDEX, installation->place);
    return 0;
}

static void put_in_place(struct rig *rig, int place, lua_CFunction function)
{
    struct installation installation = {rig, place, function};
    assert_true(lua_host_protect(rig->api->host, install, &installation));
}

static void expand(struct rig *rig, const struct file *file, const struct unit *unit)
{
    bool failed;
    const struct rule *rule = api_find_rule(rig->api, VIEW("probe"), &failed);
    struct directive *directive = ARENA_NEW(&rig->arena, struct directive);
    struct binder binder = {&rig->arena, file, &rig->diags, &rig->stages.now->settings};
    assert_non_null(rule);
    put_in_place(rig, rule->expand, probe_expand);
    assert_true(directive_bind(&binder, unit, rule, directive));
    struct expansion e = {.directive = directive, .stage = rig->stages.now};
    e.facts = stage_facts(&rig->stages, rig->stages.now);
    assert_true(api_expand(rig->api, &e));
}

static void look(struct rig *rig, const struct file *file, size_t unit)
{
    static const struct rule no_rule = {0};
    struct directive *directive = ARENA_NEW(&rig->arena, struct directive);
    struct run_view run;
    struct unit_edits edits = {0};
    const struct rewrite *rewrite = map_get(&api_rules(rig->api)->rewrites, VIEW("probe"));
    put_in_place(rig, rewrite->check, probe_check);
    directive->rule = &no_rule;
    directive->unit = &file->units[unit];
    directive->inst = file->units[unit].inst;
    struct expansion e = {.directive = directive, .stage = rig->stages.now};
    e.facts = stage_facts(&rig->stages, rig->stages.now);
    run_view_make(&rig->arena, file, &file->units[unit], rig->stages.now, &run);
    assert_true(api_rewrite(rig->api, &run, unit, &e, &edits, false));
}

/* Stages that between them have all that a stage can have. */
static const char input[] = "FROM debian:bookworm AS first\n"
                            "USER 1000:1000\n"
                            "@probe x\n"
                            "RUN probe x\n"
                            "FROM --platform=$BUILDPLATFORM first AS second\n"
                            "@probe x\n"
                            "FROM registry.example/x/y:1@sha256:"
                            "0123456789012345678901234567890123456789012345678901234567890123\n"
                            "SHELL [\"/bin/bash\", \"-c\"]\n"
                            "@probe x\n"
                            "FROM node:22-alpine\n"
                            "USER node\n"
                            "@probe x\n";

static void walk(struct rig *rig)
{
    struct source *source = source_new(&rig->arena, "Dockerfile.in", view_of(input));
    const struct file *file = parse_file(&rig->arena, source, &rig->diags);
    stages_init(&rig->stages, &rig->arena, file);
    rig->stages.lookup = api_lookup_image;
    rig->stages.lookup_context = rig->api;
    for (size_t i = 0; i < file->unit_count; i++) {
        const struct unit *unit = &file->units[i];
        if (unit->kind == UNIT_DIRECTIVE)
            expand(rig, file, unit);
        if (unit->kind != UNIT_INSTRUCTION)
            continue;
        if (unit->inst->keyword == KEYWORD_RUN)
            look(rig, file, i);
        stages_see(&rig->stages, unit->inst);
    }
}

/* Fields of a table that rules see whole. */
static void check_table(struct rig *rig, const char *expression, const char *class_name)
{
    push_expression(rig, expression);
    note_keys(rig, -1, view_of(class_name));
    lua_pop(state_of(rig), 1);
}

/* `string` as rules have it, without what Lua's own has. */
static void check_string(struct rig *rig)
{
    lua_State *L = state_of(rig), *plain = luaL_newstate();
    struct class *class = want_class(rig, "stringlib");
    luaL_requiref(plain, "string", luaopen_string, 0);
    push_expression(rig, "string");
    lua_host_push_keys(L, -1);
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
        struct view key = view_of(lua_tostring(L, -1));
        bool in_lua = lua_getfield(plain, -1, key.ptr) != LUA_TNIL;
        lua_pop(plain, 1);
        if (in_lua != (find_member(class, key) == NULL))
            complain(rig, class->name, key, "is not defined rightly");
        lua_pop(L, 1);
    }
    lua_settop(L, 0);
    lua_close(plain);
}

/* Classes of values that have no fields, or are checked as a type of their own. */
static bool needs_no_check(const struct class *class)
{
    return class->members.count == 0 && !view_ends(class->name, "Spec");
}

static void test_definitions_are_those_of_the_api(void **state)
{
    struct rig *rig = *state;
    check_table(rig, "dfc", "dfc");
    check_table(rig, "dfc.opt", "dfc.Opt");
    check_table(rig, "re", "dfc.Re");
    check_string(rig);
    rig->api->loading = rig->files.team.items[0]; /* declarations are allowed */
    rig->api->loading->configuration = &rig->configuration;
    walk(rig);
    check_seen(rig);
    assert_true(rig->words.all.count > 200);
    assert_true(rig->expansions >= 4 && rig->checks >= 1);
    for (size_t i = 0; i < rig->meta.classes.count; i++) {
        const struct class *class = rig->meta.classes.items[i];
        if (!class->checked && !needs_no_check(class))
            complain(rig, class->name, VIEW("class"), "is checked by nothing here");
    }
    assert_int_equal(rig->wrong, 0);
}

/* ---- options of every directive --------------------------------------------------------------*/

static void test_own_options_are_described(void **state)
{
    struct rig *rig = *state;
    struct words options = {.arena = &rig->arena};
    add_strings(&options, read_whole(&rig->arena, "compiler/directive_options.c"), "--");
    assert_true(options.all.count >= 6);
    for (const struct own_option *option = own_option_table; option->name != NULL; option++)
        add_word(&options, view_of(option->name));
    for (size_t i = 0; i < options.all.count; i++) {
        bool described = false;
        for (const struct own_option *option = own_option_table; option->name != NULL; option++)
            described |= view_is(options.all.items[i], option->name);
        if (described != directive_is_own_option(options.all.items[i]))
            fail_msg("%.*s is described wrongly", VIEW_ARG(options.all.items[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_definitions_are_those_of_the_api, setup, teardown),
        cmocka_unit_test_setup_teardown(test_own_options_are_described, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
