/* The index of what the standard library declares: that which embed.sh makes is that which a
 * directory with the same files gets, and names are found in it. */
#include "rule_files.h"
#include "unit.h"

#include <errno.h>

struct texts {
    const struct stdlib_file *files;
    size_t count;
};

static int list_texts(void *context, const char *beneath, const char *path, char **names,
                      size_t *length)
{
    const struct texts *texts = context;
    size_t used = 0;
    (void)beneath, (void)path;
    *names = malloc(texts->count * 64);
    if (*names == NULL)
        return ENOMEM;
    for (size_t i = 0; i < texts->count; i++) {
        size_t size = strlen(texts->files[i].name) + 1;
        memcpy(*names + used, texts->files[i].name, size);
        used += size;
    }
    *length = used;
    return 0;
}

static int read_text(void *context, const char *beneath, const char *path, size_t limit,
                     char **text, size_t *length)
{
    const struct texts *texts = context;
    const char *slash = strrchr(path, '/');
    (void)beneath, (void)limit;
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->files[i].name, slash + 1) != 0)
            continue;
        *length = texts->files[i].length;
        *text = malloc(*length + 1);
        if (*text == NULL)
            return ENOMEM;
        memcpy(*text, texts->files[i].text, *length + 1);
        return 0;
    }
    return ENOENT;
}

static void open_directory(struct rule_files *files, struct dfc_config *config, struct texts *texts,
                           struct arena *arena)
{
    struct rule_problem problem;
    *config =
        (struct dfc_config){.read_file = read_text, .list_directory = list_texts, .context = texts};
    rule_files_init(files, arena, config);
    assert_true(rule_files_open_stdlib(files, "dir", &problem));
}

static const char *file_of(struct rule_files *files, enum stdlib_kind kind, const char *name)
{
    const struct rule_file *file = rule_files_find(files, kind, view_of(name));
    return file == NULL ? "none" : file->source->name;
}

static void test_embedded_index_is_that_of_the_texts(void **state)
{
    struct texts texts = {stdlib_files, stdlib_file_count};
    struct dfc_config config, nothing = {.context = NULL};
    struct rule_files directory, embedded;
    struct rule_problem problem;
    open_directory(&directory, &config, &texts, *state);
    rule_files_init(&embedded, *state, &nothing);
    assert_true(rule_files_open_stdlib(&embedded, NULL, &problem));
    for (enum stdlib_kind kind = 0; kind < STDLIB_KINDS; kind++) {
        const struct stdlib_index *index = &embedded.declared[kind];
        assert_true(index->count > 0);
        assert_int_equal(index->count, directory.declared[kind].count);
        for (size_t i = 0; i < index->count; i++) {
            struct view name = rule_files_name(&embedded, kind, i);
            assert_true(view_equal(name, rule_files_name(&directory, kind, i)));
            assert_string_equal(rule_files_find(&embedded, kind, name)->source->name,
                                rule_files_find(&directory, kind, name)->source->name);
        }
    }
}

static void test_names_are_found(void **state)
{
    static const char a[] = "dfc.directive \"zz\" {}\n dfc.directive \"indented\" {}\n"
                            "dfc.cachedef \"same\" {}\ndfc.directive(\"call\")\n"
                            "-- dfc.image: debian  gcr.io/x/*\n-- dfc.image:none\n";
    static const char b[] = "dfc.directive \"a\" {}\ndfc.directive \"a-b\" {}\n"
                            "dfc.cachedef \"same\" {}\ndfc.rewrite \"r\" {}\ndfc.rewrite \"\" {}";
    const struct stdlib_file list[] = {
        {"a.lua", a, sizeof(a) - 1}, {"b.lua", b, sizeof(b) - 1}, {"b_test.lua", a, sizeof(a) - 1}};
    struct texts texts = {list, 3};
    struct dfc_config config;
    struct rule_files files;
    open_directory(&files, &config, &texts, *state);
    assert_int_equal(files.stdlib.count, 2);
    assert_string_equal(file_of(&files, STDLIB_DIRECTIVE, "zz"), "stdlib/a.lua");
    assert_string_equal(file_of(&files, STDLIB_DIRECTIVE, "call"), "stdlib/a.lua");
    assert_string_equal(file_of(&files, STDLIB_DIRECTIVE, "a"), "stdlib/b.lua");
    assert_string_equal(file_of(&files, STDLIB_DIRECTIVE, "a-b"), "stdlib/b.lua");
    assert_string_equal(file_of(&files, STDLIB_CACHE, "same"), "stdlib/b.lua");
    assert_string_equal(file_of(&files, STDLIB_REWRITE, "r"), "stdlib/b.lua");
    assert_string_equal(file_of(&files, STDLIB_IMAGE, "debian"), "stdlib/a.lua");
    assert_string_equal(file_of(&files, STDLIB_IMAGE, "gcr.io/x/*"), "stdlib/a.lua");
    static const char *const absent[] = {"indented", "", "zzz", "z", "a-", "same", "r"};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
        assert_string_equal(file_of(&files, STDLIB_DIRECTIVE, absent[i]), "none");
    assert_int_equal(files.declared[STDLIB_DIRECTIVE].count, 4);
    assert_int_equal(files.declared[STDLIB_CACHE].count, 1);
    assert_int_equal(files.declared[STDLIB_IMAGE].count, 2);
    assert_true(rule_files_declares(&files, STDLIB_REWRITE, 1));
    assert_false(rule_files_declares(&files, STDLIB_REWRITE, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_embedded_index_is_that_of_the_texts),
        UNIT_TEST(test_names_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
