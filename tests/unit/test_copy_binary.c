/* COPY's binary format, made of its text format: bytes as the server writes them, and what must stay text. */
#include "apply/copy_binary.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool convert(const char *type, const char *field, struct text *out)
{
    struct column_shape column = {.name = (char *)"c", .type = (char *)type};
    const struct table_shape shape = {.columns = &column, .column_count = 1};
    struct binary_columns columns;

    if (!binary_columns_of(&shape, &columns))
        return false;
    bool converted = copy_binary_row(&columns, field, strlen(field), out);
    binary_columns_free(&columns);
    return converted;
}

/* `bytes`: hexadecimal, of the value alone. */
static void expect(const char *type, const char *field, const char *bytes)
{
    cleanup(text_free) struct text out = {0}, hex = {0};

    assert_true(convert(type, field, &out));
    for (size_t i = 6; i < out.length; i++)
        text_appendf(&hex, "%02x", (unsigned char)out.data[i]);
    assert_string_equal(hex.data != NULL ? hex.data : "", bytes);
    assert_int_equal((unsigned char)out.data[5], out.length - 6);
}

static void refuse(const char *type, const char *field)
{
    cleanup(text_free) struct text out = {0};

    assert_false(convert(type, field, &out));
    assert_int_equal(out.length, 0);
}

/* What PostgreSQL's …send functions give for these values. */
static void test_values(void **state)
{
    (void)state;
    expect("smallint", "-32768", "8000");
    expect("integer", "2147483647", "7fffffff");
    expect("bigint", "-2", "fffffffffffffffe");
    expect("oid", "4294967295", "ffffffff");
    expect("boolean", "t", "01");
    expect("character varying(3)", "a\\tb", "610962");
    expect("text", " ", "20");
    expect("text", "", "");
    expect("character(4)", " a  ", "2061");
    expect("character(4)", "\\\\   ", "5c");
    expect("character(2)", "  ", "");
    expect("jsonb", "{\"a\": \"\\\\n\"}", "017b2261223a20225c6e227d");
    expect("bytea", "\\\\x00ff", "00ff");
    expect("uuid", "01234567-89ab-cdef-0123-456789abcdef", "0123456789abcdef0123456789abcdef");
    expect("date", "2000-01-01", "00000000");
    expect("date", "2000-02-29", "0000003b");
    expect("date", "1999-12-31", "ffffffff");
    expect("date", "0001-01-01", "fff4dbf9");
    expect("date", "9999-12-31", "002c95d3");
    expect("timestamp without time zone", "2000-01-01 00:00:00.5", "000000000007a120");
    expect("timestamp(3) with time zone", "1999-12-31 23:59:59.999999+00", "ffffffffffffffff");
    expect("timestamp with time zone", "2026-11-28 23:59:59+00", "0003045dbe299dc0");
    expect("numeric(12,2)", "0.00", "0000000000000002");
    expect("numeric", "-12345.678", "0003000140000003000109291a7c");
    expect("numeric", "10000", "00010001000000000001");
    expect("numeric", "0.00001", "0001fffe0000000503e8");
    expect("numeric", "100000000.10",
           "0004000200000002000100000000"
           "03e8");
}

static void test_what_stays_text(void **state)
{
    (void)state;
    refuse("integer", "2147483648");
    refuse("integer", "");
    refuse("bigint", "9223372036854775807"); /* of 19 digits */
    refuse("integer", "1x");
    refuse("boolean", "true");
    refuse("text", "\\x41");
    refuse("text", "\\.");
    refuse("date", "infinity");
    refuse("date", "0044-03-15 BC");
    refuse("date", "2023-02-29");
    refuse("date", "1900-02-29");
    refuse("timestamp with time zone", "2026-01-01 00:00:00+02");
    refuse("timestamp with time zone", "10000-01-01 00:00:00+00");
    refuse("timestamp without time zone", "2026-01-01 00:00:60");
    refuse("timestamp without time zone", "2026-01-01 00:00:00.");
    refuse("numeric", "NaN");
    refuse("numeric", "1.");
    refuse("numeric", "-");
    refuse("numeric", "1e5");
    refuse("uuid", "01234567-89ab-cdef-0123-456789abcdeg");
    refuse("integer", "1\t2");
}

static void test_types_that_have_no_such_form(void **state)
{
    (void)state;
    refuse("integer[]", "{}");
    refuse("public.text", "a");
    refuse("\"char\"", "a");
    refuse("double precision", "1");
    refuse("character varying(3)[]", "{}");
}

static void test_null(void **state)
{
    cleanup(text_free) struct text out = {0};

    (void)state;
    assert_true(convert("timestamp with time zone", "\\N", &out));
    assert_int_equal(out.length, 6);
    assert_memory_equal(out.data, "\0\1\377\377\377\377", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_stays_text),
        cmocka_unit_test(test_types_that_have_no_such_form),
        cmocka_unit_test(test_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
