/* Schemas, comments and security labels of a dump. */
#include "plan/dump/entries.h"

#include "common/memory.h"

bool parse_schema(struct entry *entry, struct error *err)
{
    struct object *object;

    /* pg_dump says of the schema public only how it differs from the one that its own initdb makes. */
    return strcmp(entry->archive->tag, "public") == 0 ||
           entry_add(entry, CLASS_SCHEMA, NULL, NULL, entry->archive->tag, NULL, &object, err);
}

/* COLUMN s.t.c */
static bool find_column(struct dump *dump, struct cursor target, struct object **object)
{
    const char *schema, *relation_name, *name;

    if (!cursor_qualified(&target, dump->arena, &schema, &relation_name) || !cursor_symbol(&target, '.') ||
        !cursor_name(&target, dump->arena, &name))
        return false;
    struct object *relation = dump_relation(dump, schema, relation_name);
    if (relation == NULL)
        relation = dump_find(dump, CLASS_COMPOSITE_TYPE, dump_identity(dump, schema, relation_name));
    *object = relation != NULL ? dump_column(dump, relation, name) : NULL;
    return true;
}

/* CONSTRAINT c ON [DOMAIN] s.t */
static bool find_constraint(struct dump *dump, struct cursor target, struct object **object)
{
    const char *name, *owner;

    if (!cursor_name(&target, dump->arena, &name) || !cursor_words(&target, "ON"))
        return false;
    cursor_words(&target, "DOMAIN");
    if (!cursor_identity(dump, &target, &owner))
        return false;
    *object =
        dump_find(dump, CLASS_CONSTRAINT, arena_format(dump->arena, "%s.%s", owner, dump_identity(dump, NULL, name)));
    return true;
}

/* What comes between ON and IS. Most entries say by their first dependency which object they are about. *constraint is
 * set where it is the index of a constraint. */
static bool find_target(struct entry *entry, struct cursor target, struct object **object, struct object **constraint)
{
    struct dump *dump = entry->dump;
    const char *identity;

    *object = *constraint = NULL;
    if (cursor_words(&target, "COLUMN"))
        return find_column(dump, target, object);
    if (cursor_words(&target, "CONSTRAINT"))
        return find_constraint(dump, target, object);
    if (cursor_words(&target, "INDEX")) {
        if (!cursor_identity(dump, &target, &identity))
            return false;
        *object = dump_find(dump, CLASS_INDEX, identity);
        *constraint = map_get(&dump->constraint_indexes, identity);
        return true;
    }
    if (entry->archive->depend_count > 0)
        *object = dump_of_id(dump, entry->archive->depends[0]);
    return true;
}

bool parse_comment(struct entry *entry, struct error *err)
{
    static const char *const is[] = {"IS", NULL};
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), target;
    struct object *object, *constraint, *comment;
    const char *text;

    if (!cursor_words(&rest, "COMMENT ON"))
        return unexpected(entry, err);
    target = cursor_until_words(&rest, is);
    if (!cursor_words(&rest, "IS") || !find_target(entry, target, &object, &constraint))
        return unexpected(entry, err);
    if (object == NULL && constraint == NULL)
        return true; /* of what the model leaves out, or of an extension or the schema public, which the server is asked
                      */
    if (!cursor_string(&rest, entry->dump->arena, &text))
        return unexpected(entry, err);
    if (constraint != NULL) {
        object_set(constraint, "index_comment", text);
        return true;
    }
    if (!dump_add(entry->dump, CLASS_COMMENT, object, NULL, NULL, NULL, &comment, err))
        return false;
    object_set(comment, "text", text);
    return true;
}

bool parse_security_label(struct entry *entry, struct error *err)
{
    static const char *const is[] = {"IS", NULL};
    struct dump *dump = entry->dump;
    struct cursor statement;

    /* The labels of a table's columns are in the table's entry. */
    while (next_statement(&entry->cursor, &statement)) {
        struct object *object, *constraint, *label;
        const char *provider, *text;
        if (!cursor_words(&statement, "SECURITY LABEL FOR") || !cursor_name(&statement, dump->arena, &provider) ||
            !cursor_words(&statement, "ON"))
            return unexpected(entry, err);
        struct cursor target = cursor_until_words(&statement, is);
        if (!cursor_words(&statement, "IS") || !cursor_string(&statement, dump->arena, &text) ||
            !find_target(entry, target, &object, &constraint))
            return unexpected(entry, err);
        if (object == NULL)
            continue;
        if (!dump_add(dump, CLASS_SECURITY_LABEL, object, NULL, NULL,
                      arena_format(dump->arena, " by %s", dump_identity(dump, NULL, provider)), &label, err))
            return false;
        object_set(label, "provider", provider);
        object_set(label, "label", text);
    }
    return true;
}
