/* From two catalogs made by hand to statements: what is created, altered, rebuilt, and in which order. */
#include "common/memory.h"
#include "plan/schema/schema_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct made { /* a catalog in the making */
    struct catalog *catalog;
};

static struct object *add(struct made *made, enum object_class class, const char *identity, const char *name,
                          struct object *parent, size_t field_count, const struct field *fields)
{
    struct error err = {0};
    struct object *object = NULL;

    assert_true(catalog_add(made->catalog, class, identity, parent == NULL ? "public" : NULL, name, field_count,
                            &object, &err));
    object->parent = parent;
    for (size_t i = 0; i < field_count; i++)
        object_own_fields(object)[i] = fields[i];
    return object;
}

static void depend(struct made *made, struct object *object, struct object *needed)
{
    struct object *all[8];
    size_t count = object->depend_count;

    for (size_t i = 0; i < count; i++)
        all[i] = object->depends[i];
    all[count++] = needed;
    catalog_set_depends(made->catalog, object, all, count);
}

static struct made begin(void)
{
    return (struct made){.catalog = catalog_new()};
}

static struct object *add_table(struct made *made, const char *identity, const char *name)
{
    const struct field fields[] = {{"kind", "plain"},       {"persistence", "permanent"},
                                   {"partition_key", NULL}, {"inherits", NULL},
                                   {"options", NULL},       {"replica_identity", "DEFAULT"}};
    return add(made, CLASS_TABLE, identity, name, NULL, array_length(fields), fields);
}

static struct object *add_column(struct made *made, struct object *table, const char *name, const char *type,
                                 const char *not_null, const char *number)
{
    cleanup(free_string) char *identity = format_string("%s.%s", table->identity, name);
    const struct field fields[] = {{"position", number}, {"type", type},     {"not_null", not_null},
                                   {"generated", NULL},  {"identity", NULL}, {"inherited", "false"}};
    return add(made, CLASS_COLUMN, identity, name, table, array_length(fields), fields);
}

static struct object *add_default(struct made *made, struct object *column, const char *expression)
{
    const struct field fields[] = {{"expression", expression}};
    return add(made, CLASS_DEFAULT, column->identity, NULL, column, 1, fields);
}

static struct object *add_view(struct made *made, const char *identity, const char *name, const char *definition,
                               const char *columns)
{
    const struct field fields[] = {{"definition", definition}, {"options", NULL}, {"columns", columns}};
    return add(made, CLASS_VIEW, identity, name, NULL, array_length(fields), fields);
}

static struct object *add_constraint(struct made *made, struct object *table, const char *name, const char *type,
                                     const char *definition)
{
    cleanup(free_string) char *identity = format_string("%s.%s", table->identity, name);
    const struct field fields[] = {{"definition", definition}, {"type", type},        {"deferrable", "false"},
                                   {"deferred", "false"},      {"validated", "true"}, {"inherited", "false"}};
    return add(made, CLASS_CONSTRAINT, identity, name, table, array_length(fields), fields);
}

static struct schema_diff compare(struct made *main, struct made *standin, bool clean_extra)
{
    const struct schema_diff_options options = {.clean_extra = clean_extra, .rows_follow = true, .privileges = true};
    struct schema_diff diff;
    struct error err = {0};

    catalog_finish(main->catalog);
    catalog_finish(standin->catalog);
    if (!schema_diff(main->catalog, standin->catalog, &options, &diff, &err))
        fail_msg("%s: %s", err.message, err.detail != NULL ? err.detail : "");
    return diff;
}

static void end(struct schema_diff *diff, struct made *main, struct made *standin)
{
    schema_diff_free(diff);
    catalog_free(main->catalog);
    catalog_free(standin->catalog);
}

static void expect_statement(const struct schema_diff *diff, size_t at, enum phase phase, const char *sql)
{
    assert_true(at < diff->statement_count);
    assert_string_equal(diff->statements[at].sql, sql);
    assert_int_equal(diff->statements[at].phase, phase);
}

static bool has_risk(const struct schema_statement *statement, const char *risk)
{
    for (size_t i = 0; i < statement->risk_count; i++)
        if (strcmp(statement->risks[i], risk) == 0)
            return true;
    return false;
}

static void test_equal_catalogs(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();

    add_column(&main, add_table(&main, "public.t", "t"), "a", "integer", "true", "1");
    add_column(&standin, add_table(&standin, "public.t", "t"), "a", "integer", "true", "2");
    struct schema_diff diff = compare(&main, &standin, true);
    assert_int_equal(diff.statement_count, 0);
    end(&diff, &main, &standin);
}

static void test_new_table_is_one_statement(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();
    struct object *table = add_table(&main, "public.t", "t");

    add_default(&main, add_column(&main, table, "a", "integer", "true", "1"), "7");
    add_column(&main, table, "Name", "text", "false", "2");
    add_constraint(&main, table, "t_pkey", "primary key", "PRIMARY KEY (a)");
    add_constraint(&main, table, "t_check", "check", "CHECK ((a > 0))");
    struct schema_diff diff = compare(&main, &standin, true);
    assert_int_equal(diff.statement_count, 2);
    expect_statement(&diff, 0, PHASE_PRE_DATA,
                     "CREATE TABLE public.t (\n    a integer DEFAULT 7 NOT NULL,\n    \"Name\" text,\n"
                     "    CONSTRAINT t_check CHECK ((a > 0))\n);\n");
    expect_statement(&diff, 1, PHASE_POST_DATA, "ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);\n");
    assert_int_equal(diff.created_table_count, 1);
    assert_string_equal(diff.created_tables[0], "public.t");
    end(&diff, &main, &standin);
}

static void test_extras_stay_unless_cleaned(void **state)
{
    (void)state;
    for (int clean = 0; clean < 2; clean++) {
        struct made main = begin(), standin = begin();
        add_column(&standin, add_table(&standin, "public.t", "t"), "a", "integer", "true", "1");
        struct schema_diff diff = compare(&main, &standin, clean == 1);
        assert_int_equal(diff.statement_count, clean);
        if (clean == 1) {
            expect_statement(&diff, 0, PHASE_PRE_DATA, "DROP TABLE public.t;\n");
            assert_true(has_risk(&diff.statements[0], "destructive"));
            assert_string_equal(diff.dropped_tables[0], "public.t");
        }
        end(&diff, &main, &standin);
    }
}

/* The view that reads the column goes before its type changes and comes back after; its own dependent too. */
static void test_type_change_takes_views_along(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();
    struct made *both[] = {&main, &standin};

    for (int i = 0; i < 2; i++) {
        struct object *column =
            add_column(both[i], add_table(both[i], "public.t", "t"), "a", i == 0 ? "bigint" : "integer", "false", "1");
        struct object *lower = add_view(both[i], "public.v", "v", " SELECT t.a FROM public.t;",
                                        i == 0 ? "{\"a bigint\"}" : "{\"a integer\"}");
        struct object *upper = add_view(both[i], "public.a", "a", " SELECT 1 FROM public.v;", "{\"b integer\"}");
        depend(both[i], lower, column);
        depend(both[i], upper, lower);
    }
    struct schema_diff diff = compare(&main, &standin, false);
    assert_int_equal(diff.statement_count, 5);
    expect_statement(&diff, 0, PHASE_PRE_DATA, "DROP VIEW public.a;\n");
    expect_statement(&diff, 1, PHASE_PRE_DATA, "DROP VIEW public.v;\n");
    expect_statement(&diff, 2, PHASE_PRE_DATA, "ALTER TABLE public.t ALTER COLUMN a TYPE bigint USING a::bigint;\n");
    expect_statement(&diff, 3, PHASE_PRE_DATA, "CREATE VIEW public.v AS\n SELECT t.a FROM public.t;\n");
    expect_statement(&diff, 4, PHASE_PRE_DATA, "CREATE VIEW public.a AS\n SELECT 1 FROM public.v;\n");
    assert_true(has_risk(&diff.statements[2], "rewrite"));
    assert_int_equal(diff.fate_count, 1);
    assert_string_equal(diff.fates[0].expression, "a::bigint");
    end(&diff, &main, &standin);
}

/* A view that main lacks is not lost when something under it is rebuilt. */
static void test_extra_view_is_made_again(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();

    add_column(&main, add_table(&main, "public.t", "t"), "a", "text", "false", "1");
    struct object *column = add_column(&standin, add_table(&standin, "public.t", "t"), "a", "integer", "false", "1");
    depend(&standin, add_view(&standin, "public.mine", "mine", " SELECT t.a FROM public.t;", "{\"a integer\"}"),
           column);
    struct schema_diff diff = compare(&main, &standin, false);
    assert_int_equal(diff.statement_count, 3);
    expect_statement(&diff, 0, PHASE_PRE_DATA, "DROP VIEW public.mine;\n");
    expect_statement(&diff, 2, PHASE_PRE_DATA, "CREATE VIEW public.mine AS\n SELECT t.a FROM public.t;\n");
    assert_int_equal(diff.warning_count, 1);
    end(&diff, &main, &standin);
}

static void test_view_is_replaced_where_columns_are_added(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();

    add_view(&main, "public.v", "v", " SELECT 1 AS a, 2 AS b;", "{\"a integer\",\"b integer\"}");
    add_view(&standin, "public.v", "v", " SELECT 1 AS a;", "{\"a integer\"}");
    struct schema_diff diff = compare(&main, &standin, true);
    assert_int_equal(diff.statement_count, 1);
    expect_statement(&diff, 0, PHASE_PRE_DATA, "CREATE OR REPLACE VIEW public.v AS\n SELECT 1 AS a, 2 AS b;\n");
    assert_int_equal(diff.statements[0].action, ACTION_REPLACE);
    end(&diff, &main, &standin);
}

/* Loosening comes before the rows, tightening after. */
static void test_rows_divide_the_statements(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();
    struct object *new_table = add_table(&main, "public.t", "t"), *old_table = add_table(&standin, "public.t", "t");

    add_column(&main, new_table, "loose", "integer", "false", "1");
    add_column(&standin, old_table, "loose", "integer", "true", "1");
    add_column(&main, new_table, "tight", "integer", "true", "2");
    add_column(&standin, old_table, "tight", "integer", "false", "2");
    add_constraint(&main, new_table, "t_tight", "unique", "UNIQUE (tight)");
    add_constraint(&standin, old_table, "t_loose", "unique", "UNIQUE (loose)");
    struct schema_diff diff = compare(&main, &standin, true);
    assert_int_equal(diff.statement_count, 4);
    expect_statement(&diff, 0, PHASE_PRE_DATA, "ALTER TABLE public.t DROP CONSTRAINT t_loose;\n");
    expect_statement(&diff, 1, PHASE_PRE_DATA, "ALTER TABLE public.t ALTER COLUMN loose DROP NOT NULL;\n");
    expect_statement(&diff, 2, PHASE_POST_DATA, "ALTER TABLE public.t ALTER COLUMN tight SET NOT NULL;\n");
    expect_statement(&diff, 3, PHASE_POST_DATA, "ALTER TABLE public.t ADD CONSTRAINT t_tight UNIQUE (tight);\n");
    end(&diff, &main, &standin);
}

/* A constant default comes with the column; any other only once the rows are there. */
static void test_new_columns(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();
    struct object *table = add_table(&main, "public.t", "t");

    add_table(&standin, "public.t", "t");
    add_default(&main, add_column(&main, table, "a", "integer", "true", "1"), "'5'::integer");
    add_default(&main, add_column(&main, table, "b", "timestamp with time zone", "true", "2"), "now()");
    struct schema_diff diff = compare(&main, &standin, true);
    assert_int_equal(diff.statement_count, 4);
    expect_statement(&diff, 0, PHASE_PRE_DATA,
                     "ALTER TABLE public.t ADD COLUMN a integer DEFAULT '5'::integer NOT NULL;\n");
    expect_statement(&diff, 1, PHASE_PRE_DATA, "ALTER TABLE public.t ADD COLUMN b timestamp with time zone;\n");
    expect_statement(&diff, 2, PHASE_PRE_DATA, "ALTER TABLE ONLY public.t ALTER COLUMN b SET DEFAULT now();\n");
    expect_statement(&diff, 3, PHASE_POST_DATA, "ALTER TABLE public.t ALTER COLUMN b SET NOT NULL;\n");
    assert_int_equal(diff.fate_count, 2);
    assert_string_equal(diff.fates[0].expression, "'5'::integer");
    assert_null(diff.fates[1].expression);
    end(&diff, &main, &standin);
}

/* A field that no rule covers is an error, not silence. */
static void test_unknown_field(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();
    const struct schema_diff_options options = {.clean_extra = true};
    struct schema_diff diff;
    struct error err = {0};

    add(&main, CLASS_SCHEMA, "s", "s", NULL, 1, (const struct field[]){{"colour", "red"}});
    add(&standin, CLASS_SCHEMA, "s", "s", NULL, 1, (const struct field[]){{"colour", "blue"}});
    catalog_finish(main.catalog);
    catalog_finish(standin.catalog);
    assert_false(schema_diff(main.catalog, standin.catalog, &options, &diff, &err));
    assert_int_equal(err.code, ERROR_INTERNAL);
    assert_non_null(strstr(err.message, "colour"));
    error_clear(&err);
    catalog_free(main.catalog);
    catalog_free(standin.catalog);
}

static void add_labels_of(struct made *made, struct object *type, const char *const *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cleanup(free_string) char *identity = format_string("%s.%s", type->identity, labels[i]);
        const char *number = arena_format(made->catalog->arena, "%zu", i + 1);
        add(made, CLASS_ENUM_LABEL, identity, labels[i], type, 1, (const struct field[]){{"position", number}});
    }
}

static void test_enum_labels_are_added_before_all_else(void **state)
{
    (void)state;
    struct made main = begin(), standin = begin();

    add_labels_of(&main, add(&main, CLASS_ENUM, "public.e", "e", NULL, 0, NULL),
                  (const char *const[]){"a", "b", "c", "d"}, 4);
    add_labels_of(&standin, add(&standin, CLASS_ENUM, "public.e", "e", NULL, 0, NULL), (const char *const[]){"b", "d"},
                  2);
    struct schema_diff diff = compare(&main, &standin, true);
    assert_int_equal(diff.statement_count, 2);
    assert_int_equal(diff.statements[0].phase, PHASE_PRE_COMMIT);
    assert_int_equal(diff.statements[1].phase, PHASE_PRE_COMMIT);
    end(&diff, &main, &standin);
}

/* A primary key is renamed, even where what main lacks stays; one of other columns makes room. */
static void test_primary_key_of_another_name(void **state)
{
    (void)state;
    for (int same = 0; same <= 1; same++) {
        struct made main = begin(), standin = begin();

        add_constraint(&main, add_table(&main, "public.t", "t"), "k", "primary key", "PRIMARY KEY (id)");
        add_constraint(&standin, add_table(&standin, "public.t", "t"), "t_pkey", "primary key",
                       same ? "PRIMARY KEY (id)" : "PRIMARY KEY (a)");
        struct schema_diff diff = compare(&main, &standin, false);
        assert_int_equal(diff.statement_count, same ? 1 : 2);
        expect_statement(&diff, 0, PHASE_PRE_DATA,
                         same ? "ALTER INDEX public.t_pkey RENAME TO k;\n"
                              : "ALTER TABLE public.t DROP CONSTRAINT t_pkey;\n");
        if (!same)
            expect_statement(&diff, 1, PHASE_POST_DATA, "ALTER TABLE public.t ADD CONSTRAINT k PRIMARY KEY (id);\n");
        end(&diff, &main, &standin);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_catalogs),
        cmocka_unit_test(test_new_table_is_one_statement),
        cmocka_unit_test(test_extras_stay_unless_cleaned),
        cmocka_unit_test(test_type_change_takes_views_along),
        cmocka_unit_test(test_extra_view_is_made_again),
        cmocka_unit_test(test_view_is_replaced_where_columns_are_added),
        cmocka_unit_test(test_rows_divide_the_statements),
        cmocka_unit_test(test_new_columns),
        cmocka_unit_test(test_unknown_field),
        cmocka_unit_test(test_enum_labels_are_added_before_all_else),
        cmocka_unit_test(test_primary_key_of_another_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
