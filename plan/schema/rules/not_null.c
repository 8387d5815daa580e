/* NOT NULL of columns: since PostgreSQL 18 a constraint, which has a name and may be not valid or not inherited. Of
 * domains: since 17 a constraint. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

#include <string.h>

bool has_not_null_constraints(const struct changes *changes)
{
    return changes->standin_version >= 180000;
}

const char *not_null_name(const struct item *column)
{
    const char *own = item_field(column, "not_null_name");

    return own != NULL ? own : item_field(column, "not_null_inherited_name");
}

bool is_not_null_at_once(const struct item *column)
{
    return field_is(column, "not_null", "true") && field_is(column, "not_null_validated", NULL);
}

void append_not_null(struct text *sql, const struct item *column)
{
    if (not_null_name(column) != NULL) { /* also the one that the server would choose, if no other has it */
        text_append(sql, " CONSTRAINT ");
        quote_identifier(sql, not_null_name(column));
    }
    text_append(sql, " NOT NULL");
    if (field_is(column, "not_null_no_inherit", "true"))
        text_append(sql, " NO INHERIT");
}

static bool is_below(const struct item *column, const char *not_null)
{
    const struct item *table = column->parent;

    for (size_t i = 0; i < table->dependent_count; i++) {
        const struct item *child = table->dependents[i];
        const struct item *own = is_child_of(child, table) ? column_named(child, column->object->name) : NULL;

        if (own != NULL && (field_is(own, "not_null", not_null) || is_below(own, not_null)))
            return true;
    }
    return false;
}

/* Before PostgreSQL 18 a child may do without its parent's NOT NULL, and keep what its parent loses: then the parent
 * alone is altered, and each child that goes with it for itself. */
bool is_altered_alone(const struct item *column, const char *not_null_below)
{
    return field_is(column->parent, "kind", "plain") && is_below(column, not_null_below);
}

bool is_not_null_above(const struct item *column)
{
    const struct item *table = column->parent;

    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];
        const struct item *above = is_child_of(table, parent) ? column_named(parent, column->object->name) : NULL;

        if (above != NULL && field_is(above, "not_null", "true"))
            return true;
    }
    return false;
}

bool is_not_null_below(const struct item *column)
{
    return is_below(column, "true");
}

bool is_null_below(const struct item *column)
{
    return is_altered_alone(column, "false");
}

void set_not_null(struct text *sql, const struct item *column)
{
    bool validated = field_is(column, "not_null_validated", NULL);

    if (not_null_name(column) == NULL && validated && field_is(column, "not_null_no_inherit", NULL)) {
        template_expand(sql, "ALTER TABLE %v%p ALTER COLUMN %n SET NOT NULL;", column,
                        is_null_below(column) ? "ONLY " : "", NULL);
        return;
    }
    text_appendf(sql, "ALTER TABLE %s ADD ", column->parent->object->identity);
    if (not_null_name(column) != NULL) {
        text_append(sql, "CONSTRAINT ");
        quote_identifier(sql, not_null_name(column));
        text_append_char(sql, ' ');
    }
    text_append(sql, "NOT NULL ");
    quote_identifier(sql, column->object->name);
    text_appendf(sql, "%s%s;\n", field_is(column, "not_null_no_inherit", "true") ? " NO INHERIT" : "",
                 validated ? "" : " NOT VALID");
}

/* --- Domains --- */

void set_domain_not_null(struct text *sql, const struct item *domain)
{
    const char *name = item_field(domain, "not_null_name");

    if (name == NULL)
        template_expand(sql, "ALTER DOMAIN %o SET NOT NULL;", domain, NULL, NULL);
    else
        template_expand(sql, "ALTER DOMAIN %o ADD CONSTRAINT %i NOT NULL;", domain, name, NULL);
}

static void rename_domain_not_null(struct text *sql, const struct item *domain, const char *from, const char *to)
{
    text_appendf(sql, "ALTER DOMAIN %s RENAME CONSTRAINT ", domain->object->identity);
    quote_identifier(sql, from);
    text_append(sql, " TO ");
    quote_identifier(sql, to);
    text_append(sql, ";\n");
}

static bool has_check_named(const struct item *domain, const char *name)
{
    for (size_t i = 0; i < domain->child_count; i++)
        if (domain->children[i]->object->class == CLASS_CONSTRAINT &&
            strcmp(domain->children[i]->object->name, name) == 0)
            return true;
    return false;
}

ALTERATION(alter_domain_not_null)
{
    (void)err;
    const char *name = item_field(new, "not_null_name"), *old_name = item_field(old, "not_null_name");

    if (!same_field(new, old, "not_null")) {
        if (field_is(new, "not_null", "true")) {
            set_domain_not_null(&alteration->sql, new);
            alteration->timing = TIMING_AFTER;
            alteration->risks = "scan";
        } else {
            template_expand(&alteration->sql, "ALTER DOMAIN %o DROP NOT NULL;", new, NULL, NULL);
        }
    } else if (name != NULL && old_name != NULL && !has_check_named(old, name)) {
        rename_domain_not_null(&alteration->sql, new, old_name, name);
    } else if (name != NULL && old_name != NULL) { /* which goes, and may come back under the old name */
        static const char between[] = "pgsyncer_not_null";
        cleanup(text_free) struct text sql = {0};

        rename_domain_not_null(&sql, new, old_name, between);
        step_add(changes, STEP_ALTER, new, TIMING_BEFORE, &sql, NULL);
        rename_domain_not_null(&alteration->sql, new, between, name);
        alteration->timing = TIMING_AFTER;
    }
    return true;
}

ALTERATION(alter_domain_not_null_comment)
{
    (void)changes, (void)old, (void)err;
    const char *name = item_field(new, "not_null_name");

    if (field_is(new, "not_null", "true")) {
        text_append(&alteration->sql, "COMMENT ON CONSTRAINT ");
        quote_identifier(&alteration->sql, name != NULL ? name : item_field(old, "not_null_name"));
        template_expand(&alteration->sql, " ON DOMAIN %o IS %l;", new, item_field(new, "not_null_comment"), NULL);
        alteration->timing = TIMING_FINISH;
    }
    return true;
}
