/*
 * The model of a database's schema: a flat set of objects with fields.
 *
 * An object has a class, an identity that holds across databases (never an oid), a parent, fields (name and value, in
 * the order of its class's query), the objects it depends on, and is owned by its catalog's arena. Columns, defaults,
 * constraints, indexes, triggers, enum labels, … are objects; owner is a field; comments, grants and security labels
 * are objects whose parent is what they belong to ("satellites").
 *
 * The fields of a class are the columns of its query, common/catalog/sql/CLASS.sql; what a difference in one means is a
 * row of the rule table, plan/schema/rules/rules.c. Both must name the same fields: plan refuses one that no rule
 * covers.
 */
#pragma once

#include "common/arena.h"
#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Every class: enum name, its name in plans and messages, and the words that COMMENT ON, ALTER, DROP and GRANT use for
 * it. In the order in which unrelated objects are created.
 */
#define OBJECT_CLASSES(X)                                                                                              \
    X(CLASS_SCHEMA, "schema", "SCHEMA")                                                                                \
    X(CLASS_EXTENSION, "extension", "EXTENSION")                                                                       \
    X(CLASS_EXTENSION_GRANT, "extension grant", NULL)                                                                  \
    X(CLASS_DEFAULT_PRIVILEGES, "default privileges", NULL)                                                            \
    X(CLASS_LANGUAGE, "language", "LANGUAGE")                                                                          \
    X(CLASS_SHELL_TYPE, "shell type", "TYPE")                                                                          \
    X(CLASS_BASE_TYPE, "base type", "TYPE")                                                                            \
    X(CLASS_ENUM, "enum", "TYPE")                                                                                      \
    X(CLASS_ENUM_LABEL, "enum label", NULL)                                                                            \
    X(CLASS_DOMAIN, "domain", "DOMAIN")                                                                                \
    X(CLASS_COMPOSITE_TYPE, "composite type", "TYPE")                                                                  \
    X(CLASS_ATTRIBUTE, "attribute", "COLUMN")                                                                          \
    X(CLASS_RANGE_TYPE, "range type", "TYPE")                                                                          \
    X(CLASS_COLLATION, "collation", "COLLATION")                                                                       \
    X(CLASS_FUNCTION, "function", "FUNCTION")                                                                          \
    X(CLASS_PROCEDURE, "procedure", "PROCEDURE")                                                                       \
    X(CLASS_AGGREGATE, "aggregate", "AGGREGATE")                                                                       \
    X(CLASS_OPERATOR, "operator", "OPERATOR")                                                                          \
    X(CLASS_OPERATOR_FAMILY, "operator family", "OPERATOR FAMILY")                                                     \
    X(CLASS_OPERATOR_CLASS, "operator class", "OPERATOR CLASS")                                                        \
    X(CLASS_OPERATOR_FAMILY_MEMBER, "operator family member", NULL)                                                    \
    X(CLASS_CAST, "cast", "CAST")                                                                                      \
    X(CLASS_TRANSFORM, "transform", "TRANSFORM")                                                                       \
    X(CLASS_CONVERSION, "conversion", "CONVERSION")                                                                    \
    X(CLASS_ACCESS_METHOD, "access method", "ACCESS METHOD")                                                           \
    X(CLASS_TEXT_SEARCH_PARSER, "text search parser", "TEXT SEARCH PARSER")                                            \
    X(CLASS_TEXT_SEARCH_TEMPLATE, "text search template", "TEXT SEARCH TEMPLATE")                                      \
    X(CLASS_TEXT_SEARCH_DICTIONARY, "text search dictionary", "TEXT SEARCH DICTIONARY")                                \
    X(CLASS_TEXT_SEARCH_CONFIGURATION, "text search configuration", "TEXT SEARCH CONFIGURATION")                       \
    X(CLASS_TEXT_SEARCH_MAPPING, "text search mapping", NULL)                                                          \
    X(CLASS_FOREIGN_DATA_WRAPPER, "foreign data wrapper", "FOREIGN DATA WRAPPER")                                      \
    X(CLASS_SERVER, "server", "SERVER")                                                                                \
    X(CLASS_USER_MAPPING, "user mapping", NULL)                                                                        \
    X(CLASS_SEQUENCE, "sequence", "SEQUENCE")                                                                          \
    X(CLASS_TABLE, "table", "TABLE")                                                                                   \
    X(CLASS_FOREIGN_TABLE, "foreign table", "FOREIGN TABLE")                                                           \
    X(CLASS_COLUMN, "column", "COLUMN")                                                                                \
    X(CLASS_IDENTITY_SEQUENCE, "identity sequence", "SEQUENCE")                                                        \
    X(CLASS_DEFAULT, "default", NULL)                                                                                  \
    X(CLASS_VIEW, "view", "VIEW")                                                                                      \
    X(CLASS_MATERIALIZED_VIEW, "materialized view", "MATERIALIZED VIEW")                                               \
    X(CLASS_VIEW_COLUMN, "view column", "COLUMN")                                                                      \
    X(CLASS_CONSTRAINT, "constraint", "CONSTRAINT")                                                                    \
    X(CLASS_INDEX, "index", "INDEX")                                                                                   \
    X(CLASS_STATISTICS, "statistics", "STATISTICS")                                                                    \
    X(CLASS_RULE, "rule", "RULE")                                                                                      \
    X(CLASS_TRIGGER, "trigger", "TRIGGER")                                                                             \
    X(CLASS_POLICY, "policy", "POLICY")                                                                                \
    X(CLASS_EVENT_TRIGGER, "event trigger", "EVENT TRIGGER")                                                           \
    X(CLASS_PUBLICATION, "publication", "PUBLICATION")                                                                 \
    X(CLASS_PUBLICATION_TABLE, "publication table", NULL)                                                              \
    X(CLASS_PUBLICATION_SCHEMA, "publication schema", NULL)                                                            \
    X(CLASS_SUBSCRIPTION, "subscription", "SUBSCRIPTION")                                                              \
    X(CLASS_COMMENT, "comment", NULL)                                                                                  \
    X(CLASS_SECURITY_LABEL, "security label", NULL)                                                                    \
    X(CLASS_GRANT, "grant", NULL)

enum object_class {
#define X(class, name, keyword) class,
    OBJECT_CLASSES(X)
#undef X
        CLASS_COUNT
};

const char *class_name(enum object_class class);
const char *class_keyword(enum object_class class); /* NULL where the class has none */
bool class_from_name(const char *name, enum object_class *class);

struct field {
    const char *name;
    const char *value; /* as the server prints it; NULL for SQL NULL */
};

struct object {
    enum object_class class;
    const char *identity; /* quoted and qualified, unique in its class: `public.t`, `public.t.c`, `public.f(integer)` */
    const char *schema;   /* unquoted; NULL where the class has no schema */
    const char *name;     /* unquoted */
    struct object *parent;      /* a column's table, a comment's object; NULL where there is none */
    const struct field *fields; /* object_own_fields() to change them */
    size_t field_count;
    struct arena *shared_in; /* NULL: the fields are its own; else others of the same values have them too */
    struct object **depends; /* what this object needs to exist, its parent included; no duplicates, in order of
                              * identity. A function that calls itself needs itself. */
    size_t depend_count;
    bool uses_row_type; /* an expression of it has values of composite types that it depends on, or parts of them */
    size_t number;      /* the position in catalog.objects, for those who keep arrays beside it */
};

/* A tie between an object of the catalog and one that lies outside of the chosen schemas (or in no schema). */
struct outside {
    const char *type, *identity;   /* as pg_identify_object() has them: "type", "other.e" */
    const char *names, *arguments; /* arrays, as pg_get_object_address() takes them */
    struct object *object;
    bool needs; /* it needs the object, so the object cannot go; else the object needs it */
};

struct catalog {
    struct arena *arena;
    struct object **objects; /* by class, then identity (byte order): the order is a function of the contents */
    size_t count, capacity;
    struct object_slot *slots; /* by class and identity; private to catalog.c */
    size_t slot_count;
    const char *last_schema; /* of the object that was added last: most neighbours share it */
    const char **warnings;   /* classes that are present and not covered, by name and count */
    size_t warning_count;
    struct outside *outside; /* by the object's number once catalog_finish() has run */
    size_t outside_count, outside_capacity;
    int server_version;
};

struct catalog *catalog_new(void);
void catalog_free(struct catalog *catalog); /* NULL is fine; also see catalog_cleanup */
void catalog_cleanup(struct catalog **catalog);

/* Adds an object with room for field_count fields. Strings are copied into the arena. A second one of the same class
 * and identity is ERROR_INTERNAL. */
bool catalog_add(struct catalog *catalog, enum object_class class, const char *identity, const char *schema,
                 const char *name, size_t field_count, struct object **object, struct error *err) must_check;

/* The same for an object whose fields are those of another one, or will be. */
bool catalog_add_sharing(struct catalog *catalog, enum object_class class, const char *identity, const char *schema,
                         const char *name, const struct field *fields, size_t field_count, struct object **object,
                         struct error *err) must_check;

/* The object's fields, to be filled or changed: from here on they are its own. */
struct field *object_own_fields(struct object *object);

/* Gives the object its edges (the array is copied); replaces earlier ones. The parent is added by catalog_finish(). */
void catalog_set_depends(struct catalog *catalog, struct object *object, struct object *const *depends, size_t count);

/* Adds a tie; the texts of `outside` are not copied and must live in the catalog's arena. */
void catalog_add_outside(struct catalog *catalog, const struct outside *outside, struct object *object, bool needs);

void catalog_warn(struct catalog *catalog, const char *warning);

/* Puts objects in their order, numbers them, sorts and deduplicates the edges (the parent is one of them). Call once,
 * after the last catalog_add(). */
void catalog_finish(struct catalog *catalog);

struct object *catalog_find(const struct catalog *catalog, enum object_class class, const char *identity);

/* The same for all objects of another catalog, one after the other: *at is 0 before the first of them. */
struct object *catalog_find_next(const struct catalog *catalog, const struct object *object, size_t *at);

/* The same objects with the same names, fields, edges and ties, of servers of one version, with the same warnings? Both
 * are finished. */
bool catalog_equal(const struct catalog *a, const struct catalog *b);

const char *object_field(const struct object *object, const char *name); /* NULL for SQL NULL and for no such field */

/* The same for a field that is likely to be the object's field `position`: objects of a class mostly have the same ones
 * in the same order. */
const char *object_field_near(const struct object *object, size_t position, const char *name);
