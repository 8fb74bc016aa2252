/*
 * Fuzzing of the parser: any bytes must give a tree whose units tile the text, without a crash, a
 * sanitizer's report or memory out of all proportion to the input.
 */
#include "../vectors/tiling.h"
#include "check.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void out_of_memory(void *context)
{
    longjmp(*(jmp_buf *)context, 1);
}

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_parse: %s\n", what);
    abort();
}

/* Every place a diagnostic points at must lie within the text. */
static void check_places(const struct diag_list *diags, size_t length)
{
    for (size_t i = 0; i < diags->all.count; i++) {
        struct span at = diags->all.items[i]->at;
        if (at.source != NULL && (at.begin > at.end || at.end > length))
            fail("a diagnostic points outside of the text");
    }
}

static void parse_one(struct arena *arena, const uint8_t *data, size_t size)
{
    struct view text = {(const char *)data, size};
    struct diag_list diags;
    diag_list_init(&diags, arena);
    struct file *file = parse_file(arena, source_new(arena, "Dockerfile", text), &diags);
    check_file(arena, file, &diags);
    const char *error = tiling_error(file);
    if (error != NULL)
        fail(error);
    check_places(&diags, text.len);
    struct str report;
    str_init(&report, arena);
    diag_render_all(&report, &diags, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    jmp_buf place;
    struct arena arena;
    arena_init(&arena, out_of_memory, &place);
    arena.limit = 16 * 1024 * 1024 + size * 4096;
    if (setjmp(place) == 0)
        parse_one(&arena, data, size);
    else
        fail("the limit of memory was reached");
    arena_release(&arena);
    return 0;
}
