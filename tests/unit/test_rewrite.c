/* What a rewrite sees of an instruction; mounts that are there; comments that silence a rule. */
#include "rewrite.h"
#include "unit.h"

static const struct file *parse(struct arena *arena, const char *text)
{
    struct diag_list diags;
    diag_list_init(&diags, arena);
    return parse_file(arena, source_new(arena, "Dockerfile", view_of(text)), &diags);
}

/* The last instruction of a file, and the stage before it. */
static struct run_view look(struct arena *arena, const char *text, struct stages *stages)
{
    struct run_view run = {.kind = RUN_OTHER};
    const struct file *file = parse(arena, text);
    const struct unit *last = NULL;
    stages_init(stages, arena, file);
    for (size_t i = 0; i < file->unit_count; i++) {
        if (last != NULL && file->units[i].kind == UNIT_INSTRUCTION)
            stages_see(stages, last->inst);
        last = file->units[i].kind == UNIT_INSTRUCTION ? &file->units[i] : last;
    }
    assert_non_null(last);
    run_view_make(arena, file, last, stages->now, &run);
    return run;
}

static void test_kinds(void **state)
{
    static const char *const kinds[] = {"other", "line", "script", "exec", "words"};
    static const struct {
        const char *text, *kind, *lines;
    } rows[] = {
        {"RUN a b && c", "line", "a b; c"},
        {"RUN a \\\n  b \\\n  && c", "line", "a b; c"},
        {"RUN", "line", ""},
        {"RUN --network=none -- a", "line", "a"},
        {"RUN <<E\na\nb c\nE\n", "script", "a; b c"},
        {"RUN <<-'E'\n\ta\n\tE\n", "script", "a"},
        {"RUN << E\na\nE\n", "script", "a"},
        {"RUN <<E\n#!/bin/sh -e\na\nE\n", "script", "a"},
        {"RUN <<E\n#! /usr/bin/env -S bash -x\na\nE\n", "script", "a"},
        {"RUN <<E\n#!/bin/busybox ash\na\nE\n", "other", ""},
        {"RUN <<E\n#!/usr/bin/env python3\na\nE\n", "other", ""},
        {"RUN <<E\n#!/bin/fish\na\nE\n", "other", ""},
        {"RUN <<E\n#!\na\nE\n", "other", ""},
        {"RUN cat <<E > f && b\na\nE\n", "line", "cat; b"},
        {"RUN <<E cat\na\nE\n", "line", "cat"},
        {"RUN <<A cat <<B\nx\nA\ny\nB\n", "line", "cat"},
        {"RUN [\"a\", \"b c\", \"\\\"\"]", "exec", "a b c \""},
        {"RUN []", "exec", ""},
        {"RUN ['a']", "line", "[a]"},
        {"CMD [\"a\", \"b\"]", "exec", "a b"},
        {"CMD a b", "words", "a b"},
        {"FROM --platform=p  x:1\tAS  y", "words", "x:1 AS y"},
        {"ENV A=\"b  c\" D='e f' G=\"h\\\" i\"", "words", "A=\"b  c\" D='e f' G=\"h\\\" i\""},
        {"HEALTHCHECK --interval=5s CMD [\"a\", \"b\"]", "words", "CMD [\"a\", \"b\"]"},
        {"COPY --link <<E b /c\nx\nE\n", "words", "<<E b /c"},
        {"ONBUILD RUN a && b", "words", "RUN a && b"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stages stages;
        struct view text = view_format(*state, "FROM x\n%s", rows[i].text);
        struct run_view run = look(*state, text.ptr, &stages);
        struct str lines;
        str_init(&lines, *state);
        for (size_t k = 0; k < run.commands.count; k++)
            str_addf(&lines, "%s%.*s", k > 0 ? "; " : "", VIEW_ARG(run.lines[k]));
        if (strcmp(kinds[run.kind], rows[i].kind) != 0 || !view_is(str_view(&lines), rows[i].lines))
            fail_msg("%s\n-- %s: %.*s", rows[i].text, kinds[run.kind], VIEW_ARG(str_view(&lines)));
    }
}

/* Each word of each command is at its place in the source. */
static void test_places(void **state)
{
    static const char *const texts[] = {
        "FROM x\nRUN one \\\n  # why\n  two \\\n\n && three four\n",
        "FROM x\nRUN --network=none <<E\none \\\n  two\nthree && four\nE\n",
        "FROM x\nRUN [\"one\", \\\n # why\n \"two\"]\n",
        "FROM x\nENV one \\\n two\n",
        "\xef\xbb\xbf# escape=`\r\nFROM x\r\nRUN one `\r\n\ttwo\r\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct stages stages;
        struct run_view run = look(*state, texts[i], &stages);
        assert_true(run.commands.count > 0);
        for (size_t k = 0; k < run.commands.count; k++)
            for (size_t w = 0; w < run.commands.items[k].word_count; w++) {
                const struct shell_word *word = &run.commands.items[k].words[w];
                struct span at = run_view_span(&run, word->begin, word->end);
                struct view found = view_slice(run.file->source->text, at.begin, at.end);
                if (run.kind == RUN_EXEC)
                    found = view_slice(found, 1, found.len - 1);
                if (!view_equal(found, word->text))
                    fail_msg("%s-- '%.*s' at '%.*s'", texts[i], VIEW_ARG(word->text),
                             VIEW_ARG(found));
            }
    }
}

static void test_errexit(void **state)
{
    static const struct {
        const char *text;
        size_t from;
        bool known;
    } rows[] = {
        {"RUN a; b", SIZE_MAX, true},
        {"RUN a; set -e; b", 1, true},
        {"RUN set -eux && b", 0, true},
        {"RUN set -o errexit; b", 0, true},
        {"RUN set -x; set -ue; b", 1, true},
        {"RUN set +e; b", SIZE_MAX, false},
        {"RUN set -e; set +o errexit; b", 0, false},
        {"RUN (set -e; a); b", SIZE_MAX, false},
        {"RUN set -o pipefail; b", SIZE_MAX, true},
        {"RUN echo set -e", SIZE_MAX, true},
        {"RUN <<E\n#!/bin/sh -ex\na\nE\n", 0, true},
        {"RUN <<E\n#!/bin/sh\na\nE\n", SIZE_MAX, true},
        {"SHELL [\"bash\", \"-ec\"]\nRUN a; b", SIZE_MAX, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stages stages;
        struct view text = view_format(*state, "FROM x\n%s", rows[i].text);
        struct run_view run = look(*state, text.ptr, &stages);
        if (run.errexit_from != rows[i].from || run.errexit_known != rows[i].known)
            fail_msg("%s\n-- from %zu, known %d", rows[i].text, run.errexit_from,
                     run.errexit_known);
    }
}

static void test_mounts(void **state)
{
    static const struct {
        const char *text, *target;
        bool has;
    } rows[] = {
        {"RUN a", "/c", false},
        {"RUN --mount=type=cache,target=/c a", "/c", true},
        {"RUN --mount=type=cache,target=/c a", "/c/", true},
        {"RUN --mount=type=cache,target=/c a", "/cc", false},
        {"RUN --mount=type=cache,dst=/c/ a", "/c", true},
        {"RUN --mount=type=cache,destination=//c a", "/c", true},
        {"RUN --mount=type=cache,Target=/b/../c a", "/c", true},
        {"RUN --mount=target=/c a", "/c", true}, /* a bind */
        {"RUN --mount=type=tmpfs,target=/c a", "/c", true},
        {"RUN --mount=type=cache,id=/c,target=/d a", "/c", false},
        {"RUN --mount=type=bind,source=/c,target=/d a", "/c", false},
        {"RUN --mount=type=ssh a", "/c", false},
        {"RUN --mount=type=cache,target=/d --mount=type=cache,target=/c a", "/c", true},
        {"RUN --mount=\"type=cache,target=/c\" a", "/c", true},
        {"RUN --mount=type=cache,\\\"target=/c,d\\\" a", "/c,d", true},
        {"RUN --mount=type=cache,\\\ntarget=/c \\\n  a", "/c", true},
        /* the last of a key counts */
        {"RUN --mount=type=cache,target=/d,target=/c a", "/c", true},
        {"RUN --mount=type=cache,target=/c,target=/d a", "/c", false},
        /* what is below a cache is kept, too */
        {"RUN --mount=type=cache,target=/c a", "/c/d", true},
        {"RUN --mount=type=cache,target=/ a", "/c", true},
        {"RUN --mount=type=bind,target=/c a", "/c/d", false},
        {"RUN --mount=type=cache,target=/c/d a", "/c", false},
        /* relative to WORKDIR */
        {"WORKDIR /w\nRUN --mount=type=cache,target=c a", "/w/c", true},
        {"WORKDIR /w\nRUN --mount=type=cache,target=c a", "/c", false},
        {"WORKDIR /w\nRUN --mount=type=cache,target=../c a", "/c", true},
        /* variables of the stage */
        {"ENV D=/c\nRUN --mount=type=cache,target=$D a", "/c", true},
        {"ARG D=/c\nRUN --mount=type=cache,target=${D}/d a", "/c/d", true},
        {"ARG D\nRUN --mount=type=cache,target=$D a", "/c", false},
        {"RUN --mount=type=cache,target=$D a", "$D", true},
        /* no correct list: BuildKit refuses it */
        {"RUN --mount=type=cache,\"target=/c a", "/c", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stages stages;
        struct view text = view_format(*state, "FROM x\n%s", rows[i].text);
        struct run_view run = look(*state, text.ptr, &stages);
        if (run_view_has_mount(&run, view_of(rows[i].target)) != rows[i].has)
            fail_msg("%s\n-- %s", rows[i].text, rows[i].target);
    }
}

static void test_ignore_comments(void **state)
{
    static const struct {
        const char *comments;
        bool silenced;
    } rows[] = {
        {"", false},
        {"# dfc ignore=rule\n", true},
        {"#dfc ignore=rule\n", true},
        {"  ## dfc ignore=rule\r\n", true},
        {"# dfc ignore=a,rule\n", true},
        {"# dfc ignore=a, rule , b\n", true},
        {"# dfc ignore=rule;reason=why not\n", true},
        {"# dfc ignore=rule because it is so\n", true},
        {"# dfc ignore=rule\n# more\n", true},
        {"# dfc ignore=a\n# dfc ignore=rule\n", true},
        {"# dfc ignore=a;b,rule\n", false},
        {"# dfc ignore=a rule\n", false},
        {"# dfc ignore=rules\n", false},
        {"# dfc ignore=rul\n", false},
        {"# dfc ignore=\n", false},
        {"# dfc ignore=,rule\n", false},
        {"# dfc  ignore=rule\n", false},
        {"# hadolint ignore=rule\n", false},
        {"# see dfc ignore=rule\n", false},
        {"# dfc ignore=rule\n\n", false}, /* a blank line: it is above something else */
        {"# dfc ignore=rule\nENV A=1\n", false},
        {"# dfc global ignore=rule\n", false}, /* the other kind */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view text = view_format(*state, "FROM x\n%sRUN a\n", rows[i].comments);
        const struct file *file = parse(*state, text.ptr);
        if (rewrite_is_silenced(file, file->unit_count - 1, VIEW("rule")) != rows[i].silenced)
            fail_msg("%s", rows[i].comments);
    }
}

static void test_global_ignores(void **state)
{
    struct name_list names = {0};
    const struct file *file =
        parse(*state, "# dfc global ignore=a,b;reason=x\nFROM x\n"
                      "RUN a \\\n  # dfc global ignore=inside\n  b\n"
                      "# dfc ignore=local\nRUN <<E\n# dfc global ignore=body\nE\n"
                      "#dfc global ignore=c\n");
    rewrite_find_global_ignores(*state, file, &names);
    assert_int_equal(names.count, 3);
    assert_view(names.items[0], "a");
    assert_view(names.items[1], "b");
    assert_view(names.items[2], "c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_kinds),  UNIT_TEST(test_places),          UNIT_TEST(test_errexit),
        UNIT_TEST(test_mounts), UNIT_TEST(test_ignore_comments), UNIT_TEST(test_global_ignores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
