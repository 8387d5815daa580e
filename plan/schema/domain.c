/* Domains: what they say of values that lie in arrays and composite types can only be said when they are made. */
#include "plan/schema/create.h"
#include "plan/schema/template.h"

#include "common/memory.h"
#include "common/quote.h"

/* Does it hold of all values there are? What is NOT VALID can be added at any time. */
static bool is_checked(const struct item *constraint)
{
    return constraint->object->class == CLASS_CONSTRAINT && field_is(constraint, "validated", "true");
}

/* PostgreSQL looks for a domain's values in columns of the domain, and refuses to where they are parts of others. */
static bool is_contained(const struct item *domain)
{
    for (size_t i = 0; i < domain->dependent_count; i++) {
        const struct item *dependent = domain->dependents[i];

        switch (dependent->object->class) {
        case CLASS_COLUMN:
            if (!field_is(dependent, "type", domain->object->identity))
                return true;
            break;
        case CLASS_DOMAIN:
            if (!field_is(dependent, "type", domain->object->identity) || is_contained(dependent))
                return true;
            break;
        case CLASS_ATTRIBUTE:
            if (is_stored(dependent->parent))
                return true;
            break;
        case CLASS_RANGE_TYPE:
            return true;
        default:
            break;
        }
    }
    return false;
}

bool domain_alterable(const struct item *new, const struct item *old)
{
    if (!is_contained(old))
        return true;
    if (field_is(new, "not_null", "true") && field_is(old, "not_null", "false"))
        return false;
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *constraint = new->children[i];

        if (is_checked(constraint) &&
            (constraint->other == NULL || !same_field(constraint, constraint->other, "definition")))
            return false;
    }
    return true;
}

/* Does the item need the domain, be it through others? Not deeper than functions are likely to call one another. */
static bool leads_to(const struct item *item, const struct item *domain, unsigned depth)
{
    for (size_t i = 0; i < item->depend_count; i++) {
        const struct item *needed = item->depends[i];

        if (needed == domain ? depth > 0 : depth < 8 && needed->parent != domain && leads_to(needed, domain, depth + 1))
            return true;
    }
    return false;
}

static void append_checks(const struct item *domain, struct step *step, struct text *sql)
{
    for (size_t i = 0; i < domain->child_count; i++) {
        struct item *constraint = domain->children[i];

        if (!is_checked(constraint) || leads_to(constraint, domain, 0))
            continue;
        text_append(sql, " CONSTRAINT ");
        quote_identifier(sql, constraint->object->name);
        text_appendf(sql, " %s", item_field(constraint, "definition"));
        constraint->created_by = step;
    }
}

/* Rows that columns bring along may break what the domain says until main's are there. */
CREATES(create_domain)
{
    (void)replace, (void)err;
    const char *collation = item_field(item, "collation"), *value = item_field(item, "default");
    bool not_null = field_is(item, "not_null", "true");
    bool later = changes->options->rows_follow && holds_rows(item) && !is_contained(item);
    cleanup(text_free) struct text set = {0};

    text_appendf(sql, "CREATE DOMAIN %s AS %s", item->object->identity, item_field(item, "type"));
    if (collation != NULL)
        text_appendf(sql, " COLLATE %s", collation);
    if (value != NULL)
        text_appendf(sql, " DEFAULT %s", value);
    if (not_null && later) {
        template_expand(&set, "ALTER DOMAIN %o SET NOT NULL;", item, NULL, NULL);
        step_add(changes, STEP_ALTER, item, TIMING_AFTER, &set, "scan");
    } else if (not_null) {
        text_append(sql, " NOT NULL");
    }
    if (!later)
        append_checks(item, step, sql);
    text_append(sql, ";\n");
    return true;
}
