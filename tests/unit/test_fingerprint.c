/* The SQL of fingerprints. That both databases compute the same from it is for the tests with servers. */
#include "common/fingerprint.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TEXT(string) ((char[]){string}) /* the structs own what they hold, so it is not const */

static struct column_shape orders_columns[] = {
    {.name = TEXT("id"), .type = TEXT("bigint"), .form = FORM_SEND, .send = TEXT("int8send")},
    {.name = TEXT("Kind"), .type = TEXT("public.kind"), .form = FORM_TEXT},
    {.name = TEXT("price"), .type = TEXT("double precision"), .form = FORM_SEND, .send = TEXT("float8send")},
    {.name = TEXT("sum"), .type = TEXT("numeric(12,2)"), .form = FORM_SEND, .send = TEXT("numeric_send")},
    {.name = TEXT("paid"), .type = TEXT("boolean"), .form = FORM_VALUE},
    {.name = TEXT("x"), .type = TEXT("public.odd"), .form = FORM_OUTPUT},
};
static size_t orders_key[] = {0};
static const struct table_shape orders = {.schema = TEXT("public"),
                                          .name = TEXT("orders"),
                                          .columns = orders_columns,
                                          .column_count = 6,
                                          .key = orders_key,
                                          .key_count = 1};

#define ID_TERM                                                                                                        \
    "coalesce(pg_catalog.hashint8extended(t.id, t.id OPERATOR(pg_catalog.#) "                                          \
    "'-2152535657050944081'::pg_catalog.int8), '7960286522194355700'::pg_catalog.int8) OPERATOR(pg_catalog.#) "

static void test_every_form(void **state)
{
    (void)state;
    cleanup(text_free) struct text sql = {0};

    fingerprint_row(&sql, &orders, NULL, "t");
    assert_string_equal(
        sql.data,
        "pg_catalog.hashint4extended(0, (" ID_TERM
        "coalesce(pg_catalog.hashtextextended(t.\"Kind\"::pg_catalog.text COLLATE pg_catalog.\"C\", "
        "'487617019471545679'::pg_catalog.int8), '-537132696929009172'::pg_catalog.int8) OPERATOR(pg_catalog.#) "
        "coalesce(pg_catalog.hashint4extended(CASE WHEN t.sum OPERATOR(pg_catalog.<) 0 THEN 1 ELSE 0 END, "
        "pg_catalog.hash_numeric_extended(t.sum, '3207296026000306913'::pg_catalog.int8)), "
        "'-4214222208109204676'::pg_catalog.int8) OPERATOR(pg_catalog.#) "
        "coalesce(pg_catalog.hashint4extended(t.paid::pg_catalog.int4, '4532161160992623299'::pg_catalog.int8), "
        "'-884877559730491226'::pg_catalog.int8) OPERATOR(pg_catalog.#) "
        "pg_catalog.hash_record_extended(ROW(t.price, CASE WHEN t.price OPERATOR(pg_catalog.=) 0 THEN "
        "pg_catalog.float8send(t.price) END, pg_catalog.concat(t.x) COLLATE pg_catalog.\"C\", "
        "pg_catalog.num_nulls(t.x)), 0) OPERATOR(pg_catalog.#) "
        "'-8781561602181964933'::pg_catalog.int8))");
}

static void test_columns_without_null_are_a_chain_and_the_others_its_seed(void **state)
{
    (void)state;
    struct column_shape columns[] = {
        {.name = TEXT("id"), .type = TEXT("bigint"), .form = FORM_SEND, .send = TEXT("int8send"), .not_null = true},
        {.name = TEXT("a"), .type = TEXT("integer"), .form = FORM_VALUE},
        {.name = TEXT("b"), .type = TEXT("text"), .form = FORM_TEXT, .not_null = true},
        {.name = TEXT("c"), .type = TEXT("date"), .form = FORM_VALUE, .not_null = true},
    };
    const struct table_shape shape = {
        .schema = TEXT("public"), .name = TEXT("t"), .columns = columns, .column_count = 4};
    cleanup(text_free) struct text sql = {0};

    fingerprint_row(&sql, &shape, NULL, "t");
    assert_non_null(strstr(
        sql.data,
        "coalesce(pg_catalog.hashtextextended(t.b::pg_catalog.text COLLATE pg_catalog.\"C\", "
        "pg_catalog.hashint8extended(t.id, t.id OPERATOR(pg_catalog.#) (coalesce(pg_catalog.hashint4extended(t.a, "));
    /* If one is NULL after all, the row is hashed as if any might be. */
    assert_non_null(strstr(sql.data, ", pg_catalog.hashint4extended(0, (" ID_TERM));
    const char *record = strstr(sql.data, "hash_record_extended(ROW(t.c), 0)");
    assert_non_null(record);
    assert_non_null(strstr(record + 1, "hash_record_extended(ROW(t.c), 0)"));
}

static void test_projection_stands_in_place_of_the_column(void **state)
{
    (void)state;
    const char *const values[] = {NULL, "old_kind::text", NULL, NULL, NULL, NULL};
    cleanup(text_free) struct text sql = {0};

    fingerprint_row(&sql, &orders, values, "t");
    assert_non_null(strstr(sql.data, "((old_kind::text)::pg_catalog.text COLLATE"));
    assert_null(strstr(sql.data, "Kind"));
}

static void test_a_generated_column_that_the_ddl_makes_is_left_out(void **state)
{
    (void)state;
    struct column_shape columns[] = {
        {.name = TEXT("a"), .type = TEXT("integer"), .form = FORM_VALUE},
        {.name = TEXT("twice"), .type = TEXT("integer"), .form = FORM_NONE, .generated = true},
    };
    const struct table_shape shape = {
        .schema = TEXT("public"), .name = TEXT("t"), .columns = columns, .column_count = 2};
    cleanup(text_free) struct text sql = {0};

    fingerprint_row(&sql, &shape, NULL, "t");
    assert_non_null(strstr(sql.data, "hashint4extended(t.a, "));
    assert_null(strstr(sql.data, "twice"));
}

static void test_slices(void **state)
{
    (void)state;
    char *bounds[] = {TEXT("10"), TEXT("20")};
    const struct chunking by_range = {.way = CHUNK_BY_RANGE, .bounds = bounds, .slice_count = 3};
    const struct chunking by_hash = {.way = CHUNK_BY_HASH, .hash_bits = 4, .slice_count = 16};
    cleanup(text_free) struct text range = {0}, hash = {0};

    fingerprint_slice(&range, &orders, &by_range, NULL, "t");
    assert_string_equal(range.data, "pg_catalog.width_bucket(t.id, $1::bigint[])");
    fingerprint_slice(&hash, &orders, &by_hash, NULL, "t");
    assert_string_equal(hash.data, "(pg_catalog.hashint4extended(0, (" ID_TERM
                                   "'487617019471545679'::pg_catalog.int8)) OPERATOR(pg_catalog.>>) 60) "
                                   "OPERATOR(pg_catalog.&) 15::pg_catalog.int8");
}

static void test_bounds_that_are_steps_are_a_shift(void **state)
{
    (void)state;
    char *even[] = {TEXT("-64"), TEXT("0"), TEXT("64")}, *uneven[] = {TEXT("-64"), TEXT("0"), TEXT("128")};
    char *odd[] = {TEXT("-63"), TEXT("1"), TEXT("65")}, *far[] = {TEXT("-9223372036854775808"), TEXT("0"), TEXT("1")};
    struct chunking chunking = {.way = CHUNK_BY_RANGE, .bounds = even, .slice_count = 4};
    cleanup(text_free) struct text sql = {0};

    fingerprint_scan(&sql, &orders, &chunking, NULL, NULL, "true");
    assert_non_null(strstr(sql.data, "SELECT least(greatest(s.step::pg_catalog.int8 OPERATOR(pg_catalog.-) "
                                     "'-2'::pg_catalog.int8, 0), 3), "
                                     "sum(s.rows), sum(s.sum)\n"
                                     "FROM (SELECT f.step, count(*) AS rows, sum(f.f) AS sum\n"
                                     "FROM (SELECT t.id OPERATOR(pg_catalog.>>) 6 AS step, "));
    assert_non_null(strstr(
        sql.data, " AS f\nFROM ONLY public.orders AS t\nWHERE true OFFSET '0') AS f\nGROUP BY 1) AS s\nGROUP BY 1"));
    assert_false(fingerprint_scan_takes_bounds(&orders, &chunking));
    for (size_t i = 0; i < 3; i++) {
        cleanup(text_free) struct text other = {0};

        chunking.bounds = i == 0 ? uneven : i == 1 ? odd : far;
        fingerprint_scan(&other, &orders, &chunking, NULL, NULL, NULL);
        assert_non_null(strstr(other.data, "SELECT pg_catalog.width_bucket(t.id, $1::bigint[]), count(*)"));
        assert_true(fingerprint_scan_takes_bounds(&orders, &chunking));
    }
}

static void test_scan_without_key_computes_the_fingerprint_once(void **state)
{
    (void)state;
    struct table_shape bag = orders;
    const struct chunking by_hash = {.way = CHUNK_BY_HASH, .hash_bits = 4, .slice_count = 16};
    cleanup(text_free) struct text sql = {0};

    bag.key_count = 0;
    fingerprint_scan(&sql, &bag, &by_hash, NULL, NULL, "true");
    const char *first = strstr(sql.data, "hash_record_extended");
    assert_non_null(first);
    assert_null(strstr(first + 1, "hash_record_extended"));
    assert_non_null(strstr(sql.data, "FROM ONLY public.orders AS t\nWHERE true OFFSET '0')"));
}

static void test_wide_rows_are_several_records(void **state)
{
    (void)state;
    enum { COUNT = 1600 };
    struct column_shape *columns = allocate(COUNT, sizeof *columns);
    const struct table_shape wide = {.schema = TEXT("s"), .name = TEXT("t"), .columns = columns, .column_count = COUNT};
    const struct column_shape column = {.name = TEXT("c"), .form = FORM_SEND, .send = TEXT("int8send")};
    cleanup(text_free) struct text sql = {0};

    for (size_t i = 0; i < COUNT; i++)
        columns[i] = column;
    fingerprint_row(&sql, &wide, NULL, NULL);
    assert_non_null(strstr(sql.data, "), 0) OPERATOR(pg_catalog.#) pg_catalog.hash_record_extended(ROW(c, "));
    assert_non_null(strstr(sql.data, "), 1) OPERATOR(pg_catalog.#) '"));
    free(columns);
}

static void test_text_of_old_servers(void **state)
{
    (void)state;
    struct table_shape old = orders;
    cleanup(text_free) struct text text = {0}, md5 = {0};

    old.algorithm = FINGERPRINT_TEXT;
    fingerprint_row(&text, &old, NULL, "t");
    assert_string_equal(text.data,
                        "pg_catalog.hashtextextended(ARRAY[t.id::pg_catalog.text COLLATE pg_catalog.\"C\", "
                        "t.\"Kind\"::pg_catalog.text COLLATE pg_catalog.\"C\", "
                        "(CASE WHEN t.price OPERATOR(pg_catalog.<>) 'NaN' THEN pg_catalog.float8send(t.price) "
                        "WHEN t.price IS NOT NULL THEN '' END)::pg_catalog.text COLLATE pg_catalog.\"C\", "
                        "pg_catalog.numeric_send(t.sum)::pg_catalog.text COLLATE pg_catalog.\"C\", "
                        "t.paid::pg_catalog.text COLLATE pg_catalog.\"C\", "
                        "CASE WHEN pg_catalog.num_nulls(t.x) OPERATOR(pg_catalog.=) 0 THEN pg_catalog.concat(t.x) END"
                        "]::pg_catalog.text[]::pg_catalog.text COLLATE pg_catalog.\"C\", 0)");
    old.algorithm = FINGERPRINT_MD5;
    fingerprint_row(&md5, &old, NULL, "t");
    assert_non_null(strstr(md5.data, "pg_catalog.md5(ARRAY[t.id"));
    assert_null(strstr(md5.data, "hash"));
}

static void test_the_older_server_decides(void **state)
{
    (void)state;
    enum fingerprint_algorithm found;

    assert_int_equal(fingerprint_algorithm_of(180004), FINGERPRINT_HASHES);
    assert_int_equal(fingerprint_algorithm_of(140000), FINGERPRINT_HASHES);
    assert_int_equal(fingerprint_algorithm_of(130023), FINGERPRINT_TEXT);
    assert_int_equal(fingerprint_algorithm_of(110000), FINGERPRINT_TEXT);
    assert_int_equal(fingerprint_algorithm_of(100023), FINGERPRINT_MD5);
    for (int i = FINGERPRINT_HASHES; i <= FINGERPRINT_MD5; i++) {
        assert_true(fingerprint_algorithm_from_name(fingerprint_algorithm_name(i), &found));
        assert_int_equal(found, i);
    }
    assert_false(fingerprint_algorithm_from_name("record-hash-1", &found));
}

static void test_sums_wrap(void **state)
{
    (void)state;
    assert_true(fingerprint_sum("0") == 0);
    assert_true(fingerprint_sum("-1") == UINT64_MAX);
    assert_true(fingerprint_sum("18446744073709551617") == 1);
    assert_true(fingerprint_sum("-18446744073709551618") == UINT64_MAX - 1);
}

static void test_bounds_are_an_array_literal(void **state)
{
    (void)state;
    char *bounds[] = {TEXT("2024-01-01 00:00:00"), TEXT("a\"b\\c")};
    const struct chunking chunking = {.way = CHUNK_BY_RANGE, .bounds = bounds, .slice_count = 3};
    const struct chunking one = {.way = CHUNK_BY_RANGE, .slice_count = 1};
    cleanup(free_string) char *literal = fingerprint_bounds(&chunking);

    assert_string_equal(literal, "{\"2024-01-01 00:00:00\",\"a\\\"b\\\\c\"}");
    assert_null(fingerprint_bounds(&one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form),
        cmocka_unit_test(test_columns_without_null_are_a_chain_and_the_others_its_seed),
        cmocka_unit_test(test_projection_stands_in_place_of_the_column),
        cmocka_unit_test(test_a_generated_column_that_the_ddl_makes_is_left_out),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_bounds_that_are_steps_are_a_shift),
        cmocka_unit_test(test_scan_without_key_computes_the_fingerprint_once),
        cmocka_unit_test(test_wide_rows_are_several_records),
        cmocka_unit_test(test_text_of_old_servers),
        cmocka_unit_test(test_the_older_server_decides),
        cmocka_unit_test(test_sums_wrap),
        cmocka_unit_test(test_bounds_are_an_array_literal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
