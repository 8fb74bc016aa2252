/* `dfc rules --json`: all that the rules declare, two blanks of indentation a level. */
#include "describe.h"

#include "utf8.h"

struct json {
    struct str *out;
    size_t depth;
    bool any; /* the list or object that is open has something in it */
};

/* Control characters are escaped, also those that JSON would allow: the text may end up on a
 * terminal. Bytes that are no UTF-8 become U+FFFD. */
static void add_string(struct str *out, struct view text)
{
    size_t length;
    str_addc(out, '"');
    for (size_t at = 0; at < text.len; at += length) {
        uint32_t code = utf8_decode(text, at, &length);
        if (code == '"' || code == '\\')
            str_addf(out, "\\%c", (char)code);
        else if (code == '\n')
            str_addz(out, "\\n");
        else if (code < 0x20 || (code >= 0x7f && code < 0xa0) ||
                 (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                 code == UTF8_INVALID)
            str_addf(out, "\\u%04x", (unsigned)code);
        else
            str_add(out, view_slice(text, at, at + length));
    }
    str_addc(out, '"');
}

static void begin_item(struct json *json, const char *key)
{
    str_addz(json->out, json->any ? ",\n" : "\n");
    str_fill(json->out, ' ', 2 * json->depth);
    if (key != NULL) {
        add_string(json->out, view_of(key));
        str_addz(json->out, ": ");
    }
    json->any = true;
}

static void json_open(struct json *json, const char *key, char bracket)
{
    if (json->depth > 0)
        begin_item(json, key);
    str_addc(json->out, bracket);
    json->depth++;
    json->any = false;
}

static void json_close(struct json *json, char bracket)
{
    json->depth--;
    if (json->any) {
        str_addc(json->out, '\n');
        str_fill(json->out, ' ', 2 * json->depth);
    }
    str_addc(json->out, bracket);
    json->any = true;
}

/* An empty text is null: nothing was said. */
static void add_text(struct json *json, const char *key, struct view text)
{
    begin_item(json, key);
    if (text.len == 0)
        str_addz(json->out, "null");
    else
        add_string(json->out, text);
}

static void add_flag(struct json *json, const char *key, bool flag)
{
    begin_item(json, key);
    str_addz(json->out, flag ? "true" : "false");
}

static void add_number(struct json *json, const char *key, long long number)
{
    begin_item(json, key);
    str_addf(json->out, "%lld", number);
}

static void add_names(struct json *json, const char *key, const struct name_list *names)
{
    begin_item(json, key);
    str_addc(json->out, '[');
    for (size_t i = 0; i < names->count; i++) {
        str_addz(json->out, i > 0 ? ", " : "");
        add_string(json->out, names->items[i]);
    }
    str_addc(json->out, ']');
}

/* ---- entries */

static void add_place(struct json *json, const struct entry *entry)
{
    add_text(json, "name", entry->name);
    add_text(json, "file", view_of(entry->source->name));
    if (entry->line > 0)
        add_number(json, "line", (long long)entry->line);
    else
        add_text(json, "line", VIEW(""));
    add_flag(json, "stdlib", entry->is_stdlib);
    add_text(json, "replaces", entry->replaces);
}

static void add_argument(struct json *json, const struct rule_arg *arg)
{
    json_open(json, NULL, '{');
    add_text(json, "name", arg->name);
    add_text(json, "key", arg->key);
    add_text(json, "short", arg->short_name);
    add_text(json, "type", view_of(rule_arg_type_name(arg->type)));
    add_flag(json, "option", arg->is_option);
    add_flag(json, "many", arg->many);
    add_number(json, "min", arg->min);
    add_names(json, "values", &arg->values);
    add_text(json, "kind", arg->kind);
    if (arg->has_default)
        add_text(json, "default", arg->default_value);
    add_text(json, "doc", arg->doc);
    json_close(json, '}');
}

static void add_refused(struct json *json, const struct map *refused)
{
    json_open(json, "refused", '[');
    for (size_t i = 0; i < refused->count; i++) {
        json_open(json, NULL, '{');
        add_text(json, "verb", refused->items[i].key);
        add_text(json, "help", *(const struct view *)refused->items[i].value);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void add_directive(struct json *json, const struct entry *entry)
{
    static const char *const bodies[] = {"", "words", "lines", "script"};
    const struct rule *rule = entry->rule;
    add_text(json, "summary", entry->summary);
    add_text(json, "same_as", entry->same_as == NULL ? VIEW("") : entry->same_as->name);
    add_text(json, "family", rule->is_command ? VIEW("command") : VIEW("install"));
    add_text(json, "usage", rule_usage(json->out->arena, rule));
    add_names(json, "verbs", &rule->verbs);
    add_text(json, "default_verb", rule->default_verb);
    add_text(json, "body", view_of(bodies[rule->body]));
    json_open(json, "needs", '{');
    add_text(json, "family", rule->needs_family);
    add_text(json, "user", rule->needs_root ? VIEW("root") : VIEW(""));
    json_close(json, '}');
    json_open(json, "args", '[');
    for (size_t i = 0; i < rule->args.count; i++)
        add_argument(json, &rule->args.items[i]);
    json_close(json, ']');
    add_names(json, "implied", &rule->implied);
    add_names(json, "caches", &entry->caches);
    add_names(json, "tools", &rule->tools);
    add_names(json, "noop_verbs", &rule->noop_verbs);
    add_refused(json, &rule->refused);
    add_names(json, "examples", &rule->examples);
    add_text(json, "examples_from", rule->examples_from);
}

static void add_rewrite(struct json *json, const struct entry *entry)
{
    add_text(json, "summary", entry->summary);
    add_text(json, "on", view_of(keyword_info(entry->rewrite->on)->upper));
    add_text(json, "match", entry->rewrite->match);
    add_text(json, "needs_family", entry->rewrite->needs_family);
}

static void add_mirror(struct json *json, const struct entry *entry)
{
    add_text(json, "summary", entry->summary);
    add_text(json, "base", entry->base);
    add_flag(json, "plain_http", entry->plain_http);
    json_open(json, "trees", '[');
    for (size_t i = 0; i < entry->trees.count; i++) {
        json_open(json, NULL, '{');
        add_text(json, "kind", entry->trees.items[i].key);
        add_text(json, "url", entry->trees.items[i].value);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void add_cache(struct json *json, const struct entry *entry)
{
    const struct cachedef *cache = entry->cache;
    add_text(json, "target", entry->target);
    add_text(json, "env", cache->variable);
    add_text(json, "below", cache->below);
    add_text(json, "option", cache->option);
    add_text(json, "sharing", cache->sharing);
    add_text(json, "id", cache->id);
    add_flag(json, "project", cache->has_project);
    add_flag(json, "distro", cache->distro);
    add_flag(json, "libc", cache->libc);
    add_flag(json, "arch", cache->arch);
    add_flag(json, "beside", cache->beside);
    add_flag(json, "copies_out", cache->copies_out);
    add_names(json, "directives", &entry->caches);
}

static void add_entry(struct json *json, const struct entry *entry)
{
    json_open(json, NULL, '{');
    add_place(json, entry);
    if (entry->kind == ENTRY_DIRECTIVE)
        add_directive(json, entry);
    else if (entry->kind == ENTRY_REWRITE)
        add_rewrite(json, entry);
    else if (entry->kind == ENTRY_MIRROR)
        add_mirror(json, entry);
    else if (entry->kind == ENTRY_CACHE)
        add_cache(json, entry);
    json_close(json, '}');
}

static void add_own_options(struct json *json)
{
    json_open(json, "options_of_every_directive", '[');
    for (const struct own_option *option = own_option_table; option->name != NULL; option++) {
        json_open(json, NULL, '{');
        add_text(json, "name", view_of(option->name));
        add_text(json, "argument", view_of(option->argument == NULL ? "" : option->argument));
        add_text(json, "doc", view_of(option->doc));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void add_kind(struct json *json, const struct catalog *catalog, enum entry_kind kind)
{
    static const char *const kinds[] = {"directives", "rewrites", "mirrors", "caches", "images"};
    json_open(json, kinds[kind], '[');
    for (size_t i = 0; i < catalog->entries.count; i++)
        if (catalog->entries.items[i]->kind == kind)
            add_entry(json, catalog->entries.items[i]);
    json_close(json, ']');
}

void describe_mirrors_json(struct str *out, const struct catalog *catalog)
{
    struct json json = {out, 0, false};
    json_open(&json, NULL, '{');
    add_text(&json, "version", VIEW(DFC_VERSION));
    add_kind(&json, catalog, ENTRY_MIRROR);
    json_close(&json, '}');
    str_addc(out, '\n');
}

void describe_json(struct str *out, const struct catalog *catalog)
{
    struct json json = {out, 0, false};
    json_open(&json, NULL, '{');
    add_text(&json, "version", VIEW(DFC_VERSION));
    add_own_options(&json);
    for (int kind = 0; kind < ENTRY_KINDS; kind++)
        add_kind(&json, catalog, (enum entry_kind)kind);
    json_close(&json, '}');
    str_addc(out, '\n');
}
