/* Brings main's catalog to the terms of the stand-in's server: of its version, and of what it makes of a text. */
#include "plan/schema/versions.h"

#include "common/catalog/wording.h"

#include <string.h>

static void set_field(struct object *object, const char *name, const char *value)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (strcmp(object->fields[i].name, name) == 0)
            object_own_fields(object)[i].value = value;
}

static bool has_value(const struct object *object, const char *field, const char *value)
{
    const char *own = object_field(object, field);

    return own != NULL && strcmp(own, value) == 0;
}

/* An extension's version goes with the server that it is installed on; pg_dump leaves it out likewise. */
static void adapt_extension(struct object *object, const struct object *other)
{
    set_field(object, "version", other != NULL ? object_field(other, "version") : NULL);
}

/* The schema public belongs to the database's owner since 15, by a role that there is since 14. */
static void adapt_schema(struct object *object, const struct object *other, int standin_version)
{
    if (standin_version < 140000 && has_value(object, "owner", "pg_database_owner") && other != NULL)
        set_field(object, "owner", object_field(other, "owner"));
}

/* What an owner may do to a table by being its owner has a name since 17. */
static void leave_maintain_out(struct arena *arena, struct object *object, const char *field)
{
    static const char maintain[] = "MAINTAIN";
    const char *privileges = object_field(object, field);
    const char *found = privileges != NULL ? strstr(privileges, maintain) : NULL;

    if (found == NULL)
        return;
    const char *rest = found + strlen(maintain);
    if (*rest == '*')
        rest++;
    if (*rest == ',')
        rest++;
    char *without = arena_format(arena, "%.*s%s", (int)(found - privileges), privileges, rest);
    size_t length = strlen(without);
    if (length > 0 && without[length - 1] == ',')
        without[length - 1] = '\0';
    set_field(object, field, without);
}

static void adapt_grant(struct arena *arena, struct object *object, int standin_version)
{
    if (standin_version < 170000 && has_value(object, "of_owner", "true"))
        leave_maintain_out(arena, object, "privileges");
}

static void adapt_default_privileges(struct arena *arena, struct object *object, int standin_version)
{
    const char *role = object_field(object, "role");

    if (standin_version >= 170000 || role == NULL || !has_value(object, "grantee", role))
        return;
    leave_maintain_out(arena, object, "privileges");
    leave_maintain_out(arena, object, "initial");
}

/* The name of NOT NULL says nothing of rows, and nothing else can use it; sequences were always logged before 15. */
static void adapt_column(struct object *object, int standin_version)
{
    if (standin_version < 180000) {
        set_field(object, "not_null_name", NULL);
        set_field(object, "not_null_inherited_name", NULL);
    }
    if (standin_version < 150000)
        set_field(object, "identity_persistence", NULL);
}

/* Each option came with a version; nothing that the stand-in holds depends on it. */
static void adapt_subscription(struct object *object, int standin_version)
{
    static const struct {
        const char *option, *value;
        int since;
    } options[] = {
        {"binary", "false", 140000}, {"streaming", "false", 140000},      {"disable_on_error", "false", 150000},
        {"origin", NULL, 160000},    {"password_required", NULL, 160000}, {"run_as_owner", NULL, 160000},
        {"failover", NULL, 170000},
    };

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (standin_version < options[i].since)
            set_field(object, options[i].option, options[i].value);
    if (standin_version < 160000 && has_value(object, "streaming", "parallel"))
        set_field(object, "streaming", "true");
}

static void adapt_domain(struct object *object, int standin_version)
{
    if (standin_version < 170000)
        set_field(object, "not_null_name", NULL);
}

/* A text of the stand-in's that is less settled than main's may still become main's, when it is written anew. */
static void adapt_wording(struct object *object, int version, const struct object *other, int other_version)
{
    bool versions = version / 10000 != other_version / 10000;

    for (size_t i = 0; i < object->field_count; i++) {
        const struct field *field = &object->fields[i];
        const char *value = object_field_near(other, i, field->name);

        if (field->value == value || (field->value != NULL && value != NULL && strcmp(field->value, value) == 0))
            continue;
        if (same_wording(object->class, field->name, field->value, version, value, other_version) &&
            (versions || count_unsettled(value) < count_unsettled(field->value)))
            object_own_fields(object)[i].value = value;
    }
}

static void adapt_object(struct arena *arena, struct object *object, const struct object *other, int standin_version)
{
    if (object->class == CLASS_COLUMN)
        adapt_column(object, standin_version);
    else if (object->class == CLASS_SUBSCRIPTION)
        adapt_subscription(object, standin_version);
    else if (object->class == CLASS_DOMAIN)
        adapt_domain(object, standin_version);
    else if (object->class == CLASS_EXTENSION)
        adapt_extension(object, other);
    else if (object->class == CLASS_SCHEMA)
        adapt_schema(object, other, standin_version);
    else if (object->class == CLASS_DEFAULT_PRIVILEGES)
        adapt_default_privileges(arena, object, standin_version);
    else if (object->class == CLASS_GRANT)
        adapt_grant(arena, object, standin_version);
}

void versions_adapt(struct catalog *main, const struct catalog *standin)
{
    bool versions = main->server_version / 10000 != standin->server_version / 10000;
    size_t at = 0;

    for (size_t i = 0; i < main->count; i++) {
        struct object *object = main->objects[i];
        const struct object *other = catalog_find_next(standin, object, &at);

        if (versions)
            adapt_object(main->arena, object, other, standin->server_version);
        if (other != NULL)
            adapt_wording(object, main->server_version, other, standin->server_version);
    }
}
