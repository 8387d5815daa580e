/*
 * Rows of main that the stand-in may not take although no statement fails: because of constraints that main has without
 * having checked them, and of what only the stand-in has and keeps; and rows of the stand-in's that would be orphans.
 */
#include "common/memory.h"
#include "common/quote.h"
#include "format/row_statements.h"
#include "plan/preflight/parts.h"

#include <inttypes.h>

struct questions {
    struct question *items;
    const struct object **objects; /* parallel: of the catalog that is asked */
    size_t count, capacity, object_capacity;
};

static void questions_free(struct questions *questions)
{
    free(questions->items);
    free(questions->objects);
}

static void ask(struct questions *questions, const struct object *object, const char *kind)
{
    array_reserve((void **)&questions->items, &questions->capacity, questions->count + 1, sizeof *questions->items);
    array_reserve((void **)&questions->objects, &questions->object_capacity, questions->count + 1,
                  sizeof(struct object *));
    questions->objects[questions->count] = object;
    questions->items[questions->count++] =
        (struct question){kind, object->parent->schema, object->parent->name, object->name};
}

/* Does a table of main's have the object, where the object's catalog is the stand-in's? */
static const struct object *mains_table(const struct checks *checks, const struct object *object)
{
    const struct object *table = object->parent;

    return table != NULL && table->class == CLASS_TABLE
               ? catalog_find(checks->preflight->main_catalog, CLASS_TABLE, table->identity)
               : NULL;
}

/* Main's constraints that are NOT VALID, and on the stand-in before the rows come. */
static void ask_unchecked(struct questions *questions, const struct checks *checks, const bool *gone)
{
    const struct catalog *catalog = checks->preflight->main_catalog;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *constraint = catalog->objects[i];
        bool unchecked = constraint->class == CLASS_CONSTRAINT && constraint->parent->class == CLASS_TABLE &&
                         !is_true(constraint, "validated");
        const struct object *old = unchecked ? in_standin(checks->preflight, constraint) : NULL;

        if (old != NULL && !gone[old->number])
            ask(questions, constraint, "constraint");
    }
}

/* What main lacks, and stays on a table that main has. */
static void ask_extras(struct questions *questions, const struct checks *checks, const bool *gone)
{
    const struct preflight *preflight = checks->preflight;
    const struct catalog *catalog = preflight->standin_catalog;
    size_t at = 0;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *extra = catalog->objects[i];

        if ((extra->class != CLASS_CONSTRAINT && extra->class != CLASS_INDEX) || gone[i] ||
            catalog_find_next(preflight->main_catalog, extra, &at) != NULL || mains_table(checks, extra) == NULL)
            continue;
        const char *definition = object_field(extra, "definition");
        if (extra->class == CLASS_CONSTRAINT)
            ask(questions, extra, "constraint");
        else if (extra->class == CLASS_INDEX && definition != NULL &&
                 strncmp(definition, "CREATE UNIQUE INDEX ", 20) == 0)
            ask(questions, extra, "index");
    }
}

static bool is_foreign_key(const struct object *object)
{
    const char *type = object->class == CLASS_CONSTRAINT ? object_field(object, "type") : NULL;

    return type != NULL && strcmp(type, "foreign key") == 0;
}

/* Main's rows become the stand-in's, all of them, and it holds for those that are there. */
static bool is_certain(const struct checks *checks, enum side asked, const struct object *object)
{
    const struct preflight *preflight = checks->preflight;

    return asked == STANDIN && preflight->all_rows && (!is_foreign_key(object) || preflight->delete_rows) &&
           is_true(object, object->class == CLASS_INDEX ? "valid" : "validated");
}

static void append_examples(struct text *sql, const struct finding *finding)
{
    for (size_t i = 0; i < finding->examples.count; i++)
        text_appendf(sql, "%s%s", i == 0 ? ", for example at " : ", ", finding->examples.items[i]);
}

static void add_line(struct text *lines, const char *line)
{
    text_appendf(lines, "%s%s", lines->length > 0 ? "\n" : "", line);
}

/* What fails for certain goes to `lines`. */
static bool check_by_rows(struct checks *checks, enum side asked, const struct questions *questions, const char *why,
                          struct text *lines, struct error *err)
{
    struct condition *conditions = NULL;

    if (questions->count == 0)
        return true;
    if (!conditions_read(checks, asked, questions->items, questions->count, &conditions, err))
        return false;
    for (size_t i = 0; i < questions->count; i++) {
        const struct object *object = questions->objects[i];
        cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};
        cleanup(text_free) struct text line = {0};

        if (conditions[i].kind == NULL)
            continue;
        if (!count_broken(checks, MAIN, object->parent, &conditions[i], &finding, err))
            return error_context(err, "checking main's rows of %s", object->parent->identity);
        if (finding.state != PRECONDITION_BROKEN)
            continue;
        bool certain = is_certain(checks, asked, object);
        text_appendf(&line, "%s %s, %s, is broken by %" PRIu64 " row%s of main%s", class_name(object->class),
                     object->identity, why, finding.rows, finding.rows == 1 ? "" : "s",
                     certain ? "" : ": applying the plan fails where one of them is to be inserted or changed");
        append_examples(&line, &finding);
        if (certain)
            add_line(lines, line.data);
        else
            string_list_add(checks->warnings, line.data);
    }
    return true;
}

/* Foreign keys of tables that main lacks, and that stay. */
static void ask_references(struct questions *questions, const struct checks *checks, const bool *gone)
{
    const struct catalog *catalog = checks->preflight->standin_catalog;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *key = catalog->objects[i];

        if (is_foreign_key(key) && object_field(key, "parent_constraint") == NULL &&
            key->parent->class == CLASS_TABLE && !gone[key->parent->number] && mains_table(checks, key) == NULL)
            ask(questions, key, "constraint");
    }
}

static bool is_mains(const struct checks *checks, const struct condition *condition)
{
    cleanup(text_free) struct text parent = {0};

    quote_qualified(&parent, condition->parent_schema, condition->parent_table);
    return catalog_find(checks->preflight->main_catalog, CLASS_TABLE, parent.data) != NULL;
}

/* What their rows refer to, and main lacks, would go. */
static bool find_orphans(struct checks *checks, const struct questions *references, struct text *lines,
                         struct error *err)
{
    struct condition *conditions = NULL;

    if (references->count == 0)
        return true;
    if (!conditions_read(checks, STANDIN, references->items, references->count, &conditions, err))
        return false;
    for (size_t i = 0; i < references->count; i++) {
        const struct object *key = references->objects[i];
        cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};
        cleanup(text_free) struct text line = {0};

        if (conditions[i].kind == NULL || strcmp(conditions[i].kind, "foreign key") != 0 ||
            !is_mains(checks, &conditions[i]))
            continue;
        if (!count_missing_parents(checks, STANDIN, key->parent, &conditions[i], &finding, err))
            return error_context(err, "checking the stand-in's rows of %s", key->parent->identity);
        if (finding.state != PRECONDITION_BROKEN)
            continue;
        text_appendf(&line,
                     "constraint %s, which main lacks and which stays: %" PRIu64
                     " row%s of it refer%s to rows that main lacks",
                     key->identity, finding.rows, finding.rows == 1 ? "" : "s", finding.rows == 1 ? "s" : "");
        append_examples(&line, &finding);
        add_line(lines, line.data);
    }
    return true;
}

static bool has_default(const struct catalog *catalog, const struct object *column)
{
    return object_field(column, "generated") != NULL || object_field(column, "identity") != NULL ||
           catalog_find(catalog, CLASS_DEFAULT, column->identity) != NULL;
}

/* Does a domain that the object is of have a default (`field` "default"), or say NOT NULL? COPY does not see the
 * latter. */
static bool domain_says(const struct object *object, const char *field)
{
    for (size_t i = 0; i < object->depend_count; i++) {
        const struct object *domain = object->depends[i];
        const char *value = domain->class == CLASS_DOMAIN ? object_field(domain, field) : NULL;

        if (domain->class == CLASS_DOMAIN &&
            ((value != NULL && strcmp(value, "false") != 0) || domain_says(domain, field)))
            return true;
    }
    return false;
}

/* A column that main lacks, and that stays, gets no value from main's rows: may it be without one? */
static bool needs_value(const struct preflight *preflight, const struct object *column, size_t *at)
{
    const struct object *table = column->parent;

    return column->class == CLASS_COLUMN && catalog_find_next(preflight->main_catalog, column, at) == NULL &&
           table->class == CLASS_TABLE && catalog_find(preflight->main_catalog, CLASS_TABLE, table->identity) != NULL &&
           (is_true(column, "not_null") || domain_says(column, "not_null")) &&
           !has_default(preflight->standin_catalog, column) && !domain_says(column, "default");
}

static void warn_of_columns(struct checks *checks, const bool *gone)
{
    const struct preflight *preflight = checks->preflight;
    const struct catalog *catalog = preflight->standin_catalog;
    size_t at = 0;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *column = catalog->objects[i];

        if (gone[i] || !needs_value(preflight, column, &at))
            continue;
        cleanup(free_string) char *warning =
            format_string("column %s, which main lacks and which stays, is NOT NULL and has no default: applying the "
                          "plan fails where a row is to be inserted",
                          column->identity);
        string_list_add(checks->warnings, warning);
    }
}

bool check_extras(struct checks *checks, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    cleanup(questions_free) struct questions unchecked = {0}, extras = {0}, references = {0};

    if (!preflight->rows_follow)
        return true;
    cleanup(text_free) struct text lines = {0};
    bool *gone = mark_gone(preflight);
    ask_unchecked(&unchecked, checks, gone);
    ask_extras(&extras, checks, gone);
    if (preflight->delete_rows)
        ask_references(&references, checks, gone);
    warn_of_columns(checks, gone);
    free(gone);
    if (!check_by_rows(checks, MAIN, &unchecked, "which main has not validated", &lines, err) ||
        !check_by_rows(checks, STANDIN, &extras, "which main lacks and which stays", &lines, err) ||
        !find_orphans(checks, &references, &lines, err))
        return false;
    if (lines.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "what main lacks does not allow main's rows");
    error_detail(err, "%s", lines.data);
    return error_hint(
        err,
        "Use --clean-extra, or drop these constraints and indexes on the stand-in, or correct or delete the rows.");
}

/* Rows that come anew; some may be there now, with their key in another spelling. */
static uint64_t new_rows(const struct manifest *manifest, const struct object *table)
{
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *rows = &manifest->tables[i];

        if (strcmp(rows->shape.schema, table->schema) != 0 || strcmp(rows->shape.name, table->name) != 0)
            continue;
        if (has_loose_key(&rows->shape))
            return rows->inserts > rows->deletes ? rows->inserts - rows->deletes : 0;
        return rows->inserts;
    }
    return 0;
}

bool preflight_inserts(const struct preflight *preflight, const struct manifest *manifest, struct error *err)
{
    const struct catalog *catalog = preflight->standin_catalog;
    cleanup(text_free) struct text lines = {0};
    bool *gone = mark_gone(preflight);
    size_t at = 0;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *column = catalog->objects[i];
        bool needs = needs_value(preflight, column, &at) && !gone[i];
        uint64_t rows = needs ? new_rows(manifest, column->parent) : 0;

        if (rows > 0)
            text_appendf(&lines,
                         "\ncolumn %s, which main lacks and which stays, is NOT NULL and has no default: %" PRIu64
                         " row%s of main %s to be inserted",
                         column->identity, rows, rows == 1 ? "" : "s", rows == 1 ? "is" : "are");
    }
    free(gone);
    if (lines.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "what main lacks does not allow main's rows");
    error_detail(err, "%s", lines.data + 1);
    return error_hint(err, "Use --clean-extra, or give these columns a default on the stand-in, or drop them.");
}
