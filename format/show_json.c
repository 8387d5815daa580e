/* A plan as the JSON document of docs/cli.md, written piece by piece. */
#include "common/memory.h"
#include "format/json.h"
#include "format/show.h"
#include "format/show_parts.h"

#include <inttypes.h>
#include <sodium.h>

/* Prints `,\n "name": ` and the value, which it takes. ASCII only, so that a terminal sees nothing but text. */
static bool print_member(FILE *out, const char *separator, const char *name, json_t *made)
{
    cleanup(json_release) json_t *value = made;

    fputs(separator, out);
    if (name != NULL)
        fprintf(out, "\"%s\":", name);
    return value != NULL && json_dumpf(value, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY) == 0;
}

static json_t *identity_to_json(const struct database_identity *identity, const char *source)
{
    return json_pack("{s:s*, s:s, s:s, s:s, s:s, s:s}", "source", source, "dbname", identity->dbname, "server_version",
                     identity->server_version, "system_identifier", identity->system_identifier, "snapshot",
                     identity->snapshot, "lsn", identity->lsn);
}

static json_t *list_to_json(const struct string_list *list)
{
    json_t *array = json_array();

    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->items[i]));
    return array;
}

static json_t *options_to_json(const struct manifest *manifest)
{
    return json_pack(
        "{s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:s*, s:s*, s:s*, s:s*, s:I}",
        "sync_schema", manifest->options.sync_schema, "sync_data", manifest->options.sync_data, "clean_extra",
        manifest->options.clean_extra, "delete_rows", manifest->options.delete_rows, "before_images",
        manifest->options.before_images, "owners", manifest->options.owners, "privileges", manifest->options.privileges,
        "comments", manifest->options.comments, "large_objects", manifest->options.large_objects, "fdw_mode",
        manifest->options.fdw_mode, "schemas", list_to_json(&manifest->options.schemas), "tables",
        list_to_json(&manifest->options.tables), "excluded_tables", list_to_json(&manifest->options.excluded_tables),
        "renames", list_to_json(&manifest->options.renames), "hash", manifest->options.hash, "updated_at_column",
        manifest->options.updated_at_column, "last_sync_time", manifest->options.last_sync_time, "time_zone",
        manifest->options.time_zone, "chunk_size", (json_int_t)manifest->options.chunk_size);
}

static json_t *counts_to_json(const struct manifest *manifest)
{
    uint64_t inserts = 0, updates = 0, deletes = 0;

    for (size_t i = 0; i < manifest->table_count; i++) {
        inserts += manifest->tables[i].inserts;
        updates += manifest->tables[i].updates;
        deletes += manifest->tables[i].deletes;
    }
    return json_pack("{s:{s:I, s:I, s:I}, s:{s:I, s:I, s:I}}", "objects", "create",
                     (json_int_t)manifest->objects.create, "alter", (json_int_t)manifest->objects.alter, "drop",
                     (json_int_t)manifest->objects.drop, "rows", "insert", (json_int_t)inserts, "update",
                     (json_int_t)updates, "delete", (json_int_t)deletes);
}

static json_t *touches_to_json(const struct plan_statement *statement)
{
    json_t *array = json_array();

    for (size_t i = 0; i < statement->touched_count; i++) {
        const struct plan_touched *touched = &statement->touches[i];
        json_array_append_new(
            array, json_pack("{s:s, s:I, s:o}", "table", touched->table, "bytes", (json_int_t)touched->bytes, "rows",
                             touched->rows_known ? json_integer((json_int_t)touched->rows) : json_null()));
    }
    return array;
}

static json_t *preconditions_to_json(const struct plan_statement *statement)
{
    json_t *array = json_array();

    for (size_t i = 0; i < statement->precondition_count; i++) {
        const struct plan_precondition *precondition = &statement->preconditions[i];
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:I, s:o, s:s}", "condition", precondition->condition, "rows_of",
                             precondition->rows_of, "state", precondition_state_name(precondition->state), "rows",
                             (json_int_t)precondition->rows, "examples", list_to_json(&precondition->examples), "note",
                             precondition->note != NULL ? precondition->note : ""));
    }
    return array;
}

static json_t *statement_to_json(const struct plan_statement *statement, const char *sql)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", (json_int_t)statement->id, "phase",
                     phase_name(statement->phase), "action", action_name(statement->action), "class", statement->class,
                     "object", statement->object, "sql", sql, "risks", list_to_json(&statement->risks), "touches",
                     touches_to_json(statement), "preconditions", preconditions_to_json(statement));
}

static json_t *table_to_json(const struct plan_table *table)
{
    json_t *key = json_array();

    for (size_t i = 0; i < table->shape.key_count; i++)
        json_array_append_new(key, json_string(table->shape.columns[table->shape.key[i]].name));
    return json_pack("{s:s, s:s, s:o, s:s, s:I, s:I, s:I, s:I, s:s}", "schema", table->shape.schema, "name",
                     table->shape.name, "key", key, "strategy", table_strategy_name(table), "insert",
                     (json_int_t)table->inserts, "update", (json_int_t)table->updates, "delete",
                     (json_int_t)table->deletes, "bytes", (json_int_t)table->bytes, "note",
                     table->note != NULL ? table->note : "");
}

static json_t *sequence_to_json(const struct plan_sequence *sequence)
{
    return json_pack("{s:s, s:s, s:s, s:b}", "schema", sequence->schema, "name", sequence->name, "last_value",
                     sequence->last_value, "is_called", sequence->is_called);
}

static bool print_head(const struct manifest *manifest, FILE *out)
{
    char root[2 * SHA256_SIZE + 1];

    sodium_bin2hex(root, sizeof root, manifest->content_root, SHA256_SIZE);
    return print_member(out, "{", "format",
                        json_pack("{s:i, s:i}", "major", manifest->format_major, "minor", manifest->format_minor)) &&
           print_member(out, ",\n ", "plan_id", json_pack("s", manifest->plan_id)) &&
           print_member(out, ",\n ", "content_root", json_pack("s", root)) &&
           print_member(out, ",\n ", "created", json_pack("s", manifest->created)) &&
           print_member(out, ",\n ", "tool", json_pack("s", manifest->tool)) &&
           print_member(out, ",\n ", "main", identity_to_json(&manifest->main, NULL)) &&
           print_member(out, ",\n ", "standin", identity_to_json(&manifest->standin, manifest->standin_source)) &&
           print_member(out, ",\n ", "options", options_to_json(manifest)) &&
           print_member(out, ",\n ", "counts", counts_to_json(manifest));
}

static bool print_statements(const struct plan *plan, FILE *out, struct error *err)
{
    const struct manifest *manifest = plan->manifest;

    fputs(",\n \"statements\":[", out);
    for (size_t i = 0; i < manifest->statement_count; i++) {
        cleanup(free_string) char *sql = NULL;

        if (!load_statement_of_plan(plan, i, &sql, err))
            return false;
        if (!print_member(out, i > 0 ? ",\n  " : "\n  ", NULL, statement_to_json(&manifest->statements[i], sql)))
            return error_set(err, ERROR_ARCHIVE, "%s is not valid UTF-8", manifest->statements[i].entry);
    }
    fputc(']', out);
    return true;
}

static bool print_tail(const struct manifest *manifest, FILE *out)
{
    fputs(",\n \"tables\":[", out);
    for (size_t i = 0; i < manifest->table_count; i++)
        if (!print_member(out, i > 0 ? ",\n  " : "\n  ", NULL, table_to_json(&manifest->tables[i])))
            return false;
    fputs("],\n \"sequences\":[", out);
    for (size_t i = 0; i < manifest->sequence_count; i++)
        if (!print_member(out, i > 0 ? ",\n  " : "\n  ", NULL, sequence_to_json(&manifest->sequences[i])))
            return false;
    fputc(']', out);
    if (!print_member(out, ",\n ", "warnings", list_to_json(&manifest->warnings)) ||
        !print_member(out, ",\n ", "signatures", json_array()))
        return false;
    fputs("}\n", out);
    return true;
}

bool show_json(const struct plan *plan, FILE *out, struct error *err)
{
    bool printed = print_head(plan->manifest, out);

    if (printed && !print_statements(plan, out, err))
        return false;
    if (!printed || !print_tail(plan->manifest, out))
        return error_set(err, ERROR_INTERNAL, "cannot write the output");
    return finish_output(out, err);
}
