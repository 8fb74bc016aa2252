/*
 * Regular expressions: PCRE2 with fixed options and a budget. The only file that knows PCRE2 is
 * regex.c. No JIT (its limits differ from the interpreter's, and it is not everywhere); every step
 * of the matcher is counted by an automatic callout, so that a pattern ends after the same number
 * of steps on every machine (match_limit alone starts again at every offset: pcre2api(3)).
 *
 * A callout happens once for each item of the pattern, whatever the item does; so the bytes that
 * an item passed over are counted too, eight for a step, and so is what compiling may cost.
 */
#ifndef DFC_REGEX_H
#define DFC_REGEX_H

#include "str.h"

enum { REGEX_PATTERN_MAX = 1024, REGEX_SUBJECT_MAX = 64 * 1024, REGEX_GROUP_MAX = 32 };

/* Steps that may still be taken, shared by all patterns of a run, and those of one match. */
struct regex_budget {
    long long run, match;
    void *(*alloc)(void *context, size_t size); /* memory of PCRE2; both NULL: malloc and free */
    void (*free)(void *context, void *place);
    void *context;
};

struct regex; /* a compiled pattern */

enum regex_result {
    REGEX_MATCH,
    REGEX_NO_MATCH,
    REGEX_LIMIT, /* the budget, heap or depth limit is reached, or the subject is too long */
    REGEX_MEMORY,
    REGEX_ERROR, /* another error of PCRE2: invalid UTF-8 in the subject, or a bad `from` */
};

struct regex_groups {
    size_t count; /* groups of the pattern, the whole match included */
    struct {
        size_t begin, end;
        bool set;
    } at[REGEX_GROUP_MAX];
};

/* Why a pattern can't be used. */
struct regex_error {
    enum regex_result kind; /* REGEX_ERROR: the pattern is wrong; REGEX_LIMIT; REGEX_MEMORY */
    struct view text;       /* what is wrong, in the arena */
    size_t at;              /* byte of the pattern */
};

/*
 * Compile `pattern` (UTF mode, LF newlines, at most REGEX_PATTERN_MAX bytes and REGEX_GROUP_MAX
 * groups with the whole match; ASCII meaning of \w \d \s). NULL on error. `budget` must live as
 * long as the pattern. Free with regex_free.
 */
struct regex *regex_compile(struct arena *arena, struct view pattern, struct regex_budget *budget,
                            struct regex_error *error);
void regex_free(struct regex *regex);

/* Search `subject` from byte `from`. Takes its steps from the budget given to regex_compile. */
enum regex_result regex_match(struct regex *regex, struct view subject, size_t from,
                              struct regex_groups *groups);

/*
 * All matches of a subject, one after another, as Perl counts them: an empty match may follow a
 * match, but not an empty one at the same place. The subject's UTF-8 is checked only once. Nothing
 * has to be freed.
 *
 *     struct regex_scan scan;
 *     regex_scan_begin(&scan, regex, subject);
 *     while ((result = regex_scan_next(&scan, &groups)) == REGEX_MATCH)
 *         …
 */
struct regex_scan {
    struct regex *regex;
    struct view subject;
    size_t at; /* where the next search begins */
    bool checked, after_empty;
};
void regex_scan_begin(struct regex_scan *scan, struct regex *regex, struct view subject);
enum regex_result regex_scan_next(struct regex_scan *scan, struct regex_groups *groups);

/* Groups of the pattern, the whole match included. */
size_t regex_group_count(const struct regex *regex);

/* Name of group `index`, or NULL when it has none. Lives as long as the pattern. */
const char *regex_group_name(const struct regex *regex, size_t index);

#endif
