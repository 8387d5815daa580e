/* The manifest: what is written is read, and what is not right in itself is refused. */
#include "tests/unit/sample_plan.h"

#include "common/text.h"
#include "format/content_root.h"
#include "format/limits.h"

/* The sample as plan_writer_finish() leaves it, by way of a file. */
static char *sample_json(size_t *length)
{
    struct error err = {0};
    char path[] = "/tmp/pgsyncer-manifest-XXXXXX";
    int descriptor = mkstemp(path);
    cleanup(plan_close) struct plan plan = {0};
    char *json;

    assert_true(descriptor >= 0);
    close(descriptor);
    sample_write(path);
    must(plan_open(&plan, path, &err));
    must(manifest_write(plan.manifest, &json, length, &err));
    unlink(path);
    return json;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct error err = {0};
    size_t length, again_length;
    cleanup(free_string) char *json = sample_json(&length), *again = NULL;
    cleanup(manifest_cleanup) struct manifest *manifest = NULL;

    must(manifest_read(json, length, &manifest, &err));
    must(manifest_write(manifest, &again, &again_length, &err));
    assert_string_equal(json, again);
    assert_int_equal(length, again_length);

    assert_string_equal(manifest->main.dbname, "shop");
    assert_null(manifest->main.collation_version);
    assert_string_equal(manifest->standin_source, "live");
    assert_true(manifest->options.before_images);
    assert_false(manifest->options.clean_extra);
    assert_int_equal(manifest->statements[0].action, ACTION_DROP);
    assert_string_equal(manifest->statements[0].risks.items[1], "lock:ACCESS EXCLUSIVE");
    const struct plan_statement *index = &manifest->statements[1];
    assert_int_equal(index->touched_count, 2);
    assert_true(index->touches[0].rows_known && index->touches[0].rows == 70 && index->touches[0].bytes == 16384);
    assert_false(index->touches[1].rows_known);
    assert_int_equal(index->preconditions[0].state, PRECONDITION_BROKEN);
    assert_int_equal(index->preconditions[0].rows, 4);
    assert_string_equal(index->preconditions[0].examples.items[0], "(price)=(\033[31m7)");
    assert_string_equal(index->preconditions[0].note, "at least");
    const struct plan_table *orders = &manifest->tables[1];
    assert_int_equal(orders->shape.columns[1].form, FORM_SEND);
    assert_string_equal(orders->shape.columns[1].send, "numeric_send");
    assert_int_equal(orders->shape.key[0], 0);
    assert_int_equal(orders->chunking.slice_count, 3);
    assert_true(orders->main.sum == UINT64_C(0xfedcba9876543210));
    assert_string_equal(manifest->sequences[0].last_value, "-9223372036854775808");
    assert_true(manifest->sequences[0].is_called);
    assert_string_equal(manifest->warnings.items[0], "1 cast is not covered");
}

/* Writes the manifest and reads it again. */
static bool read_again(const struct manifest *manifest, struct manifest **again, struct error *err)
{
    cleanup(free_string) char *json = NULL;
    size_t length;

    assert_true(manifest_write(manifest, &json, &length, err));
    return manifest_read(json, length, again, err);
}

static void must_refuse_again(const struct manifest *manifest)
{
    struct error err = {0};
    cleanup(manifest_cleanup) struct manifest *again = NULL;

    must_refuse(read_again(manifest, &again, &err));
}

static void test_rows_of_main_elsewhere(void **state)
{
    (void)state;
    struct error err = {0};
    size_t length;
    cleanup(free_string) char *json = sample_json(&length);
    cleanup(manifest_cleanup) struct manifest *manifest = NULL, *again = NULL;

    must(manifest_read(json, length, &manifest, &err));
    struct plan_table *orders = &manifest->tables[1];
    assert_int_equal(rows_form(orders, ROWS_UPDATE, true), ROWS_WHOLE);
    orders->fdw = true;
    assert_string_equal(table_strategy_name(orders), "fdw");
    assert_int_equal(rows_form(orders, ROWS_DELETE, true), ROWS_KEYS);
    assert_int_equal(rows_form(orders, ROWS_UPDATE, true), ROWS_KEYED);
    assert_int_equal(rows_form(orders, ROWS_BEFORE, true), ROWS_WHOLE);
    must_refuse_again(manifest); /* not without the option */
    manifest->options.fdw_mode = true;
    must(read_again(manifest, &again, &err));
    assert_true(again->options.fdw_mode && again->tables[1].fdw && !again->tables[0].fdw);
    assert_int_equal(again->tables[1].strategy, orders->strategy);

    orders->strategy = STRATEGY_COPY; /* then there are no entries of new rows */
    assert_int_equal(rows_form(orders, ROWS_INSERT, true), ROWS_NONE);
    must_refuse_again(manifest);
    orders->strategy = STRATEGY_SKIP;
    must_refuse_again(manifest);
    orders->shape.key_count = 0;
    orders->strategy = STRATEGY_MULTISET;
    assert_int_equal(rows_form(orders, ROWS_INSERT, true), ROWS_FINGERPRINTS);
    assert_int_equal(rows_form(orders, ROWS_DELETE, true), ROWS_WHOLE);
    assert_int_equal(rows_form(orders, ROWS_DELETE, false), ROWS_FINGERPRINTS);
}

static void test_configuration_tables(void **state)
{
    (void)state;
    struct error err = {0};
    size_t length;
    cleanup(free_string) char *json = sample_json(&length);
    cleanup(manifest_cleanup) struct manifest *manifest = NULL, *again = NULL;

    must(manifest_read(json, length, &manifest, &err));
    struct plan_table *orders = &manifest->tables[1];
    orders->shape.condition = copy_string("WHERE NOT own");
    must_refuse_again(manifest); /* whose? */
    orders->extension = copy_string("Ext");
    orders->emptied = true;
    must(read_again(manifest, &again, &err));
    assert_string_equal(again->tables[1].shape.condition, "WHERE NOT own");
    assert_string_equal(again->tables[1].extension, "Ext");
    assert_true(again->tables[1].emptied && !again->tables[0].emptied);
    assert_null(again->tables[0].extension);
    orders->strategy = STRATEGY_COPY;
    must_refuse_again(manifest);
}

static void test_partitions(void **state)
{
    (void)state;
    struct error err = {0};
    size_t length;
    cleanup(free_string) char *json = sample_json(&length);
    cleanup(manifest_cleanup) struct manifest *manifest = NULL, *again = NULL;

    must(manifest_read(json, length, &manifest, &err));
    struct plan_table *orders = &manifest->tables[1];
    orders->shape.partitioned = true;
    orders->partitions = allocate(1, sizeof *orders->partitions);
    orders->partitions[0] =
        (struct plan_partition){.schema = copy_string("other"), .name = copy_string("Part 1"), .level = 2};
    orders->partition_count = 1;
    must(read_again(manifest, &again, &err));
    assert_true(again->tables[1].shape.partitioned && !again->tables[0].shape.partitioned);
    assert_int_equal(again->tables[1].partition_count, 1);
    assert_string_equal(again->tables[1].partitions[0].schema, "other");
    assert_string_equal(again->tables[1].partitions[0].name, "Part 1");
    assert_int_equal(again->tables[1].partitions[0].level, 2);
    orders->created = true;
    must_refuse_again(manifest);
}

/* Exchanges the first occurrence of a text in the sample. */
static void expect_change(const char *from, const char *to, bool accepted)
{
    struct error err = {0};
    size_t length;
    cleanup(free_string) char *json = sample_json(&length);
    cleanup(text_free) struct text changed = {0};
    cleanup(manifest_cleanup) struct manifest *manifest = NULL;
    const char *at = strstr(json, from);

    if (at == NULL)
        fail_msg("the sample does not hold %s", from);
    text_append_bytes(&changed, json, (size_t)(at - json));
    text_append(&changed, to);
    text_append(&changed, at + strlen(from));
    bool read = manifest_read(changed.data, changed.length, &manifest, &err);
    if (read != accepted)
        fail_msg("%s in place of %s: %s", to, from, read ? "accepted" : err.message);
    if (!read)
        assert_int_equal(err.code, ERROR_ARCHIVE);
    error_clear(&err);
}

static void test_changes(void **state)
{
    (void)state;
    /* Unknown members are for later minor versions; an unknown major version is not read. */
    expect_change("\"warnings\":", "\"unheard_of\":{\"a\":[1]},\"warnings\":", true);
    expect_change("\"minor\":0", "\"minor\":7", true);
    expect_change("\"major\":1", "\"major\":2", false);
    expect_change("\"major\":1", "\"major\":-1", false);

    /* Types and ranges. */
    expect_change("\"rows\":9", "\"rows\":\"9\"", false);
    expect_change("\"rows\":9", "\"rows\":-9", false);
    expect_change("\"rows\":9", "\"rows\":9.0", false);
    expect_change("\"rows\":9", "\"rows\":9007199254740992", false);
    expect_change("\"rows\":9", "\"rows\":99999999999999999999", false);
    expect_change("\"fedcba9876543210\"", "\"FEDCBA9876543210\"", false);
    expect_change("\"fedcba9876543210\"", "\"edcba9876543210\"", false);
    expect_change("\"is_called\":true", "\"is_called\":1", false);
    expect_change("\"-9223372036854775808\"", "\"1; DROP TABLE x\"", false);
    expect_change("\"-9223372036854775808\"", "\"\"", false);
    expect_change("\"risks\":[", "\"risks\":[7,", false);
    expect_change("\"rows\":4", "\"rows\":0", false);
    expect_change("\"state\":\"broken\"", "\"state\":\"holds\"", false);
    expect_change("\"state\":\"broken\"", "\"state\":\"perhaps\"", false);
    expect_change("\"bytes\":16384", "\"bytes\":-1", false);
    expect_change("\"touches\":[", "\"touches\":[7,", false);
    expect_change("\"pre-data\"", "\"pre-date\"", false);
    expect_change("\"00112233445566778899aabbccddeeff\"", "\"0011\"", false);
    expect_change("\"server_version\":\"15.18\",", "", false);
    expect_change("\"form\":\"send\",", "\"form\":\"shout\",", false);

    /* Cross references. */
    expect_change("\"key\":[0]", "\"key\":[2]", false);
    expect_change("\"key\":[0]", "\"key\":[0,0]", false);
    expect_change("\"chunking\":{\"column\":0", "\"chunking\":{\"column\":2", false);
    expect_change("\"slices\":3", "\"slices\":0", false);
    expect_change("\"id\":1", "\"id\":2", false);
    expect_change("\"phase\":\"pre-data\"", "\"phase\":\"post-data\"", true);
    expect_change("\"phase\":\"post-data\"", "\"phase\":\"pre-commit\"", false);
    expect_change("\"entry\":\"statements/0001.sql\"", "\"entry\":\"statements/0002.sql\"", false);
    expect_change("\"insert\":2", "\"insert\":3", false);
    expect_change("\"update\":1", "\"update\":0", false);
    expect_change("\"name\":\"items\"", "\"name\":\"zebra\"", false); /* out of order */
    expect_change("\"content_root\":\"", "\"content_root\":\"0", false);

    /* Names of entries: exactly those that follow from statements and tables, in their order. */
    expect_change("\"name\":\"review/summary.txt\"", "\"name\":\"review/../../etc/passwd\"", false);
    expect_change("\"name\":\"review/summary.txt\"", "\"name\":\"/etc/passwd\"", false);
    expect_change("\"name\":\"review/summary.txt\"", "\"name\":\"schema/main.json.zst\"", false);
    expect_change("insert.0002.copy.zst", "insert.0003.copy.zst", false);
    expect_change("rows/0002-public.orders/update", "rows/0001-public.items/update", false);
}

static void test_canonical(void **state)
{
    (void)state;
    expect_change("\"major\":1", "\"major\": 1", false);
    expect_change("\"major\":1,\"minor\":0", "\"minor\":0,\"major\":1", false);
    expect_change("\"major\":1", "\"major\":1,\"major\":1", false);
    expect_change("\"shop\"", "\"\\u0073hop\"", false);
    expect_change("\"shop\"", "\"\xff\"", false);
    expect_change("\"shop\"", "\"a\\u0000b\"", false);
    expect_change("\"shop\"", "\"\xed\xa0\x80\"", false);
    expect_change("\"shop\"", "\"\xc0\xaf\"", false);
}

static void test_not_a_manifest(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(manifest_cleanup) struct manifest *manifest = NULL;
    cleanup(text_free) struct text deep = {0};
    size_t length;
    cleanup(free_string) char *json = sample_json(&length);

    must_refuse(manifest_read("", 0, &manifest, &err));
    must_refuse(manifest_read("{}", 2, &manifest, &err));
    must_refuse(manifest_read("[]", 2, &manifest, &err));
    must_refuse(manifest_read("\"\"", 2, &manifest, &err));
    must_refuse(manifest_read(json, length - 1, &manifest, &err));
    json[length] = '\n';
    must_refuse(manifest_read(json, length + 1, &manifest, &err));
    text_append(&deep, "{\"a\":");
    for (int i = 0; i < 1000000; i++)
        text_append_char(&deep, '[');
    must_refuse(manifest_read(deep.data, deep.length, &manifest, &err));
    text_clear(&deep);
    text_append(&deep, "{\"a\":");
    for (int i = 0; i < 1000000; i++)
        text_append(&deep, "{\"\":");
    must_refuse(manifest_read(deep.data, deep.length, &manifest, &err));
    must_refuse(manifest_read(json, LIMIT_MANIFEST_SIZE + 1, &manifest, &err));
}

/* What the writer would not write, the reader would not read: each is one change of what is right. */
static void expect_fault(void (*spoil)(struct manifest *))
{
    struct error err = {0};
    size_t length, spoilt_length;
    cleanup(free_string) char *json = sample_json(&length), *spoilt = NULL;
    cleanup(manifest_cleanup) struct manifest *manifest = NULL, *again = NULL;

    must(manifest_read(json, length, &manifest, &err));
    must(manifest_check(manifest, &err));
    spoil(manifest);
    must_refuse(manifest_check(manifest, &err));
    must(manifest_write(manifest, &spoilt, &spoilt_length, &err));
    must_refuse(manifest_read(spoilt, spoilt_length, &again, &err));
}

static void replace(char **text, size_t length)
{
    free(*text);
    *text = allocate(length + 1, 1);
    memset(*text, 'x', length);
}

static void long_type(struct manifest *manifest)
{
    replace(&manifest->tables[1].shape.columns[0].type, LIMIT_NAME + 1);
}

static void long_warning(struct manifest *manifest)
{
    replace(&manifest->warnings.items[0], LIMIT_STRING + 1);
}

static void long_identity(struct manifest *manifest)
{
    replace(&manifest->standin.dbname, LIMIT_NAME + 1);
}

static void long_object(struct manifest *manifest)
{
    replace(&manifest->statements[0].object, LIMIT_STRING + 1);
}

static void long_condition(struct manifest *manifest)
{
    replace(&manifest->statements[1].preconditions[0].condition, LIMIT_STRING + 1);
}

static void no_number(struct manifest *manifest)
{
    replace(&manifest->sequences[0].last_value, 3);
}

static void no_id(struct manifest *manifest)
{
    replace(&manifest->plan_id, 32);
}

static void no_send(struct manifest *manifest)
{
    free(take(manifest->tables[1].shape.columns[1].send));
}

static void many_rows(struct manifest *manifest)
{
    manifest->tables[1].main.rows = LIMIT_COUNT + 1;
}

static void key_beyond(struct manifest *manifest)
{
    manifest->tables[1].shape.key[0] = manifest->tables[1].shape.column_count;
}

static void test_writer_and_reader(void **state)
{
    (void)state;
    void (*const faults[])(struct manifest *) = {long_type, long_warning, long_identity, long_object, long_condition,
                                                 no_number, no_id,        no_send,       many_rows,   key_beyond};

    for (size_t i = 0; i < array_length(faults); i++)
        expect_fault(faults[i]);
}

static void test_not_utf8(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(manifest_cleanup) struct manifest *manifest = sample_manifest();
    char *json = NULL;
    size_t length;

    string_list_add(&manifest->warnings, "\xff");
    assert_false(manifest_write(manifest, &json, &length, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    error_clear(&err);
}

/* Any name makes an entry's name that stays in its folder, fits a tar header and a file system. */
static void test_entry_names(void **state)
{
    (void)state;
    char longest[64 * 4];
    cleanup(free_string) char *plain = entry_name_rows(1, "public", "orders", ROWS_INSERT, 1);
    cleanup(free_string) char *above = entry_name_rows(12, "..", "../a b", ROWS_BEFORE, 12);
    cleanup(free_string) char *digest = entry_name_digest(3, "public", "\xc3\xa9");

    assert_string_equal(plain, "rows/0001-public.orders/insert.0001.copy.zst");
    assert_string_equal(above, "rows/0012-%2E%2E.%2E%2E%2Fa%20b/before.0012.copy.zst");
    assert_string_equal(digest, "digest/0003-public.%C3%A9.zst");

    memset(longest, '.', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    cleanup(free_string) char *dots = entry_name_rows(LIMIT_TABLES, longest, longest, ROWS_BEFORE, LIMIT_PARTS);
    memset(longest, 'x', sizeof longest - 1);
    cleanup(free_string) char *letters = entry_name_rows(LIMIT_TABLES, longest, longest, ROWS_BEFORE, LIMIT_PARTS);
    assert_true(strlen(dots) <= LIMIT_ENTRY_NAME);
    assert_true(strlen(letters) <= LIMIT_ENTRY_NAME);
    assert_null(strstr(dots, "%."));
    assert_null(strstr(dots, "%2/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_rows_of_main_elsewhere),
        cmocka_unit_test(test_configuration_tables),
        cmocka_unit_test(test_partitions),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_not_a_manifest),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_entry_names),
        cmocka_unit_test(test_writer_and_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
