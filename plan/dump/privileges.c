/* Grants and default privileges of a dump: GRANT and REVOKE, carried out on PostgreSQL's default privileges. */
#include "plan/dump/entries.h"

#include "common/memory.h"
#include "common/text.h"

#include <strings.h>

/* In byte order, as the model's lists are; a privilege is its bit. */
static const char *const privilege_names[] = {"CREATE", "DELETE",  "EXECUTE",  "INSERT", "MAINTAIN", "REFERENCES",
                                              "SELECT", "TRIGGER", "TRUNCATE", "UPDATE", "USAGE"};

enum privilege {
    CREATE = 1 << 0,
    DELETE = 1 << 1,
    EXECUTE = 1 << 2,
    INSERT = 1 << 3,
    MAINTAIN = 1 << 4,
    REFERENCES = 1 << 5,
    SELECT = 1 << 6,
    TRIGGER = 1 << 7,
    TRUNCATE = 1 << 8,
    UPDATE = 1 << 9,
    USAGE = 1 << 10,
    OF_TABLES = DELETE | INSERT | REFERENCES | SELECT | TRIGGER | TRUNCATE | UPDATE,
    OF_COLUMNS = INSERT | REFERENCES | SELECT | UPDATE
};

struct grant {
    const char *grantee, *grantor;
    unsigned int privileges, options; /* options: those with grant option */
};

/* An access list. */
struct grants {
    struct grant *items;
    size_t count, capacity;
    unsigned int all; /* what ALL means */
};

static void grants_free(struct grants *grants)
{
    free(grants->items);
}

static struct grant *find_grant(struct grants *grants, const char *grantee, const char *grantor)
{
    for (size_t i = 0; i < grants->count; i++)
        if (strcmp(grants->items[i].grantee, grantee) == 0 && strcmp(grants->items[i].grantor, grantor) == 0)
            return &grants->items[i];
    array_reserve((void **)&grants->items, &grants->capacity, grants->count + 1, sizeof *grants->items);
    grants->items[grants->count] = (struct grant){.grantee = grantee, .grantor = grantor};
    return &grants->items[grants->count++];
}

/* What an owner has, and what PUBLIC has, where nothing was granted or revoked. */
static unsigned int privileges_of(const struct dump *dump, enum object_class class, unsigned int *of_public)
{
    *of_public = 0;
    switch (class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
        return OF_TABLES | (dump->catalog->server_version >= 170000 ? (unsigned int)MAINTAIN : 0);
    case CLASS_COLUMN:
    case CLASS_VIEW_COLUMN:
        return OF_COLUMNS;
    case CLASS_SEQUENCE:
    case CLASS_IDENTITY_SEQUENCE:
        return SELECT | UPDATE | USAGE;
    case CLASS_SCHEMA:
        return CREATE | USAGE;
    case CLASS_FUNCTION:
    case CLASS_PROCEDURE:
    case CLASS_AGGREGATE:
        return *of_public = EXECUTE;
    case CLASS_LANGUAGE:
    case CLASS_BASE_TYPE:
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_RANGE_TYPE:
        return *of_public = USAGE;
    case CLASS_FOREIGN_DATA_WRAPPER:
    case CLASS_SERVER:
        return USAGE;
    default:
        return 0;
    }
}

static bool take_privilege(struct cursor *cursor, unsigned int all, unsigned int *privileges)
{
    if (cursor_words(cursor, "ALL")) {
        cursor_words(cursor, "PRIVILEGES");
        *privileges |= all;
        return true;
    }
    for (size_t i = 0; i < array_length(privilege_names); i++)
        if (cursor_words(cursor, privilege_names[i])) {
            *privileges |= 1U << i;
            return true;
        }
    return false;
}

struct grant_statement {
    bool revoke, option; /* option: GRANT OPTION FOR, or WITH GRANT OPTION */
    unsigned int privileges;
    const char *column; /* NULL: not of a column */
    const char *grantee;
    struct cursor target; /* what comes after ON */
};

/* GRANT SELECT(a),UPDATE(a) ON TABLE s.t TO r [WITH GRANT OPTION]; REVOKE [GRANT OPTION FOR] … FROM r */
static bool read_grant(struct dump *dump, struct cursor statement, unsigned int all, struct grant_statement *grant)
{
    static const char *const to[] = {"TO", "FROM", NULL};
    struct cursor inside;

    *grant = (struct grant_statement){.revoke = cursor_words(&statement, "REVOKE")};
    if (!grant->revoke && !cursor_words(&statement, "GRANT"))
        return false;
    grant->option = grant->revoke && cursor_words(&statement, "GRANT OPTION FOR");
    do {
        if (!take_privilege(&statement, all, &grant->privileges))
            return false;
        if (cursor_group(&statement, &inside) && !cursor_name(&inside, dump->arena, &grant->column))
            return false;
    } while (cursor_symbol(&statement, ','));
    if (!cursor_words(&statement, "ON"))
        return false;
    grant->target = cursor_until_words(&statement, to);
    if (!cursor_words(&statement, grant->revoke ? "FROM" : "TO") ||
        !cursor_name(&statement, dump->arena, &grant->grantee))
        return false;
    if (cursor_words(&statement, "WITH GRANT OPTION"))
        grant->option = true;
    return cursor_done(&statement);
}

static void carry_out(struct grants *grants, const struct grant_statement *statement, const char *grantor)
{
    struct grant *grant = find_grant(grants, statement->grantee, grantor);

    if (!statement->revoke)
        grant->privileges |= statement->privileges;
    else if (!statement->option)
        grant->privileges &= ~statement->privileges;
    if (statement->revoke)
        grant->options &= ~statement->privileges;
    else if (statement->option)
        grant->options |= statement->privileges;
}

static char *privileges_text(struct dump *dump, unsigned int privileges, unsigned int options)
{
    cleanup(text_free) struct text text = {0};

    text_append(&text, "");
    for (size_t i = 0; i < array_length(privilege_names); i++)
        if (privileges & (1U << i))
            text_appendf(&text, "%s%s%s", text.length > 0 ? "," : "", privilege_names[i],
                         options & (1U << i) ? "*" : "");
    return arena_string(dump->arena, text.data);
}

static bool add_grant(struct dump *dump, struct object *object, const struct grant *grant, const char *owner,
                      bool of_owner, struct error *err)
{
    bool by_owner = strcmp(grant->grantor, owner) == 0;
    struct object *added;

    if (!dump_add(dump, CLASS_GRANT, object, NULL, grant->grantee,
                  by_owner ? NULL : arena_format(dump->arena, " by %s", grant->grantor), &added, err))
        return false;
    object_set_text(dump, added, "grantee", grant->grantee);
    object_set(added, "privileges", privileges_text(dump, grant->privileges, grant->options));
    object_set_bool(added, "of_owner", of_owner);
    object_set_text(dump, added, "grantor", by_owner ? NULL : grant->grantor);
    return true;
}

/* The owner's own privileges are an object only where they are not all, in an access list of a whole object. */
static bool add_grants(struct dump *dump, struct object *object, const struct grants *grants, const char *owner,
                       struct error *err)
{
    bool column = object->class == CLASS_COLUMN || object->class == CLASS_VIEW_COLUMN;

    for (size_t i = 0; i < grants->count; i++) {
        const struct grant *grant = &grants->items[i];
        bool of_owner = !column && strcmp(grant->grantee, owner) == 0 && strcmp(grant->grantor, owner) == 0;
        bool wanted = of_owner ? grant->privileges != grants->all || grant->options != 0 : grant->privileges != 0;
        if (wanted && !add_grant(dump, object, grant, owner, of_owner, err))
            return false;
    }
    return true;
}

static void begin_grants(struct grants *grants, const struct dump *dump, enum object_class class, const char *owner)
{
    unsigned int of_public;

    grants->all = privileges_of(dump, class, &of_public);
    if (class != CLASS_COLUMN && class != CLASS_VIEW_COLUMN)
        find_grant(grants, owner, owner)->privileges = grants->all;
    if (of_public != 0)
        find_grant(grants, "public", owner)->privileges = of_public;
}

/* The column that the statements are about, if they are about one. */
static struct object *of_column(struct entry *entry, struct object *relation)
{
    struct cursor cursor = entry->cursor, statement;
    struct grant_statement grant;

    while (next_statement(&cursor, &statement))
        if (read_grant(entry->dump, statement, 0, &grant) && grant.column != NULL)
            return dump_column(entry->dump, relation, grant.column);
    return relation;
}

bool parse_acl(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    const struct archive_entry *archive = entry->archive;
    cleanup(grants_free) struct grants grants = {0};
    struct object *object = archive->depend_count > 0 ? dump_of_id(dump, archive->depends[0]) : NULL;
    const char *owner = archive->owner, *grantor = owner;
    struct cursor statement;

    if (object == NULL || object->class == CLASS_SHELL_TYPE)
        return true; /* of the schema public, or of what has no grants in the model */
    if (owner == NULL || (object = of_column(entry, object)) == NULL)
        return unexpected(entry, err);
    begin_grants(&grants, dump, object->class, owner);
    while (next_statement(&entry->cursor, &statement)) {
        struct grant_statement grant;
        if (cursor_words(&statement, "SET SESSION AUTHORIZATION")) {
            if (!cursor_name(&statement, dump->arena, &grantor) && !cursor_string(&statement, dump->arena, &grantor))
                return unexpected(entry, err);
        } else if (cursor_words(&statement, "RESET SESSION AUTHORIZATION")) {
            grantor = owner;
        } else if (read_grant(dump, statement, grants.all, &grant)) {
            carry_out(&grants, &grant, grantor);
        } else {
            return unexpected(entry, err);
        }
    }
    map_add(&dump->granted, arena_format(dump->arena, "%p", (void *)object), object);
    return add_grants(dump, object, &grants, owner, err);
}

bool add_default_grants(struct dump *dump, struct error *err)
{
    size_t count = dump->catalog->count;

    for (size_t i = 0; i < count; i++) {
        struct object *object = dump->catalog->objects[i];
        unsigned int of_public;
        privileges_of(dump, object->class, &of_public);
        const struct grant grant = {.grantee = "public", .grantor = "", .privileges = of_public};
        if (of_public != 0 && map_get(&dump->granted, arena_format(dump->arena, "%p", (void *)object)) == NULL &&
            !add_grant(dump, object, &grant, "", false, err))
            return false;
    }
    return true;
}

/* What kind of object a list of default privileges is for, as a class that has such privileges. */
static bool default_class(const char *object_type, enum object_class *class)
{
    static const struct {
        const char *object_type;
        enum object_class class;
    } kinds[] = {{"TABLES", CLASS_TABLE},
                 {"SEQUENCES", CLASS_SEQUENCE},
                 {"FUNCTIONS", CLASS_FUNCTION},
                 {"TYPES", CLASS_ENUM},
                 {"SCHEMAS", CLASS_SCHEMA}};

    for (size_t i = 0; i < array_length(kinds); i++)
        if (strcasecmp(object_type, kinds[i].object_type) == 0) {
            *class = kinds[i].class;
            return true;
        }
    return false;
}

struct default_list {
    const char *role, *schema, *object_type;
};

static bool add_default_privileges(struct dump *dump, const struct default_list *list, const struct grant *now,
                                   const struct grant *initial, struct error *err)
{
    const char *in =
        list->schema != NULL ? arena_format(dump->arena, " in %s", dump_identity(dump, NULL, list->schema)) : "";
    const char *signature = arena_format(dump->arena, "for %s%s on %s to %s", dump_identity(dump, NULL, list->role), in,
                                         list->object_type, dump_identity(dump, NULL, now->grantee));
    struct object *schema =
        list->schema != NULL ? dump_find(dump, CLASS_SCHEMA, dump_identity(dump, NULL, list->schema)) : NULL;
    struct object *object;

    if (!dump_add(dump, CLASS_DEFAULT_PRIVILEGES, schema, NULL, NULL, signature, &object, err))
        return false;
    object_set(object, "role", list->role);
    object_set(object, "in_schema", list->schema);
    object_set(object, "object_type", list->object_type);
    object_set_text(dump, object, "grantee", now->grantee);
    object_set(object, "privileges", privileges_text(dump, now->privileges, now->options));
    object_set(object, "initial", privileges_text(dump, initial->privileges, initial->options));
    return true;
}

static bool take_default_list(struct dump *dump, struct cursor *statement, struct default_list *list)
{
    static const char *const on[] = {"ON", NULL};

    if (!cursor_words(statement, "ALTER DEFAULT PRIVILEGES FOR ROLE") ||
        !cursor_name(statement, dump->arena, &list->role))
        return false;
    if (cursor_words(statement, "IN SCHEMA") && !cursor_name(statement, dump->arena, &list->schema))
        return false;
    struct cursor rest = *statement, object_type;
    cursor_until_words(&rest, on);
    if (!cursor_words(&rest, "ON") || !cursor_one(&rest, &object_type))
        return false;
    list->object_type = cursor_text(dump->arena, object_type);
    return true;
}

static void clear_grants(struct grants *grants)
{
    for (size_t i = 0; i < grants->count; i++)
        grants->items[i].privileges = 0;
}

/* One entry is one list: of a role, a schema or none, and a kind of object. */
bool parse_default_acl(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(grants_free) struct grants grants = {0}, initial = {0};
    struct default_list list = {0};
    struct cursor statement;
    enum object_class class = CLASS_TABLE;

    while (next_statement(&entry->cursor, &statement)) {
        struct grant_statement grant;
        bool first = list.role == NULL;
        if (!take_default_list(dump, &statement, &list) || !default_class(list.object_type, &class))
            return unexpected(entry, err);
        if (first) {
            begin_grants(&grants, dump, class, list.role);
            begin_grants(&initial, dump, class, list.role);
            if (list.schema != NULL) { /* such a list adds to the privileges that there are anyway */
                clear_grants(&grants);
                clear_grants(&initial);
            }
        }
        if (!read_grant(dump, statement, grants.all, &grant))
            return unexpected(entry, err);
        carry_out(&grants, &grant, list.role);
    }
    for (size_t i = 0; i < grants.count; i++) {
        const struct grant before = *find_grant(&initial, grants.items[i].grantee, list.role);
        if ((grants.items[i].privileges != before.privileges || grants.items[i].options != before.options) &&
            !add_default_privileges(dump, &list, &grants.items[i], &before, err))
            return false;
    }
    return true;
}
