/* The SQL of a table's delta: which statements there are, and what they name. What they do is tested with a server. */
#include "common/memory.h"
#include "format/row_statements.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The structs own their strings; these are not literals so that they need no cast. */
static char id[] = "id", email[] = "email", note[] = "Note", total[] = "total", v[] = "v", g[] = "g";
static char ext[] = "ext", shop[] = "shop", order[] = "Order";

/* shop."Order": id is the key, GENERATED ALWAYS AS IDENTITY; email is unique; total is generated. */
static struct column_shape columns[] = {
    {.name = id, .identity_always = true},
    {.name = email, .unique = true},
    {.name = note},
    {.name = total, .generated = true},
};
static size_t key[] = {0};

static struct plan_table some_table(void)
{
    return (struct plan_table){
        .shape = {.schema = shop,
                  .name = order,
                  .columns = columns,
                  .column_count = array_length(columns),
                  .key = key,
                  .key_count = 1},
        .inserts = 1,
        .updates = 2,
        .deletes = 3,
    };
}

static void make(const struct plan_table *table, bool before_images, struct row_statements *statements)
{
    struct error err = {0};

    assert_true(row_statements_make(table, before_images, statements, &err));
}

static void test_keyed(void **state)
{
    (void)state;
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0};

    make(&table, true, &statements);
    assert_string_equal(statements.create[ROWS_DELETE], "CREATE TEMPORARY TABLE pgsyncer_delete ON COMMIT DROP AS\n"
                                                        "SELECT t.id FROM ONLY shop.\"Order\" AS t WITH NO DATA");
    assert_string_equal(statements.copy[ROWS_DELETE], "COPY pg_temp.pgsyncer_delete (id) FROM STDIN");
    assert_string_equal(statements.copy[ROWS_INSERT], "COPY pg_temp.pgsyncer_insert (id, email, \"Note\") FROM STDIN");
    assert_string_equal(statements.delete, "DELETE FROM ONLY shop.\"Order\" AS t\n"
                                           "USING pg_temp.pgsyncer_delete AS d\nWHERE t.id = d.id");
    assert_string_equal(statements.update,
                        "UPDATE ONLY shop.\"Order\" AS t\nSET email = u.email, \"Note\" = u.\"Note\"\n"
                        "FROM pg_temp.pgsyncer_update AS u\nWHERE t.id = u.id");
    assert_non_null(strstr(statements.delete_moved, "ROW(t.email)::record *<> ROW(u.email)::record"));
    assert_non_null(strstr(statements.insert, "OVERRIDING SYSTEM VALUE"));
    assert_non_null(strstr(statements.insert, "pgsyncer_insert UNION ALL SELECT * FROM pg_temp.pgsyncer_update"));
    assert_null(strstr(statements.insert, "total"));
    assert_non_null(strstr(statements.find_conflicts, "'DATA'"));
    assert_null(statements.copy_straight);
}

static void test_without_before_images(void **state)
{
    (void)state;
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0};

    make(&table, false, &statements);
    assert_null(statements.create[ROWS_BEFORE]);
    assert_null(strstr(statements.find_conflicts, "'DATA'"));
    assert_non_null(strstr(statements.find_conflicts, "'NOTFOUND'"));
    assert_non_null(strstr(statements.find_conflicts, "'CONFLICT'"));
}

static void test_nothing_moves(void **state)
{
    (void)state;
    struct column_shape plain[] = {{.name = id, .equality_schema = ext}, {.name = v}};
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0};

    table.shape.columns = plain;
    table.shape.column_count = array_length(plain);
    table.inserts = table.deletes = 0;
    make(&table, true, &statements);
    assert_null(statements.delete_moved);
    assert_null(statements.insert);
    assert_null(statements.delete);
    assert_null(statements.create[ROWS_INSERT]);
    assert_non_null(strstr(statements.update, "WHERE t.id OPERATOR(ext.=) u.id"));
}

/* Where a unique index stands on a generated column, any change of the row may change it. */
static void test_unique_generated_column(void **state)
{
    (void)state;
    struct column_shape some[] = {{.name = id}, {.name = v}, {.name = g, .generated = true, .unique = true}};
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0};

    table.shape.columns = some;
    table.shape.column_count = array_length(some);
    make(&table, true, &statements);
    assert_non_null(strstr(statements.delete_moved, "ROW(t.id, t.v)::record"));
}

static void test_kept_columns(void **state)
{
    (void)state;
    char *kept[] = {v, g};
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0};

    table.kept = (struct string_list){kept, 2, 2};
    make(&table, true, &statements);
    assert_non_null(strstr(statements.keep, "AS\nSELECT t.id, t.v, t.g\nFROM ONLY shop.\"Order\" AS t\nJOIN"));
    assert_string_equal(statements.insert_moved,
                        "INSERT INTO shop.\"Order\" (id, email, \"Note\", v, g) OVERRIDING SYSTEM VALUE\n"
                        "SELECT u.id, u.email, u.\"Note\", k.v, k.g\nFROM pg_temp.pgsyncer_update AS u\n"
                        "JOIN pg_temp.pgsyncer_kept AS k ON u.id = k.id");
    assert_null(strstr(statements.insert, "pgsyncer_update"));
    assert_non_null(strstr(statements.drop, "pg_temp.pgsyncer_kept"));
}

static void test_condition(void **state)
{
    (void)state;
    char condition[] = "WHERE note IS NULL";
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0}, multiset = {0};

    table.shape.condition = condition;
    table.emptied = true;
    make(&table, true, &statements);
#define USERS "(SELECT \"Order\".*, \"Order\".ctid FROM ONLY shop.\"Order\" WHERE note IS NULL) AS t"
    assert_string_equal(statements.empty,
                        "DELETE FROM ONLY shop.\"Order\" AS t\nWHERE t.ctid IN (SELECT t.ctid FROM " USERS ")");
    assert_string_equal(statements.delete,
                        "DELETE FROM ONLY shop.\"Order\" AS t\nUSING pg_temp.pgsyncer_delete AS d\nWHERE t.id = d.id\n"
                        "AND t.ctid IN (SELECT t.ctid FROM " USERS ")");
    assert_non_null(strstr(statements.find_conflicts, "FROM " USERS " JOIN pg_temp.pgsyncer_update"));
    /* What comes must not meet any row, whosever it is. */
    assert_non_null(strstr(statements.find_conflicts, "ONLY shop.\"Order\" AS t JOIN pg_temp.pgsyncer_insert"));
    assert_non_null(strstr(statements.insert, "NOT EXISTS (SELECT FROM ONLY shop.\"Order\" AS t"));
    table.shape.key_count = table.updates = 0;
    make(&table, true, &multiset);
    assert_non_null(strstr(multiset.delete, "FROM " USERS " CROSS JOIN"));
#undef USERS
}

/* Rows lie in partitions, which ctid alone does not tell apart. */
static void test_partitioned(void **state)
{
    (void)state;
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0}, multiset = {0};

    table.shape.partitioned = true;
    make(&table, true, &statements);
    const char *const all[] = {statements.find_conflicts, statements.delete, statements.delete_moved, statements.update,
                               statements.insert};
    for (size_t i = 0; i < array_length(all); i++) {
        assert_null(strstr(all[i], "ONLY"));
        assert_non_null(strstr(all[i], "shop.\"Order\" AS t"));
    }
    table.shape.key_count = table.updates = 0;
    make(&table, true, &multiset);
    assert_non_null(strstr(multiset.delete, "SELECT t.tableoid, t.ctid"));
    assert_non_null(strstr(multiset.delete, "WHERE t.ctid = f.ctid AND t.tableoid = f.tableoid"));
}

static void test_straight(void **state)
{
    (void)state;
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements fresh = {0}, empty = {0};

    table.strategy = STRATEGY_COPY;
    table.updates = table.deletes = 0;
    table.created = true;
    make(&table, true, &fresh);
    assert_string_equal(fresh.copy_straight, "COPY shop.\"Order\" (id, email, \"Note\") FROM STDIN WITH (FREEZE)");
    assert_null(fresh.find_conflicts);
    assert_null(fresh.create[ROWS_INSERT]);
    table.created = false;
    make(&table, true, &empty);
    assert_null(strstr(empty.copy_straight, "FREEZE"));
    assert_non_null(strstr(empty.find_conflicts, "'CONFLICT'"));
}

static void test_refused(void **state)
{
    (void)state;
    size_t generated_key[] = {3};
    struct plan_table table = some_table();
    cleanup(row_statements_free) struct row_statements statements = {0};
    cleanup(error_clear) struct error err = {0}, other = {0};

    table.shape.key = generated_key;
    assert_false(row_statements_make(&table, true, &statements, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    table.shape.key_count = 0;
    assert_false(row_statements_make(&table, true, &statements, &other));
    assert_int_equal(other.code, ERROR_ARCHIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keyed),         cmocka_unit_test(test_without_before_images),
        cmocka_unit_test(test_nothing_moves), cmocka_unit_test(test_unique_generated_column),
        cmocka_unit_test(test_kept_columns),  cmocka_unit_test(test_straight),
        cmocka_unit_test(test_condition),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_partitioned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
