/* psql-style name patterns. */
#include "common/memory.h"
#include "common/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_regex(const char *pattern, const char *expected)
{
    cleanup(free_string) char *regex = NULL;
    struct error err = {0};

    assert_true(pattern_to_regex(pattern, &regex, &err));
    assert_string_equal(regex, expected);
}

static void expect_refused(const char *pattern)
{
    cleanup(free_string) char *schema = NULL;
    cleanup(free_string) char *name = NULL;
    cleanup(error_clear) struct error err = {0};

    assert_false(pattern_split(pattern, &schema, &name, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_null(schema);
    assert_null(name);
}

static void test_one_name(void **state)
{
    (void)state;
    expect_regex("public", "^(public)$");
    expect_regex("Public", "^(public)$");
    expect_regex("\"Public\"", "^(Public)$");
    expect_regex("*", "^(.*)$");
    expect_regex("app_?", "^(app_.)$");
    expect_regex("\"app*\"", "^(app\\*)$");
    expect_regex("a|b", "^(a|b)$");
    expect_regex("a$b", "^(a\\$b)$");
    expect_regex("\"a$b\"", "^(a\\$b)$");
    expect_regex("\"a\"\"b\"", "^(a\"b)$");
    expect_regex("\"a.b\"", "^(a\\.b)$");
    expect_regex("a[0-9]", "^(a[0-9])$");
    expect_regex("a[]", "^(a\\[])$");
    expect_regex("Ä\"Ö\"", "^(ÄÖ)$");
}

static void test_one_name_has_no_dot(void **state)
{
    (void)state;
    char *regex = NULL;
    cleanup(error_clear) struct error err = {0};

    assert_false(pattern_to_regex("a.b", &regex, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_null(regex);
}

static void test_qualified_names(void **state)
{
    (void)state;
    cleanup(free_string) char *schema = NULL;
    cleanup(free_string) char *name = NULL;
    struct error err = {0};

    assert_true(pattern_split("Sales.ord*", &schema, &name, &err));
    assert_string_equal(schema, "^(sales)$");
    assert_string_equal(name, "^(ord.*)$");
    free_string(&schema);
    free_string(&name);
    assert_true(pattern_split("\"a.b\"", &schema, &name, &err));
    assert_null(schema);
    assert_string_equal(name, "^(a\\.b)$");
}

static void test_what_is_refused(void **state)
{
    (void)state;
    expect_refused("");
    expect_refused(".");
    expect_refused("a.");
    expect_refused(".b");
    expect_refused("a.b.c");
    expect_refused("\"a");
    expect_refused("a.\"b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_name),
        cmocka_unit_test(test_one_name_has_no_dot),
        cmocka_unit_test(test_qualified_names),
        cmocka_unit_test(test_what_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
