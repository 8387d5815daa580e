/* What the stand-in's rows hold while the rows are compared, in types that the stand-in knows by then. */
#include "plan/schema/rules/projection.h"
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"

#include "common/memory.h"

static const struct item *domain_of(const struct item *item)
{
    const char *type = item_field(item, "type");

    for (size_t i = 0; i < item->depend_count && type != NULL; i++)
        if (item->depends[i]->object->class == CLASS_DOMAIN && strcmp(item->depends[i]->object->identity, type) == 0)
            return item->depends[i];
    return NULL;
}

/* The type that the values of a domain are of; any other is its own. */
const char *value_type(const struct item *item)
{
    const struct item *domain = domain_of(item);

    return domain != NULL ? value_type(domain) : item_field(item, "type");
}

/* A domain's values are those of its base type: what else the domain demands, the stand-in's may not demand yet. */
const char *projected_type(const struct item *column)
{
    const struct item *domain = domain_of(column);

    if (domain != NULL)
        return projected_type(domain);
    return types_are_there(column) ? item_field(column, "type") : "text";
}

bool is_given_up(const struct changes *changes, const struct item *column)
{
    const struct schema_diff_options *options = changes->options;

    return options->rows_follow && !options->rows_stay && options->failed_casts != NULL &&
           map_get(options->failed_casts, column->object->identity) != NULL;
}

bool cannot_compute(const struct changes *changes, const struct item *column)
{
    const struct schema_diff_options *options = changes->options;
    const struct item *table = column->parent;

    if (!options->rows_follow || options->failed_casts == NULL)
        return false;
    if (map_get(options->failed_casts, column->object->identity) != NULL)
        return true;
    for (size_t i = 0; i < table->dependent_count; i++) {
        const struct item *child = table->dependents[i];
        const struct item *own = is_child_of(child, table) ? column_named(child, column->object->name) : NULL;

        if (own != NULL && cannot_compute(changes, own))
            return true;
    }
    return false;
}

/* An enum of which labels go, or what is made of one. */
static bool holds_lost_label(const struct item *type)
{
    const struct object *object = type->object;

    if (object->class != CLASS_ENUM && object->class != CLASS_COMPOSITE_TYPE && object->class != CLASS_DOMAIN &&
        object->class != CLASS_RANGE_TYPE)
        return false;
    for (size_t i = 0; i < type->child_count; i++) {
        const struct item *part = type->children[i];

        if (part->object->class == CLASS_ENUM_LABEL && part->other == NULL && is_gone(type))
            return true;
        for (size_t j = 0; part->object->class == CLASS_ATTRIBUTE && j < part->depend_count; j++)
            if (part->depends[j] != type && holds_lost_label(part->depends[j]))
                return true;
    }
    for (size_t i = 0; i < type->depend_count; i++)
        if (holds_lost_label(type->depends[i]))
            return true;
    return false;
}

bool loses_labels_inside(const struct changes *changes, const struct item *old)
{
    if (!changes->options->rows_follow || changes->options->rows_stay)
        return false;
    for (size_t i = 0; i < old->depend_count; i++)
        if (old->depends[i]->object->class != CLASS_ENUM && holds_lost_label(old->depends[i]))
            return true;
    return false;
}

struct column_fate *fate_add(struct changes *changes, const struct item *column, const char *expression,
                             const char *type)
{
    array_reserve((void **)&changes->fates, &changes->fate_capacity, changes->fate_count + 1, sizeof *changes->fates);
    changes->fates[changes->fate_count++] = (struct column_fate){
        .schema = arena_string(changes->arena, column->parent->object->schema),
        .table = arena_string(changes->arena, column->parent->object->name),
        .column = arena_string(changes->arena, column->object->name),
        .object = column->object,
        .expression = arena_string(changes->arena, expression),
        .type = arena_string(changes->arena, type),
    };
    return &changes->fates[changes->fate_count - 1];
}

/* The expression without a cast to the type at its end, which the stand-in may not know. */
static const char *without_cast(struct arena *arena, const char *expression, const char *type)
{
    const char *cast = arena_format(arena, "::%s", type);
    size_t length = strlen(expression), cast_length = strlen(cast);

    if (length <= cast_length || strcmp(expression + length - cast_length, cast) != 0)
        return expression;
    return arena_bytes(arena, expression, length - cast_length);
}

/* The expression, of what `of` depends on, as the stand-in can evaluate it before the DDL; NULL: it cannot. */
static const char *evaluable(struct changes *changes, const struct item *column, const struct item *of,
                             const char *expression)
{
    const char *type = item_field(column, "type");

    if (!is_constant_expression(expression))
        return NULL;
    if (strcmp(projected_type(column), type) == 0)
        return types_are_there(of) ? expression : NULL;
    const char *bare = without_cast(changes->scratch, expression, type);
    bare = without_cast(changes->scratch, bare, value_type(column));
    /* What else it casts to must be there too; a bare literal casts to nothing. */
    return types_are_there(of) || strstr(bare, "::") == NULL ? bare : NULL;
}

/* Is all that the default needs there with the table itself? */
static bool is_at_once(const struct item *value)
{
    return value != NULL && is_self_contained(value, value->parent->parent);
}

struct initial_value initial_value_of(struct changes *changes, const struct item *column)
{
    struct item *value = default_of(column);
    const struct item *domain = domain_of(column);
    struct initial_value initial = {.as_type = item_field(column, "type")};

    if (!changes->options->rows_follow) {
        initial.by_default = value;
        initial.expression = value != NULL    ? item_field(value, "expression")
                             : domain != NULL ? item_field(domain, "default")
                                              : NULL;
        return initial;
    }
    if (is_at_once(value)) {
        initial.expression = evaluable(changes, column, value, item_field(value, "expression"));
        if (initial.expression != NULL) {
            initial.by_default = value;
            return initial;
        }
    }
    if (domain != NULL && !field_is(domain, "default", NULL)) {
        initial.expression = evaluable(changes, column, domain, item_field(domain, "default"));
        if (initial.expression == NULL)
            initial.as_type = value_type(column);
    } else if (refuses_null(column)) {
        initial.as_type = value_type(column);
    }
    /* Even ADD COLUMN … DEFAULT NULL takes a base type's own default. */
    const struct item *type = initial.expression == NULL ? type_of_item(column) : NULL;
    while (type != NULL && strcmp(initial.as_type, type->object->identity) != 0)
        type = type_of_item(type);
    if (type != NULL && type->object->class == CLASS_BASE_TYPE)
        initial.expression = type_default(changes->scratch, type);
    return initial;
}

bool refuses_null(const struct item *column)
{
    for (const struct item *domain = domain_of(column); domain != NULL; domain = domain_of(domain)) {
        /* A new one that attributes have refuses it from the beginning: create_domain(). */
        if (field_is(domain, "not_null", "true") &&
            (is_created(domain) ? is_stored_inside(domain) : field_is(domain->other, "not_null", "true")))
            return true;
        for (size_t i = 0; i < domain->child_count; i++) {
            const char *definition = item_field(domain->children[i], "definition");

            if (domain->children[i]->object->class == CLASS_CONSTRAINT && !is_created(domain->children[i]) &&
                definition != NULL && strstr(definition, "IS NOT NULL") != NULL)
                return true;
        }
    }
    return false;
}
