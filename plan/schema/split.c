/* Breaks a cycle among the steps by doing one of them in two parts. */
#include "plan/schema/rules/create.h"
#include "plan/schema/stages.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

static bool is_new_view(const struct step *step)
{
    return step->kind == STEP_CREATE && step->item->object->class == CLASS_VIEW && step == step->item->created_by;
}

/* A column is `name type` or `name type COLLATE …`, the name quoted where it must be. */
static void append_null_column(struct text *sql, const char *column)
{
    const char *end = column;

    if (*end == '"')
        for (end++; *end != '\0' && !(*end == '"' && *++end != '"'); end++)
            ;
    else
        end += strcspn(end, " ");
    const char *type = *end == ' ' ? end + 1 : end, *collation = strstr(type, " COLLATE ");
    size_t type_length = collation != NULL ? (size_t)(collation - type) : strlen(type);

    text_append(sql, "NULL::");
    text_append_bytes(sql, type, type_length);
    text_append(sql, collation != NULL ? collation : "");
    text_append(sql, " AS ");
    text_append_bytes(sql, column, (size_t)(end - column));
}

static bool append_null_view(struct changes *changes, struct text *sql, const struct item *view)
{
    const char **columns;
    size_t count;

    if (!array_text_parse(changes->scratch, item_field(view, "columns"), &columns, &count))
        return false;
    text_appendf(sql, "VIEW %s AS\n SELECT", view->object->identity);
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 ? ", " : " ");
        append_null_column(sql, columns[i]);
    }
    text_append(sql, ";\n");
    return true;
}

static bool names(const char *text, const struct item *relation)
{
    return text != NULL && strstr(text, relation->object->identity) != NULL;
}

/* The first part of what the whole creates. */
static struct step *add_stub(struct changes *changes, struct step *whole, struct text *sql)
{
    struct item *item = whole->item;

    item->stub = step_add(changes, STEP_CREATE, item, TIMING_BEFORE, sql, NULL);
    for (size_t i = 0; i < item->depend_count; i++) {
        const struct item *needed = item->depends[i];

        switch (needed->object->class) {
        case CLASS_SCHEMA:
        case CLASS_EXTENSION:
        case CLASS_ENUM:
        case CLASS_DOMAIN:
        case CLASS_COMPOSITE_TYPE:
        case CLASS_RANGE_TYPE:
        case CLASS_BASE_TYPE:
            step_needs(item->stub, needed->created_by);
            break;
        case CLASS_TABLE:
        case CLASS_FOREIGN_TABLE:
        case CLASS_VIEW:
        case CLASS_MATERIALIZED_VIEW: /* rows of it, in a function's signature */
            if (names(item_field(item, "arguments"), needed) || names(item_field(item, "result"), needed))
                step_needs(item->stub, needed->created_by);
            break;
        default:
            break;
        }
    }
    /* What is replaced goes before the first part comes. */
    for (size_t i = 0; i < whole->need_count; i++)
        if (whole->needs[i].step->kind == STEP_DROP)
            step_needs(item->stub, whole->needs[i].step);
    step_needs(whole, item->stub);
    return item->stub;
}

static void need_instead(struct step *waiter, const struct step *needed, struct step *part)
{
    for (size_t i = 0; i < waiter->need_count; i++)
        if (waiter->needs[i].step == needed)
            waiter->needs[i].step = part;
}

/* The view with its columns alone, so that what its definition needs can be made over its row type. */
static bool split_view(struct changes *changes, struct step *view, struct step *waiter, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    if (view->item->stub == NULL) {
        text_append(&sql, "CREATE ");
        if (!append_null_view(changes, &sql, view->item))
            return false;
        add_stub(changes, view, &sql);
        if (!create_view(changes, view->item, view, true, &sql, err) ||
            !finish_creation(changes, view->item, &sql, err))
            return false;
        step_sql(changes, view, &sql);
    }
    need_instead(waiter, view, view->item->stub);
    return true;
}

/* A view that goes lets go first of what goes before it, such as a function that returns its rows. */
static bool split_view_drop(struct changes *changes, const struct step *drop, struct step *waiter)
{
    struct item *view = drop->item;
    cleanup(text_free) struct text sql = {0};

    if (drop->kind != STEP_DROP || waiter->kind != STEP_DROP || view->object->class != CLASS_VIEW)
        return false;
    if (view->stub == NULL) {
        text_append(&sql, "CREATE OR REPLACE ");
        if (!append_null_view(changes, &sql, view))
            return false;
        view->stub = step_add(changes, STEP_ALTER, view, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE");
    }
    need_instead(waiter, drop, view->stub);
    return true;
}

/* What names the waiter may call it, and so the function, which has no body as long as it is a stub. */
static void wait_for_whole(const struct changes *changes, const struct step *waiter, struct step *whole)
{
    for (size_t i = 0; i < changes->step_count; i++) {
        struct step *step = changes->steps[i];
        bool needs_waiter = false;

        for (size_t j = 0; j < step->need_count; j++)
            needs_waiter |= step->needs[j].step == waiter;
        if (needs_waiter)
            step_prefers(step, whole);
    }
}

static void add_function_stub(struct changes *changes, struct step *function)
{
    cleanup(text_free) struct text sql = {0};

    append_function_stub(&sql, function->item);
    add_stub(changes, function, &sql);
}

static void split_own_calls(struct changes *changes, struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct item *item = &items[i];

        for (size_t j = 0; j < item->depend_count && item->created_by != NULL; j++)
            if (item->depends[j] == item && item->stub == NULL && item->object->class == CLASS_FUNCTION)
                add_function_stub(changes, item->created_by);
    }
}

void split_recursive(struct changes *changes)
{
    split_own_calls(changes, changes->main, changes->main_count);
    split_own_calls(changes, changes->standin, changes->standin_count);
}

/* Functions that call each other, or what is made with them. */
static bool split_function(struct changes *changes, struct step *function, struct step *waiter)
{
    struct item *item = function->item;

    if (function->kind != STEP_CREATE || function != item->created_by || item->object->class != CLASS_FUNCTION ||
        waiter == item->stub)
        return false;
    if (item->stub == NULL)
        add_function_stub(changes, function);
    need_instead(waiter, function, item->stub);
    wait_for_whole(changes, waiter, function);
    return true;
}

static bool split_function_drop(struct changes *changes, const struct step *drop, struct step *waiter)
{
    struct item *function = drop->item;
    cleanup(text_free) struct text sql = {0};

    if (drop->kind != STEP_DROP || waiter->kind != STEP_DROP || function->object->class != CLASS_FUNCTION)
        return false;
    if (function->stub == NULL) {
        append_function_stub(&sql, function);
        function->stub = step_add(changes, STEP_ALTER, function, TIMING_BEFORE, &sql, NULL);
        for (size_t i = 0; i < drop->need_count; i++)
            step_prefers(function->stub, drop->needs[i].step); /* it may be called as long as they are there */
    }
    need_instead(waiter, drop, function->stub);
    return true;
}

/* Sequences of identity columns that swap their names: one takes another name for a while. */
static bool split_rename(struct changes *changes, struct step *rename, struct step *waiter)
{
    const struct item *new = rename->item, *old = new->other;
    cleanup(text_free) struct text sql = {0};

    if (new->object->class != CLASS_IDENTITY_SEQUENCE || rename->kind != STEP_ALTER || waiter->kind != STEP_ALTER ||
        rename != new->alters[0] || waiter->item->object->class != CLASS_IDENTITY_SEQUENCE)
        return false;
    text_appendf(&sql, "ALTER SEQUENCE %s RENAME TO ", item_field(old->parent, "identity_sequence"));
    append_old_name(&sql, NULL, item_field(old, "sequence_name"));
    text_append(&sql, ";\n");
    struct step *aside = step_add(changes, STEP_ALTER, rename->item, TIMING_BEFORE, &sql, NULL);
    text_append(&sql, "ALTER SEQUENCE ");
    append_old_name(&sql, old->parent->parent->object->schema, item_field(old, "sequence_name"));
    text_append(&sql, " RENAME TO ");
    quote_identifier(&sql, item_field(new, "sequence_name"));
    text_append(&sql, ";\n");
    step_sql(changes, rename, &sql);
    step_needs(rename, aside);
    need_instead(waiter, rename, aside);
    return true;
}

static bool rebuild(struct changes *changes, const struct object *object)
{
    const char *key = arena_format(changes->arena, "%s %s", class_name(object->class), object->identity);

    return map_add(changes->rebuilds, key, changes);
}

/* Text has other operators: what is sorted or searched by the column's goes before. */
static bool rebuild_indexes(struct changes *changes, const struct item *column)
{
    bool found = false;

    for (size_t i = 0; i < column->dependent_count; i++) {
        const struct item *dependent = column->dependents[i];

        if (dependent->other != NULL && !is_gone(dependent) &&
            (dependent->object->class == CLASS_INDEX || dependent->object->class == CLASS_CONSTRAINT ||
             dependent->object->class == CLASS_STATISTICS))
            found |= rebuild(changes, dependent->other->object);
    }
    return found;
}

/* NULL: all is decided again. */
struct step *hold_text(struct changes *changes, struct step *alter)
{
    cleanup(text_free) struct text sql = {0};

    if (changes->rebuilds != NULL && rebuild_indexes(changes, alter->item->other)) {
        changes->again = true;
        return NULL;
    }
    text_append(&sql, alter->to_text);
    struct step *part =
        step_add(changes, STEP_ALTER, alter->item, TIMING_BEFORE, &sql, "lock:ACCESS EXCLUSIVE;rewrite");
    for (size_t i = 0; i < alter->need_count; i++)
        if (alter->needs[i].step->kind == STEP_DROP)
            step_needs(part, alter->needs[i].step);
    text_append(&sql, alter->from_text);
    step_sql(changes, alter, &sql);
    alter->from_text = NULL;
    step_needs(alter, part);
    return part;
}

/*
 * A column's new type that has to wait for the old one to go, whose name or functions it takes: the column holds text
 * meanwhile.
 */
static bool split_type_change(struct changes *changes, struct step *alter, struct step *waiter)
{
    if (alter->kind != STEP_ALTER || alter->from_text == NULL || waiter->kind != STEP_DROP)
        return false;
    struct step *part = hold_text(changes, alter);
    if (part != NULL)
        need_instead(waiter, alter, part);
    return true;
}

/* A view that is replaced needs its new columns and lets go of its old ones in one step. Dropped and created, it has
 * two. That takes what hangs on it along, so all is decided again. */
static bool rebuild_replaced(struct changes *changes, struct step **cycle, size_t length)
{
    for (size_t i = 0; i < length && changes->rebuilds != NULL; i++) {
        const struct object *object = cycle[i]->item->object;

        if (cycle[i]->action != ACTION_REPLACE)
            continue;
        if (rebuild(changes, object)) {
            changes->again = true;
            return true;
        }
    }
    return false;
}

bool split_cycle(struct changes *changes, struct step **cycle, size_t length)
{
    struct error err = {0};
    bool done = false;

    /* cycle[i] needs cycle[i + 1] */
    for (size_t i = 0; i < length && !done; i++) {
        struct step *needed = cycle[(i + 1) % length];

        done = (is_new_view(needed) && split_view(changes, needed, cycle[i], &err)) ||
               split_view_drop(changes, needed, cycle[i]) || split_rename(changes, needed, cycle[i]) ||
               split_type_change(changes, needed, cycle[i]);
    }
    for (size_t i = 0; i < length && !done; i++) {
        struct step *needed = cycle[(i + 1) % length];

        done = split_function(changes, needed, cycle[i]) || split_function_drop(changes, needed, cycle[i]);
    }
    error_clear(&err);
    return done || rebuild_replaced(changes, cycle, length);
}
