/* Everything that would keep the plan from being applied, found before anything is changed and told at once. */
#include "apply/preflight.h"

#include "apply/base_state.h"
#include "apply/journal.h"
#include "apply/sql.h"
#include "common/fingerprint.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/text.h"
#include "format/json.h"

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

static bool find_replication_privilege(struct apply_job *job, struct error *err)
{
    static const char old_way[] =
        "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user";
    static const char new_way[] =
        "SELECT pg_catalog.has_parameter_privilege(current_user, 'session_replication_role', 'SET')";
    cleanup(free_string) char *may = NULL;

    if (!connection_value(&job->connection, job->connection.server_version >= 150000 ? new_way : old_way, 0, NULL, &may,
                          err))
        return false;
    job->may_replicate = may != NULL && strcmp(may, "t") == 0;
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

/* Roles that the plan's statements name, those whose objects it changes, extensions that it creates. */
static json_t *describe_needs(const struct apply_job *job)
{
    const struct manifest *manifest = job->plan.manifest;
    json_t *needs = json_object(), *roles = json_array(), *owners = json_array(), *extensions = json_array(),
           *sequences = json_array();
    cleanup(map_free) struct map role_names = {0}, owner_names = {0};

    for (size_t i = 0; i < job->main->count; i++) {
        const struct object *object = job->main->objects[i];
        const char *grantee = object_field(object, "grantee");

        if (catalog_find(job->base, object->class, object->identity) == NULL && object->class == CLASS_EXTENSION)
            json_array_append_new(
                extensions, json_pack("{ssss?}", "name", object->name, "version", object_field(object, "version")));
        if (!manifest->options.sync_schema)
            continue;
        add_name(roles, &role_names, object_field(object, "owner"));
        add_name(roles, &role_names, object_field(object, "grantor"));
        if (grantee != NULL && strcmp(grantee, "public") != 0)
            add_name(roles, &role_names, grantee);
    }
    for (size_t i = 0; i < manifest->statement_count; i++) {
        const struct plan_statement *statement = &manifest->statements[i];
        enum object_class class;

        if (class_from_name(statement->class, &class))
            add_name(owners, &owner_names, owner_of(catalog_find(job->base, class, statement->object)));
    }
    for (size_t i = 0; i < manifest->sequence_count; i++)
        json_array_append_new(sequences, json_pack("{ssss}", "schema", manifest->sequences[i].schema, "name",
                                                   manifest->sequences[i].name));
    json_object_set_new(needs, "roles", roles);
    json_object_set_new(needs, "owners", owners);
    json_object_set_new(needs, "extensions", extensions);
    json_object_set_new(needs, "sequences", sequences);
    json_object_set_new(needs, "journal", json_boolean(job->options->journal && !job->options->dry_run));
    json_object_set_new(needs, "replica", json_boolean(job->may_replicate));
    return needs;
}

static bool find_problems(struct apply_job *job, struct findings *findings, struct error *err)
{
    cleanup(json_release) json_t *needs = describe_needs(job);
    cleanup(result_clear) PGresult *result = NULL;
    size_t length;
    cleanup(free_string) char *text = json_print(needs, &length);
    const char *const parameters[] = {job->touched, text};

    if (!connection_query(&job->connection, sql_problems, 2, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        add_finding(findings, ERROR_CONNECTION, PQgetvalue(result, i, 0));
    return true;
}

static void check_server(struct apply_job *job, struct findings *findings)
{
    const struct manifest *manifest = job->plan.manifest;
    const struct database_identity *planned = &manifest->standin, *found = &job->standin;

    enum fingerprint_algorithm algorithm;

    if (manifest->table_count > 0 && !fingerprint_algorithm_from_name(manifest->fingerprint_algorithm, &algorithm))
        add_finding(findings, ERROR_REFUSED, "the plan's fingerprints are of a kind that this version cannot compute");
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

    if (!base_state_compare(job, &lines, &differences, err))
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
    const char *const parameters[] = {job->touched};
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(&job->connection, sql_blockers, 1, parameters, &result, err))
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
    if (!find_replication_privilege(job, err) || !find_problems(job, findings, err) ||
        !compare_base(job, findings, err) || !name_blockers(job, err))
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
