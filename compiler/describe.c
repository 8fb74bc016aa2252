#include "describe.h"

#include "core_words.h"
#include "stdlib_embed.h"
#include "utf8.h"

#include <string.h>

#define DEFINITIONS "dfc.d.lua"

/* The editor's definitions of the API: part of the program, not of the rules. */
static struct view definitions(void)
{
    for (size_t i = 0; i < stdlib_file_count; i++)
        if (strcmp(stdlib_files[i].name, DEFINITIONS) == 0)
            return (struct view){stdlib_files[i].text, stdlib_files[i].length};
    return VIEW("");
}

/* ---- text for a terminal: rule files may hold anything */

static bool is_unprintable(uint32_t code)
{
    return (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0) ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == UTF8_INVALID;
}

static struct view make_printable(struct arena *arena, struct view text)
{
    struct str out;
    size_t length;
    str_init(&out, arena);
    for (size_t at = 0; at < text.len; at += length) {
        if (is_unprintable(utf8_decode(text, at, &length)))
            str_addc(&out, '?');
        else
            str_add(&out, view_slice(text, at, at + length));
    }
    return str_view(&out);
}

/* ---- names */

static bool is_core_word(struct arena *arena, struct view name)
{
    struct name_list words = {0};
    core_words_names(arena, &words);
    return name_list_has(&words, name);
}

static void report_unknown(struct describing *d, const struct catalog *catalog, struct view name)
{
    bool has_sign = view_starts(name, "@");
    struct view bare = view_slice(name, has_sign, name.len);
    struct diag *diag = diag_add(d->diags, DIAG_ERROR, "unknown-name", (struct span){NULL, 0, 0},
                                 "there is no rule '%.*s'", VIEW_ARG(name));
    if (is_core_word(d->arena, bare)) {
        diag_note(diag, "@%.*s is a word of the language, it is made by no rule", VIEW_ARG(bare));
        return;
    }
    struct name_list names = {0};
    for (size_t i = 0; i < catalog->entries.count; i++)
        if (!has_sign || catalog->entries.items[i]->kind == ENTRY_DIRECTIVE)
            VEC_PUSH(d->arena, &names, catalog->entries.items[i]->name);
    struct view close = diag_closest(bare, names.items, names.count);
    if (close.len > 0)
        diag_help(diag, "did you mean '%s%.*s'?", has_sign ? "@" : "", VIEW_ARG(close));
    else
        diag_help(diag, "'dfc rules' lists all directives, rewrites, mirrors, caches and images");
}

/* ---- what is asked for */

static struct view explain(struct describing *d, const struct catalog *catalog, struct view name)
{
    struct str out;
    str_init(&out, d->arena);
    for (const struct entry *entry = NULL; (entry = catalog_find(catalog, name, entry)) != NULL;) {
        str_addz(&out, out.len > 0 ? "\n" : "");
        describe_entry(&out, d, entry);
    }
    return make_printable(d->arena, str_view(&out));
}

static struct view describe_all(struct describing *d, const struct catalog *catalog,
                                enum dfc_description what, const char *name)
{
    struct str out;
    str_init(&out, d->arena);
    if (what == DFC_RULES_JSON) {
        describe_json(&out, catalog);
        return str_view(&out);
    }
    if (what == DFC_MIRRORS_JSON) {
        describe_mirrors_json(&out, catalog);
        return str_view(&out);
    }
    if (what == DFC_RULES_TABLE)
        describe_table(&out, catalog);
    else if (what == DFC_MIRRORS_TABLE)
        describe_mirrors(&out, catalog);
    else if (what == DFC_DAEMON_JSON || what == DFC_BUILDKITD_TOML)
        describe_hubs(&out, d, catalog, what, name);
    else
        describe_markdown(&out, d, catalog);
    return make_printable(d->arena, str_view(&out));
}

struct view describe(struct describing *d, enum dfc_description what, const char *name)
{
    struct catalog catalog = {0};
    if (what == DFC_RULES_META)
        return definitions();
    if (!catalog_read(d, &catalog))
        return VIEW("");
    if (what != DFC_RULES_SOURCE && what != DFC_EXPLAIN)
        return describe_all(d, &catalog, what, name);
    struct view wanted = view_of(name);
    const struct entry *entry = catalog_find(&catalog, wanted, NULL);
    if (entry == NULL)
        report_unknown(d, &catalog, wanted);
    else if (what == DFC_RULES_SOURCE)
        return entry->source->text;
    else
        return explain(d, &catalog, wanted);
    return VIEW("");
}
