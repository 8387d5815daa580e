/* What went wrong. */
#include "common/error.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_the_first_error_stays(void **state)
{
    (void)state;
    cleanup(error_clear) struct error err = {0};

    assert_false(error_set(&err, ERROR_CONFLICT, "%s", "first"));
    assert_false(error_set(&err, ERROR_INTERNAL, "second"));
    assert_int_equal(err.code, ERROR_CONFLICT);
    assert_string_equal(err.message, "first");
}

static void test_context_grows_outwards(void **state)
{
    (void)state;
    cleanup(error_clear) struct error err = {0};

    error_set(&err, ERROR_INTERNAL, "x");
    error_context(&err, "reading table %s", "t");
    error_context(&err, "comparing rows");
    assert_string_equal(err.context, "comparing rows: reading table t");
}

static void test_sqlstate(void **state)
{
    (void)state;
    cleanup(error_clear) struct error err = {0};

    error_sqlstate(&err, "42501");
    assert_string_equal(err.sqlstate, "42501");
    error_sqlstate(&err, NULL);
    assert_string_equal(err.sqlstate, "");
}

/* The promise to scripts. */
static void test_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(error_exit_status(ERROR_NONE), 0);
    assert_int_equal(error_exit_status(ERROR_USAGE), 3);
    assert_int_equal(error_exit_status(ERROR_CONNECTION), 4);
    assert_int_equal(error_exit_status(ERROR_ARCHIVE), 5);
    assert_int_equal(error_exit_status(ERROR_BASE_STATE), 7);
    assert_int_equal(error_exit_status(ERROR_OUTCOME_UNKNOWN), 12);
    assert_int_equal(error_exit_status(ERROR_INTERRUPTED), 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_error_stays),
        cmocka_unit_test(test_context_grows_outwards),
        cmocka_unit_test(test_sqlstate),
        cmocka_unit_test(test_exit_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
