/* Definitions that are put together from the names of columns. */
#include "common/catalog/definitions.h"

#include "common/catalog/sql.h"
#include "common/connection.h"
#include "common/memory.h"

/* The oid of pg_class, the same in every server. */
static const uint32_t pg_class = 1259;

struct definition_columns definition_columns_of(const PGresult *result)
{
    return (struct definition_columns){
        .type = PQfnumber(result, "key_type"),
        .collation = PQfnumber(result, "key_collation"),
        .columns = PQfnumber(result, "key_columns"),
        .method = PQfnumber(result, "key_method"),
        .only = PQfnumber(result, "key_only"),
        .classes = PQfnumber(result, "key_classes"),
        .collations = PQfnumber(result, "key_collations"),
        .tree = PQfnumber(result, "key_tree"),
    };
}

bool is_definition_column(const char *name)
{
    return strncmp(name, "key_", 4) == 0;
}

static int compare_usual(const void *a, const void *b)
{
    const struct usual_class *left = a, *right = b;

    if (left->class != right->class)
        return left->class < right->class ? -1 : 1;
    return (left->type > right->type) - (left->type < right->type);
}

static uint32_t oid_at(const PGresult *result, int row, int column)
{
    return oid_from_text(PQgetvalue(result, row, column));
}

/* NULL also where the result has no such column. */
static const char *text_at(const struct definition_row *row, int column)
{
    return column < 0 || PQgetisnull(row->result, row->row, column) ? NULL : PQgetvalue(row->result, row->row, column);
}

/* What depends on the server is asked once. */
static bool know_server(struct definitions *definitions, struct error *err)
{
    cleanup(result_clear) PGresult *words = NULL, *classes = NULL;

    if (definitions->known)
        return true;
    if (!connection_query(definitions->connection, sql_quoted_words, 0, NULL, &words, err) ||
        !connection_query(definitions->connection, sql_usual_operator_classes, 0, NULL, &classes, err))
        return error_context(err, "asking how the server words definitions");
    for (int row = 0; row < PQntuples(words); row++)
        map_add(&definitions->quoted, arena_string(definitions->catalog->arena, PQgetvalue(words, row, 0)),
                definitions);
    definitions->usual_count = (size_t)PQntuples(classes);
    definitions->usual = allocate(definitions->usual_count, sizeof *definitions->usual);
    for (int row = 0; row < PQntuples(classes); row++)
        definitions->usual[row] = (struct usual_class){oid_at(classes, row, 0), oid_at(classes, row, 1)};
    if (definitions->usual_count > 0)
        qsort(definitions->usual, definitions->usual_count, sizeof *definitions->usual, compare_usual);
    definitions->known = true;
    return true;
}

static void note_column(struct definitions *definitions, const struct definition_row *row)
{
    size_t number = row->object->number;

    if (number >= definitions->fact_count) {
        size_t count = (number + 1) * 2;
        definitions->facts = reallocate(definitions->facts, count, sizeof *definitions->facts);
        memset(definitions->facts + definitions->fact_count, 0,
               (count - definitions->fact_count) * sizeof *definitions->facts);
        definitions->fact_count = count;
    }
    definitions->facts[number] = (struct column_fact){oid_at(row->result, row->row, row->columns->type),
                                                      oid_at(row->result, row->row, row->columns->collation)};
}

/* As the server's quote_identifier() does it, whose key words vary with the version. */
static void append_name(struct text *text, const struct definitions *definitions, const char *name)
{
    size_t safe = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (name[safe] == '\0' && safe > 0 && !(name[0] >= '0' && name[0] <= '9') &&
        map_get(&definitions->quoted, name) == NULL) {
        text_append(text, name);
        return;
    }
    text_append_char(text, '"');
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '"')
            text_append_char(text, '"');
        text_append_char(text, *at);
    }
    text_append_char(text, '"');
}

/* The next number of a list, "1 2" or "{1,2}"; false at its end. */
static bool next_number(const char **at, long *number)
{
    char *end;

    *at += strcspn(*at, "-0123456789");
    *number = strtol(*at, &end, 10);
    if (end == *at)
        return false;
    *at = end;
    return true;
}

static const struct object *find_column(const struct definitions *definitions, uint32_t table, long number)
{
    return addresses_find(definitions->addresses, (struct address){pg_class, table, (int32_t)number});
}

/* Does the index's column say no more than the column's name? */
static bool is_plain(const struct definitions *definitions, const struct object *column, long class, long collation)
{
    const struct column_fact *fact =
        column->number < definitions->fact_count ? &definitions->facts[column->number] : &(struct column_fact){0};
    const struct usual_class usual = {(uint32_t) class, fact->type};

    return fact->type != 0 && (collation == 0 || (uint32_t)collation == fact->collation) &&
           definitions->usual_count > 0 &&
           bsearch(&usual, definitions->usual, definitions->usual_count, sizeof usual, compare_usual) != NULL;
}

/* Appends "(a, b)"; false where a column is not there, or says more than its name. */
static bool append_columns(struct text *text, const struct definitions *definitions, const struct definition_row *row)
{
    const char *numbers = text_at(row, row->columns->columns), *classes = text_at(row, row->columns->classes);
    const char *collations = text_at(row, row->columns->collations), *separator = "(";
    long number, class, collation;

    while (next_number(&numbers, &number)) {
        const struct object *column = find_column(definitions, row->table, number);

        if (column == NULL)
            return false;
        if (classes != NULL && (!next_number(&classes, &class) || !next_number(&collations, &collation) ||
                                !is_plain(definitions, column, class, collation)))
            return false;
        text_append(text, separator);
        append_name(text, definitions, column->name);
        separator = ", ";
    }
    text_append_char(text, ')');
    return separator[0] == ',';
}

/* `structure` is the same but for storage options, which what is put together here has not. */
static void set_definition(struct object *object, const char *definition)
{
    struct field *fields = object_own_fields(object);

    for (size_t i = 0; i < object->field_count; i++)
        if (strcmp(fields[i].name, "definition") == 0 || strcmp(fields[i].name, "structure") == 0)
            fields[i].value = definition;
}

static void leave_open(struct definitions *definitions, struct object *object, size_t number)
{
    array_reserve((void **)&definitions->open, &definitions->open_capacity, definitions->open_count + 1,
                  sizeof *definitions->open);
    definitions->open[definitions->open_count++] = (struct open_definition){object, number};
}

static size_t ask(struct definitions *definitions, const char *oid)
{
    text_append_char(&definitions->question, definitions->question_count > 0 ? ',' : '{');
    text_append(&definitions->question, oid);
    return definitions->question_count++;
}

/*
 * The text of a check is that of its expression, in which numbers of columns stand for their names: checks that have
 * the same expression over columns of the same names are asked for once.
 */
static void take_check(struct definitions *definitions, const struct definition_row *row)
{
    cleanup(text_free) struct text key = {0};
    const char *numbers = text_at(row, row->columns->columns);
    long number;

    text_append(&key, text_at(row, row->columns->tree));
    while (next_number(&numbers, &number)) {
        const struct object *column = find_column(definitions, row->table, number);

        text_append_char(&key, ' ');
        append_name(&key, definitions, column != NULL ? column->name : ""); /* a system column: always of that name */
    }
    uintptr_t place = (uintptr_t)map_get(&definitions->asked, key.data);
    if (place == 0) {
        place = ask(definitions, row->oid) + 1;
        map_add(&definitions->asked, arena_string(definitions->catalog->arena, key.data), (void *)place);
    }
    leave_open(definitions, row->object, place - 1);
}

/* What the query gives as the definition is how it begins. */
static void take_key(struct definitions *definitions, const struct definition_row *row)
{
    cleanup(text_free) struct text text = {0};
    const char *method = text_at(row, row->columns->method), *only = text_at(row, row->columns->only);
    struct object *object = row->object;

    text_append(&text, object_field(object, "definition"));
    if (method != NULL) {
        append_name(&text, definitions, object->name);
        text_append(&text, only != NULL && only[0] == 't' ? " ON ONLY " : " ON ");
        append_name(&text, definitions, object->parent->schema);
        text_append_char(&text, '.');
        append_name(&text, definitions, object->parent->name);
        text_append(&text, " USING ");
        append_name(&text, definitions, method);
        text_append_char(&text, ' ');
    }
    if (append_columns(&text, definitions, row))
        set_definition(object, arena_string(definitions->catalog->arena, text.data));
    else
        leave_open(definitions, object, ask(definitions, row->oid));
}

bool definitions_take(struct definitions *definitions, const struct definition_row *row, struct error *err)
{
    if (row->columns->type >= 0)
        note_column(definitions, row);
    if (text_at(row, row->columns->columns) == NULL)
        return true;
    if (!know_server(definitions, err))
        return false;
    if (text_at(row, row->columns->tree) != NULL)
        take_check(definitions, row);
    else
        take_key(definitions, row);
    return true;
}

static bool answer(struct definitions *definitions, enum object_class class, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    text_append_char(&definitions->question, '}');
    if (!connection_query(definitions->connection,
                          class == CLASS_INDEX ? sql_index_definitions : sql_constraint_definitions, 1,
                          (const char *const[]){definitions->question.data}, &result, err))
        return error_context(err, "asking for definitions");
    if ((size_t)PQntuples(result) != definitions->question_count)
        return error_set(err, ERROR_INTERNAL, "the server gave %d definitions, not %zu", PQntuples(result),
                         definitions->question_count);
    const char **texts = arena_allocate(definitions->catalog->arena, definitions->question_count, sizeof *texts);
    for (size_t i = 0; i < definitions->question_count; i++)
        if (!PQgetisnull(result, (int)i, 0))
            texts[i] = arena_string(definitions->catalog->arena, PQgetvalue(result, (int)i, 0));
    for (size_t i = 0; i < definitions->open_count; i++)
        set_definition(definitions->open[i].object, texts[definitions->open[i].number]);
    return true;
}

bool definitions_finish(struct definitions *definitions, enum object_class class, struct error *err)
{
    if (definitions->question_count > 0 && !answer(definitions, class, err))
        return false;
    text_clear(&definitions->question);
    map_free(&definitions->asked);
    definitions->question_count = definitions->open_count = 0;
    return true;
}

void definitions_free(struct definitions *definitions)
{
    map_free(&definitions->quoted);
    map_free(&definitions->asked);
    text_free(&definitions->question);
    free(definitions->usual);
    free(definitions->facts);
    free(definitions->open);
}
