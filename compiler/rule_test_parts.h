/* What the pieces of rule_test*.c share: the tests of "dfc test". */
#ifndef DFC_RULE_TEST_PARTS_H
#define DFC_RULE_TEST_PARTS_H

#include "dfc.h"
#include "lua_api.h"
#include "test_case.h"

#include <setjmp.h>

/* A finding of a compilation, as a test states it. */
struct finding {
    enum diag_level level;
    struct view text;  /* "1:6: error: message", lines counted from the first one of the input */
    struct view code;  /* " [code]", or "" */
    struct view hints; /* "\nhelp: …\nnote: …", or "" */
    struct position at;
    bool is_foreign; /* it is about another file than the input */
    bool fixable;
};

struct finding_list {
    struct finding *items;
    size_t count, capacity;
};

struct engine {
    struct arena arena;
    const struct dfc_tests *tests;
    struct dfc *dfc; /* the compilation that is going on */
    struct diag_list diags;
    struct rule_files files;
    struct stages stages; /* none: rules are only loaded */
    struct api *api;
    struct finding_list known; /* what loading the rules says, in every compilation again */
    jmp_buf *on_failure;
};

/* What is found out about one test. */
struct verdict {
    struct str problem; /* empty: it passes */
    struct str detail;
    struct view input, output; /* of the compilation, when there is an output */
    bool limit;
};

/* A text that a test is about, and how it is compiled. */
struct subject {
    const char *name;
    struct view text;
    size_t above; /* lines before what the test wrote */
    struct dfc_config config;
};

struct outcome {
    enum dfc_status status;
    struct view output;
    struct view report;
    struct finding_list findings;
};

/* ---- rule_test_check.c */

void verdict_init(struct engine *e, struct verdict *verdict);
void complain(struct verdict *verdict, const char *problem);
void complain_diff(struct verdict *verdict, const char *problem, struct view expected,
                   struct view found);

/* Append the findings of a list, without those that are known. `name` is the input's. */
void describe_findings(struct engine *e, const struct diag_list *diags, const char *name,
                       size_t above, struct finding_list *list);

bool has_finding(const struct finding_list *list, const struct finding *finding);

/* Compile in two fresh states, which must come to the same; the first outcome is given. */
void compile_twice(struct engine *e, const struct subject *subject, enum dfc_mode mode,
                   struct verdict *verdict, struct outcome *first);

/* What comes out has to be a Dockerfile that comes out of itself. */
void check_fixed_point(struct engine *e, const struct subject *subject,
                       const struct outcome *outcome, struct verdict *verdict);

/* "dfc lint --fix" must leave nothing for itself to do. */
void check_fixes(struct engine *e, const struct subject *subject, struct verdict *verdict);

/* ---- rule_test_case.c */

#define CASE_NAME "Dockerfile.in"

struct case_context {
    const struct dfc_config *outer; /* how rule files are read */
    const struct test_case *test;
};

/* What is compiled for a case; `context` must live as long. */
struct subject case_subject(struct engine *e, const struct test_case *test,
                            struct case_context *context);

void judge_case(struct engine *e, const struct test_case *test, struct verdict *verdict);

#endif
