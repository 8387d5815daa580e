/* Tables that become partitions or children, or stop being so, and the indexes of partitions. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/rename.h"

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
 * once they are main's, so it is attached after them. What children.c adds: ATTACH comes after the table's own indexes
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

/* Is the parent to be let go of whatever the new list says, because another table takes its place? */
static bool parent_goes(const struct item *old, const char *parent)
{
    for (size_t i = 0; i < old->depend_count; i++)
        if (is_child_of(old, old->depends[i]) && strcmp(old->depends[i]->object->identity, parent) == 0)
            return is_gone(old->depends[i]);
    return false;
}

/* How many of the new parents stay. INHERIT puts a parent at the end of the list, and the order decides what a new
 * child of the table would look like: so these are as many of the first ones as the old list has in the same order. */
static size_t count_kept(const struct item *old, const char **new_parents, size_t new_count, const char **old_parents,
                         size_t old_count)
{
    size_t kept = 0;

    for (size_t i = 0; i < old_count && kept < new_count; i++)
        kept += strcmp(old_parents[i], new_parents[kept]) == 0 && !parent_goes(old, old_parents[i]);
    return kept;
}

static bool contains(const char **items, size_t count, const char *item)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], item) == 0)
            return true;
    return false;
}

bool parents_change_places(const struct changes *changes, const struct item *new, const struct item *old)
{
    const char **new_parents, **old_parents;
    size_t new_count, old_count;

    if (!array_text_parse(changes->scratch, item_field(new, "inherits"), &new_parents, &new_count) ||
        !array_text_parse(changes->scratch, item_field(old, "inherits"), &old_parents, &old_count))
        return false;
    for (size_t i = count_kept(old, new_parents, new_count, old_parents, old_count); i < new_count; i++)
        if (contains(old_parents, old_count, new_parents[i]))
            return true;
    return false;
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
    size_t kept = old->forced ? 0 : count_kept(old, new_parents, new_count, old_parents, old_count);
    for (size_t i = 0, seen = 0; i < old_count; i++) {
        if (seen < kept && strcmp(old_parents[i], new_parents[seen]) == 0 && !parent_goes(old, old_parents[i]))
            seen++;
        else
            text_appendf(&sql, "ALTER TABLE %s NO INHERIT %s;\n", new->object->identity, old_parents[i]);
    }
    if (sql.length > 0) {
        last = own_step(changes, new, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE");
        last->detaches = true;
    }
    for (size_t i = kept; i < new_count; i++)
        text_appendf(&sql, "ALTER TABLE %s INHERIT %s;\n", new->object->identity, new_parents[i]);
    if (sql.length > 0) {
        struct step *inherit = own_step(changes, new, TIMING_AFTER, &sql, "lock:ACCESS EXCLUSIVE");
        inherit->late = true;
        inherit->attaches = true;
        step_needs(inherit, last);
    }
    return true;
}

/* An index that is attached stays so as long as both are there. */
bool index_attachable(const struct item *new, const struct item *old)
{
    const char *field = new->object->class == CLASS_INDEX ? "parent_index" : "parent_constraint";

    if (is_exclusion(new))
        return same_field(new, old, field) && !old->parent->forced;
    /* The server takes a partition's own foreign key for the parent's if it is the same one. */
    if (field_is(new, "type", "foreign key") && field_is(old, field, NULL) && !field_is(new, field, NULL))
        return same_field(new, old, "definition");
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
