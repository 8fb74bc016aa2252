/* Regular expressions: what matches, what a mistake says, and that every pattern ends. */
#include "regex.h"
#include "unit.h"

static struct regex_budget budget_of(long long run, long long match)
{
    return (struct regex_budget){.run = run, .match = match};
}

static struct regex_budget default_budget(void)
{
    return budget_of(20 * 1000 * 1000, 1000 * 1000);
}

static struct regex *compile(void **state, const char *pattern, struct regex_budget *budget)
{
    struct regex_error error;
    struct regex *regex = regex_compile(*state, view_of(pattern), budget, &error);
    assert_non_null(regex);
    return regex;
}

/* Result of one search from the start. */
static enum regex_result search(void **state, const char *pattern, struct view subject,
                                struct regex_groups *groups, struct regex_budget *budget)
{
    struct regex *regex = compile(state, pattern, budget);
    enum regex_result result = regex_match(regex, subject, 0, groups);
    regex_free(regex);
    return result;
}

static void test_groups(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    assert_int_equal(search(state, "(a+)(x)?(b)", VIEW("..aab"), &groups, &budget), REGEX_MATCH);
    assert_int_equal(groups.count, 4);
    assert_int_equal(groups.at[0].begin, 2);
    assert_int_equal(groups.at[0].end, 5);
    assert_int_equal(groups.at[1].begin, 2);
    assert_int_equal(groups.at[1].end, 4);
    assert_true(groups.at[1].set);
    assert_false(groups.at[2].set);
    assert_int_equal(groups.at[3].begin, 4);
    assert_int_equal(groups.at[3].end, 5);
    assert_int_equal(search(state, "(a+)(x)", VIEW("..aab"), &groups, &budget), REGEX_NO_MATCH);
}

/* A group that did not take part at the end has no place, also when it is the last. */
static void test_last_group_unset(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    assert_int_equal(search(state, "(a)|(b)", VIEW("a"), &groups, &budget), REGEX_MATCH);
    assert_int_equal(groups.count, 3);
    assert_true(groups.at[1].set);
    assert_false(groups.at[2].set);
}

static void test_names(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex *regex = compile(state, "(?<major>\\d+)\\.(\\d+)(?<rest>.*)", &budget);
    assert_int_equal(regex_group_count(regex), 4);
    assert_null(regex_group_name(regex, 0));
    assert_string_equal(regex_group_name(regex, 1), "major");
    assert_null(regex_group_name(regex, 2));
    assert_string_equal(regex_group_name(regex, 3), "rest");
    assert_null(regex_group_name(regex, 4));
    regex_free(regex);
}

/* Options that must not depend on how PCRE2 was built. */
static void test_fixed_options(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    assert_int_equal(search(state, "(?m)^b$", VIEW("a\nb\nc"), &groups, &budget), REGEX_MATCH);
    assert_int_equal(search(state, "(?m)^b", VIEW("a\rb"), &groups, &budget), REGEX_NO_MATCH);
    assert_int_equal(search(state, "^.$", VIEW("\xc3\xa9"), &groups, &budget), REGEX_MATCH);
    assert_int_equal(search(state, "\\w", VIEW("\xc3\xa9"), &groups, &budget), REGEX_NO_MATCH);
    assert_int_equal(search(state, "^\\R$", VIEW("\xe2\x80\xa8"), &groups, &budget), REGEX_MATCH);
}

static void test_from(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    struct regex *regex = compile(state, "a", &budget);
    assert_int_equal(regex_match(regex, VIEW("abca"), 1, &groups), REGEX_MATCH);
    assert_int_equal(groups.at[0].begin, 3);
    assert_int_equal(regex_match(regex, VIEW("abca"), 4, &groups), REGEX_NO_MATCH);
    assert_int_equal(regex_match(regex, VIEW("abca"), 5, &groups), REGEX_NO_MATCH);
    /* Within a character. */
    assert_int_equal(regex_match(regex, VIEW("\xc3\xa9 a"), 1, &groups), REGEX_ERROR);
    regex_free(regex);
}

static void test_bytes_that_are_no_text(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    assert_int_equal(search(state, "a", VIEW("a\xff"), &groups, &budget), REGEX_ERROR);
    assert_int_equal(search(state, "b", VIEW("a\0b"), &groups, &budget), REGEX_MATCH);
    assert_int_equal(groups.at[0].begin, 2);
    assert_int_equal(search(state, "^$", (struct view){NULL, 0}, &groups, &budget), REGEX_MATCH);
    assert_int_equal(search(state, "", VIEW("a"), &groups, &budget), REGEX_MATCH);
}

static void assert_wrong(void **state, struct view pattern, const char *message, size_t at)
{
    struct regex_budget budget = default_budget();
    struct regex_error error = {.kind = REGEX_MATCH};
    assert_null(regex_compile(*state, pattern, &budget, &error));
    assert_int_equal(error.kind, REGEX_ERROR);
    if (!view_is(error.text, message))
        fail_msg("expected '%s', found '%.*s'", message, VIEW_ARG(error.text));
    assert_int_equal(error.at, at);
}

static void test_mistakes(void **state)
{
    char text[REGEX_PATTERN_MAX + 1];
    memset(text, 'a', sizeof(text));
    assert_wrong(state, VIEW("a(b"), "missing closing parenthesis", 3);
    assert_wrong(state, VIEW("a*+*"), "quantifier does not follow a repeatable item", 3);
    assert_wrong(state, VIEW("\\C"), "using \\C is disabled by the application", 2);
    assert_wrong(state, VIEW("a\xff"), "UTF-8 error: illegal byte (0xfe or 0xff)", 1);
    assert_wrong(state, (struct view){text, sizeof(text)},
                 "1025 bytes are too long, at most 1024 are allowed", 1024);
}

static void test_longest_pattern(void **state)
{
    char text[REGEX_PATTERN_MAX];
    memset(text, 'a', sizeof(text));
    struct regex_budget budget = default_budget();
    struct regex_error error;
    struct regex *regex = regex_compile(*state, (struct view){text, sizeof(text)}, &budget, &error);
    assert_non_null(regex);
    regex_free(regex);
}

static void test_number_of_groups(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    char pattern[3 * REGEX_GROUP_MAX + 1] = "";
    for (size_t i = 0; i < REGEX_GROUP_MAX - 1; i++)
        memcpy(pattern + 3 * i, "(a)", 4);
    assert_int_equal(search(state, pattern, VIEW("b"), &groups, &budget), REGEX_NO_MATCH);
    memcpy(pattern + 3 * (REGEX_GROUP_MAX - 1), "(a)", 4);
    assert_wrong(state, view_of(pattern), "more than 31 groups, write (?:…) for some", 0);
}

static void test_nesting(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_error error;
    char pattern[128 + 1] = "";
    memset(pattern, '(', 64);
    memset(pattern + 64, ')', 64);
    assert_null(regex_compile(*state, view_of(pattern), &budget, &error));
    assert_view(error.text, "parentheses are too deeply nested");
}

/* ---- limits ----------------------------------------------------------------------------------*/

/* A subject of the largest size made of one text. */
static struct view long_subject(void **state, const char *text)
{
    struct str subject;
    str_init(&subject, *state);
    while (subject.len + strlen(text) <= REGEX_SUBJECT_MAX)
        str_addz(&subject, text);
    return str_view(&subject);
}

/*
 * Patterns that take seconds to minutes without a limit, though many of them with few callouts:
 * backtracking without end, starting again at every offset, single items that pass over everything,
 * fixed counts that fail late, clusters, lookbehinds, backreferences.
 */
static void test_catastrophic_patterns_end(void **state)
{
    static const struct {
        const char *pattern, *subject;
    } cases[] = {
        {"(a+)+[!?]", "a"},
        {"(?:a?){30}a{30}[!?]", "a"},
        {"(?:a|a)*[!?]", "a"},
        {"\\w*x*[!?]", "a"},
        {"\\w*[!?]", "a"},
        {"\\w*+[!?]", "a"},
        {"(?>\\w*)[!?]", "a"},
        {".*.*.*[!?]", "a"},
        {"\\X[!?]", "\xcc\x81"},
        {"\\X+[!?]", "\xcc\x81"},
        {"\\w{60000}\\w*[!?]", "a"},
        {"(?:\\w{20000}|[a-z]{19999})[!?]", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {"(?<=[a-z]{30000}x)a|b*[!?]", "a"},
        {"^(a{20000}).*?\\1.*\\1[!?]", "a"},
        {"(?=(\\w+))\\1[!?]", "a"},
        {"(\\w)(?1)*(?1)*[!?]", "a"},
        {"(?:(?=a)|(?!b))*+a*a*a*[!?]", "a"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct regex_budget budget = default_budget();
        struct regex_groups groups;
        struct view subject = long_subject(state, cases[i].subject);
        enum regex_result result = search(state, cases[i].pattern, subject, &groups, &budget);
        if (result != REGEX_LIMIT)
            fail_msg("%s: result %d", cases[i].pattern, result);
        /* One match took all it may take, and not much more. */
        assert_true(budget.run < 20 * 1000 * 1000 && budget.run > 18 * 1000 * 1000);
    }
}

/* What rules do in earnest costs little. */
static void test_ordinary_patterns_are_cheap(void **state)
{
    static const char *const patterns[] = {
        "^(?:python3? -m )?pip3? install\\b",
        "^apt(?:-get)? (?:-\\S+ )*install\\b",
        "(?<name>[a-z][a-z0-9-]*)(?:=(?<version>\\S+))?",
        "\\b(?<pkg>openjdk-?\\d+\\S*)",
    };
    struct view subject = VIEW("apt-get -y -qq install --no-install-recommends ca-certificates "
                               "curl=7.88.1-10+deb12u8 openjdk-17-jdk-headless python3-pip");
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        struct regex_budget budget = default_budget();
        struct regex_groups groups;
        struct regex *regex = compile(state, patterns[i], &budget);
        long long before = budget.run;
        regex_match(regex, subject, 0, &groups);
        assert_true(before - budget.run < 1000);
        regex_free(regex);
    }
}

static void test_steps_are_the_same_each_time(void **state)
{
    struct regex_groups groups;
    long long first = 0;
    for (int i = 0; i < 3; i++) {
        struct regex_budget budget = default_budget();
        search(state, "(\\w+)\\s*=\\s*(\\w+)", VIEW("one two three = four"), &groups, &budget);
        assert_true(i == 0 || budget.run == first);
        first = budget.run;
    }
}

static void test_run_budget_is_shared(void **state)
{
    struct regex_budget budget = budget_of(100 * 1000, 1000 * 1000);
    struct regex_groups groups;
    struct regex *slow = compile(state, "\\w*x*[!?]", &budget);
    struct regex *other = compile(state, "a", &budget);
    assert_int_equal(regex_match(other, VIEW("a"), 0, &groups), REGEX_MATCH);
    assert_int_equal(regex_match(slow, long_subject(state, "a"), 0, &groups), REGEX_LIMIT);
    assert_int_equal(regex_match(other, VIEW("a"), 0, &groups), REGEX_LIMIT);
    struct regex_error error;
    assert_null(regex_compile(*state, VIEW("b"), &budget, &error));
    assert_int_equal(error.kind, REGEX_LIMIT);
    regex_free(slow);
    regex_free(other);
}

/* Looking up the other case of a million characters takes 7 ms a class. */
static void test_compiling_counts(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_error error;
    struct str pattern;
    str_init(&pattern, *state);
    str_addz(&pattern, "(?i)");
    while (pattern.len < 1000)
        str_addz(&pattern, "[\\x{0}-\\x{10ffff}]");
    assert_null(regex_compile(*state, str_view(&pattern), &budget, &error));
    assert_int_equal(error.kind, REGEX_LIMIT);
    /* Without the option, or with ranges as people write them, it is nothing. */
    budget = default_budget();
    regex_free(
        regex_compile(*state, view_slice(str_view(&pattern), 4, pattern.len), &budget, &error));
    regex_free(compile(state, "(?i)[a-z0-9_]+-[\xd0\xb0-\xd1\x8f]\\[x-\\]", &budget));
    assert_true(budget.run > 19 * 1000 * 1000);
}

static void test_subject_too_long(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    struct str subject;
    str_init(&subject, *state);
    str_fill(&subject, 'a', REGEX_SUBJECT_MAX);
    assert_int_equal(search(state, "a$", str_view(&subject), &groups, &budget), REGEX_MATCH);
    str_addc(&subject, 'a');
    assert_int_equal(search(state, "a", str_view(&subject), &groups, &budget), REGEX_LIMIT);
}

/* Each round takes a frame of the matcher: 4 MiB are allowed. */
static void test_heap_limit(void **state)
{
    struct regex_budget budget = budget_of(1000 * 1000 * 1000, 1000 * 1000 * 1000);
    struct regex_groups groups;
    struct view subject = long_subject(state, "ab");
    assert_int_equal(search(state, "(?:a|b)*[!?]", subject, &groups, &budget), REGEX_LIMIT);
}

/* A pattern can't raise its limits: (*LIMIT_…) only lowers them. */
static void test_pattern_cannot_raise_limits(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex_groups groups;
    struct view subject = long_subject(state, "a");
    assert_int_equal(search(state,
                            "(*LIMIT_MATCH=4000000000)(*LIMIT_HEAP=4000000000)"
                            "(*NO_AUTO_POSSESS)(*NO_START_OPT)(a+)+[!?]",
                            subject, &groups, &budget),
                     REGEX_LIMIT);
}

/* ---- memory ----------------------------------------------------------------------------------*/

struct memory {
    int allocations, fail_at; /* of all: the number of the one that fails; 0: none */
    bool fail_later;          /* and all after it */
    int held;
};

static void *memory_alloc(void *context, size_t size)
{
    struct memory *memory = context;
    int number = ++memory->allocations;
    if (memory->fail_at != 0 &&
        (number == memory->fail_at || (memory->fail_later && number > memory->fail_at)))
        return NULL;
    memory->held++;
    return malloc(size);
}

static void memory_free(void *context, void *place)
{
    struct memory *memory = context;
    assert_non_null(place);
    memory->held--;
    free(place);
}

/* True when every allocation was granted. */
static bool use_memory(void **state, struct memory *memory)
{
    struct regex_budget budget = default_budget();
    budget.alloc = memory_alloc;
    budget.free = memory_free;
    budget.context = memory;
    struct regex_error error = {.kind = REGEX_MATCH};
    struct regex *regex = regex_compile(*state, VIEW("((?<x>a)|b|(?:c*))+$"), &budget, &error);
    enum regex_result result = REGEX_MEMORY;
    if (regex != NULL) {
        struct regex_groups groups;
        result = regex_match(regex, long_subject(state, "ab"), 0, &groups);
        if (result != REGEX_MEMORY)
            assert_int_equal(result, REGEX_LIMIT); /* of the heap: it grows several times */
        regex_free(regex);
    } else {
        assert_int_equal(error.kind, REGEX_MEMORY);
    }
    assert_int_equal(memory->held, 0);
    return result != REGEX_MEMORY;
}

static void test_each_allocation_may_fail(void **state)
{
    struct memory all = {.fail_at = 0};
    assert_true(use_memory(state, &all));
    assert_true(all.allocations > 5);
    for (int later = 0; later <= 1; later++)
        for (int i = 1; i <= all.allocations; i++) {
            struct memory memory = {.fail_at = i, .fail_later = later};
            assert_false(use_memory(state, &memory));
        }
}

/* ---- scans -----------------------------------------------------------------------------------*/

/* All matches as "begin-end begin-end". */
static void assert_scan(void **state, const char *pattern, const char *subject,
                        const char *expected)
{
    struct regex_budget budget = default_budget();
    struct regex *regex = compile(state, pattern, &budget);
    struct regex_scan scan;
    struct regex_groups groups;
    struct str found;
    enum regex_result result;
    str_init(&found, *state);
    regex_scan_begin(&scan, regex, view_of(subject));
    while ((result = regex_scan_next(&scan, &groups)) == REGEX_MATCH)
        str_addf(&found, "%s%zu-%zu", found.len == 0 ? "" : " ", groups.at[0].begin,
                 groups.at[0].end);
    assert_int_equal(result, REGEX_NO_MATCH);
    if (!view_is(str_view(&found), expected))
        fail_msg("%s: expected %s, found %.*s", pattern, expected, VIEW_ARG(str_view(&found)));
    regex_free(regex);
}

/* As Perl's while (/…/g). */
static void test_scan(void **state)
{
    assert_scan(state, "a+", "baab a", "1-3 5-6");
    assert_scan(state, "a*", "baab", "0-0 1-3 3-3 4-4");
    assert_scan(state, "", "ab", "0-0 1-1 2-2");
    assert_scan(state, "", "", "0-0");
    assert_scan(state, "x", "", "");
    assert_scan(state, "", "\xc3\xa9z", "0-0 2-2 3-3");
    assert_scan(state, "^a", "aaa", "0-1");
    assert_scan(state, "\\Ga", "aaba", "0-1 1-2");
    assert_scan(state, "a|$", "ba", "1-2 2-2");
    assert_scan(state, "a\\K", "aab", "1-1 2-2");
    assert_scan(state, "(?<=a)b?", "ab", "1-2");
}

static void test_scan_checks_the_subject(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex *regex = compile(state, "a", &budget);
    struct regex_scan scan;
    struct regex_groups groups;
    regex_scan_begin(&scan, regex, VIEW("aa\xff"));
    assert_int_equal(regex_scan_next(&scan, &groups), REGEX_ERROR);
    assert_int_equal(regex_scan_next(&scan, &groups), REGEX_ERROR);
    regex_free(regex);
}

/* Checking UTF-8 again for each match would make this quadratic. */
static void test_scan_of_many_matches(void **state)
{
    struct regex_budget budget = default_budget();
    struct regex *regex = compile(state, "a", &budget);
    struct regex_scan scan;
    struct regex_groups groups;
    size_t count = 0;
    regex_scan_begin(&scan, regex, long_subject(state, "a"));
    while (regex_scan_next(&scan, &groups) == REGEX_MATCH)
        count++;
    assert_int_equal(count, REGEX_SUBJECT_MAX);
    assert_true(budget.run > 18 * 1000 * 1000);
    regex_free(regex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_groups),
        UNIT_TEST(test_last_group_unset),
        UNIT_TEST(test_names),
        UNIT_TEST(test_fixed_options),
        UNIT_TEST(test_from),
        UNIT_TEST(test_bytes_that_are_no_text),
        UNIT_TEST(test_mistakes),
        UNIT_TEST(test_longest_pattern),
        UNIT_TEST(test_number_of_groups),
        UNIT_TEST(test_nesting),
        UNIT_TEST(test_catastrophic_patterns_end),
        UNIT_TEST(test_ordinary_patterns_are_cheap),
        UNIT_TEST(test_steps_are_the_same_each_time),
        UNIT_TEST(test_run_budget_is_shared),
        UNIT_TEST(test_compiling_counts),
        UNIT_TEST(test_subject_too_long),
        UNIT_TEST(test_heap_limit),
        UNIT_TEST(test_pattern_cannot_raise_limits),
        UNIT_TEST(test_each_allocation_may_fail),
        UNIT_TEST(test_scan),
        UNIT_TEST(test_scan_checks_the_subject),
        UNIT_TEST(test_scan_of_many_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
