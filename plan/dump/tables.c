/* Tables and foreign tables of a dump, with their columns, defaults and inline constraints. */
#include "plan/dump/entries.h"

#include "common/memory.h"

/* What a CREATE TABLE says of a column. */
struct listed_column {
    const char *name, *type, *collation, *expression, *generated, *generated_kind;
    bool not_null;
};

struct listed_columns {
    struct listed_column *items;
    size_t count, capacity;
};

static void listed_free(struct listed_columns *columns)
{
    free(columns->items);
}

static const struct listed_column *find_listed(const struct listed_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++)
        if (strcmp(columns->items[i].name, name) == 0)
            return &columns->items[i];
    return NULL;
}

/* pg_get_expr() and format_type() write every operator with its brackets, so that these words stand outside of brackets
 * only where they begin the next clause. */
static const char *const column_clauses[] = {"DEFAULT",    "NOT NULL",     "COLLATE", "GENERATED ALWAYS",
                                             "CONSTRAINT", "WITH OPTIONS", NULL};

static bool take_generated(struct entry *entry, struct cursor *item, struct listed_column *column)
{
    struct cursor inside;

    if (!cursor_words(item, "AS") || !cursor_group(item, &inside))
        return false;
    column->generated = cursor_expression(entry->dump->arena, inside);
    column->generated_kind = cursor_words(item, "STORED") ? "stored" : "virtual";
    cursor_words(item, "VIRTUAL");
    return true;
}

static bool take_column_clause(struct entry *entry, struct cursor *item, struct listed_column *column)
{
    struct arena *arena = entry->dump->arena;
    const char *schema, *name;

    if (cursor_words(item, "DEFAULT")) {
        column->expression = cursor_expression(arena, cursor_until_words(item, column_clauses));
        return true;
    }
    if (cursor_words(item, "CONSTRAINT"))
        return cursor_name(item, arena, &name); /* of NOT NULL: the model has no name for it */
    if (cursor_words(item, "NOT NULL")) {
        column->not_null = true;
        cursor_words(item, "NO INHERIT");
        return true;
    }
    if (cursor_words(item, "COLLATE")) {
        struct cursor before = *item;
        if (!cursor_qualified(item, arena, &schema, &name))
            return false;
        column->collation = cursor_text(arena, (struct cursor){before.at, item->at});
        return true;
    }
    if (cursor_words(item, "GENERATED ALWAYS"))
        return take_generated(entry, item, column);
    return cursor_words(item, "WITH OPTIONS");
}

static bool take_listed_column(struct entry *entry, struct cursor item, struct listed_columns *columns)
{
    struct listed_column column = {0};

    if (!cursor_name(&item, entry->dump->arena, &column.name))
        return false;
    struct cursor type = cursor_until_words(&item, column_clauses);
    if (!cursor_done(&type))
        column.type = cursor_text(entry->dump->arena, type);
    while (!cursor_done(&item))
        if (!take_column_clause(entry, &item, &column))
            return false;
    array_reserve((void **)&columns->items, &columns->capacity, columns->count + 1, sizeof *columns->items);
    columns->items[columns->count++] = column;
    return true;
}

/* The elements of a CREATE TABLE: columns are listed, constraints become objects. */
static bool take_elements(struct entry *entry, struct cursor elements, struct listed_columns *columns,
                          struct error *err)
{
    while (!cursor_done(&elements)) {
        struct cursor item = cursor_until_symbol(&elements, ',');
        struct object *constraint;
        const char *name;
        if (cursor_words(&item, "NOT NULL"))
            continue; /* of an inherited column, which has it from the server */
        if (!cursor_words(&item, "CONSTRAINT")) {
            if (!take_listed_column(entry, item, columns))
                return unexpected(entry, err);
            continue;
        }
        if (!cursor_name(&item, entry->dump->arena, &name))
            return unexpected(entry, err);
        if (cursor_words(&item, "NOT NULL"))
            continue;
        if (!add_constraint(entry, entry->object, name, item, &constraint, err))
            return false;
    }
    return true;
}

static bool add_default(struct dump *dump, struct object *column, uint32_t address, const char *expression,
                        struct error *err)
{
    struct object *object;

    if (!dump_add(dump, CLASS_DEFAULT, column, NULL, NULL, NULL, &object, err))
        return false;
    object_set(object, "expression", expression);
    addresses_add(&dump->reading->addresses, (struct address){PG_ATTRDEF, address, 0}, object);
    return true;
}

static bool add_column(struct entry *entry, const struct column_rest *rest, const struct listed_column *listed,
                       struct error *err)
{
    struct dump *dump = entry->dump;
    struct object *column;

    if (!dump_add(dump, CLASS_COLUMN, entry->object, NULL, rest->name, NULL, &column, err))
        return false;
    addresses_add(&dump->reading->addresses, (struct address){PG_CLASS, entry->archive->object, rest->number}, column);
    object_set(column, "position", arena_format(dump->arena, "%d", (int)rest->number));
    object_set_bool(column, "inherited", !rest->local);
    /* A column that is not listed, or without its type, comes from a parent or a type. What a column has from a parent,
     * pg_dump leaves out even where it lists the column: NOT NULL, the expression of a generated column. */
    bool typed = listed != NULL && listed->type != NULL;
    object_set(column, "type", typed ? listed->type : rest->type);
    object_set(column, "collation", typed ? listed->collation : rest->collation);
    object_set(column, "not_null", typed && listed->not_null ? "true" : rest->not_null);
    object_set(column, "not_null_name", rest->not_null_name);
    object_set(column, "not_null_inherited_name", rest->not_null_inherited_name);
    object_set(column, "not_null_no_inherit", rest->not_null_no_inherit);
    object_set(column, "not_null_validated", rest->not_null_validated);
    object_set(column, "not_null_comment", rest->not_null_comment);
    bool generated = listed != NULL && listed->generated != NULL;
    object_set(column, "generated", generated ? listed->generated : rest->generated);
    object_set(column, "generated_kind", generated ? listed->generated_kind : rest->generated_kind);
    /* DEFAULT NULL, against a parent's default, is no default at all. */
    return listed == NULL || listed->expression == NULL || rest->default_object == 0 ||
           add_default(dump, column, rest->default_object, listed->expression, err);
}

/* In the server's order. A column that the dump does not list comes from a parent or a type. */
static bool add_columns(struct entry *entry, const struct listed_columns *listed, struct error *err)
{
    size_t found = 0;

    for (const struct column_rest *rest = dump_columns(entry->dump, entry->archive->object); rest != NULL;
         rest = rest->next) {
        const struct listed_column *column = find_listed(listed, rest->name);
        found += column != NULL;
        if (!add_column(entry, rest, column, err))
            return false;
    }
    return found == listed->count || unexpected(entry, err);
}

static bool set_inherits(struct entry *entry, struct cursor inside)
{
    cleanup(items_free) struct items parents = {0};
    const char *identity;

    while (!cursor_done(&inside)) {
        if (!cursor_identity(entry->dump, &inside, &identity))
            return false;
        items_add(&parents, identity);
        cursor_symbol(&inside, ',');
    }
    object_set_list(entry->dump, entry->object, "inherits", &parents);
    return true;
}

/* One clause after the column list. */
static bool take_table_clause(struct entry *entry, struct cursor *rest, struct error *err)
{
    static const char *const ends[] = {"SERVER", "WITH", "OPTIONS", "TABLESPACE", "PARTITION BY", NULL};
    struct arena *arena = entry->dump->arena;
    struct cursor inside;
    const char *name;

    if (cursor_words(rest, "INHERITS"))
        return (cursor_group(rest, &inside) && set_inherits(entry, inside)) || unexpected(entry, err);
    if (cursor_words(rest, "PARTITION BY")) {
        object_set(entry->object, "partition_key", cursor_text(arena, cursor_until_words(rest, ends)));
        return true;
    }
    if (cursor_words(rest, "SERVER")) {
        if (!cursor_name(rest, arena, &name))
            return unexpected(entry, err);
        object_set(entry->object, "server", name);
        return true;
    }
    if (cursor_words(rest, "WITH") && cursor_group(rest, &inside))
        return set_storage_options(entry, inside, NULL, err);
    if (cursor_words(rest, "OPTIONS") && cursor_group(rest, &inside))
        return set_options(entry, entry->object, "options", inside, OPTIONS_FOREIGN, err);
    struct cursor before = *rest; /* PARTITION OF, of pg_dump 10 and 11 */
    if (cursor_words(rest, "FOR VALUES") || cursor_words(rest, "DEFAULT")) {
        object_set(entry->object, "partition_bound",
                   cursor_text(arena, (struct cursor){before.at, (cursor_until_words(rest, ends), rest->at)}));
        return true;
    }
    return unexpected(entry, err);
}

static bool create_table(struct entry *entry, struct cursor statement, struct listed_columns *columns,
                         struct error *err)
{
    const char *identity;
    struct cursor inside;

    if (cursor_words(&statement, "OF")) {
        const struct sql_token *start = statement.at;
        if (!cursor_identity(entry->dump, &statement, &identity))
            return unexpected(entry, err);
        object_set(entry->object, "of_type", cursor_text(entry->dump->arena, (struct cursor){start, statement.at}));
    } else if (cursor_words(&statement, "PARTITION OF")) {
        if (!cursor_identity(entry->dump, &statement, &identity))
            return unexpected(entry, err);
        object_set(entry->object, "partition_of", identity);
    }
    if (cursor_group(&statement, &inside) && !take_elements(entry, inside, columns, err))
        return false;
    while (!cursor_done(&statement))
        if (!take_table_clause(entry, &statement, err))
            return false;
    return true;
}

static bool alter_column(struct entry *entry, struct cursor statement, struct error *err)
{
    struct arena *arena = entry->dump->arena;
    struct object *column;
    struct cursor inside;
    const char *name;

    if (!cursor_name(&statement, arena, &name) || (column = dump_column(entry->dump, entry->object, name)) == NULL)
        return unexpected(entry, err);
    if (cursor_words(&statement, "OPTIONS") && cursor_group(&statement, &inside))
        return set_options(entry, column, "foreign_options", inside, OPTIONS_FOREIGN, err);
    if (cursor_words(&statement, "SET STATISTICS")) {
        object_set(column, "statistics", cursor_text(arena, statement));
    } else if (cursor_words(&statement, "SET STORAGE") || cursor_words(&statement, "SET COMPRESSION")) {
        const char *field = token_is_word(statement.at - 1, "STORAGE") ? "storage" : "compression";
        if (!cursor_name(&statement, arena, &name)) /* which folds the word */
            return unexpected(entry, err);
        object_set(column, field, name);
    } else if (cursor_words(&statement, "SET NOT NULL")) {
        object_set_bool(column, "not_null", true);
    } else if (cursor_words(&statement, "SET") && cursor_group(&statement, &inside)) {
        return set_options(entry, column, "options", inside, OPTIONS_STORAGE, err);
    } else {
        return unexpected(entry, err);
    }
    return true;
}

static bool set_partition(struct entry *entry, struct cursor statement, const char *parent, struct error *err)
{
    const char *schema, *name;
    struct object *partition;

    if (!cursor_qualified(&statement, entry->dump->arena, &schema, &name))
        return unexpected(entry, err);
    partition = dump_relation(entry->dump, schema, name);
    if (partition != NULL) { /* else it lives in a schema that is not chosen */
        object_set(partition, "partition_of", parent);
        object_set(partition, "partition_bound", cursor_text(entry->dump->arena, statement));
    }
    return true;
}

static bool alter_table(struct entry *entry, struct cursor statement, struct error *err)
{
    const char *identity;

    cursor_words(&statement, "ALTER");
    cursor_words(&statement, "FOREIGN");
    if (!cursor_words(&statement, "TABLE"))
        return unexpected(entry, err);
    cursor_words(&statement, "ONLY");
    if (!cursor_identity(entry->dump, &statement, &identity))
        return unexpected(entry, err);
    if (cursor_words(&statement, "ALTER COLUMN"))
        return alter_column(entry, statement, err);
    if (cursor_words(&statement, "REPLICA IDENTITY"))
        object_set(entry->object, "replica_identity", cursor_text(entry->dump->arena, statement));
    else if (cursor_words(&statement, "FORCE ROW LEVEL SECURITY"))
        object_set_bool(entry->object, "force_row_security", true);
    else if (cursor_words(&statement, "ATTACH PARTITION"))
        return set_partition(entry, statement, identity, err);
    else
        return unexpected(entry, err);
    return true;
}

static void set_table_defaults(struct entry *entry, bool unlogged)
{
    struct object *table = entry->object;
    const char *method = entry->archive->access_method;
    bool partitioned = object_field(table, "partition_key") != NULL;

    object_set(table, "kind", partitioned ? "partitioned" : "plain");
    object_set(table, "persistence", unlogged ? "unlogged" : "permanent");
    object_set(table, "tablespace", entry->archive->tablespace);
    object_set(table, "access_method", method == NULL && !partitioned ? "heap" : method);
    if (object_field(table, "replica_identity") == NULL)
        object_set(table, "replica_identity", "DEFAULT");
    object_set_bool(table, "row_security", false);
    object_set_bool(table, "force_row_security", false);
}

bool parse_table(struct entry *entry, struct error *err)
{
    cleanup(listed_free) struct listed_columns columns = {0};
    struct cursor statement;
    const char *schema, *name;

    if (!next_statement(&entry->cursor, &statement) || !cursor_words(&statement, "CREATE"))
        return unexpected(entry, err);
    bool unlogged = cursor_words(&statement, "UNLOGGED"), foreign = cursor_words(&statement, "FOREIGN");
    if (!cursor_words(&statement, "TABLE") || !cursor_qualified(&statement, entry->dump->arena, &schema, &name))
        return unexpected(entry, err);
    if (!entry_add(entry, foreign ? CLASS_FOREIGN_TABLE : CLASS_TABLE, NULL, schema, name, NULL, &entry->object, err) ||
        !create_table(entry, statement, &columns, err))
        return false;
    set_table_defaults(entry, unlogged);
    if (!add_columns(entry, &columns, err))
        return false;
    while (next_statement(&entry->cursor, &statement))
        if (!alter_table(entry, statement, err))
            return false;
    return true;
}

bool parse_table_attach(struct entry *entry, struct error *err)
{
    struct cursor statement;

    while (next_statement(&entry->cursor, &statement))
        if (!alter_table(entry, statement, err))
            return false;
    return true;
}

/* A default that stands apart: of a serial column, of an inherited one, of a view's. */
bool parse_default(struct entry *entry, struct error *err)
{
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';');
    const char *schema, *name, *column_name;
    struct object *relation, *column;

    if (entry->archive->object == 0)
        return true; /* SET DEFAULT NULL, against a parent's default: no default at all */
    if (!cursor_words(&statement, "ALTER"))
        return unexpected(entry, err);
    cursor_words(&statement, "FOREIGN");
    if (!cursor_words(&statement, "TABLE") && !cursor_words(&statement, "VIEW"))
        return unexpected(entry, err);
    cursor_words(&statement, "ONLY");
    if (!cursor_qualified(&statement, entry->dump->arena, &schema, &name) ||
        !cursor_words(&statement, "ALTER COLUMN") || !cursor_name(&statement, entry->dump->arena, &column_name) ||
        !cursor_words(&statement, "SET DEFAULT"))
        return unexpected(entry, err);
    relation = dump_relation(entry->dump, schema, name);
    column = relation != NULL ? dump_column(entry->dump, relation, column_name) : NULL;
    if (column == NULL)
        return unexpected(entry, err);
    return add_default(entry->dump, column, entry->archive->object, cursor_expression(entry->dump->arena, statement),
                       err);
}

bool parse_row_security(struct entry *entry, struct error *err)
{
    const char *schema, *name;
    struct object *table;

    if (!cursor_words(&entry->cursor, "ALTER TABLE") ||
        !cursor_qualified(&entry->cursor, entry->dump->arena, &schema, &name) ||
        !cursor_words(&entry->cursor, "ENABLE ROW LEVEL SECURITY") ||
        (table = dump_relation(entry->dump, schema, name)) == NULL)
        return unexpected(entry, err);
    object_set_bool(table, "row_security", true);
    return true;
}
