/* Text from outside, for terminals and for JSON. */
#include "common/escape.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(const char *string, const char *terminal, const char *json)
{
    cleanup(text_free) struct text text = {0};

    text_append(&text, "");
    escape_terminal(&text, string);
    assert_string_equal(text.data, terminal);
    text_clear(&text);
    escape_json(&text, string);
    assert_string_equal(text.data, json);
}

static void test_plain_text(void **state)
{
    (void)state;
    expect("", "", "\"\"");
    expect("public.orders", "public.orders", "\"public.orders\"");
    expect("Größe 表 🐘", "Größe 表 🐘", "\"Größe 表 🐘\"");
}

static void test_controls(void **state)
{
    (void)state;
    expect("a\033[31mb", "a\\x1B[31mb", "\"a\\u001b[31mb\"");
    expect("a\r\nb\tc\177", "a\\x0D\\x0Ab\\x09c\\x7F", "\"a\\u000d\\nb\\u0009c\\u007f\"");
    expect("\"\\", "\"\\", "\"\\\"\\\\\"");
    expect("\xc2\x9b"
           "31m",
           "\\u{009B}31m",
           "\"\xc2\x9b"
           "31m\"");
}

static void test_text_that_deceives(void **state)
{
    (void)state;
    cleanup(text_free) struct text text = {0};

    escape_terminal(&text, "a\u202eb\u200bc\ufeff");
    assert_string_equal(text.data, "a\\u{202E}b\\u{200B}c\\u{FEFF}");
}

static void test_invalid_bytes(void **state)
{
    (void)state;
    expect("a\xff"
           "b",
           "a\\xFFb", "\"a\\ufffdb\"");
    expect("\xc3", "\\xC3", "\"\\ufffd\"");
    expect("\xc0\xaf", "\\xC0\\xAF", "\"\\ufffd\\ufffd\"");
    expect("\xed\xa0\x80", "\\xED\\xA0\\x80", "\"\\ufffd\\ufffd\\ufffd\"");
    expect("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
    expect("\xe2\x82", "\\xE2\\x82", "\"\\ufffd\\ufffd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_text_that_deceives),
        cmocka_unit_test(test_invalid_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
