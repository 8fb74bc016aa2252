/* What the pieces of "dfc test" share. */
#ifndef DFC_CMD_TEST_H
#define DFC_CMD_TEST_H

#include "cmd.h"

enum test_format { FORMAT_TEXT, FORMAT_TAP, FORMAT_JSON };

struct test_run {
    struct dfc_config config;
    struct dfc_tests tests;
    enum test_format format;
    bool update;
    const char *save; /* directory for inputs and outputs, or NULL */
    size_t saved;
    bool unnamed;       /* the directory under test is that where dfc was started */
    const char **rules; /* of --rules; the directory under test comes behind them */
    size_t rules_count;
    char **paths;
    size_t path_count;
    size_t passed, failed;
    bool limit_said;        /* a result has told of a limit */
    enum dfc_status status; /* the worst so far; the values are in that order */
};

/* Make `status` the one to end with, when it is worse. */
void test_run_worsen(struct test_run *run, enum dfc_status status);

/* A failure that has no case, such as a directory without a test. */
void test_run_fail(struct test_run *run, const char *file, const char *problem);

/* ---- cmd_test_output.c: results on standard output. Control characters of rules and tests do not
 * get there. */

void test_output_begin(const struct test_run *run);
void test_output_result(const struct test_run *run, const struct dfc_test_result *result);
void test_output_end(const struct test_run *run);

/* "updated: PATH" and its like, in the format text only. */
void test_output_update(const struct test_run *run, const char *what, const char *path);

/* ---- cmd_test_save.c: write what a test has compiled into a directory of its own below
 * `run->save`, as Dockerfile.in and Dockerfile. */
void test_save(struct test_run *run, const struct dfc_test_result *result);

/* ---- cmd_test_golden.c: names in a directory, and golden files. */

/* The names in a directory, as the callbacks of dfc.h list them. */
struct listing {
    char *names;
    size_t length;
};

/* The name behind `name`, the first one for NULL; NULL at the end. */
const char *listing_next(const struct listing *listing, const char *name);

/* Whether it has the name that `stem` and `suffix` make up. */
bool listing_has(const struct listing *listing, const char *stem, const char *suffix);

/* Whether the name ends in the suffix, and has more than that. */
bool name_ends_in(const char *name, const char *suffix);

/* "DIRECTORY/STEMSUFFIX"; the name without the suffix that it ends in. To be freed; when there is
 * no memory the program ends. */
char *name_join(const char *directory, const char *stem, const char *suffix);
char *name_stem(const char *name, const char *suffix);

/* Run the golden tests of a directory; update them before when that is asked for. */
void test_run_golden(struct test_run *run, const char *directory, const struct listing *listing);

#endif
