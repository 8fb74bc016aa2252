/* What a file of tests declares with dfc.test: read and checked by lua_test.c, run by rule_test.c.
 */
#ifndef DFC_TEST_CASE_H
#define DFC_TEST_CASE_H

#include "rule.h"

/* A file of the build context that a case makes up. */
struct test_file {
    struct view path, text; /* the path is clean and relative */
};

struct test_file_list {
    struct test_file *items;
    size_t count, capacity;
};

struct test_case {
    struct view rule;   /* the directive or rewrite that it tests */
    struct view name;   /* of the case */
    struct span at;     /* where it stands, as far as that is known */
    struct view from;   /* operand of the FROM line */
    struct view input;  /* what stands below it; ends in a newline */
    struct view output; /* what must come out; ends in a newline unless it is empty */
    bool is_same;       /* the input must come out as it is */
    bool fails;         /* no output: there are errors */
    struct name_list errors, warnings, notes;
    /* as the options of dfc build; "" when not given */
    struct view mirror, builder, footprint, syntax;
    bool auto_rewrite;
    struct test_file_list files;
    struct test_case *next_of_input; /* while the file is read: another one with this input */
};

enum { TEST_CASES_MAX = 10000 }; /* of one dfc.test */

struct test_list {
    struct test_case **items;
    size_t count, capacity;
};

/* The image for the examples and tests of a rule that names none. */
struct view test_default_image(struct view needs_family, struct view examples_from);

#endif
