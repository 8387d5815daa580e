/* --rename: how it is read, and what becomes of names in a server's SQL. */
#include "common/memory.h"
#include "plan/renames/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct side {
    size_t count;
    const char *parts[RENAME_PARTS];
};

static const struct {
    const char *option;
    struct side old, new;
} good[] = {
    {"t=u", {1, {"t"}}, {1, {"u"}}},
    {"public.t=public.u", {2, {"public", "t"}}, {2, {"public", "u"}}},
    {"App.T.A=app.t.B", {3, {"app", "t", "a"}}, {3, {"app", "t", "b"}}},
    {"\"A=b\".\"c.d\"=\"E\"\"f\"", {2, {"A=b", "c.d"}}, {1, {"E\"f"}}},
    {"Ä=ß", {1, {"Ä"}}, {1, {"ß"}}},
    {"\"with space\"=x$1", {1, {"with space"}}, {1, {"x$1"}}},
};

static const char *const bad[] = {
    "",     "t",      "=",        "t=",     "=u",       "t=u=v", "t==u",          "a.b.c.d=u",
    "t=u.", ".t=u",   "a..b=u",   "\"t=u",  "\"t\"x=u", "t =u",  "t=\"\"",        "t=u ",
    "t= u", "\"\"=u", "t=\"u\"x", "t.=u.v", "t\"a\"=u", "t=u\n", "a.b.c=d.e.f.g",
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(good); i++) {
        cleanup(arena_cleanup) struct arena *arena = arena_new();
        struct rename_name names[2];
        struct error err = {0};

        assert_true(rename_parse(arena, good[i].option, names, &err));
        const struct side *sides[] = {&good[i].old, &good[i].new};
        for (size_t side = 0; side < array_length(sides); side++) {
            assert_int_equal(names[side].count, sides[side]->count);
            for (size_t part = 0; part < sides[side]->count; part++)
                assert_string_equal(names[side].parts[part], sides[side]->parts[part]);
        }
    }
}

static void test_parse_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_length(bad); i++) {
        cleanup(error_clear) struct error err = {0};

        if (rename_check(bad[i], &err))
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(err.code, ERROR_USAGE);
    }
}

/* public.t is to be public.u, its columns a, "B c" and varying: x, y and z. */
static struct renamed_column columns[] = {{"a", "x"}, {"B c", "y"}, {"varying", "z"}};
static struct renamed_table table = {
    .schema = "public", .old_name = "t", .new_name = "u", .columns = columns, .column_count = array_length(columns)};
static struct renamed_table *tables[] = {&table};

static const struct {
    enum naming naming;
    bool own;
    const char *sql, *expected; /* expected NULL: nothing to do */
    bool unsure;
} texts[] = {
    {NAMES_TABLES, false, "public.t", "public.u", false},
    {NAMES_TABLES, false, "public.t[]", "public.u[]", false},
    {NAMES_TABLES, false, "public.\"t\"", "public.u", false},
    {NAMES_TABLES, false, "public.tt", NULL, false},
    {NAMES_TABLES, false, "other.t", NULL, false},
    {NAMES_TABLES, false, "public.t(1)", NULL, false},
    {NAMES_TABLES, false, "'public.t'::text", NULL, false},
    {NAMES_TABLES, false, "'public.t'::regclass", "'public.u'::regclass", false},
    {NAMES_TABLES, false, "public.t.a", "public.u.a", false},
    {NAMES_COLUMN, false, "public.t.a", "public.u.x", false},
    {NAMES_TABLES, false, "(public.t, integer)", "(public.u, integer)", false},
    {NAMES_COLUMNS, true, "PRIMARY KEY (a, \"B c\", b)", "PRIMARY KEY (x, y, b)", false},
    {NAMES_COLUMNS, true, "CHECK ((a > 'a'::text))", "CHECK ((x > 'a'::text))", false},
    {NAMES_COLUMNS, true, "CHECK (((b)::character varying(3) = a))", "CHECK (((b)::character varying(3) = x))", false},
    {NAMES_COLUMNS, true, "CHECK ((varying > (1)::a))", "CHECK ((z > (1)::a))", false},
    {NAMES_COLUMNS, true, "CHECK (public.a(a))", "CHECK (public.a(x))", false},
    {NAMES_COLUMNS, true, "CHECK (((b).a = a COLLATE a))", "CHECK (((b).a = x COLLATE a))", false},
    {NAMES_COLUMNS, true, "CHECK ((t.* IS NOT NULL))", "CHECK ((u.* IS NOT NULL))", false},
    {NAMES_COLUMNS, true, "FOREIGN KEY (a) REFERENCES public.o(a) ON DELETE SET NULL (a)",
     "FOREIGN KEY (x) REFERENCES public.o(a) ON DELETE SET NULL (x)", false},
    {NAMES_COLUMNS, false, "FOREIGN KEY (a) REFERENCES public.t(a)", "FOREIGN KEY (a) REFERENCES public.u(x)", false},
    {NAMES_OF_INDEX, true, "CREATE INDEX a ON public.t USING a (a, lower(a) a) WITH (a='1') WHERE (a > 0)",
     "CREATE INDEX a ON public.u USING a (x, lower(x) x) WITH (a='1') WHERE (x > 0)", false},
    {NAMES_OF_EVENT, true,
     "CREATE TRIGGER a BEFORE UPDATE OF a ON public.t FOR EACH ROW WHEN ((old.a <> new.a)) EXECUTE FUNCTION "
     "public.a('a')",
     "CREATE TRIGGER a BEFORE UPDATE OF x ON public.u FOR EACH ROW WHEN ((old.x <> new.x)) EXECUTE FUNCTION "
     "public.a('a')",
     false},
    {NAMES_BETWEEN, true, "CREATE STATISTICS public.a (ndistinct) ON a, lower(a) FROM public.t",
     "CREATE STATISTICS public.a (ndistinct) ON x, lower(x) FROM public.u", false},
    {NAMES_IN_QUERIES, false, " SELECT t.b FROM public.t WHERE t.b;", " SELECT u.b FROM public.u WHERE u.b;", false},
    {NAMES_IN_QUERIES, false, " SELECT o.b FROM public.t o;", " SELECT o.b FROM public.u o;", false},
    {NAMES_IN_QUERIES, false, " SELECT t.b FROM public.t t;", " SELECT t.b FROM public.u t;", false},
    {NAMES_IN_QUERIES, false, " SELECT t.a FROM public.t;", " SELECT u.x FROM public.u;", true},
    {NAMES_IN_QUERIES, false, " SELECT t.b FROM public.t, public.t t_1;", " SELECT t.b FROM public.u, public.u t_1;",
     true},
    {NAMES_IN_QUERIES, false, " SELECT t.b FROM public.t, public.o u;", " SELECT u.b FROM public.u, public.o u;", true},
};

static void test_texts(void **state)
{
    struct renames renames = {.tables = tables, .table_count = array_length(tables)};

    (void)state;
    map_add(&renames.by_old, "public.t", &table);
    for (size_t i = 0; i < array_length(texts); i++) {
        cleanup(text_free) struct text text = {0};
        bool sure = true;
        bool changed =
            rewrite_text(&text, &renames, texts[i].sql, texts[i].naming, texts[i].own ? &table : NULL, &sure);

        assert_int_equal(sure, !texts[i].unsure);
        if (changed != (texts[i].expected != NULL))
            fail_msg("%s: %s", texts[i].sql, changed ? text.data : "nothing was renamed");
        if (changed)
            assert_string_equal(text.data, texts[i].expected);
    }
    map_free(&renames.by_old);
}

static void test_same_tokens(void **state)
{
    (void)state;
    assert_true(same_tokens("CHECK ((\"name\" > 0))", "CHECK ((name  > 0))"));
    assert_false(same_tokens("CHECK ((\"Name\" > 0))", "CHECK ((name > 0))"));
    assert_false(same_tokens("'name'", "name"));
    assert_false(same_tokens("a b", "a b c"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_refuses),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_same_tokens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
