/* The arena: alignment, growth, limits, and leaving through `fail`. */
#include "unit.h"

#include <stdalign.h>

struct failure {
    jmp_buf place;
    int count;
};

static void jump_back(void *context)
{
    struct failure *failure = context;
    failure->count++;
    longjmp(failure->place, 1);
}

static bool is_aligned(const void *place)
{
    return (uintptr_t)place % alignof(max_align_t) == 0;
}

static void test_alloc_aligns_and_never_gives_null(void **state)
{
    struct arena *arena = *state;
    for (size_t size = 0; size < 70; size++) {
        char *place = arena_alloc(arena, size);
        assert_non_null(place);
        assert_true(is_aligned(place));
        memset(place, 0xff, size);
    }
}

static void test_objects_do_not_overlap(void **state)
{
    enum { COUNT = 3000, SIZE = 100 };
    struct arena *arena = *state;
    unsigned char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = arena_alloc(arena, SIZE);
        memset(objects[i], (int)(i % 251), SIZE);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < SIZE; k++)
            assert_int_equal(objects[i][k], i % 251);
}

static void test_zalloc_zeroes(void **state)
{
    struct arena *arena = *state;
    memset(arena_alloc(arena, 5000), 0xff, 5000);
    arena_release(arena);
    unsigned char *zeroed = arena_zalloc(arena, 50, 100);
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(zeroed[i], 0);
}

static void test_strndup_copies_and_terminates(void **state)
{
    struct arena *arena = *state;
    const char text[] = {'a', '\0', 'b', 'c'};
    char *copy = arena_strndup(arena, text, 3);
    assert_memory_equal(copy, "a\0b", 4);
    assert_string_equal(arena_strndup(arena, NULL, 0), "");
}

static void test_big_object_keeps_the_room_of_the_current_block(void **state)
{
    struct arena *arena = *state;
    arena_alloc(arena, 16);
    char *big = arena_alloc(arena, 1024 * 1024);
    memset(big, 1, 1024 * 1024);
    size_t total = arena->total;
    arena_alloc(arena, 16);
    assert_int_equal(arena->total, total);
}

static void test_release_gives_an_empty_arena_again(void **state)
{
    struct arena *arena = *state;
    arena_alloc(arena, 1024 * 1024);
    assert_true(arena->total >= 1024 * 1024);
    arena_release(arena);
    assert_int_equal(arena->total, 0);
    assert_non_null(arena_alloc(arena, 10));
}

static void test_limit_calls_fail(void **state)
{
    enum { LIMIT = 1024 * 1024 };
    (void)state;
    struct failure failure = {.count = 0};
    struct arena arena;
    volatile size_t given = 0;
    arena_init(&arena, jump_back, &failure);
    arena.limit = LIMIT;
    if (setjmp(failure.place) == 0)
        for (;; given += 1000)
            memset(arena_alloc(&arena, 1000), 1, 1000);
    assert_int_equal(failure.count, 1);
    assert_true(given > LIMIT / 2 && given <= LIMIT);
    assert_true(arena.total <= LIMIT);
    arena_release(&arena);
}

static void test_limit_refuses_one_big_object(void **state)
{
    (void)state;
    struct failure failure = {.count = 0};
    struct arena arena;
    arena_init(&arena, jump_back, &failure);
    arena.limit = 1024 * 1024;
    if (setjmp(failure.place) == 0) {
        arena_alloc(&arena, 2 * 1024 * 1024);
        fail_msg("an object above the limit was given");
    }
    assert_int_equal(failure.count, 1);
    assert_int_equal(arena.total, 0);
    /* What fits is still given. */
    if (setjmp(failure.place) == 0)
        assert_non_null(arena_alloc(&arena, 1000));
    assert_int_equal(failure.count, 1);
    arena_release(&arena);
}

/* Sizes that overflow must fail like exhausted memory, not wrap around to something small. */
static void test_overflow_calls_fail(void **state)
{
    (void)state;
    struct failure failure = {.count = 0};
    struct arena arena;
    arena_init(&arena, jump_back, &failure);
    if (setjmp(failure.place) == 0)
        arena_alloc(&arena, SIZE_MAX);
    if (setjmp(failure.place) == 0)
        arena_alloc(&arena, SIZE_MAX - 40);
    if (setjmp(failure.place) == 0)
        arena_zalloc(&arena, SIZE_MAX / 8 + 2, 8);
    if (setjmp(failure.place) == 0)
        arena_strndup(&arena, "", SIZE_MAX);
    assert_int_equal(failure.count, 4);
    arena_release(&arena);
}

static void test_vec_grows_and_keeps_its_items(void **state)
{
    struct arena *arena = *state;
    VEC(size_t) numbers = {0};
    for (size_t i = 0; i < 1000; i++) {
        size_t *place = VEC_PUSH(arena, &numbers, i * i);
        assert_int_equal(*place, i * i);
        assert_ptr_equal(place, &numbers.items[i]);
    }
    assert_int_equal(numbers.count, 1000);
    assert_true(numbers.capacity >= numbers.count);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i * i);
}

static void test_vec_refuses_an_overflowing_capacity(void **state)
{
    (void)state;
    struct failure failure = {.count = 0};
    struct arena arena;
    arena_init(&arena, jump_back, &failure);
    size_t capacity = SIZE_MAX / 8;
    if (setjmp(failure.place) == 0)
        vec_reserve(&arena, NULL, &capacity, capacity, 16);
    assert_int_equal(failure.count, 1);
    arena_release(&arena);
}

static void test_reset_keeps_one_block(void **state)
{
    struct arena *arena = *state;
    arena_reset(arena); /* nothing to forget */
    assert_int_equal(arena->total, 0);
    char *first = arena_alloc(arena, 100);
    arena_reset(arena);
    assert_ptr_equal(arena_alloc(arena, 100), first);
    size_t one_block = arena->total;
    for (int i = 0; i < 1000; i++)
        memset(arena_alloc(arena, 10000), 0xff, 10000);
    memset(arena_alloc(arena, 1000000), 0xff, 1000000);
    arena_reset(arena);
    assert_int_equal(arena->total, one_block);
    memset(arena_alloc(arena, 1000000), 0xff, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_alloc_aligns_and_never_gives_null),
        UNIT_TEST(test_objects_do_not_overlap),
        UNIT_TEST(test_zalloc_zeroes),
        UNIT_TEST(test_strndup_copies_and_terminates),
        UNIT_TEST(test_big_object_keeps_the_room_of_the_current_block),
        UNIT_TEST(test_release_gives_an_empty_arena_again),
        UNIT_TEST(test_reset_keeps_one_block),
        cmocka_unit_test(test_limit_calls_fail),
        cmocka_unit_test(test_limit_refuses_one_big_object),
        cmocka_unit_test(test_overflow_calls_fail),
        UNIT_TEST(test_vec_grows_and_keeps_its_items),
        cmocka_unit_test(test_vec_refuses_an_overflowing_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
