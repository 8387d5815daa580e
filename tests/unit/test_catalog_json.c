/* Catalogs as JSON Lines: what goes in comes out, and what is malformed is refused. */
#include "tests/unit/sample_plan.h"

#include "common/text.h"
#include "format/catalog_json.h"

static char path[] = "/tmp/pgsyncer-catalog-XXXXXX";

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

static struct catalog *sample_catalog(void)
{
    struct error err = {0};
    struct catalog *catalog = catalog_new();
    struct object *schema, *table, *column;

    catalog->server_version = 150018;
    must(catalog_add(catalog, CLASS_COLUMN, "public.\"t\"\"\n\".c", "public", "c", 2, &column, &err));
    must(catalog_add(catalog, CLASS_TABLE, "public.\"t\"\"\n\"", "public", "t\"\n", 0, &table, &err));
    must(catalog_add(catalog, CLASS_SCHEMA, "public", NULL, "public", 1, &schema, &err));
    object_own_fields(column)[0] = (struct field){.name = "type", .value = "integer"};
    object_own_fields(column)[1] = (struct field){.name = "default", .value = NULL};
    object_own_fields(schema)[0] = (struct field){.name = "owner", .value = "\xc3\xa9\x1b[31m"};
    column->parent = table;
    column->uses_row_type = true;
    catalog_set_depends(catalog, table, &schema, 1);
    const struct outside type = {"type", "other.e", "{other.e}", "{}", NULL, NULL, false};
    const struct outside view = {"view", "other.\"v\"\"\"", "{other,\"v\\\"\"}", "{}", NULL, NULL, false};
    catalog_add_outside(catalog, &view, column, true);
    catalog_add_outside(catalog, &type, column, false);
    catalog_warn(catalog, "2 casts are not covered");
    catalog_finish(catalog);
    return catalog;
}

/* Writes the catalog as main's; the part stays open where it cannot be. */
static bool put_catalog(const struct catalog *catalog, struct plan_writer *writer, struct error *err)
{
    struct plan_part *part;

    if (!plan_part_open(writer, ENTRY_MAIN_SCHEMA, &part, err))
        return false;
    if (catalog_json_write(catalog, part, err))
        return plan_part_close(part, 0, err);
    plan_part_abandon(part);
    return false;
}

/* Writes the sample plan with this catalog, or text, as main's and as the base's. */
static void write_plan(const struct catalog *catalog, const char *text)
{
    struct error err = {0};
    struct plan_writer *writer;
    struct plan_part *base;
    cleanup(manifest_cleanup) struct manifest *manifest = sample_manifest();
    size_t statement_count = manifest->statement_count, table_count = manifest->table_count;
    uint64_t size;

    must(plan_writer_open(&writer, path, true, &err));
    manifest->statement_count = manifest->table_count = 0; /* only the schemas matter here */
    if (catalog != NULL)
        must(put_catalog(catalog, writer, &err));
    else
        must(plan_writer_add(writer, ENTRY_MAIN_SCHEMA, text, strlen(text), 0, &err));
    must(plan_part_open(writer, ENTRY_BASE_SCHEMA, &base, &err));
    must(plan_part_close_like(base, ENTRY_MAIN_SCHEMA, &err));
    must(plan_writer_finish(writer, manifest, &size, &err));
    manifest->statement_count = statement_count;
    manifest->table_count = table_count;
    plan_writer_free(writer);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(catalog_cleanup) struct catalog *catalog = sample_catalog(), *read = NULL;
    cleanup(plan_close) struct plan plan = {0}, again = {0};
    cleanup(free_string) char *bytes = NULL, *other = NULL;
    size_t length, other_length;

    write_plan(catalog, NULL);
    must(plan_open(&plan, path, &err));
    must(catalog_json_read(&plan, ENTRY_MAIN_SCHEMA, &read, &err));
    assert_true(catalog_equal(catalog, read) && catalog_equal(read, catalog));
    assert_int_equal(read->count, 3);
    assert_int_equal(read->server_version, 150018);
    assert_string_equal(read->warnings[0], "2 casts are not covered");
    struct object *column = catalog_find(read, CLASS_COLUMN, "public.\"t\"\"\n\".c");
    assert_non_null(column);
    assert_string_equal(column->fields[0].value, "integer");
    assert_string_equal(column->fields[1].name, "default");
    assert_null(column->fields[1].value);
    assert_ptr_equal(column->parent, catalog_find(read, CLASS_TABLE, "public.\"t\"\"\n\""));
    assert_int_equal(column->parent->depend_count, 1);
    assert_null(read->objects[0]->schema);
    assert_string_equal(object_field(read->objects[0], "owner"), "\xc3\xa9\x1b[31m");

    assert_int_equal(read->outside_count, 2);
    assert_true(!read->outside[0].needs && read->outside[1].needs);
    assert_ptr_equal(read->outside[0].object, column);
    assert_string_equal(read->outside[0].identity, "other.e");
    assert_string_equal(read->outside[1].names, "{other,\"v\\\"\"}");

    /* The same catalog, read and written again, is the same bytes. */
    must(plan_load_entry(&plan, ENTRY_MAIN_SCHEMA, &bytes, &length, &err));
    write_plan(read, NULL);
    must(plan_open(&again, path, &err));
    must(plan_load_entry(&again, ENTRY_MAIN_SCHEMA, &other, &other_length, &err));
    assert_int_equal(length, other_length);
    assert_memory_equal(bytes, other, length);

    free(take(other));
    must(plan_load_entry(&again, ENTRY_BASE_SCHEMA, &other, &other_length, &err));
    assert_int_equal(length, other_length);
    assert_memory_equal(bytes, other, length);
    assert_memory_equal(again.manifest->main_schema, again.manifest->base_schema, SHA256_SIZE);
}

/* What the bytes say, equality says. */
static void test_not_equal(void **state)
{
    (void)state;
    cleanup(catalog_cleanup) struct catalog *catalog = sample_catalog(), *other = sample_catalog();
    struct object *column = other->objects[2], *table = other->objects[1];

#define DIFFERS(place, value)                                                                                          \
    do {                                                                                                               \
        __typeof__(place) was = (place);                                                                               \
        (place) = (value);                                                                                             \
        assert_false(catalog_equal(catalog, other));                                                                   \
        (place) = was;                                                                                                 \
        assert_true(catalog_equal(catalog, other));                                                                    \
    } while (0)
    DIFFERS(other->server_version, 150019);
    DIFFERS(other->count, 2);
    DIFFERS(other->warning_count, 0);
    DIFFERS(other->warnings[0], "3 casts are not covered");
    DIFFERS(other->outside_count, 1);
    DIFFERS(other->outside[0].identity, "other.f");
    DIFFERS(other->outside[0].object, table);
    DIFFERS(other->outside[1].needs, false);
    DIFFERS(column->class, CLASS_VIEW_COLUMN);
    DIFFERS(column->identity, "public.d");
    DIFFERS(column->name, "d");
    DIFFERS(column->schema, NULL);
    DIFFERS(column->parent, NULL);
    DIFFERS(column->parent, other->objects[0]);
    DIFFERS(column->depends[0], other->objects[0]);
    DIFFERS(table->depend_count, 0);
    DIFFERS(column->uses_row_type, false);
    DIFFERS(column->field_count, 1);
    DIFFERS(object_own_fields(column)[0].name, "kind");
    DIFFERS(object_own_fields(column)[1].value, "");
    DIFFERS(object_own_fields(other->objects[0])[0].value, NULL);
#undef DIFFERS
}

static void test_not_utf8(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(catalog_cleanup) struct catalog *catalog = sample_catalog();
    struct plan_writer *writer;

    object_own_fields(catalog->objects[0])[0].value = "\xff";
    must(plan_writer_open(&writer, path, true, &err));
    assert_false(put_catalog(catalog, writer, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    error_clear(&err);
    plan_writer_free(writer);
}

static void expect_refused(const char *text)
{
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};
    struct catalog *catalog = NULL;

    write_plan(NULL, text);
    must(plan_open(&plan, path, &err));
    must_refuse(catalog_json_read(&plan, ENTRY_MAIN_SCHEMA, &catalog, &err));
}

#define HEADER(count) "{\"objects\":" count ",\"server_version\":150018,\"warnings\":[]}\n"
#define FIELDS(class, names) "{\"class\":\"" class "\",\"fields\":[" names "]}\n"
#define OBJECT(class, depends, identity, more, values)                                                                 \
    "{\"class\":\"" class "\",\"depends\":[" depends "],\"identity\":\"" identity "\",\"name\":\"x\"" more             \
                          ",\"values\":[" values "]}\n"
#define SCHEMA(name) FIELDS("schema", "") OBJECT("schema", "", name, "", "")

static void test_malformed(void **state)
{
    (void)state;
    cleanup(text_free) struct text deep = {0};

    expect_refused("");
    expect_refused("\n");
    expect_refused(HEADER("1"));
    expect_refused(HEADER("0") SCHEMA("a"));
    expect_refused(HEADER("2") SCHEMA("a") SCHEMA("a"));
    expect_refused(HEADER("1") "{\"class\":\"schema\"");
    expect_refused(HEADER("1") "[]\n");
    expect_refused(HEADER("1") " " SCHEMA("a"));
    expect_refused(HEADER("1") SCHEMA("\xff"));
    expect_refused(HEADER("1") SCHEMA("a\\u0000b"));
    expect_refused(HEADER("-1"));
    expect_refused(HEADER("1.0"));
    expect_refused(HEADER("1") FIELDS("gadget", "") OBJECT("gadget", "", "a", "", ""));
    expect_refused(HEADER("1") OBJECT("schema", "", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("column", "") OBJECT("schema", "", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("schema", "\"owner\"") OBJECT("schema", "", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("schema", "1") OBJECT("schema", "", "a", "", "null"));
    expect_refused(HEADER("1") FIELDS("schema", "\"owner\"") OBJECT("schema", "", "a", "", "1"));
    expect_refused(HEADER("1") FIELDS("schema", "") OBJECT("schema", "1", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("schema", "") OBJECT("schema", "-1", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("schema", "") OBJECT("schema", "\"schema\"", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("column", "") OBJECT("column", "", "a", ",\"parent\":0", ""));
    expect_refused(HEADER("1") FIELDS("column", "") OBJECT("column", "", "a", ",\"parent\":1", ""));
    expect_refused(HEADER("1") FIELDS("column", "") OBJECT("column", "", "a", ",\"parent\":-1", ""));
    expect_refused(
        HEADER("1") "{\"class\":\"schema\",\"class\":\"schema\",\"fields\":[]}\n" OBJECT("schema", "", "a", "", ""));
    expect_refused(HEADER("1") FIELDS("schema", "")
                       OBJECT("schema", "", "a", ",\"outside\":[[\"needs\",\"type\",\"b\",\"{b}\"]]", ""));
    expect_refused(HEADER("1") FIELDS("schema", "")
                       OBJECT("schema", "", "a", ",\"outside\":[[\"likes\",\"type\",\"b\",\"{b}\",\"{}\"]]", ""));
    text_append(&deep, "{\"a\":");
    for (int i = 0; i < 100000; i++)
        text_append_char(&deep, '[');
    text_append_char(&deep, '\n');
    expect_refused(deep.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_not_equal),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_malformed),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
