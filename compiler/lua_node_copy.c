/* dfc.copy and dfc.add: COPY and ADD with every value checked for what BuildKit would make of it.
 */
#include "lua_api_internal.h"

#include "url.h"
#include "utf8.h"

#include <string.h>

/* One call of dfc.copy or dfc.add. */
struct reading {
    struct fields fields;
    struct arena *arena;
    struct copy *copy;
};

static bool has_any(struct view text, const char *characters)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0' || strchr(characters, text.ptr[i]) != NULL)
            return true;
    return false;
}

static bool lookup_nothing(void *context, struct view name, struct view *value)
{
    (void)context, (void)name, (void)value;
    return false;
}

/* A word that BuildKit expands: no quotes or escapes, so that nothing has to be taken off again. */
static void check_word(const struct fields *fields, const char *name, struct view word)
{
    static const struct word_env nothing = {lookup_nothing, NULL};
    if (word.len == 0)
        fields_error(fields, name, "is empty");
    if (has_any(word, "\"'\\`\n\r"))
        fields_error(fields, name,
                     "must not hold quotes, backslashes, backticks or line breaks, found '%s'",
                     word.ptr);
    size_t length;
    for (size_t at = 0; at < word.len; at += length)
        if (utf8_decode(word, at, &length) < ' ')
            fields_error(fields, name, "must not hold control characters");
    struct word_result result =
        word_expand(api_of(fields->L)->arena, word, '\\', WORD_KEEP_UNSET, &nothing);
    if (result.error != NULL)
        fields_error(fields, name, "can't be expanded by BuildKit: %s, found '%s'", result.error,
                     word.ptr);
}

/* What goes into a flag: ASCII without blanks, since flags are read byte by byte. */
static void check_flag(const struct fields *fields, const char *name, struct view value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] <= ' ' || (unsigned char)value.ptr[i] >= 0x7f)
            fields_error(fields, name, "must be ASCII without blanks, found '%s'", value.ptr);
    check_word(fields, name, value);
}

static void add_flag(const struct reading *reading, const char *name, struct view value)
{
    VEC_PUSH(reading->arena, &reading->copy->flags,
             view_format(reading->arena, "--%s=%.*s", name, VIEW_ARG(value)));
}

static void add_switch(const struct reading *reading, const char *field, const char *flag)
{
    if (fields_flag(&reading->fields, field))
        VEC_PUSH(reading->arena, &reading->copy->flags, view_format(reading->arena, "--%s", flag));
}

static void read_from(const struct reading *reading)
{
    struct view from = fields_text(&reading->fields, "from");
    if (from.len == 0)
        return;
    check_flag(&reading->fields, "from", from);
    if (has_any(from, "$"))
        fields_error(&reading->fields, "from",
                     "can't hold a variable, BuildKit expands none there; found '%s'", from.ptr);
    size_t digits = 0;
    while (digits < from.len && is_digit(from.ptr[digits]))
        digits++;
    if (digits == from.len)
        fields_error(&reading->fields, "from", "must be the name of a stage or image, found '%s'",
                     from.ptr);
    add_flag(reading, "from", from);
}

static void read_owner(const struct reading *reading)
{
    struct view owner = fields_text(&reading->fields, "chown");
    if (owner.len == 0)
        return;
    check_flag(&reading->fields, "chown", owner);
    size_t colon = view_find(owner, ':', 0);
    if (colon < owner.len && !has_any(owner, "$") &&
        (colon + 1 == owner.len || view_find(owner, ':', colon + 1) < owner.len))
        fields_error(&reading->fields, "chown", "must be USER or USER:GROUP, found '%s'",
                     owner.ptr);
    add_flag(reading, "chown", owner);
}

static bool is_mode(struct view mode)
{
    bool octal = mode.len <= 4;
    for (size_t i = 0; i < mode.len; i++) {
        octal = octal && mode.ptr[i] >= '0' && mode.ptr[i] <= '7';
        if (strchr("ugoa+-=rwxXst,01234567", mode.ptr[i]) == NULL)
            return false;
    }
    return octal || has_any(mode, "+-=");
}

static void read_mode(const struct reading *reading)
{
    struct view mode = fields_text(&reading->fields, "chmod");
    if (mode.len == 0)
        return;
    check_flag(&reading->fields, "chmod", mode);
    if (!has_any(mode, "$") && !is_mode(mode))
        fields_error(&reading->fields, "chmod",
                     "must be an octal mode such as \"755\" or a symbolic one such as \"u=rwX\", "
                     "found '%s'",
                     mode.ptr);
    add_flag(reading, "chmod", mode);
}

static void read_excluded(const struct reading *reading)
{
    struct name_list patterns = {0};
    fields_texts(&reading->fields, "exclude", &patterns);
    for (size_t i = 0; i < patterns.count; i++) {
        check_flag(&reading->fields, "exclude", patterns.items[i]);
        if (has_any(patterns.items[i], "$"))
            fields_error(&reading->fields, "exclude",
                         "can't hold a variable, BuildKit expands none there; found '%s'",
                         patterns.items[i].ptr);
        add_flag(reading, "exclude", patterns.items[i]);
    }
}

static void read_paths(const struct reading *reading)
{
    const struct fields *fields = &reading->fields;
    struct copy *copy = reading->copy;
    fields_texts(fields, "src", &copy->sources);
    if (copy->sources.count == 0)
        fields_error(fields, "src", "is missing");
    for (size_t i = 0; i < copy->sources.count; i++) {
        check_word(fields, "src", copy->sources.items[i]);
        if (view_search(copy->sources.items[i], VIEW("<<")) < copy->sources.items[i].len)
            fields_error(fields, "src", "must not hold '<<', which would begin a heredoc");
    }
    copy->dest = fields_required_text(fields, "dest");
    check_word(fields, "dest", copy->dest);
    if (view_search(copy->dest, VIEW("<<")) < copy->dest.len)
        fields_error(fields, "dest", "must not hold '<<', which would begin a heredoc");
}

static struct reading begin(lua_State *L, enum node_kind kind, const char *what,
                            const char *const *names)
{
    struct fields fields = fields_open(L, 1, what, names);
    struct node *node = api_new_node(L, kind);
    api_push_node(L, node);
    return (struct reading){fields, api_of(L)->arena, &node->copy};
}

int api_copy_new(lua_State *L)
{
    static const char *const names[] = {"from", "src",     "dest",    "chown", "chmod",
                                        "link", "parents", "exclude", NULL};
    struct reading reading = begin(L, NODE_COPY, "dfc.copy", names);
    read_paths(&reading);
    read_from(&reading);
    read_owner(&reading);
    read_mode(&reading);
    add_switch(&reading, "link", "link");
    add_switch(&reading, "parents", "parents");
    read_excluded(&reading);
    return 1;
}

static bool is_git(struct view source)
{
    struct view path = view_slice(source, 0, view_find(source, '#', 0));
    return view_starts(source, "git@") || view_starts(source, "git://") ||
           view_starts(source, "ssh://") || (url_has_scheme(source) && view_ends(path, ".git"));
}

static bool is_hex(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]) && (text.ptr[i] < 'a' || text.ptr[i] > 'f'))
            return false;
    return text.len > 0;
}

/* "sha256:" and 64 digits (opencontainers/go-digest); for a git repository the commit. */
static bool is_checksum(struct view checksum, bool git)
{
    static const struct {
        const char *prefix;
        size_t digits;
    } algorithms[] = {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}};
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        size_t length = strlen(algorithms[i].prefix);
        if (view_starts(checksum, algorithms[i].prefix))
            return checksum.len == length + algorithms[i].digits &&
                   is_hex(view_slice(checksum, length, checksum.len));
    }
    return git && is_hex(checksum) && (checksum.len == 40 || checksum.len == 64);
}

static void read_checksum(const struct reading *reading)
{
    const struct fields *fields = &reading->fields;
    const struct name_list *sources = &reading->copy->sources;
    struct view checksum = fields_text(fields, "checksum");
    if (checksum.len == 0)
        return;
    check_flag(fields, "checksum", checksum);
    bool git = is_git(sources->items[0]), variable = has_any(checksum, "$");
    if (!variable && !is_checksum(checksum, git))
        fields_error(fields, "checksum", "must be sha256: and 64 hexadecimal digits, found '%s'",
                     checksum.ptr);
    bool remote = git || url_has_scheme(sources->items[0]) || has_any(sources->items[0], "$");
    if (sources->count != 1 || !remote)
        fields_error(fields, "checksum", "is for one source that is a URL");
    add_flag(reading, "checksum", checksum);
}

/* `unpack = false` says something: an archive of the build context is unpacked by default. */
static void read_unpack(const struct reading *reading)
{
    if (!fields_push(&reading->fields, "unpack", LUA_TBOOLEAN))
        return;
    const char *flag = lua_toboolean(reading->fields.L, -1) ? "--unpack" : "--unpack=false";
    lua_pop(reading->fields.L, 1);
    VEC_PUSH(reading->arena, &reading->copy->flags, view_of(flag));
}

int api_add_new(lua_State *L)
{
    static const char *const names[] = {"checksum", "src",    "dest",         "chown",   "chmod",
                                        "link",     "unpack", "keep_git_dir", "exclude", NULL};
    struct reading reading = begin(L, NODE_ADD, "dfc.add", names);
    read_paths(&reading);
    for (size_t i = 0; i < reading.copy->sources.count; i++)
        if (url_has_credentials(reading.copy->sources.items[i]))
            return fields_error(&reading.fields, "src",
                                "must not hold a user name or password, found '%s'",
                                reading.copy->sources.items[i].ptr);
    read_checksum(&reading);
    read_owner(&reading);
    read_mode(&reading);
    add_switch(&reading, "link", "link");
    add_switch(&reading, "keep_git_dir", "keep-git-dir");
    read_unpack(&reading);
    read_excluded(&reading);
    return 1;
}
