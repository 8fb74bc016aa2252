/* `dfc rules --markdown`: the text of docs/directives.md. */
#include "describe.h"

/* Text with what Markdown would read as markup escaped; '|' too, for cells of tables. */
static void add_text(struct str *out, struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n') {
            str_addc(out, ' ');
            continue;
        }
        if (c == '\\' || c == '`' || c == '*' || c == '_' || c == '<' || c == '[' || c == '|')
            str_addc(out, '\\');
        str_addc(out, c);
    }
}

/* Code, with `escape` put before each '|', which would end a cell even there. */
static void add_code_with(struct str *out, struct view text, const char *escape)
{
    bool has_tick = view_find(text, '`', 0) < text.len;
    str_addz(out, has_tick ? "`` " : "`");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|')
            str_addz(out, escape);
        str_addc(out, text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
    }
    str_addz(out, has_tick ? " ``" : "`");
}

static void add_code(struct str *out, struct view text)
{
    add_code_with(out, text, "");
}

static void add_cell_code(struct str *out, struct view text)
{
    add_code_with(out, text, "\\");
}

static void add_codes(struct str *out, const struct name_list *names, const char *prefix)
{
    for (size_t i = 0; i < names->count; i++) {
        str_addz(out, i > 0 ? " " : "");
        add_code(out, view_format(out->arena, "%s%.*s", prefix, VIEW_ARG(names->items[i])));
    }
}

static void add_labelled(struct str *out, const char *label, const struct name_list *names,
                         const char *prefix)
{
    if (names->count == 0)
        return;
    str_addf(out, "\n%s: ", label);
    add_codes(out, names, prefix);
    str_addc(out, '\n');
}

/* A fence of more backticks than any in the text. */
static void add_block(struct str *out, const char *language, struct view text)
{
    size_t ticks = 3, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        ticks = run >= ticks ? run + 1 : ticks;
    }
    str_addc(out, '\n');
    str_fill(out, '`', ticks);
    str_addf(out, "%s\n", language);
    str_add(out, text);
    str_addz(out, view_ends(text, "\n") ? "" : "\n");
    str_fill(out, '`', ticks);
    str_addc(out, '\n');
}

static void add_from(struct str *out, const struct entry *entry)
{
    str_addz(out, "\nDeclared in ");
    add_code(out, view_of(entry->source->name));
    str_addz(out, ".\n");
}

/* ---- directives */

static void add_option_row(struct str *out, const struct rule_arg *arg)
{
    struct view value = rule_arg_placeholder(out->arena, arg);
    str_addz(out, "| ");
    if (arg->short_name.len > 0) {
        add_cell_code(out, arg->short_name);
        str_addc(out, ' ');
    }
    add_cell_code(out, view_format(out->arena, "%.*s%s%.*s", VIEW_ARG(arg->name),
                                   arg->is_option && value.len > 0 ? "=" : "",
                                   VIEW_ARG(arg->is_option ? value : VIEW(""))));
    str_addf(out, " | %s%s | ", rule_arg_type_name(arg->type), arg->many ? ", repeatable" : "");
    if (arg->has_default)
        add_cell_code(out, arg->default_value);
    str_addz(out, " | ");
    add_text(out, arg->doc);
    str_addz(out, " |\n");
}

static void add_arguments(struct str *out, const struct rule *rule)
{
    bool any = false;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < rule->args.count; i++) {
            const struct rule_arg *arg = &rule->args.items[i];
            if (arg->type == ARG_PASSTHROUGH || arg->is_option != (pass == 1))
                continue;
            if (!any)
                str_addz(out, "\n| argument | type | default | meaning |\n|---|---|---|---|\n");
            add_option_row(out, arg);
            any = true;
        }
    }
}

static void add_passed_on(struct str *out, const struct rule *rule)
{
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->type != ARG_PASSTHROUGH)
            continue;
        str_addz(out, "\nPassed on as they are (");
        add_text(out, arg->doc);
        str_addz(out, "; one that ends in `=` takes a value): ");
        add_codes(out, &arg->values, "");
        str_addc(out, '\n');
    }
}

static void add_needs(struct str *out, struct view family, bool root)
{
    if (family.len == 0 && !root)
        return;
    str_addz(out, "\nNeeds ");
    if (family.len > 0) {
        str_addz(out, "a base image of the family ");
        add_code(out, family);
    }
    str_addz(out, family.len > 0 && root ? " and the user root.\n"
                  : root                 ? "the user root.\n"
                                         : ".\n");
}

static void add_verbs(struct str *out, const struct rule *rule)
{
    add_labelled(out, "Verbs", &rule->verbs, "");
    if (rule->default_verb.len > 0) {
        str_addz(out, "\nWithout a verb: ");
        add_code(out, rule->default_verb);
        str_addz(out, ".\n");
    }
    for (size_t i = 0; i < rule->refused.count; i++) {
        str_addz(out, i == 0 ? "\nVerbs that it refuses, with what to do instead:\n\n- " : "- ");
        add_code(out, rule->refused.items[i].key);
        str_addz(out, ": ");
        add_text(out, *(const struct view *)rule->refused.items[i].value);
        str_addc(out, '\n');
    }
}

static void add_example(struct str *out, struct describing *d, const struct rule *rule,
                        struct view text)
{
    struct example example = example_compile(d, rule, text);
    if (view_find(text, '\n', 0) == text.len) {
        str_addc(out, '\n');
        add_code(out, text);
        str_addz(out, example.failed ? " does not compile:\n" : " becomes\n");
    } else {
        add_block(out, "text", text);
        str_addz(out, example.failed ? "\ndoes not compile:\n" : "\nbecomes\n");
    }
    add_block(out, example.failed ? "text" : "dockerfile", example.text);
}

static void add_directive(struct str *out, struct describing *d, const struct entry *entry)
{
    static const char *const bodies[] = {"", "words, one or more a line", "lines", "a script"};
    const struct rule *rule = entry->rule;
    str_addf(out, "\n### @%.*s\n\n", VIEW_ARG(entry->name));
    add_text(out, entry->summary);
    str_addz(out, ".\n");
    if (entry->same_as != NULL) {
        str_addf(out, "\nThe same as [@%.*s](#%.*s), by another name.\n",
                 VIEW_ARG(entry->same_as->name), VIEW_ARG(entry->same_as->name));
        return;
    }
    add_from(out, entry);
    add_block(out, "text",
              view_format(out->arena, "@%.*s %.*s", VIEW_ARG(entry->name),
                          VIEW_ARG(rule_usage(out->arena, rule))));
    if (rule->body != BODY_NONE)
        str_addf(out, "\nA heredoc may hold %s.\n", bodies[rule->body]);
    add_needs(out, rule->needs_family, rule->needs_root);
    add_verbs(out, rule);
    add_arguments(out, rule);
    add_passed_on(out, rule);
    add_labelled(out, "Accepted and left out, since they are always given", &rule->implied, "");
    add_labelled(out, "Caches", &entry->caches, "");
    for (size_t i = 0; i < rule->examples.count; i++)
        add_example(out, d, rule, rule->examples.items[i]);
}

/* ---- the others */

static void add_rewrite(struct str *out, const struct entry *entry)
{
    const struct rewrite *rewrite = entry->rewrite;
    str_addf(out, "\n### %.*s\n\n", VIEW_ARG(entry->name));
    add_text(out, entry->summary);
    str_addz(out, ".\n");
    add_from(out, entry);
    add_needs(out, rewrite->needs_family, false);
    str_addf(out, "\nLooks at `%s`", keyword_info(rewrite->on)->upper);
    if (rewrite->match.len > 0) {
        str_addz(out, ", at commands that match\n");
        add_block(out, "text", rewrite->match);
    } else {
        str_addz(out, ".\n");
    }
}

static void add_cache_row(struct str *out, const struct entry *entry)
{
    const struct cachedef *cache = entry->cache;
    str_addz(out, "| ");
    add_cell_code(out, entry->name);
    str_addz(out, " | ");
    if (entry->target.len > 0)
        add_cell_code(out, entry->target);
    else
        str_addz(out, "by the stage");
    str_addz(out, " | ");
    if (cache->variable.len > 0)
        add_cell_code(out, cache->variable);
    str_addf(out, " | %.*s | ", VIEW_ARG(cache->sharing));
    add_cell_code(out, cache_id_parts(out->arena, cache));
    str_addf(out, " | %s | ", cache->copies_out ? "downloads" : "used in place");
    add_codes(out, &entry->caches, "@");
    str_addz(out, " |\n");
}

static void add_mirror(struct str *out, const struct entry *entry)
{
    str_addf(out, "\n### %.*s\n\n", VIEW_ARG(entry->name));
    add_text(out, entry->summary);
    str_addz(out, entry->summary.len > 0 ? ".\n" : "");
    add_from(out, entry);
    if (entry->plain_http)
        str_addz(out, "\nAlso by plain http, for images without CA certificates.\n");
    str_addz(out, "\n| tree | URL |\n|---|---|\n");
    for (size_t i = 0; i < entry->trees.count; i++) {
        str_addz(out, "| ");
        add_cell_code(out, entry->trees.items[i].key);
        str_addz(out, " | ");
        add_cell_code(out, entry->trees.items[i].value);
        str_addz(out, " |\n");
    }
}

static void add_kind(struct str *out, struct describing *d, const struct catalog *catalog,
                     enum entry_kind kind)
{
    for (size_t i = 0; i < catalog->entries.count; i++) {
        const struct entry *entry = catalog->entries.items[i];
        if (entry->kind != kind)
            continue;
        if (kind == ENTRY_DIRECTIVE)
            add_directive(out, d, entry);
        else if (kind == ENTRY_REWRITE)
            add_rewrite(out, entry);
        else if (kind == ENTRY_CACHE)
            add_cache_row(out, entry);
        else
            add_mirror(out, entry);
    }
}

static void add_own_options(struct str *out)
{
    str_addz(out, "\n| option of every directive | meaning |\n|---|---|\n");
    for (const struct own_option *option = own_option_table; option->name != NULL; option++) {
        str_addz(out, "| ");
        add_cell_code(out,
                      view_format(out->arena, "%s%s%s", option->name, option->argument ? "=" : "",
                                  option->argument ? option->argument : ""));
        str_addz(out, " | ");
        add_text(out, view_of(option->doc));
        str_addz(out, " |\n");
    }
}

void describe_markdown(struct str *out, struct describing *d, const struct catalog *catalog)
{
    str_addz(
        out,
        "# Directives, and what belongs to them\n\n"
        "<!-- Made by \"make docs\" from what stdlib/ declares; edit the rules instead. -->\n\n"
        "`dfc rules` lists all of this, `dfc explain NAME` shows one of it, `dfc rules "
        "--source NAME`\nprints the file that declares it. In examples every file that is "
        "named is taken to be in the\nbuild context.\n\n"
        "## Directives\n");
    add_own_options(out);
    add_kind(out, d, catalog, ENTRY_DIRECTIVE);
    if (catalog->names[ENTRY_CACHE].count > 0)
        str_addz(out, "\n## Caches\n\n"
                      "Targets are those in the image of the examples, `~` is the home of the user "
                      "that runs the\ncommand. The parts of an id in capitals follow the stage. A "
                      "cache that is \"used in place\" holds\nwhat later RUNs need too.\n\n"
                      "| cache | target | moved by | sharing | id | holds | used by |\n"
                      "|---|---|---|---|---|---|---|\n");
    add_kind(out, d, catalog, ENTRY_CACHE);
    if (catalog->names[ENTRY_REWRITE].count > 0)
        str_addz(out, "\n## Rewrites\n\n"
                      "`dfc lint` reports them, `dfc lint --fix` mends what can be mended. `# dfc "
                      "ignore=NAME` above an\ninstruction silences one there, `# dfc global "
                      "ignore=NAME` in the whole file.\n");
    add_kind(out, d, catalog, ENTRY_REWRITE);
    if (catalog->names[ENTRY_MIRROR].count > 0)
        str_addz(out, "\n## Mirrors\n\n"
                      "`@mirror NAME` in the file, or `--mirror NAME`. What a mirror does not name "
                      "is fetched from\nupstream.\n");
    add_kind(out, d, catalog, ENTRY_MIRROR);
}
