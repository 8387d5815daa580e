/* From object addresses to objects of the model. */
#include "common/catalog/addresses.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { PG_TYPE = 1247, PG_CLASS = 1259, PG_EXTENSION = 3079 };

static void test_many(void **state)
{
    (void)state;
    cleanup(addresses_free) struct addresses addresses = {0};
    static struct object objects[5000];

    for (uint32_t i = 0; i < 5000; i++)
        addresses_add(&addresses, (struct address){PG_CLASS, 16384 + i / 10, (int32_t)(i % 10)}, &objects[i]);
    for (uint32_t i = 0; i < 5000; i++)
        assert_ptr_equal(addresses_find(&addresses, (struct address){PG_CLASS, 16384 + i / 10, (int32_t)(i % 10)}),
                         &objects[i]);
    assert_null(addresses_find(&addresses, (struct address){PG_TYPE, 16384, 0}));
}

static void test_parts(void **state)
{
    (void)state;
    cleanup(addresses_free) struct addresses addresses = {0};
    struct object table = {0}, extension = {0};
    bool member;

    assert_null(addresses_resolve(&addresses, (struct address){PG_CLASS, 1, 0}, &member));
    addresses_add(&addresses, (struct address){PG_CLASS, 1, 0}, &table);
    addresses_add(&addresses, (struct address){PG_EXTENSION, 9, 0}, &extension);
    addresses_add_part(&addresses, (struct address){PG_TYPE, 3, 0}, (struct address){PG_TYPE, 2, 0}, false);
    addresses_add_part(&addresses, (struct address){PG_TYPE, 2, 0}, (struct address){PG_CLASS, 1, 0}, false);
    addresses_add_part(&addresses, (struct address){PG_CLASS, 5, 0}, (struct address){PG_EXTENSION, 9, 0}, true);

    /* The array of the row type of the table. */
    assert_ptr_equal(addresses_resolve(&addresses, (struct address){PG_TYPE, 3, 0}, &member), &table);
    assert_false(member);
    /* A column that is no object of its own. */
    assert_ptr_equal(addresses_resolve(&addresses, (struct address){PG_CLASS, 1, 7}, &member), &table);
    /* A column of an extension's table. */
    assert_ptr_equal(addresses_resolve(&addresses, (struct address){PG_CLASS, 5, 2}, &member), &extension);
    assert_true(member);
    /* What is an object stays one. */
    addresses_add_part(&addresses, (struct address){PG_CLASS, 1, 0}, (struct address){PG_EXTENSION, 9, 0}, true);
    assert_ptr_equal(addresses_resolve(&addresses, (struct address){PG_CLASS, 1, 0}, &member), &table);
    /* A circle ends. */
    addresses_add_part(&addresses, (struct address){PG_TYPE, 6, 0}, (struct address){PG_TYPE, 7, 0}, false);
    addresses_add_part(&addresses, (struct address){PG_TYPE, 7, 0}, (struct address){PG_TYPE, 6, 0}, false);
    assert_null(addresses_resolve(&addresses, (struct address){PG_TYPE, 6, 0}, &member));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
