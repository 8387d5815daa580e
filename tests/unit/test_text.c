/* A text that grows. */
#include "common/memory.h"
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_growing(void **state)
{
    (void)state;
    cleanup(text_free) struct text text = {0};

    for (int i = 0; i < 1000; i++)
        text_appendf(&text, "%d,", i);
    assert_int_equal(text.length, 10 * 2 + 90 * 3 + 900 * 4);
    assert_memory_equal(text.data, "0,1,2,3,", 8);
    assert_string_equal(text.data + text.length - 8, "998,999,");
}

static void test_bytes_may_be_nul(void **state)
{
    (void)state;
    cleanup(text_free) struct text text = {0};

    text_append_bytes(&text, "a\0b", 3);
    text_append_bytes(&text, NULL, 0);
    text_append_char(&text, 'c');
    assert_int_equal(text.length, 4);
    assert_memory_equal(text.data, "a\0bc", 5);
}

static void test_taking(void **state)
{
    (void)state;
    struct text text = {0};
    cleanup(free_string) char *empty = text_take(&text);

    assert_string_equal(empty, "");
    text_append(&text, "x");
    text_clear(&text);
    assert_string_equal(text.data, "");
    text_append(&text, "y");
    cleanup(free_string) char *full = text_take(&text);
    assert_string_equal(full, "y");
    assert_null(text.data);
    assert_int_equal(text.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_growing),
        cmocka_unit_test(test_bytes_may_be_nul),
        cmocka_unit_test(test_taking),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
