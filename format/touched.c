/* The tables whose rows a plan changes, as the queries of format/sql are told of them. */
#include "format/touched.h"

#include "common/memory.h"
#include "format/json.h"
#include "format/row_statements.h"

bool table_is_touched(const struct plan_table *table)
{
    return table->strategy != STRATEGY_SKIP && (table->emptied || table->inserts + table->updates + table->deletes > 0);
}

static json_t *describe(const struct plan_table *table, enum touched_as as)
{
    const struct table_shape *shape = &table->shape;
    json_t *description = json_object(), *key = json_array();

    json_object_set_new(description, "schema", json_string(shape->schema));
    bool renamed = as == TOUCHED_BEFORE && table->base_name != NULL;
    json_object_set_new(description, "name", json_string(renamed ? table->base_name : shape->name));
    json_object_set_new(description, "created", json_boolean(table->created));
    json_object_set_new(description, "deletes", json_boolean(table->deletes > 0));
    json_object_set_new(description, "inserts", json_boolean(table->inserts > 0));
    json_object_set_new(description, "updates", json_boolean(table->updates > 0));
    json_object_set_new(description, "moves", json_boolean(table->updates > 0 && updates_move_rows(shape)));
    for (size_t k = 0; k < shape->key_count && !renamed; k++)
        json_array_append_new(key, json_string(shape->columns[shape->key[k]].name));
    json_object_set_new(description, "key", key);
    if (table->kept.count > 0 && table->inserts > 0) {
        json_t *kept = json_array();

        for (size_t i = 0; i < table->kept.count; i++)
            json_array_append_new(kept, json_string(table->kept.items[i]));
        json_object_set_new(description, "kept", kept);
    }
    if (table->extension != NULL)
        json_object_set_new(description, "extension", json_string(table->extension));
    if (shape->condition != NULL)
        json_object_set_new(description, "condition", json_string(shape->condition));
    return description;
}

/* What is done by the partitioned table may be done to each. */
static json_t *describe_partition(const json_t *whole, const struct plan_partition *partition)
{
    json_t *description = json_copy((json_t *)whole);

    json_object_set_new(description, "schema", json_string(partition->schema));
    json_object_set_new(description, "name", json_string(partition->name));
    json_object_set_new(description, "level", json_integer((json_int_t)partition->level));
    return description;
}

char *touched_describe(const struct manifest *manifest, enum touched_as as)
{
    cleanup(json_release) json_t *tables = json_array();
    size_t length;

    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];

        if (!table_is_touched(table) && (as != TOUCHED_COMPARED || table->strategy == STRATEGY_SKIP))
            continue;
        json_t *description = describe(table, as);
        json_array_append_new(tables, description);
        for (size_t j = 0; j < table->partition_count; j++)
            json_array_append_new(tables, describe_partition(description, &table->partitions[j]));
    }
    return json_print(tables, &length);
}

char *unchecked_describe(const struct catalog *main)
{
    cleanup(json_release) json_t *constraints = json_array();
    size_t length;

    for (size_t i = 0; i < main->count; i++) {
        const struct object *object = main->objects[i];
        const char *validated = object->class == CLASS_CONSTRAINT ? object_field(object, "validated") : NULL;

        if (validated != NULL && strcmp(validated, "false") == 0 && object->parent->class == CLASS_TABLE)
            json_array_append_new(constraints, json_pack("{s:s, s:s, s:s}", "schema", object->parent->schema, "table",
                                                         object->parent->name, "name", object->name));
    }
    return json_print(constraints, &length);
}
