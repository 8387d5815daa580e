/* A small plan with one of everything, for the tests of the plan file. */
#pragma once

#include "common/memory.h"
#include "format/entry_name.h"
#include "format/plan_reader.h"
#include "format/plan_writer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Fails the test with the error's message. */
#define must(call)                                                                                                     \
    do {                                                                                                               \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s (%s)", #call, err.message != NULL ? err.message : "no message",                           \
                     err.context != NULL ? err.context : "");                                                          \
    } while (0)

/* Fails the test unless the call fails with ERROR_ARCHIVE; clears the error. */
#define must_refuse(call)                                                                                              \
    do {                                                                                                               \
        assert_false(call);                                                                                            \
        assert_int_equal(err.code, ERROR_ARCHIVE);                                                                     \
        assert_non_null(err.message);                                                                                  \
        error_clear(&err);                                                                                             \
    } while (0)

static inline void sample_identity(struct database_identity *identity, const char *dbname)
{
    identity->dbname = copy_string(dbname);
    identity->server_version = copy_string("15.18");
    identity->server_version_number = 150018;
    identity->system_identifier = copy_string("7012345678901234567");
    identity->encoding = copy_string("UTF8");
    identity->collate = copy_string("C.UTF-8");
    identity->ctype = copy_string("C.UTF-8");
    identity->snapshot = copy_string("00000003-0000001B-1");
    identity->lsn = copy_string("0/15E6E40");
}

static inline void sample_table(struct plan_table *table, const char *name)
{
    table->shape.schema = copy_string("public");
    table->shape.name = copy_string(name);
    table->shape.columns = allocate(2, sizeof *table->shape.columns);
    table->shape.column_count = 2;
    table->shape.columns[0] = (struct column_shape){.name = copy_string("id"), .type = copy_string("bigint")};
    table->shape.columns[1] = (struct column_shape){.name = copy_string("price"),
                                                    .type = copy_string("numeric"),
                                                    .form = FORM_SEND,
                                                    .send = copy_string("numeric_send")};
    table->shape.key = allocate(1, sizeof *table->shape.key);
    table->shape.key_count = 1;
    table->chunking = (struct chunking){.way = CHUNK_BY_RANGE, .slice_count = 3, .slices_per_chunk = 2};
}

static inline struct manifest *sample_manifest(void)
{
    struct manifest *manifest = manifest_new();

    manifest->format_major = FORMAT_MAJOR;
    manifest->format_minor = FORMAT_MINOR;
    manifest->plan_id = copy_string("00112233445566778899aabbccddeeff");
    manifest->created = copy_string("2024-02-29T12:00:00Z");
    manifest->tool = copy_string("pgsyncer-plan 0.1.0");
    manifest->fingerprint_algorithm = copy_string("column-hashes-2");
    sample_identity(&manifest->main, "shop");
    sample_identity(&manifest->standin, "shop_copy");
    manifest->standin_source = copy_string("live");
    manifest->options.sync_schema = manifest->options.sync_data = manifest->options.before_images = true;
    manifest->options.chunk_size = 10000;
    string_list_add(&manifest->options.schemas, "public");
    string_list_add(&manifest->options.tables, "t");
    string_list_add(&manifest->options.excluded_tables, "u*");
    string_list_add(&manifest->warnings, "1 cast is not covered");
    manifest->objects.create = 1;
    manifest->objects.drop = 1;
    manifest->statements = allocate(2, sizeof *manifest->statements);
    manifest->statement_count = 2;
    manifest->statements[0] = (struct plan_statement){.id = 1,
                                                      .phase = PHASE_PRE_DATA,
                                                      .action = ACTION_DROP,
                                                      .class = copy_string("table"),
                                                      .object = copy_string("public.old"),
                                                      .entry = entry_name_statement(1)};
    string_list_add(&manifest->statements[0].risks, "destructive");
    string_list_add(&manifest->statements[0].risks, "lock:ACCESS EXCLUSIVE");
    manifest->statements[1] = (struct plan_statement){.id = 2,
                                                      .phase = PHASE_POST_DATA,
                                                      .action = ACTION_CREATE,
                                                      .class = copy_string("index"),
                                                      .object = copy_string("public.orders_price"),
                                                      .entry = entry_name_statement(2)};
    manifest->statements[1].touches = allocate(2, sizeof *manifest->statements[1].touches);
    manifest->statements[1].touched_count = 2;
    manifest->statements[1].touches[0] =
        (struct plan_touched){.table = copy_string("public.orders"), .bytes = 16384, .rows = 70, .rows_known = true};
    manifest->statements[1].touches[1] = (struct plan_touched){.table = copy_string("public.new"), .bytes = 5};
    manifest->statements[1].preconditions = allocate(1, sizeof *manifest->statements[1].preconditions);
    manifest->statements[1].precondition_count = 1;
    manifest->statements[1].preconditions[0] =
        (struct plan_precondition){.condition = copy_string("public.orders: no (price) twice"),
                                   .rows_of = copy_string("stand-in"),
                                   .state = PRECONDITION_BROKEN,
                                   .rows = 4,
                                   .note = copy_string("at least")};
    string_list_add(&manifest->statements[1].preconditions[0].examples, "(price)=(\033[31m7)");
    manifest->tables = allocate(2, sizeof *manifest->tables);
    manifest->table_count = 2;
    sample_table(&manifest->tables[0], "items");
    sample_table(&manifest->tables[1], "orders");
    manifest->tables[1].inserts = 2;
    manifest->tables[1].updates = 1;
    manifest->tables[1].bytes = 8 + 4 + 6 + 6;
    manifest->tables[1].digest_entry = entry_name_digest(2, "public", "orders");
    manifest->tables[1].main = (struct fingerprint){.rows = 9, .sum = UINT64_C(0xfedcba9876543210)};
    manifest->sequences = allocate(1, sizeof *manifest->sequences);
    manifest->sequence_count = 1;
    manifest->sequences[0] = (struct plan_sequence){.schema = copy_string("public"),
                                                    .name = copy_string("orders_id_seq"),
                                                    .last_value = copy_string("-9223372036854775808"),
                                                    .is_called = true};
    return manifest;
}

/* Adds what the manifest counts, in an order that is not that of the file. */
static inline void sample_entries(struct plan_writer *writer)
{
    static char *bounds[] = {(char *)"10", (char *)"20"};
    struct digest_chunk chunks[] = {{.number = 0, .main = {.rows = 7, .sum = 1}},
                                    {.number = 1, .main = {.rows = 2, .sum = 2}}};
    struct digest_slice touched[] = {{.number = 2, .main = {.rows = 2, .sum = 2}, .base = {.rows = 0, .sum = 0}}};
    const struct digest digest = {
        .chunks = chunks, .chunk_count = 2, .touched = touched, .touched_count = 1, .bounds = bounds, .bound_count = 2};
    struct error err = {0};
    struct plan_part *insert, *update;
    static const char catalog[] = "{\"objects\":0,\"server_version\":150018,\"warnings\":[]}\n";
    size_t length;
    cleanup(free_string) char *digested = digest_write(&digest, &length);
    cleanup(free_string) char *insert_1 = entry_name_rows(2, "public", "orders", ROWS_INSERT, 1);
    cleanup(free_string) char *insert_2 = entry_name_rows(2, "public", "orders", ROWS_INSERT, 2);
    cleanup(free_string) char *update_1 = entry_name_rows(2, "public", "orders", ROWS_UPDATE, 1);
    cleanup(free_string) char *before_1 = entry_name_rows(2, "public", "orders", ROWS_BEFORE, 1);
    cleanup(free_string) char *digest_name = entry_name_digest(2, "public", "orders");

    must(plan_writer_add(writer, digest_name, digested, length, 0, &err));
    must(plan_writer_add(writer, "statements/0002.sql", "CREATE INDEX orders_price ON public.orders (price);\n", 52, 0,
                         &err));
    must(plan_part_open(writer, insert_1, &insert, &err));
    must(plan_part_open(writer, update_1, &update, &err));
    must(plan_part_write(insert, "30\t", 3, &err));
    must(plan_part_write(update, "1\t", 2, &err));
    must(plan_part_write(insert, "1.50\n", 5, &err));
    must(plan_part_write(update, "2\n", 2, &err));
    must(plan_part_close(insert, 1, &err));
    must(plan_part_close(update, 1, &err));
    must(plan_writer_add(writer, before_1, "1\t1.0\n", 6, 1, &err));
    must(plan_writer_add(writer, insert_2, "31\t\\N\n", 6, 1, &err));
    must(plan_writer_add(writer, ENTRY_SUMMARY, "a summary\n", 10, 0, &err));
    must(plan_writer_add(writer, "statements/0001.sql", "DROP TABLE public.old;\n", 23, 0, &err));
    must(plan_writer_add(writer, ENTRY_BASE_SCHEMA, catalog, strlen(catalog), 0, &err));
    must(plan_writer_add(writer, ENTRY_MAIN_SCHEMA, catalog, strlen(catalog), 0, &err));
}

static inline void sample_write(const char *path)
{
    struct error err = {0};
    struct plan_writer *writer;
    cleanup(manifest_cleanup) struct manifest *manifest = sample_manifest();
    uint64_t size;

    must(plan_writer_open(&writer, path, true, &err));
    sample_entries(writer);
    must(plan_writer_finish(writer, manifest, &size, &err));
    plan_writer_free(writer);
}

/* The whole file; free() it. */
static inline char *load_file(const char *path, size_t *size)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(descriptor >= 0 && fstat(descriptor, &status) == 0);
    *size = (size_t)status.st_size;
    char *bytes = allocate(*size + 1, 1);
    assert_int_equal(read(descriptor, bytes, *size), (ssize_t)*size);
    close(descriptor);
    return bytes;
}

static inline void store_file(const char *path, const void *bytes, size_t size)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), (ssize_t)size);
    close(descriptor);
}
