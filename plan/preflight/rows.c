/* Which rows would make the plan's statements fail: what each one needs of the rows, and what was found. */
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

/* A statement that asks something of a table's rows. */
struct row_check {
    size_t statement;
    const struct object *table; /* main's */
    bool own_rows;              /* those that the stand-in has now; else those that it will have */
};

struct row_checks {
    struct row_check *items;
    struct question *questions; /* parallel */
    size_t count, capacity, question_capacity;
};

static void row_checks_free(struct row_checks *rows)
{
    free(rows->items);
    free(rows->questions);
}

/* --- Which statements ask --- */

static void ask(struct row_checks *rows, const struct checks *checks, size_t statement, const char *kind,
                const struct object *table, const char *name)
{
    const struct preflight *preflight = checks->preflight;

    array_reserve((void **)&rows->items, &rows->capacity, rows->count + 1, sizeof *rows->items);
    array_reserve((void **)&rows->questions, &rows->question_capacity, rows->count + 1, sizeof *rows->questions);
    rows->items[rows->count] = (struct row_check){
        .statement = statement,
        .table = table,
        .own_rows = !preflight->rows_follow || preflight->diff->statements[statement].phase != PHASE_POST_DATA};
    rows->questions[rows->count++] = (struct question){kind, table->schema, table->name, name};
}

static bool begins(const char *text, const char *with)
{
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

/* A default partition may hold rows that belong to the one that is attached. */
static void ask_default_partition(struct row_checks *rows, const struct checks *checks, size_t statement,
                                  const struct object *partition)
{
    const struct catalog *catalog = checks->preflight->main_catalog;
    const char *parent = object_field(partition, "partition_of");

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *other = catalog->objects[i];
        const char *bound = other->class == CLASS_TABLE ? object_field(other, "partition_bound") : NULL;

        if (bound != NULL && other != partition && strcmp(bound, "DEFAULT") == 0 &&
            strcmp(object_field(other, "partition_of"), parent) == 0 && in_standin(checks->preflight, other) != NULL)
            ask(rows, checks, statement, "partition", other, "");
    }
}

static void ask_for_table(struct row_checks *rows, const struct checks *checks, size_t statement,
                          const struct object *table)
{
    const struct schema_statement *of = &checks->preflight->diff->statements[statement];

    if (of->action != ACTION_ALTER || table->class != CLASS_TABLE || strstr(of->sql, " ATTACH PARTITION ") == NULL)
        return;
    ask(rows, checks, statement, "partition", table, "");
    ask_default_partition(rows, checks, statement, table);
}

static bool validates(const struct checks *checks, const struct schema_statement *of, const struct object *constraint)
{
    const struct object *old = in_standin(checks->preflight, constraint);

    return is_true(constraint, "validated") && constraint->parent->class == CLASS_TABLE &&
           (of->action == ACTION_CREATE || (old != NULL && !is_true(old, "validated")) ||
            strstr(of->sql, " ADD CONSTRAINT ") != NULL);
}

static void ask_for_statement(struct row_checks *rows, const struct checks *checks, size_t statement,
                              const struct object *object)
{
    const struct schema_statement *of = &checks->preflight->diff->statements[statement];

    switch (object->class) {
    case CLASS_CONSTRAINT:
        if (validates(checks, of, object))
            ask(rows, checks, statement, "constraint", object->parent, object->name);
        break;
    case CLASS_INDEX:
        if (of->action == ACTION_CREATE && object->parent->class == CLASS_TABLE &&
            begins(object_field(object, "definition"), "CREATE UNIQUE INDEX "))
            ask(rows, checks, statement, "index", object->parent, object->name);
        break;
    case CLASS_COLUMN:
        if (of->action == ACTION_ALTER && object->parent->class == CLASS_TABLE &&
            strstr(of->sql, " SET NOT NULL;") != NULL)
            ask(rows, checks, statement, "not null", object->parent, object->name);
        break;
    case CLASS_TABLE:
        ask_for_table(rows, checks, statement, object);
        break;
    default:
        break;
    }
}

/* --- What was found --- */

static bool is_chosen(const struct checks *checks, const struct condition *condition)
{
    cleanup(text_free) struct text parent = {0};

    quote_qualified(&parent, condition->parent_schema, condition->parent_table);
    return catalog_find(checks->preflight->main_catalog, CLASS_TABLE, parent.data) != NULL;
}

/* The rows that the stand-in will have: main's, for which main's own constraint speaks, and those that it keeps. */
static bool check_final_rows(const struct checks *checks, const struct row_check *check,
                             const struct condition *condition, struct finding *finding, struct error *err)
{
    if (strcmp(condition->kind, "foreign key") == 0 && !is_chosen(checks, condition) &&
        !count_missing_parents(checks, MAIN, check->table, condition, finding, err))
        return false;
    return checks->preflight->delete_rows || in_standin(checks->preflight, check->table) == NULL ||
           count_kept(checks, check->table, condition, finding, err);
}

static bool check_rows(struct checks *checks, const struct row_check *check, const struct condition *condition,
                       struct error *err)
{
    cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};
    bool there = in_standin(checks->preflight, check->table) != NULL;
    bool final = !check->own_rows;

    /* A table that the plan makes has main's rows, or none; only what it refers to may be missing. */
    if (!there && !(final && strcmp(condition->kind, "foreign key") == 0 && !is_chosen(checks, condition)))
        return true;
    if (final ? !check_final_rows(checks, check, condition, &finding, err)
              : !count_broken(checks, STANDIN, check->table, condition, &finding, err))
        return error_context(err, "checking the rows of %s", check->table->identity);
    cleanup(free_string) char *text = format_string("%s: %s", check->table->identity, condition->text);
    add_precondition(checks, check->statement, text,
                     !final                           ? "stand-in"
                     : checks->preflight->delete_rows ? "main"
                                                      : "both",
                     &finding);
    return true;
}

/* A column that comes without a value for the rows that are there. */
static bool check_added_column(struct checks *checks, size_t statement, const struct object *column, struct error *err)
{
    const struct schema_statement *of = &checks->preflight->diff->statements[statement];
    cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};
    cleanup(text_free) struct text sql = {0};

    if (of->action != ACTION_CREATE || !is_true(column, "not_null") || strstr(of->sql, " NOT NULL;") == NULL ||
        strstr(of->sql, " DEFAULT ") != NULL || object_field(column, "generated") != NULL ||
        object_field(column, "identity") != NULL || in_standin(checks->preflight, column->parent) == NULL)
        return true;
    text_append(&sql, "SELECT count(*), NULL FROM ");
    renames_append_table(&sql, checks->preflight->renames, column->parent->schema, column->parent->name);
    text_append(&sql, " HAVING count(*) > 0");
    if (!count_query(&checks->preflight->standin->connections[0], sql.data, &finding, err))
        return false;
    cleanup(free_string) char *text =
        format_string("%s: no rows, since column %s has no default", column->parent->identity, column->name);
    add_precondition(checks, statement, text, "stand-in", &finding);
    return true;
}

static bool check_otherwise(struct checks *checks, size_t statement, const struct object *object, struct error *err)
{
    if (object->class == CLASS_COLUMN && object->parent->class == CLASS_TABLE)
        return check_added_column(checks, statement, object, err) && check_type_change(checks, statement, object, err);
    if (object->class == CLASS_DOMAIN || (object->class == CLASS_CONSTRAINT && object->parent->class == CLASS_DOMAIN))
        return check_domain(checks, statement, object, err);
    return true;
}

static bool check_statements(struct checks *checks, struct error *err)
{
    cleanup(row_checks_free) struct row_checks rows = {0};
    struct condition *conditions = NULL;

    for (size_t i = 0; i < checks->manifest->statement_count; i++) {
        const struct schema_statement *of = &checks->preflight->diff->statements[i];
        const struct object *object = catalog_find(checks->preflight->main_catalog, of->class, of->object);

        if (object == NULL || of->action == ACTION_DROP)
            continue;
        ask_for_statement(&rows, checks, i, object);
        if (!check_otherwise(checks, i, object, err))
            return false;
    }
    if (rows.count > 0 && !conditions_read(checks, MAIN, rows.questions, rows.count, &conditions, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (conditions[i].kind != NULL && !check_rows(checks, &rows.items[i], &conditions[i], err))
            return false;
    return true;
}

bool preflight_rows(const struct preflight *preflight, struct manifest *manifest, struct string_list *warnings,
                    struct error *err)
{
    struct checks checks = {.preflight = preflight, .manifest = manifest, .warnings = warnings, .arena = arena_new()};
    bool good = preflight_touched(preflight, manifest, 0, err) && check_statements(&checks, err) &&
                check_names(&checks, err) && check_bounds(&checks, err) && check_extras(&checks, err);

    if (good && checks.obstacles.length > 0) {
        good = error_set(err, ERROR_REFUSED, "rows of the stand-in do not become what the statements make of them");
        error_detail(err, "%s", checks.obstacles.data);
        error_hint(err, "Correct or delete these rows on the stand-in, then make the plan again.");
    }
    text_free(&checks.obstacles);
    arena_free(checks.arena);
    return good;
}
