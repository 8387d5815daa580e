/* A catalog as JSON Lines, streamed both ways. */
#include "format/catalog_json.h"

#include "common/interrupt.h"
#include "common/memory.h"
#include "format/json.h"
#include "format/limits.h"
#include "format/lines.h"

enum { FLUSH_SIZE = 128 * 1024, FIELD_LIMIT = 4096, SERVER_VERSION_LIMIT = 10000000 };

static json_t *reference_to(const struct object *object)
{
    return json_pack("[s, s]", class_name(object->class), object->identity);
}

/* Of struct outside, by `needs`. */
static const char *const tie_names[] = {"needs", "needed by"};

/* The object's ties to what lies outside; NULL where it has none. *next is the first tie that is not an earlier
 * object's. */
static json_t *outside_to_json(const struct catalog *catalog, const struct object *object, size_t *next, bool *valid)
{
    json_t *array = NULL;

    for (; *next < catalog->outside_count && catalog->outside[*next].object == object; ++*next) {
        const struct outside *outside = &catalog->outside[*next];
        if (array == NULL)
            array = json_array();
        *valid = json_array_append_new(array, json_pack("[s, s, s, s, s]", tie_names[outside->needs], outside->type,
                                                        outside->identity, outside->names, outside->arguments)) == 0 &&
                 *valid;
    }
    return array;
}

/* NULL where a text is not UTF-8. */
static json_t *object_to_json(const struct catalog *catalog, const struct object *object, size_t *next_outside)
{
    json_t *depends = json_array(), *fields = json_array();
    bool valid = true;
    json_t *outside = outside_to_json(catalog, object, next_outside, &valid);

    for (size_t i = 0; i < object->depend_count; i++)
        valid = json_array_append_new(depends, reference_to(object->depends[i])) == 0 && valid;
    for (size_t i = 0; i < object->field_count; i++)
        valid =
            json_array_append_new(fields, json_pack("[s, s?]", object->fields[i].name, object->fields[i].value)) == 0 &&
            valid;
    json_t *line = json_pack("{s:s, s:o, s:o, s:s, s:s*, s:s*, s:o*, s:o*}", "class", class_name(object->class),
                             "depends", depends, "fields", fields, "identity", object->identity, "name", object->name,
                             "schema", object->schema, "parent",
                             object->parent != NULL ? reference_to(object->parent) : NULL, "outside", outside);
    if (valid)
        return line;
    json_decref(line);
    return NULL;
}

static json_t *header_to_json(const struct catalog *catalog)
{
    json_t *warnings = json_array();

    for (size_t i = 0; i < catalog->warning_count; i++)
        json_array_append_new(warnings, json_string(catalog->warnings[i]));
    return json_pack("{s:I, s:i, s:o}", "objects", (json_int_t)catalog->count, "server_version",
                     catalog->server_version, "warnings", warnings);
}

/* Takes the value. */
static bool append_line(struct text *text, json_t *made, const char *what, struct error *err)
{
    cleanup(json_release) json_t *value = made;
    size_t length;

    if (value == NULL)
        return error_set(err, ERROR_REFUSED, "the definition of %s is not valid UTF-8", what);
    cleanup(free_string) char *line = json_print(value, &length);
    if (length > LIMIT_JSON_LINE)
        return error_set(err, ERROR_REFUSED, "the definition of %s is larger than %d MiB", what,
                         (int)(LIMIT_JSON_LINE / LIMIT_MIB));
    text_append_bytes(text, line, length);
    text_append_char(text, '\n');
    return true;
}

static bool write_objects(const struct catalog *catalog, struct plan_part *part, struct error *err)
{
    cleanup(text_free) struct text text = {0};
    size_t next_outside = 0;

    if (!append_line(&text, header_to_json(catalog), "the catalog", err))
        return false;
    for (size_t i = 0; i < catalog->count; i++) {
        if (!interrupt_check(err) || !append_line(&text, object_to_json(catalog, catalog->objects[i], &next_outside),
                                                  catalog->objects[i]->identity, err))
            return false;
        if (text.length < FLUSH_SIZE)
            continue;
        if (!plan_part_write(part, text.data, text.length, err))
            return false;
        text_clear(&text);
    }
    return plan_part_write(part, text.data, text.length, err);
}

bool catalog_json_write(const struct catalog *catalog, struct plan_writer *writer, const char *entry, struct error *err)
{
    struct plan_part *part;

    if (!plan_part_open(writer, entry, &part, err))
        return false;
    if (write_objects(catalog, part, err))
        return plan_part_close(part, 0, err);
    plan_part_abandon(part);
    return false;
}

/* Edges may lead to objects that come later: they are kept as keys until all are there. */
struct unresolved {
    const char *parent;   /* "class identity", as catalog.by_key has it; NULL where there is none */
    const char **depends; /* alike */
    size_t depend_count;
};

struct loading {
    struct catalog *catalog;
    struct arena *keys;
    struct unresolved *unresolved; /* parallel to the catalog's objects */
    size_t capacity, line_number;
    uint64_t expected; /* objects */
};

static bool read_header(struct loading *loading, const struct json_place *place)
{
    struct json_place warnings, item;
    uint64_t server_version = 0;

    if (!json_take_count(place, "objects", LIMIT_COUNT, &loading->expected) ||
        !json_take_count(place, "server_version", SERVER_VERSION_LIMIT, &server_version) ||
        !json_take_array(place, "warnings", LIMIT_WARNINGS, &warnings))
        return false;
    loading->catalog->server_version = (int)server_version;
    for (size_t i = 0; i < json_array_size(warnings.value); i++) {
        if (!json_item(&warnings, i, JSON_STRING, &item))
            return false;
        catalog_warn(loading->catalog, json_string_value(item.value));
    }
    return true;
}

static const char *string_at(const struct json_place *pair, size_t index)
{
    return json_string_value(json_array_get(pair->value, index));
}

/* A reference is a class and an identity. */
static bool read_reference(struct loading *loading, const struct json_place *place, const char **key)
{
    if (json_array_size(place->value) != 2 || string_at(place, 0) == NULL || string_at(place, 1) == NULL)
        return json_refuse(place, NULL, "expected a class and an identity");
    *key = arena_format(loading->keys, "%s %s", string_at(place, 0), string_at(place, 1));
    return true;
}

static bool read_edges(struct loading *loading, const struct json_place *place, struct unresolved *edges)
{
    struct json_place depends, item;

    if (json_object_get(place->value, "parent") != NULL &&
        (!json_take_array(place, "parent", 2, &item) || !read_reference(loading, &item, &edges->parent)))
        return false;
    if (!json_take_array(place, "depends", LIMIT_COUNT, &depends))
        return false;
    edges->depends = arena_allocate(loading->keys, json_array_size(depends.value), sizeof *edges->depends);
    for (size_t i = 0; i < json_array_size(depends.value); i++)
        if (!json_item(&depends, i, JSON_ARRAY, &item) ||
            !read_reference(loading, &item, &edges->depends[edges->depend_count++]))
            return false;
    return true;
}

static bool read_fields(struct loading *loading, const struct json_place *fields, struct object *object)
{
    struct json_place pair;

    for (size_t i = 0; i < json_array_size(fields->value); i++) {
        if (!json_item(fields, i, JSON_ARRAY, &pair))
            return false;
        const json_t *value = json_array_get(pair.value, 1);
        if (json_array_size(pair.value) != 2 || string_at(&pair, 0) == NULL ||
            (!json_is_string(value) && !json_is_null(value)))
            return json_refuse(&pair, NULL, "expected a name and a text or null");
        object->fields[i].name = arena_string(loading->catalog->arena, string_at(&pair, 0));
        object->fields[i].value = arena_string(loading->catalog->arena, json_string_value(value));
    }
    return true;
}

static bool read_outside(struct loading *loading, const struct json_place *place, struct object *object)
{
    struct arena *arena = loading->catalog->arena;
    struct json_place ties, item;

    if (json_object_get(place->value, "outside") == NULL)
        return true;
    if (!json_take_array(place, "outside", LIMIT_COUNT, &ties))
        return false;
    for (size_t i = 0; i < json_array_size(ties.value); i++) {
        if (!json_item(&ties, i, JSON_ARRAY, &item))
            return false;
        for (size_t j = 0; j < 5; j++)
            if (json_array_size(item.value) != 5 || string_at(&item, j) == NULL)
                return json_refuse(&item, NULL, "expected five texts");
        bool needs = strcmp(string_at(&item, 0), tie_names[true]) == 0;
        if (!needs && strcmp(string_at(&item, 0), tie_names[false]) != 0)
            return json_refuse(&item, NULL, "not a tie that this version knows");
        const struct outside outside = {.type = arena_string(arena, string_at(&item, 1)),
                                        .identity = arena_string(arena, string_at(&item, 2)),
                                        .names = arena_string(arena, string_at(&item, 3)),
                                        .arguments = arena_string(arena, string_at(&item, 4))};
        catalog_add_outside(loading->catalog, &outside, object, needs);
    }
    return true;
}

static bool read_object(struct loading *loading, const struct json_place *place)
{
    cleanup(free_string) char *class_text = NULL, *identity = NULL, *name = NULL, *schema = NULL;
    struct json_place fields;
    enum object_class class;
    struct object *object;

    if (!json_take_string(place, "class", LIMIT_NAME, &class_text) ||
        !json_take_string(place, "identity", LIMIT_STRING, &identity) ||
        !json_take_optional_string(place, "name", LIMIT_STRING, &name) ||
        !json_take_optional_string(place, "schema", LIMIT_NAME, &schema) ||
        !json_take_array(place, "fields", FIELD_LIMIT, &fields))
        return false;
    if (!class_from_name(class_text, &class))
        return json_refuse(place, "class", "not a class that this version knows");
    if (catalog_find(loading->catalog, class, identity) != NULL)
        return json_refuse(place, "identity", "there are two of this class");
    if (!catalog_add(loading->catalog, class, identity, schema, name, json_array_size(fields.value), &object,
                     place->err))
        return false;
    array_reserve((void **)&loading->unresolved, &loading->capacity, loading->catalog->count,
                  sizeof *loading->unresolved);
    struct unresolved *edges = &loading->unresolved[loading->catalog->count - 1];
    *edges = (struct unresolved){0};
    return read_fields(loading, &fields, object) && read_edges(loading, place, edges) &&
           read_outside(loading, place, object);
}

static bool read_line(void *context, const char *line, size_t length, struct error *err)
{
    struct loading *loading = context;
    cleanup(json_release) json_t *value = NULL;
    cleanup(free_string) char *document = format_string("line %zu", ++loading->line_number);

    if (!interrupt_check(err) || !json_parse(line, length, document, &value, err))
        return false;
    const struct json_place place = {.name = document, .value = value, .err = err};
    if (loading->line_number == 1)
        return read_header(loading, &place);
    if (loading->catalog->count == loading->expected)
        return json_refuse(&place, NULL, "there are more objects than the first line says");
    return read_object(loading, &place);
}

static bool resolve(struct loading *loading, struct error *err)
{
    struct catalog *catalog = loading->catalog;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct unresolved *edges = &loading->unresolved[i];
        struct object *object = catalog->objects[i];
        struct object **depends = allocate(edges->depend_count, sizeof(struct object *));
        const char *missing = NULL;

        for (size_t j = 0; j < edges->depend_count && missing == NULL; j++) {
            depends[j] = map_get(&catalog->by_key, edges->depends[j]);
            if (depends[j] == NULL)
                missing = edges->depends[j];
        }
        if (edges->parent != NULL) {
            object->parent = map_get(&catalog->by_key, edges->parent);
            if (object->parent == NULL || object->parent == object)
                missing = edges->parent;
        }
        if (missing == NULL)
            catalog_set_depends(catalog, object, depends, edges->depend_count);
        free(depends);
        if (missing != NULL)
            return error_set(err, ERROR_ARCHIVE, "an object refers to one that is not there");
    }
    return true;
}

/* Where the lines come from: an entry of a plan, or memory. */
struct catalog_source {
    const struct plan *plan;
    const struct plan_entry *entry; /* NULL: memory */
    const char *bytes;
    size_t length;
};

static bool load_lines(const struct catalog_source *source, struct loading *loading, struct error *err)
{
    cleanup(lines_free) struct lines lines = {.sink = read_line, .context = loading, .limit = LIMIT_JSON_LINE};
    bool read = source->entry != NULL ? plan_read_entry(source->plan, source->entry, lines_put, &lines, err)
                                      : lines_put(&lines, source->bytes, source->length, err);

    if (!read || !lines_finish(&lines, err))
        return false;
    if (loading->line_number == 0 || loading->catalog->count != loading->expected)
        return error_set(err, ERROR_ARCHIVE, "there are fewer objects than the first line says");
    return resolve(loading, err);
}

static bool load(const struct catalog_source *source, struct catalog **catalog, struct error *err)
{
    cleanup(catalog_cleanup) struct catalog *read = catalog_new();
    struct loading loading = {.catalog = read, .keys = arena_new()};
    bool loaded = load_lines(source, &loading, err);

    arena_free(loading.keys);
    free(loading.unresolved);
    if (!loaded)
        return false;
    catalog_finish(read);
    *catalog = take(read);
    return true;
}

bool catalog_json_parse(const char *bytes, size_t length, struct catalog **catalog, struct error *err)
{
    const struct catalog_source source = {.bytes = bytes, .length = length};

    return load(&source, catalog, err);
}

bool catalog_json_read(const struct plan *plan, const char *entry, struct catalog **catalog, struct error *err)
{
    const struct catalog_source source = {.plan = plan, .entry = plan_find_entry(plan, entry)};

    if (source.entry == NULL)
        return error_set(err, ERROR_ARCHIVE, "the plan has no entry %s", entry);
    return load(&source, catalog, err) || error_context(err, "%s", entry);
}
