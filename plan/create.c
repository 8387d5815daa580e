/* The job of `pgsyncer-plan create`, from two snapshots to one plan file. */
#include "plan/create.h"

#include "common/catalog/compare.h"
#include "common/fingerprint.h"
#include "common/log.h"
#include "common/memory.h"
#include "format/entry_name.h"
#include "format/plan_writer.h"
#include "format/review.h"
#include "plan/both.h"
#include "plan/catalog_entries.h"
#include "plan/catalogs.h"
#include "plan/layouts.h"
#include "plan/preflight/preflight.h"
#include "plan/refresh.h"
#include "plan/renames/likeness.h"
#include "plan/rows/rows.h"
#include "plan/schema/schema_diff.h"
#include "plan/schema/versions.h"
#include "plan/stale_views.h"

#include <inttypes.h>
#include <sodium.h>

/* What one run holds on to; released in one place. */
struct job {
    struct database main, standin;
    struct catalogs catalogs; /* the stand-in's as it is once the renames are done */
    struct catalog *base;     /* as it is now; NULL where nothing is renamed */
    bool same_catalogs;       /* main's and the stand-in's */
    struct renames renames;
    struct schema_diff diff;
    struct plan_writer *writer;
    struct manifest *manifest;
    struct since since; /* with --use-updated-at */
    struct catalog_entries entries;
    char *output;
};

static void job_release(struct job *job)
{
    catalog_entries_release(&job->entries);
    plan_writer_free(job->writer);
    manifest_free(job->manifest);
    schema_diff_free(&job->diff);
    catalogs_free(&job->catalogs);
    catalog_free(job->base);
    renames_free(&job->renames);
    since_free(&job->since);
    database_close(&job->main);
    database_close(&job->standin);
    free(job->output);
}

/* Now, or SOURCE_DATE_EPOCH (reproducible-builds.org): one time for all that is written. */
static struct tm utc_time(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    time_t now = fixed != NULL ? (time_t)strtoll(fixed, NULL, 10) : time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    return utc;
}

/* The default name has the database's name in it, less what does not belong into a file name. */
static char *default_output(const char *dbname)
{
    struct tm utc = utc_time();
    char when[32];

    strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
    char *name = format_string("%s-%s.pgplan", dbname, when);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '/' || (unsigned char)*at < ' ')
            *at = '_';
    return name;
}

static void copy_identity(struct database_identity *to, const struct database_identity *from)
{
#define COPY(field) to->field = from->field != NULL ? copy_string(from->field) : NULL
    COPY(dbname);
    COPY(server_version);
    COPY(system_identifier);
    COPY(encoding);
    COPY(collate);
    COPY(ctype);
    COPY(collation_version);
    COPY(snapshot);
    COPY(lsn);
#undef COPY
    to->server_version_number = from->server_version_number;
}

static const char *const hash_names[] = {[HASH_AUTO] = "auto", [HASH_SERVER] = "server", [HASH_CLIENT] = "client"};

/* From 14 on, servers have a hash that costs less than to send the rows; what it takes before costs more
 * (docs/fingerprints.md). */
static void choose_algorithm(struct job *job, const struct create_options *options)
{
    bool in_sql = options->hash == HASH_SERVER || options->fdw_mode || options->use_updated_at;
    int main = job->main.identity.server_version_number, standin = job->standin.identity.server_version_number;
    enum fingerprint_algorithm algorithm = fingerprint_algorithm_of(main < standin ? main : standin);

    if (options->hash == HASH_CLIENT || (!in_sql && algorithm != FINGERPRINT_HASHES))
        algorithm = FINGERPRINT_COPY;
    job->manifest->fingerprint_algorithm = copy_string(fingerprint_algorithm_name(algorithm));
    log_notice("fingerprints of rows: %s (%s)",
               algorithm == FINGERPRINT_COPY ? "computed here" : "computed by the servers",
               job->manifest->fingerprint_algorithm);
}

static void copy_list(struct string_list *to, const struct option_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        string_list_add(to, from->items[i]);
}

static struct selection selection_of(const struct create_options *options)
{
    return (struct selection){.schemas = options->schemas.items,
                              .schema_count = options->schemas.count,
                              .tables = options->tables.items,
                              .table_count = options->tables.count,
                              .excluded = options->excluded_tables.items,
                              .excluded_count = options->excluded_tables.count};
}

static void describe(struct job *job, const struct create_options *options)
{
    struct manifest *manifest = job->manifest;
    unsigned char id[16];
    char hex[2 * sizeof id + 1], when[32];
    struct tm utc = utc_time();

    manifest->format_major = FORMAT_MAJOR;
    manifest->format_minor = FORMAT_MINOR;
    randombytes_buf(id, sizeof id);
    manifest->plan_id = copy_string(sodium_bin2hex(hex, sizeof hex, id, sizeof id));
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    manifest->created = copy_string(when);
    manifest->tool = copy_string("pgsyncer-plan " PGSYNCER_VERSION);
    copy_identity(&manifest->main, &job->main.identity);
    copy_identity(&manifest->standin, &job->standin.identity);
    manifest->standin_source = copy_string("live");
    manifest->options.hash = copy_string(hash_names[options->hash]);
    choose_algorithm(job, options);
    manifest->options.sync_schema = options->sync_schema;
    manifest->options.sync_data = options->sync_data;
    manifest->options.clean_extra = options->clean_extra;
    manifest->options.delete_rows = options->delete_rows;
    manifest->options.before_images = options->before_images;
    manifest->options.fdw_mode = options->fdw_mode;
    manifest->options.owners = options->owners;
    manifest->options.privileges = options->privileges;
    manifest->options.comments = options->comments;
    manifest->options.large_objects = options->large_objects;
    manifest->options.chunk_size = options->chunk_size;
    copy_list(&manifest->options.schemas, &options->schemas);
    copy_list(&manifest->options.tables, &options->tables);
    copy_list(&manifest->options.excluded_tables, &options->excluded_tables);
}

/* A mistyped DSN would else be an empty plan. A server's start in microseconds tells it from its copies and standbys.
 */
static bool refuse_same_database(struct job *job, struct error *err)
{
    static const char sql[] = "SELECT pg_catalog.concat(pg_catalog.pg_postmaster_start_time(), ' ', d.oid)"
                              " FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database()";
    cleanup(free_string) char *main = NULL, *standin = NULL;

    if (!connection_value(&job->main.connections[0], sql, 0, NULL, &main, err) ||
        !connection_value(&job->standin.connections[0], sql, 0, NULL, &standin, err))
        return false;
    if (strcmp(main, standin) != 0)
        return true;
    error_set(err, ERROR_REFUSED, "main and stand-in are the same database");
    error_detail(err, "Both are database \"%s\" of one server.", job->main.identity.dbname);
    return error_hint(err, "Check --maindsn and --standindsn.");
}

struct opening_side {
    struct database *database;
    const char *name, *dsn;
    size_t connections;
};

static bool open_side(void *context, struct error *err)
{
    const struct opening_side *side = context;

    return database_open(side->database, side->name, side->dsn, side->connections, err);
}

static bool open_databases(struct job *job, const struct create_options *options, struct progress *progress,
                           struct error *err)
{
    struct opening_side of_main = {&job->main, "main", options->main_dsn, options->workers};
    struct opening_side of_standin = {&job->standin, "stand-in", options->standin_dsn, options->workers};

    progress_phase(progress, "connect", 0);
    if (!run_both(open_side, &of_main, &of_standin, err) || !refuse_same_database(job, err))
        return false;
    const struct database_identity *main = &job->main.identity, *standin = &job->standin.identity;
    if (strcmp(main->encoding, standin->encoding) != 0)
        return error_set(err, ERROR_REFUSED, "the databases have different encodings"),
               error_detail(err, "main: %s, stand-in: %s", main->encoding, standin->encoding),
               error_hint(err, "Create the stand-in with ENCODING '%s'.", main->encoding);
    return true;
}

static bool rename_in(const struct job *job, const struct catalog *main, struct catalog **standin,
                      struct catalog **before, struct error *err)
{
    struct catalog *renamed;

    if (!renames_rewrite(&job->renames, main, *standin, &renamed, err))
        return false;
    *before = *standin;
    *standin = renamed;
    return true;
}

static bool rename_objects(struct job *job, const struct create_options *options, struct error *err)
{
    struct catalogs *catalogs = &job->catalogs;
    cleanup(catalog_cleanup) struct catalog *dump_before = NULL;

    if (options->renames.count == 0)
        return true;
    if (!renames_resolve(options->renames.items, options->renames.count, catalogs->main, catalogs->standin,
                         &job->renames, err))
        return false;
    for (size_t i = 0; i < job->renames.pair_count; i++)
        string_list_add(&job->manifest->options.renames, job->renames.pairs[i]);
    return rename_in(job, catalogs->main, &catalogs->standin, &job->base, err) &&
           (catalogs->standin_dump == NULL ||
            rename_in(job, catalogs->main_dump, &catalogs->standin_dump, &dump_before, err));
}

static bool adapt_versions(struct job *job, struct error *err)
{
    if (!job->same_catalogs)
        versions_adapt(job->catalogs.main, job->catalogs.standin);
    if (job->catalogs.main_dump != NULL)
        versions_adapt(job->catalogs.main_dump, job->catalogs.standin_dump);
    return versions_check(job->catalogs.main, job->catalogs.standin->server_version, err);
}

/* Main's catalog does not change any more then. */
static bool settle_catalogs(struct job *job, const struct create_options *options, struct error *err)
{
    job->same_catalogs = catalog_equal(job->catalogs.main, job->catalogs.standin);
    if (options->sync_schema && !adapt_versions(job, err))
        return false;
    catalog_entries_write_main(&job->entries, job->catalogs.main, job->same_catalogs && job->base == NULL);
    return true;
}

static bool read_catalogs(struct job *job, const struct create_options *options, struct progress *progress,
                          struct error *err)
{
    const struct catalog_options what = {
        .selection = selection_of(options),
        .owners = options->owners,
        .privileges = options->privileges,
        .comments = options->comments,
        .large_objects = options->large_objects,
    };

    progress_phase(progress, "read schemas", 0);
    return selection_check(&job->main, &job->standin, &what.selection, err) &&
           catalogs_read(&job->main, &job->standin, &what,
                         options->schema_source == SCHEMA_SOURCE_PGDUMP ? options->pgdump : NULL, options->sync_data,
                         &job->entries, &job->catalogs, err) &&
           rename_objects(job, options, err) && settle_catalogs(job, options, err);
}

static void warn(struct job *job, const char *warning)
{
    log_warning("%s", warning);
    string_list_add(&job->manifest->warnings, warning);
}

static void warn_all(struct job *job, const struct string_list *warnings)
{
    for (size_t i = 0; i < warnings->count; i++)
        warn(job, warnings->items[i]);
}

/* Apply proves its work by the system catalogs: where pg_dump says something else, one should know. */
static void warn_of_disagreement(struct job *job, const char *side, const struct catalog *catalog,
                                 const struct catalog *dump)
{
    enum { SHOWN = 5 };
    cleanup(text_free) struct text lines = {0};

    if (dump == NULL)
        return;
    size_t count = catalog_compare(catalog, dump, false, SHOWN, &lines);
    if (count == 0)
        return;
    cleanup(free_string) char *warning =
        format_string("%s: pg_dump and the system catalogs differ in %zu place(s), such as:\n%.*s", side, count,
                      (int)lines.length - 1, lines.data);
    warn(job, warning);
}

static void add_warnings(struct job *job)
{
    const struct catalog *catalogs[] = {job->catalogs.main, job->catalogs.standin};
    const char *const sides[] = {"main", "stand-in"};

    for (size_t side = 0; side < array_length(catalogs); side++)
        for (size_t i = 0; i < catalogs[side]->warning_count; i++) {
            cleanup(free_string) char *warning = format_string("%s: %s", sides[side], catalogs[side]->warnings[i]);
            warn(job, warning);
        }
    cleanup(string_list_free) struct string_list warnings = {0};
    if (job->manifest->options.sync_data)
        warn_of_partitions(job->catalogs.main, &warnings);
    warn_all(job, &warnings);
    warn_of_disagreement(job, "main", job->catalogs.main, job->catalogs.main_dump);
    warn_of_disagreement(job, "stand-in", job->catalogs.standin, job->catalogs.standin_dump);
    for (size_t i = 0; i < job->diff.warning_count; i++)
        warn(job, job->diff.warnings[i]);
}

/* Those of the diff that the manifest does not have yet. */
static bool add_statements(struct job *job, struct error *err)
{
    struct manifest *manifest = job->manifest;
    size_t known = manifest->statement_count, count = job->diff.statement_count;

    manifest->statements = reallocate(manifest->statements, count, sizeof *manifest->statements);
    for (size_t i = known; i < count; i++) {
        const struct schema_statement *from = &job->diff.statements[i];
        struct plan_statement *to = &manifest->statements[manifest->statement_count++];

        *to = (struct plan_statement){.id = i + 1};
        to->phase = from->phase;
        to->action = from->action;
        to->class = copy_string(class_name(from->class));
        to->object = copy_string(from->object);
        to->entry = entry_name_statement(to->id);
        for (size_t j = 0; j < from->risk_count; j++)
            string_list_add(&to->risks, from->risks[j]);
        if (!plan_writer_add(job->writer, to->entry, from->sql, strlen(from->sql), 0, err))
            return false;
    }
    return true;
}

static bool is_superuser(const struct connection *connection)
{
    const char *value = PQparameterStatus(connection->pg, "is_superuser");

    return value != NULL && strcmp(value, "on") == 0;
}

static struct preflight preflight_of(struct job *job, const struct create_options *options)
{
    return (struct preflight){.main = &job->main,
                              .standin = &job->standin,
                              .main_catalog = job->catalogs.main,
                              .standin_catalog = job->catalogs.standin,
                              .diff = &job->diff,
                              .renames = &job->renames,
                              .rows_follow = options->sync_data,
                              .all_rows = options->sync_data && !options->use_updated_at,
                              .delete_rows = options->delete_rows};
}

/* Made again for as long as a cast that it relies on fails for rows of the stand-in. */
static bool make_diff(struct job *job, const struct create_options *options, struct error *err)
{
    cleanup(map_free) struct map failed_casts = {0};
    const struct preflight preflight = preflight_of(job, options);
    const struct schema_diff_options how = {.same = job->same_catalogs && job->catalogs.main_dump == NULL,
                                            .clean_extra = options->clean_extra,
                                            .rows_follow = options->sync_data,
                                            .rows_stay = !options->delete_rows,
                                            .superuser = is_superuser(&job->standin.connections[0]),
                                            .failed_casts = &failed_casts,
                                            .privileges = options->privileges};
    const struct catalog *main = job->catalogs.main_dump != NULL ? job->catalogs.main_dump : job->catalogs.main;
    const struct catalog *standin =
        job->catalogs.standin_dump != NULL ? job->catalogs.standin_dump : job->catalogs.standin;

    for (bool again = true; again;) {
        if (!schema_diff(main, standin, &how, &job->diff, err) ||
            !preflight_casts(&preflight, &failed_casts, &again, err))
            return false;
        if (again)
            schema_diff_free(&job->diff);
    }
    renames_add_statements(&job->renames, &job->diff);
    return true;
}

static bool compare_schemas(struct job *job, const struct create_options *options, struct progress *progress,
                            struct error *err)
{
    progress_phase(progress, "compare schemas", 0);
    if (options->sync_schema && !make_diff(job, options, err))
        return false;
    job->manifest->objects.create = job->diff.objects_created;
    job->manifest->objects.alter = job->diff.objects_altered;
    job->manifest->objects.drop = job->diff.objects_dropped;
    add_warnings(job);
    return add_statements(job, err);
}

static bool suggest_renames(struct job *job, struct error *err)
{
    const struct likeness likeness = {.main = &job->main,
                                      .standin = &job->standin,
                                      .main_catalog = job->catalogs.main,
                                      .standin_catalog = job->catalogs.standin,
                                      .renames = &job->renames};
    cleanup(string_list_free) struct string_list warnings = {0};

    if (!likeness_find(&likeness, &warnings, err))
        return false;
    warn_all(job, &warnings);
    return true;
}

/* What applying the plan will need and meet. */
static bool look_ahead(struct job *job, const struct create_options *options, struct progress *progress,
                       struct error *err)
{
    const struct preflight preflight = preflight_of(job, options);
    cleanup(string_list_free) struct string_list warnings = {0};

    if (!options->sync_schema)
        return true;
    progress_phase(progress, "preflight", 0);
    bool statements = job->diff.statement_count > 0; /* what stays as it is may be in the way of main's rows */
    if ((statements && !preflight_needs(&preflight, &warnings, err)) ||
        !preflight_rows(&preflight, job->manifest, &warnings, err))
        return false;
    warn_all(job, &warnings);
    return !statements || suggest_renames(job, err);
}

/* The time is echoed with its zone: a plan with another one than was meant leaves rows out. */
static bool read_since(struct job *job, const struct create_options *options, struct error *err)
{
    struct since *since = &job->since;

    if (options->last_sync_time == NULL) {
        warn(job, "--use-updated-at without --last-sync-time: all rows are compared");
        return true;
    }
    if (!since_read(&job->main.connections[0], options->updated_at_column, options->last_sync_time, since, err))
        return false;
    log_notice("comparing rows of main whose %s is %s (%s) or later, and the keys of all", since->column, since->shown,
               since->time_zone);
    job->manifest->options.updated_at_column = copy_string(since->column);
    job->manifest->options.last_sync_time = copy_string(since->shown);
    job->manifest->options.time_zone = copy_string(since->time_zone);
    return true;
}

static bool compare_rows(struct job *job, const struct create_options *options, struct progress *progress,
                         struct error *err)
{
    const struct rows_options how = {
        .chunk_size = options->chunk_size,
        .delete_rows = options->delete_rows,
        .before_images = options->before_images,
        .fdw_mode = options->fdw_mode,
        .large_objects = options->large_objects,
        .since = job->since.moment != NULL ? &job->since : NULL,
        .full_fingerprints = options->full_fingerprints,
    };

    if (!options->sync_data)
        return true;
    progress_phase(progress, "compare rows", 0);
    if (!options->sync_schema && !layouts_settle(&job->main, &job->standin, &job->catalogs, err))
        return false;
    struct table_list *lists[] = {&job->catalogs.main_tables, &job->catalogs.standin_tables};
    const struct preflight preflight = preflight_of(job, options);
    return rows_compare(&job->main, &job->standin, lists, &job->diff, &job->renames, &how, job->writer, job->manifest,
                        progress, err) &&
           preflight_inserts(&preflight, job->manifest, err);
}

static bool any_changes(const struct manifest *manifest)
{
    if (manifest->statement_count > 0 || manifest->sequence_count > 0)
        return true;
    for (size_t i = 0; i < manifest->table_count; i++)
        if (manifest->tables[i].inserts + manifest->tables[i].updates + manifest->tables[i].deletes > 0)
            return true;
    return false;
}

/* Which rows change is known now, and what materialized views hold can be read. */
static bool refresh_views(struct job *job, const struct create_options *options, struct error *err)
{
    const struct preflight preflight = preflight_of(job, options);
    size_t known = job->diff.statement_count;
    const struct catalog *main = job->catalogs.main, *standin = job->catalogs.standin;
    cleanup(string_list_free) struct string_list warnings = {0};
    bool *settled = allocate(main->count, sizeof *settled), *stale = allocate(main->count, sizeof *stale);

    mark_refreshes(main, standin, job->manifest, &job->diff, settled);
    bool changes = any_changes(job->manifest);
    bool found = !options->sync_data ||
                 stale_views_find(&job->main, &job->standin, main, standin, changes, settled, stale, &warnings, err);
    if (found)
        add_refreshes(main, standin, job->manifest, stale, &job->diff);
    found = found && warn_of_unreadable(&job->main.connections[0], &job->diff, &warnings, err);
    free(settled);
    free(stale);
    if (!found)
        return false;
    warn_all(job, &warnings);
    return add_statements(job, err) && preflight_touched(&preflight, job->manifest, known, err);
}

/* What reviewers can read with stock tools alone. */
static bool add_review(struct job *job, struct error *err)
{
    const char **sql = allocate(job->diff.statement_count, sizeof *sql);

    for (size_t i = 0; i < job->diff.statement_count; i++)
        sql[i] = job->diff.statements[i].sql;
    bool added = review_write(job->manifest, sql, job->writer, err);
    free(sql);
    return added;
}

/* The last line: a promise to scripts (docs/cli.md). */
static void print_result(const struct job *job, uint64_t size, FILE *out)
{
    uint64_t inserts = 0, updates = 0, deletes = 0, destructive = 0;
    const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double shown = (double)size;
    size_t unit = 0;

    for (size_t i = 0; i < job->manifest->table_count; i++) {
        inserts += job->manifest->tables[i].inserts;
        updates += job->manifest->tables[i].updates;
        deletes += job->manifest->tables[i].deletes;
    }
    for (size_t i = 0; i < job->manifest->statement_count; i++) {
        const struct string_list *risks = &job->manifest->statements[i].risks;
        for (size_t j = 0; j < risks->count; j++)
            destructive += strcmp(risks->items[j], "destructive") == 0;
    }
    for (; shown >= 1024 && unit + 1 < array_length(units); unit++)
        shown /= 1024;
    fprintf(out,
            "Plan: %zu objects to create, %zu to alter, %zu to drop; rows +%" PRIu64 " ~%" PRIu64 " -%" PRIu64
            "; %" PRIu64 " destructive step%s; %.*f %s in %s\n",
            job->diff.objects_created, job->diff.objects_altered, job->diff.objects_dropped, inserts, updates, deletes,
            destructive, destructive == 1 ? "" : "s", unit > 0 ? 1 : 0, shown, units[unit], job->output);
}

static bool run(struct job *job, const struct create_options *options, struct progress *progress, struct error *err)
{
    uint64_t size;

    if (!open_databases(job, options, progress, err))
        return false;
    job->output = options->output != NULL ? copy_string(options->output) : default_output(job->main.identity.dbname);
    if (!plan_writer_open(&job->writer, job->output, options->force, err))
        return false;
    job->manifest = manifest_new();
    describe(job, options);
    if (options->use_updated_at && !read_since(job, options, err))
        return false;
    if (!catalog_entries_open(&job->entries, job->writer, err) || !read_catalogs(job, options, progress, err) ||
        !compare_schemas(job, options, progress, err) || !look_ahead(job, options, progress, err) ||
        !compare_rows(job, options, progress, err) || !refresh_views(job, options, err))
        return false;
    progress_phase(progress, "write", 0);
    if (!catalog_entries_finish(&job->entries, err) || !add_review(job, err) ||
        !plan_writer_finish(job->writer, job->manifest, &size, err))
        return false;
    progress_end(progress);
    print_result(job, size, strcmp(job->output, "-") == 0 ? stderr : stdout);
    return true;
}

bool plan_create(const struct create_options *options, struct progress *progress, bool *changes, struct error *err)
{
    struct job job = {0};
    bool done = run(&job, options, progress, err);

    if (done)
        *changes = any_changes(job.manifest);
    job_release(&job);
    return done;
}
