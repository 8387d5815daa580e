/* What a plan file holds: the names of things, and ownership. */
#include "format/manifest.h"

#include "common/memory.h"

struct manifest *manifest_new(void)
{
    return allocate(1, sizeof(struct manifest));
}

static void free_tables(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->table_count; i++) {
        struct plan_table *table = &manifest->tables[i];
        for (size_t j = 0; j < table->partition_count; j++) {
            free(table->partitions[j].schema);
            free(table->partitions[j].name);
        }
        free(table->partitions);
        table_shape_free(&table->shape);
        chunking_free(&table->chunking);
        free(table->digest_entry);
        free(table->note);
        string_list_free(&table->kept);
        free(table->base_name);
        free(table->extension);
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

bool statement_checks_foreign_key(const struct plan_statement *statement, const char *sql)
{
    return strcmp(statement->class, "constraint") == 0 &&
           (strstr(sql, " FOREIGN KEY (") != NULL || strstr(sql, " VALIDATE CONSTRAINT ") != NULL);
}

bool labels_in_transactions(int server_version)
{
    return server_version >= 120000;
}
