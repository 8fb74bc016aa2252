/* Files that pass through: what is one, and that reading it unit by unit sees what parse_file sees.
 */
#include "plain.h"
#include "unit.h"

static bool is_plain(struct arena *arena, const char *text)
{
    struct arena scratch;
    arena_init(&scratch, unit_out_of_memory, NULL);
    bool plain = plain_check(&scratch, source_new(arena, "Dockerfile.in", view_of(text)));
    arena_release(&scratch);
    return plain;
}

static void test_what_is_plain(void **state)
{
    static const char *const plain[] = {
        "FROM a\n",
        "# syntax=docker/dockerfile:1\n# escape=`\nFROM a `\n  AS b\n\n# @apt curl\nRUN c",
        "ARG A=1\nFROM a:$A\nRUN npm i @scope/b \\\n  @scope/c\n",
        "FROM a\nRUN <<EOF\n@apt curl\nEOF\n",
        "FROM a\nONBUILD RUN b\n",
    };
    static const char *const other[] = {
        "",
        "# a comment\n",
        "FROM a\n@apt curl\n",
        "FROM a\n  @apt curl",
        "@use x.lua\n",
        "FROM a\nONBUILD @apt curl\n", /* a warning */
        "RUN a\n",
        "FROM a\nRUN <<EOF\n",
        "FROM a\nRUN a\nCOPY b\n",
        "FROM a\nFORM b\n",
        "# escape=`\n# escape=`\nFROM a\n",
    };
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (!is_plain(*state, plain[i]))
            fail_msg("is not plain: %s", plain[i]);
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        if (is_plain(*state, other[i]))
            fail_msg("is plain: %s", other[i]);
}

struct seen {
    const struct file *file; /* as parse_file has it */
    size_t count, end;       /* units to come before `end`: it is given up there */
};

static bool compare(void *context, const struct file *file, const struct unit *unit)
{
    struct seen *seen = context;
    const struct unit *expected = &seen->file->units[seen->count++];
    assert_int_equal(file->escape, seen->file->escape);
    assert_int_equal(unit->kind, expected->kind);
    assert_int_equal(unit->begin, expected->begin);
    assert_int_equal(unit->end, expected->end);
    assert_int_equal(unit->line, expected->line);
    assert_int_equal(unit->end_line, expected->end_line);
    assert_true((unit->inst == NULL) == (expected->inst == NULL));
    if (unit->inst != NULL) {
        assert_true(view_equal(unit->inst->joined, expected->inst->joined));
        assert_true(view_equal(unit->inst->args_raw, expected->inst->args_raw));
        assert_int_equal(unit->inst->arg_count, expected->inst->arg_count);
        assert_int_equal(unit->inst->heredoc_count, expected->inst->heredoc_count);
    }
    return seen->count < seen->end;
}

static void test_units_are_those_of_parse_file(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf# escape=`\n#\n\nFROM a `\n # b\n  AS b\n@apt <<X\ncurl\nX\n"
        "COPY <<A <<B /c/\n1\nA\n2\nB\nENV A=1 B=\"2 3\"\nLABEL\nHEALTHCHECK NONE";
    struct arena scratch;
    struct diag_list kept, passing;
    arena_init(&scratch, unit_out_of_memory, NULL);
    diag_list_init(&kept, *state);
    diag_list_init(&passing, *state);
    struct source *source = source_new(*state, "Dockerfile.in", view_of(text));
    struct seen seen = {parse_file(*state, source, &kept), 0, SIZE_MAX};
    assert_true(parse_units(&scratch, source, &passing, compare, &seen));
    assert_int_equal(seen.count, seen.file->unit_count);
    assert_int_equal(passing.all.count, kept.all.count);
    seen.count = 0;
    seen.end = 3;
    assert_false(parse_units(&scratch, source, &passing, compare, &seen));
    assert_int_equal(seen.count, 3);
    arena_release(&scratch);
}

/* 40,000 instructions in the memory of one. */
static void test_memory_does_not_grow(void **state)
{
    struct str text;
    struct arena scratch;
    str_init(&text, *state);
    str_addz(&text, "FROM a\n");
    for (int i = 0; i < 40000; i++)
        str_addz(&text, "ENV A=1 \\\n    B=2\n");
    arena_init(&scratch, unit_out_of_memory, NULL);
    scratch.limit = (size_t)128 * 1024;
    assert_true(plain_check(&scratch, source_new(*state, "Dockerfile", str_view(&text))));
    arena_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_what_is_plain),
        UNIT_TEST(test_units_are_those_of_parse_file),
        UNIT_TEST(test_memory_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
