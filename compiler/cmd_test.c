/* dfc test: finds rules and their tests, and runs them. */
#include "cmd_test.h"
#include "file.h"
#include "rule_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- results ---- */

/* Only of exhausted memory there may be no result. */
void test_run_worsen(struct test_run *run, enum dfc_status status)
{
    if (status == DFC_LIMIT && !run->limit_said)
        cmd_fail(DFC_LIMIT, "out of memory");
    if (status > run->status)
        run->status = status;
}

static void on_begin(void *context, const char *file, const char *name)
{
    (void)context, (void)file, (void)name;
    fflush(stdout); /* the clock ends the program without doing so */
    cmd_start_clock();
}

static void on_result(void *context, const struct dfc_test_result *result)
{
    struct test_run *run = context;
    cmd_stop_clock();
    run->passed += !result->problem;
    run->failed += result->problem != NULL;
    run->limit_said |= result->problem && result->limit;
    if (result->problem)
        test_run_worsen(run, result->limit ? DFC_LIMIT : DFC_ERRORS);
    test_output_result(run, result);
    if (run->save && result->output)
        test_save(run, result);
}

void test_run_fail(struct test_run *run, const char *file, const char *problem)
{
    struct dfc_test_result result = {.file = file, .problem = problem, .detail = ""};
    on_result(run, &result);
}

/* ---- directories ---- */

static enum dfc_status list(struct test_run *run, const char *path, struct listing *listing)
{
    int error = run->config.list_directory(run->config.context, NULL, path, &listing->names,
                                           &listing->length);
    return error ? cmd_fail_read(path, error) : DFC_OK;
}

static bool is_test_file(const char *name)
{
    return name_ends_in(name, "_test.lua");
}

/* Golden files may have a directory of their own below that of the rules. */
static void run_subdirectories(struct test_run *run, const char *path,
                               const struct listing *listing)
{
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;) {
        char *below = name_join(path, name, "");
        struct listing inner = {NULL, 0};
        if (name[0] != '.' && file_check_directory(below) == 0) {
            enum dfc_status status = list(run, below, &inner);
            test_run_worsen(run, status);
            if (status == DFC_OK)
                test_run_golden(run, below, &inner);
        }
        free(inner.names);
        free(below);
    }
}

/* ---- rules and their tests ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool has_rules(const struct listing *listing)
{
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;)
        if (rule_files_is_name(view_of(name)))
            return true;
    return false;
}

/* A directory named stdlib holds the standard library itself: it takes the place of the embedded
 * one, and its rules are those under test. */
static void use_directory(struct test_run *run, const char *path, const struct listing *listing)
{
    struct dfc_config *config = &run->config;
    run->tests.stdlib = strcmp(base_name(path), "stdlib") == 0;
    config->stdlib_dir = run->tests.stdlib ? path : options_variable(VARIABLE_STDLIB);
    config->rules_count = run->rules_count;
    if (!run->tests.stdlib && has_rules(listing))
        run->rules[config->rules_count++] = path;
}

/* `stem` NULL: all of the directory; "pip": pip.lua and pip_test.lua. False: it makes no sense to
 * go on, since the rules can't be loaded. */
static bool run_lua_tests(struct test_run *run, const char *path, const struct listing *listing,
                          const char *stem)
{
    enum dfc_status status = DFC_OK;
    char *rule_file = stem ? name_join(path, stem, ".lua") : NULL;
    if (stem ? listing_has(listing, stem, ".lua") : has_rules(listing))
        status = dfc_test_examples(&run->tests, rule_file);
    free(rule_file);
    for (const char *name = NULL;
         status == DFC_OK && (name = listing_next(listing, name)) != NULL;) {
        bool wanted = !stem || (strncmp(name, stem, strlen(stem)) == 0 &&
                                strcmp(name + strlen(stem), "_test.lua") == 0);
        if (!wanted || !is_test_file(name))
            continue;
        char *file = name_join(path, name, "");
        status = dfc_test_file(&run->tests, file);
        free(file);
    }
    cmd_stop_clock();
    test_run_worsen(run, status);
    return status == DFC_OK;
}

static void run_directory(struct test_run *run, const char *path, const char *stem)
{
    struct listing listing = {NULL, 0};
    size_t before = run->passed + run->failed;
    enum dfc_status status = list(run, path, &listing);
    test_run_worsen(run, status);
    if (status == DFC_OK) {
        use_directory(run, path, &listing);
        if (run_lua_tests(run, path, &listing, stem) && !stem) {
            test_run_golden(run, path, &listing);
            run_subdirectories(run, path, &listing);
        }
        if (run->passed + run->failed == before && run->status <= DFC_ERRORS)
            test_run_fail(run, path, "there is no test in it");
    }
    free(listing.names);
}

/* "rules/pip.lua" and "rules/pip_test.lua" mean the directory rules and the stem pip. */
static void run_file(struct test_run *run, const char *path)
{
    const char *base = base_name(path);
    char *directory = base == path ? name_stem(".", "") : name_stem(path, base - 1);
    char *stem = name_stem(base, is_test_file(base) ? "_test.lua" : ".lua");
    run_directory(run, directory[0] ? directory : "/", stem);
    free(stem);
    free(directory);
}

/* The directory of a project, with a dfc.lua but neither rules nor tests in it. */
static bool is_project(const struct listing *listing)
{
    bool found = false;
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;) {
        found |= strcmp(name, "dfc.lua") == 0;
        if (is_test_file(name))
            return false;
    }
    return found && !has_rules(listing);
}

/* Of a project the directory "rules" is meant, if it has one. */
static void run_named_directory(struct test_run *run, const char *path)
{
    struct listing listing = {NULL, 0};
    char *rules = name_join(path, "rules", "");
    if (file_check_directory(rules) == 0 && list(run, path, &listing) == DFC_OK &&
        is_project(&listing))
        path = rules;
    run_directory(run, path, NULL);
    free(listing.names);
    free(rules);
}

static void run_path(struct test_run *run, const char *path)
{
    if (file_check_directory(path) == 0)
        run_named_directory(run, path);
    else
        run_file(run, path);
}

/* ---- options ---- */

/* What is no test at all is said before any test runs. */
static enum dfc_status check_path(char *path)
{
    struct stat status;
    for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
        path[length - 1] = '\0';
    if (stat(path, &status) != 0)
        return cmd_fail_read(path, errno);
    if (S_ISDIR(status.st_mode) || name_ends_in(path, ".lua"))
        return DFC_OK;
    return cmd_fail(DFC_USAGE, "'%s' is neither a directory nor a .lua file", path);
}

static enum option_id take_format(struct test_run *run, struct options *options)
{
    static const char *const names[] = {"text", "tap", "json"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(options->value, names[i]) == 0) {
            run->format = (enum test_format)i;
            return OPTION_TEST_FORMAT;
        }
    }
    return options_fail(options, "option '--format' needs text, tap or json, found '%s'",
                        options->value);
}

static enum option_id take_option(struct test_run *run, struct options *options)
{
    enum option_id id = options_next(options);
    if (id == OPTION_UPDATE)
        run->update = true;
    else if (id == OPTION_SAVE)
        run->save = options->value;
    else if (id == OPTION_TEST_FORMAT)
        id = take_format(run, options);
    else if (id == OPTION_RULES)
        run->rules[run->rules_count++] = options->value;
    else if (id == OPTION_OPERAND)
        run->paths[run->path_count++] = options->value;
    return id;
}

/* Nothing of the surroundings reaches a test but the directory of $DFC_STDLIB. */
static bool run_init(struct test_run *run, const struct options *options)
{
    size_t words = (size_t)options->count;
    *run = (struct test_run){.config = dfc_default_config(), .status = DFC_OK};
    run->rules = calloc(words + 1, sizeof(*run->rules));
    run->paths = calloc(words + 1, sizeof(*run->paths));
    run->config.rules = run->rules;
    file_set_callbacks(&run->config);
    run->tests = (struct dfc_tests){
        .config = &run->config, .begin = on_begin, .result = on_result, .context = run};
    return run->rules && run->paths;
}

static enum dfc_status run_all(struct test_run *run)
{
    char rules[] = "rules", here[] = ".";
    enum dfc_status status = DFC_OK;
    if (run->path_count == 0) {
        run->unnamed = file_check_directory(rules) != 0;
        run->paths[run->path_count++] = run->unnamed ? here : rules;
    }
    for (size_t i = 0; status == DFC_OK && i < run->path_count; i++)
        status = check_path(run->paths[i]);
    if (status != DFC_OK)
        return status;
    test_output_begin(run);
    for (size_t i = 0; i < run->path_count; i++)
        run_path(run, run->paths[i]);
    test_output_end(run);
    if (fflush(stdout) != 0 || ferror(stdout))
        return cmd_fail_write("-", errno);
    return run->status;
}

enum dfc_status cmd_test(struct options *options)
{
    struct test_run run;
    enum dfc_status status;
    if (run_init(&run, options)) {
        enum option_id id;
        do
            id = take_option(&run, options);
        while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
        status = id == OPTION_ERROR  ? cmd_fail_usage(options)
                 : id == OPTION_HELP ? cmd_output_help(COMMAND_TEST)
                                     : run_all(&run);
    } else {
        status = cmd_fail(DFC_LIMIT, "out of memory");
    }
    free(run.rules);
    free(run.paths);
    return status;
}
