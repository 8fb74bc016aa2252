/*
 * What is known of a stage while its file is walked. Images are looked up in a table of this test,
 * files of the build context, too.
 */
#include "stage.h"
#include "unit.h"

static const struct image_user users[] = {
    {{"node", 4}, {"1000", 4}, {"1000", 4}, {"/home/node", 10}},
    {{"www-data", 8}, {"33", 2}, {"33", 2}, {"/var/www", 8}},
};

/* node: debian with users and a variable; service: starts as www-data; win: Windows. */
static void look_up(void *context, const struct image_ref *ref, struct image_facts *facts)
{
    static struct view version = {"20", 2};
    struct arena *arena = context;
    bool is_service = view_is(ref->repo, "service");
    if (view_is(ref->repo, "win")) {
        facts->known = facts->windows = true;
        return;
    }
    if (!view_is(ref->repo, "node") && !is_service)
        return;
    facts->known = true;
    facts->distro = facts->family = VIEW("debian");
    facts->release = ref->tag;
    facts->user = is_service ? VIEW("www-data") : VIEW("");
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
        map_set(arena, &facts->users, users[i].name, (void *)(uintptr_t)&users[i]);
    map_set(arena, &facts->env, VIEW("NODE_VERSION"), &version);
}

/* The context has app/main.go and go.mod. */
static bool exists(void *context, const char *path)
{
    (void)context;
    return strcmp(path, "app/main.go") == 0 || strcmp(path, "go.mod") == 0 ||
           strcmp(path, "app") == 0;
}

/* The stages of a whole file. */
static struct stages *walk(struct arena *arena, const char *text)
{
    struct stages *stages = ARENA_NEW(arena, struct stages);
    struct diag_list diags;
    diag_list_init(&diags, arena);
    const struct file *file =
        parse_file(arena, source_new(arena, "Dockerfile", view_of(text)), &diags);
    stages_init(stages, arena, file);
    stages->lookup = look_up;
    stages->lookup_context = arena;
    stages->exists = exists;
    for (size_t i = 0; i < file->unit_count; i++)
        if (file->units[i].kind == UNIT_INSTRUCTION)
            stages_see(stages, file->units[i].inst);
    return stages;
}

static const struct stage *last_stage(struct arena *arena, const char *text)
{
    const struct stages *stages = walk(arena, text);
    assert_non_null(stages->now);
    return stages->now;
}

static struct view variable(const struct stage *stage, const char *name)
{
    struct view value;
    if (!stage_variable(stage, view_of(name), &value))
        return VIEW("(none)");
    return value.ptr == NULL ? VIEW("(no value)") : value;
}

static void test_before_the_first_stage(void **state)
{
    struct stages *stages = walk(*state, "ARG A=1\n");
    assert_null(stages->now);
    assert_int_equal(stages->all.count, 0);
}

static void test_images(void **state)
{
    const struct stage *stage = last_stage(*state, "FROM node:20-slim AS build\n");
    assert_true(stage->ref_known);
    assert_view(stage->ref_text, "node:20-slim");
    assert_view(stage->ref.tag, "20-slim");
    assert_view(stage->name, "build");
    assert_view(stage->facts.family, "debian");
    assert_view(variable(stage, "NODE_VERSION"), "20");
    assert_true(stage->user.root);
    assert_true(stage->shell_is_posix);
    stage = last_stage(*state, "FROM --platform=$BUILDPLATFORM frobnicate\n");
    assert_false(stage->facts.known);
    assert_view(stage->platform, "$BUILDPLATFORM");
    stage = last_stage(*state, "FROM win\n");
    assert_false(stage->shell_is_posix);
    assert_view(stage->shell, "cmd");
}

static void test_global_arguments(void **state)
{
    const struct stage *stage =
        last_stage(*state, "ARG V=20 T=$V-slim U\nFROM node:${T}\nARG V\nARG W=3\n");
    assert_view(stage->ref_text, "node:20-slim");
    assert_view(variable(stage, "V"), "20");
    assert_view(variable(stage, "W"), "3");
    assert_view(variable(stage, "T"), "(none)"); /* not declared in the stage */
    stage = last_stage(*state, "ARG U\nFROM node:$U\n");
    assert_false(stage->ref_known);
    assert_view(stage->ref_text, "node:$U");
    assert_false(stage->facts.known);
    stage = last_stage(*state, "FROM node:20\nARG U\n");
    assert_view(variable(stage, "U"), "(no value)");
    assert_true(stage_has_variable(stage, VIEW("U")));
}

static void test_environment(void **state)
{
    const struct stage *stage = last_stage(*state, "FROM node\nARG A=1\nENV A=2 B=$A C=\"x $A\"\n");
    assert_view(variable(stage, "A"), "2"); /* ENV wins over ARG */
    assert_view(variable(stage, "B"), "1"); /* all of one ENV see what was before it */
    assert_view(variable(stage, "C"), "x 1");
    stage = last_stage(*state, "FROM node\nENV A 1 2\nENV B=$A\nENV E=$NONE\n");
    assert_view(variable(stage, "A"), "1 2");
    assert_view(variable(stage, "B"), "1 2");
    assert_view(variable(stage, "E"), "$NONE");
}

static void test_users(void **state)
{
    static const struct {
        const char *text, *name, *uid, *gid, *home;
        bool root;
    } rows[] = {
        {"FROM node\n", "root", "0", "0", "/root", true},
        {"FROM service\n", "www-data", "33", "33", "/var/www", false},
        {"FROM node\nUSER node\n", "node", "1000", "1000", "/home/node", false},
        {"FROM node\nUSER 1000\n", "node", "1000", "1000", "/home/node", false},
        {"FROM node\nUSER node:44\n", "node", "1000", "44", "/home/node", false},
        {"FROM node\nUSER 1001\n", "", "1001", "", "", false},
        {"FROM node\nUSER 1001:1002\n", "", "1001", "1002", "", false},
        {"FROM node\nUSER app\n", "app", "", "", "", false},
        {"FROM node\nUSER app:app\n", "app", "", "", "", false},
        {"FROM node\nUSER node\nUSER root\n", "root", "0", "0", "/root", true},
        {"FROM node\nUSER node\nUSER 0:0\n", "root", "0", "0", "/root", true},
        {"FROM node\nARG U=node\nUSER $U\n", "node", "1000", "1000", "/home/node", false},
        {"FROM node\nARG U=1001\nUSER ${U}\n", "", "${U}", "", "", false},
        {"FROM node\nARG U\nUSER ${U}:${U}\n", "", "${U}", "${U}", "", false},
        {"FROM node\nENV HOME=/h\nUSER 1001\n", "", "1001", "", "/h", false},
        {"FROM node\nENV HOME=/h\n", "root", "0", "0", "/h", true},
        {"FROM node\nRUN useradd -m -u 1500 -d /srv/app -g 1600 app\nUSER app\n", "app", "1500",
         "1600", "/srv/app", false},
        {"FROM node\nRUN adduser --uid=1500 app && id\nUSER app\n", "app", "1500", "", "/home/app",
         false},
        {"FROM x\nRUN apk add x && adduser -D -u 99 -h /a -s /bin/sh app x\nUSER app\n", "app",
         "99", "", "/a", false},
        {"FROM node\nRUN <<E\nset -e\nuseradd -u 1500 app\nE\nUSER app\n", "app", "1500", "",
         "/home/app", false},
        {"FROM node\nRUN useradd -u $U app\nUSER app\n", "app", "", "", "/home/app", false},
        {"FROM node\nRUN echo useradd -u 1500 app\nUSER app\n", "app", "", "", "", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct stage_user *user = &last_stage(*state, rows[i].text)->user;
        if (!view_is(user->name, rows[i].name) || !view_is(user->uid, rows[i].uid) ||
            !view_is(user->gid, rows[i].gid) || !view_is(user->home, rows[i].home) ||
            user->root != rows[i].root)
            fail_msg("%s-- name '%.*s', uid '%.*s', gid '%.*s', home '%.*s'", rows[i].text,
                     VIEW_ARG(user->name), VIEW_ARG(user->uid), VIEW_ARG(user->gid),
                     VIEW_ARG(user->home));
    }
}

static void test_working_directories(void **state)
{
    static const struct {
        const char *text, *workdir;
        bool known;
    } rows[] = {
        {"FROM x\n", "/", true},
        {"FROM x\nWORKDIR /a/b/\n", "/a/b", true},
        {"FROM x\nWORKDIR /a\nWORKDIR b\nWORKDIR ../c\n", "/a/c", true},
        {"FROM x\nENV D=/d\nWORKDIR $D/e\n", "/d/e", true},
        {"FROM x\nARG D\nWORKDIR $D\n", "/$D", false},
        {"FROM x\nARG D\nWORKDIR $D\nWORKDIR e\n", "/$D/e", false},
        {"FROM x\nARG D\nWORKDIR $D\nWORKDIR /e\n", "/e", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct stage *stage = last_stage(*state, rows[i].text);
        if (!view_is(stage->workdir, rows[i].workdir) || stage->workdir_known != rows[i].known)
            fail_msg("%s-- '%.*s'", rows[i].text, VIEW_ARG(stage->workdir));
    }
}

static void test_shells(void **state)
{
    static const struct {
        const char *text, *shell;
        bool posix, changed;
    } rows[] = {
        {"FROM x\n", "sh", true, false},
        {"FROM x\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n", "bash", true, true},
        {"FROM x\nSHELL [\"ash\", \"-ec\"]\n", "ash", true, true},
        {"FROM x\nSHELL [\"pwsh\"]\nSHELL [\"/bin/sh\", \"-c\"]\n", "sh", true, true},
        {"FROM x\nSHELL [\"powershell.exe\", \"-Command\"]\n", "powershell", false, true},
        {"FROM x\nSHELL [\"/usr/bin/python3\", \"-c\"]\n", "python3", false, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct stage *stage = last_stage(*state, rows[i].text);
        if (!view_is(stage->shell, rows[i].shell) || stage->shell_is_posix != rows[i].posix ||
            stage->shell_changed != rows[i].changed)
            fail_msg("%s-- '%.*s'", rows[i].text, VIEW_ARG(stage->shell));
    }
}

/* FROM STAGE inherits; what the child changes stays with it. */
static void test_inheritance(void **state)
{
    struct stages *stages =
        walk(*state, "FROM --platform=p node:20 AS Base\nARG A=1\nENV B=2\nUSER node\nWORKDIR /w\n"
                     "SHELL [\"bash\", \"-c\"]\n"
                     "FROM base AS child\nENV B=3\nUSER root\nWORKDIR x\n"
                     "FROM Base\n");
    assert_int_equal(stages->all.count, 3);
    const struct stage *base = stages->all.items[0], *child = stages->all.items[1];
    const struct stage *other = stages->all.items[2];
    assert_ptr_equal(child->parent, base);
    assert_view(child->ref.repo, "node");
    assert_view(child->platform, "p");
    assert_view(variable(child, "A"), "1");
    assert_view(variable(child, "B"), "3");
    assert_view(variable(base, "B"), "2");
    assert_view(child->workdir, "/w/x");
    assert_true(child->user.root);
    assert_view(base->user.name, "node");
    assert_true(child->shell_changed);
    /* Names are kept in lower case, and FROM compares as it is written: "Base" is an image. */
    assert_null(other->parent);
    assert_ptr_equal(stages_find(stages, VIEW("base")), base);
    assert_null(stages_find(stages, VIEW("Base")));
    assert_false(stage_is_final(child));
    assert_true(stage_is_final(other));
}

static void test_last_stage_of_a_name_wins(void **state)
{
    struct stages *stages = walk(*state, "FROM a AS x\nFROM b AS x\nFROM x\n");
    assert_ptr_equal(stages->now->parent, stages->all.items[1]);
}

static void test_files(void **state)
{
    static const struct {
        const char *text, *path;
        bool may;
    } rows[] = {
        {"FROM x\n", "/go.mod", false},
        {"FROM x\nCOPY . .\n", "/go.mod", true},
        {"FROM x\nCOPY . .\n", "/other", false}, /* not in the context */
        {"FROM x\nCOPY . /src\n", "/go.mod", false},
        {"FROM x\nCOPY . /src\n", "/src/go.mod", true},
        {"FROM x\nWORKDIR /src\nCOPY go.mod go.sum ./\n", "/src/go.mod", true},
        {"FROM x\nWORKDIR /src\nCOPY go.mod go.sum ./\n", "/src/go.work", false},
        {"FROM x\nCOPY app /srv\n", "/srv/main.go", true},
        {"FROM x\nCOPY app/main.go /m.go\n", "/m.go", true},
        {"FROM x\nCOPY *.mod /\n", "/go.work", true}, /* who knows */
        {"FROM x\nCOPY --from=y a /\n", "/b", true},
        {"FROM x\nADD a.tar /\n", "/b", true},
        {"FROM x\nARG D\nCOPY go.mod $D/\n", "/anything", true},
        {"FROM x\nARG D\nWORKDIR $D\nCOPY go.mod x/\n", "/anything", true},
        {"FROM x AS y\nCOPY . .\nFROM y\n", "/go.mod", true},
        {"FROM x AS y\nCOPY . .\nFROM z\n", "/go.mod", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct stage *stage = last_stage(*state, rows[i].text);
        if (stage_may_have_file(stage, view_of(rows[i].path)) != rows[i].may)
            fail_msg("%s-- %s", rows[i].text, rows[i].path);
    }
}

static void test_base_setting(void **state)
{
    struct stages *stages = walk(*state, "FROM frobnicate\n");
    struct span nowhere = {NULL, 0, 0};
    assert_ptr_equal(stage_facts(stages, stages->now), &stages->now->facts);
    setting_set(*state, &stages->now->settings.values, VIEW("dfc.base"), VIEW("alpine/3.20"),
                nowhere);
    const struct image_facts *facts = stage_facts(stages, stages->now);
    assert_view(facts->family, "alpine");
    assert_view(facts->release, "3.20");
    setting_set(*state, &stages->now->settings.values, VIEW("dfc.base"), VIEW("plan9"), nowhere);
    assert_ptr_equal(stage_facts(stages, stages->now), &stages->now->facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_before_the_first_stage),
        UNIT_TEST(test_images),
        UNIT_TEST(test_global_arguments),
        UNIT_TEST(test_environment),
        UNIT_TEST(test_users),
        UNIT_TEST(test_working_directories),
        UNIT_TEST(test_shells),
        UNIT_TEST(test_inheritance),
        UNIT_TEST(test_last_stage_of_a_name_wins),
        UNIT_TEST(test_files),
        UNIT_TEST(test_base_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
