/* Which definitions of different server versions say the same, and which only look alike. */
#include "common/catalog/sql_tokens.h"
#include "common/catalog/wording.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { OLD = 130000, NEW = 180000 };

static bool same(const char *old, const char *new)
{
    return same_wording(CLASS_DEFAULT, "expression", old, OLD, new, NEW);
}

static bool same_view(const char *old, const char *new)
{
    return same_wording(CLASS_VIEW, "definition", old, OLD, new, NEW);
}

static void test_one_major_version_compares_texts(void **state)
{
    (void)state;
    assert_true(same_wording(CLASS_DEFAULT, "expression", "a + b", 150001, "a + b", 150009));
    assert_false(same_wording(CLASS_DEFAULT, "expression", "a + b", 150001, "a  +  b", 150009));
    assert_true(same_wording(CLASS_DEFAULT, "expression", NULL, OLD, NULL, NEW));
    assert_false(same_wording(CLASS_DEFAULT, "expression", NULL, OLD, "", NEW));
    assert_false(same_wording(CLASS_TABLE, "owner", "a  b", OLD, "a b", NEW));
}

static bool settles(const char *first, const char *again)
{
    return count_unsettled(first) > 0 && count_unsettled(again) == 0 &&
           same_wording(CLASS_CONSTRAINT, "definition", first, 150001, again, 150009) &&
           same_wording(CLASS_CONSTRAINT, "definition", first, 150001, again, 180000);
}

static void test_texts_settle(void **state)
{
    (void)state;
    assert_true(
        settles("CHECK ((((a >= 0) AND (a <= 10)) AND (b > 0)))", "CHECK (((a >= 0) AND (a <= 10) AND (b > 0)))"));
    assert_true(settles("((((a > 0) OR (b > 0)) OR (c > 0)) OR d)", "((a > 0) OR (b > 0) OR (c > 0) OR d)"));
    assert_true(
        settles("((x)::text = ANY ((ARRAY['a, (b'::character varying, 'c]'::character varying])::text[]))",
                "((x)::text = ANY (ARRAY[('a, (b'::character varying)::text, ('c]'::character varying)::text]))"));
    assert_true(settles("(ARRAY[ARRAY[1, 2], (f(ARRAY[1], 2))])::s.\"t t\"[]",
                        "ARRAY[(ARRAY[1, 2])::s.\"t t\", ((f(ARRAY[1], 2)))::s.\"t t\"]"));
    assert_true(settles(
        "((ROW(ROW(t.a, f(b, 1)), t.c) IS DISTINCT FROM ROW(ROW(1, ARRAY[2, 3]), 3)) OR (t.d IS DISTINCT FROM 4))",
        "((t.a IS DISTINCT FROM 1) OR (f(b, 1) IS DISTINCT FROM ARRAY[2, 3]) OR (t.c IS DISTINCT FROM 3) OR "
        "(t.d IS DISTINCT FROM 4))"));
    assert_true(settles("((t.d = 4) AND (ROW(ROW(t.a, t.b), t.c) = ROW(ROW(1, 2), 3)))",
                        "((t.d = 4) AND ((t.a = 1) AND (t.b = 2) AND (t.c = 3)))"));
    assert_true(settles("((t.d <> 4) OR ((ROW(t.a, t.b) <> ROW(1, 2)) OR (t.c <> 3)))",
                        "((t.d <> 4) OR ((t.a <> 1) OR (t.b <> 2) OR (t.c <> 3)))"));
    assert_int_equal(count_unsettled("(ROW(a, b) < ROW(1, 2))"), 0);
    assert_int_equal(count_unsettled("(ROW(a, b) = ANY (ARRAY[ROW(1, 2)]))"), 0);
    assert_int_equal(count_unsettled("(ROW(a, b) = ROW(1, 2, 3))"), 0);
    assert_int_equal(count_unsettled("(ROW(a) = ROW"), 0);
    assert_false(
        same_wording(CLASS_DEFAULT, "expression", "(ROW(a, b) = ROW(1, 2))", 150000, "((a = 1) OR (b = 2))", 150000));
    /* Only what stands first is taken apart, and only where the words are the same. */
    assert_int_equal(count_unsettled("((a > 0) AND ((b > 0) AND (c > 0)))"), 0);
    assert_int_equal(count_unsettled("(((a > 0) OR (b > 0)) AND (c > 0))"), 0);
    assert_int_equal(count_unsettled("((('a' AND 'b'))::boolean AND c)"), 0);
    assert_int_equal(count_unsettled("(ARRAY[1, 2])::bigint"), 0);
    assert_false(same_wording(CLASS_DEFAULT, "expression", "((a AND b) AND c)", 150000, "(a AND (b AND c))", 150000));
    assert_false(same_wording(CLASS_DEFAULT, "expression", "((a AND b) OR c)", 150000, "(a AND b OR c)", 150000));
    assert_false(same_wording(CLASS_TABLE, "owner", "((a AND b) AND c)", 150000, "(a AND b AND c)", 150000));
}

static void test_only_tokens_count(void **state)
{
    (void)state;
    assert_true(same("a\n  + b", "a + b"));
    assert_true(same("\"substring\"(x, 1)", "substring(x, 1)"));
    assert_true(same("app.\"json_table\"", "app.json_table"));
    assert_false(same("'a  b'", "'a b'"));
    assert_false(same("\"A\"", "a"));
    assert_false(same("\"true\"", "true"));
    assert_false(same("x::\"char\"", "x::char"));
    assert_false(same("\"a b\"", "a b"));
    assert_false(same("$$a  b$$", "$$a b$$"));
    assert_false(same("a || b", "a | | b"));
}

static void test_calls_and_special_syntax(void **state)
{
    (void)state;
    assert_true(same("\"substring\"(x, 2, 1)", "SUBSTRING(x FROM 2 FOR 1)"));
    assert_true(same("\"substring\"((a || b), 2)", "SUBSTRING((a || b) FROM 2)"));
    assert_true(same("btrim(x, 'y'::text)", "TRIM(BOTH 'y'::text FROM x)"));
    assert_true(same("rtrim(x)", "TRIM(TRAILING FROM x)"));
    assert_true(same("\"position\"('ba'::text, 'a'::text)", "POSITION(('a'::text) IN ('ba'::text))"));
    assert_true(same("\"overlay\"(x, y, 1, 2)", "OVERLAY(x PLACING y FROM 1 FOR 2)"));
    assert_true(same("timezone('UTC'::text, now())", "(now() AT TIME ZONE 'UTC'::text)"));
    assert_true(same("(timezone('UTC'::text, now()))::date", "((now() AT TIME ZONE 'UTC'::text))::date"));
    assert_true(same("\"overlaps\"(a, b, c, d)", "((a, b) OVERLAPS (c, d))"));
    assert_true(same("(name = (CURRENT_USER)::text)", "(name = CURRENT_USER)"));
    assert_false(same("\"substring\"(x, 1, 2)", "SUBSTRING(x FROM 2 FOR 1)"));
    assert_false(same("ltrim(x, 'y'::text)", "TRIM(BOTH 'y'::text FROM x)"));
    assert_false(same("timezone(now(), 'UTC'::text)", "(now() AT TIME ZONE 'UTC'::text)"));
}

static void test_arguments_of_procedures(void **state)
{
    (void)state;
    assert_true(same_wording(CLASS_PROCEDURE, "definition", "PROCEDURE p(a integer, INOUT b text)", OLD,
                             "PROCEDURE p(IN a integer, INOUT b text)", NEW));
    assert_true(same_wording(CLASS_PROCEDURE, "arguments", "a integer, b text", OLD, "IN a integer, IN b text", NEW));
    assert_false(same_wording(CLASS_PROCEDURE, "arguments", "a integer, b text", OLD, "a integer, INOUT b text", NEW));
}

static void test_views_of_one_table(void **state)
{
    (void)state;
    assert_true(same_view(" SELECT t.a,\n    sum(t.b) AS b\n   FROM s.t\n  WHERE (t.c > 0)\n  GROUP BY t.a;",
                          " SELECT a,\n    sum(b) AS b\n   FROM s.t\n  WHERE (c > 0)\n  GROUP BY a;"));
    assert_true(same_view("SELECT x.a FROM s.t x", "SELECT a FROM s.t x"));
    assert_true(same_view("SELECT (t.item).a FROM s.t", "SELECT (item).a FROM s.t"));
    assert_true(same_view("WITH w AS (SELECT u.a FROM s.u) SELECT w.a FROM w",
                          "WITH w AS (SELECT u.a FROM s.u) SELECT a FROM w"));
    assert_true(same_view("SELECT t.a, (SELECT u.b FROM s.u WHERE (u.a = t.a)) AS b FROM s.t",
                          "SELECT a, (SELECT u.b FROM s.u WHERE (u.a = t.a)) AS b FROM s.t"));
    assert_true(same_view("SELECT g.g FROM generate_series(1, 2) g(g)", "SELECT g FROM generate_series(1, 2) g(g)"));
}

static void test_views_that_only_look_alike(void **state)
{
    (void)state;
    /* Another column's table. */
    assert_false(same_view("SELECT t.a FROM s.t JOIN s.u ON true", "SELECT u.a FROM s.t JOIN s.u ON true"));
    assert_false(same_view("SELECT t.a FROM s.t, s.u", "SELECT a FROM s.t, s.u"));
    assert_false(
        same_view("SELECT t.a FROM s.t UNION SELECT t.a FROM s.t", "SELECT a FROM s.t UNION SELECT t.a FROM s.t"));
    /* Within a query, a bare name is the inner table's. */
    assert_false(
        same_view("SELECT t.a, (SELECT t.b FROM s.u) AS b FROM s.t", "SELECT a, (SELECT b FROM s.u) AS b FROM s.t"));
    /* A function, a type or a collation of a schema of the table's name, or another table. */
    assert_false(same_view("SELECT t.f(1) FROM s.t", "SELECT f(1) FROM s.t"));
    assert_false(same_view("SELECT 'x'::t.mood FROM s.t", "SELECT 'x'::mood FROM s.t"));
    assert_false(same_view("SELECT a COLLATE t.c FROM s.t", "SELECT a COLLATE c FROM s.t"));
    assert_false(same_view("SELECT t.a FROM t.t", "SELECT t.a FROM t"));
    /* Strings and columns of another name. */
    assert_false(same_view("SELECT t.a FROM s.t", "SELECT b FROM s.t"));
    assert_false(same_view("SELECT 't.a' FROM s.t", "SELECT 'a' FROM s.t"));
    /* Rules and functions have no such rule. */
    assert_false(same_wording(CLASS_RULE, "definition", "SELECT t.a FROM s.t", OLD, "SELECT a FROM s.t", NEW));
}

static void test_odd_text_does_no_harm(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    cleanup(text_free) struct text deep = {0}, deeper = {0};

    for (size_t i = 0; i < DEPTH; i++)
        text_append(&deep, "(");
    for (size_t i = 0; i < DEPTH; i++)
        text_append(&deep, ")");
    text_append(&deeper, deep.data);
    text_append(&deeper, " ");
    assert_true(same(deep.data, deeper.data));
    assert_false(same("", "a"));
    assert_false(same("'", "''"));
    assert_false(same("SUBSTRING(", "SUBSTRING()"));
    assert_false(same("TRIM()", "TRIM(BOTH FROM)"));
    assert_false(same_view("SELECT", "SELECT a FROM"));
    assert_false(same("( AT TIME ZONE )", "(x AT TIME ZONE)"));
    assert_false(same("$a", "$a$"));
    assert_false(same("\"", "\"\""));
}

static void test_words_are_found_outside_of_strings(void **state)
{
    (void)state;
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    sql_tokens_read(&tokens, "CREATE UNIQUE INDEX i ON s.t (a) NULLS NOT DISTINCT WHERE (b <> 'NOT ENFORCED'::text)");
    assert_true(sql_tokens_hold(&tokens, "NULLS NOT DISTINCT"));
    assert_false(sql_tokens_hold(&tokens, "NOT ENFORCED"));
    assert_false(sql_tokens_hold(&tokens, "NULLS DISTINCT"));
    assert_true(sql_tokens_hold(&tokens, "t ("));
}

static void test_items_of_lists(void **state)
{
    (void)state;
    static const char *const expected[] = {"numeric(3,1)", "\"a,(b\"", "'x, )'", "ROW(1, (2))", "-5"};
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0}, empty = {0}, open = {0};
    struct arena *arena = arena_new();
    const char **items;

    sql_tokens_read(&tokens, "(numeric(3,1), \"a,(b\", 'x, )', ROW(1, (2)), -5) TO (7)");
    assert_int_equal(sql_list_items(arena, &tokens, 0, &items), array_length(expected));
    for (size_t i = 0; i < array_length(expected); i++)
        assert_string_equal(items[i], expected[i]);
    sql_tokens_read(&empty, "()");
    assert_int_equal(sql_list_items(arena, &empty, 0, &items), 0);
    assert_int_equal(sql_list_items(arena, &empty, 7, &items), 0);
    sql_tokens_read(&open, "(a, b");
    assert_int_equal(sql_list_items(arena, &open, 0, &items), 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_major_version_compares_texts),
        cmocka_unit_test(test_texts_settle),
        cmocka_unit_test(test_only_tokens_count),
        cmocka_unit_test(test_calls_and_special_syntax),
        cmocka_unit_test(test_arguments_of_procedures),
        cmocka_unit_test(test_views_of_one_table),
        cmocka_unit_test(test_views_that_only_look_alike),
        cmocka_unit_test(test_odd_text_does_no_harm),
        cmocka_unit_test(test_words_are_found_outside_of_strings),
        cmocka_unit_test(test_items_of_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
