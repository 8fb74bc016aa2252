/* stdlib/images*.lua against tests/unit/images.txt, a table decided from the images' documentation;
 * and the lists of names at the head of these files against what the files declare. */
#include "lua_api.h"
#include "lua_api_internal.h"
#include "unit.h"

#include <stdio.h>

struct fixture {
    struct arena arena;
    struct diag_list diags;
    struct dfc_config config;
    struct rule_files files;
    struct stages stages;
    struct api *api;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    if (f == NULL)
        return -1;
    arena_init(&f->arena, unit_out_of_memory, NULL);
    diag_list_init(&f->diags, &f->arena);
    f->config = dfc_default_config();
    struct rule_problem problem;
    rule_files_init(&f->files, &f->arena, &f->config);
    assert_true(rule_files_open_stdlib(&f->files, NULL, &problem));
    f->api = api_new(&f->arena, &f->diags, &f->config, &f->files, &f->stages);
    assert_non_null(f->api);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    api_free(f->api);
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* "-" in the table is what is not known. */
static const char *shown(struct arena *arena, struct view text)
{
    return text.len == 0 ? "-" : arena_strndup(arena, text.ptr, text.len);
}

static void test_facts_are_those_of_the_table(void **state)
{
    struct fixture *f = *state;
    FILE *table = fopen("tests/unit/images.txt", "r");
    char line[512], reference[256], wanted[256], found[256];
    size_t cases = 0, wrong = 0;
    assert_non_null(table);
    while (fgets(line, sizeof(line), table) != NULL) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        assert_int_equal(sscanf(line, "%255s %255[^\n]", reference, wanted), 2);
        struct image_ref ref =
            image_ref_parse(view_of(arena_strndup(&f->arena, reference, strlen(reference))));
        struct image_facts facts = {0};
        api_lookup_image(f->api, &ref, &facts);
        const char *os = facts.windows ? "windows" : facts.known ? "linux" : "-";
        snprintf(found, sizeof(found), "%s %s %s %s %s", shown(&f->arena, facts.distro),
                 shown(&f->arena, facts.release), shown(&f->arena, facts.family),
                 shown(&f->arena, facts.libc), os);
        cases++;
        if (strcmp(found, wanted) != 0) {
            print_error("%s: expected '%s', found '%s'\n", reference, wanted, found);
            wrong++;
        }
    }
    fclose(table);
    assert_int_equal(f->diags.errors, 0);
    assert_true(cases > 200);
    assert_int_equal(wrong, 0);
}

/* "NAME=VALUE" of the environment, or "-". */
static const char *variable(struct fixture *f, const struct stage *stage, const char *wanted)
{
    struct view pair = view_of(wanted), value;
    struct view name = view_slice(pair, 0, view_find(pair, '=', 0));
    if (name.len == pair.len || !stage_variable(stage, name, &value))
        return "-";
    return view_format(&f->arena, "%.*s=%.*s", VIEW_ARG(name), VIEW_ARG(value)).ptr;
}

static void test_users_are_those_of_the_table(void **state)
{
    struct fixture *f = *state;
    FILE *table = fopen("tests/unit/image_users.txt", "r");
    char line[512];
    size_t cases = 0, wrong = 0;
    assert_non_null(table);
    while (fgets(line, sizeof(line), table) != NULL) {
        char reference[256], user[64], uid[64], gid[64], home[64], wanted[64] = "-";
        if (line[0] == '#' || line[0] == '\n')
            continue;
        assert_true(sscanf(line, "%255s %63s %63s %63s %63s %63s", reference, user, uid, gid, home,
                           wanted) >= 5);
        struct view text = view_format(&f->arena, "FROM %s\n", reference);
        struct source *source = source_new(&f->arena, "x", text);
        const struct file *file = parse_file(&f->arena, source, &f->diags);
        stages_init(&f->stages, &f->arena, file);
        f->stages.lookup = api_lookup_image;
        f->stages.lookup_context = f->api;
        stages_see(&f->stages, file->units[0].inst);
        const struct stage *stage = f->stages.now;
        struct view name = stage->user.name.len > 0 ? stage->user.name : stage->user.text;
        const char *found = variable(f, stage, wanted);
        cases++;
        if (view_is(name, user) && strcmp(shown(&f->arena, stage->user.uid), uid) == 0 &&
            strcmp(shown(&f->arena, stage->user.gid), gid) == 0 &&
            strcmp(shown(&f->arena, stage->user.home), home) == 0 && strcmp(found, wanted) == 0)
            continue;
        print_error("%s: expected '%s %s %s %s %s', found '%.*s %s %s %s %s'\n", reference, user,
                    uid, gid, home, wanted, VIEW_ARG(name), shown(&f->arena, stage->user.uid),
                    shown(&f->arena, stage->user.gid), shown(&f->arena, stage->user.home), found);
        wrong++;
    }
    fclose(table);
    assert_int_equal(f->diags.errors, 0);
    assert_true(cases > 20);
    assert_int_equal(wrong, 0);
}

/* A name that a file declares but does not list would never be found, and the other way round. */
static void test_listed_names_are_the_declared_ones(void **state)
{
    struct fixture *f = *state;
    const struct stdlib_index *listed = &f->files.declared[STDLIB_IMAGE];
    size_t wrong = 0;
    assert_true(listed->count > 100);
    for (size_t i = 0; i < listed->count; i++)
        assert_true(api_load(f->api, rule_files_stdlib(&f->files, listed->names[i].file)));
    const struct map *declared = &f->api->rules.images;
    for (size_t i = 0; i < declared->count; i++)
        wrong += rule_files_find(&f->files, STDLIB_IMAGE, declared->items[i].key) == NULL;
    for (size_t i = 0; i < listed->count; i++) {
        struct view name = rule_files_name(&f->files, STDLIB_IMAGE, i);
        if (map_find(declared, name) != NULL)
            continue;
        print_error("'%.*s' is listed but not declared\n", VIEW_ARG(name));
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void test_image_of_another_registry_is_the_official_one(void **state)
{
    struct fixture *f = *state;
    static const char *const references[] = {
        "docker.io/library/debian:12", "registry.example/docker.io/library/debian:12",
        "registry.example:5000/library/debian:12", "arm64v8/debian:12"};
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        struct image_ref ref = image_ref_parse(view_of(references[i]));
        struct image_facts facts = {0};
        api_lookup_image(f->api, &ref, &facts);
        assert_view(facts.release, "bookworm");
    }
}

static void test_unknown_image_loads_nothing(void **state)
{
    struct fixture *f = *state;
    struct image_ref ref = image_ref_parse(VIEW("registry.example/team/thing:1"));
    struct image_facts facts = {0};
    api_lookup_image(f->api, &ref, &facts);
    assert_false(facts.known);
    assert_int_equal(facts.family.len, 0);
    for (size_t i = 0; i < f->files.stdlib.count; i++)
        assert_null(f->files.stdlib.items[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_facts_are_those_of_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(test_users_are_those_of_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(test_listed_names_are_the_declared_ones, setup, teardown),
        cmocka_unit_test_setup_teardown(test_image_of_another_registry_is_the_official_one, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_unknown_image_loads_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
