/* What is known, collected from what the rule files have declared. */
#include "describe.h"

#include "expand.h"
#include "path.h"
#include "rule_sources.h"
#include "test_case.h"

#include <stdlib.h>

const struct own_option own_option_table[] = {
    {"--env", "NAME=VALUE", "environment of the command"},
    {"--exe", "PROGRAM", "run this program in place of the usual one"},
    {"--mount", "MOUNT", "a further mount, as RUN takes it"},
    {"--network", "MODE", "network of the command, as RUN takes it"},
    {"--no-bind", NULL, "bind-mount no files of the build context"},
    {"--security", "MODE", "security mode, as RUN takes it"},
    {"--ssh", NULL, "let the command use the ssh agent of the build"},
    {NULL, NULL, NULL},
};

const char *rule_arg_type_name(enum arg_type type)
{
    static const char *const names[] = {"word", "text", "switch",   "int",    "enum",
                                        "path", "url",  "duration", "mirror", "passthrough"};
    return names[type];
}

struct view rule_arg_placeholder(struct arena *arena, const struct rule_arg *arg)
{
    static const char *const names[] = {"WORD",     "TEXT",         "", "N", "", "PATH", "URL",
                                        "DURATION", "NAME|URL|off", ""};
    struct str out;
    if (arg->type != ARG_ENUM)
        return view_of(names[arg->type]);
    str_init(&out, arena);
    for (size_t i = 0; i < arg->values.count; i++)
        str_addf(&out, "%s%.*s", i == 0 ? "" : "|", VIEW_ARG(arg->values.items[i]));
    return str_view(&out);
}

static void add_upper(struct str *out, struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        str_addc(out, (char)(is_lower(text.ptr[i]) ? text.ptr[i] - 'a' + 'A' : text.ptr[i]));
}

struct view rule_usage(struct arena *arena, const struct rule *rule)
{
    struct str out;
    str_init(&out, arena);
    if (rule->is_command) {
        str_addz(&out, "[OPTION]... [NAME=VALUE]... ");
        str_addz(&out, rule->bare ? "[COMMAND]" : "COMMAND");
        return str_view(&out);
    }
    str_addz(&out, rule->verbs.count > 0 ? "[VERB] [OPTION]..." : "[OPTION]...");
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->is_option || arg->type == ARG_PASSTHROUGH)
            continue;
        str_addz(&out, arg->min > 0 ? " " : " [");
        add_upper(&out, arg->name);
        str_addz(&out, arg->many ? "..." : "");
        str_addz(&out, arg->min > 0 ? "" : "]");
    }
    return str_view(&out);
}

struct view cache_id_parts(struct arena *arena, const struct cachedef *cache)
{
    return view_format(arena, "%.*s%s%s%s%s", VIEW_ARG(cache->id),
                       cache->has_project ? "-PROJECT" : "", cache->distro ? "-DISTRO-RELEASE" : "",
                       cache->libc && !cache->distro ? "-LIBC" : "", cache->arch ? "-ARCH" : "");
}

/* ---- entries */

struct reader {
    struct describing *d;
    struct api *api;
    struct rule_files files;
    struct stages stages;
    struct catalog *catalog;
};

static struct entry *add_entry(struct reader *r, enum entry_kind kind, struct view name,
                               struct span at, const struct rule_file *of_stdlib)
{
    struct entry *entry = ARENA_NEW(r->d->arena, struct entry);
    const struct rule_file *file = rule_files_file_of(&r->files, at.source);
    entry->kind = kind;
    entry->name = name;
    entry->source = at.source;
    entry->line = source_position(at.source, at.begin).line;
    entry->is_stdlib = file != NULL && file->is_stdlib;
    entry->summary = entry->replaces = entry->target = entry->base = VIEW("");
    if (!entry->is_stdlib && of_stdlib != NULL)
        entry->replaces = view_of(of_stdlib->source->name);
    VEC_PUSH(r->d->arena, &r->catalog->entries, entry);
    map_set(r->d->arena, &r->catalog->names[kind], name, entry);
    return entry;
}

static void add_directives(struct reader *r)
{
    const struct map *map = &api_rules(r->api)->directives;
    for (size_t i = 0; i < map->count; i++) {
        const struct rule *rule = map->items[i].value;
        struct entry *entry = add_entry(r, ENTRY_DIRECTIVE, rule->name, rule->origin.at,
                                        rule_files_find(&r->files, STDLIB_DIRECTIVE, rule->name));
        entry->rule = rule;
        entry->summary = rule->summary;
        for (size_t k = 0; k < rule->caches.count; k++)
            VEC_PUSH(r->d->arena, &entry->caches, rule->caches.items[k]);
    }
}

static void add_rewrites(struct reader *r)
{
    const struct map *map = &api_rules(r->api)->rewrites;
    for (size_t i = 0; i < map->count; i++) {
        const struct rewrite *rewrite = map->items[i].value;
        struct entry *entry = add_entry(r, ENTRY_REWRITE, rewrite->name, rewrite->origin.at,
                                        rule_files_find(&r->files, STDLIB_REWRITE, rewrite->name));
        entry->rewrite = rewrite;
        entry->summary = rewrite->summary;
    }
}

/* Images of the standard library are declared by a function in another file: the index knows which
 * one lists them. */
static void add_images(struct reader *r)
{
    const struct map *map = &api_rules(r->api)->images;
    for (size_t i = 0; i < map->count; i++) {
        const struct lua_ref *image = map->items[i].value;
        const struct rule_file *file = rule_files_find(&r->files, STDLIB_IMAGE, map->items[i].key);
        struct entry *entry = add_entry(r, ENTRY_IMAGE, map->items[i].key, image->origin.at, file);
        if (!entry->is_stdlib || file == NULL || file->source == entry->source)
            continue;
        entry->source = file->source;
        entry->line = 0;
    }
}

/* ---- mirrors */

static struct view tree_url(struct arena *arena, struct view base, struct api_pair tree)
{
    bool is_path = view_search(tree.value, VIEW("://")) == tree.value.len;
    if (!is_path || base.len == 0 || view_is(tree.key, "gosumdb")) /* that is a name */
        return tree.value;
    while (base.len > 0 && base.ptr[base.len - 1] == '/')
        base.len--;
    return view_format(arena, "%.*s/%.*s", VIEW_ARG(base), VIEW_ARG(tree.value));
}

static void read_mirror(struct reader *r, struct entry *entry, const struct api_pairs *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        struct api_pair field = fields->items[i];
        if (view_is(field.key, "summary"))
            entry->summary = field.value;
        else if (view_is(field.key, "base"))
            entry->base = field.value;
        else if (view_is(field.key, "http"))
            entry->plain_http = view_is(field.value, "true");
        else
            VEC_PUSH(r->d->arena, &entry->trees, field);
    }
    for (size_t i = 0; i < entry->trees.count; i++)
        entry->trees.items[i].value = tree_url(r->d->arena, entry->base, entry->trees.items[i]);
}

static bool add_mirrors(struct reader *r)
{
    const struct map *map = &api_rules(r->api)->mirrors;
    bool good = true;
    for (size_t i = 0; i < map->count; i++) {
        const struct lua_ref *mirror = map->items[i].value;
        struct entry *entry =
            add_entry(r, ENTRY_MIRROR, map->items[i].key, mirror->origin.at, NULL);
        struct api_pairs fields = {0};
        good &= api_read_mirror(r->api, mirror, &fields);
        read_mirror(r, entry, &fields);
    }
    return good;
}

/* ---- caches */

static void add_caches(struct reader *r)
{
    const struct map *map = &api_rules(r->api)->caches;
    for (size_t i = 0; i < map->count; i++) {
        const struct cachedef *cache = map->items[i].value;
        add_entry(r, ENTRY_CACHE, cache->name, cache->origin.at,
                  rule_files_find(&r->files, STDLIB_CACHE, cache->name))
            ->cache = cache;
    }
}

/* A stage of an image: what a cache's target is asked about. */
static struct stage *make_stage(struct reader *r, struct view image)
{
    struct arena *arena = r->d->arena;
    struct view text = view_format(arena, "FROM %.*s\n", VIEW_ARG(image));
    struct diag_list ignored;
    diag_list_init(&ignored, arena);
    const struct file *file = parse_file(arena, source_new(arena, "example", text), &ignored);
    stages_init(&r->stages, arena, file);
    r->stages.lookup = api_lookup_image;
    r->stages.lookup_context = r->api;
    for (size_t i = 0; i < file->unit_count; i++)
        if (file->units[i].inst != NULL)
            stages_see(&r->stages, file->units[i].inst);
    return r->stages.now;
}

/* "/root/.cache" as "~/.cache". */
static struct view shorten_home(struct reader *r, const struct stage *stage, struct view target)
{
    struct view home = stage->user.home;
    if (home.len < 2 || !path_is_beneath(target, home))
        return target;
    return view_format(r->d->arena, "~%.*s", VIEW_ARG(view_slice(target, home.len, target.len)));
}

/* Ask for the target; a function that can't answer for this image makes it "depends". */
static void read_target(struct reader *r, struct entry *entry, struct view image)
{
    static const struct rule no_rule = {0};
    struct stage *stage = make_stage(r, image);
    if (stage == NULL)
        return;
    struct directive directive = {.rule = &no_rule, .name = entry->name};
    struct expansion e = {.directive = &directive, .stage = stage};
    struct diag_list before = *r->d->diags;
    struct view target;
    e.facts = stage_facts(&r->stages, stage);
    if (api_cache_target(r->api, entry->cache, &e, &target) && !e.failed)
        entry->target = shorten_home(r, stage, target);
    else if (!r->d->diags->limit_reached)
        *r->d->diags = before;
}

/* Tell caches who uses them, and where they lie in an image of the first of those. */
static void connect_caches(struct reader *r)
{
    struct catalog *catalog = r->catalog;
    for (size_t i = 0; i < catalog->entries.count; i++) {
        struct entry *directive = catalog->entries.items[i];
        if (directive->kind != ENTRY_DIRECTIVE)
            continue;
        const struct rule *rule = directive->rule;
        for (size_t k = 0; k < directive->caches.count; k++) {
            struct entry *cache = map_get(&catalog->names[ENTRY_CACHE], directive->caches.items[k]);
            if (cache == NULL)
                continue;
            if (cache->caches.count == 0)
                read_target(r, cache, test_default_image(rule->needs_family, rule->examples_from));
            VEC_PUSH(r->d->arena, &cache->caches, directive->name);
        }
    }
    for (size_t i = 0; i < catalog->entries.count; i++)
        if (catalog->entries.items[i]->kind == ENTRY_CACHE &&
            catalog->entries.items[i]->caches.count == 0)
            read_target(r, catalog->entries.items[i], test_default_image(VIEW(""), VIEW("")));
}

/* ---- the whole */

/* @apt-get is @apt: one table declared under two names, with the examples of the first. */
static void connect_names(struct catalog *catalog)
{
    for (size_t i = 0; i < catalog->entries.count; i++) {
        struct entry *entry = catalog->entries.items[i];
        if (entry->kind != ENTRY_DIRECTIVE || entry->rule->examples.count == 0)
            continue;
        struct view example = entry->rule->examples.items[0];
        if (!view_starts(example, "@"))
            continue;
        struct view name = view_slice(example, 1, view_find(example, ' ', 0));
        const struct entry *first = map_get(&catalog->names[ENTRY_DIRECTIVE], name);
        if (first != NULL && first != entry && first->source == entry->source &&
            view_equal(first->summary, entry->summary))
            entry->same_as = first;
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return view_compare(x->name, y->name);
}

static bool open_rules(struct reader *r)
{
    struct describing *d = r->d;
    struct map settings = {0};
    rule_files_init(&r->files, d->arena, d->config);
    r->api = *d->api = api_new(d->arena, d->diags, d->config, &r->files, &r->stages);
    d->diags->limit_reached |= r->api == NULL;
    if (r->api == NULL)
        return false;
    struct rule_sources sources = {d->arena, d->config, d->diags, &r->files, r->api, VIEW("")};
    return rule_sources_open(&sources, &settings) && api_load_standard_library(r->api);
}

bool catalog_read(struct describing *d, struct catalog *catalog)
{
    struct reader r = {.d = d, .catalog = catalog};
    bool good = open_rules(&r);
    if (good) {
        add_directives(&r);
        add_rewrites(&r);
        good = add_mirrors(&r);
        add_caches(&r);
        add_images(&r);
        if (catalog->entries.count > 0)
            qsort(catalog->entries.items, catalog->entries.count, sizeof(struct entry *),
                  compare_entries);
        connect_names(catalog);
        connect_caches(&r);
    }
    expand_abandon(d->api);
    return good && d->diags->errors == 0;
}

const struct entry *catalog_find(const struct catalog *catalog, struct view name,
                                 const struct entry *last)
{
    int kind = last == NULL ? 0 : (int)last->kind + 1, end = ENTRY_KINDS;
    if (view_starts(name, "@")) {
        name = view_slice(name, 1, name.len);
        end = ENTRY_DIRECTIVE + 1;
    }
    for (; kind < end; kind++) {
        const struct entry *entry = map_get(&catalog->names[kind], name);
        if (entry != NULL)
            return entry;
    }
    return NULL;
}
