/* The Lua API where golden cases do not reach: what the result needs of the frontend, how values
 * are written for BuildKit, files that can't be read, memory that runs out. */
#include "dfc.h"
#include "expand.h"
#include "quote.h"
#include "unit.h"
#include "word.h"

#include <errno.h>
#include <stdio.h>

/* A file that the compilation under test can read. */
struct memory_file {
    const char *path, *text;
    int error; /* given instead of the text */
};

#define API "local dfc = require \"dfc.v1\"\n"

static int read_memory(void *context, const char *beneath, const char *path, size_t limit,
                       char **text, size_t *length)
{
    (void)beneath;
    for (const struct memory_file *file = context; file->path != NULL; file++) {
        if (strcmp(file->path, path) != 0)
            continue;
        if (file->error != 0)
            return file->error;
        *length = strlen(file->text);
        if (*length > limit)
            return EFBIG;
        *text = malloc(*length + 1);
        if (*text == NULL)
            return ENOMEM;
        memcpy(*text, file->text, *length + 1);
        return 0;
    }
    return ENOENT;
}

static bool exists_in_memory(void *context, const char *beneath, const char *path)
{
    (void)beneath;
    for (const struct memory_file *file = context; file->path != NULL; file++)
        if (strcmp(file->path, path) == 0)
            return true;
    return false;
}

static const char *const rule_paths[] = {"x.lua"};

static struct dfc_config memory_config(struct memory_file *files)
{
    struct dfc_config config = dfc_default_config();
    config.read_file = read_memory;
    config.exists = exists_in_memory;
    config.context = files;
    config.rules = rule_paths;
    config.rules_count = 1;
    return config;
}

/* Compile; gives the status and, in `report`, a copy of the diagnostics to be freed. */
static enum dfc_status compile(const struct dfc_config *config, const char *text, char **report)
{
    size_t length;
    struct dfc *dfc = dfc_new(config);
    assert_non_null(dfc);
    enum dfc_status status = dfc_compile(dfc, "Dockerfile.in", text, strlen(text));
    const char *shown = dfc_report(dfc, false, &length);
    *report = malloc(length + 1);
    assert_non_null(*report);
    memcpy(*report, shown, length);
    (*report)[length] = '\0';
    dfc_free(dfc);
    return status;
}

static void assert_report(const struct dfc_config *config, const char *text,
                          enum dfc_status expected, const char *part, int line)
{
    char *report;
    enum dfc_status status = compile(config, text, &report);
    bool found = part == NULL ? report[0] == '\0' : strstr(report, part) != NULL;
    if (status != expected || !found) {
        print_error("expected: %d, %s\nfound:    %d, %s\n", (int)expected,
                    part == NULL ? "no diagnostic" : part, (int)status, report);
        _fail(__FILE__, line);
    }
    free(report);
}

/* ---- the frontend that a node needs */

static const struct {
    const char *node; /* Lua */
    int minor;        /* of docker/dockerfile:1, the first that has it; 0: any */
    const char *feature;
} needs[] = {
    {"dfc.copy { src = 'a', dest = '/a', chown = 'a' }", 0, NULL},
    {"dfc.env { A = '${B:-c}' }", 0, NULL},
    {"dfc.user 'a'", 0, NULL},
    {"dfc.workdir '/a/$B'", 0, NULL},
    {"dfc.raw 'RUN a'", 0, NULL},
    {"dfc.add { src = 'https://h/a', dest = '/a', keep_git_dir = true }", 1, "ADD --keep-git-dir"},
    {"dfc.copy { src = 'a', dest = '/a', chmod = '755' }", 2, "COPY and ADD --chmod"},
    {"dfc.copy { src = 'a', dest = '/a', chmod = '$MODE' }", 2, "COPY and ADD --chmod"},
    {"dfc.run { mounts = dfc.tmpfs { target = '/t' }, cmds = { 'a' } }", 2, "RUN --mount"},
    {"dfc.run { mounts = dfc.cache { target = '/$T' }, cmds = { 'a' } }", 3,
     "variables in RUN --mount"},
    {"dfc.run { network = 'none', cmds = { 'a' } }", 3, "RUN --network"},
    {"dfc.copy { src = 'a', dest = '/a', link = true }", 4, "COPY and ADD --link"},
    {"dfc.raw 'COPY <<E /a\\nb\\nE'", 4, "heredocs"},
    {"dfc.add { src = 'https://h/a.git#main', dest = '/a' }", 6, "ADD of a git repository"},
    {"dfc.add { src = 'https://h/a', dest = '/a', checksum = 'sha256:' .. ('0'):rep(64) }", 6,
     "ADD --checksum"},
    {"dfc.env { A = '${B#c}' }", 7, "patterns in variables"},
    {"dfc.copy { src = '${A%b}', dest = '/a' }", 7, "patterns in variables"},
    {"dfc.raw 'USER ${A/b/c}'", 7, "patterns in variables"},
    {"dfc.run { secrets = { a = 'A' }, cmds = { 'a' } }", 10, "env of a secret mount"},
    {"dfc.copy { src = 'a', dest = '/a', chmod = 'u+x' }", 14, "symbolic --chmod"},
    {"dfc.add { src = 'a', dest = '/a', unpack = false }", 17, "ADD --unpack"},
    {"dfc.copy { src = 'a', dest = '/a', exclude = 'b' }", 19, "COPY and ADD --exclude"},
    {"dfc.copy { src = 'a', dest = '/a', parents = true }", 20, "COPY --parents"},
    {"dfc.raw 'RUN --security=insecure a'", 20, "RUN --security"},
    {"dfc.raw 'COPY --parents a /a'", 20, "COPY --parents"},
};

static void check_need(size_t i, int minor, bool warned)
{
    char rule[512], input[128], part[128];
    snprintf(rule, sizeof(rule),
             API "dfc.directive 'x' { summary = 'x', expand = function() return %s end }",
             needs[i].node);
    snprintf(input, sizeof(input), "# syntax=docker/dockerfile:1.%d\nFROM debian:12\n@x\n", minor);
    snprintf(part, sizeof(part), "%s came with docker/dockerfile:1.%d ", needs[i].feature,
             needs[i].minor);
    struct memory_file files[] = {{"x.lua", rule, 0}, {NULL, NULL, 0}};
    struct dfc_config config = memory_config(files);
    assert_report(&config, input, DFC_OK, warned ? part : NULL, __LINE__);
}

static void test_an_older_frontend_than_needed_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (needs[i].minor > 0)
            check_need(i, needs[i].minor - 1, true);
        check_need(i, needs[i].minor, false);
    }
}

/* ---- values as BuildKit reads them */

static bool lookup_path(void *context, struct view name, struct view *value)
{
    (void)context;
    *value = VIEW("/usr/bin:/bin");
    return view_is(name, "PATH");
}

static void assert_value_read(struct arena *arena, const char *word, char escape, const char *meant)
{
    static const struct word_env env = {lookup_path, NULL};
    struct str written;
    str_init(&written, arena);
    quote_dockerfile(&written, view_of(word), escape);
    struct word_result read = word_expand(arena, str_view(&written), escape, 0, &env);
    struct view text = read.text;
    if (read.error == NULL && view_is(text, meant) && read.words.count <= 1)
        return;
    print_error("'%s' is written %.*s and read '%.*s' (%s), expected '%s'\n", word,
                VIEW_ARG(str_view(&written)), VIEW_ARG(text),
                read.error == NULL ? "one word" : read.error, meant);
    fail();
}

static void test_values_of_env_and_arg_are_read_as_meant(void **state)
{
    static const char *const same[] = {
        "",      "a",     "a b",      "a\"b",       "a'b", "a`b",  "a\\b", "\\",  "a\\", "\\\\",
        "a\"",   "\"",    "'",        "a#b",        "#a",  "a=b",  "a;b",  "a&b", "(a)", "a\tb",
        "C:\\x", "a\\nb", "\xc3\xa4", "a\xc2\xa0.", "*",   "a  b", " a",   "b ",  "%1",
    };
    struct arena *arena = *state;
    for (const char *escape = "\\`"; *escape != '\0'; escape++) {
        for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
            assert_value_read(arena, same[i], *escape, same[i]);
        assert_value_read(arena, "$PATH", *escape, "/usr/bin:/bin");
        assert_value_read(arena, "${PATH}:/x", *escape, "/usr/bin:/bin:/x");
        assert_value_read(arena, "/a b:$PATH", *escape, "/a b:/usr/bin:/bin");
        assert_value_read(arena, "\\$PATH", *escape, "$PATH");
        assert_value_read(arena, "\\\\$PATH", *escape, "\\/usr/bin:/bin");
        assert_value_read(arena, "costs \\$5", *escape, "costs $5");
        assert_value_read(arena, "$(date)", *escape, "$(date)");
    }
}

/* ---- files of the build context */

#define READ                                                                                       \
    API "dfc.directive 'x' { summary = 'x', args = { { 'file', many = true } },\n"                 \
        "  expand = function(ctx, a)\n"                                                            \
        "    for _, f in ipairs(a.file) do\n"                                                      \
        "      local text, why = ctx:file(f)\n"                                                    \
        "      ctx:note(f .. ' ' .. (text and 'read' or why))\n"                                   \
        "    end\n"                                                                                \
        "    return dfc.run { cmds = { 'true' } }:bind 'bound' and nil\n"                          \
        "  end }"

static void test_errors_of_files(void **state)
{
    (void)state;
    struct memory_file files[] = {
        {"x.lua", READ, 0},       {"big", NULL, EFBIG},  {"secret", NULL, EACCES},
        {"out", NULL, EXDEV},     {"dir", NULL, EISDIR}, {"none", NULL, ENOENT},
        {"below", NULL, ENOTDIR}, {NULL, NULL, 0},
    };
    struct dfc_config config = memory_config(files);
    assert_report(&config, "FROM a\n@x big\n", DFC_ERRORS,
                  "x.lua:5:7: error: ctx:file: 'big' has more than 1048576 bytes", __LINE__);
    assert_report(&config, "FROM a\n@x secret\n", DFC_IO,
                  "ctx:file: cannot read 'secret': ", __LINE__);
    assert_report(&config, "FROM a\n@x out\n", DFC_ERRORS,
                  "ctx:file: 'out' leads out of the build context", __LINE__);
    assert_report(&config, "FROM a\n@x dir\n", DFC_OK, "dir directory", __LINE__);
    assert_report(&config, "FROM a\n@x none\n", DFC_OK, "none missing", __LINE__);
    assert_report(&config, "FROM a\n@x below\n", DFC_OK, "below missing", __LINE__);
}

static void assert_file(const struct context_files *files, size_t i, const char *path, bool exists)
{
    assert_true(i < files->count);
    unit_assert_view(files->items[i].path, path, strlen(path), __FILE__, __LINE__);
    assert_int_equal(files->items[i].exists, exists);
}

static void test_files_that_rules_ask_for_are_noted(void **state)
{
    static const char text[] = "FROM a\n@x ./b none b dir\n";
    struct arena *arena = *state;
    struct memory_file files[] = {
        {"x.lua", READ, 0}, {"b", "text", 0}, {"dir", NULL, EISDIR}, {NULL, NULL, 0}};
    struct dfc_config config = memory_config(files);
    struct diag_list diags;
    struct map fixed = {0};
    struct api *api = NULL;
    diag_list_init(&diags, arena);
    struct source *source = source_new(arena, "Dockerfile.in", view_of(text));
    const struct file *file = parse_file(arena, source, &diags);
    struct expanded expanded = expand_file(arena, file, &config, &fixed, &diags, &api);
    assert_null(api);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(expanded.context_files.count, 4);
    assert_file(&expanded.context_files, 0, "b", true);
    assert_file(&expanded.context_files, 1, "none", false);
    assert_file(&expanded.context_files, 2, "dir", true);
    assert_file(&expanded.context_files, 3, "bound", false);
}

/* ---- a directive that stays */

/* Whether "lint --fix" puts a mount for root into the RUN behind the directive. */
static bool is_fixed_for_root(const char *rule)
{
    static const char text[] = "FROM python:3.12-slim-bookworm\n@x\nRUN pip install a\n";
    struct memory_file files[] = {{"x.lua", rule, 0}, {NULL, NULL, 0}};
    struct dfc_config config = memory_config(files);
    config.mode = DFC_FIX;
    struct dfc *dfc = dfc_new(&config);
    assert_non_null(dfc);
    assert_int_equal(dfc_compile(dfc, "Dockerfile.in", text, strlen(text)), DFC_OK);
    size_t length;
    const char *output = dfc_output(dfc, &length);
    bool fixed = view_search((struct view){output, length}, VIEW("target=/root/.cache")) < length;
    assert_true(view_search((struct view){output, length}, VIEW("\n@x\n")) < length);
    dfc_free(dfc);
    return fixed;
}

static void test_a_directive_that_stays_changes_the_stage(void **state)
{
    (void)state;
    assert_true(is_fixed_for_root(API "dfc.directive 'x' { summary = 'x', expand = function()\n"
                                      "  return dfc.workdir '/a' end }"));
    assert_false(is_fixed_for_root(API "dfc.directive 'x' { summary = 'x', expand = function()\n"
                                       "  return dfc.user '1234' end }"));
}

/* ---- memory */

#define EVERYTHING                                                                                 \
    API "dfc.mirror 'corp' { base = 'https://m.example', goproxy = { 'https://p.example' } }\n"    \
        "dfc.image 'team/app' { users = { app = { uid = 5, home = '/a' } },\n"                     \
        "  facts = function(tag) return { distro = 'debian', release = tag, user = 'app' } end "   \
        "}\n"                                                                                      \
        "dfc.cachedef 'c' { target = function(ctx) return ctx.user.home .. '/.c/x' end,\n"         \
        "  sharing = 'shared', arch = true }\n"                                                    \
        "dfc.directive 'x' { summary = 'x', args = { { 'word', many = true }, dfc.opt.mirror() "   \
        "},\n"                                                                                     \
        "  caches = { 'c' }, expand = function(ctx, a)\n"                                          \
        "    ctx:once('o', dfc.run { cmds = { 'once' } })\n"                                       \
        "    ctx:warn('w', { at = 'word', help = #ctx.previous .. ctx.workdir })\n"                \
        "    local s = ctx:stage('s', 'scratch', { dfc.add { src = 'https://h/$TARGETOS',\n"       \
        "      dest = '/f' } })\n"                                                                 \
        "    local run = dfc.run { mounts = { ctx:cache 'c' }, secrets = { t = 'T' },\n"           \
        "      env = { P = ctx:mirror('goproxy')[1] }, cmds = { dfc.argv('a', a.word) } }\n"       \
        "    run:bind 'f'\n"                                                                       \
        "    return { run, dfc.raw 'LABEL a=b', dfc.copy { from = s, src = '/f', dest = '/' },\n"  \
        "      dfc.env { F = ctx:file 'f' }, dfc.workdir '/w', dfc.user 'app', dfc.arg('N', 'v') " \
        "}\n"                                                                                      \
        "  end }"

static void test_exhausted_memory_ends_a_compilation_well(void **state)
{
    (void)state;
    static const char text[] = "@mirror corp\nFROM team/app:bookworm\n@x a b\n@x c\n";
    struct memory_file files[] = {{"x.lua", EVERYTHING, 0}, {"f", "text", 0}, {NULL, NULL, 0}};
    struct dfc_config config = memory_config(files);
    assert_report(&config, text, DFC_OK, "warning: w", __LINE__);
    size_t limit = 16 * 1024, failed = 0;
    for (;; limit += limit / 4) {
        char *report;
        config.memory_limit = limit;
        enum dfc_status status = compile(&config, text, &report);
        free(report);
        if (status == DFC_OK)
            break;
        assert_int_equal(status, DFC_LIMIT);
        failed++;
        assert_true(limit < (size_t)256 * 1024 * 1024);
    }
    assert_true(failed > 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_older_frontend_than_needed_is_named),
        UNIT_TEST(test_values_of_env_and_arg_are_read_as_meant),
        cmocka_unit_test(test_errors_of_files),
        UNIT_TEST(test_files_that_rules_ask_for_are_noted),
        cmocka_unit_test(test_a_directive_that_stays_changes_the_stage),
        cmocka_unit_test(test_exhausted_memory_ends_a_compilation_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
