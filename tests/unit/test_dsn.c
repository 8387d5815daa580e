/* What a malformed DSN is answered with: never with a part of itself. */
#include "common/dsn.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_refused(const char *dsn)
{
    cleanup(error_clear) struct error err = {0};

    assert_false(dsn_check("main", dsn, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_non_null(err.message);
    assert_null(strstr(err.message, "geheim"));
    assert_true(err.detail == NULL || strstr(err.detail, "geheim") == NULL);
    assert_true(err.hint == NULL || strstr(err.hint, "geheim") == NULL);
}

static void test_good_ones(void **state)
{
    (void)state;
    static const char *const good[] = {
        "dbname=shop",
        "postgresql://",
        "postgres://user:pass%40word@host:5432,other:5433/shop?sslmode=require",
        "postgres://user@/shop?host=/var/run/postgresql",
        "postgres://host/shop?user=name@server",
        "host=/tmp port='5432' password='a b\\'c'",
        "service=shop",
        "postgres://[::1]:5432/shop",
        "host=a,b port=5432,5433",
        "host=x password=p@ss/word",
    };

    for (size_t i = 0; i < array_length(good); i++) {
        struct error err = {0};
        assert_true(dsn_check("main", good[i], &err));
    }
}

static void test_malformed_ones(void **state)
{
    (void)state;
    expect_refused(NULL);
    expect_refused("");
    expect_refused("  ");
    expect_refused("geheim");
    expect_refused("host=x password=a geheim");
    expect_refused("host=x password=a geheim=b");
    expect_refused("host=x password='geheim");
    expect_refused("postgres://u:geheim%zz@h/d");
    expect_refused("postgres://u:a@geheim@h/d");
    expect_refused("postgres://u:geheim/x@h/d");
    expect_refused("postgres://u:1/geheim@h/d");
    expect_refused("postgres://u:p@h/d?geheim");
    expect_refused("postgres://u:p@h/d?pasword=geheim");
    expect_refused("postgres://[::1/geheim");
    expect_refused("postgres://u:p@h:geheim/d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_ones),
        cmocka_unit_test(test_malformed_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
