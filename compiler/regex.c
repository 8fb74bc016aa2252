#include "regex.h"

#include "utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdlib.h>
#include <string.h>

enum {
    HEAP_LIMIT_KIB = 4096,
    NESTING_LIMIT = 50,
    BYTES_PER_STEP = 8,     /* bytes an item may pass over for one step */
    MATCH_STEPS = 20,       /* steps that a match counts in any case */
    COMPILE_STEPS_BYTE = 20 /* steps that compiling one byte of a pattern counts */
};

struct regex {
    struct regex_budget *budget;
    pcre2_code *code;
    pcre2_match_context *context;
    uint32_t groups;     /* with the whole match */
    long long item_cost; /* steps of one callout */
    bool backreferences;
};

static void *budget_alloc(PCRE2_SIZE size, void *data)
{
    struct regex_budget *budget = data;
    return budget->alloc != NULL ? budget->alloc(budget->context, size) : malloc(size);
}

static void budget_free(void *place, void *data)
{
    struct regex_budget *budget = data;
    if (place == NULL)
        return;
    if (budget->free != NULL)
        budget->free(budget->context, place);
    else
        free(place);
}

/* Number in base 16 or 10 at `at`, cut where it would be larger than any character. */
static long long read_number(struct view text, size_t at, bool hex)
{
    enum { LARGEST = 0x10ffff };
    long long number = 0;
    for (; at < text.len && number <= LARGEST; at++) {
        char c = text.ptr[at];
        char low = (char)(c | 0x20);
        if (is_digit(c))
            number = number * (hex ? 16 : 10) + (c - '0');
        else if (hex && low >= 'a' && low <= 'f')
            number = number * 16 + (low - 'a' + 10);
        else
            break;
    }
    return number <= LARGEST ? number : LARGEST;
}

/* Whether an option setting such as (?i), (?x-i: or (?^i) stands in the pattern. */
static bool is_caseless(struct view pattern)
{
    for (size_t at = 0; at + 2 < pattern.len; at++) {
        if (pattern.ptr[at] != '(' || pattern.ptr[at + 1] != '?')
            continue;
        for (size_t i = at + 2; i < pattern.len; i++) {
            char c = pattern.ptr[i];
            if (c == 'i')
                return true;
            if (!is_alpha(c) && c != '^' && c != '-')
                break;
        }
    }
    return false;
}

/* The character that a range's end at `at` means, or a little more. */
static long long range_end(struct view pattern, size_t at)
{
    size_t length;
    if (pattern.ptr[at] != '\\')
        return (long long)utf8_decode(pattern, at, &length);
    if (at + 1 == pattern.len)
        return 0;
    size_t brace = view_find(pattern, '{', at);
    bool braced = brace == at + 2;
    switch (pattern.ptr[at + 1]) {
    case 'x':
        return read_number(pattern, braced ? brace + 1 : at + 2, true);
    case 'o': /* octal, and \N{U+hhhh}: read as more than they are */
        return braced ? read_number(pattern, brace + 1, true) : 0;
    case 'N':
        return braced && brace + 2 < pattern.len ? read_number(pattern, brace + 3, true) : 0;
    default:
        return 0x1ff; /* a single escaped character, or up to three octal digits */
    }
}

/*
 * Steps that compiling may take. PCRE2 looks up the other case of every character of a range in a
 * caseless class, one at a time: a full range takes it 7 ms.
 */
static long long compile_cost(struct view pattern)
{
    long long cost = 100 + COMPILE_STEPS_BYTE * (long long)pattern.len;
    if (!is_caseless(pattern))
        return cost;
    for (size_t at = view_find(pattern, '-', 0); at + 1 < pattern.len;
         at = view_find(pattern, '-', at + 1))
        cost += range_end(pattern, at + 1) / 2;
    return cost;
}

/*
 * Steps that one item may take before the next callout, beside the bytes that it passes over: a
 * single item with a count, as \w{9999}, fails only at its first mismatch, and a lookbehind walks
 * back.
 */
static long long item_cost(struct view pattern, const pcre2_code *code)
{
    long long largest = 0;
    for (size_t at = 0; at < pattern.len; at++) {
        char c = pattern.ptr[at];
        if (c != '{' && c != ',')
            continue;
        long long number = read_number(pattern, at + 1, false);
        largest = number > largest ? number : largest;
    }
    uint32_t behind = 0;
    pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
    return 1 + (largest + behind) / BYTES_PER_STEP;
}

struct steps {
    const struct regex *regex;
    long long left;
    size_t last; /* position at the callout before */
};

/* A backreference compares its whole group before it fails. */
static size_t longest_group(const pcre2_callout_block *block)
{
    size_t longest = 0;
    for (size_t i = 1; i < block->capture_top; i++) {
        size_t begin = block->offset_vector[2 * i], end = block->offset_vector[2 * i + 1];
        if (begin != PCRE2_UNSET && end > begin && end - begin > longest)
            longest = end - begin;
    }
    return longest;
}

static int count_step(pcre2_callout_block *block, void *data)
{
    struct steps *steps = data;
    size_t position = block->current_position;
    size_t bytes = position > steps->last ? position - steps->last : 0;
    if (steps->regex->backreferences)
        bytes += longest_group(block);
    steps->last = position;
    steps->left -= steps->regex->item_cost + (long long)(bytes / BYTES_PER_STEP);
    return steps->left < 0 ? PCRE2_ERROR_CALLOUT : 0;
}

/* Compile into `regex`. Gives 0, or an error code of PCRE2 and the place in the pattern. */
static int compile_code(struct regex *regex, struct view pattern, size_t *error_at)
{
    int code = PCRE2_ERROR_HEAP_FAILED;
    pcre2_general_context *general =
        pcre2_general_context_create(budget_alloc, budget_free, regex->budget);
    pcre2_compile_context *context = general == NULL ? NULL : pcre2_compile_context_create(general);
    regex->context = context == NULL ? NULL : pcre2_match_context_create(general);
    if (regex->context != NULL) {
        pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
        pcre2_set_parens_nest_limit(context, NESTING_LIMIT);
        pcre2_set_heap_limit(regex->context, HEAP_LIMIT_KIB);
        regex->code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
                                    PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT, &code,
                                    error_at, context);
    }
    pcre2_compile_context_free(context);
    pcre2_general_context_free(general);
    return regex->code != NULL ? 0 : code;
}

static struct regex_error describe_error(struct arena *arena, int code, size_t at)
{
    if (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY)
        return (struct regex_error){REGEX_MEMORY, VIEW("not enough memory"), 0};
    char text[256] = "";
    pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof(text));
    return (struct regex_error){REGEX_ERROR, view_copy(arena, view_of(text)), at};
}

/* What matching has to know of the pattern. */
static void read_facts(struct regex *regex, struct view pattern)
{
    uint32_t captures = 0, references = 0;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &captures);
    pcre2_pattern_info(regex->code, PCRE2_INFO_BACKREFMAX, &references);
    regex->groups = captures + 1;
    regex->backreferences = references > 0;
    regex->item_cost = item_cost(pattern, regex->code);
}

struct regex *regex_compile(struct arena *arena, struct view pattern, struct regex_budget *budget,
                            struct regex_error *error)
{
    if (pattern.len > REGEX_PATTERN_MAX) {
        struct view text = view_format(arena, "%zu bytes are too long, at most %d are allowed",
                                       pattern.len, REGEX_PATTERN_MAX);
        *error = (struct regex_error){REGEX_ERROR, text, REGEX_PATTERN_MAX};
        return NULL;
    }
    budget->run -= compile_cost(pattern);
    if (budget->run < 0) {
        *error = (struct regex_error){REGEX_LIMIT, VIEW("too many steps"), 0};
        return NULL;
    }
    if (pattern.len == 0)
        pattern.ptr = "";
    size_t at = 0;
    int code = PCRE2_ERROR_HEAP_FAILED;
    struct regex *regex = budget_alloc(sizeof(*regex), budget);
    if (regex != NULL) {
        *regex = (struct regex){.budget = budget};
        code = compile_code(regex, pattern, &at);
    }
    /* The arena may leave this function for good, so nothing is held when it is asked. */
    if (code != 0) {
        regex_free(regex);
        *error = describe_error(arena, code, at);
        return NULL;
    }
    read_facts(regex, pattern);
    if (regex->groups > REGEX_GROUP_MAX) {
        regex_free(regex);
        *error =
            (struct regex_error){REGEX_ERROR, VIEW("more than 31 groups, write (?:…) for some"), 0};
        return NULL;
    }
    return regex;
}

void regex_free(struct regex *regex)
{
    if (regex == NULL)
        return;
    pcre2_code_free(regex->code);
    pcre2_match_context_free(regex->context);
    budget_free(regex, regex->budget);
}

static enum regex_result to_result(int code)
{
    switch (code) {
    case PCRE2_ERROR_NOMATCH:
        return REGEX_NO_MATCH;
    case PCRE2_ERROR_CALLOUT:
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_RECURSELOOP:
        return REGEX_LIMIT;
    case PCRE2_ERROR_NOMEMORY:
        return REGEX_MEMORY;
    default:
        return code >= 0 ? REGEX_MATCH : REGEX_ERROR;
    }
}

static void read_groups(struct regex_groups *groups, const struct regex *regex,
                        pcre2_match_data *data)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
    groups->count = regex->groups;
    for (size_t i = 0; i < groups->count; i++) {
        size_t begin = offsets[2 * i], end = offsets[2 * i + 1];
        bool set = begin != PCRE2_UNSET && begin <= end;
        groups->at[i].set = set;
        groups->at[i].begin = set ? begin : 0;
        groups->at[i].end = set ? end : 0;
    }
}

static enum regex_result match(struct regex *regex, struct view subject, size_t from,
                               uint32_t options, struct regex_groups *groups)
{
    struct regex_budget *budget = regex->budget;
    if (subject.len > REGEX_SUBJECT_MAX || budget->run < 0)
        return REGEX_LIMIT;
    if (from > subject.len)
        return REGEX_NO_MATCH;
    if (subject.len == 0)
        subject.ptr = "";
    /* Made anew each time: it keeps the memory of the largest match it ever served. */
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (data == NULL)
        return REGEX_MEMORY;
    long long allowed = budget->match < budget->run ? budget->match : budget->run;
    struct steps steps = {regex, allowed - MATCH_STEPS, from};
    if ((options & PCRE2_NO_UTF_CHECK) == 0)
        steps.left -= (long long)(subject.len - from) / (8 * BYTES_PER_STEP);
    pcre2_set_callout(regex->context, count_step, &steps);
    enum regex_result result = to_result(pcre2_match(
        regex->code, (PCRE2_SPTR)subject.ptr, subject.len, from, options, data, regex->context));
    if (result == REGEX_MATCH)
        read_groups(groups, regex, data);
    pcre2_match_data_free(data);
    budget->run -= allowed - steps.left;
    return result;
}

enum regex_result regex_match(struct regex *regex, struct view subject, size_t from,
                              struct regex_groups *groups)
{
    return match(regex, subject, from, 0, groups);
}

void regex_scan_begin(struct regex_scan *scan, struct regex *regex, struct view subject)
{
    *scan = (struct regex_scan){.regex = regex, .subject = subject};
}

enum regex_result regex_scan_next(struct regex_scan *scan, struct regex_groups *groups)
{
    uint32_t options =
        (scan->checked ? PCRE2_NO_UTF_CHECK : 0) | (scan->after_empty ? PCRE2_NOTEMPTY_ATSTART : 0);
    enum regex_result result = match(scan->regex, scan->subject, scan->at, options, groups);
    if (result != REGEX_MATCH)
        return result;
    size_t begin = groups->at[0].begin, end = groups->at[0].end;
    if (end < scan->at) /* \K can't do this today; going back would never end */
        return REGEX_ERROR;
    scan->checked = true;
    scan->after_empty = begin == end;
    scan->at = end;
    return REGEX_MATCH;
}

size_t regex_group_count(const struct regex *regex)
{
    return regex->groups;
}

const char *regex_group_name(const struct regex *regex, size_t index)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    /* An entry is the group's number in two bytes, then its name. */
    for (uint32_t i = 0; i < count; i++, table += size)
        if ((size_t)table[0] * 256 + table[1] == index)
            return (const char *)table + 2;
    return NULL;
}
