/* Everything that would keep the plan from being applied, found before anything is changed and told at once. */
#include "apply/preflight.h"

#include "apply/base_state.h"
#include "apply/foreign_server.h"
#include "apply/journal.h"
#include "apply/main_database.h"
#include "apply/silence.h"
#include "apply/sql.h"
#include "common/fingerprint.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/missing.h"
#include "common/quote.h"
#include "common/text.h"
#include "format/json.h"
#include "format/needs.h"
#include "format/sql.h"
#include "format/touched.h"

struct findings {
    struct text lines;
    size_t count;
    enum error_code code; /* of the error that they become */
};

static void add_finding(struct findings *findings, enum error_code code, const char *line)
{
    if (findings->lines.length > 0)
        text_append(&findings->lines, "\n");
    text_append(&findings->lines, line);
    findings->count++;
    if (findings->code == ERROR_NONE || code == ERROR_BASE_STATE)
        findings->code = code;
}

/* What the queries of format/sql find in settings. */
static bool tell_queries(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *unchecked = unchecked_describe(job->main);
    const char *const parameters[] = {job->may_replicate ? "true" : "false", unchecked};

    return connection_query(&job->connection,
                            "SELECT pg_catalog.set_config('pgsyncer.replica', $1, false),"
                            " pg_catalog.set_config('pgsyncer.unchecked', $2, false)",
                            2, parameters, NULL, err);
}

static bool find_replication_privilege(struct apply_job *job, struct error *err)
{
    const char *query = job->connection.server_version >= 150000 ? sql_may_replicate : sql_may_replicate_14;
    cleanup(free_string) char *may = NULL;

    if (!connection_value(&job->connection, query, 0, NULL, &may, err))
        return false;
    job->may_replicate = may != NULL && strcmp(may, "t") == 0;
    return tell_queries(job, err);
}

/* What the statements need by name. Without a schema to change there is nothing. */
static bool find_missing(struct apply_job *job, struct findings *findings, struct error *err)
{
    cleanup(text_free) struct text lines = {0}, doubts = {0};
    size_t count = 0;

    if (!job->plan.manifest->options.sync_schema)
        return true;
    cleanup(free_string) char *needs = needs_describe(job->main, job->base);
    if (!missing_find(&job->connection, needs, &lines, &count, &doubts, err))
        return false;
    if (doubts.length > 0)
        log_warning("%s", doubts.data);
    if (count == 0)
        return true;
    add_finding(findings, ERROR_CONNECTION, lines.data);
    findings->count += count - 1;
    return true;
}

/* A set of names as a JSON array; `seen` only knows what it holds already. */
static void add_name(json_t *names, struct map *seen, const char *name)
{
    static char marker;

    if (name != NULL && map_add(seen, name, &marker))
        json_array_append_new(names, json_string(name));
}

/* The owner of an object, or of what it belongs to. */
static const char *owner_of(const struct object *object)
{
    for (; object != NULL; object = object->parent) {
        const char *owner = object_field(object, "owner");
        if (owner != NULL)
            return owner;
    }
    return NULL;
}

/* Does the plan change who may do what in the schema? Then what the role may do now says nothing. */
static bool grants_on_schema(const struct manifest *manifest, const struct object *schema)
{
    for (size_t i = 0; schema != NULL && i < manifest->statement_count; i++) {
        const struct plan_statement *statement = &manifest->statements[i];

        if (strcmp(statement->class, class_name(CLASS_SCHEMA)) == 0 && strcmp(statement->object, schema->identity) == 0)
            return true;
        if (strcmp(statement->class, class_name(CLASS_GRANT)) == 0 && strncmp(statement->object, "schema ", 7) == 0 &&
            strncmp(statement->object + 7, schema->identity, strlen(schema->identity)) == 0)
            return true;
    }
    return false;
}

static const struct object *schema_of(const struct catalog *catalog, const struct object *object)
{
    cleanup(text_free) struct text identity = {0};

    quote_identifier(&identity, object->schema);
    return catalog_find(catalog, CLASS_SCHEMA, identity.data);
}

/* The privileges that statements take, as sets of names. */
struct demands {
    json_t *owners, *new_owners, *schemas, *tablespaces, *languages, *extensions;
    struct map owners_seen, new_owners_seen, schemas_seen, tablespaces_seen, languages_seen, extensions_seen;
    bool database;
};

static void demand_for_created(struct demands *demands, const struct apply_job *job, const struct object *object)
{
    if (object->class == CLASS_EXTENSION)
        add_name(demands->extensions, &demands->extensions_seen, object->name);
    if (object->class == CLASS_SCHEMA || object->class == CLASS_PUBLICATION)
        demands->database = true;
    if (object->schema != NULL && (object->parent == NULL || object->class == CLASS_INDEX) &&
        !grants_on_schema(job->plan.manifest, schema_of(job->main, object)))
        add_name(demands->schemas, &demands->schemas_seen, object->schema);
}

static void demand_for_statement(struct demands *demands, const struct apply_job *job,
                                 const struct plan_statement *statement)
{
    enum object_class class;

    if (!class_from_name(statement->class, &class))
        return;
    const struct object *object = catalog_find(job->main, class, statement->object);
    const struct object *old = catalog_find(job->base, class, statement->object);
    add_name(demands->owners, &demands->owners_seen, owner_of(old));
    if (object == NULL || statement->action == ACTION_DROP)
        return;
    const char *owner = object_field(object, "owner"), *old_owner = old != NULL ? object_field(old, "owner") : NULL;
    if (owner != NULL && (old_owner == NULL || strcmp(owner, old_owner) != 0))
        add_name(demands->new_owners, &demands->new_owners_seen, owner);
    add_name(demands->tablespaces, &demands->tablespaces_seen, object_field(object, "tablespace"));
    add_name(demands->tablespaces, &demands->tablespaces_seen, object_field(object, "index_tablespace"));
    if (class == CLASS_FUNCTION || class == CLASS_PROCEDURE)
        add_name(demands->languages, &demands->languages_seen, object_field(object, "language"));
    if (statement->action == ACTION_CREATE)
        demand_for_created(demands, job, object);
}

/* What problems.sql asks about: privileges that statements, sequences and the journal take. */
static json_t *describe_demands(const struct apply_job *job)
{
    const struct manifest *manifest = job->plan.manifest;
    struct demands demands = {json_array(), json_array(), json_array(), json_array(), json_array(), json_array(), {0},
                              {0},          {0},          {0},          {0},          {0},          false};
    json_t *sequences = json_array();

    for (size_t i = 0; i < manifest->statement_count; i++)
        demand_for_statement(&demands, job, &manifest->statements[i]);
    for (size_t i = 0; i < manifest->sequence_count; i++)
        json_array_append_new(sequences, json_pack("{ssss}", "schema", manifest->sequences[i].schema, "name",
                                                   manifest->sequences[i].name));
    map_free(&demands.owners_seen);
    map_free(&demands.new_owners_seen);
    map_free(&demands.schemas_seen);
    map_free(&demands.tablespaces_seen);
    map_free(&demands.languages_seen);
    map_free(&demands.extensions_seen);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b}", "owners", demands.owners, "new_owners",
                     demands.new_owners, "schemas", demands.schemas, "tablespaces", demands.tablespaces, "languages",
                     demands.languages, "extensions", demands.extensions, "sequences", sequences, "database",
                     demands.database, "journal", job->options->journal && !job->options->dry_run, "replica",
                     job->may_replicate);
}

static bool find_problems(struct apply_job *job, struct findings *findings, struct error *err)
{
    cleanup(json_release) json_t *demands = describe_demands(job);
    cleanup(result_clear) PGresult *result = NULL;
    size_t length;
    cleanup(free_string) char *text = json_print(demands, &length);
    const char *const parameters[] = {job->base_touched, text};

    if (!connection_query(&job->connection, sql_problems, 2, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        add_finding(findings, ERROR_CONNECTION, PQgetvalue(result, i, 0));
    return true;
}

/* What of the stand-in's triggers, rules and constraints the role cannot keep silent, or cannot check instead. */
static bool find_obstacles(struct apply_job *job, struct findings *findings, struct error *err)
{
    const char *const parameters[] = {job->base_touched};
    cleanup(string_list_free) struct string_list locked = {0}, problems = {0}, refusals = {0};
    cleanup(result_clear) PGresult *neighbours = NULL;

    if (!silence_foresee(job, &locked, &problems, &refusals, err) ||
        (job->may_replicate && !connection_query(&job->connection, sql_neighbours, 1, parameters, &neighbours, err)))
        return false;
    for (int i = 0; i < PQntuples(neighbours); i++)
        if (!PQgetisnull(neighbours, i, 1))
            add_finding(findings, ERROR_CONNECTION, PQgetvalue(neighbours, i, 1));
    for (size_t i = 0; i < problems.count; i++)
        add_finding(findings, ERROR_CONNECTION, problems.items[i]);
    for (size_t i = 0; i < refusals.count; i++)
        add_finding(findings, ERROR_REFUSED, refusals.items[i]);
    return true;
}

/* What keeps rows of main from being fetched: there, and on the way. */
static bool find_problems_of_main(struct apply_job *job, struct findings *findings, struct error *err)
{
    cleanup(result_clear) PGresult *there = NULL, *way = NULL;

    if (!job->plan.manifest->options.fdw_mode)
        return true;
    if (!main_find_problems(job, &there, err) || !foreign_server_find_problems(job, &way, err))
        return false;
    for (int i = 0; i < PQntuples(there); i++) {
        bool moved = strcmp(PQgetvalue(there, i, 0), "t") == 0;
        add_finding(findings, moved ? ERROR_BASE_STATE : ERROR_CONNECTION, PQgetvalue(there, i, 1));
    }
    for (int i = 0; i < PQntuples(way); i++)
        add_finding(findings, ERROR_CONNECTION, PQgetvalue(way, i, 0));
    return true;
}

static void check_server(struct apply_job *job, struct findings *findings)
{
    const struct manifest *manifest = job->plan.manifest;
    const struct database_identity *planned = &manifest->standin, *found = &job->standin;

    enum fingerprint_algorithm algorithm;

    if (manifest->table_count > 0 && !fingerprint_algorithm_from_name(manifest->fingerprint_algorithm, &algorithm)) {
        cleanup(free_string) char *line = format_string(
            "the plan's fingerprints (%s) are of a kind that this version cannot compute: another version "
            "wrote it. Make the plan again, or apply it with that version",
            manifest->fingerprint_algorithm);
        add_finding(findings, ERROR_REFUSED, line);
    }
    if (planned->encoding != NULL && strcmp(planned->encoding, found->encoding) != 0)
        add_finding(findings, ERROR_BASE_STATE, "the database's encoding is not the one that the plan was made for");
    if (planned->server_version_number / 10000 != found->server_version_number / 10000) {
        cleanup(free_string) char *line = format_string("the server is PostgreSQL %s; the plan was made for %s",
                                                        found->server_version, planned->server_version);
        add_finding(findings, ERROR_BASE_STATE, line);
    }
    if (strcmp(planned->dbname, found->dbname) != 0 ||
        (planned->system_identifier[0] != '\0' && found->system_identifier[0] != '\0' &&
         strcmp(planned->system_identifier, found->system_identifier) != 0))
        log_warning("this is database %s of system %s; the plan was made for %s of system %s", found->dbname,
                    found->system_identifier, planned->dbname, planned->system_identifier);
}

static bool compare_base(struct apply_job *job, struct findings *findings, struct error *err)
{
    cleanup(text_free) struct text lines = {0};
    size_t differences = 0;

    if (!base_state_compare(job, &job->connection, &lines, &differences, err))
        return false;
    if (differences == 0)
        return true;
    add_finding(findings, ERROR_BASE_STATE, "the schema is not the one that the plan was made for:");
    text_append(&findings->lines, "\n");
    text_append(&findings->lines, lines.data);
    return true;
}

static bool name_blockers(struct apply_job *job, struct error *err)
{
    const char *const parameters[] = {job->base_touched, job->may_replicate ? "true" : "false"};
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(&job->connection, sql_blockers, 2, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        log_warning("%s", PQgetvalue(result, i, 0));
    return true;
}

static bool run_preflight(struct apply_job *job, struct findings *findings, struct error *err)
{
    progress_phase(job->progress, "preflight", 0);
    if (!journal_check(job, err))
        return false;
    check_server(job, findings);
    if (!find_replication_privilege(job, err) || !find_missing(job, findings, err) ||
        !find_problems(job, findings, err) || !find_obstacles(job, findings, err) ||
        !find_problems_of_main(job, findings, err) || !compare_base(job, findings, err) || !name_blockers(job, err))
        return false;
    if (findings->count == 0)
        return true;
    error_set(err, findings->code, "the plan cannot be applied to this database");
    error_detail(err, "%s", findings->lines.data);
    if (findings->code == ERROR_BASE_STATE)
        error_hint(err, "Nothing was changed. Make a new plan from the stand-in as it is now.");
    return false;
}

bool preflight(struct apply_job *job, struct error *err)
{
    struct findings findings = {0};
    bool passed = run_preflight(job, &findings, err);

    text_free(&findings.lines);
    return passed;
}
