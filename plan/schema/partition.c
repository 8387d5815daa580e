/* Tables that become partitions or children, or stop being so, and the indexes of partitions. */
#include "plan/schema/alter.h"
#include "plan/schema/template.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

static struct step *own_step(struct changes *changes, struct item *item, enum timing timing, struct text *sql,
                             const char *risks)
{
    struct step *step = step_add(changes, STEP_ALTER, item, timing, sql, risks);

    step->refers = true;
    return step;
}

/*
 * DETACH lets go of the old parent, ATTACH needs the new one. A table that is there keeps its rows: they fit the bound
 * once they are main's, so it is attached after them. What order.c adds: ATTACH comes after the table's own indexes
 * and constraints where the parent has some already, so that these are taken instead of new ones made.
 */
ALTERATION(alter_partition)
{
    (void)alteration, (void)err;
    const char *parent = item_field(new, "partition_of"), *bound = item_field(new, "partition_bound");
    const char *old_parent = old != NULL ? item_field(old, "partition_of") : NULL;
    cleanup(text_free) struct text sql = {0};
    struct step *detach = NULL;

    if (old_parent != NULL) {
        text_appendf(&sql, "ALTER TABLE %s DETACH PARTITION %s;\n", old_parent, old->object->identity);
        detach = own_step(changes, new, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE");
        detach->detaches = true;
    }
    if (parent == NULL)
        return true;
    text_appendf(&sql, "ALTER TABLE ONLY %s ATTACH PARTITION %s %s;\n", parent, new->object->identity, bound);
    struct step *attach = own_step(changes, new, old != NULL ? TIMING_AFTER : TIMING_BEFORE, &sql,
                                   old != NULL ? "lock:ACCESS EXCLUSIVE;scan" : "lock:SHARE UPDATE EXCLUSIVE");
    attach->late = true;
    attach->attaches = true;
    step_needs(attach, detach);
    return true;
}

static bool contains(const char **items, size_t count, const char *item)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], item) == 0)
            return true;
    return false;
}

/* Do the parents that stay come first, in the order that they have? */
static bool keeps_parents(const char **new_parents, size_t new_count, const char **old_parents, size_t old_count)
{
    size_t kept = 0;

    for (size_t i = 0; i < old_count; i++)
        if (contains(new_parents, new_count, old_parents[i]) && strcmp(new_parents[kept++], old_parents[i]) != 0)
            return false;
    return true;
}

bool parents_change_places(const struct changes *changes, const struct item *new, const struct item *old)
{
    const char **new_parents, **old_parents;
    size_t new_count, old_count;

    return !same_field(new, old, "inherits") &&
           array_text_parse(changes->scratch, item_field(new, "inherits"), &new_parents, &new_count) &&
           array_text_parse(changes->scratch, item_field(old, "inherits"), &old_parents, &old_count) &&
           !keeps_parents(new_parents, new_count, old_parents, old_count);
}

ALTERATION(alter_inherits)
{
    (void)alteration, (void)err;
    const char **new_parents, **old_parents;
    size_t new_count, old_count;
    cleanup(text_free) struct text sql = {0};
    struct step *last = NULL;

    if (!array_text_parse(changes->scratch, item_field(new, "inherits"), &new_parents, &new_count) ||
        !array_text_parse(changes->scratch, item_field(old, "inherits"), &old_parents, &old_count))
        return true;
    /* A parent is made anew, or they would be in another order: let go of all, and take them up. */
    bool again = same_field(new, old, "inherits") || parents_change_places(changes, new, old);
    for (size_t i = 0; i < old_count; i++)
        if (again || !contains(new_parents, new_count, old_parents[i]))
            text_appendf(&sql, "ALTER TABLE %s NO INHERIT %s;\n", new->object->identity, old_parents[i]);
    if (sql.length > 0) {
        last = own_step(changes, new, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE");
        last->detaches = true;
    }
    for (size_t i = 0; i < new_count; i++)
        if (again || !contains(old_parents, old_count, new_parents[i]))
            text_appendf(&sql, "ALTER TABLE %s INHERIT %s;\n", new->object->identity, new_parents[i]);
    if (sql.length > 0) {
        struct step *inherit = own_step(changes, new, TIMING_AFTER, &sql, "lock:ACCESS EXCLUSIVE");
        inherit->late = true;
        inherit->attaches = true;
        step_needs(inherit, last);
    }
    return true;
}

/* A table of a type can only change as the type does: it lets go of it, and takes it again. */
ALTERATION(alter_of_type)
{
    (void)err;
    const char *type = item_field(new, "of_type");
    cleanup(text_free) struct text sql = {0};
    struct step *release = NULL;

    if (old == NULL) {
        template_expand(&alteration->sql, "ALTER TABLE %o OF %v;", new, type, NULL);
        return true;
    }
    if (!field_is(old, "of_type", NULL)) {
        template_expand(&sql, "ALTER TABLE %o NOT OF;", new, NULL, NULL);
        release = own_step(changes, new, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE");
        release->detaches = true;
    }
    if (type != NULL) {
        template_expand(&sql, "ALTER TABLE %o OF %v;", new, type, NULL);
        struct step *take = own_step(changes, new, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE");
        take->late = true;
        take->attaches = true;
        step_needs(take, release);
    }
    return true;
}

/* An index that is attached stays so as long as both are there. */
bool index_attachable(const struct item *new, const struct item *old)
{
    const char *field = new->object->class == CLASS_INDEX ? "parent_index" : "parent_constraint";

    return field_is(old, field, NULL) || field_is(new, "type", "foreign key") || same_field(new, old, field) ||
           hangs_on_same(new, old) || new->parent->other == NULL ||
           !same_field(new->parent, new->parent->other, "partition_of");
}

static void append_index(struct text *sql, const struct item *item)
{
    quote_qualified(sql, item->parent->object->schema, item->object->name);
}

ALTERATION(attach_index)
{
    (void)changes, (void)err;
    const struct item *above = inherited_from(new);

    if (above == NULL || field_is(new, "type", "foreign key") || field_is(new, "type", "check") ||
        (old != NULL && hangs_on_same(new, old) &&
         !new->parent->other->forced &&same_field(new->parent, new->parent->other, "partition_of")))
        return true;
    text_append(&alteration->sql, "ALTER INDEX ");
    append_index(&alteration->sql, above);
    text_append(&alteration->sql, " ATTACH PARTITION ");
    append_index(&alteration->sql, new);
    text_append(&alteration->sql, ";\n");
    alteration->timing = TIMING_AFTER;
    alteration->refers = true;
    alteration->late = true;
    alteration->risks = "lock:SHARE UPDATE EXCLUSIVE";
    return true;
}
