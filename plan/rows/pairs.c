/* Which tables are compared with which, and what the stand-in's rows will look like once the pre-data DDL has run. */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"
#include "common/sql.h"
#include "plan/both.h"
#include "plan/rows/sql.h"

static char *table_identity(const struct table_shape *shape)
{
    struct text identity = {0};

    quote_qualified(&identity, shape->schema, shape->name);
    return text_take(&identity);
}

static bool is_named(const char *const *identities, size_t count, const struct table_shape *shape)
{
    cleanup(free_string) char *identity = table_identity(shape);

    for (size_t i = 0; i < count; i++)
        if (strcmp(identities[i], identity) == 0)
            return true;
    return false;
}

static int compare_names(const struct table_shape *a, const struct table_shape *b)
{
    int order = strcmp(a->schema, b->schema);

    return order != 0 ? order : strcmp(a->name, b->name);
}

static const struct column_fate *find_fate(const struct schema_diff *diff, const struct table_shape *shape,
                                           const char *column)
{
    for (size_t i = 0; i < diff->fate_count; i++) {
        const struct column_fate *fate = &diff->fates[i];
        if (strcmp(fate->schema, shape->schema) == 0 && strcmp(fate->table, shape->name) == 0 &&
            strcmp(fate->column, column) == 0)
            return fate;
    }
    return NULL;
}

static void set_value(struct pair *pair, size_t column, const struct column_fate *fate)
{
    struct table_shape *shape = &pair->table->shape;
    struct column_shape *shaped = &shape->columns[column];

    /* Its expression is over main's columns, which the stand-in may not have yet. */
    if (shaped->generated) {
        shaped->form = FORM_NONE;
        return;
    }
    if (pair->values == NULL)
        pair->values = allocate(shape->column_count, sizeof *pair->values);
    if (pair->types == NULL)
        pair->types = allocate(shape->column_count, sizeof *pair->types);
    pair->types[column] = fate->type;
    /* The cast makes the expression's type the one that it is to have, whatever literal or NULL it is. */
    pair->values[column] = format_string("(%s)::%s", fate->expression != NULL ? fate->expression : "NULL", fate->type);
}

/* Says in `trouble` what keeps the tables from being compared. */
static void match_columns(const struct schema_diff *diff, struct pair *pair, struct text *trouble)
{
    struct table_shape *shape = &pair->table->shape;
    const struct table_shape *standin = &pair->listed[STANDIN]->shape;
    cleanup(free_string) char *identity = table_identity(shape);

    for (size_t i = 0; i < shape->column_count; i++) {
        struct column_shape *column = &shape->columns[i];
        const struct column_shape *other = table_shape_column(standin, column->name);
        const struct column_fate *fate = find_fate(diff, shape, column->name);

        if (other != NULL)
            column->unique = column->unique || other->unique;
        if (fate != NULL)
            set_value(pair, i, fate);
        else if (other == NULL)
            text_appendf(trouble, "%s%s: the stand-in has no column %s", trouble->length > 0 ? "\n" : "", identity,
                         column->name);
        else if (strcmp(other->type, column->type) != 0)
            text_appendf(trouble, "%s%s: column %s is %s in main, %s in the stand-in", trouble->length > 0 ? "\n" : "",
                         identity, column->name, column->type, other->type);
    }
}

/* Columns that only the stand-in has, and that stay: apply must not lose what rows hold there. */
static void list_kept_columns(const struct comparison *comparison, struct pair *pair)
{
    const struct manifest *manifest = comparison->manifest;
    const struct table_shape *standin = &pair->listed[STANDIN]->shape;

    if (manifest->options.sync_schema && manifest->options.clean_extra)
        return;
    for (size_t i = 0; i < standin->column_count; i++) {
        const struct column_shape *column = &standin->columns[i];

        if (table_shape_column(&pair->table->shape, column->name) == NULL && !column->generated)
            string_list_add(&pair->table->kept, column->name);
    }
}

/*
 * The key identifies rows only if it does on both sides: where the stand-in has no such index yet, it may hold the same
 * key twice, or NULL, and where its values are given up, they say nothing. Then the rows are a multiset.
 */
static bool has_same_key(const struct schema_diff *diff, const struct table_shape *shape,
                         const struct table_shape *standin)
{
    for (size_t i = 0; i < shape->key_count; i++) {
        const struct column_fate *fate = find_fate(diff, shape, shape->columns[shape->key[i]].name);
        bool found = false;

        if (fate != NULL && fate->given_up)
            return false;
        for (size_t j = 0; j < standin->key_count; j++)
            found = found || strcmp(standin->columns[standin->key[j]].name, shape->columns[shape->key[i]].name) == 0;
        if (!found)
            return false;
    }
    return standin->key_count == shape->key_count;
}

static bool is_indexed(const struct pair *pair, size_t side)
{
    const struct table_shape *shape = &pair->table->shape;

    if (pair->listed[side] == NULL || pair->listed[side]->whole || shape->key_count == 0)
        return false;
    if (side == STANDIN && pair->values != NULL && pair->values[shape->key[0]] != NULL)
        return false;
    const struct table_shape *own = &pair->listed[side]->shape;
    return strcmp(own->columns[own->key[0]].name, shape->columns[shape->key[0]].name) == 0;
}

static void copy_shape(struct table_shape *to, const struct table_shape *from)
{
    to->schema = copy_string(from->schema);
    to->name = copy_string(from->name);
    to->condition = from->condition != NULL ? copy_string(from->condition) : NULL;
    to->columns = allocate(from->column_count, sizeof *to->columns);
    to->column_count = from->column_count;
    to->key = allocate(from->key_count, sizeof *to->key);
    to->key_count = from->key_count;
    for (size_t i = 0; i < from->key_count; i++)
        to->key[i] = from->key[i];
    for (size_t i = 0; i < from->column_count; i++) {
        const struct column_shape *column = &from->columns[i];

        to->columns[i] = *column;
        to->columns[i].name = copy_string(column->name);
        to->columns[i].type = copy_string(column->type);
        to->columns[i].send = column->send != NULL ? copy_string(column->send) : NULL;
        to->columns[i].equality_schema = column->equality_schema != NULL ? copy_string(column->equality_schema) : NULL;
        to->columns[i].key_collation = NULL;
    }
}

/* Servers before 12 print other texts of floats than later ones. */
static bool floats_print_alike(const struct comparison *comparison)
{
    return (comparison->databases[MAIN]->identity.server_version_number < 120000) ==
           (comparison->databases[STANDIN]->identity.server_version_number < 120000);
}

/*
 * What holds floats goes into the fingerprint by its text where both sides print it alike, and by its bytes only where
 * they must stand in: other bytes can be the same text (a NaN's sign, an array that once had a NULL). Floats alone have
 * a quicker way of their own in records. Rows that come as text are compared by their text anyway.
 */
static void settle_forms(const struct comparison *comparison, struct table_shape *shape)
{
    bool alike = floats_print_alike(comparison), streamed = shape->algorithm == FINGERPRINT_COPY;

    for (size_t i = 0; i < shape->column_count; i++) {
        struct column_shape *column = &shape->columns[i];
        bool of_floats = fingerprint_is_of_floats(column);
        bool is_quick =
            shape->algorithm == FINGERPRINT_HASHES && of_floats && strncmp(column->send, "float", strlen("float")) == 0;

        if (of_floats ? !alike || is_quick : !streamed || column->form == FORM_VALUE)
            continue;
        column->form = FORM_TEXT;
        free(take(column->send));
    }
}

/* Keys are compared by their texts. */
static bool key_prints_alike(const struct comparison *comparison, const struct table_shape *shape)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (!floats_print_alike(comparison) && fingerprint_is_of_floats(&shape->columns[shape->key[i]]))
            return false;
    return true;
}

static void add_trouble(struct text *trouble, const struct table_shape *shape, const char *what)
{
    cleanup(free_string) char *identity = table_identity(shape);

    text_appendf(trouble, "%s%s: %s", trouble->length > 0 ? "\n" : "", identity, what);
}

/* By this plan's statements, with the tables that belong to it. */
static bool extension_is_created(const struct schema_diff *diff, const char *extension)
{
    cleanup(text_free) struct text identity = {0};

    quote_identifier(&identity, extension);
    for (size_t i = 0; i < diff->statement_count; i++) {
        const struct schema_statement *statement = &diff->statements[i];

        if (statement->class == CLASS_EXTENSION && statement->action == ACTION_CREATE &&
            strcmp(statement->object, identity.data) == 0)
            return true;
    }
    return false;
}

static void describe_rows(struct text *line, const struct listed_table *table)
{
    if (table->extension == NULL)
        text_append(line, "belongs to no extension");
    else
        text_appendf(line, "is extension %s's, with %s", table->extension,
                     table->shape.condition != NULL ? table->shape.condition : "all rows");
}

/* Which rows are the user's must be the same on both sides, or nobody knows which of them should be there. */
static void match_conditions(const struct listed_table *main, const struct listed_table *standin, struct text *trouble)
{
    const char *one = main->shape.condition, *two = standin->shape.condition;
    cleanup(text_free) struct text line = {0};

    if ((main->extension == NULL) == (standin->extension == NULL) &&
        (one == NULL || two == NULL ? one == two : strcmp(one, two) == 0))
        return;
    text_append(&line, "main's ");
    describe_rows(&line, main);
    text_append(&line, ", the stand-in's ");
    describe_rows(&line, standin);
    add_trouble(trouble, &main->shape, line.data);
}

static void add_missing(const struct listed_table *main, struct text *trouble)
{
    cleanup(free_string) char *what =
        main->apart != NULL ? format_string("the stand-in has no such table, and %s", main->apart)
        : main->extension == NULL
            ? copy_string("the stand-in has no such table")
            : format_string("in the stand-in, extension %s has no such table with the user's rows", main->extension);

    add_trouble(trouble, &main->shape, what);
}

/* What apply locks and keeps silent. */
static void take_partitions(struct pair *pair)
{
    const struct listed_table *standin = pair->listed[STANDIN];
    struct plan_table *table = pair->table;

    if (standin != NULL && (standin->partitioned || (pair->listed[MAIN] != NULL && pair->listed[MAIN]->partitioned)))
        table->note = copy_string("compared as a whole: its partitions are not the same on both sides");
    if (standin == NULL || !standin->partitioned)
        return;
    table->shape.partitioned = true;
    table->partition_count = standin->partition_count;
    table->partitions = allocate(table->partition_count, sizeof *table->partitions);
    for (size_t i = 0; i < table->partition_count; i++) {
        const struct listed_partition *from = &standin->partitions[i];

        table->partitions[i] = (struct plan_partition){
            .schema = copy_string(from->schema), .name = copy_string(from->name), .level = from->level};
    }
}

/* A pair of what both sides, or one of them, have. */
static void make_pair(struct comparison *comparison, const struct listed_table *main,
                      const struct listed_table *standin, struct text *trouble)
{
    size_t i = comparison->pair_count++;
    struct pair *pair = &comparison->pairs[i];

    pair->number = i + 1;
    pair->table = &comparison->manifest->tables[i];
    pair->listed[MAIN] = main;
    pair->table->fdw = comparison->options->fdw_mode;
    copy_shape(&pair->table->shape, main != NULL ? &main->shape : &standin->shape);
    (void)fingerprint_algorithm_from_name(comparison->manifest->fingerprint_algorithm, &pair->table->shape.algorithm);
    settle_forms(comparison, &pair->table->shape);
    if (!key_prints_alike(comparison, &pair->table->shape))
        pair->table->shape.key_count = 0;
    pair->table->created =
        main != NULL && is_named(comparison->diff->created_tables, comparison->diff->created_table_count, &main->shape);
    if (main != NULL && main->extension != NULL)
        pair->table->extension = copy_string(main->extension);
    pair->table->emptied =
        pair->table->extension != NULL && extension_is_created(comparison->diff, pair->table->extension);
    if (!pair->table->created && !pair->table->emptied)
        pair->listed[STANDIN] = standin;
    take_partitions(pair);
    if (pair->listed[STANDIN] != NULL && pair->listed[STANDIN]->present_name != NULL)
        pair->table->base_name = copy_string(pair->listed[STANDIN]->present_name);
    if (main != NULL && pair->listed[STANDIN] != NULL) {
        match_conditions(main, pair->listed[STANDIN], trouble);
        match_columns(comparison->diff, pair, trouble);
        list_kept_columns(comparison, pair);
        if (!has_same_key(comparison->diff, &pair->table->shape, &pair->listed[STANDIN]->shape))
            pair->table->shape.key_count = 0;
    } else if (main != NULL && !pair->table->created && !pair->table->emptied) {
        add_missing(main, trouble);
    }
    for (size_t side = 0; side < SIDES; side++) {
        pair->indexed[side] = is_indexed(pair, side);
        partitions_set_source(pair, side);
    }
    for (size_t kind = 0; kind < ROWS_KINDS; kind++)
        row_output_init(&pair->outputs[kind], comparison->writer, pair->table, pair->number, (enum rows_kind)kind);
}

/*
 * A partition of the stand-in alone, which stays, of a table that is main's too: its rows are rows of that table, and
 * main lacks them.
 */
static bool must_be_emptied(const struct comparison *comparison, const struct listed_table *standin)
{
    const struct schema_diff *diff = comparison->diff;

    return comparison->options->delete_rows && standin->root != NULL &&
           table_list_has_root(comparison->lists[MAIN], standin->root) &&
           !is_named(diff->dropped_tables, diff->dropped_table_count, &standin->shape);
}

/* Its columns are as they will be once the DDL has changed its root's: that is not known here. */
static bool root_changes(const struct schema_diff *diff, const char *root)
{
    for (size_t i = 0; i < diff->fate_count; i++) {
        cleanup(text_free) struct text identity = {0};

        quote_qualified(&identity, diff->fates[i].schema, diff->fates[i].table);
        if (strcmp(identity.data, root) == 0)
            return true;
    }
    return false;
}

static void make_pairs(struct comparison *comparison, struct text *trouble)
{
    const struct table_list *main_list = comparison->lists[MAIN], *standin_list = comparison->lists[STANDIN];
    size_t i = 0, j = 0;

    while (i < main_list->count || j < standin_list->count) {
        const struct listed_table *main = i < main_list->count ? &main_list->items[i] : NULL;
        const struct listed_table *standin = j < standin_list->count ? &standin_list->items[j] : NULL;
        int order = main == NULL ? 1 : standin == NULL ? -1 : compare_names(&main->shape, &standin->shape);

        if (order <= 0)
            make_pair(comparison, main, order == 0 ? standin : NULL, trouble);
        else if (standin != NULL && must_be_emptied(comparison, standin)) {
            if (root_changes(comparison->diff, standin->root))
                add_trouble(trouble, &standin->shape,
                            "main has no such partition, and the columns of its table change");
            make_pair(comparison, NULL, standin, trouble);
        }
        i += order <= 0;
        j += order >= 0;
    }
}

/* The fingerprints of floats within other types are of their text, which is another one before 12. */
static bool refuse_floats(struct comparison *comparison, struct text *trouble, struct error *err)
{
    struct connection *main = &comparison->databases[MAIN]->connections[0];
    cleanup(result_clear) PGresult *result = NULL;

    if (floats_print_alike(comparison))
        return true;
    if (!connection_query(main, sql_float_columns, 0, NULL, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++)
        text_appendf(trouble, "%s%s: column %s of type %s holds floats, which PostgreSQL 11 and 12 print differently",
                     trouble->length > 0 ? "\n" : "", PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
                     PQgetvalue(result, row, 2));
    return true;
}

/* The line of an ordered list of (schema, table, column), from *row on. */
static bool find_column(const PGresult *list, int *row, const PGresult *of, int wanted)
{
    for (; *row < PQntuples(list); ++*row) {
        int order = 0;

        for (int field = 0; field < 3 && order == 0; field++)
            order = strcmp(PQgetvalue(list, *row, field), PQgetvalue(of, wanted, field));
        if (order >= 0)
            return order == 0;
    }
    return false;
}

/* Without the schema, types of the same name may hold other columns, or the same in another order. */
static bool refuse_other_rows(struct comparison *comparison, struct text *trouble, struct error *err)
{
    cleanup(result_clear) PGresult *main = NULL, *standin = NULL;
    int other = 0;

    if (comparison->manifest->options.sync_schema)
        return true;
    if (!connection_query(&comparison->databases[MAIN]->connections[0], sql_row_types, 0, NULL, &main, err) ||
        !connection_query(&comparison->databases[STANDIN]->connections[0], sql_row_types, 0, NULL, &standin, err))
        return error_context(err, "looking for columns that hold rows");
    for (int row = 0; row < PQntuples(main); row++) {
        const char *schema = PQgetvalue(main, row, 0), *table = PQgetvalue(main, row, 1);
        const struct pair *pair = NULL;

        if (!find_column(standin, &other, main, row) ||
            strcmp(PQgetvalue(main, row, 3), PQgetvalue(standin, other, 3)) == 0)
            continue;
        for (size_t i = 0; i < comparison->pair_count && pair == NULL; i++)
            if (strcmp(comparison->pairs[i].table->shape.schema, schema) == 0 &&
                strcmp(comparison->pairs[i].table->shape.name, table) == 0)
                pair = &comparison->pairs[i];
        if (pair == NULL)
            continue;
        cleanup(free_string) char *line =
            format_string("column %s holds rows of other columns than in the stand-in, or in another order",
                          PQgetvalue(main, row, 2));
        add_trouble(trouble, &pair->table->shape, line);
    }
    return true;
}

/* A table that only the stand-in has need not be read, but for a partition that is to be emptied. */
static bool is_read(const struct comparison *comparison, size_t side, const char *schema, const char *name,
                    bool partitioned)
{
    const struct listed_table *table = table_list_find(comparison->lists[side], schema, name);

    if (partitioned)
        return table != NULL; /* it is compared as a whole */
    return side == MAIN || table == NULL || table->root != NULL ||
           table_list_find(comparison->lists[MAIN], schema, name) != NULL;
}

struct unreadable {
    const struct comparison *comparison;
    size_t side;
    struct text lines;
};

static bool find_unreadable(void *context, struct error *err)
{
    struct unreadable *unreadable = context;
    const struct comparison *comparison = unreadable->comparison;
    struct connection *connection = &comparison->databases[unreadable->side]->connections[0];
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(connection, sql_unreadable, 0, NULL, &result, err))
        return error_context(err, "looking for tables that cannot be read in %s", connection->side);
    for (int row = 0; row < PQntuples(result); row++)
        if (is_read(comparison, unreadable->side, PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
                    strcmp(PQgetvalue(result, row, 3), "t") == 0))
            text_appendf(&unreadable->lines, "%s%s: %s", unreadable->lines.length > 0 ? "\n" : "", connection->side,
                         PQgetvalue(result, row, 2));
    return true;
}

static bool refuse_unreadable(const struct comparison *comparison, struct error *err)
{
    struct unreadable main = {comparison, MAIN, {0}}, standin = {comparison, STANDIN, {0}};
    bool good = run_both(find_unreadable, &main, &standin, err);

    if (good && main.lines.length + standin.lines.length > 0) {
        const char *separator = main.lines.length > 0 && standin.lines.length > 0 ? "\n" : "";

        good = error_set(err, ERROR_CONNECTION, "there are tables or sequences that cannot be read");
        error_detail(err, "%s%s%s", main.lines.length > 0 ? main.lines.data : "", separator,
                     standin.lines.length > 0 ? standin.lines.data : "");
        error_hint(err, "GRANT pg_read_all_data TO the role, from PostgreSQL 14 on; one that row-level security binds "
                        "needs BYPASSRLS too. What is unlogged only the primary has. Or leave these tables out "
                        "(--exclude-table).");
    }
    text_free(&main.lines);
    text_free(&standin.lines);
    return good;
}

static bool add_large_objects(struct comparison *comparison, struct error *err)
{
    struct connection *connections[SIDES] = {&comparison->databases[MAIN]->connections[0],
                                             &comparison->databases[STANDIN]->connections[0]};

    return large_objects_check_roles(connections[MAIN], connections[STANDIN], comparison->manifest, err) &&
           large_objects_list(connections[MAIN], comparison->lists[MAIN], err) &&
           large_objects_list(connections[STANDIN], comparison->lists[STANDIN], err);
}

bool pairs_make(struct comparison *comparison, struct error *err)
{
    const struct rows_options *options = comparison->options;
    cleanup(text_free) struct text trouble = {0};

    if (!refuse_unreadable(comparison, err) || (options->large_objects && !add_large_objects(comparison, err)))
        return false;
    renames_rename_list(comparison->renames, comparison->lists[MAIN], comparison->lists[STANDIN]);
    size_t most = comparison->lists[MAIN]->count + comparison->lists[STANDIN]->count;
    comparison->pairs = allocate(most, sizeof *comparison->pairs);
    comparison->manifest->tables = allocate(most, sizeof *comparison->manifest->tables);
    make_pairs(comparison, &trouble);
    comparison->manifest->table_count = comparison->pair_count;
    if (!refuse_floats(comparison, &trouble, err) || !refuse_other_rows(comparison, &trouble, err))
        return false;
    if (trouble.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "there are tables whose rows cannot be compared");
    error_detail(err, "%s", trouble.data);
    return error_hint(err,
                      "Let the plan carry the schema too (--sync-schema), drop what main lacks (--clean-extra), bring "
                      "extensions to main's versions first, or leave these tables out (--exclude-table).");
}

bool pair_close_outputs(struct pair *pair, struct error *err)
{
    for (size_t kind = 0; kind < ROWS_KINDS; kind++)
        if (!row_output_close(&pair->outputs[kind], err))
            return false;
    return true;
}

void pair_release(struct pair *pair)
{
    bounds_release(pair);
    scan_release(pair);
    updated_release(pair);
    copy_release(pair);
    places_release(pair);
    row_reader_free(take(pair->reader));
    if (pair->values != NULL)
        for (size_t i = 0; i < pair->table->shape.column_count; i++)
            free(pair->values[i]);
    free(take(pair->values));
    free(take(pair->types));
    free(take(pair->bounds));
    for (size_t side = 0; side < SIDES; side++) {
        free(take(pair->sources[side]));
        free(take(pair->differed[side]));
    }
    free(take(pair->differing));
    free(take(pair->renamed));
    free(take(pair->chunks));
    for (size_t kind = 0; kind < ROWS_KINDS; kind++)
        row_output_abandon(&pair->outputs[kind]);
}
