/*
 * The shell splitter: which commands it sees, what joins them, their words and places. That text
 * without a command is still correct shell is tried on a real shell by test_edit.c's removals.
 */
#include "shell_split.h"
#include "unit.h"

static const char *const joiners[] = {
    [SHELL_START] = "",     [SHELL_AND] = "&&", [SHELL_OR] = "||",
    [SHELL_SEQUENCE] = ";", [SHELL_PIPE] = "|", [SHELL_BACKGROUND] = "&"};

/* "&& b ;": a command with the operators around it, in "{ }" when it is nested. */
static struct view describe(struct arena *arena, const struct shell_commands *commands)
{
    struct str out;
    str_init(&out, arena);
    for (size_t i = 0; i < commands->count; i++) {
        const struct shell_command *command = &commands->items[i];
        str_addz(&out, i > 0 ? "\n" : "");
        str_addz(&out, command->nested ? "{ " : "");
        str_addf(&out, "%s%s", joiners[command->before], command->before == SHELL_START ? "" : " ");
        str_addz(&out, command->has_sudo ? "sudo: " : "");
        str_add(&out, shell_command_text(arena, command));
        str_addf(&out, "%s%s", command->after == SHELL_START ? "" : " ", joiners[command->after]);
        str_addz(&out, command->nested ? " }" : "");
    }
    return str_view(&out);
}

static struct shell_commands split(struct arena *arena, const char *text)
{
    /* A copy without a NUL behind it, so that reading behind its end is seen. */
    size_t length = strlen(text);
    struct view copy = {arena_alloc(arena, length), length};
    memcpy((char *)copy.ptr, text, length);
    struct shell_commands commands = {0};
    shell_split(arena, copy, &commands);
    return commands;
}

struct row {
    const char *text, *commands;
};

static void check_rows(struct arena *arena, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct shell_commands commands = split(arena, rows[i].text);
        struct view found = describe(arena, &commands);
        if (!view_is(found, rows[i].commands))
            fail_msg("%s\n-- expected:\n%s\n-- found:\n%.*s", rows[i].text, rows[i].commands,
                     VIEW_ARG(found));
    }
}

#define CHECK_ROWS(state, rows) check_rows(*(state), rows, sizeof(rows) / sizeof((rows)[0]))

static void test_lists(void **state)
{
    static const struct row rows[] = {
        {"", ""},
        {"  \t ", ""},
        {"a", "a"},
        {"a b  c", "a b c"},
        {"a && b", "a &&\n&& b"},
        {"a&&b||c", "a &&\n&& b ||\n|| c"},
        {"a; b;c", "a ;\n; b ;\n; c"},
        {"a | b |& c", "a |\n| b |\n| c"},
        {"a & b", "a &\n& b"},
        {"a &", "a &"},
        {"a;", "a"},
        {"a; b ;", "a ;\n; b"},
        {"a && b && c", "a &&\n&& b &&\n&& c"},
        /* the text of a RUN ends here or is broken off */
        {"a && ", "{ a && }"},
        {"&& a", "{ a }"},
        {"a ;; b", "{ a ; }\n{ ; b }"},
        {"a b) c", "{ a b }\n{ c }"},
    };
    CHECK_ROWS(state, rows);
}

static void test_lines(void **state)
{
    static const struct row rows[] = {
        {"a\nb\n", "a ;\n; b"},
        {"\n\na\n\n\nb", "a ;\n; b"},
        {"a &&\n  b", "a &&\n&& b"},
        {"a |\n\nb", "a |\n| b"},
        {"a;\nb", "a ;\n; b"},
        {"a &\nb", "a &\n& b"},
        {"a \\\n  b \\\n c\nd", "a b c ;\n; d"},
        {"a\\\nb", "ab"},
        {"a\r\nb\r\n", "a ;\n; b"},
        {"# c\na # d && e\n#f\nb#g", "a ;\n; b#g"},
        {"a && # why\n b", "a &&\n&& b"},
        {"# only", ""},
    };
    CHECK_ROWS(state, rows);
}

static void test_words(void **state)
{
    static const struct row rows[] = {
        {"a 'b c' \"d e\"", "a b c d e"},
        {"echo \"pip install\" && b", "echo pip install &&\n&& b"},
        {"echo 'a && b; c | d'", "echo a && b; c | d"},
        {"a\\ b \\; \\&\\& c", "a b ; && c"},
        {"a \"b\\\"c\\\\d\\$e\\f\"", "a b\"c\\d$e\\f"},
        {"a'b'\"c\"d", "abcd"},
        {"a '' \"\" b", "a   b"},
        {"a $X ${Y:-z w} \"$Z\"", "a $X ${Y:-z w} $Z"},
        {"a ${X:-\"}\"} b", "a ${X:-\"}\"} b"},
        {"a \"${X:-it's}\" && b", "a ${X:-it's} &&\n&& b"},
        {"a ${X:-'}'} && b", "a ${X:-'}'} &&\n&& b"},
        {"a $((1 + (2))) && b", "a $((1 + (2))) &&\n&& b"},
        {"a $(( x & y )) b", "a $(( x & y )) b"},
        {"a {b,c} [d] *", "a {b,c} [d] *"},
        {"a b=c", "a b=c"},
        {"a \"unterminated && b", "{ a unterminated && b }"},
        {"a 'unterminated && b", "{ a unterminated && b }"},
        {"a $'b\\'c' d", "{ a $b\\c d }"},
    };
    CHECK_ROWS(state, rows);
}

static void test_programs(void **state)
{
    static const struct row rows[] = {
        {"X=1 Y='a b' pip install", "pip install"},
        {"X=1", ""},
        {"X+=1 a", "a"},
        {"X=$Y Z=\"$(b)\" a && c", "a &&\n{ b }\n&& c"},
        {"1=2 a", "1=2 a"},
        {"sudo pip install", "sudo: pip install"},
        {"sudo -n pip install", "sudo: pip install"},
        {"sudo -H -u app -- pip install", "sudo: pip install"},
        {"sudo --user=app X=1 pip install", "sudo: pip install"},
        {"sudo -E env -i X=1 -u Y pip install", "sudo: -u Y pip install"},
        {"env -i -u Y X=1 pip install", "pip install"},
        {"env", "env"},
        {"exec a b", "a b"},
        {"exec -a name a b", "a b"},
        {"exec >log", "exec"},
        {"time -p a", "a"},
        {"nice -n 5 a", "a"},
        {"nice -5 a", "a"},
        {"nohup a &", "a &"},
        {"timeout 30 a", "a"},
        {"timeout -k 5 30s a b", "a b"},
        {"timeout 30", "timeout 30"},
        {"command a b", "a b"},
        {"command -v pip && a", "command -v pip &&\n&& a"},
        {"python3 -m pip install x", "python3 -m pip install x"},
        {"/usr/bin/pip install", "/usr/bin/pip install"},
    };
    CHECK_ROWS(state, rows);
}

static void test_redirections(void **state)
{
    static const struct row rows[] = {
        {"a > f && b", "a &&\n&& b"},
        {"a 2>&1 >/dev/null b", "a b"},
        {"2>/dev/null a && b", "a &&\n&& b"},
        {"a 2 >f", "a 2"},
        {"a <f >>g 3<>h >|i 2>&- b", "a b"},
        {"a <<<\"b && c\" && d", "a &&\n&& d"},
        {"> f", ""},
        {"a &> f && b", "{ a && }\n&& b"},
        {"diff <(a) <(b | c) && d", "diff <(a) <(b | c) &&\n{ a }\n{ b | }\n{ | c }\n&& d"},
        {"cat <<EOF > f && b\na && b\nEOF\nc", "cat &&\n&& b ;\n; c"},
        {"cat <<-'A' <<B\n\tx\n\tA\ny && z\nB\nc", "cat ;\n; c"},
        {"cat <<-A\nx", "cat"},
        {"cat << EOF\nx\n EOF\nEOF\nc", "cat ;\n; c"},
        {"a >", "{ a }"},
    };
    CHECK_ROWS(state, rows);
}

static void test_compounds(void **state)
{
    static const struct row rows[] = {
        {"(a; b) && c", "{ a ; }\n{ ; b }\n&& c"},
        {"{ a; b; } && c", "{ a ; }\n{ ; b }\n&& c"},
        {"a && { b; }", "a &&\n{ b }"},
        {"a && (b) | c", "a &&\n{ b }\n| c"},
        {"if a; then b; elif c; then d; else e; fi && f",
         "{ a }\n{ b }\n{ c }\n{ d }\n{ e }\n&& f"},
        {"while a; do b; done; c", "{ a }\n{ b }\n; c"},
        {"until a\ndo b\ndone\nc", "{ a }\n{ b }\n; c"},
        {"for x in a b; do c $x && d; done; e", "{ c $x && }\n{ && d }\n; e"},
        {"for x in $(a) `b`\ndo c\ndone", "{ a }\n{ b }\n{ c }"},
        {"for x do a; done", "{ a }"},
        {"for x\nin a b\ndo c; done", "{ c }"},
        {"for ((i=0; i<3; i++)); do a; done; b", "{ a }\n; b"},
        {"for x in a b; do c; done > f 2>&1 && d", "{ c }\n&& d"},
        {"case $x in a) b;; c|d) e && f ;; (g) h; esac; i",
         "{ b }\n{ e && }\n{ && f }\n{ h }\n; i"},
        {"case x in pip) sudo a ;& b) c ;;& *) esac && d", "{ sudo: a }\n{ c }\n&& d"},
        {"case \"$(a)\" in\n# why\na) (b; c) ;;\nesac\nd", "{ a }\n{ b ; }\n{ ; c }\n; d"},
        {"f() { a; }; b", "{ a }\n; b"},
        {"f () (a) && b", "{ a }\n&& b"},
        {"function f { a; }; b", "{ a }\n; b"},
        {"function f() { a; }; b", "{ a }\n; b"},
        {"a && ! b && c", "a &&\n{ && b && }\n&& c"},
        {"! a | b && c", "{ a | }\n{ | b && }\n&& c"},
        {"[[ -f a && ( b || c ) ]] && d", "[[ -f a b c ]] &&\n&& d"},
        {"if a; then (b) fi; c", "{ a }\n{ b }\n; c"},
        {"x=(a 'b c' $(d)) && e", " &&\n{ d }\n&& e"},
        {"echo if then { do done }; a", "echo if then { do done } ;\n; a"},
        {"'if' a; b", "if a ;\n; b"},
        /* no correct shell: nothing is taken for safe */
        {"fi && a", "{ fi && }\n{ && a }"},
        {"if a; then b", "{ a }\n{ b }"},
        {"(a) b", "{ a }\n{ b }"},
        {"a (b)", "{ a }\n{ b }"},
        {"[[ a && b", "{ [[ a b }"},
    };
    CHECK_ROWS(state, rows);
}

static void test_substitutions(void **state)
{
    static const struct row rows[] = {
        {"a $(b && c) d && e", "a $(b && c) d &&\n{ b && }\n{ && c }\n&& e"},
        {"a \"$(b \"c d\")\" && e", "a $(b \"c d\") &&\n{ b c d }\n&& e"},
        {"a `b; c` && d", "a `b; c` &&\n{ b ; }\n{ ; c }\n&& d"},
        {"a \"`b`\"", "a `b`\n{ b }"},
        {"a $(case x in y) z;; esac) && b", "a $(case x in y) z;; esac) &&\n{ z }\n&& b"},
        {"a $(b # )\n) && c", "a $(b # )\n) &&\n{ b }\n&& c"},
        {"$(a) b && c", "$(a) b &&\n{ a }\n&& c"},
        {"x=$(a; b)", "\n{ a ; }\n{ ; b }"},
        {"a ${X:-$(b)}", "a ${X:-$(b)}\n{ b }"},
        {"a $((1 + $(b)))", "a $((1 + $(b)))\n{ b }"},
        {"a '$(b)' \"\\$(c)\" \\$\\(d\\)", "a $(b) $(c) $(d)"},
        {"a $(b", "{ a $(b }\n{ b }"},
    };
    CHECK_ROWS(state, rows);
}

/* Bytes [begin, end) of the text, for each command and each word of it. */
static void assert_place(const char *text, size_t begin, size_t end, const char *expected)
{
    struct view found = view_slice(view_of(text), begin, end);
    if (!view_is(found, expected))
        fail_msg("expected '%s', found '%.*s'", expected, VIEW_ARG(found));
}

static void test_places(void **state)
{
    const char *text = "set -e; 2>&1 X=1 sudo pip 'in'stall \"$A\" >f && b";
    struct shell_commands commands = split(*state, text);
    assert_int_equal(commands.count, 3);
    const struct shell_command *pip = &commands.items[1];
    assert_place(text, pip->begin, pip->end, "2>&1 X=1 sudo pip 'in'stall \"$A\" >f");
    assert_place(text, pip->before_begin, pip->begin, "; ");
    assert_place(text, pip->end, pip->after_end, " &&");
    assert_int_equal(pip->word_count, 3);
    assert_place(text, pip->words[0].begin, pip->words[0].end, "pip");
    assert_place(text, pip->words[1].begin, pip->words[1].end, "'in'stall");
    assert_place(text, pip->words[2].begin, pip->words[2].end, "\"$A\"");
    assert_false(pip->words[1].live);
    assert_true(pip->words[2].live);
    assert_int_equal(commands.items[0].element, 1);
    assert_int_equal(pip->element, 2);
    assert_int_equal(commands.items[2].element, 3);
}

/* Of "; newline" the newline stands before the next command, so that a comment can stay. */
static void test_place_of_newline(void **state)
{
    const char *text = "a; # why\n b";
    struct shell_commands commands = split(*state, text);
    assert_int_equal(commands.count, 2);
    assert_place(text, commands.items[1].before_begin, commands.items[1].begin, "\n ");
    assert_place(text, commands.items[0].end, commands.items[0].after_end, ";");
}

static void test_elements_count_compounds(void **state)
{
    struct shell_commands commands = split(*state, "a; (b; c); d");
    assert_int_equal(commands.count, 4);
    assert_int_equal(commands.items[0].element, 1);
    assert_int_equal(commands.items[1].element, 1);
    assert_int_equal(commands.items[2].element, 2);
    assert_int_equal(commands.items[3].element, 3);
}

static void test_appends(void **state)
{
    struct shell_commands commands = split(*state, "a");
    shell_split(*state, VIEW("if b"), &commands);
    assert_int_equal(commands.count, 2);
    assert_false(commands.items[0].nested);
    assert_true(commands.items[1].nested);
}

/* A piece many times over, 300,000 bytes or more: the number of its commands. */
static size_t count_many(const char *piece)
{
    struct arena arena;
    struct str text;
    arena_init(&arena, unit_out_of_memory, NULL);
    str_init(&text, &arena);
    while (text.len < 300000)
        str_addz(&text, piece);
    struct shell_commands commands = {0};
    shell_split(&arena, str_view(&text), &commands);
    arena_release(&arena);
    return commands.count;
}

/* Each of these would take minutes or overrun the stack if the work were not proportional to the
 * text, or the recursion not bounded. */
static void test_long_texts(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t at_least;
    } rows[] = {
        {"pip install x && ", 17648},
        {"a $(b $(c)) `d` | ", 66667},
        {"$'a' ", 1},
        {"$(", 1},
        {"\"$(", 1},
        {"${a:-", 1},
        {"`", 1},
        {"<(", 1},
        {"( ", 0},
        {"if a; then ", 27273},
        {"case a in b) ", 0},
        {"[[ ", 1},
        {"<<A ", 1},
        {"a <<A\nb\n", 1},
        {"a=( ", 1},
        {"f() ", 0},
        {"'", 1},
        {"\"", 1},
        {"\\", 1},
        {"! ", 0},
        {"; ", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t count = count_many(rows[i].piece);
        if (count < rows[i].at_least)
            fail_msg("'%s': %zu commands", rows[i].piece, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_lists),
        UNIT_TEST(test_lines),
        UNIT_TEST(test_words),
        UNIT_TEST(test_programs),
        UNIT_TEST(test_redirections),
        UNIT_TEST(test_compounds),
        UNIT_TEST(test_substitutions),
        UNIT_TEST(test_places),
        UNIT_TEST(test_place_of_newline),
        UNIT_TEST(test_elements_count_compounds),
        UNIT_TEST(test_appends),
        UNIT_TEST(test_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
