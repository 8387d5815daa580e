/* A catalog as JSON Lines, streamed both ways. */
#include "format/catalog_json.h"

#include "common/interrupt.h"
#include "common/memory.h"
#include "format/json.h"
#include "format/json_writer.h"
#include "format/limits.h"
#include "format/lines.h"

enum { FLUSH_SIZE = 128 * 1024, FIELD_LIMIT = 4096, SERVER_VERSION_LIMIT = 10000000 };

/* Of struct outside, by `needs`. */
static const char *const tie_names[] = {"needs", "needed by"};

/* The object's ties to what lies outside. *next is the first tie that is not an earlier object's. */
static void put_outside(struct json_writer *line, const struct catalog *catalog, const struct object *object,
                        size_t *next)
{
    if (*next == catalog->outside_count || catalog->outside[*next].object != object)
        return;
    json_begin(line, "outside", '[');
    for (; *next < catalog->outside_count && catalog->outside[*next].object == object; ++*next) {
        const struct outside *outside = &catalog->outside[*next];

        json_begin(line, NULL, '[');
        json_put_string(line, NULL, tie_names[outside->needs]);
        json_put_string(line, NULL, outside->type);
        json_put_string(line, NULL, outside->identity);
        json_put_string(line, NULL, outside->names);
        json_put_string(line, NULL, outside->arguments);
        json_end(line, ']');
    }
    json_end(line, ']');
}

static void put_object(struct json_writer *line, const struct catalog *catalog, const struct object *object,
                       size_t *next_outside)
{
    json_begin(line, NULL, '{');
    json_put_string(line, "class", class_name(object->class));
    json_begin(line, "depends", '[');
    for (size_t i = 0; i < object->depend_count; i++)
        json_put_count(line, NULL, object->depends[i]->number);
    json_end(line, ']');
    json_put_string(line, "identity", object->identity);
    json_put_string(line, "name", object->name);
    put_outside(line, catalog, object, next_outside);
    if (object->parent != NULL)
        json_put_count(line, "parent", object->parent->number);
    json_put_string(line, "schema", object->schema);
    if (object->uses_row_type)
        json_put_flag(line, "uses_row_type", true);
    json_begin(line, "values", '[');
    for (size_t i = 0; i < object->field_count; i++)
        json_put_string(line, NULL, object->fields[i].value);
    json_end(line, ']');
    json_end(line, '}');
}

static bool same_fields(const struct object *a, const struct object *b)
{
    if (a->class != b->class || a->field_count != b->field_count)
        return false;
    for (size_t i = 0; i < a->field_count; i++)
        if (a->fields[i].name != b->fields[i].name && strcmp(a->fields[i].name, b->fields[i].name) != 0)
            return false;
    return true;
}

static void put_fields(struct json_writer *line, const struct object *object)
{
    json_begin(line, NULL, '{');
    json_put_string(line, "class", class_name(object->class));
    json_begin(line, "fields", '[');
    for (size_t i = 0; i < object->field_count; i++)
        json_put_string(line, NULL, object->fields[i].name);
    json_end(line, ']');
    json_end(line, '}');
}

static void put_header(struct json_writer *line, const struct catalog *catalog)
{
    json_begin(line, NULL, '{');
    json_put_count(line, "objects", catalog->count);
    json_put_count(line, "server_version", (uint64_t)catalog->server_version);
    json_begin(line, "warnings", '[');
    for (size_t i = 0; i < catalog->warning_count; i++)
        json_put_string(line, NULL, catalog->warnings[i]);
    json_end(line, ']');
    json_end(line, '}');
}

/* Ends the line that began at `start`. */
static bool end_line(struct json_writer *lines, size_t start, const char *what, struct error *err)
{
    if (lines->failed != NULL)
        return error_set(err, ERROR_REFUSED, "the definition of %s is not valid UTF-8", what);
    if (lines->text.length - start > LIMIT_JSON_LINE)
        return error_set(err, ERROR_REFUSED, "the definition of %s is larger than %d MiB", what,
                         (int)(LIMIT_JSON_LINE / LIMIT_MIB));
    text_append_char(&lines->text, '\n');
    lines->follows = false;
    return true;
}

static bool append_object(struct json_writer *lines, const struct catalog *catalog, size_t number, size_t *next_outside,
                          struct error *err)
{
    const struct object *object = catalog->objects[number];

    if (number == 0 || !same_fields(catalog->objects[number - 1], object)) {
        size_t start = lines->text.length;
        put_fields(lines, object);
        if (!end_line(lines, start, class_name(object->class), err))
            return false;
    }
    size_t start = lines->text.length;
    put_object(lines, catalog, object, next_outside);
    return end_line(lines, start, object->identity, err);
}

static bool write_lines(const struct catalog *catalog, struct json_writer *lines, struct plan_part *part,
                        struct error *err)
{
    size_t next_outside = 0;

    put_header(lines, catalog);
    if (!end_line(lines, 0, "the catalog", err))
        return false;
    for (size_t i = 0; i < catalog->count; i++) {
        if (!interrupt_check(err) || !append_object(lines, catalog, i, &next_outside, err))
            return false;
        if (lines->text.length < FLUSH_SIZE)
            continue;
        if (!plan_part_write(part, lines->text.data, lines->text.length, err))
            return false;
        text_clear(&lines->text);
    }
    return plan_part_write(part, lines->text.data, lines->text.length, err);
}

bool catalog_json_write(const struct catalog *catalog, struct plan_part *part, struct error *err)
{
    struct json_writer lines = {0};
    bool written = write_lines(catalog, &lines, part, err);

    text_free(&lines.text);
    return written;
}

/* Edges may lead to objects that come later: they are kept as numbers until all are there. */
struct unresolved {
    size_t *depends;
    size_t depend_count, parent; /* parent: NO_PARENT where there is none */
};

enum { NO_PARENT = -1 };

struct loading {
    struct catalog *catalog;
    struct arena *edges;
    struct unresolved *unresolved; /* parallel to the catalog's objects */
    size_t capacity, line_number;
    uint64_t expected; /* objects */
    enum object_class class;
    const char **fields; /* of the objects that follow, which are of this class; NULL before the first */
    size_t field_count;
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

static bool read_edges(struct loading *loading, const struct json_place *place, struct unresolved *edges)
{
    struct json_place depends, item;
    uint64_t number = 0;

    if (json_object_get(place->value, "parent") == NULL)
        edges->parent = (size_t)NO_PARENT;
    else if (!json_take_count(place, "parent", loading->expected, &number))
        return false;
    else
        edges->parent = (size_t)number;
    if (!json_take_array(place, "depends", LIMIT_COUNT, &depends))
        return false;
    edges->depends = arena_allocate(loading->edges, json_array_size(depends.value), sizeof *edges->depends);
    for (size_t i = 0; i < json_array_size(depends.value); i++) {
        if (!json_item(&depends, i, JSON_INTEGER, &item))
            return false;
        edges->depends[edges->depend_count++] = (size_t)json_integer_value(item.value);
    }
    return true;
}

static bool read_fields(struct loading *loading, const struct json_place *place)
{
    struct json_place fields, item;

    if (!json_take_array(place, "fields", FIELD_LIMIT, &fields))
        return false;
    loading->field_count = json_array_size(fields.value);
    loading->fields = arena_allocate(loading->catalog->arena, loading->field_count, sizeof *loading->fields);
    for (size_t i = 0; i < loading->field_count; i++) {
        if (!json_item(&fields, i, JSON_STRING, &item))
            return false;
        loading->fields[i] = arena_string(loading->catalog->arena, json_string_value(item.value));
    }
    return true;
}

static bool read_values(struct loading *loading, const struct json_place *values, struct object *object)
{
    struct field *fields = object_own_fields(object);

    for (size_t i = 0; i < object->field_count; i++) {
        const json_t *value = json_array_get(values->value, i);
        if (!json_is_string(value) && !json_is_null(value))
            return json_refuse(values, NULL, "expected texts and nulls");
        fields[i].name = loading->fields[i];
        fields[i].value = arena_string(loading->catalog->arena, json_string_value(value));
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

static bool read_class(const struct json_place *place, enum object_class *class)
{
    cleanup(free_string) char *name = NULL;

    return json_take_string(place, "class", LIMIT_NAME, &name) &&
           (class_from_name(name, class) || json_refuse(place, "class", "not a class that this version knows"));
}

static bool read_object(struct loading *loading, const struct json_place *place)
{
    cleanup(free_string) char *identity = NULL, *name = NULL, *schema = NULL;
    struct json_place values;
    enum object_class class;
    struct object *object;

    if (!read_class(place, &class) || !json_take_string(place, "identity", LIMIT_STRING, &identity) ||
        !json_take_optional_string(place, "name", LIMIT_STRING, &name) ||
        !json_take_optional_string(place, "schema", LIMIT_NAME, &schema) ||
        !json_take_array(place, "values", FIELD_LIMIT, &values))
        return false;
    if (loading->fields == NULL || loading->class != class || json_array_size(values.value) != loading->field_count)
        return json_refuse(place, "values", "not what the line with the fields says");
    if (catalog_find(loading->catalog, class, identity) != NULL)
        return json_refuse(place, "identity", "there are two of this class");
    if (!catalog_add(loading->catalog, class, identity, schema, name, loading->field_count, &object, place->err))
        return false;
    array_reserve((void **)&loading->unresolved, &loading->capacity, loading->catalog->count,
                  sizeof *loading->unresolved);
    struct unresolved *edges = &loading->unresolved[loading->catalog->count - 1];
    *edges = (struct unresolved){0};
    return json_take_optional_flag(place, "uses_row_type", &object->uses_row_type) &&
           read_values(loading, &values, object) && read_edges(loading, place, edges) &&
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
    if (json_object_get(value, "fields") != NULL)
        return read_class(&place, &loading->class) && read_fields(loading, &place);
    return read_object(loading, &place);
}

static bool resolve(struct loading *loading, struct error *err)
{
    struct catalog *catalog = loading->catalog;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct unresolved *edges = &loading->unresolved[i];
        struct object *object = catalog->objects[i], **depends;
        bool has_parent = edges->parent != (size_t)NO_PARENT;
        bool valid = !has_parent || (edges->parent < catalog->count && edges->parent != i);

        for (size_t j = 0; j < edges->depend_count; j++)
            valid = valid && edges->depends[j] < catalog->count;
        if (!valid)
            return error_set(err, ERROR_ARCHIVE, "an object refers to one that is not there");
        if (has_parent)
            object->parent = catalog->objects[edges->parent];
        depends = allocate(edges->depend_count, sizeof(struct object *));
        for (size_t j = 0; j < edges->depend_count; j++)
            depends[j] = catalog->objects[edges->depends[j]];
        catalog_set_depends(catalog, object, depends, edges->depend_count);
        free(depends);
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
    struct loading loading = {.catalog = read, .edges = arena_new()};
    bool loaded = load_lines(source, &loading, err);

    arena_free(loading.edges);
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
