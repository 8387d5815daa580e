/*
 * What must be right in a manifest, whether it was read or is about to be written: bounds, names of entries, cross
 * references. That a text is a text and a number a number, manifest_read.c sees to.
 */
#include "common/memory.h"
#include "format/content_root.h"
#include "format/entry_name.h"
#include "format/entry_order.h"
#include "format/json.h"
#include "format/limits.h"

static bool check_optional(const struct json_place *place, const char *name, const char *text, size_t limit)
{
    return text == NULL || strlen(text) <= limit || json_refuse(place, name, "longer than %zu bytes", limit);
}

static bool check_text(const struct json_place *place, const char *name, const char *text, size_t limit)
{
    return text != NULL ? check_optional(place, name, text, limit) : json_refuse(place, name, "expected a string");
}

static bool check_count(const struct json_place *place, const char *name, uint64_t count, uint64_t limit)
{
    return count <= limit || json_refuse(place, name, "larger than %llu", (unsigned long long)limit);
}

static bool check_size(const struct json_place *place, const char *name, size_t count, uint64_t limit)
{
    return count <= limit || json_refuse(place, name, "more than %llu items", (unsigned long long)limit);
}

static bool check_list(const struct json_place *place, const char *name, const struct string_list *list, uint64_t limit)
{
    if (!check_size(place, name, list->count, limit))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!check_text(place, name, list->items[i], LIMIT_STRING))
            return false;
    return true;
}

/* Calls check for each item of an array, with its place. */
#define CHECK_ARRAY(place, member, limit, items, count, check)                                                         \
    __extension__({                                                                                                    \
        const struct json_place array_ = {.outer = (place), .name = (member), .err = (place)->err};                    \
        bool good_ = check_size((place), (member), (count), (limit));                                                  \
        for (size_t i_ = 0; good_ && i_ < (count); i_++) {                                                             \
            const struct json_place item_ = {.outer = &array_, .index = i_, .err = (place)->err};                      \
            good_ = check(&item_, &(items)[i_]);                                                                       \
        }                                                                                                              \
        good_;                                                                                                         \
    })

static bool check_identity(const struct json_place *place, const struct database_identity *identity)
{
    return check_count(place, "server_version_number", (uint64_t)identity->server_version_number, 10000000) &&
           check_text(place, "dbname", identity->dbname, LIMIT_NAME) &&
           check_text(place, "server_version", identity->server_version, LIMIT_NAME) &&
           check_text(place, "system_identifier", identity->system_identifier, LIMIT_NAME) &&
           check_text(place, "encoding", identity->encoding, LIMIT_NAME) &&
           check_text(place, "collate", identity->collate, LIMIT_NAME) &&
           check_text(place, "ctype", identity->ctype, LIMIT_NAME) &&
           check_optional(place, "collation_version", identity->collation_version, LIMIT_NAME) &&
           check_text(place, "snapshot", identity->snapshot, LIMIT_NAME) &&
           check_text(place, "lsn", identity->lsn, LIMIT_NAME);
}

/* 128 bits in lower-case hex. */
static bool check_plan_id(const struct json_place *place, const char *plan_id)
{
    enum { DIGITS = 32 };

    return check_text(place, "plan_id", plan_id, DIGITS) &&
           (strspn(plan_id, "0123456789abcdef") == DIGITS ||
            json_refuse(place, "plan_id", "expected %d digits", DIGITS));
}

static bool check_objects(const struct json_place *place, const struct manifest *manifest)
{
    return check_count(place, "objects", manifest->objects.create, LIMIT_COUNT) &&
           check_count(place, "objects", manifest->objects.alter, LIMIT_COUNT) &&
           check_count(place, "objects", manifest->objects.drop, LIMIT_COUNT);
}

static bool check_head(const struct json_place *place, const struct manifest *manifest)
{
    const struct json_place main = {.outer = place, .name = "main", .err = place->err};
    const struct json_place standin = {.outer = place, .name = "standin", .err = place->err};
    const struct json_place options = {.outer = place, .name = "options", .err = place->err};

    return check_plan_id(place, manifest->plan_id) && check_text(place, "created", manifest->created, LIMIT_NAME) &&
           check_text(place, "tool", manifest->tool, LIMIT_NAME) && check_identity(&main, &manifest->main) &&
           check_identity(&standin, &manifest->standin) &&
           check_text(&standin, "source", manifest->standin_source, LIMIT_NAME) &&
           check_text(place, "fingerprint_algorithm", manifest->fingerprint_algorithm, LIMIT_NAME) &&
           check_list(&options, "schemas", &manifest->options.schemas, LIMIT_LIST) &&
           check_list(&options, "tables", &manifest->options.tables, LIMIT_LIST) &&
           check_list(&options, "excluded_tables", &manifest->options.excluded_tables, LIMIT_LIST) &&
           check_list(&options, "renames", &manifest->options.renames, LIMIT_LIST) &&
           check_optional(&options, "hash", manifest->options.hash, LIMIT_NAME) &&
           check_optional(&options, "updated_at_column", manifest->options.updated_at_column, LIMIT_NAME) &&
           check_optional(&options, "last_sync_time", manifest->options.last_sync_time, LIMIT_NAME) &&
           check_optional(&options, "time_zone", manifest->options.time_zone, LIMIT_NAME) &&
           check_count(&options, "chunk_size", manifest->options.chunk_size, LIMIT_COUNT) &&
           check_objects(place, manifest) && check_list(place, "warnings", &manifest->warnings, LIMIT_WARNINGS);
}

static bool check_touched(const struct json_place *place, const struct plan_touched *touched)
{
    return check_text(place, "table", touched->table, LIMIT_STRING) &&
           check_count(place, "bytes", touched->bytes, LIMIT_COUNT) &&
           (!touched->rows_known || check_count(place, "rows", touched->rows, LIMIT_COUNT));
}

static bool check_precondition(const struct json_place *place, const struct plan_precondition *precondition)
{
    if ((precondition->state == PRECONDITION_BROKEN) != (precondition->rows > 0))
        return json_refuse(place, "rows", "does not fit the state");
    return check_text(place, "condition", precondition->condition, LIMIT_STRING) &&
           check_text(place, "rows_of", precondition->rows_of, LIMIT_NAME) &&
           check_count(place, "rows", precondition->rows, LIMIT_COUNT) &&
           check_list(place, "examples", &precondition->examples, LIMIT_LIST) &&
           check_optional(place, "note", precondition->note, LIMIT_STRING);
}

static bool check_statement(const struct json_place *place, const struct plan_statement *statement)
{
    if (statement->id != place->index + 1)
        return json_refuse(place, "id", "statements are numbered from 1 in their order");
    cleanup(free_string) char *entry = entry_name_statement(statement->id);
    if (statement->entry == NULL || strcmp(entry, statement->entry) != 0)
        return json_refuse(place, "entry", "expected %s", entry);
    return check_text(place, "class", statement->class, LIMIT_NAME) &&
           check_text(place, "object", statement->object, LIMIT_STRING) &&
           check_list(place, "risks", &statement->risks, LIMIT_LIST) &&
           CHECK_ARRAY(place, "touches", LIMIT_LIST, statement->touches, statement->touched_count, check_touched) &&
           CHECK_ARRAY(place, "preconditions", LIMIT_LIST, statement->preconditions, statement->precondition_count,
                       check_precondition);
}

static bool check_column(const struct json_place *place, const struct column_shape *column)
{
    if (column->form == FORM_SEND && column->send == NULL)
        return json_refuse(place, "send", "missing for a column of this form");
    return check_text(place, "name", column->name, LIMIT_NAME) && check_text(place, "type", column->type, LIMIT_NAME) &&
           check_optional(place, "send", column->send, LIMIT_NAME) &&
           check_optional(place, "equality_schema", column->equality_schema, LIMIT_NAME);
}

static bool check_key(const struct json_place *place, const struct table_shape *shape)
{
    for (size_t i = 0; i < shape->key_count; i++) {
        if (shape->key[i] >= shape->column_count)
            return json_refuse(place, "key", "no such column");
        for (size_t j = 0; j < i; j++)
            if (shape->key[j] == shape->key[i])
                return json_refuse(place, "key", "a column is in the key twice");
    }
    return true;
}

static bool check_chunking(const struct json_place *table, const struct table_shape *shape,
                           const struct chunking *chunking)
{
    const struct json_place place = {.outer = table, .name = "chunking", .err = table->err};

    if (chunking->slice_count == 0) /* the rows are not divided */
        return true;
    if (chunking->slices_per_chunk == 0 || chunking->slice_count > LIMIT_SLICES ||
        chunking->slices_per_chunk > LIMIT_SLICES)
        return json_refuse(&place, NULL, "has no slices, or too many");
    if (chunking->way == CHUNK_BY_RANGE)
        return chunking->column < shape->column_count || json_refuse(&place, "column", "no such column");
    return (chunking->hash_bits <= 62 && chunking->slice_count == UINT64_C(1) << chunking->hash_bits) ||
           json_refuse(&place, "slices", "not as many as hash_bits make");
}

static bool check_partition(const struct json_place *place, const struct plan_partition *partition)
{
    return check_text(place, "schema", partition->schema, LIMIT_NAME) &&
           check_text(place, "name", partition->name, LIMIT_NAME) &&
           check_count(place, "level", partition->level, LIMIT_TABLES);
}

static bool check_table(const struct json_place *place, const struct plan_table *table)
{
    const struct table_shape *shape = &table->shape;

    if (!check_text(place, "schema", shape->schema, LIMIT_NAME) ||
        !check_text(place, "name", shape->name, LIMIT_NAME) ||
        !CHECK_ARRAY(place, "columns", LIMIT_COLUMNS, shape->columns, shape->column_count, check_column) ||
        !check_key(place, shape) || !check_chunking(place, shape, &table->chunking) ||
        !check_optional(place, "base_name", table->base_name, LIMIT_NAME) ||
        !check_optional(place, "condition", shape->condition, LIMIT_STRING) ||
        !check_optional(place, "extension", table->extension, LIMIT_NAME) ||
        !check_list(place, "kept", &table->kept, LIMIT_COLUMNS) ||
        !CHECK_ARRAY(place, "partitions", LIMIT_TABLES, table->partitions, table->partition_count, check_partition) ||
        !check_count(place, "insert", table->inserts, LIMIT_COUNT) ||
        !check_count(place, "update", table->updates, LIMIT_COUNT) ||
        !check_count(place, "delete", table->deletes, LIMIT_COUNT) ||
        !check_count(place, "bytes", table->bytes, LIMIT_COUNT) ||
        !check_count(place, "main", table->main.rows, LIMIT_COUNT) ||
        !check_count(place, "base", table->base.rows, LIMIT_COUNT) ||
        !check_optional(place, "note", table->note, LIMIT_STRING))
        return false;
    if (table->fdw && table->strategy == STRATEGY_SKIP)
        return json_refuse(place, "found", "no way to find rows");
    if (table->extension == NULL && (shape->condition != NULL || table->emptied))
        return json_refuse(place, "extension", "missing");
    if (shape->partitioned && (table->extension != NULL || table->created || table->base_name != NULL))
        return json_refuse(place, "partitions", "of a table that statements make or that is an extension's");
    if (table->strategy == STRATEGY_COPY && (shape->condition != NULL || table->emptied))
        return json_refuse(place, "strategy", "some of its rows are not the plan's");
    if (table->strategy != STRATEGY_UPDATED_AT && (table->main_partly || table->base_partly))
        return json_refuse(place, table->main_partly ? "main" : "base", "missing");
    if (table->digest_entry == NULL)
        return true;
    cleanup(free_string) char *digest = entry_name_digest(place->index + 1, shape->schema, shape->name);
    if (strcmp(digest, table->digest_entry) != 0)
        return json_refuse(place, "digest", "expected %s", digest);
    return table->chunking.slice_count > 0 || json_refuse(place, "chunking", "missing beside a digest");
}

static bool is_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool check_sequence(const struct json_place *place, const struct plan_sequence *sequence)
{
    return check_text(place, "schema", sequence->schema, LIMIT_NAME) &&
           check_text(place, "name", sequence->name, LIMIT_NAME) &&
           check_text(place, "last_value", sequence->last_value, 20) &&
           (is_digits(sequence->last_value + (sequence->last_value[0] == '-')) ||
            json_refuse(place, "last_value", "expected a whole number"));
}

static bool check_entry(const struct json_place *place, const struct plan_entry *entry)
{
    if (entry->raw_size > LIMIT_RATIO_FREE && entry->raw_size / LIMIT_RATIO > entry->stored_size)
        return json_refuse(place, "raw_size", "more than %d times the stored size", (int)LIMIT_RATIO);
    return check_text(place, "name", entry->name, LIMIT_ENTRY_NAME) &&
           check_count(place, "size", entry->stored_size, LIMIT_STORED_SIZE) &&
           check_count(place, "raw_size", entry->raw_size, LIMIT_RAW_SIZE) &&
           check_count(place, "rows", entry->rows, LIMIT_COUNT);
}

static bool check_items(const struct json_place *place, const struct manifest *manifest)
{
    return CHECK_ARRAY(place, "statements", LIMIT_STATEMENTS, manifest->statements, manifest->statement_count,
                       check_statement) &&
           CHECK_ARRAY(place, "tables", LIMIT_TABLES, manifest->tables, manifest->table_count, check_table) &&
           CHECK_ARRAY(place, "sequences", LIMIT_SEQUENCES, manifest->sequences, manifest->sequence_count,
                       check_sequence) &&
           CHECK_ARRAY(place, "entries", LIMIT_ENTRIES, manifest->entries, manifest->entry_count, check_entry);
}

/* Each statement runs in the phase that its place in the order says. */
static bool check_phases(const struct json_place *place, const struct manifest *manifest)
{
    for (size_t i = 1; i < manifest->statement_count; i++)
        if (manifest->statements[i].phase < manifest->statements[i - 1].phase)
            return json_refuse(place, "statements", "statement %zu is in an earlier phase than the one before", i + 1);
    return true;
}

static bool check_tables(const struct json_place *place, const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->table_count; i++)
        if (manifest->tables[i].fdw && !manifest->options.fdw_mode)
            return json_refuse(place, "tables", "rows of table %zu are main's to give, without fdw_mode", i + 1);
    for (size_t i = 1; i < manifest->table_count; i++) {
        const struct table_shape *one = &manifest->tables[i - 1].shape, *two = &manifest->tables[i].shape;
        int order = strcmp(one->schema, two->schema);
        if (order > 0 || (order == 0 && strcmp(one->name, two->name) >= 0))
            return json_refuse(place, "tables", "not in order of schema and name");
    }
    return true;
}

/* What the row entries of a table hold together. */
struct rows_held {
    uint64_t rows[ROWS_KINDS], bytes;
};

/* Goes through the entries beside the order that they must have. */
struct matching {
    const struct manifest *manifest;
    size_t next;
    struct rows_held *held; /* of each table */
};

static bool match_entry(void *context, const struct entry_place *place)
{
    struct matching *matching = context;

    if (matching->next >= matching->manifest->entry_count)
        return false;
    const struct plan_entry *entry = &matching->manifest->entries[matching->next];
    if (strcmp(entry->name, place->name) != 0)
        return false;
    if (place->table > 0) {
        matching->held[place->table - 1].rows[place->kind] += entry->rows;
        matching->held[place->table - 1].bytes += entry->raw_size;
    }
    matching->next++;
    return true;
}

static bool check_held(const struct json_place *place, const struct manifest *manifest, const struct rows_held *held)
{
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        uint64_t inserts = rows_form(table, ROWS_INSERT, true) == ROWS_NONE ? 0 : table->inserts;
        if (held[i].rows[ROWS_DELETE] != table->deletes || held[i].rows[ROWS_UPDATE] != table->updates ||
            held[i].rows[ROWS_INSERT] != inserts || held[i].rows[ROWS_BEFORE] > table->updates + table->deletes ||
            held[i].bytes != table->bytes)
            return json_refuse(place, "tables", "the entries of table %zu do not hold the rows that it counts", i + 1);
    }
    return true;
}

/* The entries are those that the order gives, no other, each once, and hold what the tables say. */
static bool check_entries(const struct json_place *place, const struct manifest *manifest)
{
    struct matching matching = {
        .manifest = manifest,
        .held = allocate(manifest->table_count, sizeof *matching.held),
    };
    bool right = entry_order_walk(manifest, match_entry, &matching, ERROR_ARCHIVE, place->err);

    if (!right)
        error_context(place->err, "%s", ENTRY_MANIFEST);
    else if (matching.next != manifest->entry_count)
        right = json_refuse(place, "entries", "entry %zu is not one that may stand there", matching.next + 1);
    right = right && check_held(place, manifest, matching.held);
    free(matching.held);
    return right;
}

static bool check_root(const struct json_place *place, const struct manifest *manifest)
{
    unsigned char root[SHA256_SIZE];
    const struct plan_entry *main = manifest_find_entry(manifest, ENTRY_MAIN_SCHEMA);
    const struct plan_entry *base = manifest_find_entry(manifest, ENTRY_BASE_SCHEMA);

    content_root(manifest, root);
    if (memcmp(root, manifest->content_root, sizeof root) != 0)
        return json_refuse(place, "content_root", "is not that of the entries");
    if (main == NULL || memcmp(main->raw_sha256, manifest->main_schema, SHA256_SIZE) != 0)
        return json_refuse(place, "main_schema", "is not that of %s", ENTRY_MAIN_SCHEMA);
    if (base == NULL || memcmp(base->raw_sha256, manifest->base_schema, SHA256_SIZE) != 0)
        return json_refuse(place, "base_schema", "is not that of %s", ENTRY_BASE_SCHEMA);
    return true;
}

bool manifest_check(const struct manifest *manifest, struct error *err)
{
    const struct json_place place = {.name = ENTRY_MANIFEST, .err = err};

    return check_head(&place, manifest) && check_items(&place, manifest) && check_phases(&place, manifest) &&
           check_tables(&place, manifest) && check_entries(&place, manifest) && check_root(&place, manifest);
}
