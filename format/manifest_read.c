/* Reads the manifest and believes nothing in it: types and ranges here, what they mean in manifest_check.c. */
#include "common/fingerprint.h"
#include "common/memory.h"
#include "format/entry_name.h"
#include "format/json.h"
#include "format/limits.h"

/* One of the names that name_of() gives for 0 … count - 1. */
static bool take_choice(const struct json_place *place, const char *name, const char *(*name_of)(int), int count,
                        int *choice)
{
    cleanup(free_string) char *value = NULL;

    if (!json_take_string(place, name, LIMIT_NAME, &value))
        return false;
    for (int i = 0; i < count; i++)
        if (strcmp(value, name_of(i)) == 0)
            return *choice = i, true;
    return json_refuse(place, name, "not a value that this version knows");
}

static const char *phase_of(int i)
{
    return phase_name((enum phase)i);
}

static const char *action_of(int i)
{
    return action_name((enum action)i);
}

static const char *strategy_of(int i)
{
    return strategy_name((enum strategy)i);
}

static const char *state_of(int i)
{
    return precondition_state_name((enum precondition_state)i);
}

static const char *form_of(int i)
{
    static const char *const names[] = {"value", "send", "text", "output", "none"};

    return names[i];
}

static const char *way_of(int i)
{
    static const char *const names[] = {"range", "hash"};

    return names[i];
}

static bool take_size(const struct json_place *place, const char *name, uint64_t limit, size_t *size)
{
    uint64_t count = 0;

    if (!json_take_count(place, name, limit, &count))
        return false;
    *size = (size_t)count;
    return true;
}

static bool take_list(const struct json_place *place, const char *name, uint64_t limit, struct string_list *list)
{
    struct json_place array, item;

    if (!json_take_array(place, name, limit, &array))
        return false;
    for (size_t i = 0; i < json_array_size(array.value); i++) {
        if (!json_item(&array, i, JSON_STRING, &item))
            return false;
        if (json_string_length(item.value) > LIMIT_STRING)
            return json_refuse(&item, NULL, "longer than %d bytes", (int)LIMIT_STRING);
        string_list_add(list, json_string_value(item.value));
    }
    return true;
}

/* Calls read for each item of an array of objects; *items has room for all, *count says how many may be released. */
#define TAKE_ARRAY(place, name, limit, items, count, read)                                                             \
    __extension__({                                                                                                    \
        struct json_place array_, item_;                                                                               \
        bool taken_ = json_take_array((place), (name), (limit), &array_);                                              \
        if (taken_)                                                                                                    \
            (items) = allocate(json_array_size(array_.value), sizeof *(items));                                        \
        for (size_t i_ = 0; taken_ && i_ < json_array_size(array_.value); i_++) {                                      \
            (count) = i_ + 1;                                                                                          \
            taken_ = json_item(&array_, i_, JSON_OBJECT, &item_) && read(&item_, &(items)[i_]);                        \
        }                                                                                                              \
        taken_;                                                                                                        \
    })

static bool read_identity(const struct json_place *place, struct database_identity *identity)
{
    uint64_t version = 0;

    if (!json_take_string(place, "dbname", LIMIT_NAME, &identity->dbname) ||
        !json_take_string(place, "server_version", LIMIT_NAME, &identity->server_version) ||
        !json_take_count(place, "server_version_number", 10000000, &version) ||
        !json_take_string(place, "system_identifier", LIMIT_NAME, &identity->system_identifier) ||
        !json_take_string(place, "encoding", LIMIT_NAME, &identity->encoding) ||
        !json_take_string(place, "collate", LIMIT_NAME, &identity->collate) ||
        !json_take_string(place, "ctype", LIMIT_NAME, &identity->ctype) ||
        !json_take_optional_string(place, "collation_version", LIMIT_NAME, &identity->collation_version) ||
        !json_take_string(place, "snapshot", LIMIT_NAME, &identity->snapshot) ||
        !json_take_string(place, "lsn", LIMIT_NAME, &identity->lsn))
        return false;
    identity->server_version_number = (int)version;
    return true;
}

static bool take_optional_list(const struct json_place *place, const char *name, struct string_list *list)
{
    return json_object_get(place->value, name) == NULL || take_list(place, name, LIMIT_LIST, list);
}

static bool read_options(const struct json_place *manifest_place, struct manifest *manifest)
{
    struct json_place place;

    return json_take_object(manifest_place, "options", &place) &&
           json_take_flag(&place, "sync_schema", &manifest->options.sync_schema) &&
           json_take_flag(&place, "sync_data", &manifest->options.sync_data) &&
           json_take_flag(&place, "clean_extra", &manifest->options.clean_extra) &&
           json_take_flag(&place, "delete_rows", &manifest->options.delete_rows) &&
           json_take_flag(&place, "before_images", &manifest->options.before_images) &&
           json_take_flag(&place, "owners", &manifest->options.owners) &&
           json_take_flag(&place, "privileges", &manifest->options.privileges) &&
           json_take_flag(&place, "comments", &manifest->options.comments) &&
           json_take_optional_flag(&place, "large_objects", &manifest->options.large_objects) &&
           json_take_optional_flag(&place, "fdw_mode", &manifest->options.fdw_mode) &&
           take_list(&place, "schemas", LIMIT_LIST, &manifest->options.schemas) &&
           take_optional_list(&place, "tables", &manifest->options.tables) &&
           take_optional_list(&place, "excluded_tables", &manifest->options.excluded_tables) &&
           take_optional_list(&place, "renames", &manifest->options.renames) &&
           json_take_optional_string(&place, "hash", LIMIT_NAME, &manifest->options.hash) &&
           json_take_optional_string(&place, "updated_at_column", LIMIT_NAME, &manifest->options.updated_at_column) &&
           json_take_optional_string(&place, "last_sync_time", LIMIT_NAME, &manifest->options.last_sync_time) &&
           json_take_optional_string(&place, "time_zone", LIMIT_NAME, &manifest->options.time_zone) &&
           json_take_count(&place, "chunk_size", LIMIT_COUNT, &manifest->options.chunk_size);
}

static bool read_touched(const struct json_place *place, struct plan_touched *touched)
{
    touched->rows_known = json_object_get(place->value, "rows") != NULL;
    return json_take_string(place, "table", LIMIT_STRING, &touched->table) &&
           json_take_count(place, "bytes", LIMIT_COUNT, &touched->bytes) &&
           (!touched->rows_known || json_take_count(place, "rows", LIMIT_COUNT, &touched->rows));
}

static bool read_precondition(const struct json_place *place, struct plan_precondition *precondition)
{
    int state = 0;

    if (!json_take_string(place, "condition", LIMIT_STRING, &precondition->condition) ||
        !json_take_string(place, "rows_of", LIMIT_NAME, &precondition->rows_of) ||
        !take_choice(place, "state", state_of, PRECONDITION_UNKNOWN + 1, &state) ||
        !json_take_count(place, "rows", LIMIT_COUNT, &precondition->rows) ||
        !take_list(place, "examples", LIMIT_LIST, &precondition->examples) ||
        !json_take_optional_string(place, "note", LIMIT_STRING, &precondition->note))
        return false;
    precondition->state = (enum precondition_state)state;
    return true;
}

static bool read_foresight(const struct json_place *place, struct plan_statement *statement)
{
    return (json_object_get(place->value, "touches") == NULL ||
            TAKE_ARRAY(place, "touches", LIMIT_LIST, statement->touches, statement->touched_count, read_touched)) &&
           (json_object_get(place->value, "preconditions") == NULL ||
            TAKE_ARRAY(place, "preconditions", LIMIT_LIST, statement->preconditions, statement->precondition_count,
                       read_precondition));
}

static bool read_statement(const struct json_place *place, struct plan_statement *statement)
{
    int phase = 0, action = 0;

    if (!json_take_count(place, "id", LIMIT_STATEMENTS, &statement->id) ||
        !take_choice(place, "phase", phase_of, PHASE_POST_DATA + 1, &phase) ||
        !take_choice(place, "action", action_of, ACTION_REPLACE + 1, &action) ||
        !json_take_string(place, "class", LIMIT_NAME, &statement->class) ||
        !json_take_string(place, "object", LIMIT_STRING, &statement->object) ||
        !json_take_string(place, "entry", LIMIT_ENTRY_NAME, &statement->entry) ||
        !take_list(place, "risks", LIMIT_LIST, &statement->risks) || !read_foresight(place, statement))
        return false;
    statement->phase = (enum phase)phase;
    statement->action = (enum action)action;
    return true;
}

static bool read_column(const struct json_place *place, struct column_shape *column)
{
    int form = FORM_VALUE;

    if (!json_take_string(place, "name", LIMIT_NAME, &column->name) ||
        !json_take_string(place, "type", LIMIT_NAME, &column->type) ||
        (json_object_get(place->value, "form") != NULL && !take_choice(place, "form", form_of, FORM_NONE + 1, &form)) ||
        !json_take_optional_string(place, "send", LIMIT_NAME, &column->send) ||
        !json_take_optional_flag(place, "generated", &column->generated) ||
        !json_take_optional_flag(place, "identity_always", &column->identity_always) ||
        !json_take_optional_flag(place, "not_null", &column->not_null) ||
        !json_take_optional_flag(place, "unique", &column->unique) ||
        !json_take_optional_string(place, "equality_schema", LIMIT_NAME, &column->equality_schema))
        return false;
    column->form = (enum column_form)form;
    return true;
}

static bool read_key(const struct json_place *place, struct table_shape *shape)
{
    struct json_place array, item;

    if (!json_take_array(place, "key", shape->column_count, &array))
        return false;
    shape->key = allocate(json_array_size(array.value), sizeof *shape->key);
    for (size_t i = 0; i < json_array_size(array.value); i++) {
        if (!json_item(&array, i, JSON_INTEGER, &item))
            return false;
        shape->key[shape->key_count++] = (size_t)json_integer_value(item.value);
    }
    return true;
}

static bool read_chunking(const struct json_place *table, struct chunking *chunking)
{
    struct json_place place;
    int way = 0;
    size_t hash_bits = 0;

    if (json_object_get(table->value, "chunking") == NULL)
        return true;
    if (!json_take_object(table, "chunking", &place) || !take_choice(&place, "way", way_of, CHUNK_BY_HASH + 1, &way) ||
        !take_size(&place, "slices", LIMIT_SLICES, &chunking->slice_count) ||
        !take_size(&place, "slices_per_chunk", LIMIT_SLICES, &chunking->slices_per_chunk))
        return false;
    chunking->way = (enum chunk_way)way;
    if (chunking->slice_count == 0)
        return json_refuse(&place, "slices", "there are none");
    if (chunking->way == CHUNK_BY_RANGE)
        return take_size(&place, "column", LIMIT_COLUMNS, &chunking->column);
    if (!take_size(&place, "hash_bits", 62, &hash_bits))
        return false;
    chunking->hash_bits = (unsigned)hash_bits;
    return true;
}

static bool read_fingerprint(const struct json_place *table, const char *name, struct fingerprint *fingerprint)
{
    struct json_place place;
    unsigned char bytes[8];

    if (!json_take_object(table, name, &place) || !json_take_count(&place, "rows", LIMIT_COUNT, &fingerprint->rows) ||
        !json_take_hex(&place, "sum", bytes, sizeof bytes))
        return false;
    fingerprint->sum = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        fingerprint->sum = fingerprint->sum << 8 | bytes[i];
    return true;
}

/* "fdw" says where the rows are; how they were found is beside it then. */
static bool read_strategy(const struct json_place *place, struct plan_table *table)
{
    const json_t *value = json_object_get(place->value, "strategy");
    int strategy = 0;

    table->fdw = json_is_string(value) && strcmp(json_string_value(value), STRATEGY_FDW_NAME) == 0;
    if (!take_choice(place, table->fdw ? "found" : "strategy", strategy_of, STRATEGY_UPDATED_AT + 1, &strategy))
        return false;
    table->strategy = (enum strategy)strategy;
    return true;
}

/* Of all rows; only where newer rows alone were read it may be missing. */
static bool read_total(const struct json_place *table, const char *name, struct fingerprint *fingerprint, bool *partly)
{
    *partly = json_object_get(table->value, name) == NULL;
    return *partly || read_fingerprint(table, name, fingerprint);
}

static bool read_partition(const struct json_place *place, struct plan_partition *partition)
{
    return json_take_string(place, "schema", LIMIT_NAME, &partition->schema) &&
           json_take_string(place, "name", LIMIT_NAME, &partition->name) &&
           json_take_count(place, "level", LIMIT_TABLES, &partition->level);
}

static bool read_table(const struct json_place *place, struct plan_table *table)
{
    struct table_shape *shape = &table->shape;

    shape->partitioned = json_object_get(place->value, "partitions") != NULL;
    if (!json_take_string(place, "schema", LIMIT_NAME, &shape->schema) ||
        !json_take_string(place, "name", LIMIT_NAME, &shape->name) ||
        !TAKE_ARRAY(place, "columns", LIMIT_COLUMNS, shape->columns, shape->column_count, read_column) ||
        !read_key(place, shape) || !read_chunking(place, &table->chunking) || !read_strategy(place, table) ||
        !json_take_optional_string(place, "condition", LIMIT_STRING, &shape->condition) ||
        !json_take_flag(place, "created", &table->created) ||
        !json_take_optional_flag(place, "emptied", &table->emptied) ||
        !json_take_optional_string(place, "extension", LIMIT_NAME, &table->extension) ||
        !json_take_optional_string(place, "base_name", LIMIT_NAME, &table->base_name) ||
        (json_object_get(place->value, "kept") != NULL && !take_list(place, "kept", LIMIT_COLUMNS, &table->kept)) ||
        (shape->partitioned &&
         !TAKE_ARRAY(place, "partitions", LIMIT_TABLES, table->partitions, table->partition_count, read_partition)) ||
        !json_take_count(place, "insert", LIMIT_COUNT, &table->inserts) ||
        !json_take_count(place, "update", LIMIT_COUNT, &table->updates) ||
        !json_take_count(place, "delete", LIMIT_COUNT, &table->deletes) ||
        !json_take_count(place, "bytes", LIMIT_COUNT, &table->bytes) ||
        !read_total(place, "main", &table->main, &table->main_partly) ||
        !read_total(place, "base", &table->base, &table->base_partly) ||
        !json_take_optional_string(place, "digest", LIMIT_ENTRY_NAME, &table->digest_entry) ||
        !json_take_optional_string(place, "note", LIMIT_STRING, &table->note))
        return false;
    return true;
}

static bool read_sequence(const struct json_place *place, struct plan_sequence *sequence)
{
    return json_take_string(place, "schema", LIMIT_NAME, &sequence->schema) &&
           json_take_string(place, "name", LIMIT_NAME, &sequence->name) &&
           json_take_string(place, "last_value", 20, &sequence->last_value) &&
           json_take_flag(place, "is_called", &sequence->is_called);
}

static bool read_entry(const struct json_place *place, struct plan_entry *entry)
{
    return json_take_string(place, "name", LIMIT_ENTRY_NAME, &entry->name) &&
           json_take_count(place, "size", LIMIT_STORED_SIZE, &entry->stored_size) &&
           json_take_hex(place, "sha256", entry->sha256, SHA256_SIZE) &&
           json_take_count(place, "raw_size", LIMIT_RAW_SIZE, &entry->raw_size) &&
           json_take_hex(place, "raw_sha256", entry->raw_sha256, SHA256_SIZE) &&
           json_take_count(place, "rows", LIMIT_COUNT, &entry->rows);
}

/* Every table's expressions are of the plan's algorithm; apply refuses a plan of one that it does not know. */
static void pass_on_algorithm(struct manifest *manifest)
{
    enum fingerprint_algorithm algorithm;

    if (!fingerprint_algorithm_from_name(manifest->fingerprint_algorithm, &algorithm))
        return;
    for (size_t i = 0; i < manifest->table_count; i++)
        manifest->tables[i].shape.algorithm = algorithm;
}

static bool read_body(const struct json_place *place, struct manifest *manifest)
{
    struct json_place main, standin, objects;

    return json_take_string(place, "created", LIMIT_NAME, &manifest->created) &&
           json_take_string(place, "tool", LIMIT_NAME, &manifest->tool) && json_take_object(place, "main", &main) &&
           read_identity(&main, &manifest->main) && json_take_object(place, "standin", &standin) &&
           read_identity(&standin, &manifest->standin) &&
           json_take_string(&standin, "source", LIMIT_NAME, &manifest->standin_source) &&
           json_take_string(place, "fingerprint_algorithm", LIMIT_NAME, &manifest->fingerprint_algorithm) &&
           json_take_hex(place, "content_root", manifest->content_root, SHA256_SIZE) &&
           json_take_hex(place, "main_schema", manifest->main_schema, SHA256_SIZE) &&
           json_take_hex(place, "base_schema", manifest->base_schema, SHA256_SIZE) && read_options(place, manifest) &&
           json_take_object(place, "objects", &objects) &&
           json_take_count(&objects, "create", LIMIT_COUNT, &manifest->objects.create) &&
           json_take_count(&objects, "alter", LIMIT_COUNT, &manifest->objects.alter) &&
           json_take_count(&objects, "drop", LIMIT_COUNT, &manifest->objects.drop) &&
           TAKE_ARRAY(place, "statements", LIMIT_STATEMENTS, manifest->statements, manifest->statement_count,
                      read_statement) &&
           TAKE_ARRAY(place, "tables", LIMIT_TABLES, manifest->tables, manifest->table_count, read_table) &&
           TAKE_ARRAY(place, "sequences", LIMIT_SEQUENCES, manifest->sequences, manifest->sequence_count,
                      read_sequence) &&
           TAKE_ARRAY(place, "entries", LIMIT_ENTRIES, manifest->entries, manifest->entry_count, read_entry) &&
           take_list(place, "warnings", LIMIT_WARNINGS, &manifest->warnings);
}

static bool read_format(const struct json_place *place, struct manifest *manifest)
{
    struct json_place format;
    uint64_t major = 0, minor = 0;
    unsigned char plan_id[16];

    if (!json_take_object(place, "format", &format) || !json_take_count(&format, "major", 1000000, &major) ||
        !json_take_count(&format, "minor", 1000000, &minor))
        return false;
    manifest->format_major = (int)major;
    manifest->format_minor = (int)minor;
    if (manifest->format_major != FORMAT_MAJOR) {
        json_refuse(&format, NULL, "version %d.%d of the format is not known", (int)major, (int)minor);
        return error_hint(place->err, "Use the version of PGSyncer that made the plan, or a newer one.");
    }
    return json_take_hex(place, "plan_id", plan_id, sizeof plan_id) &&
           json_take_string(place, "plan_id", 2 * sizeof plan_id, &manifest->plan_id);
}

bool manifest_read(const char *json, size_t length, struct manifest **manifest, struct error *err)
{
    cleanup(json_release) json_t *value = NULL;
    cleanup(manifest_cleanup) struct manifest *read = manifest_new();

    if (length > LIMIT_MANIFEST_SIZE)
        return error_set(err, ERROR_ARCHIVE, "%s is larger than %d MiB", ENTRY_MANIFEST,
                         (int)(LIMIT_MANIFEST_SIZE / LIMIT_MIB));
    if (!json_parse(json, length, ENTRY_MANIFEST, &value, err))
        return false;
    const struct json_place place = {.name = ENTRY_MANIFEST, .value = value, .err = err};
    if (!read_format(&place, read) || !read_body(&place, read) || !manifest_check(read, err))
        return false;
    pass_on_algorithm(read);
    *manifest = take(read);
    return true;
}
