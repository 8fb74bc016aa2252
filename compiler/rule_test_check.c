/* Compilations of a test's text, and what must hold for each of them. */
#include "dfc_parts.h"
#include "diff.h"
#include "path.h"
#include "rule_test_parts.h"

#include <string.h>

/* ---- verdicts ---- */

void verdict_init(struct engine *e, struct verdict *verdict)
{
    *verdict = (struct verdict){.limit = false};
    str_init(&verdict->problem, &e->arena);
    str_init(&verdict->detail, &e->arena);
}

void complain(struct verdict *verdict, const char *problem)
{
    if (verdict->problem.len > 0)
        str_addz(&verdict->problem, "; ");
    str_addz(&verdict->problem, problem);
}

void complain_diff(struct verdict *verdict, const char *problem, struct view expected,
                   struct view found)
{
    complain(verdict, problem);
    diff_unified(&verdict->detail, expected, found, "expected", "found");
}

/* ---- findings ---- */

static struct view describe_hints(struct engine *e, const struct diag *diag)
{
    struct str text;
    str_init(&text, &e->arena);
    for (size_t i = 0; i < diag->hints.count; i++) {
        str_addz(&text, diag->hints.items[i].help ? "\nhelp: " : "\nnote: ");
        diag_render_text(&text, diag->hints.items[i].text);
    }
    return str_view(&text);
}

/* `name` is the input's and `above` the number of lines that stand before what the test wrote. */
static struct finding describe(struct engine *e, const struct diag *diag, const char *name,
                               size_t above)
{
    static const char *const levels[] = {"note", "warning", "error"};
    struct finding finding = {.level = diag->level, .code = VIEW(""), .fixable = diag->fixable};
    struct str text;
    str_init(&text, &e->arena);
    if (diag->at.source != NULL) {
        finding.at = source_position(diag->at.source, diag->at.begin);
        finding.is_foreign = strcmp(diag->at.source->name, name) != 0;
        struct view base = path_base(view_of(diag->at.source->name));
        if (finding.is_foreign)
            str_addf(&text, "%.*s:", VIEW_ARG(base));
        else
            finding.at.line -= above;
        str_addf(&text, "%zu:%zu: ", finding.at.line, finding.at.column);
    }
    str_addf(&text, "%s: ", levels[diag->level]);
    diag_render_text(&text, diag->message);
    finding.text = str_view(&text);
    if (diag->code != NULL)
        finding.code = view_format(&e->arena, " [%s]", diag->code);
    finding.hints = describe_hints(e, diag);
    return finding;
}

bool has_finding(const struct finding_list *list, const struct finding *finding)
{
    for (size_t i = 0; i < list->count; i++)
        if (view_equal(list->items[i].text, finding->text) &&
            view_equal(list->items[i].hints, finding->hints))
            return true;
    return false;
}

void describe_findings(struct engine *e, const struct diag_list *diags, const char *name,
                       size_t above, struct finding_list *list)
{
    size_t count;
    const struct diag **sorted = diag_sorted(diags, &count);
    for (size_t i = 0; i < count; i++) {
        struct finding finding = describe(e, sorted[i], name, above);
        if (!has_finding(&e->known, &finding))
            VEC_PUSH(&e->arena, list, finding);
    }
}

/* ---- compilations ---- */

/* What dfc_examine hands on. */
struct looking {
    struct engine *engine;
    const struct subject *subject;
    struct outcome *outcome;
};

static void look(void *context, const struct diag_list *diags)
{
    struct looking *looking = context;
    describe_findings(looking->engine, diags, looking->subject->name, looking->subject->above,
                      &looking->outcome->findings);
}

static void compile(struct engine *e, const struct subject *subject, struct outcome *outcome)
{
    size_t length;
    *outcome = (struct outcome){.status = DFC_LIMIT, .output = VIEW("")};
    struct looking looking = {e, subject, outcome};
    e->dfc = dfc_new(&subject->config);
    if (e->dfc == NULL)
        e->arena.fail(e->arena.fail_context);
    outcome->status = dfc_compile(e->dfc, subject->name, subject->text.ptr, subject->text.len);
    const char *text = dfc_report(e->dfc, false, &length);
    outcome->report = view_copy(&e->arena, (struct view){text, length});
    if (!dfc_examine(e->dfc, look, &looking))
        outcome->status = DFC_LIMIT;
    text = dfc_output(e->dfc, &length);
    if (text != NULL)
        outcome->output = view_copy(&e->arena, (struct view){text, length});
    dfc_free(e->dfc);
    e->dfc = NULL;
}

/* Compile in a state with other hash seeds than that of another `seed`. */
static void compile_seeded(struct engine *e, const struct subject *subject, enum dfc_mode mode,
                           unsigned seed, struct outcome *outcome)
{
    struct subject copy = *subject;
    copy.config.mode = mode;
    copy.config.hash_shift = seed;
    compile(e, &copy, outcome);
}

static void check_equal(struct verdict *verdict, const char *what, struct view first,
                        struct view second)
{
    if (view_equal(first, second))
        return;
    complain(verdict, what);
    diff_unified(&verdict->detail, first, second, "with one hash seed", "with another");
}

void compile_twice(struct engine *e, const struct subject *subject, enum dfc_mode mode,
                   struct verdict *verdict, struct outcome *first)
{
    struct outcome second = {.status = DFC_LIMIT};
    compile_seeded(e, subject, mode, 1, first);
    compile_seeded(e, subject, mode, 2, &second);
    check_equal(verdict, "the output is not the same each time", first->output, second.output);
    check_equal(verdict, "the diagnostics are not the same each time", first->report,
                second.report);
    if (first->status == DFC_LIMIT)
        verdict->limit = true;
}

void check_fixed_point(struct engine *e, const struct subject *subject,
                       const struct outcome *outcome, struct verdict *verdict)
{
    struct subject again = *subject;
    struct outcome second;
    verdict->input = subject->text;
    verdict->output = outcome->output;
    again.text = outcome->output;
    compile(e, &again, &second);
    if (second.status != DFC_OK) {
        complain(verdict, "the output does not compile");
        str_add(&verdict->detail, second.report);
    } else if (!view_equal(second.output, outcome->output)) {
        complain(verdict, "the output does not compile to itself");
        diff_unified(&verdict->detail, outcome->output, second.output, "output", "compiled again");
    }
}

void check_fixes(struct engine *e, const struct subject *subject, struct verdict *verdict)
{
    struct subject mended = *subject;
    struct outcome outcome, again;
    compile_seeded(e, &mended, DFC_FIX, 0, &outcome);
    if (outcome.status != DFC_OK) {
        complain(verdict, "the fixes can't be carried out");
        str_add(&verdict->detail, outcome.report);
        return;
    }
    mended.text = outcome.output;
    compile_seeded(e, &mended, DFC_LINT, 0, &outcome);
    for (size_t i = 0; i < outcome.findings.count; i++) {
        if (!outcome.findings.items[i].fixable)
            continue;
        complain(verdict, "a fix leaves something to fix");
        str_add(&verdict->detail, outcome.report);
        return;
    }
    compile_seeded(e, &mended, DFC_FIX, 0, &again);
    if (!view_equal(again.output, mended.text)) {
        complain(verdict, "a fix leaves something to fix");
        diff_unified(&verdict->detail, mended.text, again.output, "fixed", "fixed again");
    }
}
