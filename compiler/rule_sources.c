#include "rule_sources.h"

#include "path.h"

/* ---- places in the project */

/* The directory of the input below the top of the project. */
static struct view input_place(const struct rule_sources *sources)
{
    const char *path = sources->config->project_path;
    return path == NULL || path[0] == '\0' ? VIEW(".") : view_of(path);
}

/* A place below the top of the project, which messages call as seen from the input. */
static struct rule_place project_place(const struct rule_sources *sources, struct view below)
{
    struct view from_input = path_relative(sources->arena, input_place(sources), below);
    struct view shown = path_join(sources->arena, sources->input_directory, from_input);
    return (struct rule_place){sources->config->project_dir, below,
                               path_clean(sources->arena, shown)};
}

/* An absolute path as one below the top of the project; false: it is not there. */
static bool make_relative(const struct rule_sources *sources, struct view *path)
{
    struct view top = view_of(sources->config->project_dir);
    struct view clean = path_clean(sources->arena, *path);
    if (!view_starts(top, "/") || !path_is_beneath(clean, top))
        return false;
    size_t skipped = top.len + (view_is(top, "/") ? 0 : 1);
    *path = skipped < clean.len ? view_slice(clean, skipped, clean.len) : VIEW(".");
    return true;
}

/* What `path` means in a file that lies in `directory` below the top of the project. */
static bool find_place(const struct rule_sources *sources, struct view directory, struct view path,
                       struct rule_place *place, struct rule_problem *problem)
{
    struct view below = path;
    bool inside = true;
    if (view_starts(path, "/"))
        inside = make_relative(sources, &below);
    else
        below = path_join(sources->arena, directory, path);
    *problem = (struct rule_problem){RULES_OUTSIDE, 0, path};
    if (!inside || path_escapes(sources->arena, below))
        return false;
    *place = project_place(sources, path_clean(sources->arena, below));
    return true;
}

/* ---- messages */

static const char *const codes[] = {
    [RULES_UNREADABLE] = "unreadable-rules", [RULES_MISSING] = "missing-rules",
    [RULES_OUTSIDE] = "outside-project",     [RULES_NO_LUA] = "no-rule-file",
    [RULES_TEST] = "no-rule-file",           [RULES_EMPTY] = "missing-rules",
    [RULES_TOO_LARGE] = "rule-file",         [RULES_TOO_MANY] = "too-many-rules",
};

/* A path that stands in a file: `written` there, and what it means. */
struct named_place {
    struct view written;
    struct span at;
    struct rule_place place;
};

static void help_missing(const struct rule_sources *sources, struct diag *diag,
                         const struct named_place *named)
{
    struct view close = rule_files_closest(sources->files, &named->place);
    struct view directory = path_directory(named->written);
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?",
                  VIEW_ARG(path_join(sources->arena, directory, close)));
    else
        diag_help(diag, "write a path as seen from the directory of %s", diag->at.source->name);
}

static void report_in_file(const struct rule_sources *sources, const struct named_place *named,
                           const struct rule_problem *problem)
{
    struct view text = rule_problem_text(sources->arena, problem);
    struct diag *diag = diag_add(sources->diags, DIAG_ERROR, codes[problem->kind], named->at,
                                 "%.*s", VIEW_ARG(text));
    switch (problem->kind) {
    case RULES_MISSING:
        help_missing(sources, diag, named);
        break;
    case RULES_OUTSIDE:
        diag_note(diag, "the project reaches up to the first directory with .git in it; without "
                        "one, to the directory of the input");
        diag_help(diag, "name rules from elsewhere with --rules or DFC_RULES");
        break;
    case RULES_NO_LUA:
    case RULES_EMPTY:
        diag_help(diag, "name a file that ends in .lua, or a directory with such files");
        break;
    case RULES_TEST:
        diag_help(diag, "name the rule file that it tests");
        break;
    case RULES_UNREADABLE:
        sources->diags->io_failed = true;
        break;
    case RULES_TOO_LARGE:
    case RULES_TOO_MANY:
        break;
    }
}

/* A problem with what the command line or the environment names. */
static struct diag *report_outside_files(const struct rule_sources *sources,
                                         const struct rule_problem *problem)
{
    struct view text = rule_problem_text(sources->arena, problem);
    sources->diags->io_failed = true;
    return diag_add(sources->diags, DIAG_ERROR, NULL, (struct span){NULL, 0, 0}, "%.*s",
                    VIEW_ARG(text));
}

/* ---- configuration files */

static bool run_project_configuration(const struct rule_sources *sources,
                                      struct configuration *configuration)
{
    struct rule_problem problem;
    if (sources->config->project_config == NULL)
        return true;
    struct rule_place place = project_place(sources, view_of(sources->config->project_config));
    struct rule_file *file = rule_files_add_file(sources->files, &place, LAYER_PROJECT, &problem);
    if (file != NULL)
        return api_load_configuration(sources->api, file, configuration);
    report_outside_files(sources, &problem);
    return false;
}

static bool run_user_configuration(const struct rule_sources *sources,
                                   struct configuration *configuration)
{
    struct rule_problem problem;
    if (sources->config->user_config == NULL)
        return true;
    struct view path = view_of(sources->config->user_config);
    struct rule_place place = {NULL, path, path};
    struct rule_file *file = rule_files_add_file(sources->files, &place, LAYER_USER, &problem);
    if (file != NULL)
        return api_load_configuration(sources->api, file, configuration);
    if (problem.kind == RULES_MISSING)
        return true;
    diag_help(report_outside_files(sources, &problem), "--no-user-config leaves it out");
    return false;
}

static void add_settings(const struct rule_sources *sources, const struct map *from,
                         struct map *settings)
{
    for (size_t i = 0; i < from->count; i++)
        map_set(sources->arena, settings, from->items[i].key, from->items[i].value);
}

static void add_environment(const struct rule_sources *sources, struct map *settings)
{
    const struct {
        const char *name, *from, *value;
    } all[] = {
        {"dfc.mirror", "DFC_MIRROR", sources->config->default_mirror},
        {"dfc.builder", "DFC_BUILDER", sources->config->default_builder},
        {"dfc.footprint", "DFC_FOOTPRINT", sources->config->default_footprint},
        {"dfc.registry", "DFC_REGISTRY", sources->config->default_registry},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct setting setting = {.origin = SETTING_OF_ENVIRONMENT, .from = all[i].from};
        if (all[i].value == NULL)
            continue;
        setting.value = view_of(all[i].value);
        setting_add(sources->arena, settings, view_of(all[i].name), setting);
    }
}

/* ---- rules */

/* Those that the user's configuration names may lie anywhere. */
static bool find_named(const struct rule_sources *sources, enum rule_layer layer,
                       struct named_place *named, struct rule_problem *problem)
{
    if (layer == LAYER_PROJECT)
        return find_place(sources, path_directory(view_of(sources->config->project_config)),
                          named->written, &named->place, problem);
    struct view directory = path_directory(view_of(sources->config->user_config));
    struct view path = path_join(sources->arena, directory, named->written);
    named->place = (struct rule_place){NULL, path, path};
    return true;
}

static bool add_configured(const struct rule_sources *sources,
                           const struct configuration *configuration, enum rule_layer layer)
{
    bool good = true;
    for (size_t i = 0; i < configuration->rules.count; i++) {
        const struct configuration_path *path = &configuration->rules.items[i];
        struct named_place named = {.written = path->text, .at = path->at};
        struct rule_problem problem;
        if (find_named(sources, layer, &named, &problem) &&
            rule_files_add(sources->files, &named.place, layer, NULL, &problem))
            continue;
        report_in_file(sources, &named, &problem);
        good = false;
    }
    return good;
}

/* A directory that is there for rules to come may be empty. */
static bool add_listed(const struct rule_sources *sources, const char *const *paths, size_t count,
                       enum rule_layer layer)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        struct rule_place place = {NULL, view_of(paths[i]), view_of(paths[i])};
        struct rule_problem problem;
        if (rule_files_add(sources->files, &place, layer, NULL, &problem) ||
            problem.kind == RULES_EMPTY)
            continue;
        report_outside_files(sources, &problem);
        good = false;
    }
    return good;
}

static bool open_stdlib(const struct rule_sources *sources, bool committed)
{
    struct rule_problem problem;
    const char *directory = committed ? NULL : sources->config->stdlib_dir;
    if (rule_files_open_stdlib(sources->files, directory, &problem))
        return true;
    report_outside_files(sources, &problem);
    return false;
}

bool rule_sources_open(const struct rule_sources *sources, struct map *settings)
{
    const struct dfc_config *config = sources->config;
    struct configuration user = {0}, project = {0};
    bool good = run_project_configuration(sources, &project);
    bool committed = project.committed;
    if (!committed)
        good &= run_user_configuration(sources, &user);
    if (!open_stdlib(sources, committed))
        return false;
    add_settings(sources, &user.settings, settings);
    add_settings(sources, &project.settings, settings);
    if (!committed)
        add_environment(sources, settings);
    good &= add_configured(sources, &user, LAYER_USER);
    good &= add_configured(sources, &project, LAYER_PROJECT);
    if (!committed)
        good &= add_listed(sources, config->default_rules, config->default_rules_count,
                           LAYER_ENVIRONMENT);
    good &= add_listed(sources, config->rules, config->rules_count, LAYER_OPTION);
    return api_load_files(sources->api, &sources->files->team) && good;
}

void rule_sources_use(const struct rule_sources *sources, struct view path, struct span at)
{
    struct rule_file_list added = {NULL, 0, 0};
    struct rule_problem problem;
    struct named_place named = {.written = path, .at = at};
    bool found = find_place(sources, input_place(sources), path, &named.place, &problem) &&
                 rule_files_add(sources->files, &named.place, LAYER_INPUT, &added, &problem);
    if (!found)
        report_in_file(sources, &named, &problem);
    if (!found || !api_load_files(sources->api, &added))
        sources->files->incomplete = true;
}
