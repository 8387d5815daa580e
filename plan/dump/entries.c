/* The words that the parsers of the entries make objects with. */
#include "plan/dump/entries.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

#include <strings.h>

/* The fields of each class, in the order of its query (common/catalog/sql). */
static const char *const class_fields[CLASS_COUNT] = {
    [CLASS_SCHEMA] = "owner",
    [CLASS_LANGUAGE] = "owner definition",
    [CLASS_ACCESS_METHOD] = "definition",
    [CLASS_SHELL_TYPE] = "owner",
    [CLASS_BASE_TYPE] = "owner definition",
    [CLASS_ENUM] = "owner",
    [CLASS_ENUM_LABEL] = "position",
    [CLASS_DOMAIN] = "owner type collation default not_null not_null_name not_null_comment",
    [CLASS_COMPOSITE_TYPE] = "owner",
    [CLASS_ATTRIBUTE] = "position type collation",
    [CLASS_RANGE_TYPE] = "owner definition",
    [CLASS_COLLATION] = "owner definition",
    [CLASS_CONVERSION] = "owner definition",
    [CLASS_FUNCTION] = ("owner definition arguments result kind language input_names output_columns default_count "
                        "depends_on_extensions"),
    [CLASS_PROCEDURE] =
        ("owner definition arguments identity_arguments language input_names output_columns default_count "
         "depends_on_extensions"),
    [CLASS_AGGREGATE] = "owner definition",
    [CLASS_OPERATOR] = "owner definition",
    [CLASS_OPERATOR_FAMILY] = "owner members",
    [CLASS_OPERATOR_CLASS] = "owner definition",
    [CLASS_CAST] = "definition",
    [CLASS_TRANSFORM] = "definition",
    [CLASS_TEXT_SEARCH_PARSER] = "definition",
    [CLASS_TEXT_SEARCH_TEMPLATE] = "definition",
    [CLASS_TEXT_SEARCH_DICTIONARY] = "owner template options",
    [CLASS_TEXT_SEARCH_CONFIGURATION] = "owner parser",
    [CLASS_TEXT_SEARCH_MAPPING] = "dictionaries",
    [CLASS_FOREIGN_DATA_WRAPPER] = "owner handler validator options",
    [CLASS_SERVER] = "owner wrapper type version options",
    [CLASS_USER_MAPPING] = "options",
    [CLASS_SEQUENCE] = "owner persistence type start increment minimum maximum cache cycle owned_by",
    [CLASS_IDENTITY_SEQUENCE] = "sequence_name sequence_type",
    [CLASS_TABLE] = ("owner kind persistence partition_key partition_of partition_bound inherits options toast_options "
                     "tablespace access_method of_type replica_identity row_security force_row_security"),
    [CLASS_FOREIGN_TABLE] = "owner server options partition_of partition_bound inherits",
    [CLASS_COLUMN] = ("position type collation not_null not_null_name not_null_inherited_name "
                      "not_null_no_inherit not_null_validated not_null_comment identity "
                      "identity_sequence identity_start identity_increment "
                      "identity_minimum identity_maximum identity_cache identity_cycle "
                      "identity_persistence generated "
                      "generated_kind storage "
                      "compression statistics options foreign_options inherited"),
    [CLASS_DEFAULT] = "expression",
    [CLASS_VIEW] = "owner definition options columns",
    [CLASS_MATERIALIZED_VIEW] = ("owner definition options toast_options tablespace access_method populated "
                                 "depends_on_extensions"),
    [CLASS_CONSTRAINT] = ("definition type deferrable deferred validated no_inherit inherited parent_constraint "
                          "index_options index_tablespace clustered index_comment"),
    [CLASS_INDEX] = ("definition structure options tablespace clustered valid parent_index statistics "
                     "depends_on_extensions"),
    [CLASS_STATISTICS] = "owner definition statistics",
    [CLASS_RULE] = "definition enabled",
    [CLASS_TRIGGER] = "definition enabled cloned depends_on_extensions",
    [CLASS_POLICY] = "permissive command roles using check",
    [CLASS_EVENT_TRIGGER] = "owner definition enabled",
    [CLASS_PUBLICATION] = "owner all_tables publish via_partition_root generated_columns",
    [CLASS_PUBLICATION_TABLE] = "table columns row_filter",
    [CLASS_PUBLICATION_SCHEMA] = "",
    [CLASS_DEFAULT_PRIVILEGES] = "role in_schema object_type grantee privileges initial",
    [CLASS_COMMENT] = "text",
    [CLASS_SECURITY_LABEL] = "provider label",
    [CLASS_GRANT] = "grantee privileges of_owner grantor",
};

static void append_identity(struct text *identity, enum object_class class, const struct object *parent,
                            const char *schema, const char *name, const char *signature)
{
    if (class == CLASS_GRANT || class == CLASS_COMMENT || class == CLASS_SECURITY_LABEL) {
        text_appendf(identity, "%s %s", class_name(parent->class), parent->identity);
        if (name != NULL) {
            text_append(identity, " to ");
            quote_identifier(identity, name);
        }
    } else if (class == CLASS_OPERATOR) {
        quote_identifier(identity, schema);
        text_appendf(identity, ".%s", name);
    } else if (schema != NULL) {
        quote_qualified(identity, schema, name);
    } else if (class != CLASS_DEFAULT_PRIVILEGES) {
        text_append(identity, parent != NULL ? parent->identity : "");
        if (parent != NULL && name != NULL)
            text_append_char(identity, '.');
        if (name != NULL)
            quote_identifier(identity, name);
    }
    if (signature != NULL)
        text_append(identity, signature);
}

static void name_fields(const struct dump *dump, enum object_class class, struct object *object)
{
    struct field *fields = object_own_fields(object);
    size_t count = 0;

    for (const char *at = class_fields[class]; *at != '\0';) {
        size_t length = strcspn(at, " ");
        const char *name = arena_bytes(dump->arena, at, length);
        if (catalog_field_wanted(dump->reading->options, name))
            fields[count++].name = name;
        at += length + (at[length] == ' ');
    }
    object->field_count = count;
}

static size_t count_fields(enum object_class class)
{
    size_t count = 1;

    for (const char *at = class_fields[class]; *at != '\0'; at++)
        count += *at == ' ';
    return count;
}

bool dump_add(struct dump *dump, enum object_class class, struct object *parent, const char *schema, const char *name,
              const char *signature, struct object **object, struct error *err)
{
    cleanup(text_free) struct text identity = {0};
    bool satellite = class == CLASS_GRANT || class == CLASS_COMMENT || class == CLASS_SECURITY_LABEL;

    text_append(&identity, "");
    append_identity(&identity, class, parent, schema, name, signature);
    if (name == NULL && parent != NULL && !satellite)
        name = parent->name;
    if (!catalog_add(dump->catalog, class, identity.data, schema == NULL && parent != NULL ? parent->schema : schema,
                     name, count_fields(class), object, err))
        return false;
    (*object)->parent = parent;
    name_fields(dump, class, *object);
    return true;
}

bool entry_add(struct entry *entry, enum object_class class, struct object *parent, const char *schema,
               const char *name, const char *signature, struct object **object, struct error *err)
{
    if (!dump_add(entry->dump, class, parent, schema, name, signature, object, err))
        return false;
    entry->object = *object;
    object_set(*object, "owner", entry->archive->owner);
    return true;
}

void object_set(struct object *object, const char *field, const char *value)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (strcmp(object->fields[i].name, field) == 0)
            object_own_fields(object)[i].value = value;
}

void object_set_bool(struct object *object, const char *field, bool value)
{
    object_set(object, field, value ? "true" : "false");
}

void object_set_text(struct dump *dump, struct object *object, const char *field, const char *value)
{
    object_set(object, field, arena_string(dump->arena, value));
}

void items_add(struct items *items, const char *item)
{
    array_reserve((void **)&items->items, &items->capacity, items->count + 1, sizeof *items->items);
    items->items[items->count++] = item;
}

static int compare_items(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void items_sort(struct items *items)
{
    if (items->count > 0)
        qsort(items->items, items->count, sizeof *items->items, compare_items);
}

void items_free(struct items *items)
{
    free(items->items);
}

void object_set_list(struct dump *dump, struct object *object, const char *field, const struct items *items)
{
    cleanup(text_free) struct text text = {0};

    array_text_append(&text, items->items, items->count);
    object_set_text(dump, object, field, items->count > 0 ? text.data : NULL);
}

const char *dump_identity(struct dump *dump, const char *schema, const char *name)
{
    cleanup(text_free) struct text identity = {0};

    quote_qualified(&identity, schema, name);
    return arena_string(dump->arena, identity.data);
}

bool cursor_identity(struct dump *dump, struct cursor *cursor, const char **identity)
{
    const char *schema, *name;

    if (!cursor_qualified(cursor, dump->arena, &schema, &name))
        return false;
    *identity = dump_identity(dump, schema, name);
    return true;
}

struct object *dump_of_id(const struct dump *dump, uint32_t dump_id)
{
    cleanup(free_string) char *key = format_string("%u", dump_id);

    return map_get(&dump->objects, key);
}

struct object *dump_find(struct dump *dump, enum object_class class, const char *identity)
{
    return catalog_find(dump->catalog, class, identity);
}

struct object *dump_relation(struct dump *dump, const char *schema, const char *name)
{
    static const enum object_class relations[] = {CLASS_TABLE, CLASS_VIEW, CLASS_MATERIALIZED_VIEW, CLASS_FOREIGN_TABLE,
                                                  CLASS_SEQUENCE};
    const char *identity = dump_identity(dump, schema, name);

    for (size_t i = 0; i < array_length(relations); i++) {
        struct object *found = dump_find(dump, relations[i], identity);
        if (found != NULL)
            return found;
    }
    return NULL;
}

struct object *dump_column(struct dump *dump, const struct object *relation, const char *name)
{
    cleanup(text_free) struct text identity = {0};
    bool view = relation->class == CLASS_VIEW || relation->class == CLASS_MATERIALIZED_VIEW;

    text_appendf(&identity, "%s.", relation->identity);
    quote_identifier(&identity, name);
    return dump_find(dump,
                     view                                      ? CLASS_VIEW_COLUMN
                     : relation->class == CLASS_COMPOSITE_TYPE ? CLASS_ATTRIBUTE
                                                               : CLASS_COLUMN,
                     identity.data);
}

bool unexpected(const struct entry *entry, struct error *err)
{
    error_set(err, ERROR_REFUSED, "pg_dump's definition of %s %s%s%s is not understood", entry->archive->description,
              entry->archive->schema != NULL ? entry->archive->schema : "", entry->archive->schema != NULL ? "." : "",
              entry->archive->tag);
    error_detail(err, "The archive was written by pg_dump %s from a server of version %s.",
                 entry->dump->archive.dump_version, entry->dump->archive.server_version);
    return error_hint(err, "Leave out --schema-source=pgdump, and please report this definition.");
}

bool pairs_read(struct dump *dump, struct cursor inside, struct pairs *pairs)
{
    while (!cursor_done(&inside)) {
        struct cursor item = cursor_until_symbol(&inside, ',');
        struct pair pair = {0};
        const char *schema;
        if (!cursor_qualified(&item, dump->arena, &schema, &pair.name))
            return false;
        if (schema != NULL)
            pair.name = arena_format(dump->arena, "%s.%s", schema, pair.name);
        cursor_operator(&item, "=");
        pair.tokens = item;
        if (!cursor_done(&item) && item.at->kind == SQL_TOKEN_STRING && item.at + 1 == item.end)
            pair.value = token_string(dump->arena, item.at);
        else if (!cursor_done(&item))
            pair.value = cursor_text(dump->arena, item);
        array_reserve((void **)&pairs->items, &pairs->capacity, pairs->count + 1, sizeof *pairs->items);
        pairs->items[pairs->count++] = pair;
    }
    return true;
}

void pairs_free(struct pairs *pairs)
{
    free(pairs->items);
}

const struct pair *pairs_find(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcasecmp(pairs->items[i].name, name) == 0)
            return &pairs->items[i];
    return NULL;
}

char *pair_text(struct dump *dump, const struct pair *pair)
{
    return cursor_text(dump->arena, pair->tokens);
}

/* The live reader's rule: 'passw|secret|passcode|token' in the name, in either case. */
static bool is_secret(const char *name)
{
    static const char *const words[] = {"passw", "secret", "passcode", "token"};

    for (size_t i = 0; i < array_length(words); i++)
        if (strcasestr(name, words[i]) != NULL)
            return true;
    return false;
}

bool set_options(struct entry *entry, struct object *object, const char *field, struct cursor inside,
                 enum options_kind kind, struct error *err)
{
    cleanup(pairs_free) struct pairs pairs = {0};
    cleanup(items_free) struct items options = {0};

    if (!pairs_read(entry->dump, inside, &pairs))
        return unexpected(entry, err);
    for (size_t i = 0; i < pairs.count; i++)
        if (kind != OPTIONS_SECRET || !is_secret(pairs.items[i].name))
            items_add(&options, arena_format(entry->dump->arena, "%s=%s", pairs.items[i].name,
                                             pairs.items[i].value != NULL ? pairs.items[i].value : "true"));
    if (kind != OPTIONS_STORAGE)
        items_sort(&options);
    object_set_list(entry->dump, object, field, &options);
    return true;
}

bool set_storage_options(struct entry *entry, struct cursor inside, const char *more, struct error *err)
{
    static const char prefix[] = "toast.";
    struct dump *dump = entry->dump;
    cleanup(pairs_free) struct pairs pairs = {0};
    cleanup(items_free) struct items options = {0}, toast = {0};

    if (!pairs_read(dump, inside, &pairs))
        return unexpected(entry, err);
    if (more != NULL)
        items_add(&options, more);
    for (size_t i = 0; i < pairs.count; i++) {
        bool of_toast = strncmp(pairs.items[i].name, prefix, strlen(prefix)) == 0;
        items_add(of_toast ? &toast : &options,
                  arena_format(dump->arena, "%s=%s", pairs.items[i].name + (of_toast ? strlen(prefix) : 0),
                               pairs.items[i].value != NULL ? pairs.items[i].value : "true"));
    }
    object_set_list(dump, entry->object, "options", &options);
    object_set_list(dump, entry->object, "toast_options", &toast);
    return true;
}

const char *server_literal(struct dump *dump, const char *value)
{
    cleanup(text_free) struct text text = {0};

    quote_literal(&text, value);
    return arena_string(dump->arena, text.data + (text.data[0] == ' '));
}

bool next_statement(struct cursor *cursor, struct cursor *statement)
{
    if (cursor_done(cursor))
        return false;
    *statement = cursor_until_symbol(cursor, ';');
    return true;
}

bool take_extension(struct dump *dump, struct cursor statement, struct items *extensions)
{
    static const char *const phrase[] = {"DEPENDS ON EXTENSION", NULL};
    const char *name;

    cursor_until_words(&statement, phrase);
    if (!cursor_words(&statement, phrase[0]) || !cursor_name(&statement, dump->arena, &name))
        return false;
    items_add(extensions, name);
    return true;
}
