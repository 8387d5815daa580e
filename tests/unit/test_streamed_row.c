/* Rows that are fingerprinted here. */
#include "common/memory.h"
#include "common/streamed_row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TEXT(string) ((char[]){string}) /* the structs own what they hold, so it is not const */

static struct column_shape columns[] = {
    {.name = TEXT("note"), .type = TEXT("\"char\""), .form = FORM_VALUE},
    {.name = TEXT("Part"), .type = TEXT("\"char\""), .form = FORM_VALUE},
    {.name = TEXT("id"), .type = TEXT("bigint"), .form = FORM_TEXT},
    {.name = TEXT("made"), .type = TEXT("integer"), .form = FORM_NONE, .generated = true},
    {.name = TEXT("at"), .type = TEXT("point"), .form = FORM_SEND, .send = TEXT("point_send")},
};
static size_t key[] = {2, 1};
static struct table_shape shape = {.schema = TEXT("s"),
                                   .name = TEXT("t"),
                                   .columns = columns,
                                   .column_count = 5,
                                   .key = key,
                                   .key_count = 2,
                                   .algorithm = FINGERPRINT_COPY};

static const struct chunking one_slice = {.way = CHUNK_BY_HASH, .slice_count = 1};
static const struct chunking by_hash = {.way = CHUNK_BY_HASH, .hash_bits = 4, .slice_count = 16};

static struct row_reader *reader_of(const struct table_shape *of, const struct chunking *chunking, bool place)
{
    cleanup(error_clear) struct error err = {0};
    struct row_reader *reader = NULL;

    assert_true(row_reader_new(of, chunking, place, &reader, &err));
    return reader;
}

static struct streamed_row read_line(const struct row_reader *reader, const char *line, size_t length)
{
    cleanup(error_clear) struct error err = {0};
    struct streamed_row row;

    assert_true(row_reader_take(reader, line, length, &row, &err));
    return row;
}

static struct streamed_row read_text(const struct row_reader *reader, const char *line)
{
    return read_line(reader, line, strlen(line));
}

static void test_key_first_and_no_column_that_the_ddl_makes(void **state)
{
    (void)state;
    cleanup(text_free) struct text sql = {0}, placed = {0};

    streamed_copy(&sql, &shape, NULL, NULL, NULL, NULL, false);
    assert_string_equal(sql.data, "COPY (SELECT t.id, t.\"Part\", t.note::pg_catalog.int4, pg_catalog.point_send(t.at)"
                                  " FROM ONLY s.t AS t) TO STDOUT");
    const char *const values[] = {"old || 'x'", NULL, NULL, NULL, NULL};
    streamed_copy(&placed, &shape, values, "ONLY s.old AS t", NULL, "true", true);
    assert_string_equal(placed.data, "COPY (SELECT t.ctid, t.id, t.\"Part\", (old || 'x')::pg_catalog.int4, "
                                     "pg_catalog.point_send(t.at) FROM ONLY s.old AS t WHERE true) TO STDOUT");
}

static void test_parts_of_a_line(void **state)
{
    (void)state;
    cleanup(row_reader_cleanup) struct row_reader *plain = reader_of(&shape, &by_hash, false);
    cleanup(row_reader_cleanup) struct row_reader *placed = reader_of(&shape, &by_hash, true);
    struct streamed_row row = read_text(plain, "17\t65\ta\\tb\t\\N\n");
    struct streamed_row there = read_text(placed, "(70000,12)\t17\t65\ta\\tb\t\\N\n");

    assert_int_equal(row.key_length, 5);
    assert_memory_equal(row.key, "17\t65", 5);
    assert_true(row.fingerprint == there.fingerprint && row.key_hash == there.key_hash);
    assert_int_equal(there.block, 70000);
    assert_int_equal(there.tuple, 12);
    assert_true(row.slice == row.key_hash >> 60);
    assert_true(read_text(plain, "17\t65\ta\\tb\t\\N").fingerprint == row.fingerprint);
    assert_true(read_text(plain, "17\t65\ta\\tb\t").fingerprint != row.fingerprint);
    assert_true(read_text(plain, "17\t65\tx\t").key_hash == row.key_hash);
}

static void test_what_is_no_line(void **state)
{
    (void)state;
    cleanup(row_reader_cleanup) struct row_reader *plain = reader_of(&shape, &one_slice, false);
    cleanup(row_reader_cleanup) struct row_reader *placed = reader_of(&shape, &one_slice, true);
    cleanup(error_clear) struct error err = {0};
    struct streamed_row row;

    assert_false(row_reader_take(plain, "17\n", 3, &row, &err));
    assert_int_equal(err.code, ERROR_INTERNAL);
    const char *const broken[] = {"", "\n", "17\t65\n", "(", "(1", "(1,", "(1,2", "(1,2)\n", "(1,2)17\n"};
    for (size_t i = 0; i < array_length(broken); i++)
        assert_false(row_reader_take(placed, broken[i], strlen(broken[i]), &row, &err));
}

static void test_rows_without_key_or_columns(void **state)
{
    (void)state;
    struct table_shape bag = shape, nothing = shape;

    bag.key_count = nothing.key_count = nothing.column_count = 0;
    cleanup(row_reader_cleanup) struct row_reader *rows = reader_of(&bag, &by_hash, false);
    cleanup(row_reader_cleanup) struct row_reader *empty = reader_of(&nothing, &one_slice, true);
    struct streamed_row row = read_text(rows, "a\tb\tc\td\n");

    assert_int_equal(row.key_length, 0);
    assert_true(row.key_hash == row.fingerprint && row.slice == row.fingerprint >> 60);
    row = read_text(empty, "(0,7)\n");
    assert_int_equal(row.tuple, 7);
    assert_int_equal(row.slice, 0);
}

/* The sorted texts of a type, each a bound; so text i begins slice i + 1, and what lies between is in it too. */
static void expect_order(const char *type, const char *const *texts, size_t count, const char *const *between)
{
    struct column_shape column = {.name = TEXT("k"), .type = copy_string(type), .form = FORM_TEXT};
    size_t first[] = {0};
    const struct table_shape ordered = {
        .schema = TEXT("s"), .name = TEXT("t"), .columns = &column, .column_count = 1, .key = first, .key_count = 1};
    struct chunking chunking = {
        .way = CHUNK_BY_RANGE, .bounds = allocate(count, sizeof(char *)), .slice_count = count + 1};

    for (size_t i = 0; i < count; i++)
        chunking.bounds[i] = copy_string(texts[i]);
    struct row_reader *reader = reader_of(&ordered, &chunking, false);
    for (size_t i = 0; i < count; i++) {
        if (read_text(reader, texts[i]).slice != i + 1)
            print_error("%s %s: slice %zu\n", type, texts[i], (size_t)read_text(reader, texts[i]).slice);
        assert_int_equal(read_text(reader, texts[i]).slice, i + 1);
        if (between[i] != NULL)
            assert_int_equal(read_text(reader, between[i]).slice, i + 1);
    }
    row_reader_free(reader);
    chunking_free(&chunking);
    free(column.type);
}

static void test_slices_are_as_the_servers_sort(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "-9223372036854775808", "-9223372036854775807", "-10", "-9", "0", "7", "10", "100", "9223372036854775807"};
    static const char *const numbers_between[] = {NULL, "-11", NULL, "-1", "6", "9", "99", "9223372036854775806", NULL};
    expect_order("bigint", numbers, array_length(numbers), numbers_between);

    static const char *const dates[] = {"-infinity",  "4713-11-24 BC", "0002-01-01 BC", "0001-12-31 BC", "0001-01-01",
                                        "1999-12-31", "2000-01-01",    "10000-01-01",   "5874897-12-31", "infinity"};
    static const char *const dates_between[] = {NULL, "0003-12-31 BC", "0001-01-01 BC", NULL, "0999-01-01",
                                                NULL, "9999-12-31",    "294276-01-01",  NULL, NULL};
    expect_order("date", dates, array_length(dates), dates_between);

    static const char *const times[] = {"00:00:00", "00:00:00.000001", "00:00:00.1",
                                        "00:00:01", "23:59:59.999999", "24:00:00"};
    static const char *const times_between[] = {NULL, "00:00:00.09", "00:00:00.100001", "12:00:00", NULL, NULL};
    expect_order("time without time zone", times, array_length(times), times_between);

    static const char *const stamps[] = {"-infinity",
                                         "4714-11-24 00:00:00+00 BC",
                                         "0044-03-15 12:00:00+00 BC",
                                         "0044-03-15 12:00:00.5+00 BC",
                                         "2000-01-01 00:00:00+00",
                                         "2000-01-01 00:00:00.000001+00",
                                         "2000-01-01 00:00:00.5+00",
                                         "2000-01-01 00:00:01+00",
                                         "infinity"};
    static const char *const stamps_between[] = {NULL,
                                                 NULL,
                                                 "0044-03-15 12:00:00.25+00 BC",
                                                 NULL,
                                                 NULL,
                                                 "2000-01-01 00:00:00.25+00",
                                                 "2000-01-01 00:00:00.51+00",
                                                 "294276-12-31 23:59:59.999999+00",
                                                 NULL};
    expect_order("timestamp(6) with time zone", stamps, array_length(stamps), stamps_between);

    static const char *const uuids[] = {"00000000-0000-0000-0000-000000000000", "0fffffff-0000-0000-0000-000000000000",
                                        "a0000000-0000-0000-0000-000000000000"};
    static const char *const uuids_between[] = {"0eeeeeee-0000-0000-0000-000000000000",
                                                "9fffffff-ffff-ffff-ffff-ffffffffffff",
                                                "ffffffff-ffff-ffff-ffff-ffffffffffff"};
    expect_order("uuid", uuids, array_length(uuids), uuids_between);
}

static void test_slices_that_are_no_ranges_of_the_key(void **state)
{
    (void)state;
    char *bounds[] = {TEXT("1")};
    const struct chunking other = {.way = CHUNK_BY_RANGE, .column = 0, .bounds = bounds, .slice_count = 2};
    const struct chunking lost = {.way = CHUNK_BY_RANGE, .column = 2, .slice_count = 2};
    cleanup(error_clear) struct error err = {0};
    struct row_reader *reader = NULL;

    assert_false(row_reader_new(&shape, &other, false, &reader, &err));
    assert_int_equal(err.code, ERROR_ARCHIVE);
    assert_false(row_reader_new(&shape, &lost, false, &reader, &err));
    row_reader_free(NULL);
}

/* What a sum must not miss: two rows of a table swap one column's values. */
static void test_no_swap_is_missed(void **state)
{
    (void)state;
    static const char *const values[] = {"\\N", "",  "0",  "-0",    "1",    "1.0", "a",
                                         "a|",  "b", "b|", "\\\\N", "NULL", " ",   "\\t"};
    struct table_shape bag = shape;
    unsigned seed = 1;

    bag.key_count = 0;
    cleanup(row_reader_cleanup) struct row_reader *reader = reader_of(&bag, &one_slice, false);
    for (int i = 0; i < 10000;) {
        char line[4][256];
        int left = rand_r(&seed), right = rand_r(&seed);
        const char *a = values[rand_r(&seed) % array_length(values)], *b = values[rand_r(&seed) % array_length(values)];

        if (left == right || a == b)
            continue;
        snprintf(line[0], sizeof line[0], "%d\t%s\tx\n", left, a);
        snprintf(line[1], sizeof line[1], "%d\t%s\tx\n", right, b);
        snprintf(line[2], sizeof line[2], "%d\t%s\tx\n", left, b);
        snprintf(line[3], sizeof line[3], "%d\t%s\tx\n", right, a);
        assert_true(read_text(reader, line[0]).fingerprint + read_text(reader, line[1]).fingerprint !=
                    read_text(reader, line[2]).fingerprint + read_text(reader, line[3]).fingerprint);
        i++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_first_and_no_column_that_the_ddl_makes),
        cmocka_unit_test(test_parts_of_a_line),
        cmocka_unit_test(test_what_is_no_line),
        cmocka_unit_test(test_rows_without_key_or_columns),
        cmocka_unit_test(test_slices_are_as_the_servers_sort),
        cmocka_unit_test(test_slices_that_are_no_ranges_of_the_key),
        cmocka_unit_test(test_no_swap_is_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
