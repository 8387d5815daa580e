/* Enum types: labels added in place; a new type where labels go or change places. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"

#include "common/memory.h"
#include "common/quote.h"

static uint64_t position(const struct item *label)
{
    return strtoull(item_field(label, "position"), NULL, 10);
}

static int by_position(const void *a, const void *b)
{
    uint64_t left = position(*(struct item *const *)a), right = position(*(struct item *const *)b);

    return left < right ? -1 : left > right;
}

struct item **labels_of(struct arena *arena, const struct item *type, size_t *count)
{
    struct item **labels = arena_allocate(arena, type->child_count, sizeof *labels);

    *count = 0;
    for (size_t i = 0; i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_ENUM_LABEL)
            labels[(*count)++] = type->children[i];
    if (*count > 0)
        qsort(labels, *count, sizeof *labels, by_position);
    return labels;
}

CREATES(create_enum)
{
    (void)replace, (void)err;
    size_t count;
    struct item **labels = labels_of(changes->scratch, item, &count);

    text_appendf(sql, "CREATE TYPE %s AS ENUM (", item->object->identity);
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 ? ", " : "");
        quote_literal(sql, labels[i]->object->name);
        labels[i]->created_by = step;
    }
    text_append(sql, ");\n");
    return true;
}

/* The stand-in's labels that stay must be in main's order. */
bool labels_addable(const struct changes *changes, const struct item *new, const struct item *old)
{
    size_t count;
    struct item **labels = labels_of(changes->scratch, old, &count);
    uint64_t last = 0;

    (void)new;
    for (size_t i = 0; i < count; i++) {
        if (labels[i]->other == NULL) {
            if (changes->options->clean_extra)
                return false;
            continue;
        }
        uint64_t at = position(labels[i]->other);
        if (at < last)
            return false;
        last = at;
    }
    return true;
}

/* Before COMMIT a new label cannot be used, so labels are added in a transaction of their own, before all else. */
bool add_labels(struct changes *changes, struct item *new, struct item *old, struct error *err)
{
    size_t count;
    struct item **labels = labels_of(changes->scratch, new, &count);
    const struct item *next = NULL; /* the first label after this one that the stand-in has */
    struct step *later = NULL;

    (void)old, (void)err;
    for (size_t i = count; i-- > 0;) {
        cleanup(text_free) struct text sql = {0};

        if (labels[i]->other == NULL) {
            text_appendf(&sql, "ALTER TYPE %s ADD VALUE IF NOT EXISTS ", new->object->identity);
            quote_literal(&sql, labels[i]->object->name);
            if (next != NULL) {
                text_append(&sql, " BEFORE ");
                quote_literal(&sql, next->object->name);
            }
            text_append(&sql, ";\n");
            struct step *step = step_add(changes, STEP_CREATE, labels[i], TIMING_PRE_COMMIT, &sql, NULL);
            step_needs(step, later);
            labels[i]->created_by = later = step;
        }
        next = labels[i];
    }
    return true;
}
