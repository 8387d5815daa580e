/*
 * Columns that hold rows of another table, and expressions that have values of its row type. PostgreSQL does not
 * rewrite a table while there are any. Such columns hold text meanwhile, and a new column's default is given to the
 * rows by UPDATE; what has such expressions goes before and comes after.
 */
#include "plan/schema/rules/row_type.h"
#include "plan/schema/rules/alter.h"

/* A column of another table that stays and holds the table's rows, be it within other types. */
static const struct item *user_of(const struct item *type, const struct item *table)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i], *user = NULL;

        if (dependent->parent == type)
            continue;
        if (dependent->object->class == CLASS_COLUMN && dependent->parent != table && !is_gone(dependent) &&
            dependent->other != NULL)
            user = dependent;
        else if (dependent->object->class == CLASS_DOMAIN)
            user = user_of(dependent, table);
        else if (dependent->object->class == CLASS_ATTRIBUTE)
            user = user_of(dependent->parent, table);
        if (user != NULL)
            return user;
    }
    return NULL;
}

static const struct item *row_type_user(const struct item *table)
{
    return user_of(table, table);
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
    error_detail(err, "Its expression fails for rows of the stand-in, so it comes after main's, and PostgreSQL does "
                      "not rewrite a table while another table's column is of its row type.");
    return error_hint(err, "Drop column %s on the stand-in: a plan then makes it anew, with main's values.",
                      user->object->identity);
}

/* Does ADD COLUMN give the rows that are there the domain's default, or check what they get, be it NULL? */
static bool is_heeded(const struct item *domain)
{
    if (domain->object->class != CLASS_DOMAIN)
        return false;
    if (field_is(domain, "not_null", "true") || !field_is(domain, "default", NULL))
        return true;
    for (size_t i = 0; i < domain->child_count; i++)
        if (domain->children[i]->object->class == CLASS_CONSTRAINT)
            return true;
    for (size_t i = 0; i < domain->depend_count; i++)
        if (is_heeded(domain->depends[i]))
            return true;
    return false;
}

static bool is_of_heeded_domain(const struct item *column)
{
    for (size_t i = 0; i < column->depend_count; i++)
        if (is_heeded(column->depends[i]))
            return true;
    return false;
}

/* ADD COLUMN computes a stored generated column, and numbers an identity column where main's rows do not come. */
static bool adds_values(const struct changes *changes, const struct item *new)
{
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *column = new->children[i];

        if (column->object->class == CLASS_COLUMN && (column->other == NULL || is_gone(column->other)) &&
            (field_is(column, "generated_kind", "stored") || is_of_heeded_domain(column) ||
             (!field_is(column, "identity", NULL) && !changes->options->rows_follow)))
            return true;
    }
    return false;
}

bool is_rewritten(const struct changes *changes, const struct item *table)
{
    return table->object->class == CLASS_TABLE && table->other != NULL && !is_gone(table) &&
           (!same_field(table, table->other, "persistence") || !same_field(table, table->other, "access_method") ||
            adds_values(changes, table->other));
}

/* Main's: does ADD COLUMN say what the rows that are there hold in it? */
static bool is_filled(const struct item *column)
{
    if (column->object->class != CLASS_COLUMN || (column->other != NULL && !is_gone(column->other)))
        return false;
    for (size_t i = 0; i < column->child_count; i++)
        if (column->children[i]->object->class == CLASS_DEFAULT)
            return true;
    return !field_is(column, "generated", NULL) || !field_is(column, "identity", NULL) || is_of_heeded_domain(column);
}

static bool takes_other_type(const struct item *attribute)
{
    return attribute->object->class == CLASS_ATTRIBUTE && attribute->other != NULL &&
           !same_type(attribute, attribute->other);
}

bool is_reformed(const struct item *type)
{
    if (type->other == NULL || is_gone(type))
        return false;
    for (size_t i = 0; type->object->class == CLASS_TABLE && i < type->other->child_count; i++)
        if (is_filled(type->other->children[i]))
            return true;
    for (size_t i = 0; type->object->class == CLASS_COMPOSITE_TYPE && i < type->child_count; i++)
        if (takes_other_type(type->children[i]))
            return true;
    return false;
}

/* --- The order of columns, in which a row's text has its values --- */

/* Of main's table. A column that main lacks and stays is in the stand-in's rows too. */
static bool has_main_order(struct arena *arena, const struct item *table)
{
    size_t count;
    struct item **columns = parts_of(arena, table, &count);

    for (size_t i = 1; i < count; i++)
        if (strtol(item_field(columns[i - 1], "position"), NULL, 10) >
            strtol(item_field(columns[i], "position"), NULL, 10))
            return false;
    for (size_t i = 0; i < table->other->child_count; i++)
        if (table->other->children[i]->object->class == CLASS_COLUMN && table->other->children[i]->other == NULL &&
            !is_gone(table->other->children[i]))
            return false;
    return true;
}

/* The table, of another order of columns on the stand-in, whose rows the column, domain or attribute holds. */
static const struct item *other_order(struct arena *arena, const struct item *holder)
{
    for (size_t i = 0; i < holder->depend_count; i++) {
        const struct item *type = holder->depends[i], *found = NULL;

        if (type == holder->parent)
            continue;
        if (type->object->class == CLASS_TABLE && !is_created(type) && !has_main_order(arena, type))
            return type;
        if (type->object->class == CLASS_DOMAIN)
            found = other_order(arena, type);
        for (size_t j = 0; type->object->class == CLASS_COMPOSITE_TYPE && found == NULL && j < type->child_count; j++)
            if (type->children[j]->object->class == CLASS_ATTRIBUTE)
                found = other_order(arena, type->children[j]);
        if (found != NULL)
            return found;
    }
    return NULL;
}

bool check_row_order(const struct changes *changes, const struct item *column, struct error *err)
{
    const struct item *table = changes->options->rows_follow && column->object->class == CLASS_COLUMN &&
                                       field_is(column, "generated", NULL) /* else it is computed from them */
                                   ? other_order(changes->scratch, column)
                                   : NULL;

    if (table == NULL)
        return true;
    error_set(
        err, ERROR_REFUSED,
        "column %s holds rows of table %s, which has other columns, or the same in another order, on the stand-in",
        column->object->identity, table->object->identity);
    error_detail(err,
                 "ALTER TABLE adds columns at the end and moves none, so main's values would land in the wrong ones.");
    return error_hint(err,
                      "Make table %s anew on the stand-in, in main's order, leave out table %s (--exclude-table), or "
                      "use --clean-extra where just columns that main lacks are in the way.",
                      table->object->identity, column->parent->object->identity);
}
