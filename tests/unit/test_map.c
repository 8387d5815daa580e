/* A hash map from strings to pointers. */
#include "common/map.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_many_keys(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static char keys[COUNT][16];
    cleanup(map_free) struct map map = {0};

    assert_null(map_get(&map, "none"));
    for (int i = 0; i < COUNT; i++) {
        snprintf(keys[i], sizeof keys[i], "key %d", i);
        assert_true(map_add(&map, keys[i], keys[i]));
    }
    assert_int_equal(map.count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %d", i);
        assert_ptr_equal(map_get(&map, key), keys[i]);
    }
    assert_null(map_get(&map, "key 5000"));
}

static void test_a_key_keeps_its_value(void **state)
{
    (void)state;
    cleanup(map_free) struct map map = {0};
    int first, second;

    assert_true(map_add(&map, "", &first));
    assert_false(map_add(&map, "", &second));
    assert_ptr_equal(map_get(&map, ""), &first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_a_key_keeps_its_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
