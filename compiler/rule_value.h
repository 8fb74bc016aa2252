/*
 * Values of arguments against the types that rules declare: given on a directive's line, set with
 * "@set pip.sharing = …", or written as a default. And the look of URLs, which is the same
 * everywhere.
 */
#ifndef DFC_RULE_VALUE_H
#define DFC_RULE_VALUE_H

#include "rule.h"

/* What is wrong with a value. */
struct value_problem {
    const char *code; /* of the diagnostic; NULL: nothing is wrong */
    struct view
        text; /* to be put behind the argument's name: "must be a whole number, found 'x'" */
};

/* Check a word (quote.h) against its argument. The name of a mirror is not looked up here. */
struct value_problem rule_value_check(struct arena *arena, const struct rule_arg *arg,
                                      struct view word);

#endif
