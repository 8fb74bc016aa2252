/* The rows of a directive's `args`, and the ready-made ones of dfc.opt. */
#include "lua_api_internal.h"

#include "rule_value.h"

#include <string.h>

#define ROW "dfc.directive: an argument"

static enum arg_type read_type(const struct fields *fields)
{
    static const char *const types[] = {"word", "text", "switch",   "int",    "enum",
                                        "path", "url",  "duration", "mirror", "passthrough"};
    struct view type = fields_text(fields, "type");
    struct view names[sizeof(types) / sizeof(types[0])];
    if (type.len == 0)
        return ARG_WORD;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (view_is(type, types[i]))
            return (enum arg_type)i;
        names[i] = view_of(types[i]);
    }
    struct view close = diag_closest(type, names, sizeof(types) / sizeof(types[0]));
    fields_error(fields, "type", "is unknown: '%s'%s%s%s", type.ptr,
                 close.len > 0 ? "; did you mean '" : "", close.len > 0 ? close.ptr : "",
                 close.len > 0 ? "'?" : "");
    return ARG_WORD;
}

/* "--target-release" is the field target_release of what the rule gets. */
static struct view arg_key(struct arena *arena, struct view name)
{
    size_t begin = 0;
    while (begin < name.len && name.ptr[begin] == '-')
        begin++;
    char *key = arena_strndup(arena, name.ptr + begin, name.len - begin);
    for (char *p = key; *p != '\0'; p++)
        if (*p == '-')
            *p = '_';
    return view_of(key);
}

/* ---- names */

static bool is_name(struct view text)
{
    bool good = text.len > 0 && is_lower(text.ptr[0]) && text.ptr[text.len - 1] != '-';
    for (size_t i = 0; i < text.len; i++)
        good = good && (is_lower(text.ptr[i]) || is_digit(text.ptr[i]) || text.ptr[i] == '-' ||
                        text.ptr[i] == '_');
    return good;
}

static void read_name(const struct fields *fields, struct rule_arg *arg)
{
    /* What `a` has beside the arguments. */
    static const char *const taken[] = {"verb",   "name",    "exe",  "rest",
                                        "script", "command", "lines"};
    lua_State *L = fields->L;
    if (lua_geti(L, fields->table, 1) != LUA_TSTRING)
        lua_host_error(L, ROW " begins with its name, such as { \"--file\" }, found %s",
                       lua_isnil(L, -1) ? "none" : api_type_name(L, -1));
    arg->name = api_check_text(L, -1, ROW);
    lua_pop(L, 1);
    if (lua_rawlen(L, fields->table) > 1)
        lua_host_error(L, ROW " has one name and named fields, '%s' is followed by more",
                       arg->name.ptr);
    arg->is_option = view_starts(arg->name, "--");
    if (!is_name(view_slice(arg->name, arg->is_option ? 2 : 0, arg->name.len)))
        lua_host_error(L,
                       ROW ": '%s' is no name: \"word\" or \"--word\" with lower-case letters, "
                           "digits and '-' is expected",
                       arg->name.ptr);
    if (directive_is_own_option(arg->name))
        lua_host_error(L, ROW ": '%s' is an option that every directive has", arg->name.ptr);
    arg->key = arg_key(api_of(L)->arena, arg->name);
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (view_is(arg->key, taken[i]))
            lua_host_error(L, ROW ": '%s' can't be the name of one: a.%s is something else",
                           arg->name.ptr, taken[i]);
}

static void read_short(const struct fields *fields, struct rule_arg *arg)
{
    arg->short_name = fields_text(fields, "short");
    if (arg->short_name.len == 0)
        return;
    char c = arg->short_name.len == 2 ? arg->short_name.ptr[1] : '-';
    if (arg->short_name.ptr[0] != '-' || (!is_alpha(c) && !is_digit(c)))
        fields_error(fields, "short", "must be '-' and a letter or digit, found '%s'",
                     arg->short_name.ptr);
    if (!arg->is_option || arg->type == ARG_PASSTHROUGH)
        fields_error(fields, "short", "is for options, and '%s' is none", arg->name.ptr);
}

/* ---- values */

static void read_count(const struct fields *fields, struct rule_arg *arg)
{
    bool many = fields_flag(fields, "many");
    if (many && arg->type == ARG_SWITCH)
        fields_error(fields, "many", "makes no sense for a switch");
    arg->many = many || arg->type == ARG_PASSTHROUGH;
    arg->min = fields_integer(fields, "min", 0);
    if (arg->min < 0 || arg->min > (arg->many ? 1000 : 1))
        fields_error(fields, "min", "must be from 0 to %d, found %lld", arg->many ? 1000 : 1,
                     arg->min);
}

static void read_values(const struct fields *fields, struct rule_arg *arg)
{
    bool has_values = arg->type == ARG_ENUM || arg->type == ARG_PASSTHROUGH;
    fields_names(fields, "values", &arg->values);
    if (has_values && arg->values.count == 0)
        fields_error(fields, "values", "is missing");
    if (!has_values && arg->values.count > 0)
        fields_error(fields, "values", "is for the types enum and passthrough");
    for (size_t i = 0; i < arg->values.count; i++) {
        struct view value = arg->values.items[i];
        if (arg->type == ARG_PASSTHROUGH && (value.len < 2 || value.ptr[0] != '-'))
            fields_error(fields, "values", "must be options of the tool, found '%s'", value.ptr);
        for (size_t k = 0; k < i; k++)
            if (view_equal(arg->values.items[k], value))
                fields_error(fields, "values", "has '%s' twice", value.ptr);
    }
}

/* range = { LOW, HIGH } */
static void read_range(const struct fields *fields, struct rule_arg *arg)
{
    lua_State *L = fields->L;
    lua_Integer count = fields_push_list(fields, "range");
    if (count == 0)
        return;
    int low_is_integer = 0, high_is_integer = 0;
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    arg->low = lua_tointegerx(L, -2, &low_is_integer);
    arg->high = lua_tointegerx(L, -1, &high_is_integer);
    bool numbers = low_is_integer && high_is_integer && lua_type(L, -1) == LUA_TNUMBER &&
                   lua_type(L, -2) == LUA_TNUMBER;
    if (count != 2 || !numbers || arg->low > arg->high)
        fields_error(fields, "range", "must be { LOW, HIGH }, two whole numbers");
    if (arg->type != ARG_INT)
        fields_error(fields, "range", "is for the type int");
    arg->has_range = true;
    lua_pop(L, 3);
}

static void read_default(const struct fields *fields, struct rule_arg *arg)
{
    arg->default_value = fields_text(fields, "default");
    arg->has_default = arg->default_value.len > 0;
    if (!arg->has_default)
        return;
    if (arg->type == ARG_SWITCH || arg->type == ARG_PASSTHROUGH || arg->many)
        fields_error(fields, "default", "makes no sense for %s",
                     arg->type == ARG_SWITCH ? "a switch" : "what can be given several times");
    struct arena *arena = api_of(fields->L)->arena;
    struct value_problem problem = rule_value_check(arena, arg, arg->default_value);
    if (problem.code != NULL)
        fields_error(fields, "default", "%s", problem.text.ptr);
    for (size_t i = 0; i < arg->default_value.len; i++)
        if (arg->default_value.ptr[i] == '\n' || arg->default_value.ptr[i] == '\r')
            fields_error(fields, "default", "must not hold a line break");
}

/* What errors call the row, made without printf as there are many. */
static const char *row_name(struct arena *arena, struct view name)
{
    struct str text;
    str_init(&text, arena);
    str_addz(&text, "dfc.directive: argument '");
    str_add(&text, name);
    str_addc(&text, '\'');
    return str_view(&text).ptr;
}

static struct rule_arg read_arg(lua_State *L, int index)
{
    static const char *const names[] = {"[1]", "type", "short", "many",    "min", "values",
                                        "doc", "kind", "range", "default", NULL};
    struct fields fields = fields_open(L, index, ROW, names);
    struct rule_arg arg = {.type = ARG_WORD};
    read_name(&fields, &arg);
    fields.what = row_name(api_of(L)->arena, arg.name);
    arg.type = read_type(&fields);
    read_short(&fields, &arg);
    read_count(&fields, &arg);
    arg.doc = fields_text(&fields, "doc");
    arg.kind = fields_text(&fields, "kind");
    if (arg.kind.len > 0 && arg.type != ARG_MIRROR)
        fields_error(&fields, "kind", "is for the type mirror");
    read_values(&fields, &arg);
    read_range(&fields, &arg);
    read_default(&fields, &arg);
    lua_pop(L, 1);
    return arg;
}

/* ---- all rows together */

static void take_spelling(lua_State *L, struct map *spellings, struct view spelling)
{
    if (spelling.len == 0)
        return;
    if (map_find(spellings, spelling) != NULL)
        lua_host_error(L, "dfc.directive: '%s' is declared twice among the arguments",
                       view_copy(api_of(L)->arena, spelling).ptr);
    map_set(api_of(L)->arena, spellings, spelling, spellings);
}

/* An option of the tool, "--index-url=", without the '=' that says it takes a value. */
static struct view passthrough_name(struct view value)
{
    return value.ptr[value.len - 1] == '=' ? view_slice(value, 0, value.len - 1) : value;
}

static void check_spellings(lua_State *L, const struct rule *rule)
{
    struct map spellings = {0}, keys = {0};
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        take_spelling(L, &keys, arg->key);
        if (arg->type != ARG_PASSTHROUGH) {
            take_spelling(L, &spellings, arg->name);
            take_spelling(L, &spellings, arg->short_name);
        }
        for (size_t k = 0; arg->type == ARG_PASSTHROUGH && k < arg->values.count; k++)
            take_spelling(L, &spellings, passthrough_name(arg->values.items[k]));
    }
}

/* Words fill the positional arguments in order; nothing is left behind one that takes all. */
static void check_positionals(lua_State *L, const struct rule *rule)
{
    const struct rule_arg *many = NULL;
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->is_option || arg->type == ARG_PASSTHROUGH)
            continue;
        if (rule->is_command)
            lua_host_error(L,
                           "dfc.directive: a command directive has only options, the words are "
                           "its command; found the argument '%s'",
                           arg->name.ptr);
        if (many != NULL)
            lua_host_error(L, "dfc.directive: '%s' gets no word, '%s' takes all of them",
                           arg->name.ptr, many->name.ptr);
        many = arg->many ? arg : NULL;
    }
}

void api_read_args(const struct fields *fields, struct rule *rule)
{
    lua_State *L = fields->L;
    lua_Integer count = fields_push_list(fields, "args");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        struct rule_arg arg = read_arg(L, -1);
        VEC_PUSH(api_of(L)->arena, &rule->args, arg);
        lua_pop(L, 1);
    }
    if (count > 0)
        lua_pop(L, 1);
    if (api_is_trusted(L))
        return;
    check_spellings(L, rule);
    check_positionals(L, rule);
}

/* ---- dfc.opt */

static void push_row(lua_State *L, const char *name, const char *type, const char *doc)
{
    lua_createtable(L, 1, 4);
    lua_pushstring(L, name);
    lua_rawseti(L, -2, 1);
    lua_pushstring(L, type);
    lua_setfield(L, -2, "type");
    lua_pushstring(L, doc);
    lua_setfield(L, -2, "doc");
}

/* The first argument as a field of the row, when there is one. */
static void set_argument(lua_State *L, const char *function, const char *field)
{
    if (lua_isnoneornil(L, 1))
        return;
    if (lua_type(L, 1) != LUA_TSTRING)
        lua_host_error(L, "dfc.opt.%s: a string is expected, found %s", function,
                       api_type_name(L, 1));
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, field);
}

/* dfc.opt.id([default]) */
static int opt_id(lua_State *L)
{
    lua_settop(L, 1);
    push_row(L, "--id", "word", "id of the cache mount");
    set_argument(L, "id", "default");
    return 1;
}

/* dfc.opt.sharing([default]) */
static int opt_sharing(lua_State *L)
{
    static const char *const modes[] = {"shared", "locked", "private"};
    lua_settop(L, 1);
    push_row(L, "--sharing", "enum", "how parallel builds share the cache mount");
    lua_createtable(L, 3, 0);
    for (int i = 0; i < 3; i++) {
        lua_pushstring(L, modes[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "values");
    set_argument(L, "sharing", "default");
    return 1;
}

/* dfc.opt.mirror([kind]): the kind of which a URL given here is the index. */
static int opt_mirror(lua_State *L)
{
    lua_settop(L, 1);
    push_row(L, "--mirror", "mirror", "mirror for this directive: a preset, a URL, or off");
    set_argument(L, "mirror", "kind");
    return 1;
}

static int opt_uid(lua_State *L)
{
    push_row(L, "--uid", "word", "owner of the cache mount, when USER does not tell");
    return 1;
}

static int opt_gid(lua_State *L)
{
    push_row(L, "--gid", "word", "group of the cache mount");
    return 1;
}

/* dfc.opt.secret([what]): `what` the secret holds, "pip's pip.conf". */
static int opt_secret(lua_State *L)
{
    const char *what = luaL_optstring(L, 1, "a file with credentials");
    lua_settop(L, 1);
    push_row(L, "--secret", "word", "");
    lua_pushfstring(L, "id of a build secret that holds %s, mounted for this RUN only", what);
    lua_setfield(L, -2, "doc");
    return 1;
}

void api_push_ready_options(lua_State *L)
{
    static const luaL_Reg options[] = {
        {"id", opt_id},   {"sharing", opt_sharing}, {"uid", opt_uid}, {"mirror", opt_mirror},
        {"gid", opt_gid}, {"secret", opt_secret},   {NULL, NULL}};
    luaL_newlibtable(L, options);
    luaL_setfuncs(L, options, 0);
    lua_host_freeze_strict(L, "dfc.opt");
}
