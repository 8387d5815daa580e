/* Gathers what a plan's statements need by name: roles, tablespaces, extensions, collations, and what lies outside. */
#include "format/needs.h"

#include "common/catalog/array_text.h"
#include "common/map.h"
#include "common/memory.h"
#include "format/json.h"

struct gathering {
    const struct catalog *main, *base;
    struct arena *arena;
    json_t *roles, *tablespaces, *extensions, *collations, *outside;
    struct map seen; /* "role bob": what is in one of the arrays */
};

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_same_object(const struct object *object, const struct object *other)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (!same(object->fields[i].value, object_field_near(other, i, object->fields[i].name)))
            return false;
    return true;
}

static bool is_new(struct gathering *gathering, const char *kind, const char *name)
{
    static char marker;

    return map_add(&gathering->seen, arena_format(gathering->arena, "%s %s", kind, name), &marker);
}

static const char *user_text(const struct gathering *gathering, const struct object *object)
{
    return arena_format(gathering->arena, "%s %s", class_name(object->class), object->identity);
}

static void need_name(struct gathering *gathering, json_t *names, const char *kind, const char *name,
                      const struct object *user)
{
    if (name != NULL && is_new(gathering, kind, name))
        json_array_append_new(names, json_pack("{s:s, s:s}", "name", name, "user", user_text(gathering, user)));
}

static void need_role(struct gathering *gathering, const char *role, const struct object *user)
{
    if (role != NULL && strcmp(role, "public") != 0)
        need_name(gathering, gathering->roles, "role", role, user);
}

static void need_roles(struct gathering *gathering, const struct object *object)
{
    const char **roles;
    size_t count;

    need_role(gathering, object_field(object, "owner"), object);
    need_role(gathering, object_field(object, "grantor"), object);
    need_role(gathering, object_field(object, "grantee"), object);
    if (object->class == CLASS_DEFAULT_PRIVILEGES)
        need_role(gathering, object_field(object, "role"), object);
    if (object->class == CLASS_USER_MAPPING)
        need_role(gathering, object->name, object);
    if (object->class == CLASS_POLICY && object_field(object, "roles") != NULL &&
        array_text_parse(gathering->arena, object_field(object, "roles"), &roles, &count))
        for (size_t i = 0; i < count; i++)
            need_role(gathering, roles[i], object);
}

static void need_extension(struct gathering *gathering, const struct object *extension, const struct object *other)
{
    json_array_append_new(gathering->extensions, json_pack("{s:s, s:s?, s:s?}", "name", extension->name, "version",
                                                           object_field(extension, "version"), "from",
                                                           other != NULL ? object_field(other, "version") : NULL));
}

static void gather_object(struct gathering *gathering, const struct object *object, const struct object *other)
{
    need_roles(gathering, object);
    need_name(gathering, gathering->tablespaces, "tablespace", object_field(object, "tablespace"), object);
    need_name(gathering, gathering->tablespaces, "tablespace", object_field(object, "index_tablespace"), object);
    if (object->class == CLASS_EXTENSION)
        need_extension(gathering, object, other);
    if (object->class == CLASS_COLLATION)
        json_array_append_new(gathering->collations, json_pack("{s:s, s:s?}", "name", object->identity, "definition",
                                                               object_field(object, "definition")));
}

/* Keys and indexes outside are found by the columns that they are on, whatever their names. */
static bool is_found_otherwise(const struct outside *outside)
{
    return strcmp(outside->type, "table constraint") == 0 || strcmp(outside->type, "index") == 0;
}

/* The server's functions that convert between encodings have one more argument since 14, and go by their names. */
static bool is_conversion_function(const struct gathering *gathering, const struct outside *outside)
{
    return outside->object->class == CLASS_CONVERSION && strcmp(outside->type, "function") == 0 &&
           strncmp(outside->identity, "pg_catalog.", strlen("pg_catalog.")) == 0 &&
           gathering->main->server_version / 10000 != gathering->base->server_version / 10000;
}

static void gather_outside(struct gathering *gathering, const struct outside *outside)
{
    const struct object *other = catalog_find(gathering->base, outside->object->class, outside->object->identity);

    if (outside->needs || is_found_otherwise(outside) || (other != NULL && is_same_object(outside->object, other)) ||
        is_conversion_function(gathering, outside) || !is_new(gathering, outside->type, outside->identity))
        return;
    json_array_append_new(gathering->outside,
                          json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", outside->type, "identity", outside->identity,
                                    "names", outside->names, "arguments", outside->arguments, "user",
                                    user_text(gathering, outside->object)));
}

char *needs_describe(const struct catalog *main, const struct catalog *base)
{
    struct gathering gathering = {.main = main,
                                  .base = base,
                                  .arena = arena_new(),
                                  .roles = json_array(),
                                  .tablespaces = json_array(),
                                  .extensions = json_array(),
                                  .collations = json_array(),
                                  .outside = json_array()};
    size_t length, at = 0;

    for (size_t i = 0; i < main->count; i++) {
        const struct object *object = main->objects[i];
        const struct object *other = catalog_find_next(base, object, &at);
        if (other == NULL || !is_same_object(object, other))
            gather_object(&gathering, object, other);
    }
    for (size_t i = 0; i < main->outside_count; i++)
        gather_outside(&gathering, &main->outside[i]);
    cleanup(json_release) json_t *needs =
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "roles", gathering.roles, "tablespaces", gathering.tablespaces,
                  "extensions", gathering.extensions, "collations", gathering.collations, "outside", gathering.outside);
    map_free(&gathering.seen);
    arena_free(gathering.arena);
    return json_print(needs, &length);
}
