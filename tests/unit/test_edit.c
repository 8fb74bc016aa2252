/*
 * Edits of plain instructions: what is cut, what stays, what is refused; and, with a real shell,
 * that what is left of a chain of commands does the same as before.
 */
#include "edit.h"
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

/* ---- the edits of a row, in a small language: rules "a: EDITS; b: EDITS", each edit one of
 *      -cmd:NAME   all commands of that program go
 *      -WORD       the word goes, wherever a command has it
 *      WORD>X      it becomes X; WORD+X: X is put behind it
 *      ^X          the command X is put before all others
 *      @TARGET     a cache mount ---- */

static struct mount *new_mount(struct arena *arena, struct view target)
{
    struct mount *mount = ARENA_NEW(arena, struct mount);
    mount->type = MOUNT_CACHE;
    mount->target = target;
    return mount;
}

static void ask_for_words(const struct run_view *run, struct edit_request *request,
                          struct view word, char what, struct view text)
{
    for (size_t i = 0; i < run->commands.count; i++)
        for (size_t k = 0; k < run->commands.items[i].word_count; k++) {
            if (!view_equal(run->commands.items[i].words[k].text, word))
                continue;
            if (what == '-')
                request_remove_word(run, request, i, k);
            else if (what == '+')
                request_append_word(run, request, i, k, text);
            else
                request_replace_word(run, request, i, k, text);
        }
}

static void ask(const struct run_view *run, struct edit_request *request, struct view edit)
{
    size_t plus = view_find(edit, '+', 0), greater = view_find(edit, '>', 0);
    size_t at = plus < greater ? plus : greater;
    struct view rest = view_slice(edit, edit.len > 0 ? 1 : 0, edit.len);
    if (view_starts(edit, "@")) {
        request_mount(run, request, new_mount(run->arena, rest));
    } else if (view_starts(edit, "^")) {
        request_prepend_command(run, request, rest);
    } else if (view_starts(edit, "-cmd:")) {
        struct view name = view_slice(edit, strlen("-cmd:"), edit.len);
        for (size_t i = 0; i < run->commands.count; i++)
            if (run->commands.items[i].word_count > 0 &&
                view_equal(run->commands.items[i].words[0].text, name))
                request_remove_command(run, request, i);
    } else if (at < edit.len) {
        ask_for_words(run, request, view_slice(edit, 0, at), edit.ptr[at],
                      view_slice(edit, at + 1, edit.len));
    } else {
        ask_for_words(run, request, rest, '-', VIEW(""));
    }
}

static struct edit_request requested(const struct run_view *run, struct view edits)
{
    struct edit_request request = {0};
    for (size_t at = 0; at < edits.len;) {
        size_t end = view_find(edits, ' ', at);
        if (end > at)
            ask(run, &request, view_slice(edits, at, end));
        at = end + 1;
    }
    return request;
}

/* The instruction of the file's second unit. */
static struct run_view look(struct arena *arena, const char *text, const char *escape)
{
    struct diag_list diags;
    struct run_view run;
    diag_list_init(&diags, arena);
    struct view whole = view_format(arena, "%sFROM x\n%s", escape, text);
    struct source *source = source_new(arena, "Dockerfile", whole);
    const struct file *file = parse_file(arena, source, &diags);
    size_t unit = *escape == '\0' ? 1 : 2;
    assert_true(file->unit_count > unit);
    run_view_make(arena, file, &file->units[unit], NULL, &run);
    return run;
}

/* What the instruction becomes, or why an edit was refused. */
static struct view outcome(const struct run_view *run, const char *rules, const char *newline)
{
    struct unit_edits edits = {0};
    struct view all = view_of(rules), other = VIEW("");
    for (size_t at = 0; at < all.len;) {
        size_t end = view_find(all, ';', at);
        struct view part = view_slice(all, at, end);
        size_t colon = view_search(part, VIEW(": "));
        struct view rule = view_slice(part, view_starts(part, " ") ? 1 : 0, colon);
        struct edit_request request = requested(run, view_slice(part, colon + 2, part.len));
        switch (edits_take(run, &edits, &request, rule, &other)) {
        case EDITS_TAKEN:
            break;
        case EDITS_NOTHING:
            return VIEW("nothing");
        case EDITS_UNSAFE:
            return VIEW("unsafe");
        case EDITS_CONFLICT:
            return view_format(run->arena, "%.*s against %.*s", VIEW_ARG(rule), VIEW_ARG(other));
        }
        at = end + 1;
    }
    struct edited edited = edits_apply(run, &edits, newline);
    if (edited_read(run, &edited) == NULL)
        return view_format(run->arena, "not as meant: %.*s", VIEW_ARG(edited.text));
    return edited.text;
}

struct row {
    const char *text, *rules, *expected;
};

static void check_row(struct arena *arena, const struct row *row, const char *escape,
                      const char *newline)
{
    struct run_view run = look(arena, row->text, escape);
    struct view found = outcome(&run, row->rules, newline);
    if (!view_is(found, row->expected))
        fail_msg("%s\n-- with %s, expected:\n%s\n-- found:\n%.*s", row->text, row->rules,
                 row->expected, VIEW_ARG(found));
}

#define CHECK_ROWS(state, rows)                                                                    \
    for (size_t row_ = 0; row_ < sizeof(rows) / sizeof((rows)[0]); row_++)                         \
    check_row(*(state), &(rows)[row_], "", "\n")

static void test_commands(void **state)
{
    static const struct row rows[] = {
        {"RUN a && b && c", "r: -cmd:a", "RUN b && c"},
        {"RUN a && b && c", "r: -cmd:b", "RUN a && c"},
        {"RUN a && b && c", "r: -cmd:c", "RUN a && b"},
        {"RUN a && b && c", "r: -cmd:a -cmd:b", "RUN c"},
        {"RUN a && b && c", "r: -cmd:b -cmd:c", "RUN a"},
        {"RUN a && b && c", "r: -cmd:a -cmd:c", "RUN b"},
        {"RUN a && b && c", "r: -cmd:a; s: -cmd:b", "RUN c"},
        {"RUN a && b && c", "r: -cmd:a -cmd:b -cmd:c", "unsafe"},
        {"RUN a && b && c", "r: -cmd:a -cmd:b; s: -cmd:c", "unsafe"},
        {"RUN a", "r: -cmd:a", "unsafe"},
        {"RUN a;", "r: -cmd:a", "unsafe"},
        {"RUN b; a; b;", "r: -cmd:a", "RUN b; b;"},
        {"RUN a ; b ; c", "r: -cmd:a", "RUN b ; c"},
        {"RUN a ; b ; c", "r: -cmd:b", "RUN a ; c"},
        {"RUN a && X=1 sudo b c >f 2>&1 && d", "r: -cmd:b", "RUN a && d"},
        {"RUN (a; b) && c && d", "r: -cmd:c", "RUN (a; b) && d"},
        {"RUN (a; b) && c", "r: -cmd:c", "RUN (a; b)"},
        {"RUN c && { a; b; }", "r: -cmd:c", "RUN { a; b; }"},
        {"RUN a && c && if b; then d; fi", "r: -cmd:c", "RUN a && if b; then d; fi"},
        {"RUN a $(x && y) && b && c", "r: -cmd:b", "RUN a $(x && y) && c"},
        {"RUN a && b && c # && b", "r: -cmd:c", "RUN a && b # && b"},
        {"RUN a || x && b && c", "r: -cmd:b", "RUN a || x && c"},
    };
    CHECK_ROWS(state, rows);
}

/* The status and what runs stay the same; `-e` decides where the two kinds of chain meet. */
static void test_commands_between_kinds(void **state)
{
    static const struct row rows[] = {
        {"RUN a; b && c", "r: -cmd:b", "RUN a; c"},
        {"RUN a && b; c", "r: -cmd:b", "RUN a; c"},
        {"RUN set -e; a && b; c", "r: -cmd:b", "unsafe"},
        {"RUN set -ex && a && b && c", "r: -cmd:b", "RUN set -ex && a && c"},
        {"RUN a && b; d && c", "r: -cmd:b -cmd:d", "RUN a; c"},
        {"RUN a; b", "r: -cmd:b", "unsafe"},
        {"RUN set -eux; a; b", "r: -cmd:b", "RUN set -eux; a"},
        {"RUN set -o errexit; a; b", "r: -cmd:b", "RUN set -o errexit; a"},
        {"RUN set -e; a | d; b", "r: -cmd:b", "RUN set -e; a | d"},
        {"RUN set -e; a && d; b", "r: -cmd:b", "unsafe"},
        {"RUN set -e; (a; d) && b", "r: -cmd:b", "unsafe"},
        {"RUN set -e; a $(x; y) && b", "r: -cmd:b", "unsafe"},
        {"RUN (a; d) && b", "r: -cmd:b", "RUN (a; d)"},
        {"RUN set -e; { a && d; }; b", "r: -cmd:b", "unsafe"},
        {"RUN set -e; a && b; d", "r: -cmd:b -cmd:d", "unsafe"},
        {"RUN set -x; a; b", "r: -cmd:b", "unsafe"},
        {"RUN set -e; a; set +e; b", "r: -cmd:b", "unsafe"},
        {"RUN a; b && c", "r: -cmd:b; s: -cmd:c", "unsafe"},
        {"RUN a; b && c", "r: -cmd:c", "RUN a; b"},
    };
    CHECK_ROWS(state, rows);
}

static void test_commands_that_stay(void **state)
{
    static const struct row rows[] = {
        {"RUN a || b", "r: -cmd:b", "unsafe"},
        {"RUN b || a", "r: -cmd:b", "unsafe"},
        {"RUN a | b", "r: -cmd:b", "unsafe"},
        {"RUN b & a", "r: -cmd:b", "unsafe"},
        {"RUN b & a", "r: -cmd:a", "unsafe"},
        {"RUN (a && b)", "r: -cmd:b", "unsafe"},
        {"RUN { a; b; }", "r: -cmd:b", "unsafe"},
        {"RUN if a; then b; c; fi", "r: -cmd:b", "unsafe"},
        {"RUN for i in 1; do b; c; done", "r: -cmd:b", "unsafe"},
        {"RUN case x in x) b; c;; esac", "r: -cmd:b", "unsafe"},
        {"RUN f() { b; c; } && f", "r: -cmd:b", "unsafe"},
        {"RUN x $(a && b)", "r: -cmd:b", "unsafe"},
        {"RUN x `a && b`", "r: -cmd:b", "unsafe"},
        {"RUN a && ! b && c", "r: -cmd:b", "unsafe"},
        {"RUN a && b && 'c", "r: -cmd:b", "unsafe"},
        {"RUN a && b <<E && c\nx\nE\n", "r: -cmd:b", "unsafe"},
        {"RUN [\"b\", \"c\"]", "r: -cmd:b", "unsafe"},
    };
    CHECK_ROWS(state, rows);
}

static void test_command_lines(void **state)
{
    static const struct row rows[] = {
        {"RUN a \\\n && b \\\n && c\n", "r: -cmd:a", "RUN b \\\n && c\n"},
        {"RUN a \\\n && b \\\n && c\n", "r: -cmd:b", "RUN a \\\n && c\n"},
        {"RUN a \\\n && b \\\n && c\n", "r: -cmd:c", "RUN a \\\n && b\n"},
        {"RUN a && \\\n    b && \\\n    c\n", "r: -cmd:a", "RUN b && \\\n    c\n"},
        {"RUN a && \\\n    b && \\\n    c\n", "r: -cmd:b", "RUN a && \\\n    c\n"},
        {"RUN a && \\\n    b && \\\n    c\n", "r: -cmd:c", "RUN a && \\\n    b\n"},
        {"RUN a \\\n  b1 \\\n  b2 && c", "r: -cmd:a", "RUN c"},
        /* a comment about what stays, stays */
        {"RUN a && \\\n  # of b\n  b\n", "r: -cmd:a", "RUN \\\n  # of b\n  b\n"},
        {"RUN a \\\n  # of b\n  && b\n", "r: -cmd:a", "RUN b\n"},
        {"RUN a && \\\n # of b\n b && \\\n # of c\n c\n", "r: -cmd:b",
         "RUN a && \\\n # of c\n c\n"},
        {"RUN a \\\n # of b\n && b \\\n # of c\n && c\n", "r: -cmd:b",
         "RUN a \\\n # of c\n && c\n"},
        {"RUN a; \\\n  b && \\\n\n  c\n", "r: -cmd:b", "RUN a; \\\n  c\n"},
        {"RUN \\\n  # first\n  a && \\\n  b\n", "r: -cmd:a", "RUN \\\n  # first\n  b\n"},
    };
    CHECK_ROWS(state, rows);
}

static void test_words(void **state)
{
    static const struct row rows[] = {
        {"RUN a --x b", "r: ---x", "RUN a b"},
        {"RUN a b --x", "r: ---x", "RUN a b"},
        {"RUN a '--x' \"b\"", "r: ---x", "RUN a \"b\""},
        {"RUN a >log --x b", "r: ---x", "RUN a >log b"},
        {"RUN a --x>log b", "r: ---x", "RUN a>log b"},
        {"RUN a --x || c --x | d", "r: ---x", "RUN a || c | d"},
        {"RUN a \\\n  --x \\\n  b\n", "r: ---x", "RUN a \\\n  b\n"},
        {"RUN a \\\n  # why\n  --x \\\n  b\n", "r: ---x", "RUN a \\\n  b\n"},
        {"RUN a \\\n  --x\n", "r: ---x", "RUN a\n"},
        {"RUN sudo a b", "r: -a", "RUN sudo b"},
        {"RUN a >f b", "r: -a", "RUN >f b"},
        {"RUN a b c d", "r: -b -a", "RUN c d"},
        {"RUN a \\\n  b \\\n  c", "r: -a; s: -b", "RUN c"},
        {"RUN a b", "r: -a -b", "unsafe"},
        {"RUN a b", "r: -a; s: -b", "unsafe"},
        {"RUN a x b x", "r: -x", "RUN a b"},
        {"RUN a", "r: -a", "unsafe"},
        {"RUN if a --x; then b; fi", "r: ---x", "unsafe"},
        {"RUN if a --x; then b; fi", "r: --x>--y a+z", "RUN if a z --y; then b; fi"},
        {"RUN a b c", "r: b>x>=1", "RUN a 'x>=1' c"},
        {"RUN a 'b' c", "r: b>$X", "RUN a $X c"},
        {"RUN a b c", "r: b+x b+y", "RUN a b x y c"},
        {"RUN a b c", "r: -b b+x", "RUN a x c"},
        {"RUN a b c", "r: a+x -b", "RUN a x c"},
        {"RUN a b c", "r: -b -c", "RUN a"},
        {"RUN a b && c", "r: b+x ^d; s: ^e", "RUN d && e && a b x && c"},
        {"RUN a b && c", "r: -cmd:a ^d", "RUN d && c"},
        {"RUN a", "r: a+<<E", "RUN a '<<E'"},
        {"RUN", "r: ^a", "unsafe"},
    };
    CHECK_ROWS(state, rows);
}

static void test_rules_together(void **state)
{
    static const struct row rows[] = {
        {"RUN a b c", "r: -b; s: -b", "RUN a c"},
        {"RUN a b c", "r: b>x; s: b>x", "RUN a x c"},
        {"RUN a b c", "r: b>x; s: b>y", "s against r"},
        {"RUN a b c", "r: b>x; s: -b", "s against r"},
        {"RUN a b c", "r: b>x b>y", "r against r"},
        {"RUN a b c", "r: a+x; s: a+y", "RUN a x y b c"},
        {"RUN a b c", "r: a+x; s: a+x", "RUN a x b c"},
        {"RUN a b && c", "r: -b; s: -cmd:a", "s against r"},
        {"RUN a b && c", "r: -cmd:a; s: b+x", "s against r"},
        {"RUN a b && c", "r: -cmd:a -b; s: -cmd:a", "RUN c"},
        {"RUN a b && c", "r: -b -cmd:a", "RUN c"},
        {"RUN a b && c", "r: ^x; s: ^x", "RUN x && a b && c"},
        {"RUN a", "r: @/x; s: @/x", "RUN --mount=type=cache,target=/x \\\n    a"},
        /* a request that is refused leaves nothing behind */
        {"RUN a b && c", "r: -b; s: -cmd:c ^d; t: -cmd:a -cmd:c", "t against r"},
    };
    CHECK_ROWS(state, rows);
}

static void test_refused_request_is_undone(void **state)
{
    struct run_view run = look(*state, "RUN a b && c", "");
    struct unit_edits edits = {0};
    struct view other;
    struct edit_request unsafe = requested(&run, VIEW("-b ^d @/x -cmd:a -cmd:c"));
    struct edit_request good = requested(&run, VIEW("-cmd:c"));
    assert_int_equal(edits_take(&run, &edits, &unsafe, VIEW("r"), &other), EDITS_UNSAFE);
    assert_int_equal(edits.all.count, 0);
    assert_int_equal(edits_take(&run, &edits, &good, VIEW("s"), &other), EDITS_TAKEN);
    assert_view(edits_apply(&run, &edits, "\n").text, "RUN a b");
}

static void test_mounts(void **state)
{
    static const struct row rows[] = {
        {"RUN a", "r: @/x", "RUN --mount=type=cache,target=/x \\\n    a"},
        {"run   a\n", "r: @/x", "run   --mount=type=cache,target=/x \\\n    a\n"},
        {"RUN --network=none a", "r: @/x @/y",
         "RUN --network=none \\\n    --mount=type=cache,target=/x \\\n"
         "    --mount=type=cache,target=/y \\\n    a"},
        {"RUN -- a", "r: @/x", "RUN --mount=type=cache,target=/x \\\n    -- a"},
        {"RUN --network=none -- a", "r: @/x",
         "RUN --network=none \\\n    --mount=type=cache,target=/x \\\n    -- a"},
        {"RUN --network=none \\\n  -- \\\n  a", "r: @/x",
         "RUN --network=none \\\n  --mount=type=cache,target=/x \\\n    -- \\\n  a"},
        {"RUN \\\n  # why\n  a", "r: @/x",
         "RUN \\\n  # why\n  --mount=type=cache,target=/x \\\n    a"},
        {"RUN [\"a\", \"b\"]", "r: @/x", "RUN --mount=type=cache,target=/x \\\n    [\"a\", \"b\"]"},
        {"RUN <<E\na\nE\n", "r: @/x", "RUN --mount=type=cache,target=/x \\\n    <<E\na\nE\n"},
        {"RUN <<E\n#!/usr/bin/python3\na\nE\n", "r: @/x",
         "RUN --mount=type=cache,target=/x \\\n    <<E\n#!/usr/bin/python3\na\nE\n"},
        {"RUN cat <<E >f && b\na\nE\n", "r: @/x -cmd:b",
         "RUN --mount=type=cache,target=/x \\\n    cat <<E >f\na\nE\n"},
        {"RUN a && b", "r: @/x ^c -cmd:a", "RUN --mount=type=cache,target=/x \\\n    c && b"},
        {"RUN --mount=type=cache,target=/x a", "r: @/x", "nothing"},
        {"RUN --mount=type=cache,target=/x a b", "r: @/x -b", "RUN --mount=type=cache,target=/x a"},
        {"RUN a", "r: ", "nothing"},
    };
    CHECK_ROWS(state, rows);
}

/* Two mounts on one target that differ. */
static void test_mounts_that_differ(void **state)
{
    struct run_view run = look(*state, "RUN a", "");
    struct unit_edits edits = {0};
    struct edit_request one = requested(&run, VIEW("@/x")), two = requested(&run, VIEW("@/x/"));
    struct view other;
    assert_int_equal(edits_take(&run, &edits, &one, VIEW("r"), &other), EDITS_TAKEN);
    assert_int_equal(edits_take(&run, &edits, &two, VIEW("s"), &other), EDITS_CONFLICT);
    assert_view(other, "r");
}

static void test_scripts(void **state)
{
    static const struct row rows[] = {
        {"RUN <<E\na\nb\nc\nE\n", "r: -cmd:a", "RUN <<E\nb\nc\nE\n"},
        {"RUN <<E\na\nb\nc\nE\n", "r: -cmd:b", "RUN <<E\na\nc\nE\n"},
        {"RUN <<E\nset -e\na\nb\nE\n", "r: -cmd:b", "RUN <<E\nset -e\na\nE\n"},
        {"RUN <<E\na\nb\nE\n", "r: -cmd:b", "unsafe"},
        {"RUN <<E\n#!/bin/bash -e\na\nb\nE\n", "r: -cmd:b", "RUN <<E\n#!/bin/bash -e\na\nE\n"},
        {"RUN <<-E\n\ta\n\t# of b\n\tb\n\tc\n\tE\n", "r: -cmd:b",
         "RUN <<-E\n\ta\n\t# of b\n\tc\n\tE\n"},
        {"RUN <<E\na; # of a\nb\nc\nE\n", "r: -cmd:b", "RUN <<E\na; # of a\nc\nE\n"},
        {"RUN <<E\na &&\n  b\nc\nE\n", "r: -cmd:a", "RUN <<E\n\n  b\nc\nE\n"},
        {"RUN <<E\na \\\n  --x \\\n  b\nE\n", "r: ---x", "RUN <<E\na \\\n  b\nE\n"},
        {"RUN <<E\na \\\n  && b \\\n  && c\nE\n", "r: -cmd:b", "RUN <<E\na \\\n  && c\nE\n"},
        {"RUN <<E\na\nE\n", "r: ^x", "RUN <<E\nx\na\nE\n"},
        {"RUN <<E\n#!/bin/sh\na\nE\n", "r: ^x", "RUN <<E\n#!/bin/sh\nx\na\nE\n"},
        {"RUN <<E\ncat <<F\nx\nF\nb\nc\nE\n", "r: -cmd:b", "RUN <<E\ncat <<F\nx\nF\nc\nE\n"},
        {"RUN <<E\ncat <<F && b\nx\nF\nc\nE\n", "r: -cmd:b", "RUN <<E\ncat <<F\nx\nF\nc\nE\n"},
        {"RUN <<E\ncat <<F &&\nx\nF\nb\nc\nE\n", "r: -cmd:b", "unsafe"},
        {"RUN <<E\n#!/usr/bin/env python3\na\nE\n", "r: ^x", "unsafe"},
    };
    CHECK_ROWS(state, rows);
}

static void test_exec_form(void **state)
{
    static const struct row rows[] = {
        {"RUN [\"a\", \"--x\", \"b\"]", "r: ---x", "RUN [\"a\", \"b\"]"},
        {"RUN [ \"a\" , \"b\" ]", "r: -b", "RUN [ \"a\" ]"},
        {"RUN [\"a\", \"b\"]", "r: -a", "RUN [\"b\"]"},
        {"RUN [\"a\", \"b\", \"c\"]", "r: -a -b", "RUN [\"c\"]"},
        {"RUN [\"a\", \"b\", \"c\"]", "r: -b -c", "RUN [\"a\"]"},
        {"RUN [\"a\"]", "r: -a", "unsafe"},
        {"RUN [\"a\", \\\n \"--x\", \\\n \"b\"]", "r: ---x", "RUN [\"a\", \\\n \"b\"]"},
        {"RUN [\"a\", \"b\"]", "r: b>x\"y a+z", "RUN [\"a\", \"z\", \"x\\\"y\"]"},
        {"RUN [\"\\u0061\", \"b\"]", "r: a>c", "RUN [\"c\", \"b\"]"},
        {"RUN [\"a\"]", "r: ^b", "unsafe"},
        {"CMD [\"a\", \"b\"]", "r: -b", "CMD [\"a\"]"},
    };
    CHECK_ROWS(state, rows);
}

static void test_other_instructions(void **state)
{
    static const struct row rows[] = {
        {"FROM --platform=x img:1 AS b", "r: img:1>reg/img:1", "FROM --platform=x reg/img:1 AS b"},
        {"ENV A=1 B=\"x y\" C=$D", "r: -B=\"x", "nothing"},
        {"ENV A=1 B=\"x y\" C=$D", "r: A=1>A=2 C=$D+E=3", "ENV A=2 B=\"x y\" C=$D E=3"},
        {"COPY --link a b \\\n  c/", "r: -b", "COPY --link a \\\n  c/"},
        {"EXPOSE 80", "r: -80", "unsafe"},
        {"WORKDIR /a", "r: /a>/b", "WORKDIR /b"},
        {"LABEL a=1", "r: ^x", "unsafe"},
        {"HEALTHCHECK CMD [\"a\", \"b\"]", "r: CMD>NONE", "HEALTHCHECK NONE [\"a\", \"b\"]"},
    };
    CHECK_ROWS(state, rows);
}

static void test_escape_and_newlines(void **state)
{
    static const struct row backtick[] = {
        {"RUN a `\n && b `\n && c\n", "r: -cmd:b @/x",
         "RUN --mount=type=cache,target=/x `\n    a `\n && c\n"},
        {"RUN a C:\\ `\n  --x `\n  b\n", "r: ---x", "RUN a C:\\ `\n  b\n"},
    };
    static const struct row crlf[] = {
        {"RUN a \\\r\n && b \\\r\n && c\r\n", "r: -cmd:b @/x",
         "RUN --mount=type=cache,target=/x \\\r\n    a \\\r\n && c\r\n"},
        {"RUN a && \\\r\n  # of b\r\n  b\r\n", "r: -cmd:a", "RUN \\\r\n  # of b\r\n  b\r\n"},
        {"RUN a \\\r\n  --x\r\n", "r: ---x", "RUN a\r\n"},
    };
    for (size_t i = 0; i < sizeof(backtick) / sizeof(backtick[0]); i++)
        check_row(*state, &backtick[i], "# escape=`\n", "\n");
    for (size_t i = 0; i < sizeof(crlf) / sizeof(crlf[0]); i++)
        check_row(*state, &crlf[i], "", "\r\n");
}

/* What an edit brings in may make another instruction of it. */
static void test_text_that_means_something_else(void **state)
{
    static const struct row rows[] = {
        {"RUN a\n", "r: ^b<<E", "RUN b<<E && a\n"},
        {"RUN a\n", "r: ^<<E", "not as meant: RUN <<E && a\n"},
        {"RUN a\n", "r: ^--network=none", "not as meant: RUN --network=none && a\n"},
        {"WORKDIR a b", "r: b>b\\", "not as meant: WORKDIR a b\\"},
        {"FROM a", "r: a>a\nRUN", "not as meant: FROM a\nRUN"},
    };
    CHECK_ROWS(state, rows);
}

static void test_describe(void **state)
{
    struct run_view run = look(*state, "RUN a b && c d", "");
    struct edit_request request = requested(&run, VIEW("@/x -b a>z d+e -cmd:c ^f"));
    struct str out;
    str_init(&out, *state);
    request_describe(&run, &request, &out);
    assert_view(str_view(&out), "add --mount=type=cache,target=/x, remove 'b', write 'z' for 'a', "
                                "write 'e' behind 'd', remove 'c d', begin with 'f'");
}

/* ---- with a real shell */

enum { CHAINS = 200, ELEMENTS_MAX = 7 };

static unsigned random_below(unsigned *seed, unsigned limit)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % limit;
}

/* A chain of "k NUMBER STATUS" (prints, gives the status), compound commands of them, and "r",
 * which succeeds without a trace: what rules remove. */
static void add_element(struct str *out, unsigned *seed, unsigned number)
{
    unsigned status = random_below(seed, 3) == 0 ? 1 : 0;
    switch (random_below(seed, 15)) {
    case 0:
        str_addf(out, "(k %u.1 %u; r)", number, status);
        break;
    case 1:
        str_addf(out, "{ r && k %u.1 %u; }", number, status);
        break;
    case 2:
        str_addf(out, "if k %u.1 %u; then k %u.2 0; fi", number, status, number);
        break;
    case 3:
        str_addf(out, "for i in 1 2; do k %u.$i %u; done", number, status);
        break;
    case 4:
        str_addf(out, "! k %u %u", number, status);
        break;
    case 5:
        str_addf(out, "k $(echo %u; r) %u", number, status);
        break;
    case 6:
        str_addf(out, "case a in b) r;; a) k %u %u;; esac", number, status);
        break;
    case 7:
        str_addf(out, "k %u %u | cat", number, status);
        break;
    case 8:
    case 9:
    case 10:
    case 11:
        str_addz(out, random_below(seed, 3) == 0 ? "X=1 r 'a && b' >/dev/null" : "r");
        break;
    default:
        str_addf(out, "k %u %u", number, status);
    }
}

static struct view random_chain(struct arena *arena, unsigned *seed)
{
    static const char *const operators[] = {" && ",    " && ",    " && ",      "; ",
                                            "\n",      "\n",      " || ",      ";\n",
                                            " &&\n  ", "\n# c\n", " && # c\n", " \\\n  && "};
    struct str out;
    str_init(&out, arena);
    if (random_below(seed, 3) == 0)
        str_addz(&out, random_below(seed, 2) == 0 ? "set -e\n" : "set -eu; ");
    unsigned count = 1 + random_below(seed, ELEMENTS_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            str_addz(&out, operators[random_below(seed, sizeof(operators) / sizeof(*operators))]);
        add_element(&out, seed, i);
    }
    str_addz(&out, random_below(seed, 4) == 0 ? ";\n" : "\n");
    return str_view(&out);
}

/* All "r" that can go, go, each as if it were a finding of its own. */
static struct view without_r(struct arena *arena, struct view chain, bool *changed)
{
    struct view run_text = view_format(arena, "RUN <<END\n%.*sEND\n", VIEW_ARG(chain)), other;
    struct run_view run = look(arena, run_text.ptr, "");
    struct unit_edits edits = {0};
    for (size_t i = 0; i < run.commands.count; i++) {
        struct edit_request request = {0};
        if (run.commands.items[i].word_count == 0 ||
            !view_is(run.commands.items[i].words[0].text, "r"))
            continue;
        request_remove_command(&run, &request, i);
        if (edits_take(&run, &edits, &request, VIEW("r"), &other) == EDITS_TAKEN)
            *changed = true;
    }
    struct edited edited = edits_apply(&run, &edits, "\n");
    assert_non_null(edited_read(&run, &edited));
    size_t begin = strlen("RUN <<END\n");
    return view_slice(edited.text, begin, edited.text.len - strlen("END\n"));
}

static void write_case(FILE *script, struct view chain)
{
    fprintf(script,
            "cat >case <<'END-OF-CASE'\n"
            "k() { echo $1; return $2; }\nr() { return 0; }\n%.*sEND-OF-CASE\n"
            "sh -n case 2>&1 && sh case 2>&1 </dev/null; echo status $?\n",
            VIEW_ARG(chain));
}

/* The lines up to "status …". */
static struct view read_case(struct arena *arena, FILE *results)
{
    struct str out;
    char line[256];
    str_init(&out, arena);
    while (fgets(line, sizeof(line), results) != NULL) {
        str_addz(&out, line);
        if (strncmp(line, "status ", 7) == 0)
            return str_view(&out);
    }
    fail_msg("the shell has given no status");
    return VIEW("");
}

static void test_chains_do_the_same(void **state)
{
    struct arena *arena = *state;
    struct view chains[CHAINS], shorter[CHAINS];
    unsigned seed = 1, changed_count = 0;
    char directory[] = "/tmp/dfc-test-edit-XXXXXX";
    assert_non_null(mkdtemp(directory));
    struct view path = view_format(arena, "%s/script", directory);
    FILE *script = fopen(path.ptr, "w");
    assert_non_null(script);
    fprintf(script, "cd %s || exit\n", directory);
    for (size_t i = 0; i < CHAINS; i++) {
        bool changed = false;
        chains[i] = random_chain(arena, &seed);
        shorter[i] = without_r(arena, chains[i], &changed);
        changed_count += changed ? 1 : 0;
        write_case(script, chains[i]);
        write_case(script, shorter[i]);
    }
    assert_int_equal(fclose(script), 0);
    FILE *results = popen(view_format(arena, "sh %s", path.ptr).ptr, "r");
    assert_non_null(results);
    for (size_t i = 0; i < CHAINS; i++) {
        struct view before = read_case(arena, results), after = read_case(arena, results);
        if (!view_equal(before, after))
            fail_msg("%.*s-- gives:\n%.*s-- without r:\n%.*s-- gives:\n%.*s", VIEW_ARG(chains[i]),
                     VIEW_ARG(before), VIEW_ARG(shorter[i]), VIEW_ARG(after));
    }
    assert_int_equal(pclose(results), 0);
    assert_int_equal(system(view_format(arena, "rm -r %s", directory).ptr), 0);
    assert_true(changed_count > CHAINS / 4);
}

/* Many findings in one instruction must not take quadratic time. */
static void test_many_edits(void **state)
{
    struct str text;
    struct view other;
    str_init(&text, *state);
    str_addz(&text, "RUN a");
    for (int i = 0; i < 50000; i++)
        str_addz(&text, " && \\\n pip --x y && r");
    struct run_view run = look(*state, str_view(&text).ptr, "");
    struct unit_edits edits = {0};
    for (size_t i = 1; i < run.commands.count; i += 2) {
        struct edit_request request = {0};
        request_mount(&run, &request, new_mount(*state, VIEW("/x")));
        request_remove_word(&run, &request, i, 1);
        request_remove_command(&run, &request, i + 1);
        assert_int_equal(edits_take(&run, &edits, &request, VIEW("r"), &other), EDITS_TAKEN);
    }
    struct edited edited = edits_apply(&run, &edits, "\n");
    assert_non_null(edited_read(&run, &edited));
    assert_true(view_starts(edited.text, "RUN --mount=type=cache,target=/x \\\n    a && \\\n"
                                         " pip y && \\\n pip y && "));
    assert_true(edits.steps < 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_commands),
        UNIT_TEST(test_commands_between_kinds),
        UNIT_TEST(test_commands_that_stay),
        UNIT_TEST(test_command_lines),
        UNIT_TEST(test_words),
        UNIT_TEST(test_rules_together),
        UNIT_TEST(test_refused_request_is_undone),
        UNIT_TEST(test_mounts),
        UNIT_TEST(test_mounts_that_differ),
        UNIT_TEST(test_scripts),
        UNIT_TEST(test_exec_form),
        UNIT_TEST(test_other_instructions),
        UNIT_TEST(test_escape_and_newlines),
        UNIT_TEST(test_text_that_means_something_else),
        UNIT_TEST(test_describe),
        UNIT_TEST(test_chains_do_the_same),
        UNIT_TEST(test_many_edits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
