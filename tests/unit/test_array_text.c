/* PostgreSQL's text form of an array. */
#include "common/catalog/array_text.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_same_after_reading(const char *value, size_t count)
{
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    cleanup(text_free) struct text text = {0};
    const char **items;
    size_t found;

    assert_true(array_text_parse(arena, value, &items, &found));
    assert_int_equal(found, count);
    array_text_append(&text, items, found);
    assert_string_equal(text.data, value);
}

static void test_read_and_write(void **state)
{
    (void)state;
    assert_same_after_reading("{}", 0);
    assert_same_after_reading("{a}", 1);
    assert_same_after_reading("{fillfactor=70,autovacuum_enabled=false}", 2);
    assert_same_after_reading("{\"a b\",\"c,d\",\"{}\",\"\"}", 4);
    assert_same_after_reading("{\"a\\\"b\\\\c\",NULL,\"NULL\",\"null\"}", 4);
    assert_same_after_reading("{\"line\nbreak\",héhé}", 2);
}

static void test_items(void **state)
{
    (void)state;
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    const char **items;
    size_t count;

    assert_true(array_text_parse(arena, "{\"a\\\"b\\\\c\",NULL,\"NULL\",x\\,y}", &items, &count));
    assert_int_equal(count, 4);
    assert_string_equal(items[0], "a\"b\\c");
    assert_null(items[1]);
    assert_string_equal(items[2], "NULL");
    assert_string_equal(items[3], "x,y");
    assert_true(array_text_parse(arena, NULL, &items, &count));
    assert_int_equal(count, 0);
}

static void test_malformed(void **state)
{
    (void)state;
    static const char *const values[] = {"",      "a",      "{",     "}",    "{a",      "{a}b",
                                         "{\"a}", "{a\"b}", "{{a}}", "{a\\", "{\"a\"b}"};
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    const char **items;
    size_t count;

    for (size_t i = 0; i < array_length(values); i++)
        assert_false(array_text_parse(arena, values[i], &items, &count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_and_write),
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
