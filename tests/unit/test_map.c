/* The map from text to a pointer. */
#include "map.h"
#include "unit.h"

static int values[1000];

static struct view key(struct arena *arena, size_t i)
{
    return view_format(arena, "key %zu", i);
}

static void test_empty(void **state)
{
    (void)state;
    struct map map = {0};
    assert_null(map_find(&map, VIEW("")));
    assert_null(map_get(&map, VIEW("a")));
    map_truncate(&map, 0);
    assert_int_equal(map.count, 0);
}

static void test_set_and_get(void **state)
{
    struct map map = {0};
    map_set(*state, &map, VIEW("a"), &values[0]);
    map_set(*state, &map, VIEW(""), &values[1]);
    map_set(*state, &map, VIEW("a\0b"), &values[2]);
    map_set(*state, &map, VIEW("none"), NULL);
    assert_ptr_equal(map_get(&map, VIEW("a")), &values[0]);
    assert_ptr_equal(map_get(&map, VIEW("")), &values[1]);
    assert_ptr_equal(map_get(&map, VIEW("a\0b")), &values[2]);
    assert_null(map_find(&map, VIEW("a\0")));
    /* A key whose value is NULL is there all the same. */
    assert_null(map_get(&map, VIEW("none")));
    assert_non_null(map_find(&map, VIEW("none")));
}

static void test_keeps_order(void **state)
{
    struct map map = {0};
    for (size_t i = 0; i < 1000; i++)
        map_set(*state, &map, key(*state, i), &values[i]);
    for (size_t i = 0; i < 1000; i += 7) /* set again: the place stays, the value is new */
        map_set(*state, &map, key(*state, i), &values[0]);
    assert_int_equal(map.count, 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_true(view_equal(map.items[i].key, key(*state, i)));
        assert_ptr_equal(map_get(&map, key(*state, i)), &values[i % 7 == 0 ? 0 : i]);
    }
    assert_null(map_find(&map, VIEW("key 1000")));
}

static void test_copy(void **state)
{
    struct map map = {0};
    for (size_t i = 0; i < 100; i++)
        map_set(*state, &map, key(*state, i), &values[i]);
    struct map copy = map_copy(*state, &map);
    map_set(*state, &copy, VIEW("more"), &values[0]);
    map_set(*state, &map, key(*state, 5), &values[6]);
    assert_int_equal(map.count, 100);
    assert_int_equal(copy.count, 101);
    assert_null(map_find(&map, VIEW("more")));
    assert_ptr_equal(map_get(&copy, key(*state, 5)), &values[5]);
    assert_true(view_equal(copy.items[99].key, key(*state, 99)));
}

static void test_truncate(void **state)
{
    struct map map = {0};
    for (size_t i = 0; i < 100; i++)
        map_set(*state, &map, key(*state, i), &values[i]);
    map_truncate(&map, 200);
    assert_int_equal(map.count, 100);
    map_truncate(&map, 40);
    assert_int_equal(map.count, 40);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(map_find(&map, key(*state, i)) != NULL, i < 40);
    for (size_t i = 50; i < 300; i++) /* what was forgotten can be set again */
        map_set(*state, &map, key(*state, i), &values[i]);
    assert_int_equal(map.count, 290);
    assert_true(view_equal(map.items[40].key, key(*state, 50)));
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(map_find(&map, key(*state, i)) != NULL, i < 40 || i >= 50);
    map_truncate(&map, 0);
    assert_null(map_find(&map, key(*state, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_empty), UNIT_TEST(test_set_and_get), UNIT_TEST(test_keeps_order),
        UNIT_TEST(test_copy),  UNIT_TEST(test_truncate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
