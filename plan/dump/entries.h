/* What the parsers of the entries share: the catalog that is being made, and the words to make objects with. */
#pragma once

#include "common/catalog/reading.h"
#include "common/map.h"
#include "plan/dump/archive.h"
#include "plan/dump/tokens.h"

/* The oids of system catalogs are the same in every server. */
enum system_catalog {
    PG_TYPE = 1247,
    PG_CLASS = 1259,
    PG_FOREIGN_SERVER = 1417,
    PG_USER_MAPPING = 1418,
    PG_CONSTRAINT = 2606,
    PG_ATTRDEF = 2604,
};

struct dump {
    struct reading *reading;
    struct catalog *catalog; /* the reading's */
    struct arena *arena;     /* the catalog's: for what the objects keep */
    struct archive archive;
    struct map objects;            /* by dump id, as text; none where the entry is no object */
    struct map columns;            /* what pg_dump leaves out of columns: "oid name" → struct column_rest */
    struct map views;              /* … of views and materialized views: "oid" → struct view_rest */
    struct map identity_types;     /* … of identity columns' sequences: "oid" → the name of the type */
    struct map granted;            /* the objects that have an access list: their address as text */
    struct map constraint_indexes; /* "schema.index" → the constraint whose index it is */
};

/* One entry and where its parser has come to. */
struct entry {
    struct dump *dump;
    const struct archive_entry *archive;
    struct cursor cursor;  /* the definition */
    struct object *object; /* set by the parser where the entry is an object: it gets the entry's address and owner */
};

typedef bool (*entry_parser)(struct entry *entry, struct error *err);

/* A new object with all fields of its class, NULL, but for the owner, which is the entry's. Its identity is made as the
 * live reader makes it. `parent` and `signature` may be NULL. */
bool entry_add(struct entry *entry, enum object_class class, struct object *parent, const char *schema,
               const char *name, const char *signature, struct object **object, struct error *err) must_check;

/* The same for what belongs to an object, whatever the entry. */
bool dump_add(struct dump *dump, enum object_class class, struct object *parent, const char *schema, const char *name,
              const char *signature, struct object **object, struct error *err) must_check;

/* The value must live as long as the catalog. A field that the options leave out is passed over. */
void object_set(struct object *object, const char *field, const char *value);
void object_set_bool(struct object *object, const char *field, bool value);
void object_set_text(struct dump *dump, struct object *object, const char *field, const char *value); /* copies */

/* A list that becomes a field; no items at all is NULL. */
struct items {
    const char **items;
    size_t count, capacity;
};
void items_add(struct items *items, const char *item);
void items_sort(struct items *items);
void items_free(struct items *items);
void object_set_list(struct dump *dump, struct object *object, const char *field, const struct items *items);

/* `schema.name` as identities have it. */
const char *dump_identity(struct dump *dump, const char *schema, const char *name);

/* Takes a qualified name and gives its identity. */
bool cursor_identity(struct dump *dump, struct cursor *cursor, const char **identity);

/* The table, view, … of that name, or NULL. */
struct object *dump_relation(struct dump *dump, const char *schema, const char *name);
struct object *dump_of_id(const struct dump *dump, uint32_t dump_id); /* the object of that entry; NULL: none */
struct object *dump_find(struct dump *dump, enum object_class class, const char *identity);

struct object *dump_column(struct dump *dump, const struct object *relation, const char *name); /* a view's too */

bool unexpected(const struct entry *entry, struct error *err); /* sets the error: this text is not understood */

/* `name = value, name 'value', name` in a group, or nothing at all: OPTIONS (…), WITH (…). Values are decoded. */
struct pair {
    const char *name;
    const char *value;    /* decoded where it is a string; NULL: none */
    struct cursor tokens; /* of the value */
};
struct pairs {
    struct pair *items;
    size_t count, capacity;
};
bool pairs_read(struct dump *dump, struct cursor inside, struct pairs *pairs) must_check;
void pairs_free(struct pairs *pairs);
const struct pair *pairs_find(const struct pairs *pairs, const char *name);
char *pair_text(struct dump *dump, const struct pair *pair); /* the value as it stands */

/* Storage options keep their order; those of foreign data are in byte order; with OPTIONS_SECRET, those that hold a
 * secret are left out. */
enum options_kind { OPTIONS_STORAGE, OPTIONS_FOREIGN, OPTIONS_SECRET };

/* Reads the list and sets the field: `{name=value,…}`. */
bool set_options(struct entry *entry, struct object *object, const char *field, struct cursor inside,
                 enum options_kind kind, struct error *err) must_check;

/* The fields `options` and `toast_options` from what is in WITH (…). `more` is one option more, or NULL. */
bool set_storage_options(struct entry *entry, struct cursor inside, const char *more, struct error *err) must_check;

/* As the server's quote_literal() has it. */
const char *server_literal(struct dump *dump, const char *value);

/* The next statement, without its semicolon; false at the end. */
bool next_statement(struct cursor *cursor, struct cursor *statement);

/* ALTER … DEPENDS ON EXTENSION x: adds the name. */
bool take_extension(struct dump *dump, struct cursor statement, struct items *extensions);

/* DISABLE, ENABLE, … as the field `enabled` has it; NULL where the words are others. */
const char *take_enabled_state(struct cursor *statement);

/* What pg_dump does not say of columns and views. */
struct column_rest {
    uint32_t relation; /* pg_class */
    int32_t number;
    uint32_t default_object; /* 0: there is none */
    bool local;
    const char *type, *collation, *not_null, *generated, *generated_kind;
    const char *not_null_name, *not_null_inherited_name, *not_null_no_inherit, *not_null_validated, *not_null_comment;
    /* of every column: PostgreSQL 18 */ /* only of columns that no CREATE TABLE lists */
    const char *name;
    struct column_rest *next; /* of the same relation */
};
const struct column_rest *dump_columns(struct dump *dump, uint32_t relation); /* in their order; NULL: none */

struct view_rest {
    const char *columns, *populated;
};
const struct view_rest *dump_view(struct dump *dump, uint32_t relation);
const char *dump_identity_type(struct dump *dump, uint32_t sequence); /* NULL: it is no identity column's */

/* The parsers, by the files that hold them. */
bool parse_table(struct entry *entry, struct error *err);
bool parse_table_attach(struct entry *entry, struct error *err);
bool parse_sequence(struct entry *entry, struct error *err);
bool parse_sequence_owned_by(struct entry *entry, struct error *err);
bool parse_default(struct entry *entry, struct error *err);
bool parse_row_security(struct entry *entry, struct error *err);
bool parse_constraint(struct entry *entry, struct error *err);
bool parse_index(struct entry *entry, struct error *err);
bool parse_index_attach(struct entry *entry, struct error *err);
bool parse_view(struct entry *entry, struct error *err);
bool parse_materialized_view(struct entry *entry, struct error *err);
bool parse_rule(struct entry *entry, struct error *err);
bool parse_trigger(struct entry *entry, struct error *err);
bool parse_policy(struct entry *entry, struct error *err);
bool parse_statistics(struct entry *entry, struct error *err);
bool parse_function(struct entry *entry, struct error *err);
bool parse_aggregate(struct entry *entry, struct error *err);
bool parse_type(struct entry *entry, struct error *err);
bool parse_domain(struct entry *entry, struct error *err);
bool parse_operator(struct entry *entry, struct error *err);
bool parse_operator_class(struct entry *entry, struct error *err);
bool parse_operator_family(struct entry *entry, struct error *err);
bool parse_cast(struct entry *entry, struct error *err);
bool parse_transform(struct entry *entry, struct error *err);
bool parse_collation(struct entry *entry, struct error *err);
bool parse_conversion(struct entry *entry, struct error *err);
bool parse_language(struct entry *entry, struct error *err);
bool parse_access_method(struct entry *entry, struct error *err);
bool parse_text_search_parser(struct entry *entry, struct error *err);
bool parse_text_search_template(struct entry *entry, struct error *err);
bool parse_text_search_dictionary(struct entry *entry, struct error *err);
bool parse_text_search_configuration(struct entry *entry, struct error *err);
bool parse_event_trigger(struct entry *entry, struct error *err);
bool parse_foreign_data_wrapper(struct entry *entry, struct error *err);
bool parse_server(struct entry *entry, struct error *err);
bool parse_user_mapping(struct entry *entry, struct error *err);
bool parse_publication(struct entry *entry, struct error *err);
bool parse_publication_table(struct entry *entry, struct error *err);
bool parse_publication_schema(struct entry *entry, struct error *err);
bool parse_schema(struct entry *entry, struct error *err);
bool parse_comment(struct entry *entry, struct error *err);
bool parse_security_label(struct entry *entry, struct error *err);
bool parse_acl(struct entry *entry, struct error *err);
bool parse_default_acl(struct entry *entry, struct error *err);

/* A constraint of a table or domain: `definition` is what follows its name. */
bool add_constraint(struct entry *entry, struct object *parent, const char *name, struct cursor definition,
                    struct object **constraint, struct error *err) must_check;

/* After the last entry: what has the default privileges of its class gets them as grants. */
bool add_default_grants(struct dump *dump, struct error *err) must_check;
