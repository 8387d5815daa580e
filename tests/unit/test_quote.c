/* Names and values as SQL. */
#include "common/memory.h"
#include "common/quote.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_identifier(const char *name, const char *quoted)
{
    cleanup(text_free) struct text sql = {0};

    quote_identifier(&sql, name);
    assert_string_equal(sql.data, quoted);
}

static void test_identifiers(void **state)
{
    (void)state;
    expect_identifier("orders", "orders");
    expect_identifier("_t1", "_t1");
    expect_identifier("Orders", "\"Orders\"");
    expect_identifier("order", "\"order\"");
    expect_identifier("1st", "\"1st\"");
    expect_identifier("a\"b", "\"a\"\"b\"");
    expect_identifier("a b", "\"a b\"");
    expect_identifier("", "\"\"");
    expect_identifier("xmltable", "\"xmltable\"");
}

static void test_literals(void **state)
{
    (void)state;
    cleanup(text_free) struct text sql = {0};

    quote_literal(&sql, "it's");
    quote_literal(&sql, "a\\b'");
    assert_string_equal(sql.data, "'it''s' E'a\\\\b'''");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_identifiers), cmocka_unit_test(test_literals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
