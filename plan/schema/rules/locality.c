/*
 * Whether a column, check or NOT NULL of a child is its own besides being inherited. CREATE TABLE decides it, and
 * INHERIT merges what is there as the child's own: no ALTER says it. pg_dump prints what is the child's own, and in a
 * binary upgrade sets it as it is done here.
 */
#include "plan/schema/rules/alter.h"

#include "common/memory.h"
#include "common/quote.h"

static bool is_check(const struct item *item)
{
    return item->object->class == CLASS_CONSTRAINT && field_is(item, "type", "check");
}

static const struct item *check_named(const struct item *table, const char *name)
{
    for (size_t i = 0; i < table->child_count; i++)
        if (is_check(table->children[i]) && strcmp(table->children[i]->object->name, name) == 0)
            return table->children[i];
    return NULL;
}

/* Has one of the table's parents the same? */
static bool is_merged(const struct item *item)
{
    const struct item *table = item->parent;

    if (item->object->class == CLASS_COLUMN)
        return parents_column(item) != NULL;
    for (size_t i = 0; i < table->depend_count; i++)
        if (is_child_of(table, table->depends[i]) && check_named(table->depends[i], item->object->name) != NULL)
            return true;
    return false;
}

/* A parent that drops it alone, to make it anew, leaves it with the child as its own. */
static bool is_left_by_parent(const struct item *item)
{
    const struct item *above = item->other != NULL ? inherited_from(item->other) : NULL;

    return above != NULL && is_gone(above);
}

/* Does the plan touch what decides it? The statements leave alone what is right already. */
static bool is_to_be_set(const struct item *item, bool attached)
{
    return is_merged(item) &&
           (attached || is_created(item) || is_left_by_parent(item) || !same_field(item, item->other, "inherited"));
}

static void append_names(struct text *names, const struct item *item)
{
    text_append(names, names->length > 0 ? ", " : "");
    quote_literal(names, item->object->name);
}

static void append_update(struct text *sql, const struct item *table, const struct text *names, bool columns, bool own)
{
    const char *flag = columns ? "attislocal" : "conislocal";

    if (names->length == 0)
        return;
    text_appendf(sql, "UPDATE pg_catalog.%s SET %s = %s WHERE %s = ", columns ? "pg_attribute" : "pg_constraint", flag,
                 own ? "true" : "false", columns ? "attrelid" : "conrelid");
    quote_literal(sql, table->object->identity);
    text_appendf(sql, "::pg_catalog.regclass AND %s IN (%s) AND %s = %s;\n", columns ? "attname" : "conname",
                 names->data, flag, own ? "false" : "true");
}

/* As CREATE TABLE, a parent's ADD CONSTRAINT leaves it, and INHERIT does not. */
static void append_inherited_not_null(struct text *sql, const struct changes *changes, const struct item *table,
                                      bool attached)
{
    cleanup(text_free) struct text names = {0};

    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *column = table->children[i];

        if (column->object->class == CLASS_COLUMN && inherits_not_null(changes, column) &&
            not_null_name(column) != NULL &&
            (attached || (!is_created(column) && !field_is(column->other, "not_null_name", NULL))))
            append_names(&names, column);
    }
    if (names.length == 0)
        return;
    text_append(sql, "UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conrelid = ");
    quote_literal(sql, table->object->identity);
    text_append(sql, "::pg_catalog.regclass AND contype = 'n' AND conislocal AND conkey[1] IN (SELECT attnum FROM "
                     "pg_catalog.pg_attribute WHERE attrelid = ");
    quote_literal(sql, table->object->identity);
    text_appendf(sql, "::pg_catalog.regclass AND attname IN (%s));\n", names.data);
}

void make_locality(struct changes *changes, struct item *table)
{
    struct text names[2][2] = {{{0}}}; /* [checks, columns][inherited, own] */
    cleanup(text_free) struct text sql = {0};
    bool attached = false;

    if (field_is(table, "inherits", NULL) || is_created(table))
        return;
    for (size_t i = 0; i < table->alter_count; i++)
        attached |= table->alters[i]->attaches;
    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *item = table->children[i];
        bool column = item->object->class == CLASS_COLUMN;

        if ((column || is_check(item)) && is_to_be_set(item, attached))
            append_names(&names[column][field_is(item, "inherited", "false")], item);
    }
    for (size_t column = 0; column < 2; column++)
        for (size_t own = 0; own < 2; own++) {
            append_update(&sql, table, &names[column][own], column, own);
            text_free(&names[column][own]);
        }
    append_inherited_not_null(&sql, changes, table, attached);
    if (sql.length == 0)
        return;
    if (!changes->options->superuser) {
        changes_warn(
            changes,
            "which columns, checks or NOT NULL of %s are its own besides being inherited stays as it is: only a "
            "superuser can set it",
            table->object->identity);
        return;
    }
    step_add(changes, STEP_ALTER, table, TIMING_FINISH, &sql, "catalog")->late = true;
}
