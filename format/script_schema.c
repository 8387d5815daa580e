/*
 * The schema in the script for psql: what it must be before and after, compared in SQL with what the reader's own
 * queries find. Before, everything counts: it is what the same server said when the plan was made. After, how the
 * server words a definition does not (main's may word it otherwise), so that objects and their plain fields are
 * compared; of main of another version only that the objects are there.
 */
#include "common/catalog/queries.h"
#include "common/catalog/reading.h"
#include "common/catalog/wording.h"
#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/choice.h"
#include "format/entry_name.h"
#include "format/json.h"
#include "format/script_parts.h"
#include "format/sql.h"

#include <string.h>

/* How much of the fields is compared. */
enum depth { EVERYTHING, PLAIN_FIELDS, EXISTENCE };

static bool is_wanted(const struct manifest *manifest, enum object_class class, bool has_pre_commit)
{
    const struct catalog_options choice = manifest_choice(manifest);

    /* Which labels are there depends on whether the pre-commit phase has run, in this attempt or one before. */
    return catalog_class_wanted(&choice, class) && !(class == CLASS_ENUM_LABEL && has_pre_commit);
}

static bool field_counts(const struct object *object, const struct field *field, enum depth depth)
{
    static const char *const passed_over[] = {"inherited", "valid", "two_phase", "failover", "not_null_inherited_name"};

    if (depth == EXISTENCE || (depth == PLAIN_FIELDS && is_worded(field->name)))
        return false;
    for (size_t i = 0; i < array_length(passed_over); i++)
        if (strcmp(field->name, passed_over[i]) == 0)
            return false;
    if (field->value == NULL && (strcmp(field->name, "not_null_name") == 0 ||
                                 (object->class == CLASS_EXTENSION && strcmp(field->name, "version") == 0)))
        return false;
    return strcmp(field->name, "position") != 0 || (object->class != CLASS_COLUMN && object->class != CLASS_ATTRIBUTE &&
                                                    !(object->class == CLASS_ENUM_LABEL && depth == PLAIN_FIELDS));
}

/* As compare.c: the server makes a partition's foreign keys itself, and a subscription nobody makes. */
static bool must_be_there(const struct object *object)
{
    const char *type = object_field(object, "type");

    if (object->class == CLASS_SUBSCRIPTION || (object->parent != NULL && object->parent->class == CLASS_SUBSCRIPTION))
        return false;
    return object->class != CLASS_CONSTRAINT || object_field(object, "parent_constraint") == NULL || type == NULL ||
           strcmp(type, "foreign key") != 0;
}

static void append_key(struct text *key, const struct object *object)
{
    text_appendf(key, "%s\n%s\n%s\n%s\n", class_name(object->class), object->schema != NULL ? object->schema : "",
                 object->name != NULL ? object->name : "", catalog_signature(object));
    if (object->parent != NULL)
        append_key(key, object->parent);
}

static bool print_object(const struct object *object, enum depth depth, FILE *out, struct error *err)
{
    cleanup(text_free) struct text key = {0};
    cleanup(json_release) json_t *fields = json_object();
    size_t length;

    for (size_t i = 0; i < object->field_count; i++)
        if (field_counts(object, &object->fields[i], depth))
            json_object_set_new(fields, object->fields[i].name,
                                object->fields[i].value != NULL ? json_string(object->fields[i].value) : json_null());
    cleanup(free_string) char *json = json_print(fields, &length);
    append_key(&key, object);
    if (!script_copy_value(out, key.data, err))
        return false;
    fprintf(out, "\t%s\t", class_name(object->class));
    if (!script_copy_value(out, object->identity, err))
        return false;
    fprintf(out, "\t%s\t", must_be_there(object) ? "true" : "false");
    if (!script_copy_value(out, json, err))
        return false;
    fputc('\n', out);
    return true;
}

static bool print_expected(const struct plan *plan, const struct catalog *catalog, enum depth depth,
                           bool has_pre_commit, FILE *out, struct error *err)
{
    fputs("COPY pg_temp.pgsyncer_expected FROM STDIN;\n", out);
    for (size_t i = 0; i < catalog->count; i++)
        if (is_wanted(plan->manifest, catalog->objects[i]->class, has_pre_commit) &&
            !print_object(catalog->objects[i], depth, out, err))
            return false;
    fputs("\\.\nANALYZE pg_temp.pgsyncer_expected;\n", out);
    return true;
}

static void append_setting(struct text *body, const char *name, const char *value)
{
    text_appendf(body, "PERFORM set_config('%s', ", name);
    script_quote(body, value);
    text_append(body, ", true);\n");
}

static void print_settings(FILE *out, const char *sqlstate, const char *message, const char *hint, bool extras_allowed)
{
    cleanup(text_free) struct text body = {0};

    text_append(&body, "BEGIN\nPERFORM set_config('pgsyncer.schema_sqlstate', '");
    text_appendf(&body, "%s', true), set_config('pgsyncer.extras_allowed', '%s', true),\n    ", sqlstate,
                 extras_allowed ? "true" : "false");
    text_appendf(&body, "set_config('pgsyncer.schema_message', '%s', true), ", message);
    text_appendf(&body, "set_config('pgsyncer.schema_hint', '%s', true);\nEND", hint);
    script_block(out, body.data);
}

/* What common/selection.h says of a connection of ours. */
static bool print_selection(const struct manifest *manifest, FILE *out, struct error *err)
{
    const struct selection selection = manifest_choice(manifest).selection;
    struct text parameters[SELECTION_PARAMETERS] = {{0}};
    bool built = selection_parameters(&selection, parameters, err);
    cleanup(text_free) struct text body = {0};

    text_append(&body, "BEGIN\n");
    for (size_t i = 0; built && i < SELECTION_PARAMETERS; i++) {
        cleanup(free_string) char *name = format_string("pgsyncer.selection_%zu", i + 1);
        append_setting(&body, name, parameters[i].data);
    }
    append_setting(&body, "pgsyncer.selection_query", selection_query());
    text_appendf(&body,
                 "PERFORM set_config('pgsyncer.whole_database', '%s', true), set_config('pgsyncer.tables_only', '%s', "
                 "true), set_config('pgsyncer.by_tables', '%s', true);\nEND",
                 selection_is_everything(&selection) ? "true" : "false", selection.table_count > 0 ? "true" : "false",
                 selection.table_count + selection.excluded_count > 0 ? "true" : "false");
    script_block(out, body.data);
    for (size_t i = 0; i < SELECTION_PARAMETERS; i++)
        text_free(&parameters[i]);
    return built;
}

/* The queries, for both comparisons. */
static bool print_classes(const struct manifest *manifest, bool has_pre_commit, FILE *out, struct error *err)
{
    enum object_class order[CLASS_COUNT];

    fputs(
        "CREATE TEMPORARY TABLE pgsyncer_classes (number integer, class text, satellite boolean, query text) ON COMMIT "
        "DROP;\nCREATE TEMPORARY TABLE pgsyncer_expected (key text, class text, identity text, counts boolean, fields "
        "jsonb) ON COMMIT DROP;\nCREATE TEMPORARY TABLE pgsyncer_found (address text, key text, class text, schema "
        "text, name text, words text, identity text, fields jsonb) ON COMMIT DROP;\nCOPY pg_temp.pgsyncer_classes FROM "
        "STDIN;\n",
        out);
    catalog_reading_order(order);
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        const char *query = catalog_query(order[i], manifest->standin.server_version_number);
        if (query == NULL || !is_wanted(manifest, order[i], has_pre_commit))
            continue;
        cleanup(free_string) char *bare = copy_string(query);
        for (size_t length = strlen(bare); length > 0 && strchr("; \n", bare[length - 1]) != NULL; length--)
            bare[length - 1] = '\0';
        cleanup(free_string) char *line = format_string("%s\n", bare); /* a comment at its end ends there */
        fprintf(out, "%zu\t%s\t%s\t", i, class_name(order[i]), catalog_is_satellite(order[i]) ? "true" : "false");
        if (!script_copy_value(out, line, err))
            return false;
        fputc('\n', out);
    }
    fputs("\\.\n", out);
    return print_selection(manifest, out, err);
}

static bool has_pre_commit(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->statement_count; i++)
        if (manifest->statements[i].phase == PHASE_PRE_COMMIT)
            return true;
    return false;
}

bool script_base_schema(const struct plan *plan, FILE *out, struct error *err)
{
    cleanup(catalog_cleanup) struct catalog *base = NULL;
    bool labels = has_pre_commit(plan->manifest);

    if (!catalog_json_read(plan, ENTRY_BASE_SCHEMA, &base, err) || !print_classes(plan->manifest, labels, out, err) ||
        !print_expected(plan, base, EVERYTHING, labels, out, err))
        return false;
    print_settings(out, "PS007", "the stand-in''s schema is not the one that the plan was made for",
                   "Nothing was changed. Make a new plan from the stand-in as it is now.", false);
    fputs(sql_script_schema, out);
    return true;
}

bool script_result_schema(const struct plan *plan, FILE *out, struct error *err)
{
    const struct manifest *manifest = plan->manifest;
    cleanup(catalog_cleanup) struct catalog *result = NULL;
    bool changes = manifest->options.sync_schema, labels = has_pre_commit(manifest);
    enum depth depth = EVERYTHING;

    if (!catalog_json_read(plan, changes ? ENTRY_MAIN_SCHEMA : ENTRY_BASE_SCHEMA, &result, err))
        return false;
    if (changes)
        depth = result->server_version / 10000 == manifest->standin.server_version_number / 10000 ? PLAIN_FIELDS
                                                                                                  : EXISTENCE;
    if (!print_expected(plan, result, depth, labels, out, err))
        return false;
    print_settings(out, "PS010", changes ? "the schema would not be main''s" : "the schema would not be what it was",
                   "Nothing was changed. This is a fault of the plan: please report it with the plan.",
                   changes && !manifest->options.clean_extra);
    fputs(sql_script_schema, out);
    return true;
}
