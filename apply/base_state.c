/* Is the stand-in's schema what the plan expects to find, or to leave? */
#include "apply/base_state.h"

#include "common/catalog/compare.h"
#include "common/catalog/reader.h"
#include "common/catalog/wording.h"
#include "common/memory.h"
#include "format/choice.h"

enum { LINES_SHOWN = 20 };

static bool read_standin(struct apply_job *job, struct connection *session, struct catalog **catalog, struct error *err)
{
    const struct catalog_options options = manifest_choice(job->plan.manifest);

    return catalog_read(session, &options, catalog, err);
}

/* One line each, without the end of the last: as details go. */
static size_t compare(const struct catalog *expected, const struct catalog *found, bool extras_allowed,
                      struct text *lines)
{
    size_t differences = catalog_compare(expected, found, extras_allowed, LINES_SHOWN, lines);

    if (lines->length > 0 && lines->data[lines->length - 1] == '\n')
        lines->data[--lines->length] = '\0';
    if (differences > LINES_SHOWN)
        text_appendf(lines, "\nand %zu more", differences - LINES_SHOWN);
    return differences;
}

/* A label that the pre-commit phase adds, which may have been in an earlier attempt. */
static bool is_precommitted(const struct apply_job *job, const struct object *object)
{
    return object->class == CLASS_ENUM_LABEL && catalog_find(job->base, CLASS_ENUM_LABEL, object->identity) == NULL &&
           catalog_find(job->main, CLASS_ENUM_LABEL, object->identity) != NULL;
}

/* How many of those labels stand in front of this one of the same type. */
static unsigned long long precommitted_before(const struct apply_job *job, const struct catalog *found,
                                              const struct object *label)
{
    unsigned long long position = strtoull(object_field(label, "position"), NULL, 10), count = 0;

    for (size_t i = 0; i < found->count; i++) {
        const struct object *other = found->objects[i];

        count += other->class == CLASS_ENUM_LABEL && other->parent == label->parent && is_precommitted(job, other) &&
                 strtoull(object_field(other, "position"), NULL, 10) < position;
    }
    return count;
}

static bool copy_object(const struct apply_job *job, struct catalog *to, const struct catalog *found,
                        const struct object *from, struct error *err)
{
    struct object *object;

    if (!catalog_add(to, from->class, from->identity, from->schema, from->name, from->field_count, &object, err))
        return false;
    struct field *fields = object_own_fields(object);
    for (size_t i = 0; i < from->field_count; i++) {
        fields[i].name = arena_string(to->arena, from->fields[i].name);
        fields[i].value = arena_string(to->arena, from->fields[i].value);
        if (from->class == CLASS_ENUM_LABEL && strcmp(from->fields[i].name, "position") == 0 &&
            from->fields[i].value != NULL)
            fields[i].value = arena_format(
                to->arena, "%llu", strtoull(from->fields[i].value, NULL, 10) - precommitted_before(job, found, from));
    }
    return true;
}

/* What was found, as it was before the pre-commit phase: without its labels, the others numbered without them. */
static bool undo_precommit(struct apply_job *job, const struct catalog *found, struct catalog **catalog,
                           struct error *err)
{
    *catalog = catalog_new();
    for (size_t i = 0; i < found->count; i++)
        if (!is_precommitted(job, found->objects[i]) && !copy_object(job, *catalog, found, found->objects[i], err))
            return false;
    catalog_finish(*catalog);
    return true;
}

/* A plan of definitions alone was applied when the schema is the one that it leads to. */
static bool is_result_state(const struct apply_job *job, const struct catalog *found)
{
    const struct manifest *manifest = job->plan.manifest;
    cleanup(text_free) struct text lines = {0};

    return manifest->options.sync_schema && !manifest->options.sync_data &&
           compare(job->main, found, !manifest->options.clean_extra, &lines) == 0;
}

bool base_state_compare(struct apply_job *job, struct connection *session, struct text *lines, size_t *differences,
                        struct error *err)
{
    cleanup(catalog_cleanup) struct catalog *found = NULL, *before = NULL;
    cleanup(text_free) struct text other_lines = {0};

    if (!read_standin(job, session, &found, err))
        return error_context(err, "reading the stand-in's schema");
    *differences = compare(job->base, found, false, lines);
    /* In the transaction, what looks like it may be our own pre-commit phase. */
    if (*differences > 0 && job->transaction_id == NULL && is_result_state(job, found)) {
        error_set(err, ERROR_ALREADY_APPLIED, "the stand-in's schema is already what this plan leads to");
        return error_hint(err, "There is nothing to do; a new plan shows what differs by now.");
    }
    if (*differences == 0 || !plan_has_phase(&job->plan, PHASE_PRE_COMMIT))
        return true;
    if (!undo_precommit(job, found, &before, err))
        return false;
    if (compare(job->base, before, false, &other_lines) == 0) {
        text_clear(lines);
        *differences = 0;
        job->pre_committed = true;
    }
    return true;
}

bool base_state_check(struct apply_job *job, struct connection *session, struct error *err)
{
    cleanup(text_free) struct text lines = {0};
    size_t differences = 0;

    if (!base_state_compare(job, session, &lines, &differences, err))
        return false;
    if (differences == 0)
        return true;
    error_set(err, ERROR_BASE_STATE,
              "the stand-in's schema is not the one that the plan was made for: %zu difference%s", differences,
              differences == 1 ? "" : "s");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Make a new plan from the stand-in as it is now.");
}

static bool is_made(const struct manifest *manifest, const struct object *object)
{
    for (; object != NULL; object = object->parent)
        for (size_t i = 0; i < manifest->statement_count; i++) {
            const struct plan_statement *statement = &manifest->statements[i];

            if (statement->action != ACTION_DROP && strcmp(statement->object, object->identity) == 0 &&
                strcmp(statement->class, class_name(object->class)) == 0)
                return true;
        }
    return false;
}

/*
 * Where main is of another major version, the stand-in may word a definition otherwise. What it prints of one that this
 * transaction gave it in main's words is how it words it.
 */
static void adopt_wording(struct apply_job *job, const struct catalog *found)
{
    if (job->main->server_version / 10000 == found->server_version / 10000)
        return;
    for (size_t i = 0; i < job->main->count; i++) {
        struct object *object = job->main->objects[i];
        const struct object *other = catalog_find(found, object->class, object->identity);

        for (size_t j = 0; other != NULL && j < object->field_count; j++) {
            const struct field *field = &object->fields[j];
            const char *value = object_field(other, field->name);

            if (is_worded(field->name) && field->value != NULL && value != NULL && strcmp(field->value, value) != 0 &&
                is_made(job->plan.manifest, object))
                object_own_fields(object)[j].value = arena_string(job->main->arena, value);
        }
    }
}

bool base_state_prove_result(struct apply_job *job, struct connection *session, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;
    bool changes_schema = manifest->options.sync_schema;
    cleanup(catalog_cleanup) struct catalog *found = NULL;
    cleanup(text_free) struct text lines = {0};

    if (!read_standin(job, session, &found, err))
        return error_context(err, "reading the stand-in's schema for the proof");

    if (changes_schema)
        adopt_wording(job, found);
    size_t differences = compare(changes_schema ? job->main : job->base, found,
                                 changes_schema && !manifest->options.clean_extra, &lines);
    job->schema_proved = differences == 0;
    if (differences == 0)
        return true;
    error_set(err, ERROR_VERIFICATION, "the schema would not be %s: %zu difference%s",
              changes_schema ? "main's" : "what it was", differences, differences == 1 ? "" : "s");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Nothing was changed. This is a fault of the plan: please report it with the plan.");
}
