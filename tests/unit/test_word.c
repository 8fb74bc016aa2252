/*
 * The word lexer. Agreement with BuildKit over its recorded expansions is the business of
 * tests/vectors; here stand the rules one by one, the limits, and what the vectors leave out.
 */
#include "unit.h"
#include "word.h"

#include <stdio.h>

static const char *const variables[][2] = {
    {"HOME", "/home"},   {"EMPTY", ""},     {"BLANKS", "a  b "},
    {"LINES", "ab\ncb"}, {"PATH", "a/b/c"}, {"A", "aaa"},
};

static bool lookup(void *context, struct view name, struct view *value)
{
    (void)context;
    for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
        if (view_is(name, variables[i][0])) {
            *value = view_of(variables[i][1]);
            return true;
        }
    }
    return false;
}

static struct word_result expand(void **state, const char *text, unsigned keep)
{
    struct word_env env = {lookup, NULL};
    return word_expand(*state, view_of(text), '\\', keep, &env);
}

static void assert_expands(void **state, const char *text, const char *expected)
{
    struct word_result result = expand(state, text, 0);
    if (result.error != NULL)
        fail_msg("'%s': %s", text, result.error);
    if (!view_is(result.text, expected))
        fail_msg("'%s': expected '%s', found '%.*s'", text, expected, VIEW_ARG(result.text));
}

/* The words, joined with '|'. */
static void assert_words(void **state, const char *text, const char *expected)
{
    struct word_result result = expand(state, text, 0);
    struct str joined;
    str_init(&joined, *state);
    assert_null(result.error);
    for (size_t i = 0; i < result.words.count; i++)
        str_addf(&joined, i == 0 ? "%.*s" : "|%.*s", VIEW_ARG(result.words.items[i]));
    if (!view_is(str_view(&joined), expected))
        fail_msg("'%s': expected '%s', found '%.*s'", text, expected, VIEW_ARG(str_view(&joined)));
}

/* `error` is what follows "failed to process …: ". */
static void assert_fails(void **state, const char *text, const char *error)
{
    struct word_result result = expand(state, text, 0);
    if (result.error == NULL)
        fail_msg("'%s': expected an error, found '%.*s'", text, VIEW_ARG(result.text));
    if (!view_starts(view_of(result.error), "failed to process \"") ||
        !view_ends(view_of(result.error), error))
        fail_msg("'%s': expected '%s', found '%s'", text, error, result.error);
    assert_int_equal(result.text.len, 0);
    assert_int_equal(result.words.count, 0);
}

/* `pieces` pieces, then the same number of others. */
static struct view repeat(void **state, const char *open, size_t times, const char *close)
{
    struct str s;
    str_init(&s, *state);
    for (size_t i = 0; i < times; i++)
        str_addz(&s, open);
    for (size_t i = 0; i < times; i++)
        str_addz(&s, close);
    return str_view(&s);
}

static void test_quotes(void **state)
{
    assert_expands(state, "a'b c'd", "ab cd");
    assert_expands(state, "'$HOME \\'", "$HOME \\");
    assert_expands(state, "\"$HOME\"", "/home");
    assert_expands(state, "\"a\\\"b\\$c\\\\d\\e\"", "a\"b$c\\d\\e");
    assert_expands(state, "a\\ b\\$c\\", "a b$c");
    assert_fails(state, "'a",
                 "unexpected end of statement while looking for matching single-quote");
    assert_fails(state, "\"a$HOME",
                 "unexpected end of statement while looking for matching double-quote");
}

static void test_the_escape_character_can_be_a_backtick(void **state)
{
    struct word_env env = {lookup, NULL};
    struct word_result result = word_expand(*state, VIEW("c:\\$HOME`$x \"`\"\""), '`', 0, &env);
    assert_null(result.error);
    assert_view(result.text, "c:\\/home$x \"");
}

static void test_names(void **state)
{
    assert_expands(state, "$HOME.${HOME}x", "/home./homex");
    assert_expands(state, "$HOMEx", "");
    /* A letter of any script belongs to the name. */
    assert_expands(state, "$HOME\xe4\xb8\xad", "");
    assert_expands(state, "$12a$@b$#c$-", "abc");
    assert_expands(state, "$.$ $", "$.$ $");
    assert_fails(state, "${", "syntax error: missing '}'");
    assert_fails(state, "${}", "syntax error: bad substitution");
    assert_fails(state, "${HOME", "unsupported modifier (\xef\xbf\xbd) in substitution");
    assert_fails(state, "${HOME[0]}", "unsupported modifier ([) in substitution");
}

static void test_defaults(void **state)
{
    assert_expands(state, "${X-a}${X:-b}${EMPTY-c}${EMPTY:-d}${HOME:-e}", "abd/home");
    assert_expands(state, "${X+a}${X:+b}${EMPTY+c}${EMPTY:+d}${HOME+e}${HOME:+f}", "cef");
    assert_expands(state, "${X:-a ${Y-'b }'} \"$HOME\"}", "a b } /home");
    assert_expands(state, "${HOME?a}${EMPTY?b}", "/home");
    assert_fails(state, "${X?}", ": X: is not allowed to be unset");
    assert_fails(state, "${EMPTY:?}", ": EMPTY: is not allowed to be empty");
    assert_fails(state, "${X:?why $HOME}", ": X: why /home");
    assert_fails(state, "${X:=a}", "unsupported modifier (:=) in substitution");
    assert_fails(state, "${X:#a}", "unsupported modifier (:#) in substitution");
    /* An error inside that runs into the end is told from outside. */
    assert_fails(state, "${X:-'a}", "syntax error: missing '}'");
    assert_fails(state, "${X:-${Y^}}", "unsupported modifier (^) in substitution");
}

static void test_trimming(void **state)
{
    assert_expands(state, "${PATH#*/} ${PATH##*/} ${PATH%/*} ${PATH%%/*}", "b/c c a/b a");
    assert_expands(state, "${A#a} ${A##a*} ${A%?} ${A#\\*} ${A#}", "aa  aa aaa aaa");
    /* '*' and '?' stay on their line. */
    assert_expands(state, "${LINES##*b}", "\ncb");
    assert_expands(state, "${LINES#ab?}", "ab\ncb");
    assert_fails(state, "${A#a\\x}",
                 "invalid pattern (a\\x) in substitution: invalid escape '\\x'");
    /* Patterns of '%' are read from the back, and shown so. */
    assert_fails(state, "${A%b\\xa}",
                 "invalid pattern (a\\xb) in substitution: invalid escape '\\x'");
}

static void test_replacing(void **state)
{
    assert_expands(state, "${PATH/\\//-} ${PATH//\\//-}", "a-b/c a-b-c");
    assert_expands(state, "${A/a*/x} ${A//a/xy} ${A/b/x} ${EMPTY/a/x}", "x xyxyxy aaa ");
    assert_fails(state, "${A/a}", "syntax error: missing '/' in ${}");
    assert_fails(state, "${A/a/b", "syntax error: missing '}'");
}

static void test_replacing_all_with_templates(void **state)
{
    /* Only "//" reads templates, as Go's ReplaceAllString does. */
    assert_expands(state, "${A/a/'$0'}", "$0aa");
    assert_expands(state, "${A//a/'<$0>'}", "<a><a><a>");
    assert_expands(state, "${A//a/'${0}-'}", "a-a-a-");
    assert_expands(state, "${A//a/'$1$name$$$.'}", "$$.$$.$$.");
    /* An empty match directly behind another one is none. */
    assert_expands(state, "${A//*/x}", "x");
    assert_expands(state, "${A///-}", "-a-a-a-");
    assert_expands(state, "${PATH//b*/x}", "a/x");
}

static void test_words(void **state)
{
    assert_words(state, " a  'b c' \"\" d\\ e ", "a|b c|d e");
    assert_words(state, "x$BLANKS\"$BLANKS\"y", "xa|b|a  b y");
    assert_words(state,
                 "a\xe3\x80\x80"
                 "b\xc2\xa0"
                 "c",
                 "a|b|c");
    assert_words(state, "", "");
    /* Blanks behind "<<" do not end a word. */
    assert_words(state, "a << EOF <<- EOF < b", "a|<< EOF|<<-|EOF|<|b");
}

static void test_a_nested_word_loses_what_its_word_held(void **state)
{
    assert_words(state, "a 8${X:-0}1 b", "a|01|b");
    assert_words(state, "a 8\"${X:-0}\"1", "a|01");
    assert_words(state, "8${HOME}1", "8/home1");
    /* The text as a whole is not touched by this. */
    assert_expands(state, "8${X:-0}1", "801");
}

static void test_keeping_what_is_written(void **state)
{
    struct word_result result = expand(state, "'a'\"b\"\\c", WORD_KEEP_QUOTES);
    assert_view(result.text, "'a'\"b\"c");
    result = expand(state, "'a'\\b\"\\c\\\"\"", WORD_KEEP_ESCAPES);
    assert_view(result.text, "a\\b\\\\c\\\"");
    result = expand(state, "$X ${X} ${X:-a} ${X/b/c} ${X%d} $HOME ${HOME:-e}", WORD_KEEP_UNSET);
    assert_view(result.text, "$X ${X} ${X:-a} ${X/b/c} ${X%d} /home /home");
}

static void test_without_variables(void **state)
{
    struct word_result result = word_expand(*state, VIEW("a$HOME${B-c}"), '\\', 0, NULL);
    assert_null(result.error);
    assert_view(result.text, "ac");
}

static void test_bytes_that_are_no_characters(void **state)
{
    struct word_result result = word_expand(*state,
                                            VIEW("\xef\xbb\xbf"
                                                 "a\xff\0b\xe3"),
                                            '\\', 0, NULL);
    assert_null(result.error);
    assert_view(result.text, "a\xef\xbf\xbd\0b\xef\xbf\xbd");
}

static void test_errors_quote_the_text_as_go_does(void **state)
{
    struct word_result result =
        word_expand(*state, VIEW("'\t\x01\x7f\"\\\xff\xc2\xa0\xe4\xb8\xad"), '\\', 0, NULL);
    assert_string_equal(result.error,
                        "failed to process \"'\\t\\x01\\x7f\\\"\\\\\\xff\\u00a0\xe4\xb8\xad\": "
                        "unexpected end of statement while looking for matching single-quote");
}

static void test_nesting_is_limited(void **state)
{
    struct view deep = repeat(state, "${X:-", 150, "}");
    assert_null(word_expand(*state, deep, '\\', 0, NULL).error);
    deep = repeat(state, "${X:-", 250, "}");
    struct word_result result = word_expand(*state, deep, '\\', 0, NULL);
    assert_non_null(result.error);
    assert_true(view_ends(view_of(result.error), "nested too deeply"));
    /* Far more than any stack would hold. */
    deep = repeat(state, "\"${X:-", 300000, "}\"");
    assert_non_null(word_expand(*state, deep, '\\', 0, NULL).error);
}

static void test_work_of_patterns_is_limited(void **state)
{
    struct str s;
    str_init(&s, *state);
    str_addz(&s, "${A##'");
    str_fill(&s, '*', 20000);
    str_addz(&s, "'}");
    struct view text = str_view(&s);
    struct word_env env = {lookup, NULL};
    assert_null(word_expand(*state, text, '\\', 0, &env).error);

    str_init(&s, *state);
    for (size_t i = 0; i < 2000; i++)
        str_addf(&s, "${A/%0*d/x}", 3000, 0);
    struct word_result result = word_expand(*state, str_view(&s), '\\', 0, &env);
    assert_non_null(result.error);
    assert_true(view_ends(view_of(result.error), "pattern takes too much work in substitution"));
}

/* "FD:NAME" of each heredoc, '-' in front of the name for "<<-", '!' behind it when it is not
 * expanded. */
static void assert_heredocs(void **state, const char *line, const char *expected)
{
    struct heredoc_words found = {0};
    struct str s;
    str_init(&s, *state);
    word_find_heredocs(*state, view_of(line), &found);
    for (size_t i = 0; i < found.count; i++)
        str_addf(&s, "%s%llu:%s%.*s%s", i == 0 ? "" : " ", (unsigned long long)found.items[i].fd,
                 found.items[i].chomp ? "-" : "", VIEW_ARG(found.items[i].name),
                 found.items[i].expand ? "" : "!");
    if (!view_is(str_view(&s), expected))
        fail_msg("'%s': expected '%s', found '%.*s'", line, expected, VIEW_ARG(str_view(&s)));
}

static void test_heredocs(void **state)
{
    assert_heredocs(state, "RUN <<EOF", "0:EOF");
    assert_heredocs(state, "RUN cat <<A <<-B 3<<'C' <<\"D\"x", "0:A 0:-B 3:C! 0:Dx!");
    assert_heredocs(state, "RUN << EOF", "0:EOF");
    assert_heredocs(state, "RUN <<- EOF", "");
    assert_heredocs(state, "RUN (cat <<EOF)", "0:EOF)");
    assert_heredocs(state, "RUN <<\\EOF", "0:EOF");
    assert_heredocs(state, "RUN cat<<EOF \"<<A\" \\<<B <<<c << ''", "");
    assert_heredocs(state, "RUN echo $(( 1 << 2 ))", "0:2");
    assert_heredocs(state, "RUN <<$X <<${Y}", "0:$X 0:${Y}");
    assert_heredocs(state, "RUN 99999999999999999999<<E 18446744073709551615<<F",
                    "18446744073709551615:E 18446744073709551615:F");
}

static void test_lines_without_readable_words_have_no_heredocs(void **state)
{
    assert_heredocs(state, "RUN echo it's <<EOF", "");
    assert_heredocs(state, "RUN echo ${a[@]} <<EOF", "");
    assert_heredocs(state, "RUN <<E${a:-b}", "");
}

static void test_a_word_alone_as_heredoc(void **state)
{
    struct heredoc_word heredoc;
    assert_true(word_read_heredoc(*state, VIEW("<<-\"E F\""), &heredoc));
    assert_view(heredoc.name, "E F");
    assert_true(heredoc.chomp);
    assert_false(heredoc.expand);
    assert_false(word_read_heredoc(*state, VIEW("<<E F"), &heredoc));
    assert_false(word_read_heredoc(*state, VIEW("a<<E"), &heredoc));
    assert_false(word_read_heredoc(*state, VIEW("<<"), &heredoc));
    assert_false(word_read_heredoc(*state, VIEW("<<'E"), &heredoc));
    assert_false(word_read_heredoc(*state, VIEW(""), &heredoc));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_quotes),
        UNIT_TEST(test_the_escape_character_can_be_a_backtick),
        UNIT_TEST(test_names),
        UNIT_TEST(test_defaults),
        UNIT_TEST(test_trimming),
        UNIT_TEST(test_replacing),
        UNIT_TEST(test_replacing_all_with_templates),
        UNIT_TEST(test_words),
        UNIT_TEST(test_a_nested_word_loses_what_its_word_held),
        UNIT_TEST(test_keeping_what_is_written),
        UNIT_TEST(test_without_variables),
        UNIT_TEST(test_bytes_that_are_no_characters),
        UNIT_TEST(test_errors_quote_the_text_as_go_does),
        UNIT_TEST(test_nesting_is_limited),
        UNIT_TEST(test_work_of_patterns_is_limited),
        UNIT_TEST(test_heredocs),
        UNIT_TEST(test_lines_without_readable_words_have_no_heredocs),
        UNIT_TEST(test_a_word_alone_as_heredoc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
