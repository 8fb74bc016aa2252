/*
 * The words of a directive: how they are split, what is an operator, what is refused. What becomes
 * of a word in the end is the business of test_quote.c.
 */
#include "unit.h"
#include "words.h"

/* "a|b" for two words; "<&&>" for an operator; "(a)" for a word with something quoted. */
static struct view describe(struct arena *arena, const struct directive_words *words)
{
    struct str out;
    str_init(&out, arena);
    for (size_t i = 0; i < words->count; i++) {
        const struct directive_word *word = &words->items[i];
        const char *marks = word->kind == DIRECTIVE_OPERATOR ? "<>" : word->quoted ? "()" : "";
        str_addz(&out, i > 0 ? "|" : "");
        if (*marks != '\0')
            str_addc(&out, marks[0]);
        str_add(&out, word->text);
        if (*marks != '\0')
            str_addc(&out, marks[1]);
    }
    return str_view(&out);
}

struct setup {
    struct words_text text;
    struct diag_list diags;
    struct directive_words words;
    bool good;
};

static void split(struct arena *arena, const char *text, struct words_text form,
                  struct setup *setup)
{
    struct file *file = ARENA_NEW(arena, struct file);
    file->source = source_new(arena, "Dockerfile.in", view_of(text));
    *setup = (struct setup){.text = form};
    setup->text.file = file;
    setup->text.text = view_of(text);
    diag_list_init(&setup->diags, arena);
    setup->good = words_split(arena, &setup->text, &setup->diags, &setup->words);
}

struct row {
    const char *text, *words;
};

static void check_rows(struct arena *arena, struct words_text form, const struct row *rows,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct setup setup;
        split(arena, rows[i].text, form, &setup);
        struct view found = describe(arena, &setup.words);
        if (!setup.good || setup.diags.errors > 0 || !view_is(found, rows[i].words))
            fail_msg("%s\n-- expected: %s\n-- found: %.*s, %zu errors", rows[i].text, rows[i].words,
                     VIEW_ARG(found), setup.diags.errors);
    }
}

#define CHECK_ROWS(state, form, rows)                                                              \
    check_rows(*(state), form, rows, sizeof(rows) / sizeof((rows)[0]))

static const struct words_text line_form = {.skip_heredocs = false};
static const struct words_text body_form = {.is_body = true};

static void test_plain_words(void **state)
{
    static const struct row rows[] = {
        {"", ""},
        {"  \t ", ""},
        {"curl git", "curl|git"},
        {" curl\t git ", "curl|git"},
        {"flask>=3,<4", "flask>=3,<4"},
        {"uvicorn[standard] a*b ~ {c,d} !e", "uvicorn[standard]|a*b|~|{c,d}|!e"},
        {"a#b", "a#b"},
        {"https://x/?a=1&b=2", "https://x/?a=1&b=2"},
        {"a;b a(b)", "a;b|a(b)"},
        {"-t x --y=z --", "-t|x|--y=z|--"},
    };
    CHECK_ROWS(state, line_form, rows);
}

static void test_quotes(void **state)
{
    static const struct row rows[] = {
        {"'a b' \"c d\" e\\ f", "(a b)|(c d)|(e f)"},
        {"a'b'c", "(abc)"},
        {"'' \"\"", "()|()"},
        {"'a\"b' \"c'd\"", "(a\"b)|(c'd)"},
        {"\"a\\\"b\\\\c\\d\"", "(a\"b\\c\\d)"},
        {"'&&' \\; '|'", "(&&)|(;)|(|)"},
        {"'a\\b'", "(a\\b)"},
    };
    CHECK_ROWS(state, line_form, rows);
}

/* '$' is live unless it was quoted; then a backslash stands before it in the word. */
static void test_variables(void **state)
{
    static const struct row rows[] = {
        {"$X ${X} ${X:-a b} $1", "$X|${X}|${X:-a b}|$1"},
        {"a$X \"a$X\" \"$X b\"", "a$X|(a$X)|($X b)"},
        {"\"$X\" \"${X}\"", "(\"$X\")|(\"${X}\")"}, /* stays one word for the shell */
        {"'$X' \\$X \"\\$X\"", "(\\$X)|(\\$X)|(\\$X)"},
        {"a$ $- $", "a\\$|\\$-|\\$"},
        {"\\\\$X '\\$X'", "(\\\\$X)|(\\\\\\$X)"},
        {"\"$(date)\"", "($(date))"},
    };
    CHECK_ROWS(state, line_form, rows);
}

static void test_operators(void **state)
{
    static const struct row rows[] = {
        {"a && b || c", "a|<&&>|b|<||>|c"},
        {"a&&b||c", "a|<&&>|b|<||>|c"},
        {"a ; b", "a|<;>|b"},
        {"a; b;", "a|<;>|b|<;>"},
        {"a | b & c", "a|<|>|b|<&>|c"},
        {"a& b", "a|<&>|b"},
        {"a > f 2> g >> h < i", "a|<>>|f|<2>>|g|<>>>|h|<<>|i"},
        {"2>f", "<2>>|f"},
        {"a2>f", "a2>f"},
        {"2a", "2a"},
        {"a <<EOF", "a|<<<>|EOF"},
    };
    CHECK_ROWS(state, line_form, rows);
}

static void test_heredocs_left_out(void **state)
{
    static const struct words_text form = {.skip_heredocs = true};
    static const struct row rows[] = {
        {"a <<EOF b", "a|b"},
        {"<<-'EOF'", ""},
        {"<< EOF a", "a"},
        {"3<<EOF a", "a"},
    };
    CHECK_ROWS(state, form, rows);
}

static void test_bodies(void **state)
{
    static const struct row rows[] = {
        {"curl git\n\nca-certificates\n", "curl|git|ca-certificates"},
        {"# all\ncurl # for x\n  #b\ngit#c\n", "curl|git#c"},
        {"a && b ; c > d\n", "a|&&|b|;|c|>|d"},
        {"'a\nb' $X\r\nc\r\n", "(a\nb)|$X|c"},
        {"# only", ""},
    };
    CHECK_ROWS(state, body_form, rows);
}

static void test_literal_bodies(void **state)
{
    static const struct words_text form = {.is_body = true, .literal = true};
    static const struct row rows[] = {
        {"$X ${Y} \"$Z\"\n", "\\$X|\\${Y}|(\\$Z)"},
        {"$(a)\n", "\\$(a)"},
    };
    CHECK_ROWS(state, form, rows);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *code;
        size_t begin, end;
    } rows[] = {
        {"a $(b)", "shell-syntax", 2, 6},    {"a `b` c", "shell-syntax", 2, 5},
        {"a `b", "shell-syntax", 2, 3},      {"\"a `b`\"", "shell-syntax", 3, 6},
        {"a #b", "shell-syntax", 2, 3},      {"a 'b", "unbalanced-quote", 2, 3},
        {"a \"b", "unbalanced-quote", 2, 3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct setup setup;
        split(*state, rows[i].text, line_form, &setup);
        const struct diag *diag = setup.diags.all.count > 0 ? setup.diags.all.items[0] : NULL;
        if (setup.good || setup.diags.errors != 1 || strcmp(diag->code, rows[i].code) != 0 ||
            diag->at.begin != rows[i].begin || diag->at.end != rows[i].end)
            fail_msg("%s: %zu errors, the first %s at %zu to %zu", rows[i].text, setup.diags.errors,
                     diag == NULL ? "-" : diag->code, diag == NULL ? 0 : diag->at.begin,
                     diag == NULL ? 0 : diag->at.end);
    }
}

/* All mistakes are found, not only the first. */
static void test_several_errors(void **state)
{
    struct setup setup;
    split(*state, "`a` `b` #c $(d)", line_form, &setup);
    assert_false(setup.good);
    assert_int_equal(setup.diags.errors, 4);
}

static void test_places(void **state)
{
    struct setup setup;
    split(*state, " ab 'c d' && e", line_form, &setup);
    static const size_t places[][2] = {{1, 3}, {4, 9}, {10, 12}, {13, 14}};
    assert_int_equal(setup.words.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(setup.words.items[i].at.begin, places[i][0]);
        assert_int_equal(setup.words.items[i].at.end, places[i][1]);
    }
}

/* The words of an instruction stand where the source has them, continuations or not. */
static void test_places_in_instruction(void **state)
{
    struct diag_list diags;
    struct directive_words words = {0};
    const char *source = "FROM x\n@apt curl \\\n  # why\n  git\n";
    diag_list_init(&diags, *state);
    struct file *file =
        parse_file(*state, source_new(*state, "Dockerfile.in", view_of(source)), &diags);
    const struct instruction *inst = file->units[1].inst;
    struct words_text text = {
        .file = file, .inst = inst, .joined_at = inst->args_at, .text = inst->args_raw};
    assert_true(words_split(*state, &text, &diags, &words));
    assert_int_equal(words.count, 2);
    assert_view(view_slice(view_of(source), words.items[0].at.begin, words.items[0].at.end),
                "curl");
    assert_view(view_slice(view_of(source), words.items[1].at.begin, words.items[1].at.end), "git");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_plain_words),
        UNIT_TEST(test_quotes),
        UNIT_TEST(test_variables),
        UNIT_TEST(test_operators),
        UNIT_TEST(test_heredocs_left_out),
        UNIT_TEST(test_bodies),
        UNIT_TEST(test_literal_bodies),
        UNIT_TEST(test_errors),
        UNIT_TEST(test_several_errors),
        UNIT_TEST(test_places),
        UNIT_TEST(test_places_in_instruction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
