/* Pairs the objects of two catalogs, and keeps what is decided about them. */
#include "plan/schema/changes/changes.h"

#include "common/memory.h"

static void fill_items(struct item *items, const struct catalog *catalog, bool in_main, struct arena *arena)
{
    for (size_t i = 0; i < catalog->count; i++) {
        struct item *item = &items[i];
        const struct object *object = catalog->objects[i];

        item->object = object;
        item->in_main = in_main;
        item->depends = arena_allocate(arena, object->depend_count, sizeof *item->depends);
        item->depend_count = (uint32_t)object->depend_count;
        for (size_t j = 0; j < object->depend_count; j++) {
            item->depends[j] = &items[object->depends[j]->number];
            item->depends[j]->dependent_count++;
        }
        if (object->parent != NULL) {
            item->parent = &items[object->parent->number];
            item->parent->child_count++;
        }
    }
    for (size_t i = 0; i < catalog->count; i++) {
        items[i].children = arena_allocate(arena, items[i].child_count, sizeof(struct item *));
        items[i].child_count = 0;
    }
    for (size_t i = 0; i < catalog->count; i++)
        if (items[i].parent != NULL)
            items[i].parent->children[items[i].parent->child_count++] = &items[i];
    for (size_t i = 0; i < catalog->count; i++)
        if (items[i].object->class == CLASS_GRANT)
            hang_on_grant_option(arena, &items[i]);
    for (size_t i = 0; i < catalog->count; i++) {
        items[i].dependents = arena_allocate(arena, items[i].dependent_count, sizeof(struct item *));
        items[i].dependent_count = 0;
    }
    for (size_t i = 0; i < catalog->count; i++)
        for (size_t j = 0; j < items[i].depend_count; j++)
            items[i].depends[j]->dependents[items[i].depends[j]->dependent_count++] = &items[i];
}

/* Both catalogs are in the same order: one pass finds the pairs. */
static void pair_items(struct changes *changes)
{
    size_t i = 0, j = 0;

    while (i < changes->main_count && j < changes->standin_count) {
        struct item *new = &changes->main[i], *old = &changes->standin[j];
        int order = (int)new->object->class - (int)old->object->class;

        if (order == 0)
            order = strcmp(new->object->identity, old->object->identity);
        if (order == 0) {
            new->other = old;
            old->other = new;
        }
        i += order <= 0;
        j += order >= 0;
    }
}

void changes_begin(struct changes *changes, const struct catalog *main, const struct catalog *standin,
                   const struct schema_diff_options *options, struct arena *arena)
{
    struct arena *scratch = arena_new();

    *changes = (struct changes){
        .options = options,
        .arena = arena,
        .scratch = scratch,
        .main = arena_allocate(scratch, main->count, sizeof(struct item)),
        .standin = arena_allocate(scratch, standin->count, sizeof(struct item)),
        .main_count = main->count,
        .standin_count = standin->count,
        .main_catalog = main,
        .standin_catalog = standin,
        .main_version = main->server_version,
        .standin_version = standin->server_version,
    };
    fill_items(changes->main, main, true, scratch);
    fill_items(changes->standin, standin, false, scratch);
    pair_items(changes);
}

void changes_end(struct changes *changes)
{
    for (size_t i = 0; i < changes->step_count; i++) {
        free(changes->steps[i]->needs);
        free(changes->steps[i]->risks);
    }
    for (size_t i = 0; i < changes->main_count; i++)
        free(changes->main[i].alters);
    for (size_t i = 0; i < changes->standin_count; i++)
        free(changes->standin[i].alters);
    free(changes->steps);
    free(changes->fates);
    free(changes->warnings);
    arena_free(changes->scratch);
}

struct step *step_add(struct changes *changes, enum step_kind kind, struct item *item, enum timing timing,
                      struct text *sql, const char *risks)
{
    static const enum action actions[] = {
        [STEP_CREATE] = ACTION_CREATE, [STEP_DROP] = ACTION_DROP, [STEP_ALTER] = ACTION_ALTER};
    struct step *step = arena_allocate(changes->scratch, 1, sizeof *step);

    step->kind = kind;
    step->item = item;
    step->action = actions[kind];
    step->timing = timing;
    step->number = changes->step_count;
    step_sql(changes, step, sql);
    for (const char *p = risks, *end; p != NULL; p = end != NULL ? end + 1 : NULL) {
        end = strchr(p, ';');
        step_risk(changes, step, end != NULL ? arena_bytes(changes->arena, p, (size_t)(end - p)) : p);
    }
    array_reserve((void **)&changes->steps, &changes->step_capacity, changes->step_count + 1, sizeof(struct step *));
    changes->steps[changes->step_count++] = step;
    if (kind == STEP_ALTER) {
        array_reserve((void **)&item->alters, &item->alter_capacity, item->alter_count + 1, sizeof(struct step *));
        item->alters[item->alter_count++] = step;
    }
    return step;
}

void step_sql(struct changes *changes, struct step *step, struct text *sql)
{
    step->sql = arena_string(changes->arena, sql->length > 0 ? sql->data : "");
    text_clear(sql);
}

void step_risk(struct changes *changes, struct step *step, const char *risk)
{
    for (size_t i = 0; i < step->risk_count; i++)
        if (strcmp(step->risks[i], risk) == 0)
            return;
    step->risks = reallocate(step->risks, step->risk_count + 1, sizeof *step->risks);
    step->risks[step->risk_count++] = arena_string(changes->arena, risk);
}

static void add_need(struct step *step, struct step *needed, bool soft)
{
    if (step == NULL || needed == NULL || step == needed)
        return;
    array_reserve((void **)&step->needs, &step->need_capacity, step->need_count + 1, sizeof *step->needs);
    step->needs[step->need_count++] = (struct need){needed, soft};
}

void step_needs(struct step *step, struct step *needed)
{
    add_need(step, needed, false);
}

void step_prefers(struct step *step, struct step *needed)
{
    add_need(step, needed, true);
}

void changes_warn(struct changes *changes, const char *format, ...)
{
    cleanup(text_free) struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&text, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < changes->warning_count; i++)
        if (strcmp(changes->warnings[i], text.data) == 0)
            return;
    array_reserve((void **)&changes->warnings, &changes->warning_capacity, changes->warning_count + 1, sizeof(char *));
    changes->warnings[changes->warning_count++] = arena_string(changes->arena, text.data);
}

static struct item *find(struct item *items, const struct catalog *catalog, enum object_class class,
                         const char *identity)
{
    const struct object *object = catalog_find(catalog, class, identity);

    return object != NULL ? &items[object->number] : NULL;
}

struct item *item_in_main(const struct changes *changes, enum object_class class, const char *identity)
{
    return find(changes->main, changes->main_catalog, class, identity);
}

struct item *item_in_standin(const struct changes *changes, enum object_class class, const char *identity)
{
    return find(changes->standin, changes->standin_catalog, class, identity);
}
