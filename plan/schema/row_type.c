/*
 * Columns that hold rows of another table. PostgreSQL does not rewrite a table while there are such columns: they hold
 * text meanwhile, and a new column's default is given to the rows by UPDATE.
 */
#include "plan/schema/changes.h"

static bool holds_rows_of(const struct item *column, const struct item *table)
{
    if (column->object->class != CLASS_COLUMN || column->parent == table || is_gone(column) || column->other == NULL)
        return false;
    for (size_t i = 0; i < column->depend_count; i++)
        if (column->depends[i] == table)
            return true;
    return false;
}

static const struct item *row_type_user(const struct item *table)
{
    for (size_t i = 0; i < table->dependent_count; i++)
        if (holds_rows_of(table->dependents[i], table))
            return table->dependents[i];
    return NULL;
}

bool has_row_type_users(const struct item *table)
{
    return row_type_user(table) != NULL;
}

bool check_rewrite(const struct item *new, struct error *err)
{
    const struct item *user = row_type_user(new->parent->other);

    if (user == NULL)
        return true;
    error_set(err, ERROR_REFUSED, "column %s cannot be added: column %s holds rows of its table", new->object->identity,
              user->object->identity);
    error_detail(err, "A column that is generated or an identity makes PostgreSQL rewrite the table, which it does not "
                      "do while another table's column is of its row type.");
    return error_hint(err, "Drop column %s on the stand-in: a plan then makes it anew, with main's values.",
                      user->object->identity);
}

bool is_rewritten(const struct item *table)
{
    return table->object->class == CLASS_TABLE && table->other != NULL && !is_gone(table) &&
           (!same_field(table, table->other, "persistence") || !same_field(table, table->other, "access_method"));
}

static void run_between(struct step *step, struct step *part, struct step *alter)
{
    if (step->late || step->attaches || step->detaches || step->timing > alter->timing)
        return;
    step_needs(step, part);
    step_needs(alter, step);
}

/* `part` makes the column text, `alter` takes the table's type again: the rows have the same number of columns then. */
static void enclose_rewrite(const struct item *table, struct step *part, struct step *alter)
{
    const struct item *new = table->other;

    for (size_t i = 0; i < new->alter_count; i++)
        run_between(new->alters[i], part, alter);
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *column = new->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        if (column->created_by != NULL)
            step_needs(column->created_by, alter);
        /* A partition's column goes through what its parent's does. */
        for (; column != NULL; column = parents_column(column))
            for (size_t j = 0; j < column->alter_count; j++)
                run_between(column->alters[j], part, alter);
    }
    for (size_t i = 0; i < table->child_count; i++)
        if (table->children[i]->object->class == CLASS_COLUMN)
            step_needs(part, table->children[i]->dropped_by);
}

bool connect_row_types(struct changes *changes)
{
    for (size_t i = 0; i < changes->main_count && !changes->again; i++) {
        struct item *column = &changes->main[i], *old = column->other;
        struct step *alter = NULL, *part;

        if (column->object->class != CLASS_COLUMN || old == NULL || !old->forced)
            continue;
        for (size_t j = 0; j < column->alter_count; j++)
            if (column->alters[j]->from_text != NULL)
                alter = column->alters[j];
        for (size_t j = 0; alter != NULL && j < old->depend_count; j++) {
            struct item *table = old->depends[j];

            if (table->object->class != CLASS_TABLE || is_gone(table) || !holds_rows_of(old, table))
                continue;
            part = hold_text(changes, alter);
            if (part == NULL)
                break;
            enclose_rewrite(table, part, alter);
            break;
        }
    }
    return !changes->again;
}
