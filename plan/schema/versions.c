/* Which versions have what: main's objects that the stand-in's version cannot hold are refused, all at once. */
#include "plan/schema/versions.h"

#include "common/catalog/array_text.h"
#include "common/catalog/sql_tokens.h"
#include "common/catalog/wording.h"
#include "common/memory.h"
#include "common/text.h"

#include <string.h>

/* How a field tells that an object has the feature. */
enum match {
    PRESENT, /* the object is there at all */
    SET,     /* the field is not NULL */
    IS,      /* the field has the value */
    IS_NOT,  /* the field has another value */
    HOLDS,   /* SQL: the field holds the words, outside of strings */
    OPTION,  /* a list: it has an option NAME=… */
    TYPE,    /* a type: it is the one named, or an array of it */
    TEST,    /* the function says so */
};

struct feature {
    const char *what;
    int since, until;        /* major versions: the first that has it, the first that lacks it again; 0: none */
    enum object_class class; /* CLASS_COUNT: every one, in every field that holds SQL */
    enum match match;
    const char *field, *value;
    const char *parent_field, *parent_value; /* where not NULL: only of such a parent; value NULL: where it is set */
    const char *also;                        /* HOLDS: these words too */
    bool (*test)(const struct catalog *catalog, const struct object *object);
};

/* A foreign key to a partitioned table. */
static bool references_partitioned(const struct catalog *catalog, const struct object *key)
{
    (void)catalog;
    const char *type = object_field(key, "type");

    if (type == NULL || strcmp(type, "foreign key") != 0 || object_field(key, "parent_constraint") != NULL)
        return false;
    for (size_t i = 0; i < key->depend_count; i++) {
        const struct object *needed = key->depends[i];
        const struct object *table = needed->class == CLASS_TABLE ? needed : needed->parent;
        const char *kind = table != NULL ? object_field(table, "kind") : NULL;

        if (table != key->parent && kind != NULL && strcmp(kind, "partitioned") == 0)
            return true;
    }
    return false;
}

/* The column of the same name of a table that this one's is a child of; NULL: there is none. */
static const struct object *above_column(const struct catalog *catalog, const struct object *column)
{
    const struct object *table = column->parent;

    for (size_t i = 0; table != NULL && i < table->depend_count; i++) {
        const struct object *parent = table->depends[i];

        if (parent->class != CLASS_TABLE && parent->class != CLASS_FOREIGN_TABLE)
            continue;
        cleanup(free_string) char *identity =
            format_string("%s%s", parent->identity, column->identity + strlen(table->identity));
        const struct object *above = catalog_find(catalog, CLASS_COLUMN, identity);
        if (above != NULL)
            return above;
    }
    return NULL;
}

static bool differs_from_above(const struct catalog *catalog, const struct object *column)
{
    const char *own = object_field(column, "generated");
    const struct object *above = own != NULL ? above_column(catalog, column) : NULL;
    const char *value = above != NULL ? object_field(above, "generated") : NULL;

    return value != NULL && strcmp(own, value) != 0;
}

static bool lacks_not_null_of_above(const struct catalog *catalog, const struct object *column)
{
    const char *own = object_field(column, "not_null");
    const struct object *above = own != NULL && strcmp(own, "false") == 0 ? above_column(catalog, column) : NULL;
    const char *value = above != NULL ? object_field(above, "not_null") : NULL;

    return value != NULL && strcmp(value, "true") == 0;
}

/* numeric(3,-2), numeric(2,5) */
static bool has_odd_scale(const struct catalog *catalog, const struct object *column)
{
    (void)catalog;
    const char *type = object_field(column, "type");

    if (type == NULL || strncmp(type, "numeric(", strlen("numeric(")) != 0)
        return false;
    char *rest;
    long precision = strtol(type + strlen("numeric("), &rest, 10);
    long scale = *rest == ',' ? strtol(rest + 1, NULL, 10) : 0;
    return scale < 0 || scale > precision;
}

static bool is_array_of_domain(const struct catalog *catalog, const struct object *column)
{
    (void)catalog;
    const char *type = object_field(column, "type");
    size_t length = type != NULL ? strlen(type) : 0;

    for (size_t i = 0; length > 2 && strcmp(type + length - 2, "[]") == 0 && i < column->depend_count; i++) {
        const struct object *needed = column->depends[i];

        if (needed->class == CLASS_DOMAIN && strlen(needed->identity) == length - 2 &&
            strncmp(type, needed->identity, length - 2) == 0)
            return true;
    }
    return false;
}

static bool is_postfix(const struct catalog *catalog, const struct object *operator_)
{
    (void)catalog;
    static const char ending[] = ", NONE)";
    size_t length = strlen(operator_->identity);

    return length > strlen(ending) && strcmp(operator_->identity + length - strlen(ending), ending) == 0;
}

static bool is_partitioned_of_method(const struct catalog *catalog, const struct object *table)
{
    (void)catalog;
    const char *kind = object_field(table, "kind");

    return kind != NULL && strcmp(kind, "partitioned") == 0 && object_field(table, "access_method") != NULL;
}

/* MAINTAIN is no owner's right of its own before 17: adapt.c sees to owners. */
static bool grants_maintain(const struct catalog *catalog, const struct object *grant)
{
    (void)catalog;
    const char *privileges = object_field(grant, "privileges"), *of_owner = object_field(grant, "of_owner");

    return privileges != NULL && strstr(privileges, "MAINTAIN") != NULL &&
           (of_owner == NULL || strcmp(of_owner, "true") != 0);
}

/* Default privileges of another than the role whose objects they are for: adapt.c sees to that one. */
static bool grants_maintain_by_default(const struct catalog *catalog, const struct object *privileges)
{
    (void)catalog;
    const char *list = object_field(privileges, "privileges"), *role = object_field(privileges, "role");
    const char *grantee = object_field(privileges, "grantee");

    return list != NULL && strstr(list, "MAINTAIN") != NULL &&
           (role == NULL || grantee == NULL || strcmp(role, grantee) != 0);
}

static bool is_of_unicode_fast(const struct catalog *catalog, const struct object *collation)
{
    (void)catalog;
    const char *definition = object_field(collation, "definition");

    return definition != NULL && strstr(definition, "provider = builtin, locale = 'PG_UNICODE_FAST'") != NULL;
}

/* JOIN … USING (…) AS name */
static bool has_join_alias(const struct catalog *catalog, const struct object *view)
{
    (void)catalog;
    const char *definition = object_field(view, "definition");
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    sql_tokens_read(&tokens, definition != NULL ? definition : "");
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        size_t close = tokens.items[i + 1].partner;

        if (sql_token_is(&tokens.items[i], "USING") && close > i + 1 && close + 1 < tokens.count &&
            sql_token_is(&tokens.items[close + 1], "AS"))
            return true;
    }
    return false;
}

#define FEATURE(name, first, last, of, how, ...)                                                                       \
    {                                                                                                                  \
        .what = name, .since = first, .until = last, .class = of, .match = how, __VA_ARGS__                            \
    }
#define ANYWHERE(words, version, name) FEATURE(name, version, 0, CLASS_COUNT, HOLDS, .value = words)
#define OF_TYPE(type, first, last)                                                                                     \
    FEATURE("type " type, first, last, CLASS_COLUMN, TYPE, .field = "type", .value = type),                            \
        FEATURE("type " type, first, last, CLASS_ATTRIBUTE, TYPE, .field = "type", .value = type),                     \
        FEATURE("type " type, first, last, CLASS_DOMAIN, TYPE, .field = "type", .value = type)
#define COLLATION(name, first)                                                                                         \
    FEATURE("collation " name, first, 0, CLASS_COLUMN, IS, .field = "collation", .value = "pg_catalog." name),         \
        FEATURE("collation " name, first, 0, CLASS_ATTRIBUTE, IS, .field = "collation", .value = "pg_catalog." name),  \
        FEATURE("collation " name, first, 0, CLASS_DOMAIN, IS, .field = "collation", .value = "pg_catalog." name),     \
        ANYWHERE("COLLATE " name, first, "collation " name)
#define TABLE_OPTION(option, first)                                                                                    \
    FEATURE("option " option, first, 0, CLASS_TABLE, OPTION, .field = "options", .value = option),                     \
        FEATURE("option " option, first, 0, CLASS_TABLE, OPTION, .field = "toast_options", .value = option),           \
        FEATURE("option " option, first, 0, CLASS_MATERIALIZED_VIEW, OPTION, .field = "options", .value = option)
#define INDEX_OPTION(option, first, last)                                                                              \
    FEATURE("option " option, first, last, CLASS_INDEX, OPTION, .field = "options", .value = option),                  \
        FEATURE("option " option, first, last, CLASS_CONSTRAINT, OPTION, .field = "index_options", .value = option)
#define IN_PARTITIONED .parent_field = "kind", .parent_value = "partitioned"
#define OF_PARTITIONED(type, first)                                                                                    \
    FEATURE(type " of a partitioned table", first, 0, CLASS_CONSTRAINT, IS, .field = "type", .value = type,            \
            IN_PARTITIONED)

static const struct feature features[] = {
    FEATURE("procedure", 11, 0, CLASS_PROCEDURE, PRESENT, .field = NULL),
    FEATURE("OUT argument of a procedure", 14, 0, CLASS_PROCEDURE, HOLDS, .field = "arguments", .value = "OUT"),
    ANYWHERE("BEGIN ATOMIC", 14, "SQL body of a function"),
    FEATURE("SQL body of a function", 14, 0, CLASS_FUNCTION, HOLDS, .field = "definition", .value = "RETURN"),
    FEATURE("support function", 12, 0, CLASS_FUNCTION, HOLDS, .field = "definition", .value = "SUPPORT"),
    FEATURE("FINALFUNC_MODIFY", 11, 0, CLASS_AGGREGATE, HOLDS, .field = "definition", .value = "FINALFUNC_MODIFY ="),
    FEATURE("MFINALFUNC_MODIFY", 11, 0, CLASS_AGGREGATE, HOLDS, .field = "definition", .value = "MFINALFUNC_MODIFY ="),
    FEATURE("postfix operator", 0, 14, CLASS_OPERATOR, TEST, .test = is_postfix),
    FEATURE("subscripting function", 14, 0, CLASS_BASE_TYPE, HOLDS, .field = "definition", .value = "SUBSCRIPT ="),
    FEATURE("name of a multirange type", 14, 0, CLASS_RANGE_TYPE, HOLDS, .field = "definition",
            .value = "MULTIRANGE_TYPE_NAME ="),
    FEATURE("table access method", 12, 0, CLASS_ACCESS_METHOD, HOLDS, .field = "definition", .value = "TYPE TABLE"),
    FEATURE("nondeterministic collation", 12, 0, CLASS_COLLATION, HOLDS, .field = "definition",
            .value = "deterministic = false"),
    FEATURE("collation rules", 16, 0, CLASS_COLLATION, HOLDS, .field = "definition", .value = "rules ="),
    FEATURE("collation of the builtin provider", 17, 0, CLASS_COLLATION, HOLDS, .field = "definition",
            .value = "provider = builtin"),
    FEATURE("collation of the locale PG_UNICODE_FAST", 18, 0, CLASS_COLLATION, TEST, .test = is_of_unicode_fast),
    COLLATION("pg_c_utf8", 17),
    COLLATION("pg_unicode_fast", 18),
    FEATURE("event login", 17, 0, CLASS_EVENT_TRIGGER, HOLDS, .field = "definition", .value = "ON login"),

    FEATURE("hash partitioning", 11, 0, CLASS_TABLE, HOLDS, .field = "partition_key", .value = "HASH"),
    FEATURE("default partition", 11, 0, CLASS_TABLE, IS, .field = "partition_bound", .value = "DEFAULT"),
    FEATURE("table access method", 12, 0, CLASS_TABLE, IS_NOT, .field = "access_method", .value = "heap"),
    FEATURE("access method of a partitioned table", 17, 0, CLASS_TABLE, TEST, .test = is_partitioned_of_method),
    FEATURE("table access method", 12, 0, CLASS_MATERIALIZED_VIEW, IS_NOT, .field = "access_method", .value = "heap"),
    TABLE_OPTION("toast_tuple_target", 11),
    TABLE_OPTION("vacuum_index_cleanup", 12),
    TABLE_OPTION("vacuum_truncate", 12),
    TABLE_OPTION("autovacuum_vacuum_insert_threshold", 13),
    TABLE_OPTION("autovacuum_vacuum_insert_scale_factor", 13),
    TABLE_OPTION("autovacuum_vacuum_max_threshold", 18),
    TABLE_OPTION("vacuum_max_eager_freeze_failure_rate", 18),

    FEATURE("generated column", 12, 0, CLASS_COLUMN, SET, .field = "generated"),
    FEATURE("virtual generated column", 18, 0, CLASS_COLUMN, IS, .field = "generated_kind", .value = "virtual"),
    FEATURE("expression other than its parent's", 16, 0, CLASS_COLUMN, TEST, .test = differs_from_above),
    FEATURE("NULL where its parent is NOT NULL", 0, 18, CLASS_COLUMN, TEST, .test = lacks_not_null_of_above),
    FEATURE("compression", 14, 0, CLASS_COLUMN, SET, .field = "compression"),
    FEATURE("compression", 14, 0, CLASS_VIEW_COLUMN, SET, .field = "compression"),
    FEATURE("identity column of a partitioned table", 17, 0, CLASS_COLUMN, SET, .field = "identity", IN_PARTITIONED),
    FEATURE("identity column of a partition alone", 0, 17, CLASS_COLUMN, SET, .field = "identity",
            .parent_field = "partition_of"),
    FEATURE("NOT NULL that is not valid", 18, 0, CLASS_COLUMN, IS, .field = "not_null_validated", .value = "false"),
    FEATURE("NOT NULL that is not inherited", 18, 0, CLASS_COLUMN, IS, .field = "not_null_no_inherit", .value = "true"),
    FEATURE("comment on NOT NULL", 18, 0, CLASS_COLUMN, SET, .field = "not_null_comment"),
    FEATURE("comment on NOT NULL", 17, 0, CLASS_DOMAIN, SET, .field = "not_null_comment"),
    FEATURE("scale below zero or above the precision", 15, 0, CLASS_COLUMN, TEST, .test = has_odd_scale),
    FEATURE("scale below zero or above the precision", 15, 0, CLASS_ATTRIBUTE, TEST, .test = has_odd_scale),
    FEATURE("scale below zero or above the precision", 15, 0, CLASS_DOMAIN, TEST, .test = has_odd_scale),
    FEATURE("array of a domain", 11, 0, CLASS_COLUMN, TEST, .test = is_array_of_domain),
    FEATURE("array of a domain", 11, 0, CLASS_ATTRIBUTE, TEST, .test = is_array_of_domain),
    FEATURE("array of a domain", 11, 0, CLASS_DOMAIN, TEST, .test = is_array_of_domain),
    OF_TYPE("abstime", 0, 12),
    OF_TYPE("reltime", 0, 12),
    OF_TYPE("tinterval", 0, 12),
    OF_TYPE("jsonpath", 12, 0),
    OF_TYPE("xid8", 13, 0),
    OF_TYPE("pg_snapshot", 13, 0),
    OF_TYPE("regcollation", 13, 0),
    OF_TYPE("int4multirange", 14, 0),
    OF_TYPE("int8multirange", 14, 0),
    OF_TYPE("nummultirange", 14, 0),
    OF_TYPE("datemultirange", 14, 0),
    OF_TYPE("tsmultirange", 14, 0),
    OF_TYPE("tstzmultirange", 14, 0),

    OF_PARTITIONED("primary key", 11),
    OF_PARTITIONED("unique", 11),
    OF_PARTITIONED("foreign key", 11),
    OF_PARTITIONED("exclude", 17),
    FEATURE("foreign key to a partitioned table", 12, 0, CLASS_CONSTRAINT, TEST, .test = references_partitioned),
    FEATURE("INCLUDE", 11, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition", .value = "INCLUDE ("),
    FEATURE("NULLS NOT DISTINCT", 15, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition", .value = "NULLS NOT DISTINCT"),
    FEATURE("SET NULL of some columns", 15, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition", .value = "SET NULL ("),
    FEATURE("SET DEFAULT of some columns", 15, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition",
            .value = "SET DEFAULT ("),
    FEATURE("NOT ENFORCED", 18, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition", .value = "NOT ENFORCED"),
    FEATURE("WITHOUT OVERLAPS", 18, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition", .value = "WITHOUT OVERLAPS"),
    FEATURE("PERIOD", 18, 0, CLASS_CONSTRAINT, HOLDS, .field = "definition", .value = ", PERIOD"),

    FEATURE("index of a partitioned table", 11, 0, CLASS_INDEX, PRESENT, IN_PARTITIONED),
    FEATURE("INCLUDE", 11, 0, CLASS_INDEX, HOLDS, .field = "definition", .value = "INCLUDE ("),
    FEATURE("NULLS NOT DISTINCT", 15, 0, CLASS_INDEX, HOLDS, .field = "definition", .value = "NULLS NOT DISTINCT"),
    FEATURE("statistics target of an index", 11, 0, CLASS_INDEX, SET, .field = "statistics"),
    INDEX_OPTION("deduplicate_items", 13, 0),
    INDEX_OPTION("vacuum_cleanup_index_scale_factor", 11, 14),

    FEATURE("most common values", 12, 0, CLASS_STATISTICS, HOLDS, .field = "definition", .value = "( mcv"),
    FEATURE("most common values", 12, 0, CLASS_STATISTICS, HOLDS, .field = "definition", .value = "ndistinct , mcv"),
    FEATURE("most common values", 12, 0, CLASS_STATISTICS, HOLDS, .field = "definition", .value = "dependencies , mcv"),
    FEATURE("statistics of expressions", 14, 0, CLASS_STATISTICS, HOLDS, .field = "definition", .value = "ON ("),
    FEATURE("statistics of expressions", 14, 0, CLASS_STATISTICS, HOLDS, .field = "definition", .value = ", ("),
    FEATURE("statistics target", 13, 0, CLASS_STATISTICS, SET, .field = "statistics"),

    FEATURE("row trigger of a partitioned table", 11, 0, CLASS_TRIGGER, HOLDS, .field = "definition",
            .value = "FOR EACH ROW", IN_PARTITIONED),
    FEATURE("BEFORE trigger of a partitioned table", 13, 0, CLASS_TRIGGER, HOLDS, .field = "definition",
            .value = "FOR EACH ROW", IN_PARTITIONED, .also = "BEFORE"),

    FEATURE("security_invoker", 15, 0, CLASS_VIEW, OPTION, .field = "options", .value = "security_invoker"),
    FEATURE("alias of USING", 14, 0, CLASS_VIEW, TEST, .test = has_join_alias),
    FEATURE("alias of USING", 14, 0, CLASS_MATERIALIZED_VIEW, TEST, .test = has_join_alias),
    ANYWHERE("AS MATERIALIZED", 12, "WITH … AS MATERIALIZED"),
    ANYWHERE("NOT MATERIALIZED", 12, "WITH … AS NOT MATERIALIZED"),
    ANYWHERE("SEARCH DEPTH", 14, "SEARCH"),
    ANYWHERE("SEARCH BREADTH", 14, "SEARCH"),
    ANYWHERE("CYCLE", 14, "CYCLE"),
    ANYWHERE("GROUPS BETWEEN", 11, "GROUPS of a window"),
    ANYWHERE("EXCLUDE TIES", 11, "EXCLUDE of a window"),
    ANYWHERE("EXCLUDE GROUP", 11, "EXCLUDE of a window"),
    ANYWHERE("EXCLUDE CURRENT", 11, "EXCLUDE of a window"),
    ANYWHERE("WITH TIES", 13, "WITH TIES"),
    ANYWHERE("NORMALIZED", 13, "IS NORMALIZED"),
    ANYWHERE("EXTRACT (", 14, "EXTRACT of type numeric"),
    ANYWHERE("JSON_OBJECT (", 16, "JSON_OBJECT"),
    ANYWHERE("JSON_ARRAY (", 16, "JSON_ARRAY"),
    ANYWHERE("JSON_OBJECTAGG (", 16, "JSON_OBJECTAGG"),
    ANYWHERE("JSON_ARRAYAGG (", 16, "JSON_ARRAYAGG"),
    ANYWHERE("IS JSON", 16, "IS JSON"),
    ANYWHERE("IS NOT JSON", 16, "IS JSON"),
    ANYWHERE("JSON (", 17, "JSON()"),
    ANYWHERE("JSON_SCALAR (", 17, "JSON_SCALAR"),
    ANYWHERE("JSON_SERIALIZE (", 17, "JSON_SERIALIZE"),
    ANYWHERE("JSON_QUERY (", 17, "JSON_QUERY"),
    ANYWHERE("JSON_VALUE (", 17, "JSON_VALUE"),
    ANYWHERE("JSON_EXISTS (", 17, "JSON_EXISTS"),
    ANYWHERE("JSON_TABLE (", 17, "JSON_TABLE"),
    ANYWHERE("AT LOCAL", 17, "AT LOCAL"),

    FEATURE("unlogged sequence", 15, 0, CLASS_SEQUENCE, IS, .field = "persistence", .value = "unlogged"),
    FEATURE("publication of TRUNCATE", 11, 0, CLASS_PUBLICATION, HOLDS, .field = "publish", .value = "truncate"),
    FEATURE("publish_via_partition_root", 13, 0, CLASS_PUBLICATION, IS, .field = "via_partition_root", .value = "true"),
    FEATURE("publication of generated columns", 18, 0, CLASS_PUBLICATION, SET, .field = "generated_columns"),
    FEATURE("publication of a schema", 15, 0, CLASS_PUBLICATION_SCHEMA, PRESENT, .field = NULL),
    FEATURE("column list of a publication", 15, 0, CLASS_PUBLICATION_TABLE, SET, .field = "columns"),
    FEATURE("row filter of a publication", 15, 0, CLASS_PUBLICATION_TABLE, SET, .field = "row_filter"),
    FEATURE("privilege MAINTAIN", 17, 0, CLASS_GRANT, TEST, .test = grants_maintain),
    FEATURE("privilege MAINTAIN", 17, 0, CLASS_DEFAULT_PRIVILEGES, TEST, .test = grants_maintain_by_default),
    FEATURE("default privileges on large objects", 18, 0, CLASS_DEFAULT_PRIVILEGES, IS, .field = "object_type",
            .value = "LARGE OBJECTS"),
};

static bool has(const struct feature *feature, int major)
{
    return major >= feature->since && (feature->until == 0 || major < feature->until);
}

static bool has_option(const char *list, const char *name)
{
    size_t length = strlen(name);

    /* As the text of an array: {a=1,"b=2 3"} */
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length)
        if (at > list && strchr("{,\"", at[-1]) != NULL && at[length] == '=')
            return true;
    return false;
}

static bool is_type(const char *type, const char *name)
{
    size_t length = strlen(name);

    return strncmp(type, name, length) == 0 && (type[length] == '\0' || type[length] == '[' || type[length] == '(');
}

static bool holds(const char *sql, const struct feature *feature)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    /* Most definitions lack the first word: that is quick to see. */
    if (memmem(sql, strlen(sql), feature->value, strcspn(feature->value, " ")) == NULL)
        return false;
    sql_tokens_read(&tokens, sql);
    return sql_tokens_hold(&tokens, feature->value) &&
           (feature->also == NULL || sql_tokens_hold(&tokens, feature->also));
}

static bool parent_fits(const struct feature *feature, const struct object *object)
{
    if (feature->parent_field == NULL)
        return true;
    const char *value = object->parent != NULL ? object_field(object->parent, feature->parent_field) : NULL;
    return value != NULL && (feature->parent_value == NULL || strcmp(value, feature->parent_value) == 0);
}

static bool matches(const struct feature *feature, const struct catalog *catalog, const struct object *object)
{
    const char *value = feature->field != NULL ? object_field(object, feature->field) : NULL;

    switch (feature->match) {
    case PRESENT:
        return true;
    case SET:
        return value != NULL;
    case IS:
        return value != NULL && strcmp(value, feature->value) == 0;
    case IS_NOT:
        return value != NULL && strcmp(value, feature->value) != 0;
    case HOLDS:
        return value != NULL && holds(value, feature);
    case OPTION:
        return value != NULL && has_option(value, feature->value);
    case TYPE:
        return value != NULL && is_type(value, feature->value);
    case TEST:
        return feature->test(catalog, object);
    }
    return false;
}

static bool any_field_holds(const struct feature *feature, const struct object *object)
{
    for (size_t i = 0; i < object->field_count; i++) {
        const struct field *field = &object->fields[i];

        if (field->value != NULL && is_worded(field->name) && holds(field->value, feature))
            return true;
    }
    return false;
}

/* What main's object has that the version lacks; NULL: nothing. */
static const struct feature *find_lacking(const struct feature *const *lacking, size_t count,
                                          const struct catalog *catalog, const struct object *object)
{
    for (size_t i = 0; i < count; i++) {
        const struct feature *feature = lacking[i];

        if (feature->class == CLASS_COUNT
                ? any_field_holds(feature, object)
                : feature->class == object->class && parent_fits(feature, object) && matches(feature, catalog, object))
            return feature;
    }
    return NULL;
}

bool versions_check(const struct catalog *main, int standin_version, struct error *err)
{
    int main_major = main->server_version / 10000, standin_major = standin_version / 10000;
    const struct feature *lacking[array_length(features)];
    cleanup(text_free) struct text lines = {0};
    size_t count = 0, refused = 0;

    if (main_major == standin_major)
        return true;
    for (size_t i = 0; i < array_length(features); i++)
        if (!has(&features[i], standin_major))
            lacking[count++] = &features[i];
    for (size_t i = 0; i < main->count; i++) {
        const struct object *object = main->objects[i];
        const struct feature *feature = find_lacking(lacking, count, main, object);

        if (feature == NULL)
            continue;
        text_appendf(&lines, "%s%s %s: %s (PostgreSQL ", refused++ > 0 ? "\n" : "", class_name(object->class),
                     object->identity, feature->what);
        if (standin_major < feature->since)
            text_appendf(&lines, "%d and newer)", feature->since);
        else
            text_appendf(&lines, "%d and older)", feature->until - 1);
    }
    if (refused == 0)
        return true;
    error_set(err, ERROR_REFUSED, "the stand-in's PostgreSQL %d cannot hold %zu object%s of main's PostgreSQL %d",
              standin_major, refused, refused == 1 ? "" : "s", main_major);
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Use a stand-in of a version that has them, or change them in main.");
}
