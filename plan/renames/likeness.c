/* Finds dropped and added tables and columns that may be renamed ones, by their shape and a sample of their values. */
#include "plan/renames/likeness.h"

#include "common/attempt.h"
#include "common/catalog/sql_tokens.h"
#include "common/memory.h"
#include "common/quote.h"

enum { MOST_SAMPLES = 100, SAMPLE_ROWS = 100 }; /* pairs; rows of each side */
enum { MAIN, STANDIN, SIDES };
enum { VALUE, KEY }; /* of a sample's row */

struct search {
    const struct likeness *likeness;
    struct string_list *warnings;
    struct arena *arena;
    const struct object **columns[SIDES]; /* by table, then position */
    size_t *first[SIDES];                 /* by the table's number: its first column in columns */
    size_t *count[SIDES];
    const struct object **alone; /* tables that only the stand-in has */
    size_t alone_count, samples;
};

static const struct catalog *catalog_of(const struct search *search, size_t side)
{
    return side == MAIN ? search->likeness->main_catalog : search->likeness->standin_catalog;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* --- Tables and their columns --- */

static int compare_columns(const void *a, const void *b)
{
    const struct object *left = *(const struct object *const *)a, *right = *(const struct object *const *)b;

    if (left->parent != right->parent)
        return left->parent->number < right->parent->number ? -1 : 1;
    long first = strtol(object_field(left, "position"), NULL, 10);
    long second = strtol(object_field(right, "position"), NULL, 10);
    return (first > second) - (first < second);
}

static void list_columns(struct search *search, size_t side)
{
    const struct catalog *catalog = catalog_of(search, side);
    size_t count = 0;

    search->columns[side] = arena_allocate(search->arena, catalog->count, sizeof(struct object *));
    search->first[side] = arena_allocate(search->arena, catalog->count, sizeof(size_t));
    search->count[side] = arena_allocate(search->arena, catalog->count, sizeof(size_t));
    for (size_t i = 0; i < catalog->count; i++)
        if (catalog->objects[i]->class == CLASS_COLUMN && catalog->objects[i]->parent->class == CLASS_TABLE)
            search->columns[side][count++] = catalog->objects[i];
    if (count > 0)
        qsort(search->columns[side], count, sizeof(struct object *), compare_columns);
    for (size_t i = count; i > 0; i--) {
        size_t table = search->columns[side][i - 1]->parent->number;
        search->first[side][table] = i - 1;
        search->count[side][table]++;
    }
}

static const struct object *const *columns_of(const struct search *search, size_t side, const struct object *table,
                                              size_t *count)
{
    *count = search->count[side][table->number];
    return &search->columns[side][search->first[side][table->number]];
}

static bool is_alone(const struct search *search, size_t side, const struct object *object)
{
    return catalog_find(catalog_of(search, 1 - side), object->class, object->identity) == NULL;
}

static void list_alone(struct search *search)
{
    const struct catalog *standin = catalog_of(search, STANDIN);

    search->alone = arena_allocate(search->arena, standin->count, sizeof(struct object *));
    for (size_t i = 0; i < standin->count; i++)
        if (standin->objects[i]->class == CLASS_TABLE && is_alone(search, STANDIN, standin->objects[i]))
            search->alone[search->alone_count++] = standin->objects[i];
}

static bool same_columns(const struct search *search, const struct object *new, const struct object *old)
{
    size_t new_count, old_count;
    const struct object *const *new_columns = columns_of(search, MAIN, new, &new_count);
    const struct object *const *old_columns = columns_of(search, STANDIN, old, &old_count);

    if (new_count != old_count || new_count == 0)
        return false;
    for (size_t i = 0; i < new_count; i++)
        if (strcmp(new_columns[i]->name, old_columns[i]->name) != 0 ||
            !same_text(object_field(new_columns[i], "type"), object_field(old_columns[i], "type")))
            return false;
    return true;
}

/* What stands in the parentheses of its primary key; NULL where it has none. */
static const char *key_of(const struct search *search, size_t side, const struct object *table)
{
    const struct catalog *catalog = catalog_of(search, side);

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *object = catalog->objects[i];
        cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

        if (object->class != CLASS_CONSTRAINT || object->parent != table ||
            !same_text(object_field(object, "type"), "primary key"))
            continue;
        sql_tokens_read(&tokens, object_field(object, "definition"));
        for (size_t j = 0; j < tokens.count; j++)
            if (sql_token_is(&tokens.items[j], "(")) {
                const char *start = tokens.items[j].text + 1;
                return arena_bytes(search->arena, start, (size_t)(tokens.items[tokens.items[j].partner].text - start));
            }
    }
    return NULL;
}

/* --- Samples --- */

/* Rows of (value, key), as text; *result is NULL where the server refuses. values: SQL. */
static bool take_sample(struct search *search, size_t side, const struct object *table, const char *values,
                        const char *key, PGresult **result, struct error *err)
{
    const struct likeness *likeness = search->likeness;
    cleanup(error_clear) struct error refusal = {0};
    cleanup(text_free) struct text sql = {0};

    text_appendf(&sql, "SELECT %s, ROW(%s)::text FROM ", values, key != NULL ? key : "");
    if (side == STANDIN) {
        renames_append_table(&sql, likeness->renames, table->schema, table->name);
        text_append(&sql, " AS t");
        renames_append_columns(&sql, likeness->renames, table->schema, table->name);
    } else {
        quote_qualified(&sql, table->schema, table->name);
        text_append(&sql, " AS t");
    }
    if (key != NULL)
        text_appendf(&sql, " ORDER BY %s", key);
    text_appendf(&sql, " LIMIT %d", SAMPLE_ROWS);
    return connection_attempt(&(side == MAIN ? likeness->main : likeness->standin)->connections[0], sql.data, 0, NULL,
                              result, &refusal, err);
}

/* How many of the sampled rows hold the same in both; `of` is how many could. */
struct agreement {
    size_t equal, of, rank;
};

/* Rows of one table in the other's sample. */
static struct agreement agree_on_rows(const PGresult *main, const PGresult *standin)
{
    struct agreement agreement = {.of = (size_t)PQntuples(main)};
    cleanup(map_free) struct map seen = {0};
    static char marker;

    for (int row = 0; row < PQntuples(main); row++)
        map_add(&seen, PQgetvalue(main, row, VALUE), &marker);
    for (int row = 0; row < PQntuples(standin); row++)
        agreement.equal += map_get(&seen, PQgetvalue(standin, row, VALUE)) != NULL;
    return agreement;
}

/* Values in rows of the same key. NULL says nothing where the other is one too. */
static struct agreement agree_on_values(const PGresult *main, const PGresult *standin)
{
    struct agreement agreement = {0};
    cleanup(map_free) struct map rows = {0};
    int *numbers = allocate((size_t)PQntuples(main) + 1, sizeof *numbers);

    for (int row = 0; row < PQntuples(main); row++) {
        numbers[row] = row;
        map_add(&rows, PQgetvalue(main, row, KEY), &numbers[row]);
    }
    for (int row = 0; row < PQntuples(standin); row++) {
        const int *number = map_get(&rows, PQgetvalue(standin, row, KEY));

        if (number == NULL || (PQgetisnull(main, *number, VALUE) && PQgetisnull(standin, row, VALUE)))
            continue;
        agreement.of++;
        agreement.equal += PQgetisnull(main, *number, VALUE) == PQgetisnull(standin, row, VALUE) &&
                           strcmp(PQgetvalue(main, *number, VALUE), PQgetvalue(standin, row, VALUE)) == 0;
    }
    free(numbers);
    return agreement;
}

static bool is_better(struct agreement one, struct agreement other)
{
    return one.equal > other.equal || (one.equal == other.equal && one.rank > other.rank);
}

/* --- What is said --- */

/* 'public.t=public.u' for a shell. */
static void append_option(struct text *text, const char *old, const char *new)
{
    text_append(text, "--rename='");
    for (const char *parts[] = {old, "=", new}, **part = parts; part < parts + array_length(parts); part++)
        for (const char *at = *part; *at != '\0'; at++) {
            if (*at == '\'')
                text_append(text, "'\\'");
            text_append_char(text, *at);
        }
    text_append(text, "'");
}

/* The identity of the stand-in's object as it is called now. */
static char *present_identity(const struct search *search, const struct object *object)
{
    struct text identity = {0};

    if (object->class == CLASS_COLUMN) {
        renames_append_table(&identity, search->likeness->renames, object->parent->schema, object->parent->name);
        text_append(&identity, ".");
        quote_identifier(&identity, object->name);
    } else {
        text_append(&identity, object->identity);
    }
    return text_take(&identity);
}

static void suggest(struct search *search, const struct object *new, const struct object *old,
                    struct agreement agreement)
{
    cleanup(free_string) char *present = present_identity(search, old);
    cleanup(text_free) struct text warning = {0};

    text_appendf(&warning, "%s %s, which only main has, and the stand-in's %s look alike (%zu of %zu sampled rows): ",
                 class_name(new->class), new->identity, present, agreement.equal, agreement.of);
    text_append(&warning, "if it was renamed, make the plan with ");
    append_option(&warning, present, new->identity);
    string_list_add(search->warnings, warning.data);
}

/* --- Tables --- */

static void append_row(struct text *values, const struct object *const *columns, size_t count)
{
    text_append(values, "ROW(");
    for (size_t i = 0; i < count; i++) {
        text_append(values, i > 0 ? ", t." : "t.");
        quote_identifier(values, columns[i]->name);
    }
    text_append(values, ")::text");
}

static bool compare_tables(struct search *search, const struct object *new, const struct object *old,
                           struct agreement *agreement, struct error *err)
{
    const char *new_key = key_of(search, MAIN, new), *old_key = key_of(search, STANDIN, old);
    cleanup(result_clear) PGresult *main = NULL, *standin = NULL;
    cleanup(text_free) struct text values = {0};
    size_t count;
    const struct object *const *columns = columns_of(search, MAIN, new, &count);

    search->samples++;
    if (!same_text(new_key, old_key))
        return true;
    append_row(&values, columns, count);
    if (!take_sample(search, MAIN, new, values.data, new_key, &main, err) ||
        !take_sample(search, STANDIN, old, values.data, old_key, &standin, err))
        return false;
    if (main != NULL && standin != NULL)
        *agreement = agree_on_rows(main, standin);
    return true;
}

static bool find_table(struct search *search, const struct object *new, bool *taken, struct error *err)
{
    const struct object *best = NULL;
    struct agreement most = {0};

    for (size_t i = 0; i < search->alone_count && search->samples < MOST_SAMPLES; i++) {
        const struct object *old = search->alone[i];
        struct agreement agreement = {0};

        if (taken[old->number] || strcmp(old->schema, new->schema) != 0 || !same_columns(search, new, old))
            continue;
        if (!compare_tables(search, new, old, &agreement, err))
            return false;
        if (agreement.equal > 0 && agreement.equal * 2 >= agreement.of && is_better(agreement, most)) {
            best = old;
            most = agreement;
        }
    }
    if (best != NULL) {
        taken[best->number] = true;
        suggest(search, new, best, most);
    }
    return true;
}

/* --- Columns --- */

static const char *name_at(const struct object *const *columns, size_t count, size_t place)
{
    return place < count ? columns[place]->name : NULL; /* the place before the first is beyond the last */
}

/* 2: the same place; 1: beside the same column; 0: elsewhere. */
static size_t place_rank(const struct object *const *new, size_t new_count, size_t i, const struct object *const *old,
                         size_t old_count, size_t j)
{
    const char *before = name_at(new, new_count, i - 1), *after = name_at(new, new_count, i + 1);

    if (i == j)
        return 2;
    return (before != NULL && same_text(before, name_at(old, old_count, j - 1))) ||
           (after != NULL && same_text(after, name_at(old, old_count, j + 1)));
}

static bool may_be_same(const struct object *new, const struct object *old)
{
    return same_text(object_field(new, "type"), object_field(old, "type")) &&
           same_text(object_field(new, "collation"), object_field(old, "collation")) &&
           object_field(new, "generated") == NULL && object_field(old, "generated") == NULL &&
           !same_text(object_field(new, "inherited"), "true") && !same_text(object_field(old, "inherited"), "true");
}

static bool compare_values(struct search *search, const struct object *new, const struct object *old, const char *key,
                           struct agreement *agreement, struct error *err)
{
    const struct object *columns[SIDES] = {new, old};
    PGresult *results[SIDES] = {NULL, NULL};
    bool good = true;

    search->samples++;
    for (size_t side = 0; good && side < SIDES; side++) {
        cleanup(text_free) struct text value = {0};

        text_append(&value, "t.");
        quote_identifier(&value, columns[side]->name);
        text_append(&value, "::text");
        good = take_sample(search, side, columns[side]->parent, value.data, key, &results[side], err);
    }
    if (good && results[MAIN] != NULL && results[STANDIN] != NULL) {
        size_t rank = agreement->rank;
        *agreement = agree_on_values(results[MAIN], results[STANDIN]);
        agreement->rank = rank;
    }
    for (size_t side = 0; side < SIDES; side++)
        PQclear(results[side]);
    return good;
}

static bool find_column(struct search *search, const struct object *new_table, const struct object *old_table,
                        const char *key, size_t place, bool *taken, struct error *err)
{
    size_t new_count, old_count;
    const struct object *const *new = columns_of(search, MAIN, new_table, &new_count);
    const struct object *const *old = columns_of(search, STANDIN, old_table, &old_count);
    const struct object *best = NULL;
    struct agreement most = {0};

    for (size_t i = 0; i < old_count && search->samples < MOST_SAMPLES; i++) {
        struct agreement agreement = {.rank = place_rank(new, new_count, place, old, old_count, i)};

        if (taken[old[i]->number] || agreement.rank == 0 || !is_alone(search, STANDIN, old[i]) ||
            !may_be_same(new[place], old[i]))
            continue;
        if (!compare_values(search, new[place], old[i], key, &agreement, err))
            return false;
        if (agreement.equal > 0 && agreement.equal * 5 >= agreement.of * 4 && is_better(agreement, most)) {
            best = old[i];
            most = agreement;
        }
    }
    if (best != NULL) {
        taken[best->number] = true;
        suggest(search, new[place], best, most);
    }
    return true;
}

static bool find_columns(struct search *search, const struct object *table, bool *taken, struct error *err)
{
    const struct object *old = catalog_find(catalog_of(search, STANDIN), CLASS_TABLE, table->identity);
    const char *key = NULL;
    size_t count, old_count, alone = 0;

    if (old == NULL)
        return true;
    const struct object *const *columns = columns_of(search, MAIN, table, &count);
    const struct object *const *old_columns = columns_of(search, STANDIN, old, &old_count);
    for (size_t i = 0; i < old_count; i++)
        alone += is_alone(search, STANDIN, old_columns[i]);
    for (size_t i = 0; alone > 0 && i < count; i++) {
        if (!is_alone(search, MAIN, columns[i]))
            continue;
        key = key != NULL ? key : key_of(search, MAIN, table);
        if (key == NULL || !same_text(key, key_of(search, STANDIN, old)))
            return true;
        if (!find_column(search, table, old, key, i, taken, err))
            return false;
    }
    return true;
}

static bool find_all(struct search *search, struct error *err)
{
    const struct catalog *main = catalog_of(search, MAIN);
    bool *taken = arena_allocate(search->arena, catalog_of(search, STANDIN)->count, sizeof *taken);

    for (size_t i = 0; i < main->count; i++) {
        const struct object *table = main->objects[i];

        if (table->class != CLASS_TABLE)
            continue;
        if (is_alone(search, MAIN, table) ? !find_table(search, table, taken, err)
                                          : !find_columns(search, table, taken, err))
            return error_context(err, "looking for renamed tables and columns");
    }
    return true;
}

bool likeness_find(const struct likeness *likeness, struct string_list *warnings, struct error *err)
{
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    struct search search = {.likeness = likeness, .warnings = warnings, .arena = arena};

    for (size_t side = 0; side < SIDES; side++)
        list_columns(&search, side);
    list_alone(&search);
    return find_all(&search, err);
}
