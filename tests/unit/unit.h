/* What the unit tests share: cmocka with the headers it wants first, an arena for each test, and
 * comparison of views. */
#ifndef DFC_TESTS_UNIT_H
#define DFC_TESTS_UNIT_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "str.h"

#include <stdlib.h>
#include <string.h>

static inline void unit_out_of_memory(void *context)
{
    (void)context;
    fail_msg("out of memory");
}

/* A test made with UNIT_TEST finds an empty arena in `*state`. */
static inline int unit_setup(void **state)
{
    struct arena *arena = malloc(sizeof(*arena));
    if (arena == NULL)
        return -1;
    arena_init(arena, unit_out_of_memory, NULL);
    *state = arena;
    return 0;
}

static inline int unit_teardown(void **state)
{
    arena_release(*state);
    free(*state);
    return 0;
}

#define UNIT_TEST(test) cmocka_unit_test_setup_teardown(test, unit_setup, unit_teardown)

static inline void unit_assert_view(struct view view, const char *text, size_t length,
                                    const char *file, int line)
{
    if (view.len == length && (length == 0 || memcmp(view.ptr, text, length) == 0))
        return;
    print_error("expected '%.*s'\n   found '%.*s'\n", (int)length, text, VIEW_ARG(view));
    _fail(file, line);
}

/* A view has exactly the bytes of a string literal, which may hold NUL bytes. */
#define assert_view(view, literal)                                                                 \
    unit_assert_view((view), "" literal, sizeof(literal) - 1, __FILE__, __LINE__)

#endif
