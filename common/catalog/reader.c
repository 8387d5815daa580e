/* Reads the catalog of a live database. */
#include "common/catalog/reader.h"

#include "common/catalog/addresses.h"
#include "common/catalog/array_text.h"
#include "common/catalog/depends.h"
#include "common/catalog/reading.h"
#include "common/catalog/sql.h"
#include "common/connection.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/whole_read.h"

#include <string.h>
#include <xxhash.h>

/* What every class's query begins with; the fields follow. */
enum leading_column {
    CLASSID,
    OBJID,
    OBJSUBID,
    PARENT_CLASSID,
    PARENT_OBJID,
    PARENT_OBJSUBID,
    SCHEMA,
    NAME,
    SIGNATURE,
    FIRST_FIELD
};

static const char *const leading_names[FIRST_FIELD] = {
    "classid", "objid", "objsubid", "parent_classid", "parent_objid", "parent_objsubid", "schema", "name", "signature"};

enum naming {
    BY_NAME,       /* schema or parent, and the quoted name */
    BY_SYMBOL,     /* the name of an operator, which is not quoted */
    OF_ITS_PARENT, /* a satellite: its parent's class and identity, and whom it is for */
    BY_SIGNATURE   /* nothing else */
};

/* In an order in which parents come before what belongs to them. */
static const struct class_reader {
    enum object_class class;
    const char *sql;
    enum naming naming;
} class_readers[] = {
    {CLASS_SCHEMA, sql_schema, BY_NAME},
    {CLASS_EXTENSION, sql_extension, BY_NAME},
    {CLASS_LANGUAGE, sql_language, BY_NAME},
    {CLASS_ACCESS_METHOD, sql_access_method, BY_NAME},
    {CLASS_SHELL_TYPE, sql_shell_type, BY_NAME},
    {CLASS_BASE_TYPE, sql_base_type, BY_NAME},
    {CLASS_ENUM, sql_enum, BY_NAME},
    {CLASS_ENUM_LABEL, sql_enum_label, BY_NAME},
    {CLASS_DOMAIN, sql_domain, BY_NAME},
    {CLASS_COMPOSITE_TYPE, sql_composite_type, BY_NAME},
    {CLASS_ATTRIBUTE, sql_attribute, BY_NAME},
    {CLASS_RANGE_TYPE, sql_range_type, BY_NAME},
    {CLASS_COLLATION, sql_collation, BY_NAME},
    {CLASS_CONVERSION, sql_conversion, BY_NAME},
    {CLASS_FUNCTION, sql_function, BY_NAME},
    {CLASS_PROCEDURE, sql_procedure, BY_NAME},
    {CLASS_AGGREGATE, sql_aggregate, BY_NAME},
    {CLASS_OPERATOR, sql_operator, BY_SYMBOL},
    {CLASS_OPERATOR_FAMILY, sql_operator_family, BY_NAME},
    {CLASS_OPERATOR_CLASS, sql_operator_class, BY_NAME},
    {CLASS_OPERATOR_FAMILY_MEMBER, sql_operator_family_member, BY_NAME},
    {CLASS_CAST, sql_cast, BY_NAME},
    {CLASS_TRANSFORM, sql_transform, BY_NAME},
    {CLASS_TEXT_SEARCH_PARSER, sql_text_search_parser, BY_NAME},
    {CLASS_TEXT_SEARCH_TEMPLATE, sql_text_search_template, BY_NAME},
    {CLASS_TEXT_SEARCH_DICTIONARY, sql_text_search_dictionary, BY_NAME},
    {CLASS_TEXT_SEARCH_CONFIGURATION, sql_text_search_configuration, BY_NAME},
    {CLASS_TEXT_SEARCH_MAPPING, sql_text_search_mapping, BY_NAME},
    {CLASS_FOREIGN_DATA_WRAPPER, sql_foreign_data_wrapper, BY_NAME},
    {CLASS_SERVER, sql_server, BY_NAME},
    {CLASS_USER_MAPPING, sql_user_mapping, BY_NAME},
    {CLASS_SEQUENCE, sql_sequence, BY_NAME},
    {CLASS_TABLE, sql_table, BY_NAME},
    {CLASS_FOREIGN_TABLE, sql_foreign_table, BY_NAME},
    {CLASS_COLUMN, sql_column, BY_NAME},
    {CLASS_IDENTITY_SEQUENCE, sql_identity_sequence, BY_NAME},
    {CLASS_VIEW, sql_view, BY_NAME},
    {CLASS_MATERIALIZED_VIEW, sql_materialized_view, BY_NAME},
    {CLASS_VIEW_COLUMN, sql_view_column, BY_NAME},
    {CLASS_DEFAULT, sql_default, BY_NAME},
    {CLASS_CONSTRAINT, sql_constraint, BY_NAME},
    {CLASS_INDEX, sql_index, BY_NAME},
    {CLASS_STATISTICS, sql_statistics, BY_NAME},
    {CLASS_RULE, sql_rule, BY_NAME},
    {CLASS_TRIGGER, sql_trigger, BY_NAME},
    {CLASS_POLICY, sql_policy, BY_NAME},
    {CLASS_EVENT_TRIGGER, sql_event_trigger, BY_NAME},
    {CLASS_PUBLICATION, sql_publication, BY_NAME},
    {CLASS_PUBLICATION_TABLE, sql_publication_table, BY_NAME},
    {CLASS_PUBLICATION_SCHEMA, sql_publication_schema, BY_NAME},
    {CLASS_SUBSCRIPTION, sql_subscription, BY_NAME},
    {CLASS_DEFAULT_PRIVILEGES, sql_default_privileges, BY_SIGNATURE},
    {CLASS_EXTENSION_GRANT, sql_extension_grant, BY_NAME},
    {CLASS_COMMENT, sql_comment, OF_ITS_PARENT},
    {CLASS_SECURITY_LABEL, sql_security_label, OF_ITS_PARENT},
    {CLASS_GRANT, sql_grant, OF_ITS_PARENT},
};

/* What servers before a version are asked instead; NULL where they have no such class. The lowest that fits counts. */
static const struct older_query {
    enum object_class class;
    int before;
    const char *sql;
} older_queries[] = {
    {CLASS_FUNCTION, 110000, sql_function_10},
    {CLASS_PROCEDURE, 110000, NULL},
    {CLASS_COLUMN, 120000, sql_column_11},
    {CLASS_COLUMN, 140000, sql_column_13},
    {CLASS_COLUMN, 180000, sql_column_17},
    {CLASS_VIEW_COLUMN, 140000, sql_view_column_13},
    {CLASS_DEFAULT, 120000, sql_default_11},
    {CLASS_CONSTRAINT, 110000, sql_constraint_10},
    {CLASS_TRIGGER, 130000, sql_trigger_12},
    {CLASS_PUBLICATION_TABLE, 150000, sql_publication_table_14},
    {CLASS_PUBLICATION_SCHEMA, 150000, NULL},
    {CLASS_SUBSCRIPTION, 140000, sql_subscription_13},
    {CLASS_SUBSCRIPTION, 150000, sql_subscription_14},
    {CLASS_SUBSCRIPTION, 160000, sql_subscription_15},
    {CLASS_SUBSCRIPTION, 170000, sql_subscription_16},
};

bool catalog_field_wanted(const struct catalog_options *options, const char *name)
{
    if (strcmp(name, "owner") == 0)
        return options->owners;
    if (strcmp(name, "index_comment") == 0 || strcmp(name, "not_null_comment") == 0)
        return options->comments;
    return true;
}

/* Is it a table (a relation), or does it belong to one, or to anything? */
static bool is_of_tables(enum object_class class)
{
    switch (class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
    case CLASS_SEQUENCE:
    case CLASS_COLUMN:
    case CLASS_VIEW_COLUMN:
    case CLASS_IDENTITY_SEQUENCE:
    case CLASS_DEFAULT:
    case CLASS_CONSTRAINT:
    case CLASS_INDEX:
    case CLASS_STATISTICS:
    case CLASS_RULE:
    case CLASS_TRIGGER:
    case CLASS_POLICY:
    case CLASS_COMMENT:
    case CLASS_SECURITY_LABEL:
    case CLASS_GRANT:
        return true;
    default:
        return false;
    }
}

bool catalog_class_wanted(const struct catalog_options *options, enum object_class class)
{
    if (options->selection.table_count > 0 && !is_of_tables(class))
        return false;
    if (class == CLASS_GRANT || class == CLASS_EXTENSION_GRANT || class == CLASS_DEFAULT_PRIVILEGES)
        return options->privileges;
    if (class == CLASS_COMMENT)
        return options->comments;
    return true;
}

/* What a result's columns become. Equal values of neighbouring rows share their memory. */
struct result_field {
    int column;
    const char *name;
    bool reference;
    const char *last;
};

/* Fields that objects of the class have, by the hash of their values: a free slot has none. */
struct known_fields {
    uint64_t hash;
    const struct field *fields;
};

struct result_layout {
    struct result_field *fields;
    size_t count;
    struct definition_columns definition;
    struct field *row; /* the row at hand, as the result has it */
    struct known_fields *known;
    size_t known_count, known_capacity;
};

static void layout_free(struct result_layout *layout)
{
    free(layout->fields);
    free(layout->row);
    free(layout->known);
}

static bool layout_read(const struct reading *reading, const struct class_reader *reader, const PGresult *result,
                        struct result_layout *layout, struct error *err)
{
    static const char suffix[] = "_ref";
    size_t suffix_length = sizeof suffix - 1;

    for (int i = 0; i < FIRST_FIELD; i++)
        if (i >= PQnfields(result) || strcmp(PQfname(result, i), leading_names[i]) != 0)
            return error_set(err, ERROR_INTERNAL, "the query of class %s lacks the leading column %s",
                             class_name(reader->class), leading_names[i]);
    layout->fields = allocate((size_t)PQnfields(result) + 1, sizeof *layout->fields);
    layout->row = allocate((size_t)PQnfields(result) + 1, sizeof *layout->row);
    layout->definition = definition_columns_of(result);
    for (int i = FIRST_FIELD; i < PQnfields(result); i++) {
        const char *name = PQfname(result, i);
        if (!catalog_field_wanted(reading->options, name) || is_definition_column(name))
            continue;
        struct result_field *field = &layout->fields[layout->count++];
        size_t length = strlen(name);
        field->column = i;
        field->reference = length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
        field->name = arena_bytes(reading->catalog->arena, name, field->reference ? length - suffix_length : length);
    }
    return true;
}

static const char *value_or_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static struct address address_at(const PGresult *result, int row, enum leading_column first)
{
    return (struct address){
        .class = oid_from_text(PQgetvalue(result, row, (int)first)),
        .object = oid_from_text(PQgetvalue(result, row, (int)first + 1)),
        .sub = (int32_t)oid_from_text(PQgetvalue(result, row, (int)first + 2)),
    };
}

/*
 * Identities are made here and not by the server's quote_ident(), whose answer depends on the key words of its version.
 */
static void append_identity(struct text *identity, const struct class_reader *reader, const struct object *parent,
                            const char *schema, const char *name, const char *signature)
{
    if (parent != NULL && reader->naming == OF_ITS_PARENT) {
        text_appendf(identity, "%s %s", class_name(parent->class), parent->identity);
        if (name != NULL) {
            text_append(identity, " to ");
            quote_identifier(identity, name);
        }
    } else if (reader->naming == BY_SYMBOL) {
        quote_identifier(identity, schema);
        text_appendf(identity, ".%s", name);
    } else if (schema != NULL) {
        quote_qualified(identity, schema, name);
    } else if (reader->naming != BY_SIGNATURE) {
        if (parent != NULL)
            text_append(identity, parent->identity);
        if (parent != NULL && name != NULL)
            text_append_char(identity, '.');
        if (name != NULL)
            quote_identifier(identity, name);
    }
    if (signature != NULL)
        text_append(identity, signature);
}

/* Takes the row's values; false where they are the object's alone: a field is still to be made of them. */
static bool take_row(struct result_layout *layout, const PGresult *result, int row, uint64_t *hash)
{
    bool shared = layout->definition.columns < 0;

    *hash = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const struct result_field *source = &layout->fields[i];
        const char *value = value_or_null(result, row, source->column);

        layout->row[i] = (struct field){source->name, value};
        *hash *= UINT64_C(0x9E3779B97F4A7C15);
        if (value != NULL)
            *hash += XXH3_64bits(value, (size_t)PQgetlength(result, row, source->column)) | 1;
        shared = shared && (value == NULL || !source->reference);
    }
    return shared;
}

static bool is_row(const struct result_layout *layout, const struct field *fields)
{
    for (size_t i = 0; i < layout->count; i++) {
        const char *a = layout->row[i].value, *b = fields[i].value;

        if (a == NULL || b == NULL ? a != b : strcmp(a, b) != 0)
            return false;
    }
    return true;
}

/* The slot with the row's fields, or the free one where they would go. */
static struct known_fields *find_known(struct result_layout *layout, uint64_t hash)
{
    if (layout->known_count * 2 >= layout->known_capacity) {
        size_t capacity = layout->known_capacity > 0 ? layout->known_capacity * 2 : 64;
        struct known_fields *known = allocate(capacity, sizeof *known);

        for (size_t i = 0; i < layout->known_capacity; i++) {
            size_t at = (size_t)layout->known[i].hash & (capacity - 1);
            if (layout->known[i].fields == NULL)
                continue;
            while (known[at].fields != NULL)
                at = (at + 1) & (capacity - 1);
            known[at] = layout->known[i];
        }
        free(layout->known);
        layout->known = known;
        layout->known_capacity = capacity;
    }
    size_t at = (size_t)hash & (layout->known_capacity - 1);
    while (layout->known[at].fields != NULL &&
           (layout->known[at].hash != hash || !is_row(layout, layout->known[at].fields)))
        at = (at + 1) & (layout->known_capacity - 1);
    return &layout->known[at];
}

static struct field *copy_row(struct reading *reading, struct result_layout *layout)
{
    struct field *fields = arena_allocate(reading->catalog->arena, layout->count, sizeof *fields);

    for (size_t i = 0; i < layout->count; i++) {
        struct result_field *source = &layout->fields[i];
        const char *value = layout->row[i].value;

        if (value != NULL && (source->last == NULL || strcmp(value, source->last) != 0))
            source->last = arena_string(reading->catalog->arena, value);
        fields[i] = (struct field){source->name, value != NULL ? source->last : NULL};
        if (source->reference && value != NULL) {
            array_reserve((void **)&reading->references, &reading->reference_capacity, reading->reference_count + 1,
                          sizeof *reading->references);
            reading->references[reading->reference_count++] = (struct reference){&fields[i], value[0] == '{'};
        }
    }
    return fields;
}

/* Most columns of many tables, and most grants, say the same as others: such objects share their fields. */
static const struct field *fields_of(struct reading *reading, struct result_layout *layout, const PGresult *result,
                                     int row, bool *shared)
{
    uint64_t hash;

    *shared = take_row(layout, result, row, &hash);
    if (!*shared)
        return copy_row(reading, layout);
    struct known_fields *known = find_known(layout, hash);
    if (known->fields == NULL) {
        *known = (struct known_fields){hash, copy_row(reading, layout)};
        layout->known_count++;
    }
    return known->fields;
}

static bool read_object(struct reading *reading, const struct class_reader *reader, const PGresult *result, int row,
                        struct result_layout *layout, struct text *identity, struct error *err)
{
    const char *schema = value_or_null(result, row, SCHEMA), *name = value_or_null(result, row, NAME);
    struct object *parent = NULL, *object;
    bool shared;

    if (value_or_null(result, row, PARENT_OBJID) != NULL) {
        parent = addresses_find(&reading->addresses, address_at(result, row, PARENT_CLASSID));
        if (parent == NULL)
            return true; /* an extension's, or of a schema that is not chosen */
    }
    text_clear(identity);
    append_identity(identity, reader, parent, schema, name, value_or_null(result, row, SIGNATURE));
    if (name == NULL && reader->naming != OF_ITS_PARENT && parent != NULL)
        name = parent->name;
    const struct field *fields = fields_of(reading, layout, result, row, &shared);
    if (!catalog_add_sharing(reading->catalog, reader->class, identity->data,
                             schema == NULL && parent != NULL ? parent->schema : schema, name, fields, layout->count,
                             &object, err))
        return false;
    if (!shared)
        object->shared_in = NULL;
    object->parent = parent;
    const struct definition_row definition = {.result = result,
                                              .row = row,
                                              .columns = &layout->definition,
                                              .oid = value_or_null(result, row, OBJID),
                                              .table = address_at(result, row, PARENT_CLASSID).object,
                                              .object = object};
    if (!definitions_take(&reading->definitions, &definition, err))
        return false;
    if (value_or_null(result, row, OBJID) != NULL)
        addresses_add(&reading->addresses, address_at(result, row, CLASSID), object);
    return true;
}

static const struct class_reader *find_reader(enum object_class class)
{
    const struct class_reader *reader = class_readers;

    while (reader->class != class)
        reader++;
    return reader;
}

const char *catalog_query(enum object_class class, int server_version)
{
    for (size_t i = 0; i < array_length(older_queries); i++)
        if (older_queries[i].class == class && server_version < older_queries[i].before)
            return older_queries[i].sql;
    return find_reader(class)->sql;
}

void catalog_reading_order(enum object_class order[CLASS_COUNT])
{
    _Static_assert(array_length(class_readers) == CLASS_COUNT, "every class is read");
    for (size_t i = 0; i < CLASS_COUNT; i++)
        order[i] = class_readers[i].class;
}

bool catalog_is_satellite(enum object_class class)
{
    return find_reader(class)->naming == OF_ITS_PARENT;
}

const char *catalog_signature(const struct object *object)
{
    const struct class_reader *reader = find_reader(object->class);
    /* What had no schema or name of its own has those of what it belongs to. */
    const struct {
        const char *schema, *name;
    } own[] = {{object->parent != NULL ? NULL : object->schema, object->name}, {object->schema, object->name}, {0}};

    for (size_t i = 0; i < array_length(own); i++) {
        cleanup(text_free) struct text identity = {0};

        text_append(&identity, "");
        append_identity(&identity, reader, object->parent, own[i].schema, own[i].name, NULL);
        const char *rest = object->identity + identity.length;
        if (strncmp(object->identity, identity.data, identity.length) == 0 && (*rest == '\0' || strchr("( ", *rest)))
            return rest;
    }
    return object->identity;
}

static bool any_value(const PGresult *result, const char *name)
{
    int column = PQfnumber(result, name);

    for (int row = 0; column >= 0 && row < PQntuples(result); row++)
        if (!PQgetisnull(result, row, column))
            return true;
    return false;
}

static bool read_class(struct reading *reading, const struct class_reader *reader, const char *sql, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(layout_free) struct result_layout layout = {0};
    cleanup(text_free) struct text identity = {0};

    if (sql == NULL)
        return true;
    if (!connection_query(reading->connection, sql, 0, NULL, &result, err) ||
        !layout_read(reading, reader, result, &layout, err))
        return error_context(err, "reading objects of class %s", class_name(reader->class));
    for (int row = 0; row < PQntuples(result); row++)
        if (!read_object(reading, reader, result, row, &layout, &identity, err))
            return false;
    reading->granted_columns |= any_value(result, "key_granted");
    reading->generated_columns |= any_value(result, "generated");
    return definitions_finish(&reading->definitions, reader->class, err);
}

/* "CLASSID OBJID OBJSUBID NAME" becomes the object's identity; NAME where the model does not have the object. */
static const char *referenced_identity(struct reading *reading, const char *value)
{
    char *rest;
    struct address address;

    address.class = (uint32_t)strtoul(value, &rest, 10);
    address.object = (uint32_t)strtoul(rest, &rest, 10);
    address.sub = (int32_t)strtol(rest, &rest, 10);

    const struct object *object = addresses_find(&reading->addresses, address);
    return object != NULL ? object->identity : arena_string(reading->catalog->arena, rest + 1);
}

static bool resolve_references(struct reading *reading, struct error *err)
{
    struct arena *arena = reading->catalog->arena;

    for (size_t i = 0; i < reading->reference_count; i++) {
        const struct reference *reference = &reading->references[i];
        if (!reference->list) {
            reference->field->value = referenced_identity(reading, reference->field->value);
            continue;
        }
        cleanup(text_free) struct text text = {0};
        const char **items;
        size_t count;
        if (!array_text_parse(arena, reference->field->value, &items, &count))
            return error_set(err, ERROR_INTERNAL, "no array: %s", reference->field->value);
        for (size_t j = 0; j < count; j++)
            items[j] = referenced_identity(reading, items[j]);
        array_text_append(&text, items, count);
        reference->field->value = arena_string(arena, text.data);
    }
    return true;
}

/* Nothing is passed over in silence: what the queries above do not read is named. */
static bool warn_of_uncovered(struct reading *reading, struct error *err)
{
    const char *const parameters[] = {reading->options->large_objects ? "true" : "false"};
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(reading->connection, sql_uncovered, 1, parameters, &result, err))
        return error_context(err, "looking for objects of other classes");
    for (int row = 0; row < PQntuples(result); row++)
        catalog_warn(reading->catalog, PQgetvalue(result, row, 0));
    return true;
}

void reading_end(struct reading *reading)
{
    catalog_free(reading->catalog);
    addresses_free(&reading->addresses);
    definitions_free(&reading->definitions);
    free(reading->references);
    free(reading->kinds);
}

bool reading_begin(struct reading *reading, struct connection *connection, const struct catalog_options *options,
                   struct error *err)
{
    *reading = (struct reading){.connection = connection, .options = options, .catalog = catalog_new()};
    reading->catalog->server_version = connection->server_version;
    reading->definitions =
        (struct definitions){.connection = connection, .addresses = &reading->addresses, .catalog = reading->catalog};
    return whole_read_begin(connection, err) && selection_set(connection, &options->selection, err) &&
           connection_run(connection,
                          "SET pgsyncer.compose = 'true'; SET pgsyncer.granted_columns = 'any';"
                          " SET pgsyncer.generated_columns = 'any'",
                          err) &&
           connection_value(connection, sql_kinds, 0, NULL, &reading->kinds, err);
}

/* The kinds of relations (pg_class.relkind) that the class is of; NULL where it may be of none. */
static const char *kinds_of(enum object_class class)
{
    switch (class) {
    case CLASS_COMPOSITE_TYPE:
    case CLASS_ATTRIBUTE:
        return "c";
    case CLASS_SEQUENCE:
    case CLASS_IDENTITY_SEQUENCE:
        return "S";
    case CLASS_FOREIGN_TABLE:
        return "f";
    case CLASS_VIEW:
        return "v";
    case CLASS_MATERIALIZED_VIEW:
        return "m";
    case CLASS_VIEW_COLUMN:
        return "vm";
    default:
        return NULL;
    }
}

bool reading_query(struct reading *reading, enum object_class class, const char *sql, struct error *err)
{
    const char *kinds = kinds_of(class);

    if (!catalog_class_wanted(reading->options, class) || (kinds != NULL && strpbrk(reading->kinds, kinds) == NULL))
        return true;
    return read_class(reading, find_reader(class), sql, err);
}

bool reading_class(struct reading *reading, enum object_class class, struct error *err)
{
    return reading_query(reading, class, catalog_query(class, reading->connection->server_version), err);
}

bool reading_finish(struct reading *reading, struct catalog **catalog, struct error *err)
{
    cleanup(outside_edges_free) struct outside_edges outside = {0};

    /* What lies outside is looked up one by one. */
    if (!resolve_references(reading, err) ||
        !depends_read(reading->connection, &reading->addresses, reading->catalog, &outside, err) ||
        !warn_of_uncovered(reading, err) || !whole_read_end(reading->connection, err) ||
        !outside_read(reading->connection, &outside, reading->catalog, err))
        return false;
    catalog_finish(reading->catalog);
    *catalog = take(reading->catalog);
    return true;
}

/* All columns were read: what none of them has need not be looked for, where no later query sees more of them. */
static bool tell_of_columns(const struct reading *reading, struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    const struct {
        const char *setting;
        bool any;
    } facts[] = {{"pgsyncer.granted_columns", reading->granted_columns},
                 {"pgsyncer.generated_columns", reading->generated_columns}};

    for (size_t i = 0; i < array_length(facts); i++)
        if (!facts[i].any)
            text_appendf(&sql,
                         "SELECT pg_catalog.set_config('%s', 'none', false)"
                         " WHERE pg_catalog.current_setting('transaction_isolation') <> 'read committed';",
                         facts[i].setting);
    return sql.length == 0 || connection_run(reading->connection, sql.data, err);
}

bool catalog_read(struct connection *connection, const struct catalog_options *options, struct catalog **catalog,
                  struct error *err)
{
    cleanup(reading_end) struct reading reading;

    if (!reading_begin(&reading, connection, options, err))
        return false;
    for (size_t i = 0; i < array_length(class_readers); i++)
        if ((class_readers[i].class == CLASS_DEFAULT && !tell_of_columns(&reading, err)) ||
            !reading_class(&reading, class_readers[i].class, err))
            return false;
    return reading_finish(&reading, catalog, err);
}
