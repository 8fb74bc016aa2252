/* Descriptions for a terminal: the table of `dfc rules`, and `dfc explain`. */
#include "describe.h"

#include "utf8.h"

enum { LINE_WIDTH = 100, OPTION_COLUMN = 32, LABEL_COLUMN = 13 };

static size_t width_of(struct view text)
{
    size_t width = 0, length;
    for (size_t at = 0; at < text.len; at += length)
        width += (size_t)utf8_width(utf8_decode(text, at, &length));
    return width;
}

void describe_cell(struct str *out, struct view text, size_t column)
{
    size_t width = width_of(text);
    str_add(out, text);
    str_fill(out, ' ', width + 2 <= column ? column - width : 2);
}

void describe_words(struct str *out, const struct name_list *words, size_t indent)
{
    size_t column = indent;
    for (size_t i = 0; i < words->count; i++) {
        size_t width = width_of(words->items[i]);
        if (i > 0 && column + 1 + width > LINE_WIDTH) {
            str_addc(out, '\n');
            str_fill(out, ' ', indent);
            column = indent;
        } else if (i > 0) {
            str_addc(out, ' ');
            column++;
        }
        str_add(out, words->items[i]);
        column += width;
    }
    str_addc(out, '\n');
}

static struct view place_of(struct arena *arena, const struct entry *entry)
{
    if (entry->line == 0)
        return view_of(entry->source->name);
    return view_format(arena, "%s:%zu", entry->source->name, entry->line);
}

static struct view shown_name(struct arena *arena, const struct entry *entry)
{
    return entry->kind == ENTRY_DIRECTIVE ? view_format(arena, "@%.*s", VIEW_ARG(entry->name))
                                          : entry->name;
}

/* ---- dfc rules */

struct columns {
    size_t name, place;
};

static void widen(size_t *column, struct view text)
{
    size_t width = width_of(text) + 2;
    *column = width > *column ? width : *column;
}

static void add_row(struct str *out, const struct columns *columns, struct view name,
                    struct view place, struct view summary)
{
    describe_cell(out, name, columns->name);
    if (summary.len == 0)
        str_add(out, place);
    else
        describe_cell(out, place, columns->place);
    str_add(out, summary);
    str_addc(out, '\n');
}

static struct view summary_of(struct arena *arena, const struct entry *entry)
{
    if (entry->kind != ENTRY_CACHE)
        return entry->summary;
    struct view target = entry->target.len > 0 ? entry->target : VIEW("(depends on the stage)");
    return view_format(arena, "%.*s, %.*s", VIEW_ARG(target), VIEW_ARG(entry->cache->sharing));
}

static void add_kind(struct str *out, const struct catalog *catalog, enum entry_kind kind,
                     const char *title, const char *summary)
{
    struct columns columns = {0, 0};
    if (catalog->names[kind].count == 0)
        return;
    widen(&columns.name, view_of(title));
    widen(&columns.place, VIEW("DECLARED IN"));
    for (size_t i = 0; i < catalog->entries.count; i++) {
        const struct entry *entry = catalog->entries.items[i];
        if (entry->kind != kind)
            continue;
        widen(&columns.name, shown_name(out->arena, entry));
        widen(&columns.place, place_of(out->arena, entry));
    }
    str_addz(out, out->len > 0 ? "\n" : "");
    add_row(out, &columns, view_of(title), VIEW("DECLARED IN"), view_of(summary));
    for (size_t i = 0; i < catalog->entries.count; i++) {
        const struct entry *entry = catalog->entries.items[i];
        if (entry->kind == kind)
            add_row(out, &columns, shown_name(out->arena, entry), place_of(out->arena, entry),
                    summary_of(out->arena, entry));
    }
}

void describe_table(struct str *out, const struct catalog *catalog)
{
    add_kind(out, catalog, ENTRY_DIRECTIVE, "DIRECTIVE", "WHAT IT DOES");
    add_kind(out, catalog, ENTRY_REWRITE, "REWRITE", "WHAT IT FINDS");
    add_kind(out, catalog, ENTRY_MIRROR, "MIRROR", "WHOSE IT IS");
    add_kind(out, catalog, ENTRY_CACHE, "CACHE", "WHERE IT LIES, SHARING");
    add_kind(out, catalog, ENTRY_IMAGE, "IMAGE", "");
}

/* ---- dfc explain */

static void add_label(struct str *out, const char *label)
{
    str_addz(out, "  ");
    describe_cell(out, view_of(label), LABEL_COLUMN - 2);
}

static void add_fact(struct str *out, const char *label, struct view text)
{
    if (text.len == 0)
        return;
    add_label(out, label);
    str_add(out, text);
    str_addc(out, '\n');
}

static void add_list(struct str *out, const char *label, const struct name_list *words)
{
    if (words->count == 0)
        return;
    add_label(out, label);
    describe_words(out, words, LABEL_COLUMN);
}

static void add_place(struct str *out, const struct entry *entry)
{
    add_fact(out, "from", place_of(out->arena, entry));
    if (entry->replaces.len > 0)
        add_fact(out, "replaces",
                 view_format(out->arena, "that of %.*s", VIEW_ARG(entry->replaces)));
}

/* "install (default) upgrade …" */
static void add_verbs(struct str *out, const struct rule *rule)
{
    struct name_list verbs = {0};
    for (size_t i = 0; i < rule->verbs.count; i++) {
        struct view verb = rule->verbs.items[i];
        bool is_default = view_equal(verb, rule->default_verb);
        VEC_PUSH(out->arena, &verbs,
                 view_format(out->arena, "%.*s%s%s", VIEW_ARG(verb), is_default ? " (default)" : "",
                             i + 1 < rule->verbs.count ? "," : ""));
    }
    add_list(out, "verbs", &verbs);
}

static void add_usage(struct str *out, const struct rule *rule)
{
    static const char *const bodies[] = {"", "words, one or more a line", "lines", "a script"};
    struct view usage = rule_usage(out->arena, rule);
    add_fact(out, "usage",
             view_format(out->arena, "@%.*s %.*s", VIEW_ARG(rule->name), VIEW_ARG(usage)));
    if (rule->body != BODY_NONE)
        add_fact(out, "or",
                 view_format(out->arena, "@%.*s [OPTION]... <<EOF, then %s, then EOF",
                             VIEW_ARG(rule->name), bodies[rule->body]));
}

static void add_needs(struct str *out, struct view family, bool root)
{
    if (family.len > 0)
        add_fact(out, "needs",
                 view_format(out->arena, "a base image of the family %.*s%s", VIEW_ARG(family),
                             root ? ", and to be root" : ""));
    else if (root)
        add_fact(out, "needs", VIEW("to be root"));
}

/* "-t, --target-release WORD" */
static struct view option_text(struct arena *arena, const struct rule_arg *arg)
{
    struct view value = rule_arg_placeholder(arena, arg);
    struct view letter = arg->short_name;
    return view_format(arena, "%-2.*s%s %.*s%s%.*s", VIEW_ARG(letter), letter.len > 0 ? "," : " ",
                       VIEW_ARG(arg->name), value.len > 0 ? "=" : "", VIEW_ARG(value));
}

static void add_argument(struct str *out, const struct rule_arg *arg, struct view left)
{
    str_addz(out, "  ");
    describe_cell(out, left, OPTION_COLUMN - 2);
    str_add(out, arg->doc);
    if (arg->has_default)
        str_addf(out, " (default: %.*s)", VIEW_ARG(arg->default_value));
    str_addz(out, arg->many && arg->is_option ? " (repeatable)" : "");
    str_addc(out, '\n');
}

static void add_positional(struct str *out, const struct rule *rule)
{
    bool any = false;
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->is_option || arg->type == ARG_PASSTHROUGH)
            continue;
        str_addz(out, any ? "" : "\narguments:\n");
        struct view type = arg->type == ARG_ENUM ? rule_arg_placeholder(out->arena, arg)
                                                 : view_of(rule_arg_type_name(arg->type));
        add_argument(out, arg,
                     view_format(out->arena, "%.*s: %.*s%s", VIEW_ARG(arg->name), VIEW_ARG(type),
                                 arg->many ? "..." : ""));
        any = true;
    }
}

static void add_options(struct str *out, const struct rule *rule)
{
    bool any = false;
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (!arg->is_option || arg->type == ARG_PASSTHROUGH)
            continue;
        str_addz(out, any ? "" : "\noptions:\n");
        add_argument(out, arg, option_text(out->arena, arg));
        any = true;
    }
}

static void add_passed_on(struct str *out, const struct rule *rule)
{
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->type != ARG_PASSTHROUGH)
            continue;
        str_addf(out, "\npassed on as they are, with a value behind '=': %.*s\n  ",
                 VIEW_ARG(arg->doc));
        describe_words(out, &arg->values, 2);
    }
}

static void add_own_options(struct str *out)
{
    struct name_list words = {0};
    for (const struct own_option *option = own_option_table; option->name != NULL; option++)
        VEC_PUSH(out->arena, &words,
                 view_format(out->arena, "%s%s%s", option->name, option->argument ? "=" : "",
                             option->argument ? option->argument : ""));
    str_addz(out, "\noptions of every directive:\n  ");
    describe_words(out, &words, 2);
}

static void add_refused(struct str *out, const struct rule *rule)
{
    for (size_t i = 0; i < rule->refused.count; i++) {
        const struct view *help = rule->refused.items[i].value;
        str_addz(out, i == 0 ? "\nverbs that it refuses:\n  " : "  ");
        describe_cell(out, rule->refused.items[i].key, OPTION_COLUMN - 2);
        str_add(out, *help);
        str_addc(out, '\n');
    }
}

static void add_indented(struct str *out, struct view text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = view_find(text, '\n', at);
        str_addz(out, end > at ? "    " : "");
        str_add(out, view_slice(text, at, end));
        str_addc(out, '\n');
        at = end + 1;
    }
}

static void add_example(struct str *out, struct describing *d, const struct rule *rule,
                        struct view text)
{
    struct example example = example_compile(d, rule, text);
    str_addz(out, "\nexample:\n");
    add_indented(out, text);
    str_addz(out, example.failed ? "  does not compile:\n" : "  becomes\n");
    add_indented(out, example.text);
}

static void explain_directive(struct str *out, struct describing *d, const struct entry *entry)
{
    const struct rule *rule = entry->rule;
    str_addf(out, "@%.*s: %.*s\n\n", VIEW_ARG(entry->name), VIEW_ARG(entry->summary));
    add_place(out, entry);
    if (entry->same_as != NULL)
        add_fact(out, "same as", view_format(out->arena, "@%.*s", VIEW_ARG(entry->same_as->name)));
    add_fact(out, "family",
             rule->is_command
                 ? VIEW("command: behind the options stands a shell command")
                 : VIEW("install: the arguments are words, quoted where it is needed"));
    add_usage(out, rule);
    add_verbs(out, rule);
    add_needs(out, rule->needs_family, rule->needs_root);
    add_list(out, "caches", &entry->caches);
    add_list(out, "implied", &rule->implied);
    add_positional(out, rule);
    add_options(out, rule);
    add_passed_on(out, rule);
    add_own_options(out);
    add_refused(out, rule);
    for (size_t i = 0; i < rule->examples.count; i++)
        add_example(out, d, rule, rule->examples.items[i]);
}

static void explain_rewrite(struct str *out, struct describing *d, const struct entry *entry)
{
    const struct rewrite *rewrite = entry->rewrite;
    (void)d;
    str_addf(out, "rewrite %.*s: %.*s\n\n", VIEW_ARG(entry->name), VIEW_ARG(entry->summary));
    add_place(out, entry);
    add_fact(out, "looks at", view_of(keyword_info(rewrite->on)->upper));
    add_fact(out, "pattern", rewrite->match);
    add_needs(out, rewrite->needs_family, false);
    add_fact(
        out, "silence",
        view_format(out->arena, "# dfc ignore=%.*s, above the instruction", VIEW_ARG(entry->name)));
    add_fact(
        out, "or",
        view_format(out->arena, "# dfc global ignore=%.*s, for the file", VIEW_ARG(entry->name)));
}

static void explain_mirror(struct str *out, const struct entry *entry)
{
    str_addf(out, "mirror %.*s%s%.*s\n\n", VIEW_ARG(entry->name),
             entry->summary.len > 0 ? ": " : "", VIEW_ARG(entry->summary));
    add_place(out, entry);
    add_fact(out, "use",
             view_format(out->arena, "@mirror %.*s, or --mirror %.*s", VIEW_ARG(entry->name),
                         VIEW_ARG(entry->name)));
    add_fact(out, "base", entry->base);
    if (entry->plain_http)
        add_fact(out, "", VIEW("also by plain http, for images without CA certificates"));
    str_addz(out, entry->trees.count > 0 ? "\ntrees:\n" : "");
    struct columns columns = {0, 0};
    for (size_t i = 0; i < entry->trees.count; i++)
        widen(&columns.name, entry->trees.items[i].key);
    for (size_t i = 0; i < entry->trees.count; i++) {
        str_addz(out, "  ");
        describe_cell(out, entry->trees.items[i].key, columns.name);
        str_add(out, entry->trees.items[i].value);
        str_addc(out, '\n');
    }
}

/* "ENV GRADLE_USER_HOME (caches below it)" */
static struct view moved_by(struct arena *arena, const struct cachedef *cache)
{
    if (cache->below.len > 0)
        return view_format(arena, "ENV %.*s (%.*s below it)", VIEW_ARG(cache->variable),
                           VIEW_ARG(cache->below));
    return view_format(arena, "ENV %.*s%s%.*s", VIEW_ARG(cache->variable),
                       cache->option.len > 0 ? ", option " : "", VIEW_ARG(cache->option));
}

static void explain_cache(struct str *out, const struct entry *entry)
{
    const struct cachedef *cache = entry->cache;
    struct name_list users = {0};
    str_addf(out, "cache %.*s\n\n", VIEW_ARG(entry->name));
    add_place(out, entry);
    add_fact(out, "target", entry->target.len > 0 ? entry->target : VIEW("depends on the stage"));
    if (cache->variable.len > 0)
        add_fact(out, "moved by", moved_by(out->arena, cache));
    add_fact(out, "id", cache_id_parts(out->arena, cache));
    add_fact(out, "sharing", cache->sharing);
    add_fact(out, "holds",
             cache->copies_out ? VIEW("downloads: what is installed is in the image as well")
                               : VIEW("what the tool uses in place: later RUNs need it too"));
    for (size_t i = 0; i < entry->caches.count; i++)
        VEC_PUSH(out->arena, &users,
                 view_format(out->arena, "@%.*s", VIEW_ARG(entry->caches.items[i])));
    add_list(out, "used by", &users);
}

static void explain_image(struct str *out, const struct entry *entry)
{
    str_addf(out, "image %.*s\n\n", VIEW_ARG(entry->name));
    add_place(out, entry);
}

void describe_entry(struct str *out, struct describing *d, const struct entry *entry)
{
    switch (entry->kind) {
    case ENTRY_DIRECTIVE:
        explain_directive(out, d, entry);
        break;
    case ENTRY_REWRITE:
        explain_rewrite(out, d, entry);
        break;
    case ENTRY_MIRROR:
        explain_mirror(out, entry);
        break;
    case ENTRY_CACHE:
        explain_cache(out, entry);
        break;
    default:
        explain_image(out, entry);
    }
}
