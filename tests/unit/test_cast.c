/* Casts between types, and what is a constant. */
#include "common/memory.h"
#include "plan/schema/rules/alter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_cast(const char *old_type, const char *new_type, const char *sql, bool may_fail)
{
    cleanup(free_string) char *expression = cast_expression("c", old_type, new_type);

    assert_string_equal(expression, sql);
    assert_int_equal(cast_may_fail(old_type, new_type), may_fail);
}

static void test_casts(void **state)
{
    (void)state;
    expect_cast("integer", "bigint", "c::bigint", false);
    expect_cast("bigint", "integer", "c::integer", true);
    expect_cast("numeric", "numeric(10,2)", "c::numeric(10,2)", true);
    expect_cast("text", "character varying(5)", "c::character varying(5)", false);
    expect_cast("text", "integer", "c::integer", true);
    expect_cast("uuid", "text", "c::text", false);
    expect_cast("uuid", "bytea", "c::text::bytea", true);
    expect_cast("boolean", "smallint", "c::integer::smallint", false);
    expect_cast("integer", "boolean", "c::integer::boolean", false);
    expect_cast("integer[]", "bigint[]", "c::bigint[]", false);
    expect_cast("timestamp(3) without time zone", "timestamp with time zone", "c::timestamp with time zone", false);
}

static void test_constants(void **state)
{
    (void)state;
    static const char *const constants[] = {"0",
                                            "-1.5",
                                            "(-1)",
                                            "true",
                                            "'it''s'::text",
                                            "NULL::character varying(10)",
                                            "'{}'::jsonb",
                                            "'a'::public.\"Mood\"",
                                            "'x'::character varying(10)[]"};
    static const char *const others[] = {"now()", "nextval('s'::regclass)", "('now'::text)::date",
                                         "a + 1", "CURRENT_USER",           "1 + 1"};

    for (size_t i = 0; i < array_length(constants); i++)
        assert_true(is_constant_expression(constants[i]));
    for (size_t i = 0; i < array_length(others); i++)
        assert_false(is_constant_expression(others[i]));
}

static char *replacement(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "a") == 0 || strcmp(name, "\"B c\"") == 0 ? copy_string("1") : NULL;
}

static void test_columns_are_replaced(void **state)
{
    (void)state;
    cleanup(free_string) char *sql = replace_columns("a(a, 'a', \"B c\", t.a, a.x, x::a) + 1a", replacement, NULL);

    assert_string_equal(sql, "a((1), 'a', (1), t.a, a.x, x::a) + 1a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_casts), cmocka_unit_test(test_constants),
                                       cmocka_unit_test(test_columns_are_replaced)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
