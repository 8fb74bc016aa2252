/* What the files of the standard library declare, known without running them. The index of the
 * embedded ones was made with the program, by embed.sh; that of a directory is made here. */
#include "rule_files.h"

#include <stdlib.h>
#include <string.h>

#define IMAGE_LINE "-- dfc.image: "

static const char *const declarations[STDLIB_KINDS] = {
    [STDLIB_DIRECTIVE] = "dfc.directive",
    [STDLIB_CACHE] = "dfc.cachedef",
    [STDLIB_REWRITE] = "dfc.rewrite",
};

struct indexer {
    struct arena *arena;
    VEC(struct stdlib_name) names[STDLIB_KINDS];
};

static void add_name(struct indexer *indexer, enum stdlib_kind kind, struct view name, size_t file)
{
    VEC_PUSH(indexer->arena, &indexer->names[kind], (struct stdlib_name){name.ptr, name.len, file});
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
static void add_images(struct indexer *indexer, struct view line, size_t file)
{
    size_t at = strlen(IMAGE_LINE);
    while (at < line.len) {
        size_t end = view_find(line, ' ', at);
        if (end > at)
            add_name(indexer, STDLIB_IMAGE, view_slice(line, at, end), file);
        at = end + 1;
    }
}

/* Declarations of the standard library stand at the start of a line (tests/cli checks it). */
static void add_file(struct indexer *indexer, struct view text, size_t file)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = view_find(text, '\n', at);
        struct view line = view_slice(text, at, end);
        if (view_starts(line, IMAGE_LINE))
            add_images(indexer, line, file);
        for (size_t kind = 0; kind < STDLIB_KINDS; kind++) {
            struct view name =
                declarations[kind] == NULL ? VIEW("") : declared_name(line, declarations[kind]);
            if (name.len > 0)
                add_name(indexer, (enum stdlib_kind)kind, name, file);
        }
        at = end + 1;
    }
}

static struct view view_of_name(const struct stdlib_name *name)
{
    return (struct view){name->text, name->length};
}

static int compare(const void *a, const void *b)
{
    const struct stdlib_name *x = a, *y = b;
    int order = view_compare(view_of_name(x), view_of_name(y));
    return order != 0 ? order : x->file < y->file ? -1 : x->file > y->file;
}

/* Sort, and of each name keep the last. */
static struct stdlib_index make_index(struct stdlib_name *names, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(names, count, sizeof(*names), compare);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || !view_equal(view_of_name(&names[i]), view_of_name(&names[i + 1])))
            names[kept++] = names[i];
    return (struct stdlib_index){names, kept};
}

void rule_files_make_index(struct rule_files *files)
{
    struct indexer indexer = {.arena = files->arena};
    for (size_t i = 0; i < files->stdlib.count; i++)
        add_file(&indexer, files->stdlib.items[i]->source->text, i);
    for (size_t kind = 0; kind < STDLIB_KINDS; kind++)
        files->declared[kind] = make_index(indexer.names[kind].items, indexer.names[kind].count);
}

struct view rule_files_name(const struct rule_files *files, enum stdlib_kind kind, size_t number)
{
    return view_of_name(&files->declared[kind].names[number]);
}

struct rule_file *rule_files_find(struct rule_files *files, enum stdlib_kind kind, struct view name)
{
    const struct stdlib_index *index = &files->declared[kind];
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = view_compare(name, view_of_name(&index->names[middle]));
        if (order == 0)
            return rule_files_stdlib(files, index->names[middle].file);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool rule_files_declares(const struct rule_files *files, enum stdlib_kind kind, size_t file)
{
    const struct stdlib_index *index = &files->declared[kind];
    for (size_t i = 0; i < index->count; i++)
        if (index->names[i].file == file)
            return true;
    return false;
}

void rule_files_add_names(const struct rule_files *files, enum stdlib_kind kind,
                          struct name_list *names)
{
    for (size_t i = 0; i < files->declared[kind].count; i++)
        VEC_PUSH(files->arena, names, rule_files_name(files, kind, i));
}
