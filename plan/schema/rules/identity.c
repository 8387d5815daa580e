/* Identity columns and their sequences: the options are the column's, the sequence comes and goes on its own. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

#include <stdlib.h>

struct item *identity_of(const struct item *column)
{
    for (size_t i = 0; i < column->child_count; i++)
        if (column->children[i]->object->class == CLASS_IDENTITY_SEQUENCE)
            return column->children[i];
    return NULL;
}

/* ALTER SEQUENCE gives the sequence another type than its column's; NULL: it has none of its own. */
static const char *own_type(const struct item *column)
{
    const struct item *sequence = identity_of(column);
    const char *type = sequence != NULL ? item_field(sequence, "sequence_type") : NULL;

    return type != NULL && !field_is(column, "type", type) ? type : NULL;
}

/* What the sequence is to be made of, once its column has its type; NULL: it is. ALTER TYPE takes it along. */
static const char *type_to_set(const struct item *new, const struct item *old)
{
    const struct item *sequence = identity_of(new), *before = old != NULL ? identity_of(old) : NULL;

    if (sequence == NULL || before == NULL || !same_field(new, old, "type"))
        return own_type(new);
    return same_field(sequence, before, "sequence_type") ? NULL : item_field(sequence, "sequence_type");
}

void append_identity(struct text *sql, const struct item *column)
{
    text_appendf(sql, " GENERATED %s AS IDENTITY (SEQUENCE NAME %s",
                 field_is(column, "identity", "always") ? "ALWAYS" : "BY DEFAULT",
                 item_field(column, "identity_sequence"));
    if (own_type(column) == NULL) /* else its bounds may be out of the column's */
        append_sequence_options(sql, column, "identity_");
    text_append_char(sql, ')');
}

CREATES(create_identity_sequence)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "ALTER TABLE %P ALTER COLUMN %N ADD", item, NULL, NULL);
    sql->data[--sql->length] = '\0'; /* the template's newline */
    append_identity(sql, item->parent);
    text_append(sql, ";\n");
    return true;
}

/* It lies in its table's schema, as every such sequence does. */
ALTERATION(alter_sequence_name)
{
    (void)changes, (void)err;
    struct text *sql = &alteration->sql;

    text_appendf(sql, "ALTER SEQUENCE %s RENAME TO ", item_field(old->parent, "identity_sequence"));
    quote_identifier(sql, item_field(new, "sequence_name"));
    text_append(sql, ";\n");
    return true;
}

static long long bound(const struct item *item, const char *prefix, const char *name)
{
    cleanup(free_string) char *field = format_string("%s%s", prefix, name);
    const char *value = item_field(item, field);

    return value != NULL ? strtoll(value, NULL, 10) : 0;
}

bool bounds_are_apart(const struct item *new, const struct item *old, const char *prefix)
{
    return bound(new, prefix, "minimum") > bound(old, prefix, "maximum") ||
           bound(new, prefix, "maximum") < bound(old, prefix, "minimum");
}

void append_within_bounds(struct text *sql, const struct item *new, const struct item *old, const char *prefix,
                          const char *sequence)
{
    static const char form[] = "DO $within$\nBEGIN\n    IF (SELECT last_value %s %lld FROM %s) THEN\n"
                               "        ALTER SEQUENCE %s RESTART WITH %lld;\n    END IF;\nEND\n$within$;\n";
    long long minimum = bound(new, prefix, "minimum"), maximum = bound(new, prefix, "maximum");

    if (bounds_are_apart(new, old, prefix))
        return;
    if (minimum > bound(old, prefix, "minimum"))
        text_appendf(sql, form, "<", minimum, sequence, sequence, minimum);
    if (maximum < bound(old, prefix, "maximum"))
        text_appendf(sql, form, ">", maximum, sequence, sequence, maximum);
}

bool identity_shrinks(const struct item *new, const struct item *old)
{
    return !field_is(new, "identity", NULL) && !field_is(old, "identity", NULL) &&
           bound(new, "identity_", "maximum") < bound(old, "identity_", "maximum");
}

ALTERATION(alter_sequence_type)
{
    (void)err;
    const struct item *column = new->parent;
    const char *type = type_to_set(column, old != NULL ? old->parent : NULL);
    struct step *rename = old != NULL && new->alter_count > 0 ? new->alters[0] : NULL;

    if (type == NULL)
        return true;
    text_appendf(&alteration->sql, "ALTER SEQUENCE %s AS %s", item_field(column, "identity_sequence"), type);
    append_sequence_options(&alteration->sql, column, "identity_");
    text_append(&alteration->sql, ";\n");
    if (rename != NULL) {
        struct step *step = step_add(changes, STEP_ALTER, new, alteration->timing, &alteration->sql, alteration->risks);
        step->refers = true;
        step_needs(step, rename);
    }
    return true;
}

static void append_set_options(struct text *sql, const struct item *new, const struct item *old)
{
    static const struct {
        const char *field, *clause;
    } options[] = {{"identity_start", "START WITH "},
                   {"identity_increment", "INCREMENT BY "},
                   {"identity_minimum", "MINVALUE "},
                   {"identity_maximum", "MAXVALUE "},
                   {"identity_cache", "CACHE "}};

    if (!same_field(new, old, "identity"))
        text_appendf(sql, " SET GENERATED %s", field_is(new, "identity", "always") ? "ALWAYS" : "BY DEFAULT");
    if (type_to_set(new, old) != NULL) /* the sequence's ALTER says them */
        return;
    for (size_t i = 0; i < array_length(options); i++)
        if (!same_field(new, old, options[i].field))
            text_appendf(sql, " SET %s%s", options[i].clause, item_field(new, options[i].field));
    if (!same_field(new, old, "identity_cycle"))
        text_appendf(sql, " SET %s", field_is(new, "identity_cycle", "true") ? "CYCLE" : "NO CYCLE");
}

/* ADD GENERATED and DROP IDENTITY are the sequence's. */
ALTERATION(alter_identity)
{
    (void)changes, (void)err;
    cleanup(text_free) struct text options = {0};

    if (field_is(old, "identity", NULL) || field_is(new, "identity", NULL))
        return true;
    append_set_options(&options, new, old);
    if (options.length == 0)
        return true;
    if (bounds_are_apart(new, old, "identity_"))
        text_append(&options, " RESTART");
    if (same_field(new, old, "type") || !identity_shrinks(new, old))
        append_within_bounds(&alteration->sql, new, old, "identity_", item_field(old, "identity_sequence"));
    text_appendf(&alteration->sql, "ALTER TABLE %s ALTER COLUMN ", new->parent->object->identity);
    quote_identifier(&alteration->sql, new->object->name);
    text_appendf(&alteration->sql, "%s;\n", options.data);
    alteration->risks = "lock:ACCESS EXCLUSIVE";
    return true;
}

/* NULL: as its table. A column that has no identity any more has no sequence either. */
ALTERATION(alter_identity_persistence)
{
    (void)changes, (void)old, (void)err;
    bool unlogged = field_is(new, "identity_persistence", "unlogged") ||
                    (field_is(new, "identity_persistence", NULL) && field_is(new->parent, "persistence", "unlogged"));

    if (field_is(new, "identity", NULL))
        return true;
    template_expand(&alteration->sql,
                    unlogged ? "ALTER SEQUENCE %{identity_sequence} SET UNLOGGED;"
                             : "ALTER SEQUENCE %{identity_sequence} SET LOGGED;",
                    new, NULL, NULL);
    alteration->timing = TIMING_FINISH;
    alteration->late = true;
    return true;
}

void keep_persistence_of_sequences(struct changes *changes, struct item *table)
{
    const struct item *old = table->other;

    if (changes->standin_version < 150000 || same_field(table, old, "persistence"))
        return;
    for (size_t i = 0; i < old->child_count; i++)
        for (size_t j = 0; old->children[i]->object->class == CLASS_COLUMN && j < old->children[i]->dependent_count;
             j++) {
            struct item *owned = old->children[i]->dependents[j];
            struct item *sequence = target_of(owned);
            cleanup(text_free) struct text sql = {0};

            if (owned->object->class != CLASS_SEQUENCE || is_gone(owned) || same_field(sequence, table, "persistence"))
                continue;
            template_expand(&sql,
                            field_is(sequence, "persistence", "unlogged") ? "ALTER SEQUENCE %o SET UNLOGGED;"
                                                                          : "ALTER SEQUENCE %o SET LOGGED;",
                            sequence, NULL, NULL);
            step_add(changes, STEP_ALTER, sequence, TIMING_FINISH, &sql, NULL)->late = true;
        }
}
