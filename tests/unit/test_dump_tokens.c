/* Tests of the tokens that definitions in pg_dump's archives are read by. */
#include "common/memory.h"
#include "plan/dump/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct cursor read_tokens(void **state, const char *text)
{
    struct cursor cursor = {0};

    assert_true(dump_tokens_read(*state, text, &cursor));
    return cursor;
}

/* The tokens with a bar between them. */
static void assert_tokens(void **state, const char *text, const char *expected)
{
    struct cursor cursor = read_tokens(state, text), token;
    char found[512] = "";
    size_t length = 0;

    while (cursor_one(&cursor, &token))
        length += (size_t)snprintf(found + length, sizeof found - length, "%s%.*s", length > 0 ? "|" : "",
                                   (int)token.at->length, token.at->text);
    assert_string_equal(found, expected);
}

static void splits_quotes(void **state)
{
    assert_tokens(state, "a 'b''c;' E'd\\'e' \"f\"\"g\" $$h;$$ $x$ $$ $y$ $x$ U&'i' N'j' x'0F'",
                  "a|'b''c;'|E'd\\'e'|\"f\"\"g\"|$$h;$$|$x$ $$ $y$ $x$|U&'i'|N'j'|x'0F'");
    assert_tokens(state, "'a\\'", "'a\\'"); /* a backslash is no escape without E */
    assert_tokens(state, "a$b$c $1 $2b", "a$b$c|$1|$2b");
}

static void splits_operators_and_numbers(void **state)
{
    assert_tokens(state, "a::int[1]", "a|::|int|[|1|]");
    assert_tokens(state, "x<=-1.5e-7,.5", "x|<=-|1.5e-7|,|.5");
    assert_tokens(state, "s.\"T\".c", "s|.|\"T\"|.|c");
    assert_tokens(state, "\303\244b c", "\303\244b|c");
}

static void skips_comments(void **state)
{
    assert_tokens(state, "a -- b ' c\nd /* e /* f */ ' g */ h", "a|d|h");
    assert_tokens(state, "a+--b\n+c", "a|+|+|c");
    assert_tokens(state, "  \n ", "");
}

static void refuses_what_does_not_end(void **state)
{
    static const char *const texts[] = {"'a",     "'a''", "E'\\'",    "\"a", "$$a$",
                                        "$x$a$$", "/* a", "/* /* */", "U&'", "E'\\"};
    struct cursor cursor;

    for (size_t i = 0; i < array_length(texts); i++)
        assert_false(dump_tokens_read(*state, texts[i], &cursor));
}

static void decodes_strings(void **state)
{
    static const char *const pairs[][2] = {
        {"'it''s'", "it's"},    {"'a\\n'", "a\\n"}, {"E'a\\n\\'b\\\\c\\x41\\101''d\\q'", "a\n'b\\cAA'dq"},
        {"$$ a ' $$", " a ' "}, {"$t$$$$t$", "$$"}, {"''", ""},
    };

    for (size_t i = 0; i < array_length(pairs); i++) {
        struct cursor cursor = read_tokens(state, pairs[i][0]);
        const char *value = NULL;
        assert_true(cursor_string(&cursor, *state, &value));
        assert_string_equal(value, pairs[i][1]);
        assert_true(cursor_done(&cursor));
    }
}

static void takes_names(void **state)
{
    struct cursor cursor = read_tokens(state, "Sch.\"T \"\"x\" other 'no'");
    const char *schema, *name;

    assert_true(cursor_qualified(&cursor, *state, &schema, &name));
    assert_string_equal(schema, "sch");
    assert_string_equal(name, "T \"x");
    assert_true(cursor_qualified(&cursor, *state, &schema, &name));
    assert_null(schema);
    assert_string_equal(name, "other");
    assert_false(cursor_name(&cursor, *state, &name));
    cursor = read_tokens(state, "a.'b'");
    assert_false(cursor_qualified(&cursor, *state, &schema, &name));
    assert_true(cursor_words(&cursor, "a")); /* it stayed */
}

static void takes_words_or_stays(void **state)
{
    struct cursor cursor = read_tokens(state, "create Table x");

    assert_false(cursor_words(&cursor, "CREATE VIEW"));
    assert_false(cursor_words(&cursor, "CREATE TABLE X Y"));
    assert_true(cursor_words(&cursor, "CREATE TABLE"));
    assert_false(cursor_symbol(&cursor, '('));
    assert_true(cursor_words(&cursor, "x"));
    assert_true(cursor_done(&cursor));
    assert_false(cursor_words(&cursor, "x"));
    cursor = read_tokens(state, "\"table\"");
    assert_false(cursor_words(&cursor, "TABLE"));
}

static void splits_at_depth_0(void **state)
{
    struct cursor cursor = read_tokens(state, "a (b, ';', [c, d]), e NOT NULL (NOT NULL) f");
    struct cursor part = cursor_until_symbol(&cursor, ','), inside;
    static const char *const words[] = {"DEFAULT", "NOT NULL", NULL};

    assert_string_equal(cursor_text(*state, part), "a (b, ';', [c, d])");
    assert_true(cursor_words(&part, "a"));
    assert_true(cursor_group(&part, &inside));
    assert_string_equal(cursor_text(*state, inside), "b, ';', [c, d]");
    assert_true(cursor_done(&part));
    part = cursor_until_words(&cursor, words);
    assert_string_equal(cursor_text(*state, part), "e");
    assert_true(cursor_words(&cursor, "NOT NULL"));
    part = cursor_until_words(&cursor, words);
    assert_string_equal(cursor_text(*state, part), "(NOT NULL) f");
    assert_true(cursor_done(&cursor));
}

static void survives_unbalanced_brackets(void **state)
{
    struct cursor cursor = read_tokens(state, "((a)"), inside;

    assert_false(cursor_group(&cursor, &inside));
    cursor = read_tokens(state, ")");
    assert_false(cursor_group(&cursor, &inside));
    assert_string_equal(cursor_text(*state, cursor_until_symbol(&cursor, ';')), ")");
}

static void keeps_the_line_end_before_an_expression(void **state)
{
    struct cursor cursor = read_tokens(state, "DEFAULT \nCASE END, (\nCASE) "), inside, item;

    item = cursor_until_symbol(&cursor, ',');
    assert_true(cursor_words(&item, "DEFAULT"));
    assert_string_equal(cursor_expression(*state, item), "\nCASE END");
    assert_true(cursor_group(&cursor, &inside));
    assert_string_equal(cursor_expression(*state, inside), "\nCASE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(splits_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(splits_operators_and_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(skips_comments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_does_not_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(decodes_strings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_words_or_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(splits_at_depth_0, set_up, tear_down),
        cmocka_unit_test_setup_teardown(survives_unbalanced_brackets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_line_end_before_an_expression, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
