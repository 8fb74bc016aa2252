/*
 * What BuildKit's second phase refuses: for each case the code, the words the caret stands under,
 * and nothing else. The table's instructions stand behind a FROM.
 */
#include "check.h"
#include "unit.h"

struct fixture {
    struct diag_list diags;
    struct file *file;
    size_t parse_errors;
};

static void check(struct fixture *f, void **state, struct view text)
{
    diag_list_init(&f->diags, *state);
    f->file = parse_file(*state, source_new(*state, "Dockerfile", text), &f->diags);
    f->parse_errors = f->diags.all.count;
    check_file(*state, f->file, &f->diags);
}

static struct view at(const struct diag *diag)
{
    return view_slice(diag->at.source->text, diag->at.begin, diag->at.end);
}

/* Only one finding, of that code, under that text. Gives it. */
static const struct diag *assert_one(const struct fixture *f, const char *text, const char *code,
                                     const char *under)
{
    if (f->diags.all.count != 1)
        fail_msg("'%s': expected one error, found %zu", text, f->diags.all.count);
    const struct diag *diag = f->diags.all.items[0];
    assert_int_equal(diag->level, DIAG_ERROR);
    if (strcmp(diag->code, code) != 0)
        fail_msg("'%s': expected [%s], found [%s]", text, code, diag->code);
    if (!view_is(at(diag), under))
        fail_msg("'%s': expected the caret under '%s', found '%.*s'", text, under,
                 VIEW_ARG(at(diag)));
    return diag;
}

static void assert_good(void **state, const char *text)
{
    struct fixture f;
    check(&f, state, view_of(text));
    if (f.diags.all.count != 0)
        fail_msg("'%s': %.*s", text, VIEW_ARG(f.diags.all.items[0]->message));
}

static void assert_bad(void **state, const char *text, const char *code, const char *under)
{
    struct fixture f;
    check(&f, state, view_of(text));
    assert_one(&f, text, code, under);
}

/* One instruction behind a FROM, and what is wrong with it; code NULL: nothing. */
struct row {
    const char *text, *code, *under;
};

static void check_rows(void **state, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str s;
        str_init(&s, *state);
        str_addf(&s, "FROM a\n%s", rows[i].text);
        if (rows[i].code == NULL)
            assert_good(state, s.ptr);
        else
            assert_bad(state, s.ptr, rows[i].code, rows[i].under);
    }
}

#define CHECK_ROWS(state, rows) check_rows((state), (rows), sizeof(rows) / sizeof(*(rows)))

static bool has_help(const struct diag *diag, const char *text)
{
    for (size_t i = 0; i < diag->hints.count; i++) {
        struct view hint = diag->hints.items[i].text;
        if (diag->hints.items[i].help && view_search(hint, view_of(text)) < hint.len)
            return true;
    }
    return false;
}

/* The only finding's help says `help`; NULL: there is none. */
static void assert_help(void **state, const char *text, const char *help)
{
    struct fixture f;
    check(&f, state, view_of(text));
    assert_int_equal(f.diags.all.count, 1);
    const struct diag *diag = f.diags.all.items[0];
    if (help == NULL && diag->hints.count != 0)
        fail_msg("'%s': expected no help, found '%.*s'", text, VIEW_ARG(diag->hints.items[0].text));
    if (help != NULL && !has_help(diag, help))
        fail_msg("'%s': expected the help '%s'", text, help);
}

static void test_unknown_instructions(void **state)
{
    static const struct row rows[] = {
        {"RUNN a", "unknown-instruction", "RUNN"},
        {"INCLUDE x", "unknown-instruction", "INCLUDE"},
        {" && b", "unknown-instruction", "&&"},
        {"RUN\xe3\x80\x80"
         "echo a",
         "unknown-instruction",
         "RUN\xe3\x80\x80"
         "echo"},
        {"--from=a b", "unknown-instruction", "--from=a"},
        {"\\\n\n", "unknown-instruction", ""},
    };
    CHECK_ROWS(state, rows);
    assert_help(state, "FROM a\nRUNN a", "did you mean 'RUN'?");
    assert_help(state, "FROM a\nwokrdir /a", "did you mean 'WORKDIR'?");
    assert_help(state,
                "FROM a\nRUN\xe3\x80\x80"
                "a",
                "U+3000");
    assert_help(state,
                "FROM a\nRUN\xc2\xa0"
                "a",
                "U+00A0");
    assert_help(state, "FROM a\n\xef\xbb\xbfRUN a", "byte order mark");
    assert_help(state, "// a\nFROM a", "'#'");
    assert_help(state, "FROM a\nENTRYPOINT[\"a\"]", "a blank is missing behind 'ENTRYPOINT'");
    assert_help(state, "FROM a\nRUN a\n  && b", "end that line with '\\'");
    assert_help(state, "# escape=`\nFROM a\nRUN a\n  && b", "end that line with '`'");
    assert_help(state, "FROM a\nINCLUDE x", NULL);
}

static void test_flags(void **state)
{
    static const struct row rows[] = {
        {"RUN --moun=type=cache a", "unknown-flag", "--moun"},
        {"RUN --MOUNT=type=cache a", "unknown-flag", "--MOUNT"},
        {"CMD --foo", "unknown-flag", "--foo"},
        {"CMD -- --foo", NULL, NULL},
        {"ENV --a=b", "unknown-flag", "--a"},
        {"COPY --=x a b", "unknown-flag", "--"},
        {"ADD --from=x a b", "unknown-flag", "--from"},
        {"ARG --foo a", NULL, NULL},
        {"STOPSIGNAL --foo 9", NULL, NULL},
        {"COPY --chown=a --chown=b a b", "duplicate-flag", "--chown"},
        {"COPY --exclude=a --exclude=b a b", NULL, NULL},
        {"COPY --link --link a b", "duplicate-flag", "--link"},
        {"COPY --chown a b", "flag-value", "--chown"},
        {"COPY --chown= a b", NULL, NULL},
        {"COPY --link= a b", "flag-value", "--link"},
        {"COPY --link=TRUE a b", NULL, NULL},
        {"COPY --link=False a b", NULL, NULL},
        {"COPY --link=maybe a b", "flag-value", "maybe"},
        {"COPY --link=\"may be\" a b", "flag-value", "--link=\"may be\""},
        {"ADD --keep-git-dir --unpack=false --checksum=x --link a b", NULL, NULL},
    };
    CHECK_ROWS(state, rows);
    assert_help(state, "FROM a\nRUN --moun=x a", "did you mean '--mount'?");
    assert_help(state, "FROM a\nRUN --MOUNT=x a", "did you mean '--mount'?");
    assert_help(state, "FROM a\nCOPY --checksum=x a b", "'--checksum' is a flag of ADD");
    assert_help(state, "FROM a\nCMD --foo", "'CMD -- --foo'");
}

static void test_flags_split_over_lines(void **state)
{
    struct fixture f;
    check(&f, state, VIEW("FROM a\nCOPY --lin\\\n# c\nk=mayb\\\ne a b\n"));
    const struct diag *diag = assert_one(&f, "split flag", "flag-value", "mayb\\\ne");
    assert_int_equal(source_position(diag->at.source, diag->at.begin).line, 4);
}

static void test_from(void **state)
{
    assert_good(state, "FROM a");
    assert_good(state, "FROM a as b");
    assert_good(state, "FROM --platform=$BUILDPLATFORM a AS Build-1.x_y");
    assert_bad(state, "FROM", "argument-count", "FROM");
    assert_bad(state, "FROM a b", "argument-count", "b");
    assert_bad(state, "FROM a AS", "argument-count", "AS");
    assert_bad(state, "FROM a AS b c d", "argument-count", "c d");
    assert_bad(state, "FROM a IS b", "argument-count", "IS b");
    assert_bad(state, "FROM a # b", "argument-count", "# b");
    assert_bad(state, "FROM a AS 1b", "stage-name", "1b");
    assert_bad(state, "FROM a AS b/c", "stage-name", "b/c");
    assert_bad(state, "FROM a AS \"b\"", "stage-name", "\"b\"");
    assert_bad(state, "FROM a AS \xc3\xa9", "stage-name", "\xc3\xa9");
    assert_bad(state, "FROM --platform a", "flag-value", "--platform");
    /* The arguments are looked at before the flags. */
    assert_bad(state, "FROM --foo=1 a b", "argument-count", "b");
    assert_help(state, "FROM a # b", "on a line of its own");
}

static void test_stages(void **state)
{
    assert_good(state, "ARG A=1\nARG B\nFROM a$A\nRUN a");
    assert_bad(state, "RUN a\nFROM a", "no-stage", "RUN");
    assert_bad(state, "ARG A=1\nENV B=1\nFROM a", "no-stage", "ENV");
    /* Told once, and not at all behind a misspelt FROM. */
    assert_bad(state, "RUN a\nRUN b\nUSER c", "no-stage", "RUN");
    assert_bad(state, "FORM a\nRUN a", "unknown-instruction", "FORM");
    /* An instruction's own mistake comes first. */
    assert_bad(state, "USER\nFROM a", "argument-count", "USER");
    /* That a file has no stage is found when it is built. */
    assert_good(state, "ARG A=1");
    /* A directive may bring one along. */
    assert_good(state, "@include base\nRUN a");
}

static void test_numbers_of_arguments(void **state)
{
    static const struct row rows[] = {
        {"COPY", "argument-count", "COPY"},
        {"COPY a", "argument-count", "a"},
        {"COPY [\"a\"]", "argument-count", "[\"a\"]"},
        {"COPY --foo a", "argument-count", "a"},
        {"ADD", "argument-count", "ADD"},
        {"COPY [\"a\", \"b\"]", NULL, NULL},
        {"EXPOSE", "argument-count", "EXPOSE"},
        {"USER", "argument-count", "USER"},
        {"WORKDIR", "argument-count", "WORKDIR"},
        {"STOPSIGNAL", "argument-count", "STOPSIGNAL"},
        {"MAINTAINER", "argument-count", "MAINTAINER"},
        {"USER a b", NULL, NULL},
        {"VOLUME", "argument-count", "VOLUME"},
        {"VOLUME []", "argument-count", "VOLUME"},
        {"VOLUME [\" \", \"a\"]", "blank-name", "[\" \", \"a\"]"},
        {"ENV", "argument-count", "ENV"},
        {"LABEL", "argument-count", "LABEL"},
        {"ARG", "argument-count", "ARG"},
        {"ARG --a", "argument-count", "ARG"},
        {"RUN", NULL, NULL},
        {"CMD", NULL, NULL},
        {"ENTRYPOINT []", NULL, NULL},
    };
    CHECK_ROWS(state, rows);
}

static void test_heredoc_destinations(void **state)
{
    static const struct row rows[] = {
        {"COPY a <<EOF\nEOF", "heredoc-destination", "<<EOF"},
        {"ADD a 3<<-'E'\nE", "heredoc-destination", "3<<-'E'"},
        {"COPY [\"a\", \"<<EOF\"]", "heredoc-destination", "[\"a\", \"<<EOF\"]"},
        {"COPY [\"a\", \"<<E F\"]", NULL, NULL},
        {"COPY <<EOF b\nEOF", NULL, NULL},
        {"COPY a <<b<", NULL, NULL},
    };
    CHECK_ROWS(state, rows);
}

static void test_names_and_values(void **state)
{
    static const struct row rows[] = {
        {"ENV =b", "blank-name", "=b"},
        {"LABEL a=b =c", "blank-name", "=c"},
        {"ARG A = 1", "blank-name", "="},
        {"ARG A =1", "blank-name", "=1"},
        {"ARG A", NULL, NULL},
        {"ENV a b", NULL, NULL},
        {"ENV a= b=", NULL, NULL},
        {"SHELL bash -c", "shell-form", "bash -c"},
        {"SHELL []", "argument-count", "SHELL"},
        {"SHELL", "argument-count", "SHELL"},
        {"SHELL [\"a\"]", NULL, NULL},
    };
    CHECK_ROWS(state, rows);
    assert_help(state, "FROM a\nSHELL bash -c", "'SHELL [\"bash\", \"-c\"]'");
}

static void test_onbuild(void **state)
{
    static const struct row rows[] = {
        {"ONBUILD", "argument-count", "ONBUILD"},
        {"ONBUILD ONBUILD RUN a", "onbuild-trigger", "ONBUILD"},
        {"ONBUILD from x", "onbuild-trigger", "from"},
        {"ONBUILD MAINTAINER x", "onbuild-trigger", "MAINTAINER"},
        {"ONBUILD --foo FROM x", "unknown-flag", "--foo"},
        {"ONBUILD FROM\xe3\x80\x80 x", "onbuild-trigger", "FROM\xe3\x80\x80"},
        /* The rest is looked at when it is triggered. */
        {"ONBUILD RUN --foo a", NULL, NULL},
        {"ONBUILD NONSENSE a", NULL, NULL},
        {"ONBUILD COPY a", NULL, NULL},
    };
    CHECK_ROWS(state, rows);
}

static void test_healthchecks(void **state)
{
    static const struct row rows[] = {
        {"HEALTHCHECK", "argument-count", "HEALTHCHECK"},
        {"HEALTHCHECK none", NULL, NULL},
        {"HEALTHCHECK --foo NONE", NULL, NULL},
        {"HEALTHCHECK NONE x", "healthcheck", "NONE x"},
        {"HEALTHCHECK CMD", "healthcheck", "CMD"},
        {"HEALTHCHECK CMD []", "healthcheck", "CMD"},
        {"HEALTHCHECK CONNECT x", "healthcheck", "CONNECT"},
        {"HEALTHCHECK --foo=1 CONNECT x", "unknown-flag", "--foo"},
        {"HEALTHCHECK cmd [\"a\"]", NULL, NULL},
        {"HEALTHCHECK --retries=-1 CMD a", "healthcheck", "-1"},
        {"HEALTHCHECK --retries=x CMD a", "healthcheck", "x"},
        {"HEALTHCHECK --retries=2147483648 CMD a", "healthcheck", "2147483648"},
        {"HEALTHCHECK --retries=2147483647 CMD a", NULL, NULL},
        {"HEALTHCHECK --retries=+0 CMD a", NULL, NULL},
        {"HEALTHCHECK --retries= --timeout= CMD a", NULL, NULL},
    };
    CHECK_ROWS(state, rows);
}

static void test_durations(void **state)
{
    static const char *const good[] = {"0",
                                       "5s",
                                       "1m30s",
                                       "1.5h",
                                       ".5s",
                                       "5.s",
                                       "+1s",
                                       "-0s",
                                       "1ms",
                                       "1000us",
                                       "0s0h",
                                       "1000000ns",
                                       "2562047h47m16.854775807s"};
    static const char *const bad[] = {"5",
                                      "-1s",
                                      "1us",
                                      "s",
                                      ".s",
                                      "1x",
                                      "1s5",
                                      "1S",
                                      "1.2.3s",
                                      "1e3s",
                                      "999us",
                                      "1_0s",
                                      "+",
                                      "2562047h47m16.854775808s",
                                      "99999999999999999999s"};
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        assert_good(state,
                    view_format(*state, "FROM a\nHEALTHCHECK --interval=%s CMD a", good[i]).ptr);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_bad(state,
                   view_format(*state, "FROM a\nHEALTHCHECK --start-interval=%s CMD a", bad[i]).ptr,
                   "healthcheck", bad[i]);
    assert_help(state, "FROM a\nHEALTHCHECK --timeout=30 CMD a", "'--timeout=30s'");
}

static void test_run_flags(void **state)
{
    static const struct row rows[] = {
        {"RUN --mount a", "flag-value", "--mount"},
        {"RUN --mount= a", "mount", "--mount="},
        {"RUN --mount=type=nope,target=/x,foo a", NULL, NULL},
        {"RUN --mount=type=bind,from=$X a", "mount", "type=bind,from=$X"},
        {"RUN --mount=type=bind,FROM=a${X} a", "mount", "type=bind,FROM=a${X}"},
        {"RUN --mount=from=$ a", NULL, NULL},
        {"RUN --mount=target=$X,id=$Y a", NULL, NULL},
        {"RUN --mount=type=cache,\\\"target=/x,y\\\" a", NULL, NULL},
        {"RUN --mount=a\\\"b a", "mount", "--mount=a\\\"b"},
        {"RUN --mount=\\\"a\\\"b a", "mount", "--mount=\\\"a\\\"b"},
        {"RUN --mount=\\\"a a", "mount", "--mount=\\\"a"},
        {"RUN --mount=\\\"\\\"\\\"\\\" a", NULL, NULL},
        {"RUN --mount=a --mount=from=$X a", "mount", "from=$X"},
        {"RUN --network=host --security=insecure a", NULL, NULL},
        {"RUN --network=bad a", "flag-value", "bad"},
        {"RUN --network= a", "flag-value", "--network="},
        {"RUN --network=HOST a", "flag-value", "HOST"},
        {"RUN --security=bad a", "flag-value", "bad"},
        {"RUN --device=a,required --device=name=b,required=T a", NULL, NULL},
        {"RUN --device=a,b a", "flag-value", "a,b"},
        {"RUN --device=a,required, a", "flag-value", "a,required,"},
        {"RUN --device=required=x a", "flag-value", "required=x"},
        {"RUN --device=a,name=b a", "flag-value", "a,name=b"},
        /* In the order of BuildKit: devices, mounts, network, security. */
        {"RUN --network=x --mount= --device=a,b a", "flag-value", "a,b"},
        {"RUN --security=x --network=y --mount= a", "mount", "--mount="},
    };
    CHECK_ROWS(state, rows);
}

static void test_one_error_for_an_instruction(void **state)
{
    /* What parsing reported is not reported again. */
    static const char *const texts[] = {
        "FROM a\nENV a",           "FROM a\nLABEL =a b",         "FROM a\nSHELL [\"a\", 1]",
        "FROM a\nCOPY [\"a\", 1]", "FROM a\nRUN --foo <<EOF\na",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct fixture f;
        check(&f, state, view_of(texts[i]));
        assert_int_equal(f.parse_errors, 1);
        assert_int_equal(f.diags.all.count, 1);
    }
    assert_bad(state, "FROM a\nCOPY --foo --bar --link=x <<A <<B\nA\nB\n", "unknown-flag", "--foo");
}

static void test_every_instruction_is_looked_at(void **state)
{
    struct fixture f;
    check(&f, state, VIEW("FROM a\nENV a\nUSER\nRUN a\nEXPOSE\n\nFOO\nLABEL b\nVOLUME\n"));
    assert_int_equal(f.parse_errors, 2);
    assert_int_equal(f.diags.all.count, 6);
    static const char *const under[] = {"a", "b", "USER", "EXPOSE", "FOO", "VOLUME"};
    for (size_t i = 0; i < 6; i++)
        assert_true(view_is(at(f.diags.all.items[i]), under[i]));
}

static void test_one_instruction_alone(void **state)
{
    struct fixture f;
    check(&f, state, VIEW("RUN a\nENV\nENV a\n"));
    size_t before = f.diags.all.count;
    /* The stage is a question of the neighbours. */
    check_instruction(*state, f.file, f.file->units[0].inst, &f.diags);
    assert_int_equal(f.diags.all.count, before);
    check_instruction(*state, f.file, f.file->units[1].inst, &f.diags);
    assert_int_equal(f.diags.all.count, before + 1);
    check_instruction(*state, f.file, f.file->units[2].inst, &f.diags);
    assert_int_equal(f.diags.all.count, before + 1);
}

static void test_directives_are_left_alone(void **state)
{
    assert_good(state, "FROM a\n@apt --nonsense=x\n@ foo\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_unknown_instructions),
        UNIT_TEST(test_flags),
        UNIT_TEST(test_flags_split_over_lines),
        UNIT_TEST(test_from),
        UNIT_TEST(test_stages),
        UNIT_TEST(test_numbers_of_arguments),
        UNIT_TEST(test_heredoc_destinations),
        UNIT_TEST(test_names_and_values),
        UNIT_TEST(test_onbuild),
        UNIT_TEST(test_healthchecks),
        UNIT_TEST(test_durations),
        UNIT_TEST(test_run_flags),
        UNIT_TEST(test_one_error_for_an_instruction),
        UNIT_TEST(test_every_instruction_is_looked_at),
        UNIT_TEST(test_one_instruction_alone),
        UNIT_TEST(test_directives_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
