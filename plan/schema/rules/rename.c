/* Keys and indexes that are there under another name than in main: they are renamed instead of made anew. */
#include "plan/schema/rules/rename.h"
#include "plan/schema/rules/alter.h"

#include "common/memory.h"
#include "common/quote.h"

/* What stands before the name of the index in its definition, and what after it. */
static const char *after_name(const char *structure, size_t *before)
{
    static const char word[] = " INDEX ";
    const char *found = strstr(structure, word);

    if (found == NULL)
        return NULL;
    *before = (size_t)(found - structure);
    const char *end = found + sizeof word - 1;
    if (*end == '"')
        for (end++; *end != '\0' && !(*end == '"' && *++end != '"'); end++)
            ;
    else
        end += strcspn(end, " ");
    return end;
}

bool same_index_structure(const struct item *new, const struct item *old)
{
    const char *new_structure = item_field(new, "structure"), *old_structure = item_field(old, "structure");
    size_t new_before = 0, old_before = 0;

    if (new_structure == NULL || old_structure == NULL)
        return new_structure == old_structure;
    const char *new_rest = after_name(new_structure, &new_before), *old_rest = after_name(old_structure, &old_before);
    return new_rest != NULL && old_rest != NULL && strcmp(new_rest, old_rest) == 0 && new_before == old_before &&
           strncmp(new_structure, old_structure, new_before) == 0;
}

bool hangs_on_same(const struct item *new, const struct item *old)
{
    const struct item *new_above = inherited_from(new), *old_above = inherited_from(old);

    return new_above != NULL && old_above != NULL && new_above->other == old_above;
}

/* Of a table's primary keys, and of a partition's indexes that are attached to one of its parent's, there is only one.
 */
static bool is_same_under_other_name(const struct item *new, const struct item *old)
{
    if (old->other != NULL || old->object->class != new->object->class)
        return false;
    if (new->object->class == CLASS_INDEX)
        return hangs_on_same(new, old) && same_index_structure(new, old);
    return same_field(new, old, "type") && same_field(new, old, "definition") &&
           (field_is(new, "type", "primary key") || hangs_on_same(new, old));
}

static bool is_free(const struct map *names, const struct item *new, const struct item *old, struct arena *arena)
{
    const char *keys[NAME_SPACES];

    for (size_t i = name_keys(new, arena, keys); i > 0; i--) {
        const struct item *holder = map_get(names, keys[i - 1]);

        if (holder != NULL && holder != old)
            return false;
    }
    return true;
}

static bool pair_with_other_name(struct changes *changes, const struct map *names, struct item *new)
{
    struct item *table = new->parent != NULL ? new->parent->other : NULL;

    for (size_t i = 0; table != NULL && i < table->child_count; i++) {
        struct item *old = table->children[i];

        if (is_same_under_other_name(new, old) && is_free(names, new, old, changes->scratch)) {
            new->other = old;
            old->other = new;
            return true;
        }
    }
    return false;
}

static bool may_be_renamed(const struct item *new)
{
    return new->other == NULL && (new->object->class == CLASS_INDEX || is_key(new));
}

static bool any_may_be_renamed(const struct changes *changes)
{
    for (size_t i = 0; i < changes->main_count; i++)
        if (may_be_renamed(&changes->main[i]))
            return true;
    return false;
}

/*
 * Only to names that nothing of the stand-in has, so that a renaming never waits for another step. The indexes of
 * partitions are paired once those that they hang on are.
 */
void pair_renamed(struct changes *changes)
{
    cleanup(map_free) struct map names = {0};
    const char *keys[NAME_SPACES];

    if (!any_may_be_renamed(changes))
        return;
    for (size_t i = 0; i < changes->standin_count; i++)
        for (size_t j = name_keys(&changes->standin[i], changes->scratch, keys); j > 0; j--)
            map_add(&names, keys[j - 1], &changes->standin[i]);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < changes->main_count; i++) {
            struct item *item = &changes->main[i];

            if (may_be_renamed(item))
                again |= pair_with_other_name(changes, &names, item);
        }
    }
}

bool is_renamed(const struct item *item)
{
    return item->in_main && item->other != NULL && strcmp(item->object->identity, item->other->object->identity) != 0;
}

/* The index of a key takes the key along. */
struct step *make_rename(struct changes *changes, struct item *new)
{
    const struct object *old = new->other->object;
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "ALTER INDEX ");
    quote_qualified(&sql, new->parent->object->schema, old->name);
    text_append(&sql, " RENAME TO ");
    quote_identifier(&sql, new->object->name);
    text_append(&sql, ";\n");
    return step_add(changes, STEP_ALTER, new, TIMING_BEFORE, &sql, "lock:SHARE UPDATE EXCLUSIVE");
}
