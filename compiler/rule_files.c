#include "rule_files.h"

#include "diag.h"
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RULE_FILE_MAX = 256 * 1024, RULE_FILES_MAX = 256 };

static struct rule_file *new_file(struct rule_files *files, const char *name, struct view text)
{
    struct rule_file *file = ARENA_NEW(files->arena, struct rule_file);
    struct view base = path_base(view_of(name));
    file->source = source_new(files->arena, name, text);
    file->module = view_slice(base, 0, base.len - (view_ends(base, ".lua") ? strlen(".lua") : 0));
    return file;
}

static const char project_config[] = "dfc.lua";

bool rule_files_is_name(struct view name)
{
    return view_ends(name, ".lua") && !view_ends(name, "_test.lua") && !view_ends(name, ".d.lua") &&
           !view_starts(name, ".") && !view_is(name, project_config);
}

static bool fail(struct rule_problem *problem, enum rule_problem_kind kind, struct view shown)
{
    *problem = (struct rule_problem){kind, 0, shown};
    return false;
}

static bool fail_to_read(struct rule_problem *problem, int error, struct view shown)
{
    enum rule_problem_kind kind = error == ENOENT || error == ENOTDIR ? RULES_MISSING
                                  : error == EXDEV                    ? RULES_OUTSIDE
                                  : error == EFBIG                    ? RULES_TOO_LARGE
                                                                      : RULES_UNREADABLE;
    *problem = (struct rule_problem){kind, error, shown};
    return false;
}

struct view rule_problem_text(struct arena *arena, const struct rule_problem *problem)
{
    struct view shown = problem->shown;
    switch (problem->kind) {
    case RULES_UNREADABLE:
        return view_format(arena, "cannot read '%.*s': %s", VIEW_ARG(shown),
                           strerror(problem->error));
    case RULES_TOO_LARGE:
        return view_format(arena, "cannot read '%.*s': a rule file has at most %d bytes",
                           VIEW_ARG(shown), RULE_FILE_MAX);
    case RULES_TOO_MANY:
        return view_format(arena, "more than %d rule files", RULE_FILES_MAX);
    case RULES_OUTSIDE:
        return view_format(arena, "'%.*s' leads out of the project%s", VIEW_ARG(shown),
                           problem->error == EXDEV ? " by a symbolic link" : "");
    case RULES_MISSING:
        return view_format(arena, "there is no rule file or directory '%.*s'", VIEW_ARG(shown));
    case RULES_NO_LUA:
        return view_format(arena, "'%.*s' is no rule file: %s", VIEW_ARG(shown),
                           view_ends(shown, ".d.lua") ? "it holds definitions for an editor"
                           : view_is(path_base(shown), project_config)
                               ? "it is the configuration of a project"
                               : "its name must end in .lua");
    case RULES_TEST:
        return view_format(arena, "'%.*s' is a test of rules, not a rule file", VIEW_ARG(shown));
    default:
        return view_format(arena, "there is no rule file in '%.*s'", VIEW_ARG(shown));
    }
}

/* The text of a file in the arena. */
static int read_text(struct rule_files *files, const struct rule_place *place, struct view *text)
{
    const struct dfc_config *config = files->config;
    char *bytes = NULL;
    size_t length = 0;
    int error = config->read_file(config->context, place->beneath, place->path.ptr, RULE_FILE_MAX,
                                  &bytes, &length);
    if (error != 0)
        return error;
    *text = (struct view){arena_strndup(files->arena, bytes, length), length};
    free(bytes);
    return 0;
}

/* The names in a directory, each with a NUL byte behind it. */
static int read_names(struct rule_files *files, const struct rule_place *place, struct view *list)
{
    const struct dfc_config *config = files->config;
    char *names = NULL;
    size_t length = 0;
    int error =
        config->list_directory(config->context, place->beneath, place->path.ptr, &names, &length);
    if (error != 0)
        return error;
    *list = (struct view){arena_strndup(files->arena, names, length), length};
    free(names);
    return 0;
}

static struct rule_place place_in(struct rule_files *files, const struct rule_place *directory,
                                  const char *base)
{
    return (struct rule_place){directory->beneath,
                               path_join(files->arena, directory->path, view_of(base)),
                               path_join(files->arena, directory->shown, view_of(base))};
}

/* ---- files of a team */

static bool same_place(const struct rule_place *a, const struct rule_place *b)
{
    bool same_top = a->beneath == b->beneath || (a->beneath != NULL && b->beneath != NULL &&
                                                 strcmp(a->beneath, b->beneath) == 0);
    return same_top && view_equal(a->path, b->path);
}

/* Whether a text that was read from a place is that of a file which was read by another name. */
static bool is_text_of(struct rule_files *files, const struct rule_file *file,
                       const struct rule_place *place, struct view text)
{
    const struct dfc_config *config = files->config;
    if (!view_equal(file->source->text, text))
        return false;
    struct view tops[2] = {VIEW(""), VIEW("")};
    if (place->beneath != NULL)
        tops[0] = view_of(place->beneath);
    if (file->place.beneath != NULL)
        tops[1] = view_of(file->place.beneath);
    return config->same_file(config->context, path_join(files->arena, tops[0], place->path).ptr,
                             path_join(files->arena, tops[1], file->place.path).ptr);
}

static struct rule_file *find_place(const struct rule_files *files, const struct rule_place *place)
{
    for (size_t i = 0; i < files->team.count; i++)
        if (same_place(&files->team.items[i]->place, place))
            return files->team.items[i];
    return NULL;
}

static struct rule_file *find_text(struct rule_files *files, const struct rule_place *place,
                                   struct view text)
{
    for (size_t i = 0; i < files->team.count; i++)
        if (is_text_of(files, files->team.items[i], place, text))
            return files->team.items[i];
    return NULL;
}

static struct rule_file *new_team_file(struct rule_files *files, const struct rule_place *place,
                                       enum rule_layer layer, struct view text)
{
    const char *name = arena_strndup(files->arena, place->shown.ptr, place->shown.len);
    struct rule_file *file = new_file(files, name, text);
    file->place = *place;
    file->directory = path_directory(place->path);
    file->layer = layer;
    VEC_PUSH(files->arena, &files->team, file);
    return file;
}

/* The file at a place that may have been read before; NULL with an errno value. */
static struct rule_file *want_file(struct rule_files *files, const struct rule_place *place,
                                   enum rule_layer layer, int *error)
{
    struct view text;
    struct rule_file *file = find_place(files, place);
    *error = 0;
    if (file == NULL) {
        *error = read_text(files, place, &text);
        if (*error != 0)
            return NULL;
        file = find_text(files, place, text);
    }
    if (file == NULL)
        file = new_team_file(files, place, layer, text);
    if (!file->loaded && file->layer < layer)
        file->layer = layer;
    return file;
}

struct rule_file *rule_files_add_file(struct rule_files *files, const struct rule_place *place,
                                      enum rule_layer layer, struct rule_problem *problem)
{
    int error;
    struct rule_file *file = want_file(files, place, layer, &error);
    if (file == NULL)
        fail_to_read(problem, error, place->shown);
    else if (files->team.count > RULE_FILES_MAX)
        fail(problem, RULES_TOO_MANY, place->shown);
    return files->team.count > RULE_FILES_MAX ? NULL : file;
}

static bool add_file(struct rule_files *files, const struct rule_place *place,
                     enum rule_layer layer, struct rule_file_list *added,
                     struct rule_problem *problem)
{
    struct rule_file *file = rule_files_add_file(files, place, layer, problem);
    if (file != NULL && added != NULL)
        VEC_PUSH(files->arena, added, file);
    return file != NULL;
}

static bool add_names(struct rule_files *files, const struct rule_place *place,
                      enum rule_layer layer, struct view names, struct rule_file_list *added,
                      struct rule_problem *problem)
{
    bool any = false;
    for (size_t at = 0; at < names.len;) {
        const char *base = names.ptr + at;
        at += strlen(base) + 1;
        if (!rule_files_is_name(view_of(base)))
            continue;
        struct rule_place inside = place_in(files, place, base);
        if (!add_file(files, &inside, layer, added, problem))
            return false;
        any = true;
    }
    return any || fail(problem, RULES_EMPTY, place->shown);
}

static bool has_name(struct view names, const char *name)
{
    for (size_t at = 0; at < names.len; at += strlen(names.ptr + at) + 1)
        if (strcmp(names.ptr + at, name) == 0)
            return true;
    return false;
}

/* The directory of a project without a rule file in it: those of its directory "rules". False with
 * the problem as it is when it has none. */
static bool add_rules_of_project(struct rule_files *files, const struct rule_place *place,
                                 enum rule_layer layer, struct view names,
                                 struct rule_file_list *added, struct rule_problem *problem)
{
    struct rule_place inside = place_in(files, place, "rules");
    return has_name(names, project_config) && read_names(files, &inside, &names) == 0 &&
           add_names(files, &inside, layer, names, added, problem);
}

bool rule_files_add(struct rule_files *files, const struct rule_place *place, enum rule_layer layer,
                    struct rule_file_list *added, struct rule_problem *problem)
{
    struct view names, base = path_base(place->path);
    if (rule_files_is_name(base)) {
        if (add_file(files, place, layer, added, problem))
            return true;
        if (problem->error != EISDIR)
            return false;
    }
    int error = read_names(files, place, &names);
    if (error == 0)
        return add_names(files, place, layer, names, added, problem) ||
               (problem->kind == RULES_EMPTY &&
                add_rules_of_project(files, place, layer, names, added, problem));
    if (error == ENOTDIR && view_ends(base, "_test.lua"))
        return fail(problem, RULES_TEST, place->shown);
    if (error == ENOTDIR &&
        files->config->exists(files->config->context, place->beneath, place->path.ptr))
        return fail(problem, RULES_NO_LUA, place->shown);
    return fail_to_read(problem, error, place->shown);
}

struct view rule_files_closest(struct rule_files *files, const struct rule_place *place)
{
    struct rule_place directory = {place->beneath,
                                   view_copy(files->arena, path_directory(place->path)), VIEW("")};
    struct view base = path_base(place->path), list;
    struct name_list names = {0};
    if (read_names(files, &directory, &list) != 0)
        return VIEW("");
    for (size_t at = 0; at < list.len;) {
        struct view name = view_of(list.ptr + at);
        at += name.len + 1;
        if (rule_files_is_name(name) &&
            view_equal(view_slice(name, 0, name.len - strlen(".lua")), base))
            return name; /* just the suffix is missing */
        if (view_find(name, '.', 0) == name.len || rule_files_is_name(name))
            VEC_PUSH(files->arena, &names, name);
    }
    return diag_closest(base, names.items, names.count);
}

/* ---- the standard library */

void rule_files_init(struct rule_files *files, struct arena *arena, const struct dfc_config *config)
{
    *files = (struct rule_files){.arena = arena, .config = config};
}

static struct rule_file *new_stdlib_file(struct rule_files *files, const char *base,
                                         struct view text)
{
    struct view name = view_format(files->arena, "stdlib/%s", base);
    struct rule_file *file = new_file(files, name.ptr, text);
    file->is_stdlib = true;
    file->directory = VIEW("");
    return file;
}

static bool open_stdlib_directory(struct rule_files *files, const char *directory,
                                  struct rule_problem *problem)
{
    struct rule_place top = {NULL, view_of(directory), view_of(directory)};
    struct view names, text;
    int error = read_names(files, &top, &names);
    if (error != 0)
        return fail_to_read(problem, error, top.shown);
    for (size_t at = 0; at < names.len;) {
        const char *base = names.ptr + at;
        at += strlen(base) + 1;
        if (!rule_files_is_name(view_of(base)))
            continue;
        struct rule_place place = place_in(files, &top, base);
        error = read_text(files, &place, &text);
        if (error != 0)
            return fail_to_read(problem, error, place.shown);
        VEC_PUSH(files->arena, &files->stdlib, new_stdlib_file(files, base, text));
    }
    rule_files_make_index(files);
    return true;
}

bool rule_files_open_stdlib(struct rule_files *files, const char *directory,
                            struct rule_problem *problem)
{
    if (directory != NULL)
        return open_stdlib_directory(files, directory, problem);
    files->stdlib.items =
        arena_zalloc(files->arena, stdlib_file_count, sizeof(*files->stdlib.items));
    files->stdlib.count = files->stdlib.capacity = stdlib_file_count;
    memcpy(files->declared, stdlib_indexes, sizeof(files->declared));
    return true;
}

struct rule_file *rule_files_stdlib(struct rule_files *files, size_t number)
{
    struct rule_file **place = &files->stdlib.items[number];
    if (*place != NULL)
        return *place;
    const struct stdlib_file *embedded = &stdlib_files[number];
    if (!rule_files_is_name(view_of(embedded->name)))
        return NULL;
    *place =
        new_stdlib_file(files, embedded->name, (struct view){embedded->text, embedded->length});
    (*place)->source->trusted = true;
    return *place;
}

/* ---- finding */

/* Whether a file of the standard library, made or not, is called `module`. */
static bool is_module(const struct rule_files *files, size_t number, struct view module)
{
    const struct rule_file *file = files->stdlib.items[number];
    if (file != NULL)
        return view_equal(file->module, module);
    struct view name = view_of(stdlib_files[number].name);
    return name.len == module.len + strlen(".lua") && view_ends(name, ".lua") &&
           view_equal(view_slice(name, 0, module.len), module);
}

struct rule_file *rule_files_find_module(struct rule_files *files, struct view module)
{
    for (size_t i = 0; i < files->stdlib.count; i++)
        if (is_module(files, i, module))
            return rule_files_stdlib(files, i);
    return NULL;
}

/* A name without a slash: what it leads to stands beside the file that asks. */
static bool is_module_name(struct view module)
{
    bool good = module.len > 0;
    for (size_t i = 0; i < module.len; i++) {
        char c = module.ptr[i];
        good = good && (is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.');
    }
    return good;
}

struct rule_file *rule_files_find_sibling(struct rule_files *files, const struct rule_file *from,
                                          struct view module, struct rule_problem *problem)
{
    struct view base = view_format(files->arena, "%.*s.lua", VIEW_ARG(module));
    struct rule_file *file = from->is_stdlib ? rule_files_find_module(files, module) : NULL;
    fail(problem, RULES_MISSING, base);
    if (from->is_stdlib || !is_module_name(module) || !rule_files_is_name(base))
        return file;
    struct rule_place directory = {from->place.beneath, from->directory,
                                   path_directory(from->place.shown)};
    struct rule_place place = place_in(files, &directory, base.ptr);
    return rule_files_add_file(files, &place, from->layer, problem);
}

struct rule_file *rule_files_file_of(const struct rule_files *files, const struct source *source)
{
    for (size_t i = 0; i < files->stdlib.count; i++)
        if (files->stdlib.items[i] != NULL && files->stdlib.items[i]->source == source)
            return files->stdlib.items[i];
    for (size_t i = 0; i < files->team.count; i++)
        if (files->team.items[i]->source == source)
            return files->team.items[i];
    return NULL;
}
