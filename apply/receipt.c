/* What was applied and proved: as JSON to carry back, as the journal's row, and as the last line of output. */
#include "apply/receipt.h"

#include "common/escape.h"
#include "common/memory.h"
#include "common/text.h"
#include "format/journal_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <unistd.h>

static const char tool[] = "pgsyncer-apply " PGSYNCER_VERSION;

struct totals {
    uint64_t inserted, updated, deleted;
};

static struct totals add_up(const struct apply_job *job)
{
    struct totals totals = {0};

    for (size_t i = 0; i < job->plan.manifest->table_count; i++) {
        totals.inserted += job->tables[i].inserted;
        totals.updated += job->tables[i].updated;
        totals.deleted += job->tables[i].deleted;
    }
    return totals;
}

static void put_string(json_t *object, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_object_set_new(object, name, json_string(value));
}

static void put_count(json_t *object, const char *name, uint64_t value)
{
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void put_content_root(json_t *object, const struct manifest *manifest)
{
    char hex[2 * SHA256_SIZE + 1];

    sodium_bin2hex(hex, sizeof hex, manifest->content_root, SHA256_SIZE);
    put_string(object, "content_root", hex);
}

json_t *receipt_journal_row(const struct apply_job *job)
{
    struct totals totals = add_up(job);
    json_t *row = journal_entry(job->plan.manifest, job->options->verify, tool);

    put_count(row, "rows_inserted", totals.inserted);
    put_count(row, "rows_updated", totals.updated);
    put_count(row, "rows_deleted", totals.deleted);
    json_object_set_new(row, "standin", journal_identity(&job->standin));
    return row;
}

static json_t *describe_table(const struct plan_table *table, const struct table_result *done)
{
    json_t *object = json_object();

    put_string(object, "schema", table->shape.schema);
    put_string(object, "name", table->shape.name);
    put_count(object, "insert", done->inserted);
    put_count(object, "update", done->updated);
    put_count(object, "delete", done->deleted);
    json_object_set_new(object, "proved", json_boolean(done->proved));
    put_count(object, "slices", done->slices);
    json_object_set_new(object, "seconds", json_real(done->seconds));
    return object;
}

static json_t *describe(const struct apply_job *job)
{
    const struct manifest *manifest = job->plan.manifest;
    json_t *receipt = json_object(), *proof = json_object(), *tables = json_array(), *phases = json_array(),
           *locks = json_array(), *format = json_object();
    struct totals totals = add_up(job);
    char now[32];
    time_t seconds = time(NULL);
    struct tm utc;

    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    put_count(format, "major", FORMAT_MAJOR);
    put_count(format, "minor", FORMAT_MINOR);
    json_object_set_new(receipt, "format", format);
    put_string(receipt, "outcome",
               job->incomplete         ? "dry run, incomplete, rolled back"
               : job->options->dry_run ? "dry run, rolled back"
                                       : "applied");
    put_string(receipt, "finished", now);
    put_string(receipt, "tool", tool);
    put_string(receipt, "plan_id", manifest->plan_id);
    put_content_root(receipt, manifest);
    put_string(receipt, "transaction_id", job->transaction_id);
    json_object_set_new(receipt, "main", journal_identity(&manifest->main));
    json_object_set_new(receipt, "standin", journal_identity(&job->standin));
    json_object_set_new(receipt, "counts",
                        json_pack("{s{sIsIsI}s{sIsIsI}sI}", "objects", "create", (json_int_t)manifest->objects.create,
                                  "alter", (json_int_t)manifest->objects.alter, "drop",
                                  (json_int_t)manifest->objects.drop, "rows", "insert", (json_int_t)totals.inserted,
                                  "update", (json_int_t)totals.updated, "delete", (json_int_t)totals.deleted,
                                  "sequences", (json_int_t)job->sequences_set));
    put_string(proof, "scope", verify_scope_name(job->options->verify));
    json_object_set_new(proof, "schema", json_boolean(job->schema_proved));
    put_count(proof, "tables", job->tables_proved);
    put_count(proof, "slices", job->slices_proved);
    json_object_set_new(receipt, "proof", proof);
    for (size_t i = 0; i < manifest->table_count; i++)
        if (table_is_touched(&manifest->tables[i]) || job->tables[i].proved)
            json_array_append_new(tables, describe_table(&manifest->tables[i], &job->tables[i]));
    json_object_set_new(receipt, "tables", tables);
    for (unsigned i = 0; i < progress_phases(job->progress); i++) {
        const char *name;
        double spent = progress_phase_seconds(job->progress, i, &name);
        json_array_append_new(phases, json_pack("{sssf}", "name", name, "seconds", spent));
    }
    json_object_set_new(receipt, "phases", phases);
    for (size_t i = 0; i < job->locks.count; i++)
        json_array_append_new(locks, json_string(job->locks.items[i]));
    json_object_set_new(receipt, "locks", locks);
    put_count(receipt, "wal_bytes", job->wal_bytes);
    return receipt;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

bool receipt_check(const struct apply_options *options, struct error *err)
{
    if (options->receipt_path == NULL)
        return true;

    cleanup(free_string) char *partial = format_string("%s.partial", options->receipt_path);
    int descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return error_set(err, ERROR_USAGE, "cannot write the receipt %s: %s", options->receipt_path, strerror(errno));
    close(descriptor);
    unlink(partial);
    return true;
}

bool receipt_write(const struct apply_job *job, struct error *err)
{
    const char *path = job->options->receipt_path;

    if (path == NULL)
        return true;

    cleanup(json_release) json_t *receipt = describe(job);
    cleanup(free_string) char *text = json_dumps(receipt, JSON_INDENT(2) | JSON_SORT_KEYS);
    cleanup(free_string) char *partial = format_string("%s.partial", path);
    int descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool written = descriptor >= 0 && write_all(descriptor, text, strlen(text)) && write_all(descriptor, "\n", 1) &&
                   fsync(descriptor) == 0;
    int cause = errno;

    if (descriptor >= 0 && close(descriptor) != 0 && written) {
        written = false;
        cause = errno;
    }
    if (written && rename(partial, path) == 0)
        return true;
    if (written)
        cause = errno;
    if (descriptor >= 0)
        unlink(partial);
    return error_set(err, ERROR_INTERNAL, "cannot write the receipt %s: %s", path, strerror(cause));
}

static void append_plural(struct text *line, uint64_t count, const char *noun)
{
    text_appendf(line, "%" PRIu64 " %s%s", count, noun, count == 1 ? "" : "s");
}

static void append_proof(struct text *line, const struct apply_job *job)
{
    if (job->incomplete) {
        text_append(line, "not proved (incomplete)");
        return;
    }
    if (job->options->verify == VERIFY_NONE) {
        text_append(line, "not proved (--verify=none)");
        return;
    }
    text_append(line, "proved ");
    append_plural(line, job->tables_proved, "table");
    text_append(line, " (");
    append_plural(line, job->slices_proved, "slice");
    text_append(line, ") equal to main");
}

void receipt_print(const struct apply_job *job, FILE *out)
{
    const struct manifest *manifest = job->plan.manifest;
    struct totals totals = add_up(job);
    cleanup(text_free) struct text line = {0};

    if (job->options->dry_run) {
        for (size_t i = 0; i < job->locks.count; i++) {
            text_clear(&line);
            escape_line(&line, job->locks.items[i]);
            fprintf(out, "lock: %s\n", line.data);
        }
        fprintf(out, "write-ahead log: %" PRIu64 " bytes\n", job->wal_bytes);
        for (unsigned i = 0; i < progress_phases(job->progress); i++) {
            const char *name;
            double spent = progress_phase_seconds(job->progress, i, &name);
            fprintf(out, "time: %s %.3f s\n", name, spent);
        }
        text_clear(&line);
    }
    text_append(&line, job->options->dry_run ? "Dry run, rolled back: " : "Applied: ");
    append_plural(&line, manifest->objects.create, "object");
    text_appendf(&line,
                 " created, %" PRIu64 " altered, %" PRIu64 " dropped; rows +%" PRIu64 " ~%" PRIu64 " -%" PRIu64 "; ",
                 manifest->objects.alter, manifest->objects.drop, totals.inserted, totals.updated, totals.deleted);
    append_proof(&line, job);
    fprintf(out, "%s in %.1f s\n", line.data, seconds_now() - job->started);
}
