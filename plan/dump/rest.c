/* What pg_dump does not say, asked of the server. */
#include "plan/dump/rest.h"

#include "common/connection.h"
#include "common/memory.h"
#include "plan/dump/sql.h"

static const char *value_at(struct dump *dump, const PGresult *result, int row, const char *column)
{
    int number = PQfnumber(result, column);

    return PQgetisnull(result, row, number) ? NULL : arena_string(dump->arena, PQgetvalue(result, row, number));
}

static uint32_t number_at(const PGresult *result, int row, const char *column)
{
    return (uint32_t)strtoul(PQgetvalue(result, row, PQfnumber(result, column)), NULL, 10);
}

static bool is_true(const PGresult *result, int row, const char *column)
{
    return strcmp(PQgetvalue(result, row, PQfnumber(result, column)), "t") == 0;
}

bool rest_read_columns(struct dump *dump, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    struct column_rest *last = NULL;
    const char *last_key = "";

    if (!connection_query(dump->reading->connection, sql_columns, 0, NULL, &result, err))
        return error_context(err, "asking for the numbers of columns");
    for (int row = 0; row < PQntuples(result); row++) {
        struct column_rest *rest = arena_allocate(dump->arena, 1, sizeof *rest);
        const char *key = value_at(dump, result, row, "key");
        rest->relation = number_at(result, row, "relation");
        rest->number = (int32_t)number_at(result, row, "number");
        rest->name = value_at(dump, result, row, "name");
        rest->default_object = number_at(result, row, "default_object");
        rest->local = is_true(result, row, "local");
        rest->type = value_at(dump, result, row, "type");
        rest->collation = value_at(dump, result, row, "collation");
        rest->not_null = value_at(dump, result, row, "not_null");
        rest->not_null_name = value_at(dump, result, row, "not_null_name");
        rest->not_null_inherited_name = value_at(dump, result, row, "not_null_inherited_name");
        rest->not_null_no_inherit = value_at(dump, result, row, "not_null_no_inherit");
        rest->not_null_validated = value_at(dump, result, row, "not_null_validated");
        rest->not_null_comment = value_at(dump, result, row, "not_null_comment");
        rest->generated = value_at(dump, result, row, "generated");
        rest->generated_kind = value_at(dump, result, row, "generated_kind");
        if (last != NULL && strcmp(key, last_key) == 0)
            last->next = rest;
        else
            map_add(&dump->columns, key, rest);
        last = rest;
        last_key = key;
    }
    return true;
}

const struct column_rest *dump_columns(struct dump *dump, uint32_t relation)
{
    return map_get(&dump->columns, arena_format(dump->arena, "%u", relation));
}

bool rest_read_views(struct dump *dump, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(dump->reading->connection, sql_views, 0, NULL, &result, err))
        return error_context(err, "asking for the columns of views");
    for (int row = 0; row < PQntuples(result); row++) {
        struct view_rest *rest = arena_allocate(dump->arena, 1, sizeof *rest);
        rest->columns = value_at(dump, result, row, "columns");
        rest->populated = value_at(dump, result, row, "populated");
        map_add(&dump->views, value_at(dump, result, row, "relation"), rest);
    }
    return true;
}

const struct view_rest *dump_view(struct dump *dump, uint32_t relation)
{
    return map_get(&dump->views, arena_format(dump->arena, "%u", relation));
}

bool rest_read_identity_types(struct dump *dump, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(dump->reading->connection, sql_identity_types, 0, NULL, &result, err))
        return error_context(err, "asking for the types of identity columns' sequences");
    for (int row = 0; row < PQntuples(result); row++)
        map_add(&dump->identity_types, value_at(dump, result, row, "relation"),
                (void *)value_at(dump, result, row, "type"));
    return true;
}

const char *dump_identity_type(struct dump *dump, uint32_t sequence)
{
    return map_get(&dump->identity_types, arena_format(dump->arena, "%u", sequence));
}

static bool add_inherited(struct dump *dump, const PGresult *result, int row, struct object *parent,
                          struct object **constraint, struct error *err)
{
    static const char *const fields[] = {"definition", "type", "deferrable", "deferred", "validated", "no_inherit"};

    if (!dump_add(dump, CLASS_CONSTRAINT, parent, NULL, value_at(dump, result, row, "name"), NULL, constraint, err))
        return false;
    for (size_t i = 0; i < array_length(fields); i++)
        object_set(*constraint, fields[i], value_at(dump, result, row, fields[i]));
    return true;
}

static bool place_constraint(struct dump *dump, const PGresult *result, int row, struct error *err)
{
    struct addresses *addresses = &dump->reading->addresses;
    struct object *parent = addresses_find(
        addresses, (struct address){number_at(result, row, "parent_class"), number_at(result, row, "parent"), 0});
    const char *name = value_at(dump, result, row, "name");
    bool inherited = is_true(result, row, "inherited");
    struct object *constraint;

    if (parent == NULL)
        return true; /* an extension's */
    constraint = dump_find(dump, CLASS_CONSTRAINT,
                           arena_format(dump->arena, "%s.%s", parent->identity, dump_identity(dump, NULL, name)));
    if (constraint == NULL && !inherited)
        return error_set(err, ERROR_REFUSED, "pg_dump's archive lacks the constraint %s of %s", name, parent->identity);
    if (constraint == NULL && !add_inherited(dump, result, row, parent, &constraint, err))
        return false;
    addresses_add(addresses, (struct address){PG_CONSTRAINT, number_at(result, row, "object"), 0}, constraint);
    object_set_bool(constraint, "inherited", inherited);
    return true;
}

static void set_parent_constraint(struct dump *dump, const PGresult *result, int row)
{
    struct addresses *addresses = &dump->reading->addresses;
    uint32_t number = number_at(result, row, "parent_constraint");
    struct object *constraint =
        addresses_find(addresses, (struct address){PG_CONSTRAINT, number_at(result, row, "object"), 0});

    if (number == 0 || constraint == NULL)
        return;
    const struct object *parent = addresses_find(addresses, (struct address){PG_CONSTRAINT, number, 0});
    object_set(constraint, "parent_constraint",
               parent != NULL ? parent->identity : value_at(dump, result, row, "parent_constraint_name"));
}

bool rest_read_constraints(struct dump *dump, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(dump->reading->connection, sql_constraints, 0, NULL, &result, err))
        return error_context(err, "asking for inherited constraints");
    for (int row = 0; row < PQntuples(result); row++)
        if (!place_constraint(dump, result, row, err))
            return false;
    for (int row = 0; row < PQntuples(result); row++)
        set_parent_constraint(dump, result, row);
    return true;
}

bool rest_read_domains(struct dump *dump, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(dump->reading->connection, sql_domains, 0, NULL, &result, err))
        return error_context(err, "asking for NOT NULL of domains");
    for (int row = 0; row < PQntuples(result); row++) {
        struct object *domain =
            addresses_find(&dump->reading->addresses, (struct address){PG_TYPE, number_at(result, row, "domain"), 0});
        if (domain == NULL)
            continue; /* an extension's */
        object_set(domain, "not_null_name", value_at(dump, result, row, "name"));
        object_set(domain, "not_null_comment", value_at(dump, result, row, "comment"));
    }
    return true;
}

bool rest_check_indexes(struct dump *dump, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(dump->reading->connection, sql_invalid_indexes, 0, NULL, &result, err))
        return error_context(err, "asking for invalid indexes");
    for (int row = 0; row < PQntuples(result); row++) {
        struct object *index =
            addresses_find(&dump->reading->addresses, (struct address){PG_CLASS, number_at(result, row, "object"), 0});
        if (index == NULL) {
            error_set(err, ERROR_REFUSED, "%s: the index %s is not valid, and pg_dump leaves such indexes out",
                      dump->reading->connection->side, value_at(dump, result, row, "name"));
            return error_hint(err, "Drop it or build it again (REINDEX), or leave out --schema-source=pgdump.");
        }
        object_set_bool(index, "valid", false);
    }
    return true;
}

bool rest_read_user_mappings(struct dump *dump, struct error *err)
{
    struct addresses *addresses = &dump->reading->addresses;
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(dump->reading->connection, sql_user_mappings, 0, NULL, &result, err))
        return error_context(err, "asking for user mappings");
    for (int row = 0; row < PQntuples(result); row++) {
        const struct object *server =
            addresses_find(addresses, (struct address){PG_FOREIGN_SERVER, number_at(result, row, "server"), 0});
        struct object *mapping = NULL;
        if (server != NULL)
            mapping = dump_find(dump, CLASS_USER_MAPPING,
                                arena_format(dump->arena, "%s.%s", server->identity,
                                             dump_identity(dump, NULL, value_at(dump, result, row, "role"))));
        if (mapping != NULL)
            addresses_add(addresses, (struct address){PG_USER_MAPPING, number_at(result, row, "object"), 0}, mapping);
    }
    return true;
}
