/* What reaches a terminal. */
#include "common/escape.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_line(const char *string, const char *escaped)
{
    cleanup(text_free) struct text text = {0};

    escape_line(&text, string);
    text_append(&text, "");
    assert_string_equal(text.data != NULL ? text.data : "", escaped);
}

static void test_plain(void **state)
{
    (void)state;
    expect_line("", "");
    expect_line("public.\"a b\"", "public.\"a b\"");
    expect_line("Stra\xc3\x9f"
                "e \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\x98",
                "Stra\xc3\x9f"
                "e \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\x98");
    expect_line("back\\slash", "back\\slash");
}

static void test_controls(void **state)
{
    (void)state;
    expect_line("\x1b[31mred", "\\x1B[31mred");
    expect_line("a\nb\tc\rd", "a\\nb\\tc\\x0Dd");
    expect_line("\x7f", "\\x7F");
    expect_line("\xc2\x9b"
                "31m",
                "\\u{9B}31m");
    expect_line("\x07\x08", "\\x07\\x08");
}

static void test_deceptive(void **state)
{
    (void)state;
    expect_line("a\xe2\x80\xae"
                "b",
                "a\\u{202E}b");
    expect_line("\xd8\x9c", "\\u{61C}");
    expect_line("\xe2\x81\xa6", "\\u{2066}");
    expect_line("\xe2\x80\x8b", "\\u{200B}");
    expect_line("\xef\xbb\xbf", "\\u{FEFF}");
    expect_line("\xf3\xa0\x81\x81", "\\u{E0041}");
}

static void test_no_utf8(void **state)
{
    (void)state;
    expect_line("\xff", "\\xFF");
    expect_line("\x9b"
                "31m",
                "\\x9B31m");
    expect_line("\xc3", "\\xC3");
    expect_line("\xc0\x9b", "\\xC0\\x9B");                   /* ESC's cousin in too many bytes */
    expect_line("\xed\xa0\x80", "\\xED\\xA0\\x80");          /* a surrogate */
    expect_line("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"); /* beyond U+10FFFF */
    expect_line("\xe2\x80", "\\xE2\\x80");
}

static void test_block(void **state)
{
    (void)state;
    cleanup(text_free) struct text text = {0};

    escape_block(&text, "SELECT\n\t1;\n\n--\x1b", 4);
    assert_string_equal(text.data, "    SELECT\n    \t1;\n\n    --\\x1B\n");
}

static void expect_json(const char *string, const char *json)
{
    cleanup(text_free) struct text text = {0};

    escape_json(&text, string);
    assert_string_equal(text.data, json);
}

static void test_json(void **state)
{
    (void)state;
    expect_json("", "\"\"");
    expect_json("Gr\u00f6\u00dfe \U0001f418", "\"Gr\u00f6\u00dfe \U0001f418\"");
    expect_json("\"\\\n\t\x1b\x7f", "\"\\\"\\\\\\n\\u0009\\u001b\\u007f\"");
    expect_json("a\xff\xe2\x80", "\"a\\ufffd\\ufffd\\ufffd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_controls), cmocka_unit_test(test_deceptive),
        cmocka_unit_test(test_no_utf8), cmocka_unit_test(test_block),    cmocka_unit_test(test_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
