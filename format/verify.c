/* Everything about a plan file that can be known without a database. */
#include "format/verify.h"

#include "common/escape.h"
#include "common/memory.h"
#include "common/text.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"
#include "format/plan_check.h"
#include "format/show_parts.h"

#include <inttypes.h>
#include <sodium.h>

enum { FAULTS_SHOWN = 100 };

struct verifying {
    struct plan plan;
    struct text faults; /* a line each */
    size_t fault_count;
    uint64_t raw_bytes, rows;
};

/* Takes the error as one more fault; false where it is not the file's and ends it all (an interrupt). */
static bool note_fault(struct verifying *verifying, struct error *fault, struct error *err)
{
    if (fault->code != ERROR_ARCHIVE) {
        error_clear(err);
        *err = *fault;
        return false;
    }
    if (verifying->fault_count++ < FAULTS_SHOWN) {
        text_append(&verifying->faults, verifying->faults.length > 0 ? "\n" : "");
        if (fault->context != NULL) {
            escape_line(&verifying->faults, fault->context);
            text_append(&verifying->faults, ": ");
        }
        escape_line(&verifying->faults, fault->message);
    }
    error_clear(fault);
    return true;
}

/* Rows as COPY text: so many lines, with so many columns each. */
struct rows_reading {
    uint64_t rows;
    size_t columns, expected;
    bool escaped, in_line;
};

static bool read_rows(void *context, const char *bytes, size_t length, struct error *err)
{
    struct rows_reading *reading = context;

    for (size_t i = 0; i < length; i++) {
        bool escaped = reading->escaped;
        reading->escaped = bytes[i] == '\\' && !escaped;
        reading->in_line = bytes[i] != '\n';
        if (escaped && bytes[i] == '.')
            return error_set(err, ERROR_ARCHIVE, "row %" PRIu64 " holds an end-of-data mark", reading->rows + 1);
        if (bytes[i] == '\t')
            reading->columns++;
        if (bytes[i] != '\n')
            continue;
        if (escaped || reading->columns != reading->expected)
            return error_set(err, ERROR_ARCHIVE, "row %" PRIu64 " does not have %zu columns", reading->rows + 1,
                             reading->expected + 1);
        reading->rows++;
        reading->columns = 0;
    }
    return true;
}

static size_t count_columns(const struct table_shape *shape, enum rows_form form)
{
    size_t count = 0;

    if (form != ROWS_WHOLE)
        return form == ROWS_KEYS ? shape->key_count : form == ROWS_KEYED ? shape->key_count + 1 : 1;
    for (size_t i = 0; i < shape->column_count; i++)
        count += !shape->columns[i].generated;
    return count;
}

struct rows_visit {
    const struct plan *plan;
    const struct plan_table *table;
    enum rows_kind kind;
    struct verifying *verifying;
};

static bool verify_rows(void *context, const struct plan_entry *entry, struct error *err)
{
    struct rows_visit *visit = context;
    bool before_images = visit->plan->manifest->options.before_images;
    size_t columns = count_columns(&visit->table->shape, rows_form(visit->table, visit->kind, before_images));
    struct rows_reading reading = {.expected = columns > 0 ? columns - 1 : 0};
    struct error fault = {0};

    if (!plan_read_entry(visit->plan, entry, read_rows, &reading, &fault) ||
        (reading.in_line && !error_set(&fault, ERROR_ARCHIVE, "the last row does not end")) ||
        (reading.rows != entry->rows &&
         !error_set(&fault, ERROR_ARCHIVE, "it holds %" PRIu64 " rows, not %" PRIu64, reading.rows, entry->rows))) {
        error_context(&fault, "%s", entry->name);
        return note_fault(visit->verifying, &fault, err);
    }
    visit->verifying->rows += reading.rows;
    return true;
}

static bool drop_bytes(void *context, const char *bytes, size_t length, struct error *err)
{
    (void)context, (void)bytes, (void)length, (void)err;
    return true;
}

/* The entries that no table and no statement owns. */
static bool verify_other(struct verifying *verifying, struct error *err)
{
    const char *const reviews[] = {ENTRY_SUMMARY, ENTRY_SCRIPT}, *const schemas[] = {ENTRY_MAIN_SCHEMA,
                                                                                     ENTRY_BASE_SCHEMA};
    struct error fault = {0};

    for (size_t i = 0; i < array_length(reviews); i++) {
        const struct plan_entry *entry = plan_find_entry(&verifying->plan, reviews[i]);
        if (entry != NULL && !plan_read_entry(&verifying->plan, entry, drop_bytes, NULL, &fault) &&
            !note_fault(verifying, &fault, err))
            return false;
    }
    for (size_t i = 0; i < array_length(schemas); i++) {
        cleanup(catalog_cleanup) struct catalog *catalog = NULL;
        if (!catalog_json_read(&verifying->plan, schemas[i], &catalog, &fault) && !note_fault(verifying, &fault, err))
            return false;
    }
    return true;
}

static bool verify_statements(struct verifying *verifying, struct error *err)
{
    for (size_t i = 0; i < verifying->plan.manifest->statement_count; i++) {
        cleanup(free_string) char *sql = NULL;
        struct error fault = {0};

        if (!load_statement_of_plan(&verifying->plan, i, &sql, &fault) && !note_fault(verifying, &fault, err))
            return false;
    }
    return true;
}

static bool verify_tables(struct verifying *verifying, struct error *err)
{
    for (size_t i = 0; i < verifying->plan.manifest->table_count; i++) {
        struct digest digest;
        struct error fault = {0};

        for (int kind = 0; kind < ROWS_KINDS; kind++) {
            struct rows_visit visit = {.plan = &verifying->plan,
                                       .table = &verifying->plan.manifest->tables[i],
                                       .kind = (enum rows_kind)kind,
                                       .verifying = verifying};
            if (!plan_visit_rows(&verifying->plan, i, visit.kind, verify_rows, &visit, err))
                return false;
        }
        if (plan_load_digest(&verifying->plan, i, &digest, &fault))
            digest_free(&digest);
        else if (!note_fault(verifying, &fault, err))
            return false;
    }
    return true;
}

static bool verify_structure(struct verifying *verifying, struct error *err)
{
    struct error fault = {0};

    if (!plan_check_size(&verifying->plan, &fault) && !note_fault(verifying, &fault, err))
        return false;
    for (size_t i = 0; i < verifying->plan.manifest->entry_count; i++) {
        verifying->raw_bytes += verifying->plan.manifest->entries[i].raw_size;
        if (!plan_check_entry(&verifying->plan, i, &fault) && !note_fault(verifying, &fault, err))
            return false;
    }
    return plan_check_trailer(&verifying->plan, &fault) || note_fault(verifying, &fault, err);
}

static void print_verified(const struct verifying *verifying, const char *path, FILE *out)
{
    const struct manifest *manifest = verifying->plan.manifest;
    char root[2 * SHA256_SIZE + 1], hash[2 * SHA256_SIZE + 1];

    sodium_bin2hex(root, sizeof root, manifest->content_root, SHA256_SIZE);
    sodium_bin2hex(hash, sizeof hash, verifying->plan.manifest_hash, SHA256_SIZE);
    print_escaped(out, path);
    fprintf(out, ": intact\n  plan           %s, made ", manifest->plan_id);
    print_escaped(out, manifest->created);
    fprintf(out,
            "\n  format         %d.%d\n  manifest       SHA-256 %s\n  content root   %s\n"
            "  entries        %zu, %" PRIu64 " bytes, %" PRIu64 " unpacked; every hash checked\n"
            "  statements     %zu\n  rows           %" PRIu64 " in %zu tables; counted\n  signatures     none\n",
            manifest->format_major, manifest->format_minor, hash, root, manifest->entry_count, verifying->plan.size,
            verifying->raw_bytes, manifest->statement_count, verifying->rows, manifest->table_count);
}

static bool verify_all(struct verifying *verifying, const char *path, FILE *out, struct error *err)
{
    if (!plan_open_unchecked(&verifying->plan, path, err))
        return error_context(err, "reading plan \"%s\"", path);
    if (!verify_structure(verifying, err))
        return false;
    /* What is damaged is not unpacked. */
    if (verifying->fault_count == 0 &&
        (!verify_other(verifying, err) || !verify_statements(verifying, err) || !verify_tables(verifying, err)))
        return false;
    if (verifying->fault_count == 0) {
        print_verified(verifying, path, out);
        return finish_output(out, err);
    }
    error_set(err, ERROR_ARCHIVE, "plan \"%s\" has %zu fault%s", path, verifying->fault_count,
              verifying->fault_count == 1 ? "" : "s");
    return error_detail(err, "%s%s", verifying->faults.data, verifying->fault_count > FAULTS_SHOWN ? "\nand more" : "");
}

bool plan_verify(const char *path, FILE *out, struct error *err)
{
    struct verifying verifying = {0};
    bool verified = verify_all(&verifying, path, out, err);

    plan_close(&verifying.plan);
    text_free(&verifying.faults);
    return verified;
}
