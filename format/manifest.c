/* What a plan file holds: the names of things, ownership, and the manifest as JSON. */
#include "format/manifest.h"

#include "common/memory.h"
#include "format/json.h"

#include <inttypes.h>
#include <sodium.h>

struct manifest *manifest_new(void)
{
    return allocate(1, sizeof(struct manifest));
}

static void free_tables(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->table_count; i++) {
        struct plan_table *table = &manifest->tables[i];
        table_shape_free(&table->shape);
        chunking_free(&table->chunking);
        free(table->digest_entry);
        free(table->note);
        string_list_free(&table->kept);
        free(table->base_name);
    }
    free(manifest->tables);
}

static void free_preconditions(struct plan_statement *statement)
{
    for (size_t i = 0; i < statement->precondition_count; i++) {
        struct plan_precondition *precondition = &statement->preconditions[i];
        free(precondition->condition);
        free(precondition->rows_of);
        free(precondition->note);
        string_list_free(&precondition->examples);
    }
    free(statement->preconditions);
}

static void free_statements(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->statement_count; i++) {
        struct plan_statement *statement = &manifest->statements[i];
        free(statement->class);
        free(statement->object);
        free(statement->entry);
        string_list_free(&statement->risks);
        for (size_t j = 0; j < statement->touched_count; j++)
            free(statement->touches[j].table);
        free(statement->touches);
        free_preconditions(statement);
    }
    free(manifest->statements);
}

void manifest_free(struct manifest *manifest)
{
    if (manifest == NULL)
        return;
    free_statements(manifest);
    free_tables(manifest);
    for (size_t i = 0; i < manifest->sequence_count; i++) {
        free(manifest->sequences[i].schema);
        free(manifest->sequences[i].name);
        free(manifest->sequences[i].last_value);
    }
    free(manifest->sequences);
    for (size_t i = 0; i < manifest->entry_count; i++)
        free(manifest->entries[i].name);
    free(manifest->entries);
    database_identity_free(&manifest->main);
    database_identity_free(&manifest->standin);
    string_list_free(&manifest->options.schemas);
    string_list_free(&manifest->options.tables);
    string_list_free(&manifest->options.excluded_tables);
    string_list_free(&manifest->options.renames);
    free(manifest->options.updated_at_column);
    free(manifest->options.last_sync_time);
    free(manifest->options.time_zone);
    string_list_free(&manifest->warnings);
    free(manifest->plan_id);
    free(manifest->created);
    free(manifest->tool);
    free(manifest->standin_source);
    free(manifest->fingerprint_algorithm);
    free(manifest->options.hash);
    free(manifest);
}

void manifest_cleanup(struct manifest **manifest)
{
    manifest_free(*manifest);
    *manifest = NULL;
}

const struct plan_entry *manifest_find_entry(const struct manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->entry_count; i++)
        if (strcmp(manifest->entries[i].name, name) == 0)
            return &manifest->entries[i];
    return NULL;
}

const char *phase_name(enum phase phase)
{
    static const char *const names[] = {"pre-commit", "pre-data", "post-data"};

    return names[phase];
}

const char *action_name(enum action action)
{
    static const char *const names[] = {"create", "alter", "drop", "replace"};

    return names[action];
}

const char *strategy_name(enum strategy strategy)
{
    static const char *const names[] = {"chunk", "copy", "multiset", "skip", "updated-at"};

    return names[strategy];
}

const char *table_strategy_name(const struct plan_table *table)
{
    return table->fdw ? STRATEGY_FDW_NAME : strategy_name(table->strategy);
}

enum rows_form rows_form(const struct plan_table *table, enum rows_kind kind, bool before_images)
{
    bool has_key = table->shape.key_count > 0;

    switch (kind) {
    case ROWS_DELETE:
        return has_key ? ROWS_KEYS : table->fdw && !before_images ? ROWS_FINGERPRINTS : ROWS_WHOLE;
    case ROWS_UPDATE:
    case ROWS_INSERT:
        if (!table->fdw)
            return ROWS_WHOLE;
        return table->strategy == STRATEGY_COPY ? ROWS_NONE : has_key ? ROWS_KEYED : ROWS_FINGERPRINTS;
    default:
        return ROWS_WHOLE;
    }
}

const char *precondition_state_name(enum precondition_state state)
{
    static const char *const names[] = {"holds", "broken", "unknown"};

    return names[state];
}

const char *rows_kind_name(enum rows_kind kind)
{
    static const char *const names[] = {"delete", "update", "insert", "before"};

    return names[kind];
}

void string_list_add(struct string_list *list, const char *item)
{
    array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items);
    list->items[list->count++] = copy_string(item);
}

void string_list_free(struct string_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct string_list){0};
}

/* An object that is being filled. Once something could not become JSON (no UTF-8), `failed` names it. */
struct filling {
    json_t *object;
    char **failed;
};

static void put(const struct filling *to, const char *name, json_t *value)
{
    if (json_object_set_new(to->object, name, value) != 0 && *to->failed == NULL)
        *to->failed = copy_string(name);
}

static void put_string(const struct filling *to, const char *name, const char *value)
{
    if (value != NULL) /* a member that has no value is left out */
        put(to, name, json_string(value));
}

static void put_count(const struct filling *to, const char *name, uint64_t value)
{
    put(to, name, json_integer((json_int_t)value));
}

static void put_hex(const struct filling *to, const char *name, const unsigned char *bytes, size_t size)
{
    char digits[2 * SHA256_SIZE + 1];

    put(to, name, json_string(sodium_bin2hex(digits, sizeof digits, bytes, size)));
}

static void put_list(const struct filling *to, const char *name, const struct string_list *list)
{
    json_t *array = json_array();

    for (size_t i = 0; i < list->count; i++)
        if (json_array_append_new(array, json_string(list->items[i])) != 0 && *to->failed == NULL)
            *to->failed = copy_string(name);
    put(to, name, array);
}

static struct filling put_object(const struct filling *to, const char *name)
{
    struct filling inner = {.object = json_object(), .failed = to->failed};

    put(to, name, inner.object);
    return inner;
}

static json_t *put_array(const struct filling *to, const char *name)
{
    json_t *array = json_array();

    put(to, name, array);
    return array;
}

static struct filling add_object(const struct filling *to, json_t *array)
{
    struct filling item = {.object = json_object(), .failed = to->failed};

    json_array_append_new(array, item.object);
    return item;
}

static void put_identity(const struct filling *to, const struct database_identity *identity)
{
    put_string(to, "dbname", identity->dbname);
    put_string(to, "server_version", identity->server_version);
    put_count(to, "server_version_number", (uint64_t)identity->server_version_number);
    put_string(to, "system_identifier", identity->system_identifier);
    put_string(to, "encoding", identity->encoding);
    put_string(to, "collate", identity->collate);
    put_string(to, "ctype", identity->ctype);
    put_string(to, "collation_version", identity->collation_version);
    put_string(to, "snapshot", identity->snapshot);
    put_string(to, "lsn", identity->lsn);
}

static void put_options(const struct filling *to, const struct manifest *manifest)
{
    put(to, "sync_schema", json_boolean(manifest->options.sync_schema));
    put(to, "sync_data", json_boolean(manifest->options.sync_data));
    put(to, "clean_extra", json_boolean(manifest->options.clean_extra));
    put(to, "delete_rows", json_boolean(manifest->options.delete_rows));
    put(to, "before_images", json_boolean(manifest->options.before_images));
    put(to, "owners", json_boolean(manifest->options.owners));
    put(to, "privileges", json_boolean(manifest->options.privileges));
    put(to, "comments", json_boolean(manifest->options.comments));
    if (manifest->options.large_objects)
        put(to, "large_objects", json_true());
    put_list(to, "schemas", &manifest->options.schemas);
    if (manifest->options.tables.count > 0)
        put_list(to, "tables", &manifest->options.tables);
    if (manifest->options.excluded_tables.count > 0)
        put_list(to, "excluded_tables", &manifest->options.excluded_tables);
    if (manifest->options.renames.count > 0)
        put_list(to, "renames", &manifest->options.renames);
    if (manifest->options.hash != NULL)
        put_string(to, "hash", manifest->options.hash);
    if (manifest->options.fdw_mode)
        put(to, "fdw_mode", json_true());
    if (manifest->options.updated_at_column != NULL) {
        put_string(to, "updated_at_column", manifest->options.updated_at_column);
        put_string(to, "last_sync_time", manifest->options.last_sync_time);
        put_string(to, "time_zone", manifest->options.time_zone);
    }
    put_count(to, "chunk_size", manifest->options.chunk_size);
}

static void put_touches(const struct filling *to, const struct plan_statement *statement)
{
    json_t *touches = put_array(to, "touches");

    for (size_t i = 0; i < statement->touched_count; i++) {
        const struct plan_touched *touched = &statement->touches[i];
        const struct filling item = add_object(to, touches);
        put_string(&item, "table", touched->table);
        put_count(&item, "bytes", touched->bytes);
        if (touched->rows_known)
            put_count(&item, "rows", touched->rows);
    }
}

static void put_preconditions(const struct filling *to, const struct plan_statement *statement)
{
    json_t *preconditions = put_array(to, "preconditions");

    for (size_t i = 0; i < statement->precondition_count; i++) {
        const struct plan_precondition *precondition = &statement->preconditions[i];
        const struct filling item = add_object(to, preconditions);
        put_string(&item, "condition", precondition->condition);
        put_string(&item, "rows_of", precondition->rows_of);
        put_string(&item, "state", precondition_state_name(precondition->state));
        put_count(&item, "rows", precondition->rows);
        put_list(&item, "examples", &precondition->examples);
        put_string(&item, "note", precondition->note);
    }
}

static void put_statement(const struct filling *to, const struct plan_statement *statement)
{
    put_count(to, "id", statement->id);
    put_string(to, "phase", phase_name(statement->phase));
    put_string(to, "action", action_name(statement->action));
    put_string(to, "class", statement->class);
    put_string(to, "object", statement->object);
    put_string(to, "entry", statement->entry);
    put_list(to, "risks", &statement->risks);
    if (statement->touched_count > 0)
        put_touches(to, statement);
    if (statement->precondition_count > 0)
        put_preconditions(to, statement);
}

/* What most columns have is left out: with 10,000 tables the manifest is mostly this. */
static void put_column(const struct filling *to, const struct column_shape *column)
{
    put_string(to, "name", column->name);
    put_string(to, "type", column->type);
    put_string(to, "form",
               column->form == FORM_SEND     ? "send"
               : column->form == FORM_TEXT   ? "text"
               : column->form == FORM_OUTPUT ? "output"
               : column->form == FORM_NONE   ? "none"
                                             : NULL);
    put_string(to, "send", column->send);
    if (column->generated)
        put(to, "generated", json_true());
    if (column->identity_always)
        put(to, "identity_always", json_true());
    if (column->unique)
        put(to, "unique", json_true());
    put_string(to, "equality_schema", column->equality_schema);
}

static void put_chunking(const struct filling *to, const struct chunking *chunking)
{
    put_string(to, "way", chunking->way == CHUNK_BY_RANGE ? "range" : "hash");
    put_count(to, "slices", chunking->slice_count);
    put_count(to, "slices_per_chunk", chunking->slices_per_chunk);
    if (chunking->way == CHUNK_BY_RANGE)
        put_count(to, "column", chunking->column);
    else
        put_count(to, "hash_bits", chunking->hash_bits);
}

static void put_fingerprint(const struct filling *to, const char *name, const struct fingerprint *fingerprint)
{
    const struct filling object = put_object(to, name);
    char sum[17];

    snprintf(sum, sizeof sum, "%016" PRIx64, fingerprint->sum);
    put_count(&object, "rows", fingerprint->rows);
    put_string(&object, "sum", sum);
}

static void put_table(const struct filling *to, const struct plan_table *table)
{
    json_t *columns = put_array(to, "columns"), *key = put_array(to, "key");

    put_string(to, "schema", table->shape.schema);
    put_string(to, "name", table->shape.name);
    for (size_t i = 0; i < table->shape.column_count; i++) {
        const struct filling column = add_object(to, columns);
        put_column(&column, &table->shape.columns[i]);
    }
    for (size_t i = 0; i < table->shape.key_count; i++)
        json_array_append_new(key, json_integer((json_int_t)table->shape.key[i]));
    if (table->chunking.slice_count > 0) {
        const struct filling chunking = put_object(to, "chunking");
        put_chunking(&chunking, &table->chunking);
    }
    put_string(to, "strategy", table_strategy_name(table));
    if (table->fdw)
        put_string(to, "found", strategy_name(table->strategy));
    put(to, "created", json_boolean(table->created));
    if (table->base_name != NULL)
        put_string(to, "base_name", table->base_name);
    if (table->kept.count > 0)
        put_list(to, "kept", &table->kept);
    put_count(to, "insert", table->inserts);
    put_count(to, "update", table->updates);
    put_count(to, "delete", table->deletes);
    put_count(to, "bytes", table->bytes);
    if (!table->main_partly)
        put_fingerprint(to, "main", &table->main);
    if (!table->base_partly)
        put_fingerprint(to, "base", &table->base);
    put_string(to, "digest", table->digest_entry);
    put_string(to, "note", table->note);
}

static void put_sequence(const struct filling *to, const struct plan_sequence *sequence)
{
    put_string(to, "schema", sequence->schema);
    put_string(to, "name", sequence->name);
    put_string(to, "last_value", sequence->last_value);
    put(to, "is_called", json_boolean(sequence->is_called));
}

static void put_entry(const struct filling *to, const struct plan_entry *entry)
{
    put_string(to, "name", entry->name);
    put_count(to, "size", entry->stored_size);
    put_hex(to, "sha256", entry->sha256, SHA256_SIZE);
    put_count(to, "raw_size", entry->raw_size);
    put_hex(to, "raw_sha256", entry->raw_sha256, SHA256_SIZE);
    put_count(to, "rows", entry->rows);
}

static void put_arrays(const struct filling *to, const struct manifest *manifest)
{
    json_t *statements = put_array(to, "statements"), *tables = put_array(to, "tables");
    json_t *sequences = put_array(to, "sequences"), *entries = put_array(to, "entries");

    for (size_t i = 0; i < manifest->statement_count; i++) {
        const struct filling item = add_object(to, statements);
        put_statement(&item, &manifest->statements[i]);
    }
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct filling item = add_object(to, tables);
        put_table(&item, &manifest->tables[i]);
    }
    for (size_t i = 0; i < manifest->sequence_count; i++) {
        const struct filling item = add_object(to, sequences);
        put_sequence(&item, &manifest->sequences[i]);
    }
    for (size_t i = 0; i < manifest->entry_count; i++) {
        const struct filling item = add_object(to, entries);
        put_entry(&item, &manifest->entries[i]);
    }
}

static void put_manifest(const struct filling *to, const struct manifest *manifest)
{
    const struct filling format = put_object(to, "format"), main = put_object(to, "main");
    const struct filling standin = put_object(to, "standin"), options = put_object(to, "options");
    const struct filling objects = put_object(to, "objects");

    put_count(&format, "major", (uint64_t)manifest->format_major);
    put_count(&format, "minor", (uint64_t)manifest->format_minor);
    put_string(to, "plan_id", manifest->plan_id);
    put_hex(to, "content_root", manifest->content_root, SHA256_SIZE);
    put_string(to, "created", manifest->created);
    put_string(to, "tool", manifest->tool);
    put_identity(&main, &manifest->main);
    put_identity(&standin, &manifest->standin);
    put_string(&standin, "source", manifest->standin_source);
    put_string(to, "fingerprint_algorithm", manifest->fingerprint_algorithm);
    put_hex(to, "main_schema", manifest->main_schema, SHA256_SIZE);
    put_hex(to, "base_schema", manifest->base_schema, SHA256_SIZE);
    put_options(&options, manifest);
    put_count(&objects, "create", manifest->objects.create);
    put_count(&objects, "alter", manifest->objects.alter);
    put_count(&objects, "drop", manifest->objects.drop);
    put_arrays(to, manifest);
    put_list(to, "warnings", &manifest->warnings);
}

bool manifest_write(const struct manifest *manifest, char **json, size_t *length, struct error *err)
{
    cleanup(free_string) char *failed = NULL;
    cleanup(json_release) json_t *object = json_object();
    const struct filling to = {.object = object, .failed = &failed};

    put_manifest(&to, manifest);
    if (failed != NULL)
        return error_set(err, ERROR_REFUSED, "a text that belongs into the plan is not valid UTF-8 (%s)", failed),
               error_hint(err, "Names and definitions must be valid text in the database's encoding.");
    *json = json_print(object, length);
    return true;
}
