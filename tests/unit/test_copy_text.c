/* COPY's text format. */
#include "common/copy_text.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_field(const char *value, size_t length, const char *written)
{
    cleanup(text_free) struct text line = {0};

    copy_text_field(&line, value, length);
    assert_string_equal(line.data, written);
    assert_int_equal(line.length, strlen(written));
}

static void test_null_is_not_a_text_that_looks_like_it(void **state)
{
    (void)state;
    expect_field(NULL, 0, "\\N");
    expect_field("\\N", 2, "\\\\N");
    expect_field("", 0, "");
    expect_field("\\.", 2, "\\\\.");
}

static void test_bytes_that_would_end_a_field_or_line(void **state)
{
    (void)state;
    expect_field("a\tb\nc\rd\\e\bf\fg\vh", 15, "a\\tb\\nc\\rd\\\\e\\bf\\fg\\vh");
    expect_field("\n", 1, "\\n");
    expect_field("grün\x01", 6, "grün\x01");
}

static void expect_read(const char *field, const char *value)
{
    cleanup(text_free) struct text read = {0};

    copy_text_unescape(&read, field, strlen(field));
    assert_string_equal(read.data, value);
}

static void test_a_field_without_its_escapes(void **state)
{
    (void)state;
    cleanup(text_free) struct text line = {0}, value = {0};
    char all[256];

    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    copy_text_field(&line, all, sizeof all);
    copy_text_unescape(&value, line.data, line.length);
    assert_int_equal(value.length, sizeof all);
    assert_memory_equal(value.data, all, sizeof all);
    expect_read("\\\\N", "\\N");
    expect_read("a\\tb\\", "a\tb\\");
    expect_read("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_is_not_a_text_that_looks_like_it),
        cmocka_unit_test(test_bytes_that_would_end_a_field_or_line),
        cmocka_unit_test(test_a_field_without_its_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
