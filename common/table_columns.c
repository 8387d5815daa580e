/* What the rows half must know of the columns of tables: how they are fingerprinted, and which are the key. */
#include "common/table_columns.h"

#include "common/catalog/queries.h"
#include "common/map.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/sql.h"
#include "common/text.h"
#include "common/whole_read.h"

/* Each query's columns, in its order. */
enum { TYPE_FORM, TYPE_SEND, TYPE_IS_DOMAIN, TYPE_IS_DOMAIN_OVER_ENUM, TYPE_SORTS_ALIKE };
enum { INDEX_TABLE, INDEX_COLUMNS, INDEX_CLASSES, INDEX_KEY_COUNT, INDEX_USABLE, INDEX_OTHERS };
enum { EQUALITY_CLASS, EQUALITY_SCHEMA };
enum { IDENTITY_TABLE, IDENTITY_NUMBER };

/* A column of a table of the list. What it points to belongs to the catalog or to a result. */
struct listed_column {
    size_t table; /* its place in the list */
    long number;
    const char *name, *type;
    const char *collation; /* where it is not the type's own; else NULL */
    bool not_null, generated, identity_always;
    size_t type_number; /* the row of `types` that is of its type */
};

struct shaping {
    struct connection *connection;
    struct table_list *list;
    const char *const *oids;
    struct map by_oid;             /* the list's tables */
    struct listed_column *columns; /* by table, then number */
    size_t column_count, column_capacity;
    size_t *first; /* of each table: where its columns begin */
    PGresult *types, *indexes, *equality, *identities, *others;
};

static void shaping_end(struct shaping *shaping)
{
    map_free(&shaping->by_oid);
    free(shaping->columns);
    free(shaping->first);
    PQclear(shaping->types);
    PQclear(shaping->indexes);
    PQclear(shaping->equality);
    PQclear(shaping->identities);
    PQclear(shaping->others);
}

static int compare_columns(const void *a, const void *b)
{
    const struct listed_column *left = a, *right = b;

    if (left->table != right->table)
        return left->table < right->table ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

/* `field` answers from `source`, as the query of class column (common/catalog) names its columns. */
typedef const char *(*field_source)(const void *source, const char *field);

static void add_column(struct shaping *shaping, size_t table, const void *source, field_source field)
{
    const char *not_null = field(source, "not_null"), *identity = field(source, "identity");

    array_reserve((void **)&shaping->columns, &shaping->column_capacity, shaping->column_count + 1,
                  sizeof *shaping->columns);
    shaping->columns[shaping->column_count++] = (struct listed_column){
        .table = table,
        .number = strtol(field(source, "position"), NULL, 10),
        .name = field(source, "name"),
        .type = field(source, "type"),
        .collation = field(source, "collation"),
        /* One that is not valid (PostgreSQL 18) says nothing about the rows that are there. */
        .not_null = strcmp(not_null, "true") == 0 && field(source, "not_null_validated") == NULL,
        .generated = field(source, "generated") != NULL,
        .identity_always = identity != NULL && strcmp(identity, "always") == 0,
    };
}

static const char *object_source(const void *source, const char *field)
{
    const struct object *object = source;

    return strcmp(field, "name") == 0 ? object->name : object_field(object, field);
}

struct result_row {
    const PGresult *result;
    int row;
};

static const char *row_source(const void *source, const char *field)
{
    const struct result_row *at = source;
    int column = PQfnumber(at->result, field);

    return column < 0 || PQgetisnull(at->result, at->row, column) ? NULL : PQgetvalue(at->result, at->row, column);
}

enum { NOT_LISTED = -1 };

/* Of each object of the catalog, its place in the list. Configuration tables of extensions are in no catalog. */
static bool find_tables(const struct catalog *catalog, const struct table_list *list, size_t *places, struct error *err)
{
    cleanup(text_free) struct text identity = {0};

    for (size_t i = 0; i < catalog->count; i++)
        places[i] = (size_t)NOT_LISTED;
    for (size_t i = 0; i < list->count; i++) {
        const struct listed_table *table = &list->items[i];

        text_clear(&identity);
        quote_qualified(&identity, table->shape.schema, table->shape.name);
        const struct object *object = catalog_find(catalog, CLASS_TABLE, identity.data);
        if (object != NULL)
            places[object->number] = i;
        else if (table->extension == NULL)
            return error_set(err, ERROR_INTERNAL, "the catalog has no table %s", identity.data);
    }
    return true;
}

static bool take_objects(struct shaping *shaping, const struct catalog *catalog, struct error *err)
{
    size_t *places = allocate(catalog->count, sizeof *places);
    bool found = find_tables(catalog, shaping->list, places, err);

    for (size_t i = 0; found && i < catalog->count; i++) {
        const struct object *column = catalog->objects[i];

        if (column->class == CLASS_COLUMN && places[column->parent->number] != (size_t)NOT_LISTED)
            add_column(shaping, places[column->parent->number], column, object_source);
    }
    free(places);
    return found;
}

static bool any_of_extensions(const struct table_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].extension != NULL)
            return true;
    return false;
}

/* Those of configuration tables, by the query that the catalog is made of. */
static bool ask_columns(struct shaping *shaping, struct error *err)
{
    struct connection *connection = shaping->connection;
    struct result_row at = {0};

    if (!whole_read_begin(connection, err) ||
        !connection_query(connection, catalog_query(CLASS_COLUMN, connection->server_version), 0, NULL,
                          &shaping->others, err) ||
        !whole_read_end(connection, err))
        return false;
    at.result = shaping->others;
    for (; at.row < PQntuples(at.result); at.row++) {
        const struct listed_table *table = map_get(&shaping->by_oid, row_source(&at, "objid"));

        if (table != NULL && table->extension != NULL)
            add_column(shaping, (size_t)(table - shaping->list->items), &at, row_source);
    }
    return true;
}

static bool list_columns(struct shaping *shaping, const struct catalog *catalog, struct error *err)
{
    size_t count = shaping->list->count;

    if (!take_objects(shaping, catalog, err) || (any_of_extensions(shaping->list) && !ask_columns(shaping, err)))
        return false;
    if (shaping->column_count > 0)
        qsort(shaping->columns, shaping->column_count, sizeof *shaping->columns, compare_columns);
    shaping->first = allocate(count + 1, sizeof *shaping->first);
    for (size_t i = 0, at = 0; i < count; i++) {
        shaping->first[i] = at;
        while (at < shaping->column_count && shaping->columns[at].table == i)
            at++;
        shaping->first[i + 1] = at;
    }
    return true;
}

/* Columns of the same type are asked for once, by one of them. */
static bool ask_types(struct shaping *shaping, struct error *err)
{
    cleanup(map_free) struct map by_name = {0};
    cleanup(text_free) struct text tables = {0}, numbers = {0};
    uintptr_t count = 0;

    text_append(&tables, "{");
    text_append(&numbers, "{");
    for (size_t i = 0; i < shaping->column_count; i++) {
        struct listed_column *column = &shaping->columns[i];
        uintptr_t known = (uintptr_t)map_get(&by_name, column->type);

        if (known == 0) {
            text_appendf(&tables, "%s%s", count > 0 ? "," : "", shaping->oids[column->table]);
            text_appendf(&numbers, "%s%ld", count > 0 ? "," : "", column->number);
            known = ++count;
            map_add(&by_name, column->type, (void *)known);
        }
        column->type_number = known - 1;
    }
    text_append(&tables, "}");
    text_append(&numbers, "}");
    if (!connection_query(shaping->connection, sql_column_types, 2, (const char *const[]){tables.data, numbers.data},
                          &shaping->types, err))
        return false;
    return (size_t)PQntuples(shaping->types) == count ||
           error_set(err, ERROR_INTERNAL, "the server knows %d of %zu types", PQntuples(shaping->types), (size_t)count);
}

static bool ask(struct shaping *shaping, struct error *err)
{
    struct connection *connection = shaping->connection;
    int version = connection->server_version;

    if (!ask_types(shaping, err) ||
        !connection_query(connection, sql_foreign_equality, 0, NULL, &shaping->equality, err) ||
        (version >= 170000 &&
         !connection_query(connection, sql_partition_identities, 0, NULL, &shaping->identities, err)))
        return false;
    return whole_read_begin(connection, err) &&
           connection_query(connection, version < 120000 ? sql_unique_indexes_11 : sql_unique_indexes, 0, NULL,
                            &shaping->indexes, err) &&
           whole_read_end(connection, err);
}

static bool is_type(const struct shaping *shaping, const struct listed_column *column, int what)
{
    return !PQgetisnull(shaping->types, (int)column->type_number, what);
}

static enum column_form form_of(const char *name)
{
    return strcmp(name, "value") == 0  ? FORM_VALUE
           : strcmp(name, "send") == 0 ? FORM_SEND
           : strcmp(name, "text") == 0 ? FORM_TEXT
                                       : FORM_OUTPUT;
}

static void fill_columns(struct shaping *shaping)
{
    for (size_t i = 0; i < shaping->list->count; i++) {
        struct table_shape *shape = &shaping->list->items[i].shape;
        size_t count = shaping->first[i + 1] - shaping->first[i];

        shape->columns = allocate(count, sizeof *shape->columns);
        shape->key = allocate(count, sizeof *shape->key);
        for (shape->column_count = 0; shape->column_count < count; shape->column_count++) {
            const struct listed_column *from = &shaping->columns[shaping->first[i] + shape->column_count];
            struct column_shape *to = &shape->columns[shape->column_count];

            to->name = copy_string(from->name);
            to->type = copy_string(from->type);
            to->form = form_of(PQgetvalue(shaping->types, (int)from->type_number, TYPE_FORM));
            if (is_type(shaping, from, TYPE_SEND))
                to->send = copy_string(PQgetvalue(shaping->types, (int)from->type_number, TYPE_SEND));
            to->not_null = from->not_null;
            to->generated = from->generated;
            to->identity_always = from->identity_always;
        }
    }
}

/* The place of the table's column among its columns; false for a system column, and where there is none. */
static bool find_column(const struct shaping *shaping, size_t table, long number, size_t *place)
{
    size_t low = shaping->first[table], high = shaping->first[table + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (shaping->columns[middle].number == number) {
            *place = middle - shaping->first[table];
            return true;
        }
        if (shaping->columns[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The next number of "1 2" or "{1,2}"; false at its end. */
static bool next_number(const char **at, long *number)
{
    char *end;

    *at += strcspn(*at, "-0123456789");
    *number = strtol(*at, &end, 10);
    if (end == *at)
        return false;
    *at = end;
    return true;
}

static bool may_be_in_key(const struct shaping *shaping, const struct listed_column *column)
{
    /* = is not found for domains over enums. */
    return column->not_null && !column->generated && !is_type(shaping, column, TYPE_IS_DOMAIN_OVER_ENUM);
}

static const char *equality_schema(const struct shaping *shaping, long class)
{
    for (int row = 0; row < PQntuples(shaping->equality); row++)
        if (strtol(PQgetvalue(shaping->equality, row, EQUALITY_CLASS), NULL, 10) == class)
            return PQgetvalue(shaping->equality, row, EQUALITY_SCHEMA);
    return NULL;
}

static bool is_in_key(const struct table_shape *shape, size_t place)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (shape->key[i] == place)
            return true;
    return false;
}

/* Makes the index the table's key, where its columns allow it. */
static bool take_key(const struct shaping *shaping, int row, size_t table)
{
    struct table_shape *shape = &shaping->list->items[table].shape;
    const char *numbers = PQgetvalue(shaping->indexes, row, INDEX_COLUMNS);
    const char *classes = PQgetvalue(shaping->indexes, row, INDEX_CLASSES);
    long count = strtol(PQgetvalue(shaping->indexes, row, INDEX_KEY_COUNT), NULL, 10), number, class;
    size_t place;

    for (long i = 0; i < count; i++) {
        if (!next_number(&numbers, &number) || !find_column(shaping, table, number, &place) ||
            !may_be_in_key(shaping, &shaping->columns[shaping->first[table] + place]) || is_in_key(shape, place)) {
            shape->key_count = 0;
            return false;
        }
        shape->key[shape->key_count++] = place;
    }
    for (size_t i = 0; i < shape->key_count && next_number(&classes, &class); i++) {
        const struct listed_column *from = &shaping->columns[shaping->first[table] + shape->key[i]];
        struct column_shape *column = &shape->columns[shape->key[i]];
        const char *schema = equality_schema(shaping, class);

        column->equality_schema = schema != NULL ? copy_string(schema) : NULL;
        if (from->collation != NULL && is_type(shaping, from, TYPE_IS_DOMAIN))
            column->key_collation = copy_string(from->collation);
        if (i == 0)
            shaping->list->items[table].sorts_alike = is_type(shaping, from, TYPE_SORTS_ALIKE);
    }
    return true;
}

static void mark_unique(const struct shaping *shaping, const char *numbers, size_t table)
{
    long number;
    size_t place;

    while (next_number(&numbers, &number))
        if (find_column(shaping, table, number, &place))
            shaping->list->items[table].shape.columns[place].unique = true;
}

static const struct listed_table *table_at(const struct shaping *shaping, const PGresult *result, int row, int column)
{
    return map_get(&shaping->by_oid, PQgetvalue(result, row, column));
}

/* A table's indexes come in the order in which they may be its key. */
static void take_indexes(const struct shaping *shaping)
{
    for (int row = 0; row < PQntuples(shaping->indexes); row++) {
        const struct listed_table *listed = table_at(shaping, shaping->indexes, row, INDEX_TABLE);

        if (listed == NULL)
            continue; /* a member of an extension, or not chosen */
        size_t table = (size_t)(listed - shaping->list->items);
        bool usable = strcmp(PQgetvalue(shaping->indexes, row, INDEX_USABLE), "t") == 0;
        if (usable && listed->shape.key_count == 0 && take_key(shaping, row, table))
            continue;
        mark_unique(shaping, PQgetvalue(shaping->indexes, row, INDEX_COLUMNS), table);
        mark_unique(shaping, PQgetvalue(shaping->indexes, row, INDEX_OTHERS), table);
    }
}

static void take_identities(const struct shaping *shaping)
{
    for (int row = 0; row < PQntuples(shaping->identities); row++) {
        const struct listed_table *listed = table_at(shaping, shaping->identities, row, IDENTITY_TABLE);
        long number = strtol(PQgetvalue(shaping->identities, row, IDENTITY_NUMBER), NULL, 10);
        size_t place;

        if (listed != NULL && find_column(shaping, (size_t)(listed - shaping->list->items), number, &place))
            listed->shape.columns[place].identity_always = true;
    }
}

bool table_columns_read(struct connection *connection, const struct catalog *catalog, struct table_list *list,
                        const char *const *oids, struct error *err)
{
    cleanup(shaping_end) struct shaping shaping = {.connection = connection, .list = list, .oids = oids};

    for (size_t i = 0; i < list->count; i++)
        map_add(&shaping.by_oid, oids[i], &list->items[i]);
    if (!list_columns(&shaping, catalog, err) || !ask(&shaping, err))
        return false;
    fill_columns(&shaping);
    take_indexes(&shaping);
    take_identities(&shaping);
    return true;
}
