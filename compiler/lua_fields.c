#include "lua_api_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A list of a rule is walked through in C: its elements count as steps. A finding is shown with its
 * line of the source. */
enum { TEXT_COST = 32, STEPS_PER_ELEMENT = 6, STEPS_PER_FINDING = 5000 };

void api_begin_call(struct api *api)
{
    api->object_count = 0;
    api->finding_count = 0;
    api->text_bytes = 0;
    api->result_left = RESULT_BYTES_MAX;
}

void api_count_object(lua_State *L)
{
    if (++api_of(L)->object_count > NODE_MAX)
        lua_host_limit(L, "a rule may make %d nodes, mounts and commands", NODE_MAX);
}

void api_count_finding(lua_State *L)
{
    if (++api_of(L)->finding_count > FINDINGS_MAX)
        lua_host_limit(L, "a rule may report %d findings in a call", FINDINGS_MAX);
    lua_host_charge(L, STEPS_PER_FINDING);
}

size_t api_owner(const struct api *api)
{
    return api->loading != NULL ? 0 : api->call;
}

struct view api_text(lua_State *L, int index)
{
    struct api *api = api_of(L);
    size_t length;
    lua_pushvalue(L, index); /* lua_tolstring would turn a number in its place into a string */
    const char *text = lua_tolstring(L, -1, &length);
    if (text == NULL)
        lua_host_error(L, "a string is expected, found %s", api_type_name(L, index));
    api->text_bytes += length + TEXT_COST;
    if (api->text_bytes > RESULT_BYTES_MAX)
        lua_host_limit(L, "the result of a rule may have %d bytes", RESULT_BYTES_MAX);
    struct view copy = view_copy(api->arena, (struct view){text, length});
    lua_pop(L, 1);
    return copy;
}

static bool is_text(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TSTRING || lua_isinteger(L, index);
}

const char *api_type_name(lua_State *L, int index)
{
    if (lua_isnone(L, index))
        return "nothing";
    if (luaL_getmetafield(L, index, "__name") != LUA_TSTRING)
        return luaL_typename(L, index);
    const char *name = lua_tostring(L, -1); /* it lives as long as the metatable */
    lua_pop(L, 1);
    return name;
}

static struct view check_text(lua_State *L, int index, const char *what)
{
    if (!is_text(L, index))
        lua_host_error(L, "%s: a string is expected, found %s", what, api_type_name(L, index));
    struct view text = api_text(L, index);
    if (view_find(text, '\0', 0) < text.len)
        lua_host_error(L, "%s: a NUL byte is in it", what);
    return text;
}

struct view api_check_text(lua_State *L, int index, const char *what)
{
    struct view text = check_text(L, index, what);
    if (text.len == 0)
        lua_host_error(L, "%s: it is empty", what);
    return text;
}

/* The keys of a table in an error must be the same in every run: of all that are wrong the first in
 * byte order. Call with each; `*least` has ptr NULL at first. */
static void keep_least(struct view *least, struct view key)
{
    if (least->ptr == NULL || view_compare(key, *least) < 0)
        *least = key;
}

/* The string at the top of the stack, not copied: it lives in the table whose key it is. */
static struct view key_text(lua_State *L)
{
    struct view key;
    key.ptr = lua_tolstring(L, -1, &key.len);
    return key;
}

lua_Integer api_push_list(lua_State *L, int index, const char *what)
{
    if (lua_type(L, index) != LUA_TTABLE)
        lua_host_error(L, "%s: a list is expected, found %s", what, api_type_name(L, index));
    luaL_checkstack(L, 8, what);
    lua_host_thaw(L, index);
    int table = lua_gettop(L);
    if (api_is_trusted(L))
        return (lua_Integer)lua_rawlen(L, table);
    lua_Integer count = 0;
    struct view least = {NULL, 0};
    bool other = false;
    lua_host_charge(L, (size_t)lua_rawlen(L, table) * STEPS_PER_ELEMENT);
    lua_pushnil(L);
    for (; lua_next(L, table) != 0; count++) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING)
            keep_least(&least, key_text(L));
        other |= lua_type(L, -1) != LUA_TSTRING && !lua_isinteger(L, -1);
    }
    if (least.ptr != NULL)
        lua_host_error(L, "%s: a list is expected, found the field '%s'", what, least.ptr);
    if (other)
        lua_host_error(L, "%s: a list is expected, found a key that is no whole number", what);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, table, i) == LUA_TNIL)
            lua_host_error(L, "%s: element %d of the list is nil", what, (int)i);
        lua_pop(L, 1);
    }
    return count;
}

void api_each_pair(lua_State *L, int index, const char *what,
                   void (*each)(lua_State *L, void *context), void *context)
{
    if (lua_type(L, index) != LUA_TTABLE)
        lua_host_error(L, "%s: a table of NAME = VALUE is expected, found %s", what,
                       api_type_name(L, index));
    luaL_checkstack(L, 8, what);
    lua_host_thaw(L, index);
    int table = lua_gettop(L);
    lua_host_push_keys(L, table); /* whole numbers come first */
    for (lua_Integer i = 1; lua_rawgeti(L, table + 1, i) != LUA_TNIL; i++) {
        if (lua_type(L, -1) != LUA_TSTRING)
            lua_host_error(L, "%s: a table of NAME = VALUE is expected, found a value without name",
                           what);
        lua_pushvalue(L, -1);
        lua_rawget(L, table);
        each(L, context);
        lua_pop(L, 2);
    }
    lua_settop(L, table - 1);
}

void api_read_texts(lua_State *L, int index, const char *what, struct name_list *list)
{
    struct arena *arena = api_of(L)->arena;
    if (is_text(L, index)) {
        VEC_PUSH(arena, list, api_check_text(L, index, what));
        return;
    }
    if (lua_type(L, index) != LUA_TTABLE)
        lua_host_error(L, "%s: a string or a list of strings is expected, found %s", what,
                       api_type_name(L, index));
    lua_Integer count = api_push_list(L, index, what);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        if (!is_text(L, -1))
            lua_host_error(L, "%s: a list of strings is expected, element %d is a %s", what, (int)i,
                           api_type_name(L, -1));
        VEC_PUSH(arena, list, api_check_text(L, -1, what));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* ---- fields of tables */

int api_no_field(lua_State *L, const char *what, const char *key, const char *const *names)
{
    struct view all[64];
    size_t count = 0;
    for (; count < sizeof(all) / sizeof(all[0]) && names[count] != NULL; count++)
        all[count] = view_of(names[count]);
    struct view close = diag_closest(view_of(key), all, count);
    if (close.len > 0)
        return lua_host_error(L, "%s has no field '%s'; did you mean '%s'?", what, key, close.ptr);
    return lua_host_error(L, "%s has no field '%s'", what, key);
}

static bool is_among(const char *key, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, key) == 0)
            return true;
    return false;
}

static int unknown_field(const struct fields *fields, struct view key, const char *const *names)
{
    struct view all[64];
    size_t count = 0;
    for (; count < sizeof(all) / sizeof(all[0]) && names[count] != NULL; count++)
        all[count] = view_of(names[count]);
    struct view close = diag_closest(key, all, count);
    if (close.len > 0)
        return lua_host_error(fields->L, "%s: unknown field '%s'; did you mean '%s'?", fields->what,
                              key.ptr, close.ptr);
    return lua_host_error(fields->L, "%s: unknown field '%s'", fields->what, key.ptr);
}

/* A table whose first name is "[1]" has a list beside its fields, as { "--file", type = "path" };
 * the list is for its reader to check. */
static bool is_element(lua_State *L, const char *const *names)
{
    return strcmp(names[0], "[1]") == 0 && lua_isinteger(L, -1);
}

struct fields fields_open(lua_State *L, int index, const char *what, const char *const *names)
{
    struct fields fields = {L, 0, what};
    if (lua_type(L, index) != LUA_TTABLE)
        lua_host_error(L, "%s: a table is expected, found %s", what, api_type_name(L, index));
    luaL_checkstack(L, 8, what);
    lua_host_thaw(L, index);
    fields.table = lua_gettop(L);
    if (api_is_trusted(L))
        return fields;
    struct view least = {NULL, 0};
    bool nameless = false;
    lua_pushnil(L);
    while (lua_next(L, fields.table) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            nameless |= !is_element(L, names);
        else if (!is_among(lua_tostring(L, -1), names))
            keep_least(&least, key_text(L));
    }
    if (nameless)
        lua_host_error(L, "%s: a field has no name (write NAME = VALUE)", what);
    if (least.ptr != NULL)
        unknown_field(&fields, least, names);
    return fields;
}

int fields_error(const struct fields *fields, const char *name, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return lua_host_error(fields->L, "%s: field '%s' %s", fields->what, name, text);
}

bool fields_push(const struct fields *fields, const char *name, int type)
{
    lua_State *L = fields->L;
    int found = lua_getfield(L, fields->table, name);
    if (found == LUA_TNIL) {
        lua_pop(L, 1);
        return false;
    }
    if (type != LUA_TNONE && found != type)
        fields_error(fields, name, "must be a %s, found %s", lua_typename(L, type),
                     api_type_name(L, -1));
    return true;
}

struct view fields_text(const struct fields *fields, const char *name)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, name, LUA_TNONE))
        return VIEW("");
    if (!is_text(L, -1))
        fields_error(fields, name, "must be a string, found %s", api_type_name(L, -1));
    struct view text = api_text(L, -1);
    lua_pop(L, 1);
    if (view_find(text, '\0', 0) < text.len)
        fields_error(fields, name, "must not hold a NUL byte");
    return text;
}

struct view fields_required_text(const struct fields *fields, const char *name)
{
    struct view text = fields_text(fields, name);
    if (text.len == 0)
        fields_error(fields, name, "is missing");
    return text;
}

bool fields_flag(const struct fields *fields, const char *name)
{
    if (!fields_push(fields, name, LUA_TBOOLEAN))
        return false;
    bool flag = lua_toboolean(fields->L, -1);
    lua_pop(fields->L, 1);
    return flag;
}

long long fields_integer(const struct fields *fields, const char *name, long long absent)
{
    if (!fields_push(fields, name, LUA_TNUMBER))
        return absent;
    int is_integer;
    long long value = lua_tointegerx(fields->L, -1, &is_integer);
    if (!is_integer)
        fields_error(fields, name, "must be a whole number, found %g",
                     (double)lua_tonumber(fields->L, -1));
    lua_pop(fields->L, 1);
    return value;
}

/* "dfc.run: field 'mounts'", to be named in errors about what is in a field. It is seldom needed
 * and often made: without printf, which takes ten times as long. */
static const char *field_name(const struct fields *fields, const char *name)
{
    struct str text;
    str_init(&text, api_of(fields->L)->arena);
    str_addz(&text, fields->what);
    str_addz(&text, ": field '");
    str_addz(&text, name);
    str_addc(&text, '\'');
    return str_view(&text).ptr;
}

void fields_names(const struct fields *fields, const char *name, struct name_list *list)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, name, LUA_TTABLE))
        return;
    api_read_texts(L, -1, field_name(fields, name), list);
    lua_pop(L, 1);
}

void fields_texts(const struct fields *fields, const char *name, struct name_list *list)
{
    if (!fields_push(fields, name, LUA_TNONE))
        return;
    api_read_texts(fields->L, -1, field_name(fields, name), list);
    lua_pop(fields->L, 1);
}

lua_Integer fields_push_list(const struct fields *fields, const char *name)
{
    if (!fields_push(fields, name, LUA_TTABLE))
        return 0;
    lua_Integer count = api_push_list(fields->L, -1, field_name(fields, name));
    lua_remove(fields->L, -2);
    if (count == 0)
        lua_pop(fields->L, 1);
    return count;
}
