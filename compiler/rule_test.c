/* Running tests: what dfc.h says of dfc_test_file, dfc_test_examples and dfc_test_golden. */
#include "path.h"
#include "rule_sources.h"
#include "rule_test_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- results ---- */

/* What stands where, for a result. */
struct place {
    const char *file;
    size_t line;
    const char *rule, *name;
};

static void begin(struct engine *e, const struct place *place)
{
    if (e->tests->begin != NULL)
        e->tests->begin(e->tests->context, place->file, place->name);
}

static void give_result(struct engine *e, const struct place *place, const struct verdict *verdict)
{
    struct dfc_test_result result = {
        .file = place->file,
        .line = place->line,
        .rule = place->rule,
        .name = place->name,
        .problem = verdict->problem.len == 0 ? NULL : verdict->problem.ptr,
        .detail = verdict->detail.len == 0 ? "" : verdict->detail.ptr,
        .detail_length = verdict->detail.len,
        .limit = verdict->limit,
        .input = verdict->output.len == 0 ? NULL : verdict->input.ptr,
        .input_length = verdict->input.len,
        .output = verdict->output.len == 0 ? NULL : verdict->output.ptr,
        .output_length = verdict->output.len,
    };
    e->tests->result(e->tests->context, &result);
}

static void give_failure(struct engine *e, const char *file, const char *problem)
{
    struct verdict verdict;
    verdict_init(e, &verdict);
    complain(&verdict, problem);
    give_result(e, &(struct place){.file = file}, &verdict);
}

/* ---- cases ---- */

static void run_case(struct engine *e, const char *file, const struct test_case *test)
{
    struct verdict verdict;
    struct place place = {file, 0, test->rule.ptr, test->name.ptr};
    if (test->at.source != NULL)
        place.line = source_position(test->at.source, test->at.begin).line;
    begin(e, &place);
    verdict_init(e, &verdict);
    judge_case(e, test, &verdict);
    give_result(e, &place, &verdict);
}

/* ---- loading ---- */

/* Each diagnostic from the one of number `first` on is a failure. */
static void give_diags(struct engine *e, const char *file, size_t first)
{
    for (size_t i = first; i < e->diags.all.count; i++) {
        struct diag *diag = e->diags.all.items[i];
        struct verdict verdict;
        struct place place = {.file = file};
        verdict_init(e, &verdict);
        if (diag->level == DIAG_NOTE)
            continue;
        if (diag->at.source != NULL) {
            place.file = diag->at.source->name;
            place.line = source_position(diag->at.source, diag->at.begin).line;
        }
        if (diag->level == DIAG_WARNING)
            str_addz(&verdict.problem, "warning: ");
        diag_render_text(&verdict.problem, diag->message);
        if (diag->code != NULL && strcmp(diag->code, "test-case") != 0)
            str_addf(&verdict.problem, " [%s]", diag->code);
        for (size_t k = 0; k < diag->hints.count; k++) {
            str_addz(&verdict.detail, diag->hints.items[k].help ? "help: " : "note: ");
            diag_render_text(&verdict.detail, diag->hints.items[k].text);
            str_addc(&verdict.detail, '\n');
        }
        verdict.limit = e->diags.limit_reached;
        give_result(e, &place, &verdict);
    }
}

/* Without a Lua state there is nothing to close. */
static void drop_rules(struct engine *e)
{
    if (e->api != NULL)
        api_free(e->api);
    e->api = NULL;
}

static enum dfc_status load_status(const struct engine *e)
{
    return e->diags.limit_reached ? DFC_LIMIT : e->diags.io_failed ? DFC_IO : DFC_ERRORS;
}

/* Load the rules under test as a compilation does. DFC_OK, or what hinders; the results say it. */
static enum dfc_status load_rules(struct engine *e, const char *file)
{
    const struct dfc_config *config = e->tests->config;
    struct map settings = {0};
    rule_files_init(&e->files, &e->arena, config);
    e->api = api_new(&e->arena, &e->diags, config, &e->files, &e->stages);
    struct rule_sources sources = {&e->arena, config, &e->diags, &e->files, e->api, VIEW(".")};
    bool good = e->api != NULL && rule_sources_open(&sources, &settings) &&
                (!e->tests->stdlib || api_load_standard_library(e->api));
    if (good && e->diags.errors == 0) {
        describe_findings(e, &e->diags, CASE_NAME, 0, &e->known);
        return DFC_OK;
    }
    give_diags(e, file, 0);
    return load_status(e);
}

/* ---- a file of tests ---- */

static enum dfc_status read_tests(struct engine *e, const char *path, struct test_list *list)
{
    struct rule_place place = {NULL, view_of(path), view_of(path)};
    struct rule_problem problem;
    enum dfc_status status = load_rules(e, path);
    size_t before = e->diags.all.count;
    if (status != DFC_OK)
        return status;
    struct rule_file *file = rule_files_add_file(&e->files, &place, LAYER_OPTION, &problem);
    if (file == NULL) {
        give_failure(e, path, rule_problem_text(&e->arena, &problem).ptr);
        return DFC_IO;
    }
    file->is_test = true;
    file->is_stdlib = e->tests->stdlib; /* so that it can require what lies beside it */
    begin(e, &(struct place){.file = path});
    api_load_tests(e->api, file, list);
    give_diags(e, path, before);
    if (list->count == 0 && e->diags.all.count == before)
        give_failure(e, path, "there is no case in it");
    return e->diags.limit_reached ? DFC_LIMIT : DFC_OK;
}

static enum dfc_status run_file(struct engine *e, const void *path)
{
    struct test_list list = {0};
    enum dfc_status status = read_tests(e, path, &list);
    drop_rules(e);
    for (size_t i = 0; status == DFC_OK && i < list.count; i++)
        run_case(e, path, list.items[i]);
    return status;
}

/* ---- examples ---- */

struct example {
    const struct rule *rule;
    struct view text, from;
};

struct example_list {
    struct example *items;
    size_t count, capacity;
};

static bool is_under_test(const struct engine *e, const struct rule *rule, const char *file)
{
    bool of_stdlib = rule->origin.layer == LAYER_STDLIB;
    if (of_stdlib != e->tests->stdlib)
        return false;
    return file == NULL ||
           view_equal(path_base(view_of(rule->origin.at.source->name)), path_base(view_of(file)));
}

/* Directives that share a table share its examples: each is run once. */
static void collect_examples(struct engine *e, const char *file, struct example_list *list)
{
    const struct map *directives = &api_rules(e->api)->directives;
    struct map seen = {0};
    for (size_t i = 0; i < directives->count; i++) {
        const struct rule *rule = directives->items[i].value;
        if (!is_under_test(e, rule, file))
            continue;
        struct view from = test_default_image(rule->needs_family, rule->examples_from);
        for (size_t k = 0; k < rule->examples.count; k++) {
            struct view text = rule->examples.items[k];
            struct view key = view_format(&e->arena, "%.*s\n%.*s", VIEW_ARG(from), VIEW_ARG(text));
            if (map_find(&seen, key) != NULL)
                continue;
            map_set(&e->arena, &seen, key, e);
            VEC_PUSH(&e->arena, list, (struct example){rule, text, from});
        }
    }
}

static void run_example(struct engine *e, const struct example *example)
{
    static const struct test_case no_files = {.fails = false};
    struct test_case test = no_files;
    struct verdict verdict;
    struct case_context context;
    struct outcome outcome;
    const struct span *at = &example->rule->origin.at;
    struct view name = view_format(&e->arena, "example '%.*s'", VIEW_ARG(example->text));
    struct place place = {at->source->name, source_position(at->source, at->begin).line,
                          example->rule->name.ptr, name.ptr};
    test.from = example->from;
    test.input = view_format(&e->arena, "%.*s\n", VIEW_ARG(example->text));
    begin(e, &place);
    verdict_init(e, &verdict);
    struct subject subject = case_subject(e, &test, &context);
    compile_twice(e, &subject, DFC_BUILD, &verdict, &outcome);
    if (outcome.status == DFC_OK) {
        check_fixed_point(e, &subject, &outcome, &verdict);
    } else {
        complain(&verdict, "the example does not compile");
        str_add(&verdict.detail, outcome.report);
    }
    give_result(e, &place, &verdict);
}

static enum dfc_status run_examples(struct engine *e, const void *file)
{
    struct example_list list = {0};
    const char *place = e->tests->config->rules_count > 0 ? e->tests->config->rules[0] : "stdlib";
    begin(e, &(struct place){.file = place});
    enum dfc_status status = load_rules(e, place);
    if (status == DFC_OK) {
        give_diags(e, place, 0); /* warnings: whoever uses the rules would see them each time */
        collect_examples(e, file, &list);
    }
    drop_rules(e);
    for (size_t i = 0; i < list.count; i++)
        run_example(e, &list.items[i]);
    return status;
}

/* ---- golden files ---- */

static void compare_text(struct verdict *verdict, const char *what, const char *expected,
                         size_t length, struct view found)
{
    struct view text = {expected == NULL ? "" : expected, expected == NULL ? 0 : length};
    if (!view_equal(text, found))
        complain_diff(verdict, what, text, found);
}

static enum dfc_status run_golden(struct engine *e, const void *context)
{
    const struct dfc_golden *golden = context;
    struct subject subject = {golden->name, {golden->text, golden->length}, 0, *e->tests->config};
    struct place place = {.file = golden->path};
    struct verdict verdict;
    struct outcome outcome;
    subject.config.context_dir = golden->directory;
    begin(e, &place);
    verdict_init(e, &verdict);
    compile_twice(e, &subject, DFC_BUILD, &verdict, &outcome);
    if (outcome.status == DFC_OK && golden->output == NULL)
        complain(&verdict, "it compiles, but no output is expected");
    else if (outcome.status != DFC_OK && golden->output != NULL)
        complain(&verdict, "it does not compile, but output is expected");
    else
        compare_text(&verdict, "the output differs", golden->output, golden->output_length,
                     outcome.output);
    compare_text(&verdict, "the diagnostics differ", golden->report, golden->report_length,
                 outcome.report);
    if (outcome.status == DFC_OK)
        check_fixed_point(e, &subject, &outcome, &verdict);
    give_result(e, &place, &verdict);
    return DFC_OK;
}

/* ---- entry ---- */

static void out_of_memory(void *context)
{
    struct engine *e = context;
    longjmp(*e->on_failure, 1);
}

/* What setjmp returns to: only memory behind pointers changes between the call and the jump. */
static enum dfc_status run_protected(const struct dfc_tests *tests,
                                     enum dfc_status run(struct engine *, const void *),
                                     const void *context)
{
    struct engine *e = calloc(1, sizeof(*e));
    enum dfc_status status = DFC_LIMIT;
    jmp_buf failure;
    if (e == NULL)
        return DFC_LIMIT;
    e->tests = tests;
    e->on_failure = &failure;
    arena_init(&e->arena, out_of_memory, e);
    diag_list_init(&e->diags, &e->arena);
    if (setjmp(failure) == 0) {
        status = run(e, context);
    } else {
        status = DFC_LIMIT;
        dfc_free(e->dfc);
    }
    drop_rules(e);
    arena_release(&e->arena);
    free(e);
    return status;
}

enum dfc_status dfc_test_file(const struct dfc_tests *tests, const char *path)
{
    return run_protected(tests, run_file, path);
}

enum dfc_status dfc_test_examples(const struct dfc_tests *tests, const char *rule_file)
{
    return run_protected(tests, run_examples, rule_file);
}

enum dfc_status dfc_test_golden(const struct dfc_tests *tests, const struct dfc_golden *golden)
{
    return run_protected(tests, run_golden, golden);
}
