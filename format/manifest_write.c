/* The manifest as canonical JSON: members in the order of their names. */
#include "common/memory.h"
#include "format/json_writer.h"
#include "format/manifest.h"

static void put_list(struct json_writer *to, const char *name, const struct string_list *list)
{
    bool good = to->failed == NULL;

    json_begin(to, name, '[');
    for (size_t i = 0; i < list->count; i++)
        json_put_string(to, NULL, list->items[i]);
    json_end(to, ']');
    if (good && to->failed != NULL)
        to->failed = name;
}

static void put_identity(struct json_writer *to, const char *name, const struct database_identity *identity,
                         const char *source)
{
    json_begin(to, name, '{');
    json_put_string(to, "collate", identity->collate);
    json_put_string(to, "collation_version", identity->collation_version);
    json_put_string(to, "ctype", identity->ctype);
    json_put_string(to, "dbname", identity->dbname);
    json_put_string(to, "encoding", identity->encoding);
    json_put_string(to, "lsn", identity->lsn);
    json_put_string(to, "server_version", identity->server_version);
    json_put_count(to, "server_version_number", (uint64_t)identity->server_version_number);
    json_put_string(to, "snapshot", identity->snapshot);
    json_put_string(to, "source", source);
    json_put_string(to, "system_identifier", identity->system_identifier);
    json_end(to, '}');
}

static void put_options(struct json_writer *to, const struct manifest *manifest)
{
    json_begin(to, "options", '{');
    json_put_flag(to, "before_images", manifest->options.before_images);
    json_put_count(to, "chunk_size", manifest->options.chunk_size);
    json_put_flag(to, "clean_extra", manifest->options.clean_extra);
    json_put_flag(to, "comments", manifest->options.comments);
    json_put_flag(to, "delete_rows", manifest->options.delete_rows);
    if (manifest->options.excluded_tables.count > 0)
        put_list(to, "excluded_tables", &manifest->options.excluded_tables);
    if (manifest->options.fdw_mode)
        json_put_flag(to, "fdw_mode", true);
    json_put_string(to, "hash", manifest->options.hash);
    if (manifest->options.large_objects)
        json_put_flag(to, "large_objects", true);
    if (manifest->options.updated_at_column != NULL)
        json_put_string(to, "last_sync_time", manifest->options.last_sync_time);
    json_put_flag(to, "owners", manifest->options.owners);
    json_put_flag(to, "privileges", manifest->options.privileges);
    if (manifest->options.renames.count > 0)
        put_list(to, "renames", &manifest->options.renames);
    put_list(to, "schemas", &manifest->options.schemas);
    json_put_flag(to, "sync_data", manifest->options.sync_data);
    json_put_flag(to, "sync_schema", manifest->options.sync_schema);
    if (manifest->options.tables.count > 0)
        put_list(to, "tables", &manifest->options.tables);
    if (manifest->options.updated_at_column != NULL)
        json_put_string(to, "time_zone", manifest->options.time_zone);
    json_put_string(to, "updated_at_column", manifest->options.updated_at_column);
    json_end(to, '}');
}

static void put_preconditions(struct json_writer *to, const struct plan_statement *statement)
{
    json_begin(to, "preconditions", '[');
    for (size_t i = 0; i < statement->precondition_count; i++) {
        const struct plan_precondition *precondition = &statement->preconditions[i];

        json_begin(to, NULL, '{');
        json_put_string(to, "condition", precondition->condition);
        put_list(to, "examples", &precondition->examples);
        json_put_string(to, "note", precondition->note);
        json_put_count(to, "rows", precondition->rows);
        json_put_string(to, "rows_of", precondition->rows_of);
        json_put_string(to, "state", precondition_state_name(precondition->state));
        json_end(to, '}');
    }
    json_end(to, ']');
}

static void put_touches(struct json_writer *to, const struct plan_statement *statement)
{
    json_begin(to, "touches", '[');
    for (size_t i = 0; i < statement->touched_count; i++) {
        const struct plan_touched *touched = &statement->touches[i];

        json_begin(to, NULL, '{');
        json_put_count(to, "bytes", touched->bytes);
        if (touched->rows_known)
            json_put_count(to, "rows", touched->rows);
        json_put_string(to, "table", touched->table);
        json_end(to, '}');
    }
    json_end(to, ']');
}

static void put_statement(struct json_writer *to, const struct plan_statement *statement)
{
    json_begin(to, NULL, '{');
    json_put_string(to, "action", action_name(statement->action));
    json_put_string(to, "class", statement->class);
    json_put_string(to, "entry", statement->entry);
    json_put_count(to, "id", statement->id);
    json_put_string(to, "object", statement->object);
    json_put_string(to, "phase", phase_name(statement->phase));
    if (statement->precondition_count > 0)
        put_preconditions(to, statement);
    put_list(to, "risks", &statement->risks);
    if (statement->touched_count > 0)
        put_touches(to, statement);
    json_end(to, '}');
}

/* What most columns have is left out: with 10,000 tables the manifest is mostly this. */
static void put_column(struct json_writer *to, const struct column_shape *column)
{
    json_begin(to, NULL, '{');
    json_put_string(to, "equality_schema", column->equality_schema);
    json_put_string(to, "form",
                    column->form == FORM_SEND     ? "send"
                    : column->form == FORM_TEXT   ? "text"
                    : column->form == FORM_OUTPUT ? "output"
                    : column->form == FORM_NONE   ? "none"
                                                  : NULL);
    if (column->generated)
        json_put_flag(to, "generated", true);
    if (column->identity_always)
        json_put_flag(to, "identity_always", true);
    json_put_string(to, "name", column->name);
    if (column->not_null)
        json_put_flag(to, "not_null", true);
    json_put_string(to, "send", column->send);
    json_put_string(to, "type", column->type);
    if (column->unique)
        json_put_flag(to, "unique", true);
    json_end(to, '}');
}

static void put_chunking(struct json_writer *to, const struct chunking *chunking)
{
    json_begin(to, "chunking", '{');
    if (chunking->way == CHUNK_BY_RANGE)
        json_put_count(to, "column", chunking->column);
    else
        json_put_count(to, "hash_bits", chunking->hash_bits);
    json_put_count(to, "slices", chunking->slice_count);
    json_put_count(to, "slices_per_chunk", chunking->slices_per_chunk);
    json_put_string(to, "way", chunking->way == CHUNK_BY_RANGE ? "range" : "hash");
    json_end(to, '}');
}

static void put_fingerprint(struct json_writer *to, const char *name, const struct fingerprint *fingerprint)
{
    unsigned char sum[8];

    for (size_t i = 0; i < sizeof sum; i++)
        sum[i] = (unsigned char)(fingerprint->sum >> (8 * (sizeof sum - 1 - i)));
    json_begin(to, name, '{');
    json_put_count(to, "rows", fingerprint->rows);
    json_put_hex(to, "sum", sum, sizeof sum);
    json_end(to, '}');
}

static void put_shape(struct json_writer *to, const struct table_shape *shape)
{
    json_begin(to, "columns", '[');
    for (size_t i = 0; i < shape->column_count; i++)
        put_column(to, &shape->columns[i]);
    json_end(to, ']');
}

static void put_key(struct json_writer *to, const struct table_shape *shape)
{
    json_begin(to, "key", '[');
    for (size_t i = 0; i < shape->key_count; i++)
        json_put_count(to, NULL, shape->key[i]);
    json_end(to, ']');
}

static void put_partitions(struct json_writer *to, const struct plan_table *table)
{
    json_begin(to, "partitions", '[');
    for (size_t i = 0; i < table->partition_count; i++) {
        json_begin(to, NULL, '{');
        json_put_count(to, "level", table->partitions[i].level);
        json_put_string(to, "name", table->partitions[i].name);
        json_put_string(to, "schema", table->partitions[i].schema);
        json_end(to, '}');
    }
    json_end(to, ']');
}

static void put_table(struct json_writer *to, const struct plan_table *table)
{
    json_begin(to, NULL, '{');
    if (!table->base_partly)
        put_fingerprint(to, "base", &table->base);
    json_put_string(to, "base_name", table->base_name);
    json_put_count(to, "bytes", table->bytes);
    if (table->chunking.slice_count > 0)
        put_chunking(to, &table->chunking);
    put_shape(to, &table->shape);
    json_put_string(to, "condition", table->shape.condition);
    json_put_flag(to, "created", table->created);
    json_put_count(to, "delete", table->deletes);
    json_put_string(to, "digest", table->digest_entry);
    if (table->emptied)
        json_put_flag(to, "emptied", true);
    json_put_string(to, "extension", table->extension);
    if (table->fdw)
        json_put_string(to, "found", strategy_name(table->strategy));
    json_put_count(to, "insert", table->inserts);
    if (table->kept.count > 0)
        put_list(to, "kept", &table->kept);
    put_key(to, &table->shape);
    if (!table->main_partly)
        put_fingerprint(to, "main", &table->main);
    json_put_string(to, "name", table->shape.name);
    json_put_string(to, "note", table->note);
    if (table->shape.partitioned)
        put_partitions(to, table);
    json_put_string(to, "schema", table->shape.schema);
    json_put_string(to, "strategy", table_strategy_name(table));
    json_put_count(to, "update", table->updates);
    json_end(to, '}');
}

static void put_sequence(struct json_writer *to, const struct plan_sequence *sequence)
{
    json_begin(to, NULL, '{');
    json_put_flag(to, "is_called", sequence->is_called);
    json_put_string(to, "last_value", sequence->last_value);
    json_put_string(to, "name", sequence->name);
    json_put_string(to, "schema", sequence->schema);
    json_end(to, '}');
}

static void put_entry(struct json_writer *to, const struct plan_entry *entry)
{
    json_begin(to, NULL, '{');
    json_put_string(to, "name", entry->name);
    json_put_hex(to, "raw_sha256", entry->raw_sha256, SHA256_SIZE);
    json_put_count(to, "raw_size", entry->raw_size);
    json_put_count(to, "rows", entry->rows);
    json_put_hex(to, "sha256", entry->sha256, SHA256_SIZE);
    json_put_count(to, "size", entry->stored_size);
    json_end(to, '}');
}

static void put_numbers(struct json_writer *to, const struct manifest *manifest)
{
    json_begin(to, "objects", '{');
    json_put_count(to, "alter", manifest->objects.alter);
    json_put_count(to, "create", manifest->objects.create);
    json_put_count(to, "drop", manifest->objects.drop);
    json_end(to, '}');
}

static void put_format(struct json_writer *to, const struct manifest *manifest)
{
    json_begin(to, "format", '{');
    json_put_count(to, "major", (uint64_t)manifest->format_major);
    json_put_count(to, "minor", (uint64_t)manifest->format_minor);
    json_end(to, '}');
}

/* An array of all items, each by `put`. */
#define PUT_ARRAY(to, name, items, count, put)                                                                         \
    do {                                                                                                               \
        json_begin((to), (name), '[');                                                                                 \
        for (size_t i_ = 0; i_ < (count); i_++)                                                                        \
            put((to), &(items)[i_]);                                                                                   \
        json_end((to), ']');                                                                                           \
    } while (0)

static void put_manifest(struct json_writer *to, const struct manifest *manifest)
{
    json_begin(to, NULL, '{');
    json_put_hex(to, "base_schema", manifest->base_schema, SHA256_SIZE);
    json_put_hex(to, "content_root", manifest->content_root, SHA256_SIZE);
    json_put_string(to, "created", manifest->created);
    PUT_ARRAY(to, "entries", manifest->entries, manifest->entry_count, put_entry);
    json_put_string(to, "fingerprint_algorithm", manifest->fingerprint_algorithm);
    put_format(to, manifest);
    put_identity(to, "main", &manifest->main, NULL);
    json_put_hex(to, "main_schema", manifest->main_schema, SHA256_SIZE);
    put_numbers(to, manifest);
    put_options(to, manifest);
    json_put_string(to, "plan_id", manifest->plan_id);
    PUT_ARRAY(to, "sequences", manifest->sequences, manifest->sequence_count, put_sequence);
    put_identity(to, "standin", &manifest->standin, manifest->standin_source);
    PUT_ARRAY(to, "statements", manifest->statements, manifest->statement_count, put_statement);
    PUT_ARRAY(to, "tables", manifest->tables, manifest->table_count, put_table);
    json_put_string(to, "tool", manifest->tool);
    put_list(to, "warnings", &manifest->warnings);
    json_end(to, '}');
}

bool manifest_write(const struct manifest *manifest, char **json, size_t *length, struct error *err)
{
    struct json_writer to = {0};

    put_manifest(&to, manifest);
    if (to.failed != NULL) {
        text_free(&to.text);
        error_set(err, ERROR_REFUSED, "a text that belongs into the plan is not valid UTF-8 (%s)", to.failed);
        return error_hint(err, "Names and definitions must be valid text in the database's encoding.");
    }
    *length = to.text.length;
    *json = text_take(&to.text);
    return true;
}
