/* The plan file as a whole: what is written comes back, and nothing but exactly that is read. */
#include "tests/unit/sample_plan.h"

#include "common/text.h"
#include "format/container.h"
#include "format/content_root.h"
#include "format/limits.h"

#include <archive.h>
#include <archive_entry.h>
#include <sodium.h>
#include <zstd.h>

static char folder[] = "/tmp/pgsyncer-test-XXXXXX";
static char path[64], other[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/a.pgplan", folder);
    snprintf(other, sizeof other, "%s/b.pgplan", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(other);
    return rmdir(folder); /* fails where something was left behind */
}

static void expect_entry(const struct plan *plan, const char *name, const char *contents)
{
    struct error err = {0};
    cleanup(free_string) char *bytes = NULL;
    size_t length;

    must(plan_load_entry(plan, name, &bytes, &length, &err));
    assert_string_equal(bytes, contents);
    assert_int_equal(length, strlen(contents));
}

static bool count_part(void *context, const struct plan_entry *entry, struct error *err)
{
    (void)err;
    *(uint64_t *)context += entry->rows;
    return true;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};
    struct digest digest;
    uint64_t rows = 0;

    sample_write(path);
    must(plan_open(&plan, path, &err));
    assert_true(plan.verified);
    assert_int_equal(plan.manifest->entry_count, 10);
    assert_string_equal(plan.manifest->entries[0].name, "review/summary.txt");
    assert_string_equal(plan.manifest->entries[5].name, "rows/0002-public.orders/update.0001.copy.zst");
    assert_string_equal(plan.manifest->entries[9].name, "digest/0002-public.orders.zst");
    expect_entry(&plan, "rows/0002-public.orders/insert.0001.copy.zst", "30\t1.50\n");
    expect_entry(&plan, "rows/0002-public.orders/update.0001.copy.zst", "1\t2\n");
    expect_entry(&plan, "statements/0001.sql", "DROP TABLE public.old;\n");
    must(plan_visit_rows(&plan, 1, ROWS_INSERT, count_part, &rows, &err));
    assert_int_equal(rows, 2);
    must(plan_load_digest(&plan, 1, &digest, &err));
    assert_int_equal(digest.chunk_count, 2);
    assert_string_equal(plan.manifest->tables[1].chunking.bounds[1], "20");
    digest_free(&digest);
    must(plan_load_digest(&plan, 0, &digest, &err));
    assert_int_equal(digest.chunk_count, 0);
}

static void test_same_inputs_same_bytes(void **state)
{
    (void)state;
    size_t size, other_size;

    sample_write(path);
    sample_write(other);
    cleanup(free_string) char *bytes = load_file(path, &size), *again = load_file(other, &other_size);
    assert_int_equal(size, other_size);
    assert_memory_equal(bytes, again, size);
}

/* A stock tar reader sees ordinary files with the manifest first. */
static void test_stock_tar(void **state)
{
    (void)state;
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    size_t count = 0;

    sample_write(path);
    archive_read_support_format_tar(archive);
    assert_int_equal(archive_read_open_filename(archive, path, 10240), ARCHIVE_OK);
    for (; archive_read_next_header(archive, &entry) == ARCHIVE_OK; count++) {
        if (count == 0)
            assert_string_equal(archive_entry_pathname(entry), "manifest.json");
        assert_int_equal(archive_entry_mode(entry), AE_IFREG | 0644);
        assert_int_equal(archive_entry_uid(entry), 0);
        assert_int_equal(archive_entry_mtime(entry), 0);
    }
    assert_int_equal(count, 12);
    archive_read_free(archive);
}

static void test_every_flip_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    size_t size;

    sample_write(path);
    cleanup(free_string) char *bytes = load_file(path, &size);
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    for (size_t i = 0; i < size; i++) {
        const unsigned char flips[] = {0x01, 0x20, 0x80, 0xff};
        cleanup(plan_close) struct plan plan = {0};
        char flipped = (char)((unsigned char)bytes[i] ^ flips[i % sizeof flips]);
        assert_int_equal(pwrite(descriptor, &flipped, 1, (off_t)i), 1);
        if (plan_open(&plan, path, &err))
            fail_msg("byte %zu flipped, and the plan opens", i);
        assert_int_equal(err.code, ERROR_ARCHIVE);
        error_clear(&err);
        assert_int_equal(pwrite(descriptor, &bytes[i], 1, (off_t)i), 1);
    }
    close(descriptor);
    cleanup(plan_close) struct plan plan = {0};
    must(plan_open(&plan, path, &err));
}

static void test_every_truncation_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    size_t size;

    sample_write(path);
    free(load_file(path, &size));
    for (size_t length = size; length-- > 0;) {
        cleanup(plan_close) struct plan plan = {0};
        assert_int_equal(truncate(path, (off_t)length), 0);
        must_refuse(plan_open(&plan, path, &err));
    }
}

static void test_trailing_bytes_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    size_t size;
    cleanup(free_string) char *bytes = NULL;

    sample_write(path);
    bytes = load_file(path, &size);
    bytes = reallocate(bytes, size + 1024, 1);
    memset(bytes + size, 0, 1024);
    for (size_t more = 1; more <= 1024; more = more < 512 ? more * 8 : more + 512) {
        cleanup(plan_close) struct plan plan = {0};
        store_file(path, bytes, size + more);
        must_refuse(plan_open(&plan, path, &err));
    }
}

static void test_existing_file(void **state)
{
    (void)state;
    struct error err = {0};
    struct plan_writer *writer;
    struct stat before, after;

    sample_write(path);
    assert_int_equal(stat(path, &before), 0);
    assert_false(plan_writer_open(&writer, path, false, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    error_clear(&err);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
}

/* Nothing is left behind (remove_folder checks) when the entries do not fit the manifest. */
static void expect_unfinished(void (*change)(struct plan_writer *, struct manifest *))
{
    struct error err = {0};
    struct plan_writer *writer;
    cleanup(manifest_cleanup) struct manifest *manifest = sample_manifest();
    uint64_t size;

    must(plan_writer_open(&writer, other, true, &err));
    sample_entries(writer);
    change(writer, manifest);
    unlink(other);
    assert_false(plan_writer_finish(writer, manifest, &size, &err));
    assert_int_equal(err.code, ERROR_INTERNAL);
    error_clear(&err);
    assert_int_equal(access(other, F_OK), -1);
    plan_writer_free(writer);
}

static void add_stray(struct plan_writer *writer, struct manifest *manifest)
{
    struct error err = {0};

    (void)manifest;
    must(plan_writer_add(writer, "../etc/passwd", "x", 1, 0, &err));
}

static void count_more(struct plan_writer *writer, struct manifest *manifest)
{
    (void)writer;
    manifest->tables[1].inserts++;
}

static void refer_to_nothing(struct plan_writer *writer, struct manifest *manifest)
{
    (void)writer;
    manifest->tables[0].digest_entry = entry_name_digest(1, "public", "items");
}

static void test_writer_refuses_what_no_reader_takes(void **state)
{
    (void)state;
    expect_unfinished(add_stray);
    expect_unfinished(count_more);
    expect_unfinished(refer_to_nothing);
}

static void test_added_twice(void **state)
{
    (void)state;
    struct error err = {0};
    struct plan_writer *writer;

    must(plan_writer_open(&writer, other, true, &err));
    must(plan_writer_add(writer, ENTRY_SUMMARY, "x", 1, 0, &err));
    assert_false(plan_writer_add(writer, ENTRY_SUMMARY, "x", 1, 0, &err));
    error_clear(&err);
    plan_writer_free(writer);
}

/* A tar of our own making: the right manifest for whatever bytes, and headers as a hostile hand would write them. */
struct forged {
    struct text tar;
};

static void forge_block(struct forged *forged, const unsigned char block[CONTAINER_BLOCK], const char *bytes,
                        size_t size)
{
    static const char zeros[CONTAINER_BLOCK];

    text_append_bytes(&forged->tar, block, CONTAINER_BLOCK);
    text_append_bytes(&forged->tar, bytes, size);
    text_append_bytes(&forged->tar, zeros, (size_t)container_padding(size));
}

static void forge_entry(struct forged *forged, const char *name, const char *bytes, size_t size)
{
    unsigned char block[CONTAINER_BLOCK];

    container_header(name, size, 0, block);
    forge_block(forged, block, bytes, size);
}

static void forge_manifest(struct forged *forged, const char *json, size_t length)
{
    unsigned char hash[SHA256_SIZE];
    char digits[2 * SHA256_SIZE + 1];

    crypto_hash_sha256(hash, (const unsigned char *)json, length);
    cleanup(free_string) char *line =
        format_string("%s  manifest.json\n", sodium_bin2hex(digits, sizeof digits, hash, sizeof hash));
    forge_entry(forged, "manifest.json", json, length);
    forge_entry(forged, "manifest.sha256", line, strlen(line));
}

static void forge_end(struct forged *forged)
{
    static const char zeros[CONTAINER_TRAILER];

    text_append_bytes(&forged->tar, zeros, sizeof zeros);
    store_file(other, forged->tar.data, forged->tar.length);
    text_free(&forged->tar);
}

/* The sample's parts, so that they can be put together in another way. */
struct parts {
    char *file, *json;
    size_t json_length, entry_count;
    const struct plan *plan;
};

static const char *stored(const struct parts *parts, size_t i)
{
    return parts->file + parts->plan->offsets[i];
}

static size_t stored_size(const struct parts *parts, size_t i)
{
    return (size_t)parts->plan->manifest->entries[i].stored_size;
}

static const char *name_of(const struct parts *parts, size_t i)
{
    return parts->plan->manifest->entries[i].name;
}

static void expect_forged(bool accepted)
{
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};

    if (accepted)
        must(plan_open(&plan, other, &err));
    else
        must_refuse(plan_open(&plan, other, &err));
}

/* order holds indexes of entries. */
static void forge_order(const struct parts *parts, const size_t *order, size_t count)
{
    struct forged forged = {0};

    forge_manifest(&forged, parts->json, parts->json_length);
    for (size_t i = 0; i < count; i++)
        forge_entry(&forged, name_of(parts, order[i]), stored(parts, order[i]), stored_size(parts, order[i]));
    forge_end(&forged);
}

static void forge_changed_header(const struct parts *parts, size_t changed, void (*change)(unsigned char *))
{
    struct forged forged = {0};

    forge_manifest(&forged, parts->json, parts->json_length);
    for (size_t i = 0; i < parts->entry_count; i++) {
        unsigned char block[CONTAINER_BLOCK];
        unsigned sum = 0;
        char digits[8];

        container_header(name_of(parts, i), stored_size(parts, i), 0, block);
        if (i == changed) {
            change(block);
            memset(block + 148, ' ', 8);
            for (size_t j = 0; j < sizeof block; j++)
                sum += block[j];
            snprintf(digits, sizeof digits, "%06o", sum & 0777777);
            memcpy(block + 148, digits, 7);
        }
        forge_block(&forged, block, stored(parts, i), stored_size(parts, i));
    }
    forge_end(&forged);
}

static void be_symlink(unsigned char *block)
{
    block[156] = '2';
    memcpy(block + 157, "/etc/passwd", 11);
}

static void be_hard_link(unsigned char *block)
{
    block[156] = '1';
    memcpy(block + 157, "manifest.json", 13);
}

static void be_folder(unsigned char *block)
{
    block[156] = '5';
}

static void be_device(unsigned char *block)
{
    block[156] = '3';
}

static void be_pax(unsigned char *block)
{
    block[156] = 'x';
}

static void be_absolute(unsigned char *block)
{
    memmove(block + 1, block, 98);
    block[0] = '/';
}

static void be_above(unsigned char *block)
{
    memmove(block + 3, block, 96);
    memcpy(block, "../", 3);
}

static void be_owned(unsigned char *block)
{
    block[113] = '1';
}

static void be_executable(unsigned char *block)
{
    block[103] = '7';
}

static void be_later(unsigned char *block)
{
    block[146] = '1';
}

static void be_prefixed(unsigned char *block)
{
    memcpy(block + 345, "elsewhere", 9);
}

static void be_huge(unsigned char *block)
{
    memcpy(block + 124, "77777777777", 11);
}

static void be_base256(unsigned char *block)
{
    memset(block + 124, 0xff, 12);
}

static void test_forged_tars(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};
    size_t size;
    static void (*const changes[])(unsigned char *) = {be_symlink,  be_hard_link, be_folder, be_device,     be_pax,
                                                       be_absolute, be_above,     be_owned,  be_executable, be_later,
                                                       be_prefixed, be_huge,      be_base256};

    sample_write(path);
    must(plan_open(&plan, path, &err));
    cleanup(free_string) char *file = load_file(path, &size);
    struct parts parts = {.file = file, .plan = &plan, .entry_count = plan.manifest->entry_count};
    parts.json_length = (size_t)strtoull(file + 124, NULL, 8);
    parts.json = file + CONTAINER_BLOCK;

    const size_t right[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const size_t swapped[] = {0, 1, 2, 4, 3, 5, 6, 7, 8, 9};
    const size_t twice[] = {0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const size_t missing[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    const size_t extra[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
    forge_order(&parts, right, 10);
    expect_forged(true);
    forge_order(&parts, swapped, 10);
    expect_forged(false);
    forge_order(&parts, twice, 11);
    expect_forged(false);
    forge_order(&parts, missing, 9);
    expect_forged(false);
    forge_order(&parts, extra, 11);
    expect_forged(false);
    for (size_t i = 0; i < array_length(changes); i++) {
        forge_changed_header(&parts, 3, changes[i]);
        expect_forged(false);
        forge_changed_header(&parts, 0, changes[i]);
        expect_forged(false);
    }
}

static void test_huge_manifest(void **state)
{
    (void)state;
    struct forged forged = {0};
    unsigned char block[CONTAINER_BLOCK];

    container_header("manifest.json", LIMIT_STORED_SIZE, 0, block);
    forge_block(&forged, block, "{}", 2);
    forge_end(&forged);
    expect_forged(false);
    container_header("manifest.json", 0, 0, block);
    forge_block(&forged, block, "", 0);
    forge_end(&forged);
    expect_forged(false);
}

/* An entry whose stored bytes have the right hash, but do not unpack to what the manifest says. */
static void forge_lie(const char *name, const void *bytes, size_t size, uint64_t raw_size, bool accepted)
{
    struct error err = {0};
    struct plan_writer *writer;
    struct manifest *manifest = sample_manifest();
    uint64_t file_size;
    size_t json_length, length;
    cleanup(free_string) char *json = NULL;

    /* The honest manifest first, then the lie. */
    must(plan_writer_open(&writer, path, true, &err));
    sample_entries(writer);
    must(plan_writer_add(writer, ENTRY_SCRIPT, "SELECT 1;\n", 10, 0, &err));
    must(plan_writer_finish(writer, manifest, &file_size, &err));
    plan_writer_free(writer);
    manifest_free(manifest);

    cleanup(plan_close) struct plan plan = {0};
    must(plan_open(&plan, path, &err));
    cleanup(free_string) char *file = load_file(path, &length);
    struct forged forged = {0};
    struct plan_entry *lie = NULL;
    for (size_t i = 0; i < plan.manifest->entry_count; i++)
        if (strcmp(plan.manifest->entries[i].name, name) == 0)
            lie = &plan.manifest->entries[i];
    assert_non_null(lie);
    lie->stored_size = size;
    lie->raw_size = raw_size;
    crypto_hash_sha256(lie->sha256, bytes, size);
    content_root(plan.manifest, plan.manifest->content_root);
    must(manifest_write(plan.manifest, &json, &json_length, &err));
    forge_manifest(&forged, json, json_length);
    for (size_t i = 0; i < plan.manifest->entry_count; i++) {
        const struct plan_entry *entry = &plan.manifest->entries[i];
        if (entry == lie)
            forge_entry(&forged, entry->name, bytes, size);
        else
            forge_entry(&forged, entry->name, file + plan.offsets[i], (size_t)entry->stored_size);
    }
    forge_end(&forged);

    cleanup(plan_close) struct plan opened = {0};
    cleanup(free_string) char *raw = NULL;
    must(plan_open(&opened, other, &err)); /* hashes of stored bytes are right */
    if (accepted)
        must(plan_load_entry(&opened, name, &raw, &length, &err));
    else
        must_refuse(plan_load_entry(&opened, name, &raw, &length, &err));
}

static void test_frames(void **state)
{
    (void)state;
    char frame[4096];
    size_t big = 32 * 1024 * 1024;
    cleanup(free_string) char *zeros = allocate(big, 1);
    size_t size = ZSTD_compress(frame, sizeof frame, "SELECT 1;\n", 10, 3);

    forge_lie(ENTRY_SCRIPT, frame, size, 10, true);
    forge_lie(ENTRY_SCRIPT, frame, size, 9, false);
    forge_lie(ENTRY_SCRIPT, frame, size, 11, false);
    forge_lie(ENTRY_SCRIPT, frame, size - 1, 10, false);
    memcpy(frame + size, frame, size);
    forge_lie(ENTRY_SCRIPT, frame, 2 * size, 10, false);
    forge_lie(ENTRY_SCRIPT, "SELECT 1;\n", 10, 10, false);
    forge_lie(ENTRY_SCRIPT, "", 0, 10, false);

    /* A bomb: it says 10 bytes and unpacks to 32 MiB. */
    cleanup(free_string) char *bomb = allocate(ZSTD_compressBound(big), 1);
    size = ZSTD_compress(bomb, ZSTD_compressBound(big), zeros, big, 3);
    forge_lie(ENTRY_SCRIPT, bomb, size, 10, false);

    /* A window beyond the limit. */
    for (size_t i = 0; i < big; i += 64)
        memcpy(zeros + i, &i, sizeof i);
    ZSTD_CCtx *compressor = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_windowLog, LIMIT_WINDOW_LOG + 2);
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_contentSizeFlag, 0);
    ZSTD_inBuffer input = {.src = zeros, .size = big};
    ZSTD_outBuffer output = {.dst = bomb, .size = ZSTD_compressBound(big)};
    assert_int_equal(ZSTD_compressStream2(compressor, &output, &input, ZSTD_e_end), 0);
    ZSTD_freeCCtx(compressor);
    forge_lie(ENTRY_SCRIPT, bomb, output.pos, big, false);
}

/* What an honest table of equal rows compresses to stays below the limit of the ratio. */
static void test_equal_rows(void **state)
{
    (void)state;
    struct error err = {0};
    struct plan_writer *writer;
    cleanup(manifest_cleanup) struct manifest *manifest = sample_manifest();
    uint64_t file_size;
    struct plan_part *part;

    must(plan_writer_open(&writer, path, true, &err));
    sample_entries(writer);
    must(plan_part_open(writer, "rows/0001-public.items/insert.0001.copy.zst", &part, &err));
    char lines[7 * 1024];
    for (size_t i = 0; i < sizeof lines; i++)
        lines[i] = "1\t1.25\n"[i % 7];
    for (int i = 0; i < 8 * 1024; i++)
        must(plan_part_write(part, lines, sizeof lines, &err));
    must(plan_part_close(part, 8 * 1024 * 1024, &err));
    manifest->tables[0].inserts = 8 * 1024 * 1024;
    manifest->tables[0].bytes = UINT64_C(7) * 8 * 1024 * 1024;
    must(plan_writer_finish(writer, manifest, &file_size, &err));
    plan_writer_free(writer);
    cleanup(plan_close) struct plan plan = {0};
    must(plan_open(&plan, path, &err));
}

static void test_not_a_file(void **state)
{
    (void)state;
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};

    assert_false(plan_open(&plan, folder, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    error_clear(&err);
    unlink(other);
    assert_int_equal(mkfifo(other, 0600), 0);
    assert_false(plan_open(&plan, other, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    error_clear(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_same_inputs_same_bytes),
        cmocka_unit_test(test_stock_tar),
        cmocka_unit_test(test_every_flip_is_refused),
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_trailing_bytes_are_refused),
        cmocka_unit_test(test_existing_file),
        cmocka_unit_test(test_writer_refuses_what_no_reader_takes),
        cmocka_unit_test(test_added_twice),
        cmocka_unit_test(test_forged_tars),
        cmocka_unit_test(test_huge_manifest),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_equal_rows),
        cmocka_unit_test(test_not_a_file),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
