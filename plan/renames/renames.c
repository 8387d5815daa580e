/* Renamed tables and columns: found by their names, in the SQL that reads the stand-in's rows, and in the plan. */
#include "plan/renames/parts.h"

#include "common/memory.h"
#include "common/quote.h"

void renames_free(struct renames *renames)
{
    for (size_t i = 0; i < renames->table_count; i++)
        free(renames->tables[i]->columns);
    free(renames->tables);
    free(renames->statements);
    map_free(&renames->by_old);
    map_free(&renames->by_new);
    arena_free(renames->arena);
    *renames = (struct renames){0};
}

static struct renamed_table *find(const struct map *map, const char *schema, const char *name)
{
    cleanup(text_free) struct text identity = {0};

    quote_qualified(&identity, schema, name);
    return map_get(map, identity.data);
}

const struct renamed_table *renames_find(const struct renames *renames, const char *schema, const char *name)
{
    return renames != NULL ? find(&renames->by_new, schema, name) : NULL;
}

const char *renames_new_name(const struct renames *renames, const char *schema, const char *name)
{
    const struct renamed_table *table = renames != NULL ? find(&renames->by_old, schema, name) : NULL;

    return table != NULL ? table->new_name : name;
}

struct renamed_table *renamed_table_of(const struct renames *renames, const char *schema, const char *name)
{
    return find(&renames->by_old, schema, name);
}

const char *renamed_column_name(const struct renamed_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].old_name, name) == 0)
            return table->columns[i].new_name;
    return name;
}

void renames_append_table(struct text *sql, const struct renames *renames, const char *schema, const char *name)
{
    const struct renamed_table *table = renames_find(renames, schema, name);

    quote_qualified(sql, schema, table != NULL ? table->old_name : name);
}

void renames_append_columns(struct text *sql, const struct renames *renames, const char *schema, const char *name)
{
    const struct renamed_table *table = renames_find(renames, schema, name);

    if (table == NULL || table->alias_count == 0)
        return;
    for (size_t i = 0; i < table->alias_count; i++) {
        text_append(sql, i == 0 ? " (" : ", ");
        quote_identifier(sql, table->aliases[i]);
    }
    text_append(sql, ")");
}

/* --- The plan --- */

/* An object that other statements alter too is counted already. */
static bool is_counted(const struct schema_diff *diff, enum object_class class, const char *identity)
{
    for (size_t i = 0; i < diff->statement_count; i++)
        if (diff->statements[i].class == class && strcmp(diff->statements[i].object, identity) == 0)
            return true;
    return false;
}

static void count_objects(const struct renames *renames, struct schema_diff *diff)
{
    for (size_t i = 0; i < renames->statement_count; i++) {
        const struct rename_statement *statement = &renames->statements[i];

        diff->objects_altered += !statement->temporary && !is_counted(diff, statement->class, statement->renamed);
    }
}

const char *renames_object(const struct renames *renames, const struct schema_statement *statement)
{
    for (size_t i = 0; i < renames->statement_count; i++)
        if (strcmp(renames->statements[i].sql, statement->sql) == 0)
            return renames->statements[i].renamed;
    return statement->object;
}

void renames_add_statements(const struct renames *renames, struct schema_diff *diff)
{
    static const char *risks[] = {"lock:ACCESS EXCLUSIVE"};
    size_t count = 0, from = 0;

    if (renames->statement_count == 0)
        return;
    count_objects(renames, diff);
    struct schema_statement *statements =
        arena_allocate(diff->arena, diff->statement_count + renames->statement_count, sizeof *statements);
    while (from < diff->statement_count && diff->statements[from].phase == PHASE_PRE_COMMIT)
        statements[count++] = diff->statements[from++];
    for (size_t i = 0; i < renames->statement_count; i++)
        statements[count++] =
            (struct schema_statement){.phase = PHASE_PRE_DATA,
                                      .action = ACTION_ALTER,
                                      .class = renames->statements[i].class,
                                      .object = arena_string(diff->arena, renames->statements[i].object),
                                      .sql = arena_string(diff->arena, renames->statements[i].sql),
                                      .risks = risks,
                                      .risk_count = array_length(risks)};
    while (from < diff->statement_count)
        statements[count++] = diff->statements[from++];
    diff->statements = statements;
    diff->statement_count = count;
}
