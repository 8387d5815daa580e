/* What people and programs see of a plan: JSON that parses, scripts that smuggle nothing, faults by name. */
#include "tests/unit/sample_plan.h"

#include "common/text.h"
#include "format/review.h"
#include "format/show.h"
#include "format/verify.h"

#include <jansson.h>

static char path[] = "/tmp/pgsyncer-show-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);

    return descriptor < 0 || close(descriptor) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

typedef bool (*show_function)(const struct plan *plan, FILE *out, struct error *err);

/* What the function prints of the plan at `path`; free() it. NULL where it fails. */
static char *shown(show_function show, struct error *err)
{
    cleanup(plan_close) struct plan plan = {0};
    char *bytes = NULL;
    size_t length = 0;

    assert_true(plan_open(&plan, path, err));
    FILE *out = open_memstream(&bytes, &length);
    assert_non_null(out);
    bool printed = show(&plan, out, err);
    fclose(out);
    if (printed)
        return bytes;
    free(bytes);
    return NULL;
}

static void test_summary(void **state)
{
    (void)state;
    struct error err = {0};

    sample_write(path);
    cleanup(free_string) char *summary = shown(show_summary, &err);
    assert_non_null(summary);
    const char *destructive = strstr(summary, "Destructive:"), *statements = strstr(summary, "Statements:");
    assert_non_null(destructive);
    assert_non_null(statements);
    assert_true(destructive < statements);
    assert_non_null(strstr(destructive, "drop     table public.old"));
    assert_non_null(strstr(summary, "CREATE INDEX orders_price"));
    assert_non_null(strstr(summary, "rows +2 ~1 -0"));
    assert_non_null(strstr(summary, "1 cast is not covered"));
    assert_non_null(strstr(summary, "touches public.orders: 16.0 KiB, about 70 rows; public.new: 5 B"));
    const char *doomed = strstr(summary, "Would fail on the rows as they are:");
    assert_true(doomed != NULL && doomed < destructive);
    assert_non_null(strstr(doomed, "broken by 4 rows of stand-in, such as (price)=(\\x1B[31m7) (at least)"));
}

static void test_json(void **state)
{
    (void)state;
    struct error err = {0};
    json_error_t where;
    const char *action, *sql, *table, *key;
    int insert, created;

    sample_write(path);
    cleanup(free_string) char *document = shown(show_json, &err);
    assert_non_null(document);
    json_t *json = json_loads(document, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL)
        fail_msg("line %d: %s", where.line, where.text);
    assert_int_equal(json_unpack(json, "{s:{s:{s:i}, s:{s:i}}, s:[{s:s, s:s}, {}], s:[{}, {s:s, s:[s!]}], s:[]}",
                                 "counts", "objects", "create", &created, "rows", "insert", &insert, "statements",
                                 "action", &action, "sql", &sql, "tables", "name", &table, "key", &key, "signatures"),
                     0);
    assert_int_equal(created, 1);
    assert_int_equal(insert, 2);
    assert_string_equal(action, "drop");
    assert_string_equal(sql, "DROP TABLE public.old;\n");
    assert_string_equal(table, "orders");
    assert_string_equal(key, "id");
    json_decref(json);
}

/* A plan whose one statement and whose inserted rows are given. */
static void write_plan(const char *sql, const char *rows)
{
    struct error err = {0};
    struct plan_writer *writer;
    cleanup(manifest_cleanup) struct manifest *manifest = sample_manifest();
    const char *const statements[] = {sql, "SELECT 1;\n"};
    static const char catalog[] = "{\"objects\":0,\"server_version\":150018,\"warnings\":[]}\n";
    uint64_t size, count = 0;

    for (const char *at = rows; *at != '\0'; at++)
        count += *at == '\n';
    manifest->tables[0].inserts = count;
    manifest->tables[0].bytes = strlen(rows);
    manifest->tables[1].inserts = manifest->tables[1].updates = manifest->tables[1].bytes = 0;
    free_string(&manifest->tables[1].digest_entry);
    must(plan_writer_open(&writer, path, true, &err));
    for (size_t i = 0; i < 2; i++)
        must(plan_writer_add(writer, manifest->statements[i].entry, statements[i], strlen(statements[i]), 0, &err));
    must(plan_writer_add(writer, ENTRY_MAIN_SCHEMA, catalog, strlen(catalog), 0, &err));
    must(plan_writer_add(writer, ENTRY_BASE_SCHEMA, catalog, strlen(catalog), 0, &err));
    if (count > 0)
        must(plan_writer_add(writer, "rows/0001-public.items/insert.0001.copy.zst", rows, strlen(rows), count, &err));
    must(review_write(manifest, statements, writer, &err));
    must(plan_writer_finish(writer, manifest, &size, &err));
    plan_writer_free(writer);
}

/* No line of the script but those of its own head is a command of psql, outside of quotes and COPY data. */
static void test_script_quotes_statements(void **state)
{
    (void)state;
    struct error err = {0};

    write_plan("SELECT 1; \\! id\n$pgsyncer$ \\! id $pgsyncer1$\n", "1\t2\n");
    cleanup(free_string) char *script = shown(show_script, &err);
    assert_non_null(script);
    assert_non_null(
        strstr(script, "SELECT $pgsyncer2$\nSELECT 1; \\! id\n$pgsyncer$ \\! id $pgsyncer1$\n\n$pgsyncer2$ \\gexec\n"));
    assert_non_null(strstr(script, "\n1\t2\n\\.\n"));
    assert_non_null(strstr(script, "\\set ON_ERROR_STOP on\n"));
    assert_non_null(strstr(script, "\nCOMMIT;\n"));
}

static void expect_script_refused(const char *rows)
{
    struct error err = {0};

    write_plan("SELECT 1;\n", rows);
    assert_null(shown(show_script, &err));
    assert_int_equal(err.code, ERROR_ARCHIVE);
    error_clear(&err);
}

static void test_script_refuses_end_marks(void **state)
{
    (void)state;
    struct error err = {0};

    expect_script_refused("1\t2\n\\.\n\\! id\n");
    expect_script_refused("1\t2\\.\n");
    expect_script_refused("1\t\\\\\\.\n");
    expect_script_refused("1\t2\r\n");
    expect_script_refused("1\t2\n3\t4");
    expect_script_refused("1\t2\n3\t4\\\n");
    write_plan("SELECT 1;\n", "1\t\\\\.\n");
    cleanup(free_string) char *script = shown(show_script, &err);
    assert_non_null(script);
}

/* The review entries are part of the content root: a function of the inputs. */
static void test_review(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};
    cleanup(free_string) char *summary = NULL, *script = NULL;
    size_t length;

    write_plan("SELECT 'a\x1b[31m';\n", "1\t2\n");
    must(plan_open(&plan, path, &err));
    must(plan_load_entry(&plan, ENTRY_SUMMARY, &summary, &length, &err));
    assert_null(strchr(summary, '\x1b'));
    assert_null(strstr(summary, plan.manifest->created));
    assert_null(strstr(summary, plan.manifest->plan_id));
    must(plan_load_entry(&plan, ENTRY_SCRIPT, &script, &length, &err));
    assert_non_null(strstr(script, "SELECT 'a\\x1B[31m';"));
    assert_non_null(strstr(script, "rows/0001-public.items/"));
}

static void expect_verified(bool verified, const char *fault)
{
    struct error err = {0};
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);

    assert_int_equal(plan_verify(path, out, &err), verified);
    fclose(out);
    free(printed);
    if (!verified) {
        assert_int_equal(err.code, ERROR_ARCHIVE);
        assert_non_null(strstr(err.detail, fault));
    }
    error_clear(&err);
}

static void test_verify(void **state)
{
    (void)state;
    size_t size;

    sample_write(path);
    expect_verified(true, NULL);

    /* Two faults, both named. */
    cleanup(free_string) char *bytes = load_file(path, &size);
    char *statement = memmem(bytes, size, "DROP TABLE", 10);
    assert_non_null(statement);
    *statement = 'C';
    bytes[size - 1] = 1;
    store_file(path, bytes, size);
    expect_verified(false, "statements/0001.sql");
    expect_verified(false, "the end of the tar");

    /* Hashes are right, but not what is in them. */
    write_plan("SELECT 1;\n", "1\t2\t3\n");
    expect_verified(false, "row 1 does not have 2 columns");
    write_plan("SELECT 1;\n", "1\t2\n1\t\\.\n");
    expect_verified(false, "row 2 holds an end-of-data mark");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_script_quotes_statements),
        cmocka_unit_test(test_script_refuses_end_marks),
        cmocka_unit_test(test_review),
        cmocka_unit_test(test_verify),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
