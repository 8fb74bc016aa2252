/* dfc test: finds rules, files of tests and golden files, and writes what dfc_test_… finds. */
#include "cmd.h"
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_TAP, FORMAT_JSON };

struct test_run {
    struct dfc_config config;
    struct dfc_tests tests;
    enum format format;
    bool update;
    const char **rules; /* of --rules; the directory under test comes behind them */
    size_t rules_count;
    char **paths;
    size_t path_count;
    size_t passed, failed;
    bool limit_said;        /* a result has told of a limit */
    enum dfc_status status; /* the worst so far; the values are in that order */
};

/* Only of exhausted memory there may be no result. */
static void worsen(struct test_run *run, enum dfc_status status)
{
    if (status == DFC_LIMIT && !run->limit_said)
        cmd_fail(DFC_LIMIT, "out of memory");
    if (status > run->status)
        run->status = status;
}

/* ---- writing ---- */

/* Text of rules and tests: control characters must not reach a terminal. */
static void print_visible(const char *text, size_t length, const char *indent)
{
    bool fresh = true;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool c1 = c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0;
        if (fresh && c != '\n')
            fputs(indent, stdout);
        fresh = c == '\n';
        if (c1)
            i++;
        if (c1 || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            c = '?';
        putchar(c);
    }
}

static void print_line_part(const char *text)
{
    print_visible(text, strlen(text), "");
}

/* Length of a valid UTF-8 character of more than one byte, or 0. */
static size_t character_length(const char *text, size_t length)
{
    unsigned char c = (unsigned char)text[0];
    size_t need = c >= 0xc2 && c < 0xe0   ? 2
                  : c >= 0xe0 && c < 0xf0 ? 3
                  : c >= 0xf0 && c < 0xf5 ? 4
                                          : 0;
    if (need == 0 || need > length)
        return 0;
    for (size_t i = 1; i < need; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    unsigned char second = (unsigned char)text[1];
    bool wrong = (c == 0xe0 && second < 0xa0) || (c == 0xed && second >= 0xa0) ||
                 (c == 0xf0 && second < 0x90) || (c == 0xf4 && second >= 0x90);
    return wrong ? 0 : need;
}

static void print_json_string(const char *text, size_t length)
{
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        size_t more = character_length(text + i, length - i);
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c == '\n')
            fputs("\\n", stdout);
        else if (c < 0x20 || c == 0x7f)
            printf("\\u%04x", c);
        else if (c < 0x80)
            putchar(c);
        else if (more > 0)
            fwrite(text + i, 1, more, stdout);
        else
            fputs("\\ufffd", stdout);
        i += more > 0 ? more - 1 : 0;
    }
    putchar('"');
}

/* "FILE:LINE: RULE: NAME" as far as there is one. */
static void print_place(const struct dfc_test_result *result)
{
    print_line_part(result->file);
    if (result->line > 0)
        printf(":%zu", result->line);
    if (result->rule) {
        fputs(": ", stdout);
        print_line_part(result->rule);
    }
    if (result->name) {
        fputs(": ", stdout);
        print_line_part(result->name);
    }
}

static void print_text(const struct dfc_test_result *result)
{
    if (!result->problem)
        return;
    print_place(result);
    fputs(": ", stdout);
    print_line_part(result->problem);
    putchar('\n');
    print_visible(result->detail, result->detail_length, "    ");
    if (result->detail_length > 0 && result->detail[result->detail_length - 1] != '\n')
        putchar('\n');
}

/* A '#' would begin a TAP directive such as SKIP, so it is escaped. */
static void print_tap_text(const char *separator, const char *text)
{
    fputs(separator, stdout);
    for (; *text; text++) {
        if (*text == '#' || *text == '\\')
            putchar('\\');
        print_visible(text, 1, "");
    }
}

/* Test Anything Protocol 14. */
static void print_tap(const struct test_run *run, const struct dfc_test_result *result)
{
    printf("%s %zu - ", result->problem ? "not ok" : "ok", run->passed + run->failed);
    print_tap_text("", result->file);
    if (result->line > 0)
        printf(":%zu", result->line);
    if (result->rule)
        print_tap_text(": ", result->rule);
    if (result->name)
        print_tap_text(": ", result->name);
    putchar('\n');
    if (!result->problem)
        return;
    fputs("  ---\n  problem: ", stdout);
    print_json_string(result->problem, strlen(result->problem)); /* which YAML reads as well */
    fputs("\n  detail: ", stdout);
    print_json_string(result->detail, result->detail_length);
    fputs("\n  ...\n", stdout);
}

static void print_json_field(const char *name, const char *value)
{
    printf(",\"%s\":", name);
    print_json_string(value, strlen(value));
}

static void print_json(const struct test_run *run, const struct dfc_test_result *result)
{
    printf("%s\n{\"passed\":%s", run->passed + run->failed > 1 ? "," : "",
           result->problem ? "false" : "true");
    print_json_field("file", result->file);
    if (result->line > 0)
        printf(",\"line\":%zu", result->line);
    if (result->rule)
        print_json_field("rule", result->rule);
    if (result->name)
        print_json_field("name", result->name);
    if (result->problem) {
        print_json_field("problem", result->problem);
        fputs(",\"detail\":", stdout);
        print_json_string(result->detail, result->detail_length);
    }
    putchar('}');
}

static void print_begin(const struct test_run *run)
{
    if (run->format == FORMAT_TAP)
        puts("TAP version 14");
    else if (run->format == FORMAT_JSON)
        fputs("{\"tests\":[", stdout);
}

static void print_end(const struct test_run *run)
{
    if (run->format == FORMAT_JSON) {
        printf("\n],\"passed\":%zu,\"failed\":%zu}\n", run->passed, run->failed);
        return;
    }
    if (run->format == FORMAT_TAP)
        printf("1..%zu\n# ", run->passed + run->failed);
    printf("%zu passed, %zu failed\n", run->passed, run->failed);
}

/* ---- callbacks ---- */

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
        worsen(run, result->limit ? DFC_LIMIT : DFC_ERRORS);
    if (run->format == FORMAT_TAP)
        print_tap(run, result);
    else if (run->format == FORMAT_JSON)
        print_json(run, result);
    else
        print_text(result);
}

static void fail(struct test_run *run, const char *file, const char *problem)
{
    struct dfc_test_result result = {.file = file, .problem = problem, .detail = ""};
    on_result(run, &result);
}

/* ---- names ---- */

/* The names in a directory, as the callbacks of dfc.h list them. */
struct listing {
    char *names;
    size_t length;
};

static const char *listing_next(const struct listing *listing, const char *name)
{
    const char *next = name ? name + strlen(name) + 1 : listing->names;
    return next < listing->names + listing->length ? next : NULL;
}

static bool listing_has(const struct listing *listing, const char *stem, const char *suffix)
{
    size_t length = strlen(stem);
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;)
        if (strncmp(name, stem, length) == 0 && strcmp(name + length, suffix) == 0)
            return true;
    return false;
}

static enum dfc_status list(struct test_run *run, const char *path, struct listing *listing)
{
    int error = run->config.list_directory(run->config.context, NULL, path, &listing->names,
                                           &listing->length);
    return error ? cmd_fail_read(path, error) : DFC_OK;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), suffix_length = strlen(suffix);
    return length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

static bool is_test_file(const char *name)
{
    return ends_in(name, "_test.lua");
}

static bool is_rule_file(const char *name)
{
    return ends_in(name, ".lua") && !is_test_file(name);
}

/* "DIRECTORY/STEMSUFFIX", to be freed. */
static char *join(const char *directory, const char *stem, const char *suffix)
{
    size_t size = strlen(directory) + strlen(stem) + strlen(suffix) + 2;
    char *path = malloc(size);
    if (!path)
        exit((int)cmd_fail(DFC_LIMIT, "out of memory"));
    snprintf(path, size, "%s/%s%s", directory, stem, suffix);
    return path;
}

/* The name without the suffix that it ends in, to be freed. */
static char *stem_of(const char *name, const char *suffix)
{
    size_t length = strlen(name) - strlen(suffix);
    char *stem = malloc(length + 1);
    if (!stem)
        exit((int)cmd_fail(DFC_LIMIT, "out of memory"));
    memcpy(stem, name, length);
    stem[length] = '\0';
    return stem;
}

/* ---- golden files ---- */

struct golden_file {
    char *path, *text; /* text NULL: there is none */
    size_t length;
};

static enum dfc_status golden_file_read(struct golden_file *file, const char *directory,
                                        const char *stem, const char *suffix)
{
    *file = (struct golden_file){.path = join(directory, stem, suffix)};
    int error = file_read(file->path, (size_t)INPUT_LIMIT_MIB << 20, &file->text, &file->length);
    if (!error || (error == ENOENT && strcmp(suffix, ".in") != 0))
        return DFC_OK;
    return cmd_fail_read(file->path, error);
}

static void golden_file_release(struct golden_file *file)
{
    free(file->path);
    free(file->text);
}

/* Make the file what it should be; `text` NULL: not there. */
static enum dfc_status golden_file_set(const struct test_run *run, struct golden_file *file,
                                       const char *text, size_t length)
{
    bool same =
        text && file->text && length == file->length && memcmp(text, file->text, length) == 0;
    if (same || (!text && !file->text))
        return DFC_OK;
    int error = 0;
    if (text)
        error = file_replace(file->path, text, length);
    else if (unlink(file->path) != 0)
        error = errno;
    if (error)
        return cmd_fail_write(file->path, error);
    if (run->format == FORMAT_TEXT) {
        fputs(text ? "updated: " : "removed: ", stdout);
        print_line_part(file->path);
        putchar('\n');
    }
    return DFC_OK;
}

/* What is there now becomes what is expected. */
static enum dfc_status update(struct test_run *run, const struct dfc_golden *golden,
                              struct golden_file *output, struct golden_file *report)
{
    struct dfc_config config = run->config;
    config.context_dir = golden->directory;
    struct dfc *dfc = dfc_new(&config);
    if (!dfc)
        return cmd_fail(DFC_LIMIT, "out of memory");
    cmd_start_clock();
    enum dfc_status status = dfc_compile(dfc, golden->name, golden->text, golden->length);
    cmd_stop_clock();
    if (status == DFC_OK || status == DFC_ERRORS) {
        size_t length;
        const char *text = dfc_output(dfc, &length);
        status = golden_file_set(run, output, text, length);
        text = dfc_report(dfc, false, &length);
        if (status == DFC_OK)
            status = golden_file_set(run, report, length > 0 ? text : NULL, length);
    } else {
        status = DFC_OK; /* the test itself will say it */
    }
    dfc_free(dfc);
    return status;
}

static enum dfc_status read_expected(const char *directory, const char *stem,
                                     struct golden_file *output, struct golden_file *report)
{
    enum dfc_status status = golden_file_read(output, directory, stem, ".out");
    enum dfc_status second = golden_file_read(report, directory, stem, ".err");
    return status != DFC_OK ? status : second;
}

static void run_golden(struct test_run *run, const char *directory, const char *name)
{
    struct golden_file input, output, report;
    char *stem = stem_of(name, ".in");
    enum dfc_status status = golden_file_read(&input, directory, stem, ".in");
    enum dfc_status second = read_expected(directory, stem, &output, &report);
    struct dfc_golden golden = {input.path, name, directory, input.text, input.length,
                                NULL,       0,    NULL,      0};
    if (status == DFC_OK)
        status = second;
    if (status == DFC_OK && run->update) {
        status = update(run, &golden, &output, &report);
        golden_file_release(&output);
        golden_file_release(&report);
        second = read_expected(directory, stem, &output, &report);
    }
    golden.output = output.text;
    golden.output_length = output.length;
    golden.report = report.text;
    golden.report_length = report.length;
    if (status == DFC_OK && !output.text && !report.text)
        fail(run, input.path, "there is neither a .out nor a .err beside it; --update writes them");
    else if (status == DFC_OK)
        status = dfc_test_golden(&run->tests, &golden);
    worsen(run, status);
    golden_file_release(&input);
    golden_file_release(&output);
    golden_file_release(&report);
    free(stem);
}

/* A directory is one of golden files when it has a NAME.in and its NAME.out or NAME.err. */
static bool is_golden(const struct listing *listing)
{
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;) {
        if (!ends_in(name, ".in"))
            continue;
        char *stem = stem_of(name, ".in");
        bool found = listing_has(listing, stem, ".out") || listing_has(listing, stem, ".err");
        free(stem);
        if (found)
            return true;
    }
    return false;
}

static void run_golden_directory(struct test_run *run, const char *path,
                                 const struct listing *listing)
{
    if (!is_golden(listing))
        return;
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;)
        if (ends_in(name, ".in"))
            run_golden(run, path, name);
}

static void run_subdirectories(struct test_run *run, const char *path,
                               const struct listing *listing)
{
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;) {
        char *below = join(path, name, "");
        struct listing inner = {NULL, 0};
        if (name[0] != '.' && file_check_directory(below) == 0) {
            enum dfc_status status = list(run, below, &inner);
            worsen(run, status);
            if (status == DFC_OK)
                run_golden_directory(run, below, &inner);
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
        if (is_rule_file(name))
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
    char *rule_file = stem ? join(path, stem, ".lua") : NULL;
    if (stem ? listing_has(listing, stem, ".lua") : has_rules(listing))
        status = dfc_test_examples(&run->tests, rule_file);
    free(rule_file);
    for (const char *name = NULL;
         status == DFC_OK && (name = listing_next(listing, name)) != NULL;) {
        bool wanted = !stem || (strncmp(name, stem, strlen(stem)) == 0 &&
                                strcmp(name + strlen(stem), "_test.lua") == 0);
        if (!wanted || !is_test_file(name))
            continue;
        char *file = join(path, name, "");
        status = dfc_test_file(&run->tests, file);
        free(file);
    }
    cmd_stop_clock();
    worsen(run, status);
    return status == DFC_OK;
}

static void run_directory(struct test_run *run, const char *path, const char *stem)
{
    struct listing listing = {NULL, 0};
    size_t before = run->passed + run->failed;
    enum dfc_status status = list(run, path, &listing);
    worsen(run, status);
    if (status == DFC_OK) {
        use_directory(run, path, &listing);
        if (run_lua_tests(run, path, &listing, stem) && !stem) {
            run_golden_directory(run, path, &listing);
            run_subdirectories(run, path, &listing);
        }
        if (run->passed + run->failed == before && run->status <= DFC_ERRORS)
            fail(run, path, "there is no test in it");
    }
    free(listing.names);
}

/* "rules/pip.lua" and "rules/pip_test.lua" mean the directory rules and the stem pip. */
static void run_file(struct test_run *run, const char *path)
{
    const char *base = base_name(path);
    char *directory = base == path ? stem_of(".", "") : stem_of(path, base - 1);
    char *stem = stem_of(base, is_test_file(base) ? "_test.lua" : ".lua");
    run_directory(run, directory[0] ? directory : "/", stem);
    free(stem);
    free(directory);
}

static void run_path(struct test_run *run, const char *path)
{
    if (file_check_directory(path) == 0)
        run_directory(run, path, NULL);
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
    if (S_ISDIR(status.st_mode) || ends_in(path, ".lua"))
        return DFC_OK;
    return cmd_fail(DFC_USAGE, "'%s' is neither a directory nor a .lua file", path);
}

static enum option_id take_format(struct test_run *run, struct options *options)
{
    static const char *const names[] = {"text", "tap", "json"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(options->value, names[i]) == 0) {
            run->format = (enum format)i;
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
    if (run->path_count == 0)
        run->paths[run->path_count++] = file_check_directory(rules) == 0 ? rules : here;
    for (size_t i = 0; status == DFC_OK && i < run->path_count; i++)
        status = check_path(run->paths[i]);
    if (status != DFC_OK)
        return status;
    print_begin(run);
    for (size_t i = 0; i < run->path_count; i++)
        run_path(run, run->paths[i]);
    print_end(run);
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
