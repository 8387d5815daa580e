/*
 * NOT NULL of columns that are there. As PostgreSQL 18 has it, it is a constraint with a name, which children inherit
 * as they do a check. What a child inherits can be neither renamed nor dropped: there its parent's goes and comes back.
 */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

#include <string.h>

#define EXCLUSIVE "lock:ACCESS EXCLUSIVE"

static bool is_not_null(const struct item *column)
{
    return field_is(column, "not_null", "true");
}

/* The child's own constraint, be it inherited besides. Of an older main nothing says so. */
static bool is_own(const struct item *column)
{
    return !field_is(column, "not_null_name", NULL);
}

static bool is_valid(const struct item *column)
{
    return field_is(column, "not_null_validated", NULL);
}

static bool same_name(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* From *at on, the next column of a parent whose NOT NULL reaches this one; NULL: there is none. */
static struct item *next_source(const struct item *column, size_t *at)
{
    const struct item *table = column->parent;

    while (*at < table->depend_count) {
        const struct item *parent = table->depends[(*at)++];
        struct item *above = is_child_of(table, parent) ? column_named(parent, column->object->name) : NULL;

        if (above != NULL && is_not_null(above) && !field_is(above, "not_null_no_inherit", "true"))
            return above;
    }
    return NULL;
}

static struct item *first_source(const struct item *column)
{
    size_t at = 0;

    return next_source(column, &at);
}

/* One of a parent that the table is a child of all the time. */
static struct item *staying_source(const struct item *column)
{
    struct item *source;

    for (size_t at = 0; (source = next_source(column, &at)) != NULL;)
        if (stays_child_of(column->parent, source->parent))
            return source;
    return NULL;
}

bool inherits_not_null(const struct changes *changes, const struct item *column)
{
    return has_not_null_constraints(changes) && is_not_null(column) && !is_own(column) && first_source(column) != NULL;
}

/* Has a child of the stand-in's table one that would not be renamed along, or that is the child's own? */
static bool differs_below(const struct item *old, const char *name)
{
    const struct item *table = old->parent;

    for (size_t i = 0; i < table->dependent_count; i++) {
        const struct item *child = table->dependents[i];
        const struct item *below = stays_child_of(child, table) ? column_named(child, old->object->name) : NULL;

        if (below != NULL && is_not_null(below) &&
            (is_own(below) || !same_name(not_null_name(below), name) || differs_below(below, name)))
            return true;
    }
    return false;
}

static bool has_column_below(const struct item *column)
{
    const struct item *table = column->parent;

    for (size_t i = 0; i < table->dependent_count; i++)
        if (is_child_of(table->dependents[i], table) &&
            column_named(table->dependents[i], column->object->name) != NULL)
            return true;
    return false;
}

/* Must main's go and come back for itself? */
static bool cannot_stay(const struct item *new, const struct item *old)
{
    if (!is_not_null(new) || !is_not_null(old) || !is_own(new))
        return false;
    bool renamed = !same_name(not_null_name(new), not_null_name(old));
    if (!is_own(old))
        return renamed && staying_source(old) != NULL;
    return (is_valid(old) && !is_valid(new)) ||
           (renamed &&
            (staying_source(old) != NULL || first_source(new) != NULL || differs_below(old, not_null_name(old)))) ||
           (!same_field(new, old, "not_null_no_inherit") &&
            (has_column_below(new) || has_column_below(old) || new->parent->object->class == CLASS_FOREIGN_TABLE));
}

/* A column of a primary key or with an identity cannot do without. */
static bool is_needed(const struct item *new)
{
    for (size_t i = 0; i < new->dependent_count; i++) {
        const struct item *key = new->dependents[i];

        if (key->object->class == CLASS_CONSTRAINT && field_is(key, "type", "primary key") && key->other != NULL &&
            !is_gone(key->other))
            return true;
    }
    return !field_is(new, "identity", NULL) && !field_is(new->other, "identity", NULL);
}

static bool mark_remade(struct item *new, struct error *err)
{
    struct item *source;

    if (new->not_null_remade)
        return true;
    if (is_needed(new)) {
        error_set(err, ERROR_REFUSED, "NOT NULL of column %s cannot become main's", new->object->identity);
        error_detail(err, "Its name, or whether children inherit it, differs: for that it would have to go for a "
                          "moment, which its primary key or identity does not let it.");
        return error_hint(err, "On one of the two sides, make the constraint's name what it is on the other.");
    }
    new->not_null_remade = true;
    for (size_t at = 0; (source = next_source(new->other, &at)) != NULL;) {
        struct item *above = source->other;

        if (above != NULL && stays_child_of(new->other->parent, source->parent) && is_not_null(above) &&
            !mark_remade(above, err))
            return false;
    }
    return true;
}

bool mark_remade_not_nulls(struct changes *changes, struct error *err)
{
    for (size_t i = 0; has_not_null_constraints(changes) && i < changes->main_count; i++) {
        struct item *new = &changes->main[i];

        if (new->object->class == CLASS_COLUMN && !is_created(new) && cannot_stay(new, new->other) &&
            !mark_remade(new, err))
            return false;
    }
    return true;
}

/* Does it go along with a parent's that is remade? */
static bool goes_with_source(const struct item *old)
{
    struct item *source;

    for (size_t at = 0; is_not_null(old) && !is_own(old) && (source = next_source(old, &at)) != NULL;)
        if (source->other != NULL && source->other->not_null_remade && stays_child_of(old->parent, source->parent))
            return true;
    return false;
}

/* --- Statements --- */

static struct step *add_step(struct changes *changes, struct item *new, enum timing timing, struct text *sql,
                             const char *risks)
{
    return sql->length > 0 ? step_add(changes, STEP_ALTER, new, timing, sql, risks) : NULL;
}

static void rename_constraint(struct text *sql, const struct item *new, const char *from, const char *to)
{
    text_appendf(sql, "ALTER TABLE %s RENAME CONSTRAINT ", new->parent->object->identity);
    quote_identifier(sql, from);
    text_append(sql, " TO ");
    quote_identifier(sql, to);
    text_append(sql, ";\n");
}

static void on_constraint(struct text *sql, const struct item *new, const char *verb, const char *name,
                          const char *what)
{
    text_appendf(sql, "ALTER TABLE %s %s CONSTRAINT ", new->parent->object->identity, verb);
    quote_identifier(sql, name);
    text_appendf(sql, "%s;\n", what);
}

/* Has something else of the stand-in's table the name, be it for a while? */
static bool is_name_taken(const struct item *old, const char *name)
{
    const struct item *table = old->parent;

    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *child = table->children[i];

        if (child == old)
            continue;
        if ((child->object->class == CLASS_CONSTRAINT && strcmp(child->object->name, name) == 0) ||
            (child->object->class == CLASS_COLUMN && same_name(not_null_name(child), name)))
            return true;
    }
    return false;
}

/* By way of another name where two change places. */
static void rename_not_null(struct changes *changes, struct item *new, const struct item *old, bool leaves)
{
    const char *name = not_null_name(new), *old_name = not_null_name(old);
    cleanup(text_free) struct text sql = {0}, later = {0};

    if (same_name(name, old_name))
        return;
    if (is_name_taken(old, name)) {
        cleanup(free_string) char *between = format_string("pgsyncer_not_null_%s", item_field(old, "position"));
        rename_constraint(&sql, new, old_name, between);
        rename_constraint(&later, new, between, name);
    } else {
        rename_constraint(&sql, new, old_name, name);
    }
    add_step(changes, new, TIMING_BEFORE, &sql, EXCLUSIVE)->after_detach = leaves;
    add_step(changes, new, TIMING_AFTER, &later, EXCLUSIVE);
}

/* A child's that is valid under a parent's that is not. */
static void validate_alone(struct changes *changes, struct item *new, const char *name)
{
    const struct item *source = first_source(new);
    cleanup(text_free) struct text sql = {0};

    if (name == NULL || !is_valid(new) || (source != NULL && !is_own(new) && is_valid(source)))
        return;
    on_constraint(&sql, new, "VALIDATE", name, "");
    add_step(changes, new, TIMING_AFTER, &sql, EXCLUSIVE ";scan");
}

static void add_not_null(struct changes *changes, struct item *new)
{
    const struct item *source = first_source(new);
    const char *name = not_null_name(new), *arriving = source != NULL ? not_null_name(source) : NULL;
    bool comes_along =
        source != NULL && source->parent->other != NULL && stays_child_of(new->other->parent, source->parent->other);
    bool named_apart = !field_is(new->parent, "partition_of", NULL) && name != NULL && !same_name(name, arriving);
    cleanup(text_free) struct text sql = {0};

    if (is_own(new) || !comes_along || named_apart) {
        set_not_null(&sql, new);
        add_step(changes, new, TIMING_AFTER, &sql, EXCLUSIVE ";scan")->before_parents = true;
    } else if (!is_valid(source)) {
        validate_alone(changes, new, arriving);
    }
}

static void alter_constraint_of(struct changes *changes, struct item *new, const struct item *old, bool leaves)
{
    cleanup(text_free) struct text sql = {0};
    const char *name = not_null_name(new);

    if (!is_own(new)) { /* make_locality() says that it is inherited alone */
        bool renamed =
            is_own(old) && name != NULL && !field_is(new->parent, "partition_of", NULL) && staying_source(old) == NULL;

        if (field_is(old, "not_null_no_inherit", "true"))
            on_constraint(&sql, new, "ALTER", not_null_name(old), " INHERIT");
        add_step(changes, new, TIMING_BEFORE, &sql, EXCLUSIVE);
        if (renamed)
            rename_not_null(changes, new, old, leaves);
        if (!is_valid(old))
            validate_alone(changes, new, renamed ? name : not_null_name(old));
        return;
    }
    if (!is_own(old) && !leaves) {
        template_expand(&sql, "ALTER TABLE %p ALTER COLUMN %n SET NOT NULL;", new, NULL, NULL);
        add_step(changes, new, TIMING_BEFORE, &sql, EXCLUSIVE)->before_parents = true;
    } else {
        rename_not_null(changes, new, old, leaves);
    }
    if (!same_field(new, old, "not_null_no_inherit"))
        on_constraint(&sql, new, "ALTER", name,
                      field_is(new, "not_null_no_inherit", "true") ? " NO INHERIT" : " INHERIT");
    if (is_valid(new) && !is_valid(old))
        on_constraint(&sql, new, "VALIDATE", name, "");
    add_step(changes, new, TIMING_AFTER, &sql, EXCLUSIVE ";scan");
}

static void alter_as_constraint(struct changes *changes, struct item *new, const struct item *old)
{
    bool was = is_not_null(old), is = is_not_null(new), remade = new->not_null_remade || goes_with_source(old);
    bool leaves = was && first_source(old) != NULL && staying_source(old) == NULL;
    cleanup(text_free) struct text sql = {0};

    /* A partition's may be its own although nothing tells so: then its parent's leaves it there. */
    bool partition = !field_is(old->parent, "partition_of", NULL);
    bool goes = !is || new->not_null_remade || (remade && !same_name(not_null_name(new), not_null_name(old)));
    if (is && new->not_null_set)
        return;
    if (was && goes && (is_own(old) || leaves || partition)) {
        template_expand(&sql, "ALTER TABLE %p ALTER COLUMN %n DROP NOT NULL;", new, NULL, NULL);
        add_step(changes, new, TIMING_BEFORE, &sql, EXCLUSIVE)->after_detach = leaves;
    }
    if (is && (!was || remade))
        add_not_null(changes, new);
    else if (is && (is_own(new) || is_own(old) || !is_valid(old)))
        alter_constraint_of(changes, new, old, leaves);
}

ALTERATION(alter_not_null)
{
    (void)err;
    bool was = old != NULL && field_is(old, "not_null", "true");

    if (old != NULL && has_not_null_constraints(changes)) {
        alter_as_constraint(changes, new, old);
        return true;
    }
    if (was) {
        template_expand(&alteration->sql, "ALTER TABLE %v%p ALTER COLUMN %n DROP NOT NULL;", new,
                        is_altered_alone(new, "true") ? "ONLY " : "", NULL);
        return true;
    }
    set_not_null(&alteration->sql, new);
    alteration->timing = TIMING_AFTER;
    alteration->risks = "lock:ACCESS EXCLUSIVE;scan";
    return true;
}

static bool differs(const struct item *new, const struct item *old)
{
    return !same_field(new, old, "not_null") || !same_field(new, old, "not_null_name") ||
           !same_field(new, old, "not_null_no_inherit") || !same_field(new, old, "not_null_validated");
}

/* Before 18, what a partitioned table gives up its partitions lose too, be it their own. */
static void set_again(struct changes *changes, struct item *new)
{
    const struct item *above = new->other != NULL ? parents_column(new->other) : NULL;
    cleanup(text_free) struct text sql = {0};

    if (above == NULL || is_created(new) || !is_not_null(new->other) ||
        !field_is(above->parent, "kind", "partitioned") || !is_not_null(above) || is_gone(above) ||
        above->other == NULL || is_not_null(above->other))
        return;
    set_not_null(&sql, new);
    step_add(changes, STEP_ALTER, new, TIMING_AFTER, &sql, EXCLUSIVE ";scan");
}

void follow_not_null(struct changes *changes, struct item *new)
{
    if (!is_not_null(new))
        return;
    if (!has_not_null_constraints(changes)) {
        set_again(changes, new);
        return;
    }
    if (is_created(new)) {
        const struct item *source = is_own(new) || field_is(new->parent, "inherits", NULL) ? NULL : first_source(new);

        if (source != NULL && !is_valid(source))
            validate_alone(changes, new, not_null_name(source));
    } else if (!differs(new, new->other) && (new->not_null_remade || goes_with_source(new->other))) {
        alter_as_constraint(changes, new, new->other);
    }
}

/* --- Comments --- */

/* Where it is there in the end, and goes on the way to that. */
static bool is_made_again(const struct item *new)
{
    return new->not_null_remade || new->not_null_lost || goes_with_source(new->other);
}

/* What the stand-in's constraint is called in the end: one that is inherited alone may be called otherwise than main's.
 */
static const char *final_name(const struct item *new)
{
    const struct item *old = new->other, *source = is_own(new) ? NULL : first_source(new);
    const char *name = not_null_name(new);
    bool partition = !field_is(new->parent, "partition_of", NULL);

    if (source == NULL)
        return name != NULL || old == NULL ? name : not_null_name(old);
    if (is_created(new->parent))
        return partition ? name : final_name(source);
    bool along = source->parent->other != NULL && stays_child_of(new->parent->other, source->parent->other);
    if (is_created(new))
        return along && is_created(source) ? final_name(source) : name;
    if (!is_not_null(old) || is_made_again(new))
        return along && !partition ? final_name(source) : name;
    return partition && is_own(old) && staying_source(old) == NULL ? name : not_null_name(old);
}

static void comment_on_not_null(struct text *sql, const struct item *new)
{
    const char *name = final_name(new);

    if (!is_not_null(new) || name == NULL)
        return;
    text_append(sql, "COMMENT ON CONSTRAINT ");
    quote_identifier(sql, name);
    template_expand(sql, " ON %p IS %l;", new, item_field(new, "not_null_comment"), NULL);
}

ALTERATION(alter_not_null_comment)
{
    (void)changes, (void)old, (void)err;
    comment_on_not_null(&alteration->sql, new);
    alteration->timing = TIMING_FINISH;
    alteration->late = true;
    return true;
}

void restore_not_null_comment(struct changes *changes, struct item *new)
{
    cleanup(text_free) struct text sql = {0};

    if (!is_created(new) && !field_is(new, "not_null_comment", NULL) &&
        same_field(new, new->other, "not_null_comment") && is_made_again(new)) {
        comment_on_not_null(&sql, new);
        add_step(changes, new, TIMING_FINISH, &sql, NULL)->late = true;
    }
}

void connect_not_null(const struct item *column)
{
    const struct item *table = column->parent;

    for (size_t i = 0; i < column->alter_count; i++) {
        struct step *alter = column->alters[i];

        for (size_t j = 0; alter->before_parents && j < table->depend_count; j++) {
            const struct item *parent = table->depends[j];
            const struct item *above = is_child_of(table, parent) ? column_named(parent, column->object->name) : NULL;

            for (size_t k = 0; above != NULL && k < above->alter_count; k++)
                if (above->alters[k]->timing == alter->timing)
                    step_prefers(above->alters[k], alter);
        }
        for (size_t j = 0; alter->after_detach && j < table->alter_count; j++)
            if (table->alters[j]->detaches)
                step_needs(alter, table->alters[j]);
    }
}
