#include "rule_files.h"

#include "path.h"
#include "stdlib_embed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_LINE "-- dfc.image: "

enum { RULE_FILE_MAX = 256 * 1024, RULE_FILES_MAX = 256 };

static struct rule_file *new_file(struct rule_files *files, const char *name, struct view text)
{
    struct rule_file *file = ARENA_NEW(files->arena, struct rule_file);
    struct view base = path_base(view_of(name));
    file->source = source_new(files->arena, name, text);
    file->module = view_slice(base, 0, base.len - strlen(".lua"));
    return file;
}

/* The name in `dfc.KIND "NAME"` at the start of a line; "" when the line is another. */
static struct view declared_name(struct view line, const char *kind)
{
    if (!view_starts(line, kind))
        return VIEW("");
    size_t begin = view_find(line, '"', 0), end = view_find(line, '"', begin + 1);
    if (begin != strlen(kind) + 1 || end == line.len)
        return VIEW("");
    return view_slice(line, begin + 1, end);
}

/* "-- dfc.image: debian ubuntu …": the images of a file, which it declares in loops. */
static void index_images(struct rule_files *files, struct rule_file *file, struct view line)
{
    size_t at = strlen(IMAGE_LINE);
    while (at < line.len) {
        size_t end = view_find(line, ' ', at);
        if (end > at)
            map_set(files->arena, &files->images, view_slice(line, at, end), file);
        at = end + 1;
    }
}

/*
 * Note which directives, caches and images a file declares. Declarations of the standard library
 * stand at the start of a line (tests/rules checks it), so that nothing has to run to know them.
 */
static void index_file(struct rule_files *files, struct rule_file *file)
{
    struct view text = file->source->text;
    for (size_t at = 0; at < text.len;) {
        size_t end = view_find(text, '\n', at);
        struct view line = view_slice(text, at, end);
        if (view_starts(line, IMAGE_LINE))
            index_images(files, file, line);
        if (line.len > 4 && line.ptr[0] == 'd') {
            struct view directive = declared_name(line, "dfc.directive");
            struct view cache = declared_name(line, "dfc.cachedef");
            if (directive.len > 0) {
                map_set(files->arena, &files->directives, directive, file);
                VEC_PUSH(files->arena, &files->names, directive);
            }
            if (cache.len > 0)
                map_set(files->arena, &files->caches, cache, file);
        }
        at = end + 1;
    }
}

static struct rule_file *add_stdlib_file(struct rule_files *files, const char *base,
                                         struct view text)
{
    struct view name = view_format(files->arena, "stdlib/%s", base);
    struct rule_file *file = new_file(files, name.ptr, text);
    file->is_stdlib = true;
    file->directory = VIEW("");
    VEC_PUSH(files->arena, &files->stdlib, file);
    index_file(files, file);
    return file;
}

static bool is_rule_file(struct view name)
{
    return view_ends(name, ".lua") && !view_ends(name, "_test.lua");
}

static void fill_problem(struct rule_files *files, struct view *problem, const char *path,
                         int error)
{
    if (error == EFBIG)
        *problem = view_format(files->arena, "cannot read '%s': a rule file has at most %d bytes",
                               path, RULE_FILE_MAX);
    else
        *problem = view_format(files->arena, "cannot read '%s': %s", path, strerror(error));
}

/* The text of a file in the arena. */
static int read_text(struct rule_files *files, const char *path, struct view *text)
{
    char *bytes = NULL;
    size_t length = 0;
    int error = files->config->read_file(files->config->context, NULL, path, RULE_FILE_MAX, &bytes,
                                         &length);
    if (error != 0)
        return error;
    *text = (struct view){arena_strndup(files->arena, bytes, length), length};
    free(bytes);
    return 0;
}

/* Call `add` for each rule file of a directory. */
static bool read_directory(struct rule_files *files, const char *directory,
                           void add(struct rule_files *, const char *path, const char *base,
                                    struct view text),
                           struct view *problem)
{
    char *names = NULL;
    size_t length = 0;
    int error = files->config->list_directory(files->config->context, directory, &names, &length);
    if (error != 0) {
        fill_problem(files, problem, directory, error);
        return false;
    }
    struct view list = {arena_strndup(files->arena, names, length), length};
    free(names);
    for (size_t at = 0; at < list.len;) {
        const char *base = list.ptr + at;
        at += strlen(base) + 1;
        if (!is_rule_file(view_of(base)))
            continue;
        struct view path = view_format(files->arena, "%s/%s", directory, base), text;
        error = read_text(files, path.ptr, &text);
        if (error != 0) {
            fill_problem(files, problem, path.ptr, error);
            return false;
        }
        add(files, path.ptr, base, text);
    }
    return true;
}

static void add_override(struct rule_files *files, const char *path, const char *base,
                         struct view text)
{
    (void)path;
    add_stdlib_file(files, base, text);
}

bool rule_files_open(struct rule_files *files, struct arena *arena, const struct dfc_config *config,
                     struct view *problem)
{
    *files = (struct rule_files){.arena = arena, .config = config};
    if (config->stdlib_dir != NULL)
        return read_directory(files, config->stdlib_dir, add_override, problem);
    for (size_t i = 0; i < stdlib_file_count; i++) {
        struct view text = {stdlib_files[i].text, stdlib_files[i].length};
        add_stdlib_file(files, stdlib_files[i].name, text)->source->trusted = true;
    }
    return true;
}

static void add_user_file(struct rule_files *files, const char *path, const char *base,
                          struct view text)
{
    (void)base;
    struct rule_file *file = new_file(files, path, text);
    file->directory = path_directory(view_of(path));
    VEC_PUSH(files->arena, &files->user_files, file);
}

bool rule_files_read_user_files(struct rule_files *files, struct view *problem)
{
    for (size_t i = 0; i < files->config->rules_count; i++) {
        const char *path = files->config->rules[i];
        struct view text;
        int error = read_text(files, path, &text);
        if (error == EISDIR) {
            if (!read_directory(files, path, add_user_file, problem))
                return false;
        } else if (error != 0) {
            fill_problem(files, problem, path, error);
            return false;
        } else if (!is_rule_file(view_of(path))) {
            *problem =
                view_format(files->arena, "'%s' is no rule file: its name must end in .lua", path);
            return false;
        } else {
            add_user_file(files, path, path, text);
        }
        if (files->user_files.count > RULE_FILES_MAX) {
            *problem = view_format(files->arena, "more than %d rule files", RULE_FILES_MAX);
            return false;
        }
    }
    return true;
}

struct rule_file *rule_files_find_module(const struct rule_files *files, struct view module)
{
    for (size_t i = 0; i < files->stdlib.count; i++)
        if (view_equal(files->stdlib.items[i]->module, module))
            return files->stdlib.items[i];
    return NULL;
}

struct rule_file *rule_files_find_sibling(const struct rule_files *files,
                                          const struct rule_file *from, struct view module)
{
    if (from->is_stdlib)
        return rule_files_find_module(files, module);
    for (size_t i = 0; i < files->user_files.count; i++) {
        struct rule_file *file = files->user_files.items[i];
        if (view_equal(file->module, module) && view_equal(file->directory, from->directory))
            return file;
    }
    return NULL;
}

struct rule_file *rule_files_file_of(const struct rule_files *files, const struct source *source)
{
    for (size_t i = 0; i < files->stdlib.count; i++)
        if (files->stdlib.items[i]->source == source)
            return files->stdlib.items[i];
    for (size_t i = 0; i < files->user_files.count; i++)
        if (files->user_files.items[i]->source == source)
            return files->user_files.items[i];
    return NULL;
}
