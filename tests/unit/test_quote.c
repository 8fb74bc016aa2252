/*
 * Words of a directive to words of a shell command and of a Dockerfile. What is written is read
 * again: by a real shell, and by the word lexer, which tests/vectors holds against BuildKit's.
 */
#include "quote.h"
#include "unit.h"
#include "word.h"

#include <stdio.h>
#include <unistd.h>

static struct view quoted(struct arena *arena, void quote(struct str *, struct view),
                          struct view word)
{
    struct str out;
    str_init(&out, arena);
    quote(&out, word);
    return str_view(&out);
}

struct row {
    const char *word, *expected;
};

static void check_rows(struct arena *arena, void quote(struct str *, struct view),
                       const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct view found = quoted(arena, quote, view_of(rows[i].word));
        if (!view_is(found, rows[i].expected))
            fail_msg("%s\n-- expected: %s\n-- found: %.*s", rows[i].word, rows[i].expected,
                     VIEW_ARG(found));
    }
}

#define CHECK_ROWS(state, quote, rows)                                                             \
    check_rows(*(state), quote, rows, sizeof(rows) / sizeof((rows)[0]))

static void test_word(void **state)
{
    static const struct row rows[] = {
        {"curl", "curl"},
        {"curl=7.88.1-10+deb12u1", "curl=7.88.1-10+deb12u1"},
        {"git@host:a/b,c%d_e", "git@host:a/b,c%d_e"},
        {"\xc3\xa4", "\xc3\xa4"},
        {"", "''"},
        {"flask>=3,<4", "'flask>=3,<4'"},
        {"a b", "'a b'"},
        {"it's", "'it'\\''s'"},
        {"a\"b", "'a\"b'"},
        {"uvicorn[standard]", "'uvicorn[standard]'"},
        {"~", "'~'"},
        {"*", "'*'"},
        {"#x", "'#x'"},
        {"!", "'!'"},
        {"`x`", "'`x`'"},
        {"a\\b", "'a\\b'"},
        {"a\nb", "'a\nb'"},
        /* a variable alone stays bare: the shell splits it */
        {"$X", "$X"},
        {"${X}", "${X}"},
        {"${X:-a b}", "${X:-a b}"},
        {"\"$X\"", "\"$X\""},
        {"\"${X}\"", "\"${X}\""},
        /* with something around it, it is one word */
        {"a$X", "\"a$X\""},
        {"$X$Y", "\"$X$Y\""},
        {"$X>=1", "\"$X>=1\""},
        {"$X\"`\\", "\"$X\\\"\\`\\\\\""},
        {"$(a b)", "\"$(a b)\""},
        /* a '$' behind a backslash, and one that begins no variable, are literal */
        {"\\$X", "'$X'"},
        {"\\$X$Y", "\"\\$X$Y\""},
        {"a$", "'a$'"},
        {"$ $-", "'$ $-'"},
        {"\\\\$X", "\"\\\\$X\""},
        {"\\\\\\$X", "'\\$X'"},
    };
    CHECK_ROWS(state, quote_word, rows);
}

static void test_value(void **state)
{
    static const struct row rows[] = {
        {"1", "1"},           {"", "''"},           {"a b", "'a b'"},       {"$X", "\"$X\""},
        {"${X}", "\"${X}\""}, {"\"$X\"", "\"$X\""}, {"$X:/b", "\"$X:/b\""},
    };
    CHECK_ROWS(state, quote_value, rows);
}

static void test_escape(void **state)
{
    static const struct row rows[] = {
        {"a", "a"},         {"$", "\\$"},       {"a$X$", "a\\$X\\$"},     {"\\", "\\"},
        {"\\\\a", "\\\\a"}, {"\\$", "\\\\\\$"}, {"\\\\$", "\\\\\\\\\\$"}, {"", ""},
    };
    CHECK_ROWS(state, quote_escape, rows);
}

static void test_variable_length(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {
        {"$X", 2},  {"$Xy_1-", 5}, {"${X}y", 4}, {"${X:-{a}}b", 9}, {"$(a (b))c", 8}, {"$1x", 2},
        {"$@", 2},  {"$?", 2},     {"$$", 0},    {"$", 0},          {"$-", 0},        {"$ X", 0},
        {"${X", 0}, {"$(X", 0},    {"X", 0},     {"$\xc3\xa4", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = quote_variable_length(view_of(rows[i].text), 0);
        if (length != rows[i].length)
            fail_msg("'%s': length %zu", rows[i].text, length);
    }
    assert_int_equal(quote_variable_length(VIEW("a$X"), 1), 2);
    assert_int_equal(quote_variable_length(VIEW("a"), 0), 0);
}

static void test_literal(void **state)
{
    struct view literal;
    assert_true(quote_literal(*state, VIEW("a\\$b \\\\$"), &literal) == true);
    assert_true(quote_literal(*state, VIEW("a\\$b"), &literal));
    assert_view(literal, "a$b");
    assert_true(quote_literal(*state, VIEW(""), &literal));
    assert_view(literal, "");
    assert_false(quote_literal(*state, VIEW("a$b"), &literal));
    assert_false(quote_literal(*state, VIEW("${b}"), &literal));
}

/* ---- read again */

enum { WORDS = 600, LENGTH_MAX = 8 };

/* Literal texts of characters that mean something to somebody. */
static struct view random_text(struct arena *arena, unsigned *seed)
{
    static const char characters[] = "ab1 \t\\\\\\$$$\"'`{}()[]*?~#!;&|<>=-_/.,:%@^";
    char text[LENGTH_MAX];
    size_t length = (*seed >> 8) % (LENGTH_MAX + 1);
    for (size_t i = 0; i < length; i++) {
        *seed = *seed * 1103515245u + 12345u;
        text[i] = characters[(*seed >> 16) % (sizeof(characters) - 1)];
    }
    *seed = *seed * 1103515245u + 12345u;
    return (struct view){arena_strndup(arena, text, length), length};
}

static void test_shell_reads_literals(void **state)
{
    struct view texts[WORDS];
    unsigned seed = 7;
    char name[] = "/tmp/dfc-test-quote-XXXXXX", line[64];
    int descriptor = mkstemp(name);
    assert_true(descriptor >= 0);
    FILE *script = fdopen(descriptor, "w");
    for (size_t i = 0; i < WORDS; i++) {
        texts[i] = random_text(*state, &seed);
        struct view word = quoted(*state, quote_word, quoted(*state, quote_escape, texts[i]));
        fprintf(script, "printf '<%%s>\\n' %.*s\n", VIEW_ARG(word));
    }
    assert_int_equal(fclose(script), 0);
    FILE *results = popen(view_format(*state, "cd / && sh %s", name).ptr, "r");
    assert_non_null(results);
    for (size_t i = 0; i < WORDS; i++) {
        assert_non_null(fgets(line, sizeof(line), results));
        struct view expected = view_format(*state, "<%.*s>\n", VIEW_ARG(texts[i]));
        if (strcmp(line, expected.ptr) != 0)
            fail_msg("expected %.*s, the shell has read %s", VIEW_ARG(expected), line);
    }
    assert_null(fgets(line, sizeof(line), results));
    assert_int_equal(pclose(results), 0);
    assert_int_equal(unlink(name), 0);
}

static bool look_up(void *context, struct view name, struct view *value)
{
    (void)context;
    *value = VIEW("v w");
    return view_is(name, "X");
}

/* What BuildKit reads out of ENV and ARG, with either escape character. */
static void test_buildkit_reads_literals(void **state)
{
    unsigned seed = 11;
    for (size_t i = 0; i < 2 * WORDS; i++) {
        struct view text = random_text(*state, &seed);
        char escape = i % 2 == 0 ? '\\' : '`';
        struct str out;
        struct word_env env = {look_up, NULL};
        str_init(&out, *state);
        quote_dockerfile(&out, quoted(*state, quote_escape, text), escape);
        struct word_result result = word_expand(*state, str_view(&out), escape, 0, &env);
        if (result.error != NULL || !view_equal(result.text, text))
            fail_msg("'%.*s' is written as %.*s and read as '%.*s'", VIEW_ARG(text),
                     VIEW_ARG(str_view(&out)), VIEW_ARG(result.text));
    }
}

static void test_dockerfile(void **state)
{
    static const struct {
        const char *word, *expected, *read;
    } rows[] = {
        {"1.4", "1.4", "1.4"},
        {"$X", "$X", "v w"},
        {"a$X", "\"a$X\"", "av w"},
        {"${X}b", "\"${X}b\"", "v wb"},
        {"$(date)", "\"\\$(date)\"", "$(date)"}, /* no shell is there to run it */
        {"\\$X", "\"\\$X\"", "$X"},
        {"a\"b", "\"a\\\"b\"", "a\"b"},
        {"", "\"\"", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str out;
        struct word_env env = {look_up, NULL};
        str_init(&out, *state);
        quote_dockerfile(&out, view_of(rows[i].word), '\\');
        struct word_result result = word_expand(*state, str_view(&out), '\\', 0, &env);
        if (!view_is(str_view(&out), rows[i].expected) || !view_is(result.text, rows[i].read))
            fail_msg("%s\n-- written: %.*s\n-- read: %.*s", rows[i].word, VIEW_ARG(str_view(&out)),
                     VIEW_ARG(result.text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_word),
        UNIT_TEST(test_value),
        UNIT_TEST(test_escape),
        UNIT_TEST(test_variable_length),
        UNIT_TEST(test_literal),
        UNIT_TEST(test_shell_reads_literals),
        UNIT_TEST(test_buildkit_reads_literals),
        UNIT_TEST(test_dockerfile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
