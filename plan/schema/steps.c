/* Makes the steps: drops, creations and alterations, from what was decided about each object. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/rename.h"
#include "plan/schema/rules/row_type.h"
#include "plan/schema/rules/template.h"
#include "plan/schema/stages.h"

#include "common/memory.h"

/* --- Drops --- */

/* The uppermost of the item's owners that goes: dropping it drops the item. */
static const struct item *top_gone(const struct item *item)
{
    while (item->parent != NULL && is_gone(item->parent))
        item = item->parent;
    return item;
}

/*
 * Something of a table that goes must go before it, where it also hangs on something else that goes, which may need the
 * table: a foreign key between two such tables, policies that read each other's tables, an index over a function of the
 * table's rows.
 */
static bool needs_own_drop(const struct item *item)
{
    const struct item *top = top_gone(item);

    switch (item->object->class) {
    case CLASS_CONSTRAINT:
    case CLASS_TRIGGER:
    case CLASS_DEFAULT:
    case CLASS_INDEX:
    case CLASS_POLICY:
    case CLASS_RULE:
        break;
    default:
        return item->object->class == CLASS_USER_MAPPING; /* DROP SERVER does not take it along */
    }
    for (size_t i = 0; i < item->depend_count; i++) {
        const struct item *needed = item->depends[i];

        if (is_gone(needed) && top_gone(needed) != top && inherited_from(item) == NULL)
            return !(needed->object->class == CLASS_SEQUENCE && item->object->class == CLASS_DEFAULT);
    }
    return false;
}

/* A sequence goes with the column that owns it. */
static struct item *owning_column(const struct item *sequence)
{
    if (sequence->object->class != CLASS_SEQUENCE || field_is(sequence, "owned_by", NULL))
        return NULL;
    for (size_t i = 0; i < sequence->depend_count; i++)
        if (sequence->depends[i]->object->class == CLASS_COLUMN &&
            field_is(sequence, "owned_by", sequence->depends[i]->object->identity))
            return sequence->depends[i];
    return NULL;
}

/* A type and its input and output functions need each other. */
static bool needs_each_other(const struct item *type, const struct item *function)
{
    bool there = false, back = false;

    for (size_t i = 0; i < type->depend_count; i++)
        there |= type->depends[i] == function;
    for (size_t i = 0; i < function->depend_count; i++)
        back |= function->depends[i] == type;
    return there && back;
}

static bool is_type_with_functions(const struct item *item)
{
    if (item->object->class != CLASS_BASE_TYPE && item->object->class != CLASS_RANGE_TYPE)
        return false;
    for (size_t i = 0; i < item->depend_count; i++)
        if (item->depends[i]->object->class == CLASS_FUNCTION && needs_each_other(item, item->depends[i]))
            return true;
    return false;
}

static struct item *type_of_function(const struct item *function)
{
    if (function->object->class != CLASS_FUNCTION)
        return NULL;
    for (size_t i = 0; i < function->depend_count; i++)
        if (is_type_with_functions(function->depends[i]) && needs_each_other(function->depends[i], function))
            return function->depends[i];
    return NULL;
}

/* Does the drop of what the item is inherited from reach it? */
static bool goes_with_above(const struct item *item, const struct item *above)
{
    if (above == NULL || !is_gone(above) || is_gone(item->parent) || is_key_on_index(item))
        return false;
    return stays_child_of(item->parent, above->parent) && !stays_with_child(above);
}

/* The foreign key at the top of a tree of partitions that goes before its tables are detached, and takes what the
 * server made from it along; NULL where there is none. */
static struct item *foreign_key_above(struct item *item)
{
    struct item *top = item;

    if (!field_is(item, "type", "foreign key") || is_gone(item->parent))
        return NULL;
    for (struct item *above; (above = inherited_from(top)) != NULL && is_gone(above);)
        top = above;
    return top != item && needs_own_drop(top) ? top : NULL;
}

/* What drops the item when it goes; NULL: a step of its own. */
static struct item *dropper(struct item *item)
{
    struct item *above = inherited_on(item), *column = owning_column(item), *type = type_of_function(item);
    struct item *foreign_key = foreign_key_above(item);

    if (foreign_key != NULL)
        return foreign_key;
    if (goes_with_above(item, above))
        return above;
    if (column != NULL && is_gone(column))
        return column;
    if (type != NULL && is_gone(type))
        return type;
    if (item->parent != NULL && is_gone(item->parent) && !needs_own_drop(item))
        return item->parent;
    return NULL;
}

static bool make_drop(struct changes *changes, struct item *item, struct error *err)
{
    const struct class_rule *rule = class_rule(item->object->class);
    struct item *by = dropper(item);

    if (item->dropped_by != NULL)
        return true;
    if (by != NULL) {
        if (!make_drop(changes, by, err))
            return false;
        item->dropped_by = by->dropped_by;
        return true;
    }
    /* What the server made for a partition, under a name of its own choice, stays with its parent's. */
    if (field_is(item, "type", "foreign key") && inherited_from(item) != NULL && !is_gone(item->parent) &&
        stays_child_of(item->parent, inherited_from(item)->parent))
        return true;
    cleanup(text_free) struct text sql = {0};
    item->swapped = needs_swap(item);
    if (item->swapped) {
        append_swap_drop(&sql, item);
    } else if (is_type_with_functions(item)) {
        /* The one CASCADE: there is no other way, and all that it reaches are the type's functions, which go too. */
        template_expand(&sql, "DROP TYPE %o CASCADE;", item, NULL, NULL);
    } else if (rule->drop_custom != NULL) {
        if (!rule->drop_custom(changes, item, &sql, err))
            return false;
    } else if (rule->drop != NULL) {
        template_expand(&sql, rule->drop, item, NULL, NULL);
    }
    if (sql.length > 0)
        item->dropped_by = step_add(changes, STEP_DROP, item, TIMING_BEFORE, &sql, rule->drop_risks);
    return true;
}

/* --- Creations --- */

static bool run_custom(struct changes *changes, const struct rule *rule, struct item *new, struct item *old,
                       struct alteration *alteration, struct error *err)
{
    *alteration = (struct alteration){.timing = rule->timing, .risks = rule->risks, .refers = rule->refers};
    if (rule->custom == NULL)
        return error_set(err, ERROR_INTERNAL, "a custom rule for %s has no function", new->object->identity);
    return rule->custom(changes, new, old, alteration, err);
}

static void add_alter(struct changes *changes, struct item *item, struct alteration *alteration)
{
    if (alteration->sql.length == 0)
        return;
    struct step *step = step_add(changes, STEP_ALTER, item, alteration->timing, &alteration->sql, alteration->risks);
    step->refers = alteration->refers;
    step->late = alteration->late;
    step->to_text = alteration->to_text;
    step->from_text = alteration->from_text;
}

bool finish_creation(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    struct difference difference;
    const void *last_custom = NULL;

    for (size_t position = 0; next_difference(item, NULL, &position, &difference);) {
        const struct rule *rule = difference.rule;
        struct alteration alteration = {.timing = 0};

        if (rule == NULL)
            return no_rule(item, difference.field, err);
        if (rule->how == HOW_CUSTOM) {
            if ((const void *)rule->custom == last_custom)
                continue;
            last_custom = (const void *)rule->custom;
            if (!run_custom(changes, rule, item, NULL, &alteration, err)) {
                text_free(&alteration.sql);
                return false;
            }
        } else if (rule->how == HOW_ALTER) {
            alteration = (struct alteration){.timing = rule->timing, .risks = rule->risks, .refers = rule->refers};
            template_expand(&alteration.sql, rule->sql, item, difference.value, NULL);
        }
        if (rule->at_creation == OWN_STEP) {
            alteration.late = true;
            add_alter(changes, item, &alteration);
        } else if (alteration.sql.length > 0) {
            text_append(sql, alteration.sql.data);
        }
        text_free(&alteration.sql);
    }
    revoke_defaults(changes, item, sql);
    return true;
}

/* Of what the item's CREATE made along. */
static bool finish_parts(struct changes *changes, const struct item *item, const struct step *step, struct text *sql,
                         struct error *err)
{
    for (size_t i = 0; i < item->child_count; i++) {
        struct item *part = item->children[i];

        if (part->created_by == step &&
            (!finish_creation(changes, part, sql, err) || !finish_parts(changes, part, step, sql, err)))
            return false;
    }
    return true;
}

static bool make_create(struct changes *changes, struct item *item, struct error *err)
{
    const struct class_rule *rule = class_rule(item->object->class);

    if (item->created_by != NULL || rule->create == NULL)
        return true;
    /* create_subscription() makes none. */
    if (item->parent != NULL && item->parent->object->class == CLASS_SUBSCRIPTION && is_created(item->parent))
        return true;
    struct item *parent = item->parent != NULL ? target_of(item->parent) : NULL;
    if (parent != NULL && is_created(parent) && parent->created_by == NULL && !make_create(changes, parent, err))
        return false;
    struct item *above = inherited_from(item);
    if (above != NULL && is_created(above) && above->created_by == NULL && !make_create(changes, above, err))
        return false;
    if (item->created_by != NULL)
        return true;

    cleanup(text_free) struct text sql = {0};
    struct step *step = step_add(changes, STEP_CREATE, item, rule->create_timing, &sql, rule->create_risks);
    item->created_by = step;
    if (is_type_with_functions(item)) {
        template_expand(&sql, "CREATE TYPE %o;", item, NULL, NULL);
        item->shell = step_add(changes, STEP_CREATE, item, TIMING_BEFORE, &sql, NULL);
        step_needs(step, item->shell);
    }
    if (item->other != NULL && item->other->swapped)
        append_swap(changes, &sql, item->other);
    if (item->replaces != NULL && item->replaces->swapped)
        append_swap(changes, &sql, item->replaces);
    if (!rule->create(changes, item, step, false, &sql, err) || !finish_parts(changes, item, step, &sql, err))
        return false;
    /* A column that comes with its parent's has no SQL yet, and may have something of its own. */
    if ((sql.length > 0 || item->object->class == CLASS_COLUMN) && !finish_creation(changes, item, &sql, err))
        return false;
    step_sql(changes, step, &sql);
    return true;
}

/* --- Alterations --- */

static bool make_replace(struct changes *changes, struct item *new, const struct rule *rule, struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    struct step *step = step_add(changes, STEP_ALTER, new, rule->timing, &sql, rule->risks);

    step->refers = true;
    step->action = ACTION_REPLACE;
    if (!class_rule(new->object->class)->create(changes, new, step, true, &sql, err))
        return false;
    step_sql(changes, step, &sql);
    return true;
}

static bool alter_field(struct changes *changes, const struct rule *rule, struct item *new, struct item *old,
                        const struct difference *difference, struct error *err)
{
    struct alteration alteration = {.timing = rule->timing, .risks = rule->risks, .refers = rule->refers};
    bool ok = true;

    if (rule->how == HOW_REPLACE)
        return make_replace(changes, new, rule, err);
    if (rule->how == HOW_CUSTOM)
        ok = run_custom(changes, rule, new, old, &alteration, err);
    else if (rule->how == HOW_ALTER)
        template_expand(&alteration.sql, rule->sql, new, difference->value, item_field(old, difference->field));
    if (ok)
        add_alter(changes, new, &alteration);
    text_free(&alteration.sql);
    return ok;
}

enum { CUSTOMS = 16 }; /* more functions than any class's rules name */

static bool make_alters(struct changes *changes, struct item *new, struct error *err)
{
    struct item *old = new->other;
    struct difference difference;
    bool (*done[CUSTOMS])(struct changes *, struct item *, struct item *, struct alteration *, struct error *);
    size_t done_count = 0;

    if (is_renamed(new))
        new->renamed_by = make_rename(changes, new);
    for (size_t position = 0; next_difference(new, old, &position, &difference);) {
        const struct rule *rule = difference.rule;
        bool again = false;

        for (size_t i = 0; i < done_count; i++)
            again |= rule->custom != NULL && done[i] == rule->custom;
        if (again)
            continue;
        if (rule->custom != NULL && done_count < CUSTOMS)
            done[done_count++] = rule->custom;
        if (!alter_field(changes, rule, new, old, &difference, err))
            return false;
    }
    /* They name what it is called then. */
    for (size_t i = 0; i < new->alter_count; i++)
        step_needs(new->alters[i], new->renamed_by);
    if (new->object->class == CLASS_ENUM)
        return add_labels(changes, new, old, err);
    return true;
}

/* What stays, but hangs on something that is rebuilt: a column takes the new type, a partition the new parent. */
static bool make_forced(struct changes *changes, struct item *new, struct error *err)
{
    struct alteration alteration = {.refers = true, .timing = TIMING_BEFORE, .risks = "lock:ACCESS EXCLUSIVE"};
    bool ok = true;

    if (new->object->class == CLASS_COLUMN && same_type(new, new->other))
        ok = alter_column_type(changes, new, new->other, &alteration, err);
    else if (new->object->class == CLASS_TABLE && !field_is(new, "partition_of", NULL) &&
             same_field(new, new->other, "partition_of") && same_field(new, new->other, "partition_bound"))
        ok = alter_partition(changes, new, new->other, &alteration, err);
    else if (new->object->class == CLASS_TABLE && !field_is(new, "inherits", NULL) &&
             same_field(new, new->other, "inherits"))
        ok = alter_inherits(changes, new, new->other, &alteration, err);
    if (ok)
        add_alter(changes, new, &alteration);
    text_free(&alteration.sql);
    return ok;
}

/* ALTER TYPE does not reach what is typed, and columns do not change before it. */
static bool take_type_again(struct changes *changes, struct item *new, struct error *err)
{
    struct alteration alteration = {.risks = "lock:ACCESS EXCLUSIVE"};

    return alter_of_type(changes, new, new->other, &alteration, err);
}

/* A table lets go of its replica identity when the index goes that it is. */
static void restore_replica_identity(struct changes *changes, struct item *new)
{
    cleanup(text_free) struct text sql = {0};

    if (!same_field(new, new->other, "replica_identity"))
        return;
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *index = new->children[i];

        if (!is_created(index) || !is_replica_identity(new, index))
            continue;
        template_expand(&sql, "ALTER TABLE ONLY %o REPLICA IDENTITY %{replica_identity};", new, NULL, NULL);
        struct step *step = step_add(changes, STEP_ALTER, new, TIMING_FINISH, &sql, "lock:ACCESS EXCLUSIVE");
        step->late = true;
        step_needs(step, index->created_by);
    }
}

/* What main lacks and stays, but had to go for a while, is as the stand-in defines it. */
static bool remake_extra(struct changes *changes, struct item *item, struct error *err)
{
    if (item->cause != NULL && (item->parent == NULL || !is_gone(item->parent)))
        changes_warn(changes, "%s %s, which main lacks, is dropped and created again because of %s %s",
                     class_name(item->object->class), item->object->identity, class_name(item->cause->object->class),
                     item->cause->object->identity);
    return make_create(changes, item, err);
}

bool make_steps(struct changes *changes, struct error *err)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        struct item *item = &changes->standin[i];

        if (is_gone(item) && !make_drop(changes, item, err))
            return false;
    }
    if (!mark_remade_not_nulls(changes, err))
        return false;
    for (size_t i = 0; i < changes->main_count; i++) {
        struct item *item = &changes->main[i];

        if (!check_row_order(changes, item, err))
            return false;
        if (is_created(item) ? !make_create(changes, item, err) : !make_alters(changes, item, err))
            return false;
        if (item->object->class == CLASS_COLUMN)
            follow_not_null(changes, item);
        if (!is_created(item) && item->object->class == CLASS_TABLE) {
            restore_replica_identity(changes, item);
            keep_persistence_of_sequences(changes, item);
        }
        if (!is_created(item) && item->other->forced && !make_forced(changes, item, err))
            return false;
        if (!is_created(item) && item->object->class == CLASS_COLUMN && !item->other->forced &&
            same_field(item, item->other, "type"))
            add_reshaped_fate(changes, item, item->other);
        if (!is_created(item) && item->object->class == CLASS_TABLE && same_field(item, item->other, "of_type") &&
            type_of_table_changes(item->other) && !take_type_again(changes, item, err))
            return false;
    }
    for (size_t i = 0; i < changes->main_count; i++) {
        struct item *item = &changes->main[i];

        if (item->object->class == CLASS_TABLE || item->object->class == CLASS_FOREIGN_TABLE)
            make_locality(changes, item);
        if (item->object->class == CLASS_COLUMN)
            restore_not_null_comment(changes, item);
    }
    for (size_t i = 0; i < changes->standin_count; i++) {
        struct item *item = &changes->standin[i];

        if (item->fate == FATE_REBUILD && item->other == NULL && !remake_extra(changes, item, err))
            return false;
    }
    return true;
}
