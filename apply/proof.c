/* The proof that ends the transaction: fingerprints of the stand-in's rows, computed anew, against main's. */
#include "apply/proof.h"

#include "apply/large_objects.h"
#include "apply/statements.h"
#include "common/fingerprint.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/streamed_row.h"
#include "common/text.h"
#include "format/sql.h"

#include <inttypes.h>

enum { FAILURES_KEPT = 20 };

struct scanned_slice {
    uint64_t number;
    struct fingerprint fingerprint;
};

struct scan {
    struct scanned_slice *slices; /* by number */
    size_t count;
};

static void scan_free(struct scan *scan)
{
    free(scan->slices);
}

static int compare_slices(const void *a, const void *b)
{
    uint64_t x = ((const struct scanned_slice *)a)->number, y = ((const struct scanned_slice *)b)->number;

    return (x > y) - (x < y);
}

/* A slice without rows is in no result: it has the fingerprint of nothing. */
static struct fingerprint scanned(const struct scan *scan, uint64_t number)
{
    const struct scanned_slice wanted = {.number = number}, *found = NULL;

    if (scan->count > 0)
        found = bsearch(&wanted, scan->slices, scan->count, sizeof wanted, compare_slices);
    return found != NULL ? found->fingerprint : (struct fingerprint){0};
}

/* The sums of rows that are fingerprinted here, of all slices of the chunking. */
struct streamed_scan {
    struct row_reader *reader;
    struct fingerprint *sums;
};

static bool add_row(void *context, const char *line, size_t length, struct error *err)
{
    const struct streamed_scan *streamed = context;
    struct streamed_row row;

    if (!row_reader_take(streamed->reader, line, length, &row, err))
        return false;
    streamed->sums[row.slice].rows++;
    streamed->sums[row.slice].sum += row.fingerprint;
    return true;
}

/* COPY takes no parameters: the bounds, where the source needs them, are in a setting of the transaction. */
static bool stream_rows(struct apply_job *job, const struct plan_table *table, const char *source,
                        const struct chunking *chunking, struct streamed_scan *streamed, struct error *err)
{
    cleanup(free_string) char *bounds = fingerprint_bounds(chunking);
    cleanup(text_free) struct text sql = {0}, with = {0};
    const char *const parameters[] = {bounds};

    if (source != NULL) {
        text_appendf(&with,
                     "WITH pgsyncer_bounds AS (SELECT pg_catalog.current_setting('pgsyncer.bounds')::%s[] AS bounds) ",
                     table->shape.columns[chunking->column].type);
        if (!connection_query(&job->connection, "SELECT pg_catalog.set_config('pgsyncer.bounds', $1, true)", 1,
                              parameters, NULL, err))
            return false;
    }
    streamed_copy(&sql, &table->shape, NULL, source, with.data, NULL, false);
    return connection_copy_rows(&job->connection, sql.data, add_row, streamed, err);
}

static bool scan_streamed(struct apply_job *job, const struct plan_table *table, const struct chunking *chunking,
                          const char *source, struct scan *scan, struct error *err)
{
    cleanup(row_reader_cleanup) struct row_reader *reader = NULL;
    size_t count = chunking->slice_count;

    if (!row_reader_new(&table->shape, chunking, false, &reader, err))
        return false;
    struct streamed_scan streamed = {.reader = reader, .sums = allocate(count, sizeof *streamed.sums)};
    bool good = stream_rows(job, table, source, chunking, &streamed, err);
    scan->slices = allocate(good ? count : 1, sizeof *scan->slices);
    for (size_t i = 0; good && i < count; i++)
        if (streamed.sums[i].rows > 0)
            scan->slices[scan->count++] = (struct scanned_slice){.number = i, .fingerprint = streamed.sums[i]};
    free(streamed.sums);
    return good || error_context(err, "fingerprints of %s.%s", table->shape.schema, table->shape.name);
}

/* `source`: slices_source()'s, or NULL for the whole table. */
static bool scan_table(struct apply_job *job, const struct plan_table *table, const struct chunking *chunking,
                       const char *source, struct scan *scan, struct error *err)
{
    if (table->shape.algorithm == FINGERPRINT_COPY)
        return scan_streamed(job, table, chunking, source, scan, err);

    /* slices_source() reads them, too. */
    bool takes_bounds = source != NULL || fingerprint_scan_takes_bounds(&table->shape, chunking);
    cleanup(free_string) char *bounds = takes_bounds ? fingerprint_bounds(chunking) : NULL;
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;
    const char *const parameters[] = {bounds};

    fingerprint_scan(&sql, &table->shape, chunking, NULL, source, NULL);
    if (!connection_query(&job->connection, sql.data, bounds != NULL, parameters, &result, err))
        return error_context(err, "fingerprints of %s.%s", table->shape.schema, table->shape.name);
    scan->count = (size_t)PQntuples(result);
    scan->slices = allocate(scan->count, sizeof *scan->slices);
    for (size_t i = 0; i < scan->count; i++) {
        int row = (int)i;

        scan->slices[i].number = strtoull(PQgetvalue(result, row, 0), NULL, 10);
        scan->slices[i].fingerprint.rows = strtoull(PQgetvalue(result, row, 1), NULL, 10);
        scan->slices[i].fingerprint.sum = fingerprint_sum(PQgetvalue(result, row, 2));
    }
    qsort(scan->slices, scan->count, sizeof *scan->slices, compare_slices);
    return true;
}

static bool same(struct fingerprint a, struct fingerprint b)
{
    return a.rows == b.rows && a.sum == b.sum;
}

/* `slice 3 (id from 17 to before 23)`, or the number alone where slices are no ranges. */
static void append_place(struct text *line, const struct plan_table *table, const struct proof_failure *failure)
{
    const struct chunking *chunking = &table->chunking;
    uint64_t slice = failure->slice;

    if (failure->whole) {
        text_append(line, "all rows");
        return;
    }
    text_appendf(line, "slice %" PRIu64, slice);
    if (chunking->way != CHUNK_BY_RANGE || chunking->bounds == NULL || slice >= chunking->slice_count)
        return;
    text_appendf(line, " (%s", table->shape.columns[chunking->column].name);
    if (slice > 0)
        text_appendf(line, " from %s", chunking->bounds[slice - 1]);
    if (slice + 1 < chunking->slice_count)
        text_appendf(line, " to before %s", chunking->bounds[slice]);
    text_append(line, ")");
}

static void add_failure(struct proof_failures *failures, struct text *lines, const struct plan_table *table,
                        const struct proof_failure *failure, struct fingerprint main, struct fingerprint found)
{
    if (failures->count >= FAILURES_KEPT)
        return;
    array_reserve((void **)&failures->items, &failures->capacity, failures->count + 1, sizeof *failures->items);
    failures->items[failures->count++] = *failure;
    text_appendf(lines, "%s%s.%s, ", lines->length > 0 ? "\n" : "", table->shape.schema, table->shape.name);
    append_place(lines, table, failure);
    text_appendf(lines,
                 ": main has %" PRIu64 " rows with the fingerprint %016" PRIx64 ", the stand-in %" PRIu64
                 " with %016" PRIx64,
                 main.rows, main.sum, found.rows, found.sum);
}

/* All rows together: what there is to compare where the plan has no slices of the table. */
static bool prove_whole(struct apply_job *job, size_t number, const struct digest *digest,
                        struct proof_failures *failures, struct text *lines, struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    struct fingerprint expected = slices_whole(job->plan.manifest, table, digest);
    cleanup(scan_free) struct scan scan = {0};

    if (!scan_table(job, table, &slices_one, NULL, &scan, err))
        return false;
    job->tables[number].slices = 1;
    if (!same(scanned(&scan, 0), expected)) {
        const struct proof_failure failure = {number, 0, true, table->base};
        add_failure(failures, lines, table, &failure, expected, scanned(&scan, 0));
    }
    return true;
}

static bool scan_ranges(struct apply_job *job, const struct plan_table *table, const char *source, struct scan *scan,
                        struct error *err)
{
    return connection_run(&job->connection, slices_by_ranges, err) &&
           scan_table(job, table, &table->chunking, source, scan, err) &&
           connection_run(&job->connection, slices_by_any_way, err);
}

static bool ranges_pay(struct apply_job *job, const struct plan_table *table, size_t range_count, bool *pay,
                       struct error *err)
{
    cleanup(free_string) char *answer = NULL, *count = format_string("%zu", range_count);
    cleanup(text_free) struct text name = {0};

    quote_qualified(&name, table->shape.schema, table->shape.name);
    const char *const parameters[] = {name.data, table->shape.columns[table->chunking.column].name, count};
    if (!connection_value(&job->connection, sql_ranges_pay, 3, parameters, &answer, err))
        return false;
    *pay = strcmp(answer, "t") == 0;
    return true;
}

static bool prove_touched(struct apply_job *job, size_t number, const struct digest *digest,
                          struct proof_failures *failures, struct text *lines, struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    size_t range_count = 0;
    cleanup(free_string) char *source = slices_source(table, digest, &range_count);
    cleanup(scan_free) struct scan scan = {0};
    bool by_ranges = false;

    if (source != NULL && !ranges_pay(job, table, range_count, &by_ranges, err))
        return false;
    if (!(by_ranges ? scan_ranges(job, table, source, &scan, err)
                    : scan_table(job, table, &table->chunking, NULL, &scan, err)))
        return false;
    job->tables[number].slices = digest->touched_count;
    for (size_t i = 0; i < digest->touched_count; i++) {
        const struct digest_slice *slice = &digest->touched[i];
        const struct proof_failure failure = {number, slice->number, false, slice->base};

        if (!same(scanned(&scan, slice->number), slice->main))
            add_failure(failures, lines, table, &failure, slice->main, scanned(&scan, slice->number));
    }
    return true;
}

static bool prove_table(struct apply_job *job, size_t number, struct proof_failures *failures, struct text *lines,
                        struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    size_t failed_before = failures->count;
    struct digest digest = {0};
    bool scanned_it;

    if (!plan_load_digest(&job->plan, number, &digest, err))
        return false;
    if (table_is_touched(table) && digest.touched_count > 0 && job->options->verify == VERIFY_TOUCHED)
        scanned_it = prove_touched(job, number, &digest, failures, lines, err);
    else
        scanned_it = prove_whole(job, number, &digest, failures, lines, err);
    /* A whole that differs is narrowed to its slices, where the plan knows some. */
    if (scanned_it && failures->count > failed_before && job->options->verify == VERIFY_FULL &&
        digest.touched_count > 0)
        scanned_it = prove_touched(job, number, &digest, failures, lines, err);
    digest_free(&digest);
    if (!scanned_it)
        return false;
    job->tables[number].proved = failures->count == failed_before;
    if (job->tables[number].proved) {
        job->tables_proved++;
        job->slices_proved += job->tables[number].slices;
    }
    return true;
}

/* Rows that changed without a new timestamp are not the plan's to see. */
static bool only_newer_rows_failed(const struct apply_job *job, const struct proof_failures *failures)
{
    for (size_t i = 0; i < failures->count; i++)
        if (!failures->items[i].whole ||
            job->plan.manifest->tables[failures->items[i].table].strategy != STRATEGY_UPDATED_AT)
            return false;
    return true;
}

bool proof_is_possible(const struct apply_job *job, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;
    cleanup(text_free) struct text tables = {0};

    for (size_t i = 0; i < manifest->table_count && job->options->verify == VERIFY_FULL; i++)
        if (manifest->tables[i].main_partly) {
            text_append(&tables, tables.length > 0 ? "\n" : "");
            quote_qualified(&tables, manifest->tables[i].shape.schema, manifest->tables[i].shape.name);
        }
    if (tables.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "--verify=full: the plan does not say what all rows of some tables must be");
    error_detail(err, "%s", tables.data);
    return error_hint(err, "It was made with --no-full-fingerprints, or with --no-delete-rows from newer rows only. "
                           "Nothing was changed.");
}

static bool one_has_generated_columns(const struct apply_job *job, const struct proof_failures *failures)
{
    for (size_t i = 0; i < failures->count; i++) {
        const struct table_shape *shape = &job->plan.manifest->tables[failures->items[i].table].shape;

        for (size_t j = 0; j < shape->column_count; j++)
            if (shape->columns[j].generated)
                return true;
    }
    return false;
}

static bool fail(const struct apply_job *job, const struct proof_failures *failures, const struct text *lines,
                 struct error *err)
{
    error_set(err, ERROR_VERIFICATION, "the rows would not be equal to main's");
    error_detail(err, "%s", lines->data);
    return error_hint(err,
                      only_newer_rows_failed(job, failures)
                          ? "Nothing was changed. The plan looked at newer rows only (--use-updated-at): rows have "
                            "changed without it. Make a plan that compares them all."
                      : one_has_generated_columns(job, failures)
                          ? "Nothing was changed. Values of generated columns are computed by the stand-in: where its "
                            "locale, or what their functions read, is not main's, they can be others."
                          : "Nothing was changed.");
}

bool proof_of_rows(struct apply_job *job, struct proof_failures *failures, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;
    cleanup(text_free) struct text lines = {0};

    if (job->options->verify == VERIFY_NONE)
        return true;
    progress_phase(job->progress, "proof", manifest->table_count);
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];

        if (table->strategy == STRATEGY_SKIP || (job->options->verify == VERIFY_TOUCHED && !table_is_touched(table)))
            continue;
        if (!prove_table(job, i, failures, &lines, err))
            return false;
        progress_step(job->progress, table->shape.name, 1);
    }
    return failures->count == 0 || fail(job, failures, &lines, err);
}

static struct digest_slice find_slice(const struct digest *digest, uint64_t number)
{
    for (size_t i = 0; i < digest->touched_count; i++)
        if (digest->touched[i].number == number)
            return digest->touched[i];
    return (struct digest_slice){.number = number};
}

bool proof_adopt(struct apply_job *job, const struct proof_differences *differences, struct proof_failures *failures,
                 struct error *err)
{
    cleanup(text_free) struct text lines = {0};

    error_clear(err);
    for (size_t i = 0; i < differences->count; i++) {
        const struct proof_difference *difference = &differences->items[i];
        const struct plan_table *table = &job->plan.manifest->tables[difference->table];
        struct digest digest = {0};

        if (!plan_load_digest(&job->plan, difference->table, &digest, err))
            return false;
        struct digest_slice slice = find_slice(&digest, difference->slice);
        struct fingerprint whole = slices_whole(job->plan.manifest, table, &digest);
        const struct proof_failure failure = {difference->table, difference->slice, difference->whole,
                                              difference->whole ? table->base : slice.base};
        add_failure(failures, &lines, table, &failure, difference->whole ? whole : slice.main, difference->found);
        digest_free(&digest);
    }
    (void)fail(job, failures, &lines, err);
    return true;
}

/* Chunks and slices are both by number. */
static void compare_chunks(struct apply_job *job, const struct plan_table *table, const struct digest *digest,
                           const struct scan *scan)
{
    const struct chunking *chunking = &table->chunking;
    size_t chunk_count = (chunking->slice_count - 1) / chunking->slices_per_chunk + 1;

    for (size_t number = 0, known = 0, slice = 0; number < chunk_count; number++) {
        struct fingerprint planned = {0}, found = {0};
        const struct proof_failure place = {.slice = number * chunking->slices_per_chunk, .whole = chunk_count == 1};
        cleanup(text_free) struct text line = {0};

        if (known < digest->chunk_count && digest->chunks[known].number == number)
            planned = digest->chunks[known++].main;
        for (; slice < scan->count && scan->slices[slice].number / chunking->slices_per_chunk == number; slice++) {
            found.rows += scan->slices[slice].fingerprint.rows;
            found.sum += scan->slices[slice].fingerprint.sum;
        }
        if (same(planned, found))
            continue;
        append_place(&line, table, &place);
        job_note_moved(job, "%s.%s, chunk %zu (%s%s): the plan saw %" PRIu64 " rows, main has %" PRIu64 "%s",
                       table->shape.schema, table->shape.name, number, place.whole ? "" : "from ", line.data,
                       planned.rows, found.rows, planned.rows == found.rows ? ", not the same" : "");
    }
}

bool proof_of_copy(struct apply_job *job, size_t number, struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    cleanup(scan_free) struct scan scan = {0};
    struct digest digest = {0};

    if (!plan_load_digest(&job->plan, number, &digest, err))
        return false;
    bool scanned_it = scan_table(job, table, &table->chunking, NULL, &scan, err);
    if (scanned_it)
        compare_chunks(job, table, &digest, &scan);
    digest_free(&digest);
    return scanned_it;
}

/* The state that the plan found, in terms of the rows as they are once the pre-data statements have run. */
static bool find_drift(struct apply_job *job, const struct proof_failures *failures, struct text *lines,
                       struct error *err)
{
    if (!connection_run(&job->connection, "BEGIN ISOLATION LEVEL REPEATABLE READ", err) ||
        !large_objects_begin(job, err) || !statements_run(job, PHASE_PRE_DATA, err))
        return false;
    for (size_t i = 0; i < failures->count; i++) {
        const struct proof_failure *failure = &failures->items[i];
        const struct plan_table *table = &job->plan.manifest->tables[failure->table];
        cleanup(scan_free) struct scan scan = {0};

        if ((failure->whole && table->base_partly) || table->emptied)
            continue; /* the plan does not know what the rest was, or what CREATE EXTENSION makes */
        if (!scan_table(job, table, failure->whole ? &slices_one : &table->chunking, NULL, &scan, err))
            return false;
        if (same(scanned(&scan, failure->slice), failure->base))
            continue;
        text_appendf(lines, "%s%s.%s, ", lines->length > 0 ? "\n" : "", table->shape.schema, table->shape.name);
        append_place(lines, table, failure);
    }
    return true;
}

void proof_explain(struct apply_job *job, const struct proof_failures *failures, struct error *err)
{
    cleanup(error_clear) struct error failure = {0};
    cleanup(text_free) struct text lines = {0};

    if (PQtransactionStatus(job->connection.pg) != PQTRANS_IDLE &&
        !connection_run(&job->connection, "ROLLBACK", &failure))
        return;
    if (!find_drift(job, failures, &lines, &failure))
        log_debug("looking for the reason: %s", failure.message);
    if (PQtransactionStatus(job->connection.pg) != PQTRANS_IDLE && failure.code != ERROR_INTERRUPTED) {
        cleanup(error_clear) struct error end = {0};
        if (!connection_run(&job->connection, "ROLLBACK", &end))
            log_debug("rolling back: %s", end.message);
    }
    if (lines.length == 0)
        return;
    error_clear(err);
    error_set(err, ERROR_BASE_STATE, "rows of the stand-in have changed since the plan was made");
    error_detail(err, "%s", lines.data);
    error_hint(err, "Nothing was changed. Make a new plan from the stand-in as it is now.");
}
