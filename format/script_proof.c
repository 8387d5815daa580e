/* The proof of the rows in the script for psql: fingerprints, computed anew, against main's; as in apply/proof.c. */
#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"
#include "format/script_parts.h"
#include "format/sql.h"
#include "format/touched.h"

#include <inttypes.h>

enum { FAILURES_SHOWN = 20 };

/* The sum of signed numbers, modulo 2^64. */
static const char sum_of_rows[] =
    "mod(mod(coalesce(f.sum, 0), 18446744073709551616) + 18446744073709551616, 18446744073709551616)";

static void begin_body(struct text *body)
{
    text_append(body, "DECLARE\n    found record; failed boolean := false; by_ranges boolean; query text;\nBEGIN\n");
}

/* A difference is said, and kept until all tables are through. `where` is SQL. */
static void append_failure(struct text *body, const struct plan_table *table, size_t number, const char *kind,
                           const char *where, const char *expected_rows)
{
    cleanup(free_string) char *words = format_string("differs %zu %s", number + 1, kind);
    cleanup(text_free) struct text name = {0};

    quote_qualified(&name, table->shape.schema, table->shape.name);
    text_append(body, "    failed := true;\n    ");
    script_info(body, words, "concat_ws(' ', found.number, found.rows, found.sum)");
    text_appendf(body,
                 "    PERFORM set_config('pgsyncer.failures', concat_ws(E'\\n', "
                 "nullif(current_setting('pgsyncer.failures'), ''), format('%%s, %%s: main has %%s rows, the stand-in "
                 "%%s%%s', ");
    quote_literal(body, name.data);
    text_appendf(body,
                 ", %s, %s, found.rows, CASE WHEN found.rows = %s THEN ', with other contents' ELSE '' END)), true);\n",
                 where, expected_rows, expected_rows);
}

static void append_whole(struct text *body, const struct plan_table *table, size_t number, struct fingerprint expected)
{
    cleanup(text_free) struct text query = {0};
    cleanup(free_string) char *rows = format_string("%" PRIu64, expected.rows);

    text_appendf(&query, "SELECT 0 AS number, coalesce(f.rows, 0) AS rows, %s AS sum\nFROM (SELECT) AS o LEFT JOIN (",
                 sum_of_rows);
    fingerprint_scan(&query, &table->shape, &slices_one, NULL, NULL, NULL);
    text_append(&query, ") AS f(slice, rows, sum) ON true");
    text_append(body, "EXECUTE ");
    script_quote(body, query.data);
    text_appendf(body, " INTO found;\nIF found.rows <> %s OR found.sum <> %" PRIu64 " THEN\n", rows, expected.sum);
    append_failure(body, table, number, "whole", "'all rows'", rows);
    text_append(body, "END IF;\n");
}

/* Puts into `query` what finds the slices that differ, of the table or, in its place, of a source. */
static void append_query(struct text *body, const struct plan_table *table, const char *source)
{
    cleanup(text_free) struct text query = {0};

    text_appendf(&query,
                 "SELECT s.number, coalesce(f.rows, 0) AS rows, %s AS sum, s.rows AS expected\n"
                 "FROM pg_temp.pgsyncer_slices AS s LEFT JOIN (",
                 sum_of_rows);
    fingerprint_scan(&query, &table->shape, &table->chunking, NULL, source, NULL);
    text_appendf(&query,
                 ") AS f(slice, rows, sum) ON f.slice = s.number\n"
                 "WHERE coalesce(f.rows, 0) <> s.rows OR %s <> s.sum ORDER BY s.number LIMIT %d",
                 sum_of_rows, FAILURES_SHOWN);
    text_append(body, "    query := ");
    script_quote(body, query.data);
    text_append(body, ";\n");
}

/* By ranges where that pays, as in apply. */
static void append_ranges(struct text *body, const struct plan_table *table, const char *source, size_t range_count)
{
    cleanup(text_free) struct text name = {0};

    quote_qualified(&name, table->shape.schema, table->shape.name);
    text_append(body, "EXECUTE ");
    script_quote(body, sql_ranges_pay);
    text_append(body, " INTO by_ranges USING ");
    quote_literal(body, name.data);
    text_append(body, ", ");
    quote_literal(body, table->shape.columns[table->chunking.column].name);
    text_appendf(body, ", %zu;\nIF by_ranges THEN\n    %s\n", range_count, slices_by_ranges);
    append_query(body, table, source);
    text_append(body, "END IF;\n");
}

static void append_slices(struct text *body, const struct plan_table *table, size_t number, const struct digest *digest)
{
    const struct chunking *chunking = &table->chunking;
    bool by_range = chunking->way == CHUNK_BY_RANGE && chunking->slice_count > 1;
    size_t range_count = 0;
    cleanup(free_string) char *source = slices_source(table, digest, &range_count);

    append_query(body, table, NULL);
    if (source != NULL)
        append_ranges(body, table, source, range_count);
    text_append(body, "FOR found IN EXECUTE query");
    if (by_range)
        text_appendf(body, " USING (SELECT array_agg(b.bound::%s ORDER BY b.number) FROM pg_temp.pgsyncer_bounds AS b)",
                     table->shape.columns[chunking->column].type);
    text_append(body, " LOOP\n");
    append_failure(body, table, number, "slice",
                   by_range ? "concat('slice ', found.number, (SELECT ' from ' || b.bound FROM pg_temp.pgsyncer_bounds "
                              "AS b WHERE b.number = found.number), (SELECT ' to before ' || b.bound FROM "
                              "pg_temp.pgsyncer_bounds AS b WHERE b.number = found.number + 1))"
                            : "concat('slice ', found.number)",
                   "found.expected");
    text_append(body, "END LOOP;\n");
    if (source != NULL)
        text_appendf(body, "%s\n", slices_by_any_way);
}

static bool print_slices(const struct plan_table *table, const struct digest *digest, FILE *out, struct error *err)
{
    const struct chunking *chunking = &table->chunking;
    bool by_range = chunking->way == CHUNK_BY_RANGE && chunking->slice_count > 1;

    fputs("CREATE TEMPORARY TABLE pgsyncer_slices (number bigint, rows numeric, sum numeric) ON COMMIT DROP;\n"
          "COPY pg_temp.pgsyncer_slices FROM STDIN;\n",
          out);
    for (size_t i = 0; i < digest->touched_count; i++)
        fprintf(out, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", digest->touched[i].number, digest->touched[i].main.rows,
                digest->touched[i].main.sum);
    fputs("\\.\nANALYZE pg_temp.pgsyncer_slices;\n", out);
    if (!by_range)
        return true;
    fputs("CREATE TEMPORARY TABLE pgsyncer_bounds (number bigint, bound text) ON COMMIT DROP;\n"
          "COPY pg_temp.pgsyncer_bounds FROM STDIN;\n",
          out);
    for (size_t i = 0; i + 1 < chunking->slice_count; i++) {
        fprintf(out, "%zu\t", i + 1);
        if (!script_copy_value(out, chunking->bounds[i], err))
            return false;
        fputc('\n', out);
    }
    fputs("\\.\n", out);
    return true;
}

static bool print_table(const struct plan *plan, size_t number, const struct digest *digest, enum verify_scope verify,
                        FILE *out, struct error *err)
{
    const struct plan_table *table = &plan->manifest->tables[number];
    struct fingerprint whole = slices_whole(plan->manifest, table, digest);
    bool has_slices = table_is_touched(table) && digest->touched_count > 0;
    bool by_slices = has_slices && verify == VERIFY_TOUCHED;
    cleanup(text_free) struct text body = {0};
    cleanup(free_string) char *words = format_string("proved %zu", number + 1);

    script_comment(out, "Proof of %s.%s", table->shape.schema, table->shape.name);
    if (has_slices && !print_slices(table, digest, out, err))
        return false;
    begin_body(&body);
    if (!by_slices)
        append_whole(&body, table, number, whole);
    /* A whole that differs is narrowed to its slices, where the plan knows some. */
    if (has_slices && !by_slices)
        text_append(&body, "IF failed THEN\n");
    if (has_slices)
        append_slices(&body, table, number, digest);
    if (has_slices && !by_slices)
        text_append(&body, "END IF;\n");
    text_append(&body, "IF NOT failed THEN ");
    cleanup(free_string) char *slices = format_string("'%zu'", by_slices ? digest->touched_count : (size_t)1);
    script_info(&body, words, slices);
    text_append(&body, "END IF;\nEND");
    script_block(out, body.data);
    if (has_slices)
        fprintf(out, "DROP TABLE pg_temp.pgsyncer_slices%s;\n",
                table->chunking.way == CHUNK_BY_RANGE && table->chunking.slice_count > 1 ? ", pg_temp.pgsyncer_bounds"
                                                                                         : "");
    return true;
}

bool script_proof(const struct plan *plan, enum verify_scope verify, FILE *out, struct error *err)
{
    if (verify == VERIFY_NONE)
        return true;
    fprintf(out, "\n%s%s", sql_script_silent, sql_script_lift);
    for (size_t i = 0; i < plan->manifest->table_count; i++) {
        const struct plan_table *table = &plan->manifest->tables[i];
        struct digest digest = {0};

        if (table->strategy == STRATEGY_SKIP || (verify == VERIFY_TOUCHED && !table_is_touched(table)))
            continue;
        if (!plan_load_digest(plan, i, &digest, err))
            return false;
        bool printed = print_table(plan, i, &digest, verify, out, err);
        digest_free(&digest);
        if (!printed)
            return false;
    }
    fprintf(out, "\n%s%s%s", sql_script_proved, sql_script_restore, sql_script_aloud);
    return true;
}
