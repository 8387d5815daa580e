/*
 * The SQL that carries out a table's delta.
 *
 * Order: rows that go, rows that move, rows that change, rows that come. A unique index is checked row by row, so two
 * rows that swap a unique value cannot both be updated; rows whose unique columns change are therefore deleted first
 * and inserted with the new ones ("moved"). The same serves identity columns that UPDATE may not write. Columns that
 * only the stand-in has are saved on the way.
 *
 * Rows are found by the equality of the key's index, so that the index can be used. Where that equality is looser than
 * text (1.0 and 1.00, citext), the key columns are written by the update too, and the comparison with the before image
 * decides whether the row is the one that the plan saw. "The same" means the same bytes of each column (*=), or failing
 * that the same text: it needs no equality operator, so it holds for json, xml and point as well.
 */
#include "format/row_statements.h"

#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"

static const char *const temporary_names[ROWS_KINDS] = {
    [ROWS_DELETE] = "pg_temp.pgsyncer_delete",
    [ROWS_UPDATE] = "pg_temp.pgsyncer_update",
    [ROWS_INSERT] = "pg_temp.pgsyncer_insert",
    [ROWS_BEFORE] = "pg_temp.pgsyncer_before",
};

/* Which of a shape's columns a list names. */
enum selection {
    SELECT_WRITTEN, /* all but the generated ones */
    SELECT_KEY,
    SELECT_SET,   /* what UPDATE writes */
    SELECT_MOVED, /* what makes an updated row a moved one */
};

static bool is_key(const struct table_shape *shape, size_t column)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (shape->key[i] == column)
            return true;
    return false;
}

/* A generated column under a unique index changes with columns that we do not know: then every change moves the row. */
static bool any_change_moves(const struct table_shape *shape)
{
    for (size_t i = 0; i < shape->column_count; i++)
        if (shape->columns[i].generated && shape->columns[i].unique)
            return true;
    return false;
}

static bool is_selected(const struct table_shape *shape, size_t i, enum selection selection)
{
    const struct column_shape *column = &shape->columns[i];

    if (column->generated)
        return false;
    switch (selection) {
    case SELECT_WRITTEN:
        return true;
    case SELECT_KEY:
        return is_key(shape, i);
    case SELECT_SET:
        return !column->identity_always &&
               (!is_key(shape, i) || column->form != FORM_VALUE || column->equality_schema != NULL);
    case SELECT_MOVED:
        return any_change_moves(shape) || column->unique || (column->identity_always && !is_key(shape, i));
    }
    return false;
}

static size_t count_selected(const struct table_shape *shape, enum selection selection)
{
    size_t count = 0;

    for (size_t i = 0; i < shape->column_count; i++)
        count += is_selected(shape, i, selection);
    return count;
}

bool updates_move_rows(const struct table_shape *shape)
{
    bool sets_key = false;

    for (size_t i = 0; i < shape->key_count; i++)
        sets_key = sets_key || is_selected(shape, shape->key[i], SELECT_SET);
    return sets_key || count_selected(shape, SELECT_MOVED) > 0;
}

/* `alias.a, alias.b`; the key in its own order, else the shape's. */
static void append_columns(struct text *sql, const struct table_shape *shape, enum selection selection,
                           const char *alias)
{
    size_t count = selection == SELECT_KEY ? shape->key_count : shape->column_count;
    const char *separator = "";

    for (size_t i = 0; i < count; i++) {
        size_t column = selection == SELECT_KEY ? shape->key[i] : i;
        if (!is_selected(shape, column, selection))
            continue;
        text_append(sql, separator);
        if (alias != NULL)
            text_appendf(sql, "%s.", alias);
        quote_identifier(sql, shape->columns[column].name);
        separator = ", ";
    }
}

/* ` (a, b)`, or nothing for a table without columns, where SQL has no way to write the empty list. */
static void append_column_list(struct text *sql, const struct table_shape *shape, enum selection selection)
{
    if (count_selected(shape, selection) == 0)
        return;
    text_append(sql, " (");
    append_columns(sql, shape, selection, NULL);
    text_append(sql, ")");
}

static void append_table(struct text *sql, const struct table_shape *shape)
{
    quote_qualified(sql, shape->schema, shape->name);
}

/* Its own rows; a partitioned table's are those of its partitions. */
static void append_only(struct text *sql, const struct table_shape *shape)
{
    text_append(sql, shape->partitioned ? "" : "ONLY ");
    append_table(sql, shape);
}

/* Appends `t.ctid IN …` after `before`, so that no row is deleted that is an extension's own. */
static void append_users(struct text *sql, const struct table_shape *shape, const char *before)
{
    if (shape->condition == NULL)
        return;
    text_appendf(sql, "%st.ctid IN (SELECT t.ctid FROM ", before);
    fingerprint_source(sql, shape, NULL);
    text_append(sql, ")");
}

/* `a.k = b.k AND …`. */
static void append_match(struct text *sql, const struct table_shape *shape, const char *a, const char *b)
{
    for (size_t i = 0; i < shape->key_count; i++) {
        const struct column_shape *column = &shape->columns[shape->key[i]];

        text_appendf(sql, "%s%s.", i > 0 ? " AND " : "", a);
        quote_identifier(sql, column->name);
        if (column->equality_schema != NULL) {
            text_append(sql, " OPERATOR(");
            quote_identifier(sql, column->equality_schema);
            text_appendf(sql, ".=) %s.", b);
        } else {
            text_appendf(sql, " = %s.", b);
        }
        quote_identifier(sql, column->name);
    }
}

static void append_record(struct text *sql, const struct table_shape *shape, enum selection selection,
                          const char *alias, const char *type)
{
    text_append(sql, "ROW(");
    append_columns(sql, shape, selection, alias);
    text_appendf(sql, ")::%s", type);
}

/* True where a and b are not the same in the selected columns. The text is only looked at where the bytes differ. */
static void append_differs(struct text *sql, const struct table_shape *shape, enum selection selection, const char *a,
                           const char *b)
{
    text_append(sql, "(");
    append_record(sql, shape, selection, a, "record");
    text_append(sql, " *<> ");
    append_record(sql, shape, selection, b, "record");
    text_append(sql, " AND ");
    append_record(sql, shape, selection, a, "text COLLATE \"C\"");
    text_append(sql, " <> ");
    append_record(sql, shape, selection, b, "text COLLATE \"C\"");
    text_append(sql, ")");
}

/* The head of one branch of find_conflicts. */
static void append_conflict(struct text *sql, const struct table_shape *shape, const char *kind, enum rows_kind change,
                            const char *alias)
{
    text_appendf(sql, "%s  SELECT '%s' AS kind, '%s' AS change, left(", sql->length > 0 ? "\n  UNION ALL\n" : "", kind,
                 rows_kind_name(change));
    append_record(sql, shape, shape->key_count > 0 ? SELECT_KEY : SELECT_WRITTEN, alias, "text");
    text_append(sql, ", 200) COLLATE \"C\" AS row\n");
}

static char *finish_conflicts(struct text *branches)
{
    if (branches->length == 0)
        return NULL;
    return format_string("SELECT kind, change, row, count(*) OVER () AS total\nFROM (\n%s\n) conflict\n"
                         "ORDER BY kind, change, row LIMIT 10",
                         branches->data);
}

/* A row of the table that has the key, and is not what was seen by the plan. */
static void append_seen_differently(struct text *sql, const struct table_shape *shape)
{
    text_appendf(sql, "NOT EXISTS (SELECT FROM %s AS b WHERE ", temporary_names[ROWS_BEFORE]);
    append_match(sql, shape, "b", "t");
    text_append(sql, " AND NOT ");
    append_differs(sql, shape, SELECT_WRITTEN, "t", "b");
    text_append(sql, ")");
}

static char *make_keyed_conflicts(const struct plan_table *table, bool before)
{
    const struct table_shape *shape = &table->shape;
    cleanup(text_free) struct text sql = {0};

    if (table->deletes > 0 && before) {
        append_conflict(&sql, shape, "DATA", ROWS_DELETE, "t");
        text_append(&sql, "  FROM ");
        fingerprint_source(&sql, shape, NULL);
        text_appendf(&sql, " JOIN %s AS d ON ", temporary_names[ROWS_DELETE]);
        append_match(&sql, shape, "t", "d");
        text_append(&sql, "\n  WHERE ");
        append_seen_differently(&sql, shape);
    }
    if (table->updates > 0) {
        append_conflict(&sql, shape, "NOTFOUND", ROWS_UPDATE, "u");
        text_appendf(&sql, "  FROM %s AS u\n  WHERE NOT EXISTS (SELECT FROM ", temporary_names[ROWS_UPDATE]);
        fingerprint_source(&sql, shape, NULL);
        text_append(&sql, " WHERE ");
        append_match(&sql, shape, "t", "u");
        text_append(&sql, ")");
    }
    if (table->updates > 0 && before) {
        append_conflict(&sql, shape, "DATA", ROWS_UPDATE, "t");
        text_append(&sql, "  FROM ");
        fingerprint_source(&sql, shape, NULL);
        text_appendf(&sql, " JOIN %s AS u ON ", temporary_names[ROWS_UPDATE]);
        append_match(&sql, shape, "t", "u");
        text_append(&sql, "\n  WHERE ");
        append_differs(&sql, shape, SELECT_WRITTEN, "t", "u");
        text_append(&sql, "\n  AND ");
        append_seen_differently(&sql, shape);
    }
    if (table->inserts > 0) {
        append_conflict(&sql, shape, "CONFLICT", ROWS_INSERT, "t");
        text_append(&sql, "  FROM ");
        append_only(&sql, shape);
        text_appendf(&sql, " AS t JOIN %s AS i ON ", temporary_names[ROWS_INSERT]);
        append_match(&sql, shape, "t", "i");
        text_append(&sql, "\n  WHERE ");
        append_differs(&sql, shape, SELECT_WRITTEN, "t", "i");
        if (table->deletes > 0) {
            text_appendf(&sql, "\n  AND NOT EXISTS (SELECT FROM %s AS d WHERE ", temporary_names[ROWS_DELETE]);
            append_match(&sql, shape, "d", "t");
            text_append(&sql, ")");
        }
    }
    return finish_conflicts(&sql);
}

/* Appends FROM table AS t JOIN pgsyncer_update AS u: the rows that move. */
static void append_moved(struct text *sql, const struct table_shape *shape, const char *before, const char *between)
{
    text_append(sql, before);
    append_only(sql, shape);
    text_appendf(sql, " AS t\n%s %s AS u\n%s ", between, temporary_names[ROWS_UPDATE],
                 strcmp(between, "JOIN") == 0 ? "ON" : "WHERE");
    append_match(sql, shape, "t", "u");
    text_append(sql, "\nAND ");
    append_differs(sql, shape, SELECT_MOVED, "t", "u");
}

/* `, alias.a, alias.b`: the columns that only the stand-in has. */
static void append_kept(struct text *sql, const struct plan_table *table, const char *alias)
{
    for (size_t i = 0; i < table->kept.count; i++) {
        text_append(sql, ", ");
        if (alias != NULL)
            text_appendf(sql, "%s.", alias);
        quote_identifier(sql, table->kept.items[i]);
    }
}

/* Of rows that move, and of those that are deleted because main spells their key otherwise, and inserted so. */
static void make_keeping(const struct plan_table *table, bool moves, bool respelt, struct row_statements *statements)
{
    const struct table_shape *shape = &table->shape;
    cleanup(text_free) struct text keep = {0}, sql = {0};

    text_append(&keep, "CREATE TEMPORARY TABLE pgsyncer_kept ON COMMIT DROP AS\n");
    text_append(&sql, "INSERT INTO ");
    append_table(&sql, shape);
    text_append(&sql, " (");
    append_columns(&sql, shape, SELECT_WRITTEN, NULL);
    append_kept(&sql, table, NULL);
    text_append(&sql, ") OVERRIDING SYSTEM VALUE\n");
    for (size_t i = 0; i < 2; i++) {
        enum rows_kind kind = i == 0 ? ROWS_UPDATE : ROWS_INSERT;

        if (i == 0 ? !moves : !respelt)
            continue;
        if (i > 0 && moves) {
            text_append(&keep, "\nUNION ALL\n");
            text_append(&sql, "\nUNION ALL\n");
        }
        text_append(&keep, "SELECT ");
        append_columns(&keep, shape, SELECT_KEY, "t");
        append_kept(&keep, table, "t");
        if (kind == ROWS_UPDATE) {
            append_moved(&keep, shape, "\nFROM ", "JOIN");
        } else {
            text_append(&keep, "\nFROM ");
            append_only(&keep, shape);
            text_appendf(&keep, " AS t\nJOIN %s AS i ON ", temporary_names[ROWS_INSERT]);
            append_match(&keep, shape, "t", "i");
            text_appendf(&keep, "\nJOIN %s AS d ON ", temporary_names[ROWS_DELETE]);
            append_match(&keep, shape, "t", "d");
            append_users(&keep, shape, "\nAND ");
        }
        text_append(&sql, "SELECT ");
        append_columns(&sql, shape, SELECT_WRITTEN, "u");
        append_kept(&sql, table, "k");
        text_appendf(&sql, "\nFROM %s AS u\nJOIN pg_temp.pgsyncer_kept AS k ON ", temporary_names[kind]);
        append_match(&sql, shape, "u", "k");
    }
    statements->keep = text_take(&keep);
    statements->insert_moved = text_take(&sql);
}

bool has_loose_key(const struct table_shape *shape)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (is_selected(shape, shape->key[i], SELECT_SET))
            return true;
    return false;
}

static void make_keyed(const struct plan_table *table, struct row_statements *statements, bool before)
{
    const struct table_shape *shape = &table->shape;
    bool moves = table->updates > 0 && count_selected(shape, SELECT_MOVED) > 0;
    bool moves_all = moves && table->kept.count == 0; /* else they come back with what was kept of them */
    bool respelt = table->kept.count > 0 && table->deletes > 0 && table->inserts > 0 && has_loose_key(shape);
    cleanup(text_free) struct text sql = {0};

    statements->find_conflicts = make_keyed_conflicts(table, before);
    if (table->deletes > 0) {
        text_append(&sql, "DELETE FROM ");
        append_only(&sql, shape);
        text_appendf(&sql, " AS t\nUSING %s AS d\nWHERE ", temporary_names[ROWS_DELETE]);
        append_match(&sql, shape, "t", "d");
        append_users(&sql, shape, "\nAND ");
        statements->delete = text_take(&sql);
    }
    if (moves) {
        append_moved(&sql, shape, "DELETE FROM ", "USING");
        statements->delete_moved = text_take(&sql);
    }
    if (respelt || (moves && table->kept.count > 0))
        make_keeping(table, moves, respelt, statements);
    if (table->updates > 0 && count_selected(shape, SELECT_SET) > 0) {
        text_append(&sql, "UPDATE ");
        append_only(&sql, shape);
        text_append(&sql, " AS t\nSET ");
        const char *separator = "";
        for (size_t i = 0; i < shape->column_count; i++) {
            if (!is_selected(shape, i, SELECT_SET))
                continue;
            text_append(&sql, separator);
            quote_identifier(&sql, shape->columns[i].name);
            text_append(&sql, " = u.");
            quote_identifier(&sql, shape->columns[i].name);
            separator = ", ";
        }
        text_appendf(&sql, "\nFROM %s AS u\nWHERE ", temporary_names[ROWS_UPDATE]);
        append_match(&sql, shape, "t", "u");
        statements->update = text_take(&sql);
    }
    if (table->inserts > 0 || moves_all) {
        const char *separator = "";

        text_append(&sql, "INSERT INTO ");
        append_table(&sql, shape);
        append_column_list(&sql, shape, SELECT_WRITTEN);
        text_append(&sql, " OVERRIDING SYSTEM VALUE\nSELECT ");
        append_columns(&sql, shape, SELECT_WRITTEN, "n");
        text_append(&sql, "\nFROM (");
        if (table->inserts > 0) {
            text_appendf(&sql, "SELECT * FROM %s", temporary_names[ROWS_INSERT]);
            separator = " UNION ALL ";
        }
        if (moves_all)
            text_appendf(&sql, "%sSELECT * FROM %s", separator, temporary_names[ROWS_UPDATE]);
        text_append(&sql, ") AS n\nWHERE NOT EXISTS (SELECT FROM ");
        append_only(&sql, shape);
        text_append(&sql, " AS t WHERE ");
        append_match(&sql, shape, "t", "n");
        text_append(&sql, ")");
        statements->insert = text_take(&sql);
    }
}

/*
 * Rows without a key are equal when their texts are. Of n equal rows that the table holds and m that the delta deletes,
 * the first m go; which ones does not matter, since nothing tells them apart.
 */
static void make_multiset(const struct plan_table *table, struct row_statements *statements)
{
    const struct table_shape *shape = &table->shape;
    cleanup(text_free) struct text sql = {0}, wanted = {0}, found = {0};

    if (table->deletes > 0) {
        text_append(&wanted, "(SELECT ");
        append_record(&wanted, shape, SELECT_WRITTEN, "d", "text COLLATE \"C\"");
        text_appendf(&wanted, " AS image, count(*) AS copies FROM %s AS d GROUP BY 1)", temporary_names[ROWS_DELETE]);

        text_appendf(&found, "(SELECT %st.ctid, i.image, row_number() OVER (PARTITION BY i.image) AS copy\n  FROM ",
                     shape->partitioned ? "t.tableoid, " : "");
        fingerprint_source(&found, shape, NULL);
        text_append(&found, " CROSS JOIN LATERAL (SELECT ");
        append_record(&found, shape, SELECT_WRITTEN, "t", "text COLLATE \"C\"");
        text_appendf(&found, " AS image OFFSET 0) AS i\n  WHERE i.image IN (SELECT d.image FROM %s AS d))",
                     wanted.data);

        text_appendf(&sql,
                     "  SELECT 'NOTFOUND' AS kind, 'delete' AS change, left(d.image, 200) AS row\n  FROM %s AS d\n"
                     "  LEFT JOIN (SELECT f.image, count(*) AS copies FROM %s AS f GROUP BY 1) AS t "
                     "ON t.image = d.image\n  WHERE coalesce(t.copies, 0) < d.copies",
                     wanted.data, found.data);
        statements->find_conflicts = finish_conflicts(&sql);
        text_clear(&sql);

        text_append(&sql, "DELETE FROM ");
        append_only(&sql, shape);
        text_appendf(&sql,
                     " AS t\nUSING %s AS f\nJOIN %s AS d ON d.image = f.image AND f.copy <= d.copies\n"
                     "WHERE t.ctid = f.ctid%s",
                     found.data, wanted.data, shape->partitioned ? " AND t.tableoid = f.tableoid" : "");
        statements->delete = text_take(&sql);
    }
    if (table->inserts > 0) {
        text_append(&sql, "INSERT INTO ");
        append_table(&sql, shape);
        append_column_list(&sql, shape, SELECT_WRITTEN);
        text_append(&sql, " OVERRIDING SYSTEM VALUE\nSELECT ");
        append_columns(&sql, shape, SELECT_WRITTEN, "n");
        text_appendf(&sql, " FROM %s AS n", temporary_names[ROWS_INSERT]);
        statements->insert = text_take(&sql);
    }
}

static void make_straight(const struct plan_table *table, struct row_statements *statements)
{
    const struct table_shape *shape = &table->shape;
    cleanup(text_free) struct text sql = {0};

    if (table->inserts == 0)
        return;
    if (!table->fdw) {
        text_append(&sql, "COPY ");
        append_table(&sql, shape);
        append_column_list(&sql, shape, SELECT_WRITTEN);
        text_append(&sql, " FROM STDIN");
        statements->copy_straight = format_string("%s%s", sql.data, table->created ? " WITH (FREEZE)" : "");
        statements->copy_binary =
            format_string("%s WITH (FORMAT binary%s)", sql.data, table->created ? ", FREEZE" : "");
        text_clear(&sql);
    }
    if (table->created)
        return;
    append_conflict(&sql, shape, "CONFLICT", ROWS_INSERT, "t");
    text_append(&sql, "  FROM ");
    fingerprint_source(&sql, shape, NULL);
    statements->find_conflicts = finish_conflicts(&sql);
}

/*
 * The temporary tables take the columns of the table itself: its types, as they are in the stand-in once the DDL has
 * run, and its collations, without which the comparison of keys could neither be decided nor use the index.
 */
static void make_temporary(const struct plan_table *table, enum rows_kind kind, struct row_statements *statements,
                           struct text *analyze, struct text *drop)
{
    const struct table_shape *shape = &table->shape;
    enum selection selection = kind == ROWS_DELETE && shape->key_count > 0 ? SELECT_KEY : SELECT_WRITTEN;
    cleanup(text_free) struct text sql = {0};

    text_appendf(&sql, "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS\nSELECT ",
                 temporary_names[kind] + strlen("pg_temp."));
    append_columns(&sql, shape, selection, "t");
    text_append(&sql, " FROM ");
    append_only(&sql, shape);
    text_append(&sql, " AS t WITH NO DATA");
    statements->create[kind] = text_take(&sql);

    text_appendf(&sql, "COPY %s", temporary_names[kind]);
    append_column_list(&sql, shape, selection);
    text_append(&sql, " FROM STDIN");
    statements->copy[kind] = text_take(&sql);

    if (shape->key_count > 0) {
        /* Before 11, ANALYZE takes one table. */
        text_appendf(analyze, "%sANALYZE %s", analyze->length > 0 ? ";\n" : "", temporary_names[kind]);
        append_column_list(analyze, shape, SELECT_KEY);
    }
    text_appendf(drop, "%s%s", drop->length > 0 ? ", " : "DROP TABLE ", temporary_names[kind]);
}

static void make_empty(const struct table_shape *shape, struct row_statements *statements)
{
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "DELETE FROM ");
    append_only(&sql, shape);
    text_append(&sql, " AS t");
    append_users(&sql, shape, "\nWHERE ");
    statements->empty = text_take(&sql);
}

bool row_statements_make(const struct plan_table *table, bool before_images, struct row_statements *statements,
                         struct error *err)
{
    const struct table_shape *shape = &table->shape;
    cleanup(text_free) struct text analyze = {0}, drop = {0};
    bool before = shape->key_count > 0 && before_images;
    const bool wanted[ROWS_KINDS] = {
        [ROWS_DELETE] = table->deletes > 0,
        [ROWS_UPDATE] = table->updates > 0,
        [ROWS_INSERT] = table->inserts > 0,
        [ROWS_BEFORE] = before && table->deletes + table->updates > 0,
    };

    *statements = (struct row_statements){0};
    for (size_t i = 0; i < shape->key_count; i++)
        if (shape->columns[shape->key[i]].generated)
            return error_set(err, ERROR_REFUSED,
                             "the key of %s.%s has the generated column %s, which cannot be written", shape->schema,
                             shape->name, shape->columns[shape->key[i]].name);
    if (shape->key_count == 0 && table->updates > 0)
        return error_set(err, ERROR_ARCHIVE, "the plan updates rows of %s.%s, which have no key", shape->schema,
                         shape->name);
    if (table->strategy == STRATEGY_SKIP)
        return true;
    if (table->strategy == STRATEGY_COPY) {
        if (table->deletes + table->updates > 0)
            return error_set(err, ERROR_ARCHIVE, "the plan copies %s.%s as a whole, and deletes or updates rows of it",
                             shape->schema, shape->name);
        make_straight(table, statements);
        return true;
    }
    if (table->emptied)
        make_empty(shape, statements);
    for (size_t kind = 0; kind < ROWS_KINDS; kind++)
        if (wanted[kind])
            make_temporary(table, kind, statements, &analyze, &drop);
    if (analyze.length > 0)
        statements->analyze = text_take(&analyze);
    if (shape->key_count > 0)
        make_keyed(table, statements, before);
    else
        make_multiset(table, statements);
    if (statements->keep != NULL)
        text_append(&drop, ", pg_temp.pgsyncer_kept");
    if (drop.length > 0)
        statements->drop = text_take(&drop);
    return true;
}

const char *row_statements_hint(const struct plan_table *table)
{
    return table->shape.condition == NULL
               ? "Nothing was changed. Make a new plan from the stand-in as it is now."
               : "Nothing was changed. Make a new plan from the stand-in as it is now; a row that is there already may "
                 "be the extension's own, which no plan replaces.";
}

const char *row_statements_temporary(enum rows_kind kind)
{
    return temporary_names[kind];
}

void row_statements_free(struct row_statements *statements)
{
    for (size_t kind = 0; kind < ROWS_KINDS; kind++) {
        free(statements->create[kind]);
        free(statements->copy[kind]);
    }
    free(statements->copy_straight);
    free(statements->copy_binary);
    free(statements->analyze);
    free(statements->empty);
    free(statements->find_conflicts);
    free(statements->delete);
    free(statements->keep);
    free(statements->delete_moved);
    free(statements->update);
    free(statements->insert);
    free(statements->insert_moved);
    free(statements->drop);
    *statements = (struct row_statements){0};
}
