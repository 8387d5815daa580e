/* pgsyncer-plan: the command line. */
#include "common/memory.h"
#include "common/pattern.h"
#include "format/show_command.h"
#include "plan/create.h"
#include "plan/renames/renames.h"

static const char usage[] = "  pgsyncer-plan [create] --maindsn DSN --standindsn DSN [-o FILE] [options]\n"
                            "  pgsyncer-plan show [--sql | --json] FILE\n"
                            "  pgsyncer-plan verify FILE\n";

static const char *const hash_modes[] = {"auto", "server", "client", NULL}; /* as enum hash_mode */
static const char *const schema_sources[] = {"catalog", "pgdump", NULL};    /* as enum schema_source */

static bool check_tables(const char *option, const struct option_list *patterns, struct error *err)
{
    for (size_t i = 0; i < patterns->count; i++) {
        cleanup(free_string) char *schema = NULL, *name = NULL;
        if (!pattern_split(patterns->items[i], &schema, &name, err))
            return error_context(err, "reading %s", option);
    }
    return true;
}

static bool check(const struct create_options *create, struct error *err)
{
    if (create->main_dsn == NULL || create->standin_dsn == NULL) {
        bool main = create->main_dsn == NULL;
        error_set(err, ERROR_USAGE, "which database is %s?", main ? "main" : "the stand-in");
        return error_hint(err, "Give %s, or set %s.", main ? "--maindsn" : "--standindsn",
                          main ? "MAIN_DSN" : "STANDIN_DSN");
    }
    if (!create->sync_schema && !create->sync_data)
        return error_set(err, ERROR_USAGE, "--no-sync-schema and --no-sync-data together leave nothing to do");
    if (create->large_objects && !create->sync_data)
        return error_set(err, ERROR_USAGE, "--large-objects are data, which --no-sync-data leaves as they are");
    if (create->large_objects && !create->delete_rows)
        return error_set(err, ERROR_USAGE,
                         "--large-objects and --no-delete-rows do not go together: what a large object "
                         "no longer holds must go");
    if (create->fdw_mode && !create->sync_data)
        return error_set(err, ERROR_USAGE, "--fdw-mode is about rows, which --no-sync-data leaves out");
    if (create->fdw_mode && create->large_objects)
        return error_set(err, ERROR_USAGE,
                         "--fdw-mode and --large-objects do not go together: postgres_fdw reads tables");
    for (size_t i = 0; i < create->schemas.count; i++) {
        cleanup(free_string) char *regex =
            NULL; /* the servers are asked with one of their own: here it is only tried */
        if (!pattern_to_regex(create->schemas.items[i], &regex, err))
            return error_context(err, "reading --schema");
    }
    if (!check_tables("--table", &create->tables, err) ||
        !check_tables("--exclude-table", &create->excluded_tables, err))
        return false;
    if (create->use_updated_at && !create->sync_data)
        return error_set(err, ERROR_USAGE, "--use-updated-at is about rows, which --no-sync-data leaves out");
    if (create->hash == HASH_CLIENT && (create->fdw_mode || create->use_updated_at)) {
        error_set(err, ERROR_USAGE, "--hash=client and %s do not go together",
                  create->fdw_mode ? "--fdw-mode" : "--use-updated-at");
        error_detail(err, create->fdw_mode ? "Rows that the stand-in's server fetches do not come here."
                                           : "Rows that are not newer do not come here.");
        return error_hint(err, "Leave --hash=client out: the servers compute the fingerprints then.");
    }
    if (create->renames.count > 0 && !create->sync_schema)
        return error_set(err, ERROR_USAGE, "--rename renames in the schema, which --no-sync-schema leaves as it is");
    for (size_t i = 0; i < create->renames.count; i++)
        if (!rename_check(create->renames.items[i], err))
            return false;
    return true;
}

/* Options that would do nothing are mistakes. */
static bool check_updated_at(const struct create_options *create, bool column_given, struct error *err)
{
    if (create->use_updated_at || (create->last_sync_time == NULL && !column_given && create->full_fingerprints))
        return true;
    error_set(err, ERROR_USAGE, "--%s goes with --use-updated-at",
              create->last_sync_time != NULL ? "last-sync-time"
              : column_given                 ? "updated-at-column"
                                             : "no-full-fingerprints");
    return error_hint(err, "Give --use-updated-at to compare newer rows only.");
}

static bool run(const struct create_options *create, enum progress_mode mode, bool *changes, struct error *err)
{
    struct progress *progress = progress_new(mode);
    bool done = plan_create(create, progress, changes, err);

    progress_free(progress);
    return done;
}

static bool create_command(const struct command_words *words, int *status, struct error *err)
{
    struct program_options common = {0};
    bool detailed = false, changes = false, column_given = false, done;
    struct create_options create = {
        .sync_schema = true,
        .sync_data = true,
        .delete_rows = true,
        .before_images = true,
        .owners = true,
        .privileges = true,
        .comments = true,
        .pgdump = "pg_dump",
        .updated_at_column = "updated_at",
        .full_fingerprints = true,
        .chunk_size = 10000,
        .workers = 4,
    };
    const struct option options[] = {
        {OPTION_GROUP, .name = "Databases"},
        {OPTION_STRING, .name = "maindsn", .argument = "DSN", .environment = "MAIN_DSN", .target = &create.main_dsn,
         .help = "main, as a libpq URI or conninfo string; may be a hot standby"},
        {OPTION_STRING, .name = "standindsn", .argument = "DSN", .environment = "STANDIN_DSN",
         .target = &create.standin_dsn, .help = "the stand-in; it is only read"},
        {OPTION_NUMBER, .name = "workers", .argument = "N", .shown_default = "4", .target = &create.workers,
         .minimum = 1, .maximum = 64, .help = "connections per database"},
        {OPTION_GROUP, .name = "Plan file"},
        {OPTION_STRING, .name = "output", .letter = 'o', .argument = "FILE", .shown_default = "DB-UTCTIME.pgplan",
         .target = &create.output, .help = "the plan file; - is standard output"},
        {OPTION_BOOL, .name = "force", .target = &create.force, .shown_default = "false",
         .help = "replace a file that exists"},
        {OPTION_BOOL, .name = "detailed-exitcode", .target = &detailed, .shown_default = "false",
         .help = "exit with 2 where there is something to apply"},
        {OPTION_GROUP, .name = "What is synchronised"},
        {OPTION_LIST, .name = "schema", .argument = "PATTERN", .shown_default = "public", .target = &create.schemas,
         .help = "schemas, by a pattern as psql has them; repeatable; '*' is every user schema"},
        {OPTION_LIST, .name = "table", .argument = "PATTERN", .target = &create.tables,
         .help = "only these tables ([schema.]name, as pg_dump's -t): nothing but them and what belongs to them; "
                 "repeatable"},
        {OPTION_LIST, .name = "exclude-table", .argument = "PATTERN", .target = &create.excluded_tables,
         .help = "not these tables, as pg_dump's -T; repeatable"},
        {OPTION_BOOL, .name = "sync-schema", .target = &create.sync_schema, .shown_default = "true",
         .help = "DDL; --no-sync-schema leaves it out"},
        {OPTION_BOOL, .name = "sync-data", .target = &create.sync_data, .shown_default = "true",
         .help = "rows; --no-sync-data leaves them out"},
        {OPTION_BOOL, .name = "clean-extra", .target = &create.clean_extra, .shown_default = "false",
         .help = "drop objects that main lacks"},
        {OPTION_LIST, .name = "rename", .argument = "OLD=NEW", .target = &create.renames,
         .help = "a table or column ([schema.]table[.column]) that was renamed, not dropped and added; repeatable"},
        {OPTION_BOOL, .name = "no-delete-rows", .target = &create.delete_rows, .shown_default = "false",
         .help = "keep rows that main lacks; they are deleted otherwise"},
        {OPTION_BOOL, .name = "no-owner", .target = &create.owners, .shown_default = "false",
         .help = "leave owners as they are"},
        {OPTION_BOOL, .name = "no-privileges", .target = &create.privileges, .shown_default = "false",
         .help = "leave privileges (GRANT, REVOKE) as they are"},
        {OPTION_BOOL, .name = "no-comments", .target = &create.comments, .shown_default = "false",
         .help = "leave comments as they are"},
        {OPTION_BOOL, .name = "large-objects", .target = &create.large_objects, .shown_default = "false",
         .help = "large objects too, with owners, privileges and comments"},
        {OPTION_CHOICE, .name = "schema-source", .argument = "WAY", .shown_default = "catalog",
         .target = &create.schema_source, .choices = schema_sources,
         .help = "where definitions are read: catalog, the system catalogs; pgdump, what pg_dump writes"},
        {OPTION_STRING, .name = "pgdump", .argument = "PATH", .shown_default = "pg_dump", .target = &create.pgdump,
         .help = "the program for --schema-source=pgdump; as new as the servers"},
        {OPTION_GROUP, .name = "Rows"},
        {OPTION_NUMBER, .name = "chunk-size", .argument = "N", .shown_default = "10000", .target = &create.chunk_size,
         .minimum = 1, .maximum = 100000000, .help = "rows per chunk"},
        {OPTION_CHOICE, .name = "hash", .argument = "MODE", .shown_default = "auto", .target = &create.hash,
         .choices = hash_modes,
         .help = "who computes fingerprints of rows: server, in SQL; client, from the rows, which all come here; auto"},
        {OPTION_BOOL, .name = "before-images", .target = &create.before_images, .shown_default = "true",
         .help = "keep the old rows in the plan: for the review, and to see rows that changed since"},
        {OPTION_BOOL, .name = "use-updated-at", .target = &create.use_updated_at, .shown_default = "false",
         .help = "compare only rows that main changed since --last-sync-time, and the keys of all; tables without the "
                 "column are compared in full"},
        {OPTION_STRING, .name = "updated-at-column", .argument = "NAME", .shown_default = "updated_at",
         .target = &create.updated_at_column, .given = &column_given,
         .help = "the column that says when a row changed"},
        {OPTION_STRING, .name = "last-sync-time", .argument = "TIME", .target = &create.last_sync_time,
         .help = "for --use-updated-at: any timestamptz text; without a zone, in the time zone of main's session; "
                 "without it, all rows are compared"},
        {OPTION_BOOL, .name = "full-fingerprints", .target = &create.full_fingerprints, .shown_default = "true",
         .help = "with --use-updated-at: read main's tables once all the same, so that apply --verify=full can prove "
                 "all of their rows"},
        {OPTION_BOOL, .name = "fdw-mode", .target = &create.fdw_mode, .shown_default = "false",
         .help = "keep main's rows out of the plan, which then names them; apply fetches them through postgres_fdw"},
        PROGRAM_OPTIONS(common),
        PROGRESS_OPTION(common),
    };
    const struct command_line line = {
        .program = words->program,
        .usage = usage,
        .description = "Compares two databases and writes a plan file that brings the stand-in to the state of main. "
                       "It reads; it never writes to either database. pgsyncer-plan COMMAND --help shows a command's "
                       "options; those of create are:",
        .options = options,
        .option_count = array_length(options),
    };

    option_list_add(&create.schemas, "public");
    bool good = program_parse(&line, words, &common, NULL, &done, err) &&
                (done || (check_updated_at(&create, column_given, err) && check(&create, err) &&
                          run(&create, (enum progress_mode)common.progress, &changes, err)));
    option_list_free(&create.schemas);
    option_list_free(&create.tables);
    option_list_free(&create.excluded_tables);
    option_list_free(&create.renames);
    if (!good)
        return false;
    if (detailed && changes)
        *status = error_exit_status(ERROR_CHANGES_PRESENT);
    return true;
}

int main(int argc, char **argv)
{
    static const struct command commands[] = {
        {"create", create_command},
        {"show", show_command},
        {"verify", verify_command},
    };

    return program_run(commands, array_length(commands), false, argc, argv);
}
